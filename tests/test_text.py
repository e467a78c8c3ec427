"""What people type, at the edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.text import BIDI, BadText, clean, clean_line

TRICKS = ["\0", "\x1b[31m", "\x7f", "\x9b", "\ud800", "\udfff", *sorted(BIDI)]


def test_words_come_back_in_one_form_and_without_space_around_them() -> None:
    assert clean("  Ine\u0302s \n", longest=20, name="Name") == "In\u00eas"


def test_every_way_to_end_a_line_becomes_one() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e\x85f", longest=20, name="Note") == "a\nb\nc\nd\ne\nf"


@pytest.mark.parametrize("trick", TRICKS, ids=ascii)
def test_characters_that_hide_or_break_things_are_refused_with_a_sentence(trick: str) -> None:
    with pytest.raises(BadText, match=r"^Name: has a character that cannot be shown\. Type it again by hand\.$"):
        clean(f"Fe{trick}rn", longest=20, name="Name")


NAMES = ["Inês Valadares", "Nguyễn Thị Ánh", "李小龙", "محمد", "שָׁלוֹם", "👩‍👩‍👧‍👦", "O'Brien-Smith"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_the_world_are_taken(name: str) -> None:
    assert clean_line(name, longest=40, name="Name")


def test_length_counts_characters_after_tidying() -> None:
    assert clean(" e\u0301" * 3, longest=5, name="Name") == "é é é"
    with pytest.raises(BadText, match=r"^Name: use at most 5 characters\. This has 6\.$"):
        clean("abcdef", longest=5, name="Name")


def test_a_pile_of_marks_is_refused() -> None:
    with pytest.raises(BadText, match="too many marks on one letter"):
        clean("Z" + "\u0335" * 30, longest=100, name="Name")


def test_a_name_stays_on_one_line() -> None:
    with pytest.raises(BadText, match=r"^Name: write it on one line\.$"):
        clean_line("Fern\nSol", longest=20, name="Name")


@given(st.text(st.characters(), max_size=60))
def test_what_is_taken_can_be_stored_and_taken_again(text: str) -> None:
    try:
        once = clean(text, longest=50, name="Note")
    except BadText:
        return
    assert clean(once, longest=50, name="Note") == once
    assert "\0" not in once
    once.encode()
