"""The times of exercises at another length: in proportion, with their steps on the screen, and never far too long."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.exercise_times import exercises_in, held_back, total
from facilitator.curricula.exercises import FORMS, LEAST_S, MOST_S, read_exercise, with_time
from facilitator.curricula.fit import fit
from facilitator.curricula.fitted_text import fitted_text
from facilitator.curricula.model import Breath, Exercise, Kind, Part, Segment
from facilitator.curricula.parse import parse_plan
from facilitator.curricula.problems import Problems
from facilitator.curricula.screen_times import Step
from facilitator.curricula.text import Line
from facilitator.curricula.times import both_words, in_proportion, shared_out

WRITING = Exercise("x1", Part.SILENT_WRITING, "Write", each_s=420)
PAIRS = Exercise("x2", Part.PAIRS, "Swap", rounds=2, each_s=120)
PLAYS = Exercise("x3", Part.ROLE_PLAY, "Ask", labels=("a", "b", "c"), rounds=3, each_s=180)
PLACES = Exercise("x4", Part.GROUNDING_STEPS, "Look", items=("door", "lamp", "floor", "sky", "hand", "name"), each_s=40)
PACER = Exercise("x5", Part.BREATHING_PACER, "Breathe", each_s=120, breath=Breath(4, 0, 6))
WAVE = Exercise("x6", Part.URGE_WAVE, "Ride", each_s=360)
ROUND = Exercise("x7", Part.GO_ROUND, "One word", each_s=60)
CARDS = Exercise("x8", Part.SORT_CARDS, "Sort", items=("a", "b"), labels=("c", "d"))


def times(was: int, now: int, *exercises: Exercise, steps: tuple[Step, ...] = ()) -> list[int]:
    segment = Segment("Do it", Kind.EXERCISE, was, exercises=exercises)
    return [each.each_s for each in exercises_in(segment, now, steps)]


@pytest.mark.parametrize(
    ("exercise", "was", "now", "wanted"),
    [
        (WRITING, 18, 14, 300),
        (WRITING, 18, 17, 420),
        (WRITING, 18, 4, 90),
        (WRITING, 18, 27, 660),
        (WRITING, 18, 180, 840),
        (PAIRS, 20, 13, 75),
        (PAIRS, 20, 30, 180),
        (PLAYS, 28, 16, 105),
        (PLACES, 22, 12, 20),
        (PLACES, 22, 44, 75),
        (PACER, 18, 54, 240),
        (WAVE, 18, 14, 300),
        (WAVE, 18, 3, 60),
        (ROUND, 10, 7, 40),
        (ROUND, 10, 20, 60),
        (CARDS, 10, 20, 0),
    ],
)
def test_an_exercise_goes_with_its_segment(exercise: Exercise, was: int, now: int, wanted: int) -> None:
    assert times(was, now, exercise) == [wanted]


def test_only_the_time_changes() -> None:
    [after] = exercises_in(Segment("Do it", Kind.EXERCISE, 6, exercises=(PACER,)), 3)
    assert after == Exercise("x5", Part.BREATHING_PACER, "Breathe", each_s=60, breath=Breath(4, 0, 6))


def test_an_exercise_takes_as_long_as_its_step_on_the_screen() -> None:
    steps = (Step(240, 180), Step(540, 360), Step(540, 300), Step(120, 60))
    assert times(24, 15, PLAYS, steps=steps) == [90]
    # Seven minutes are the first two steps together, or else its share.
    assert times(19, 14, WRITING, steps=(Step(180, 120), Step(240, 180), Step(720, 540))) == [300]
    assert times(22, 20, WRITING, steps=(Step(1320, 1200),)) == [360]


def test_together_they_are_never_longer_than_the_segment() -> None:
    assert times(10, 7, WRITING, PLAYS) == [180, 75]
    assert total(exercises_in(Segment("Do it", Kind.EXERCISE, 10, exercises=(WRITING, PLAYS)), 15)) <= 15 * 60
    # A screen that names more time than there is.
    assert times(11, 8, WRITING, PAIRS, steps=(Step(420, 420), Step(240, 240))) == [300, 75]


def test_it_is_said_which_of_them_end_early() -> None:
    before = Segment("Do it", Kind.EXERCISE, 18, exercises=(PACER, ROUND, CARDS, WRITING))
    for now, wanted in ((36, []), (37, [PACER.part, WRITING.part]), (9, [])):
        after = Segment("Do it", Kind.EXERCISE, now, exercises=exercises_in(before, now))
        assert [each.part for each in held_back(before, after)] == wanted


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([WRITING, PAIRS, PLAYS, PLACES, ROUND]), st.integers(5, 3600)), max_size=3),
    st.integers(1, 180),
    st.integers(1, 180),
)
def test_whatever_the_times_they_fit(some: list[tuple[Exercise, int]], was: int, now: int) -> None:
    exercises = tuple(Exercise(**{**vars(each), "each_s": seconds}) for each, seconds in some)
    after = exercises_in(Segment("Do it", Kind.EXERCISE, was, exercises=exercises), now)

    least = sum(each.steps * LEAST_S for each in exercises)
    assert was == now or total(after) <= now * 60 + least
    for before, each in zip(exercises, after, strict=True):
        assert LEAST_S <= each.each_s <= min(2 * before.each_s, MOST_S)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 180), min_size=1, max_size=12), st.integers(0, 200))
def test_what_is_shared_out_adds_up(weights: list[int], over: int) -> None:
    whole = len(weights) + over
    parts = shared_out(weights, whole)

    assert sum(parts) == whole and min(parts) >= 1
    assert shared_out(weights, sum(weights)) == weights


def test_a_longer_share_never_makes_a_time_shorter() -> None:
    assert in_proportion(70, Fraction(101, 100), least=5, most=140, down=True) == 70
    assert in_proportion(70, Fraction(99, 100), least=5, most=140) == 70
    assert [both_words(*pair) for pair in ((420, 300), (40, 60), (120, 90), (60, 75))] == [
        "7 → 5 min",
        "40 → 60 s",
        "2 min → 90 s",
        "60 → 75 s",
    ]


TIMED = [part for part in Part if {"lasts", "each", "rounds"} & FORMS[part].takes]


@pytest.mark.parametrize("part", TIMED)
@pytest.mark.parametrize("seconds", [5, 75, 120, 3600])
def test_the_time_of_every_exercise_can_be_written_anew(part: Part, seconds: int) -> None:
    sentence = FORMS[part].example
    if part in (Part.LADDER, Part.DECISION_GRID, Part.WEEK_GRID, Part.PLAN_BUILDER):
        sentence = sentence.replace(")", ", 12 minutes)", 1)
    items = [Line(number, f"- Item {number}, 5 min") for number in range(2, 2 + FORMS[part].items[0])]
    problems = Problems()
    before = read_exercise(Line(1, sentence), items, "x1", problems)
    after = read_exercise(Line(1, with_time(sentence, seconds)), items, "x1", problems)

    assert before and after and not problems.found
    assert (before.each_s, after.each_s) != (0, 0)
    assert after == Exercise(**{**vars(before), "each_s": seconds})


TEXT = """---
id: T98
title: As people type it
track: both
version: 1.0
length: 40 min
---

