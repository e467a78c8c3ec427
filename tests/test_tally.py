"""The display rule, proved by enumeration: every outcome, for an attacker who knows how many answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from facilitator.curricula.model import Prompt, PromptKind, Scale
from facilitator.realtime.tally import CARDS, count, room_word, staff_word
from tests.engine import CRAVING, FEELINGS, MOOD, PRACTICE

FEW = "1\u20132"
ONE_OF_EACH_BAND = (0, 5, 10)


def outcomes(answers: int) -> Iterator[tuple[int, int, int]]:
    """Every way in which so many answers fall into three bands."""
    for low in range(answers + 1):
        for middle in range(answers - low + 1):
            yield low, middle, answers - low - middle


def words(prompt: Prompt, outcome: tuple[int, ...], floor: int) -> tuple[str, ...]:
    answers = [value for value, number in zip(ONE_OF_EACH_BAND, outcome, strict=True) for _ in range(number)]
    tally = count(prompt, answers, floor)
    return (tally["state"], *(band["word"] for band in tally["bands"]))


def told_apart(prompt: Prompt, answers: int) -> dict[tuple[str, ...], list[tuple[int, int, int]]]:
    """What the room reads, with every outcome that it may stand for."""
    seen: dict[tuple[str, ...], list[tuple[int, int, int]]] = defaultdict(list)
    for outcome in outcomes(answers):
        seen[words(prompt, outcome, floor=5)].append(outcome)
    return seen


def proves_somebody_alone(possible: list[tuple[int, int, int]]) -> bool:
    """Whether somebody is alone in a band, whichever of the possible outcomes was the real one."""
    return all(1 in outcome for outcome in possible)


@pytest.mark.parametrize("answers", range(7, 17))
@pytest.mark.parametrize("prompt", [MOOD, CRAVING], ids=["ordinary", "sensitive"])
def test_from_seven_answers_on_the_room_never_reads_that_somebody_is_alone(prompt: Prompt, answers: int) -> None:
    for read, possible in told_apart(prompt, answers).items():
        assert not proves_somebody_alone(possible), read


@pytest.mark.parametrize(("answers", "exact", "alone"), [(5, 3, 3), (6, 4, 6)])
def test_what_remains_possible_with_five_and_six_answers_is_known(answers: int, exact: int, alone: int) -> None:
    apart = told_apart(MOOD, answers)
    assert sum(len(possible) == 1 for possible in apart.values()) == exact
    assert sum(len(possible) for possible in apart.values() if proves_somebody_alone(possible)) == alone


@pytest.mark.parametrize("answers", range(0, 7))
def test_below_the_floor_nothing_is_told_apart(answers: int) -> None:
    assert len({str(count(CRAVING, [value] * answers, 7)) for value in range(11)}) == 1
    assert count(CRAVING, [3] * answers, 7) == {"state": "withheld", "bands": []}


def test_sensitive_answers_that_are_all_alike_are_only_called_similar() -> None:
    assert count(CRAVING, [7, 8, 9, 10, 7, 8, 9], 7) == {"state": "similar", "bands": []}
    assert count(MOOD, [7, 8, 9, 10, 7, 8, 9], 5)["state"] == "shown"


def test_a_scale_of_ten_has_the_bands_0_to_3_4_to_6_and_7_to_10() -> None:
    tally = count(MOOD, list(range(11)), 5)
    assert [band["label"] for band in tally["bands"]] == ["Low, 0 to 3", "In between, 4 to 6", "High, 7 to 10"]
    assert [band["staff"] for band in tally["bands"]] == ["4", "3", "4"]


def test_a_scale_of_five_points_is_cut_in_three_as_well() -> None:
    five = Prompt("q", "?", PromptKind.SCALE, scale=Scale(1, 5, "no", "yes"))
    assert [band["label"] for band in count(five, [1, 2, 3, 4, 5], 5)["bands"]] == [
        "Low, 1 to 2",
        "In between, 3",
        "High, 4 to 5",
    ]


@pytest.mark.parametrize(
    ("number", "answers", "room", "staff"),
    [
        (0, 5, "few or none", "few or none"),
        (2, 6, "few or none", "few or none"),
        (3, 7, "about half", "about half"),
        (4, 6, "most or all", "most or all"),
        (7, 7, "most or all", "most or all"),
        (1, 8, "few or none", FEW),
        (2, 8, "few or none", FEW),
        (3, 8, "about half", "3"),
        (0, 8, "few or none", "0"),
        (8, 12, "most or all", "8"),
        (2, 13, "few or none", FEW),
        (5, 13, "some", "5"),
        (7, 13, "about half", "7"),
        (10, 13, "many", "10"),
        (11, 13, "most or all", "11"),
    ],
)
def test_words_and_counts_follow_the_rule(number: int, answers: int, room: str, staff: str) -> None:
    assert (room_word(number, answers), staff_word(number, answers)) == (room, staff)


def test_choices_are_counted_by_option_and_several_choices_by_each_of_theirs() -> None:
    one = count(PRACTICE, [0, 0, 0, 1, 2, 0, 0, 0], 5)
    assert [(band["label"], band["staff"]) for band in one["bands"]] == [
        ("I did it", "6"),
        ("I did some", FEW),
        ("Not this time", FEW),
    ]
    several = count(FEELINGS, [[0, 1], [0], [0, 3], [0, 1], [0, 1, 2], [0], [0], [0]], 5)
    assert [band["staff"] for band in several["bands"]] == ["8", "3", FEW, FEW]


def test_the_tally_holds_no_number_of_answers() -> None:
    assert set(count(MOOD, [5] * 9, 5)) == {"state", "bands"}


def test_of_cards_a_tally_says_only_that_enough_were_written() -> None:
    words = Prompt("q", "One thing I take home", PromptKind.WORDS)
    assert count(words, ["a"] * 4, 5) == {"state": "withheld", "bands": []}
    assert count(words, ["a", "b", "c", "d", "e"], 5) == count(words, ["a"] * 9, 5) == CARDS
    assert count(words, ["a"] * 9, 5, 4) == {"state": "withheld", "reason": "again", "bands": []}
