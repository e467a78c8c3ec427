"""Pasting from a word processor: what it leaves in a text is mended and said; a plan's own text is not touched."""

from __future__ import annotations

import time

import pytest

from facilitator.curricula.library import Library
from facilitator.curricula.pasted import cleaned


@pytest.mark.parametrize(
    ("pasted", "text", "said"),
    [
        ("“Hello,” she said", '"Hello," she said', ["2 curly quotation marks became straight"]),
        ("It\u2019s", "It's", ["1 curly apostrophe became straight"]),
        ("• one\n\t▪ two\n\uf0b7three\n\u2013 four", "- one\n    - two\n- three\n- four", ["4 bullets became dashes"]),
        ("o\tone\n§\ttwo", "- one\n- two", ["2 bullets became dashes"]),
        ("1.\tone\r\n2.\ttwo\r", "1. one\n2. two\n", []),
        ("one\x0btwo\u2028three", "one\ntwo\nthree", []),
        ("\ufeffSo\u00adft \u200b", "Soft", ["3 hidden characters taken out"]),
        ("a\u202eb\x00c", "abc", ["2 hidden characters taken out"]),
        ("a\u00a0b co\u2011op", "a b co-op", ["1 odd space became a plain one", "1 odd hyphen became a plain one"]),
        ("half \ud83d", "half", ["1 half letter taken out"]),
        ("Cafe\u0301 \u2013 bar", "Caf\u00e9 \u2013 bar", []),
        ("", "", []),
    ],
)
def test_what_a_word_processor_leaves_is_mended_and_said(pasted: str, text: str, said: list[str]) -> None:
    assert cleaned(pasted) == (text, said)


def test_a_plan_stays_as_it_is() -> None:
    for file in Library().plans():
        assert cleaned(file.text)[0] == file.text, file.plan.id


@pytest.mark.parametrize("many", [" ", "\t", "\u00a0", "“", "\u0301", "• ", "\r\n", "1.", "a\u0301" * 3])
def test_no_paste_takes_long(many: str) -> None:
    started = time.perf_counter()

    cleaned("x" + many * 100_000 + "x")

    assert time.perf_counter() - started < 1
