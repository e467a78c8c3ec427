"""Join codes, as a room reads and types them."""

from __future__ import annotations

import pytest

from facilitator.realtime.codes import ALPHABET, new_code, read_code, shown


def test_a_new_code_is_six_characters_of_the_alphabet() -> None:
    for _ in range(200):
        code = new_code()
        assert len(code) == 6
        assert set(code) <= set(ALPHABET)


def test_codes_come_by_chance() -> None:
    assert len({new_code() for _ in range(200)}) == 200


def test_the_alphabet_has_no_look_alikes_and_no_vowels() -> None:
    assert not set(ALPHABET) & set("0O1IL2Z5S8BUAE")
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_a_code_is_shown_in_two_halves() -> None:
    assert shown("CDFGHJ") == "CDF-GHJ"


def test_every_code_that_is_shown_can_be_read() -> None:
    code = new_code()
    assert read_code(shown(code)) == code


@pytest.mark.parametrize(
    "written",
    ["CDFGHJ", "cdfghj", "CDF-GHJ", "cdf ghj", " cdf-ghj ", "c d f g h j", "CDF\u2013GHJ", "cdf\u00a0ghj", "CDF-GHJ\n"],
)
def test_case_spaces_and_dashes_do_not_matter(written: str) -> None:
    assert read_code(written) == "CDFGHJ"


@pytest.mark.parametrize(
    "written",
    [
        *("", "CDFGH", "CDFGHJK", "CDFGH0", "CDFGHI", "CD/GHJ", "CDF.GHJ"),
        *("CDFGH\u0000", "\u0405DFGHJ", "\ud800DFGHJ", "CDFGHJ" * 1000),
    ],
)
def test_anything_else_is_no_code(written: str) -> None:
    assert read_code(written) is None