## Opening: Come in (10 min)

Sit

## Exercise: Two things (20 min)

  1. **Look**, {TAB}5 min
  2. Write:  15 minutes

!!! cue "Time"
    1. Not for the wall: 5 min

**Do ( Week grid ,  before 9 / after 5 min,  15  MINUTES ):** Where does 5 min fit?
- 5 min of air
Do (pairs, 2 rounds of **2 min**): 2 rounds of 2 min

> Cue: Time: 5 min, then 15 min
> 1. Over: 5 min

## Closing: Go (10 min)

- One word: 10 min
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("length", [50, 60, 90, 120, 180, 200])
def test_a_text_as_people_type_it_is_written_with_its_new_times(length: int, ending: str) -> None:
    text = TEXT.replace("{TAB}", "\t").replace("\n", ending)
    plan = parse_plan(text)

    fitted = fit(plan, length)
    written = fitted_text(text, plan, fitted)

    assert parse_plan(written) == fitted.plan
    assert "\r" not in written
    assert "    1. Not for the wall: 5 min\n" in written
    assert "- 5 min of air\n" in written
    assert "> Cue: Time: 5 min, then 15 min\n> 1. Over: 5 min\n" in written
    assert fit(parse_plan(written), length).is_as_written


def test_a_text_keeps_the_words_around_its_times() -> None:
    plan = parse_plan(TEXT.replace("{TAB}", ""))
    written = fitted_text(TEXT.replace("{TAB}", ""), plan, fit(plan, 60))

    assert "## Exercise: Two things (30 min)" in written
    assert "  1. **Look**, 8 min\n  2. Write:  22 minutes\n" in written
    assert "Do ( Week grid , before 9 / after 5 min, 22 min ): Where does 5 min fit?" in written
    assert "Do (pairs, 2 rounds of 3 min): 2 rounds of 2 min" in written
    assert "- One word: 15 min" in written
