"""Hints for whoever reads a card first: they point, they never stop anything, and they are often only a guess."""

from __future__ import annotations

import pytest

from facilitator.pages.card_hints import EMAIL, HEAVY, NAME, TELEPHONE, heavy_phrases, hints, is_heavy

ROSTER = ("Robin", "Mary-Ann B.", "Łukasz", "Noa")


@pytest.mark.parametrize(
    ("card", "hint"),
    [
        ("robin said it well", NAME),
        ("What ROBIN\u2019S mother said", NAME),
        ("Thanks, Mary", NAME),
        ("łukasz", NAME),
        ("Ro\u200bbin", NAME),
        ("\uff2e\uff4f\uff41 knows", NAME),
        ("B is for breathing", None),
        ("A robinson", None),
        ("Call 555 0142 7", TELEPHONE),
        ("+1 (555) 010-9999", TELEPHONE),
        ("1990 to 1999", None),
        ("10 minutes, 3 times", None),
        ("kim@example.org", EMAIL),
        ("I want to die", HEAVY),
        ("i don\u2019t want to live", HEAVY),
        ("I DON'T  WANT... TO LIVE", HEAVY),
        ("self-harm", HEAVY),
        ("they hit me", HEAVY),
        ("It hit me that I matter", None),
        ("Cutting down on coffee", None),
        ("It passes", None),
        ("", None),
    ],
)
def test_a_hint_points_at_what_to_look_at_twice(card: str, hint: str | None) -> None:
    assert hints(card, ROSTER) == ([hint] if hint else [])


def test_several_hints_may_be_true_at_once() -> None:
    assert hints("Noa wants to kill myself, 555 0142 77, a@b", ROSTER) == [NAME, TELEPHONE, EMAIL, HEAVY]


def test_every_phrase_of_the_list_is_one_that_can_be_found() -> None:
    assert len(heavy_phrases()) > 50
    assert [phrase for phrase in heavy_phrases() if not is_heavy(f"Well, {phrase.upper()}!")] == []
    assert len(set(heavy_phrases())) == len(heavy_phrases())
