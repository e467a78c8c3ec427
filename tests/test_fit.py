"""One plan at every length: the minutes of the rule, breaks where a room can bear them, and not a word changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.breaks import breaks_in, net
from facilitator.curricula.fit import LENGTHS, MINIMUMS, PAUSE, CannotFit, Fitted, fit
from facilitator.curricula.fitted_text import fitted_text
from facilitator.curricula.library import Library, PlanFile
from facilitator.curricula.model import Exercise, Kind, Part, Plan, Segment
from facilitator.curricula.parse import parse_plan

OPEN, CHECK, REVIEW, TEACH, DO, TALK = (
    Kind.OPENING,
    Kind.CHECK_IN,
    Kind.REVIEW,
    Kind.TEACHING,
    Kind.EXERCISE,
    Kind.DISCUSSION,
)
HOME, CLOSE, FLOOR, REST = Kind.HOME_PRACTICE, Kind.CLOSING, Kind.PROCESS, Kind.BREAK
SIXTY = ((OPEN, 5), (CHECK, 8), (TEACH, 14), (DO, 16), (TALK, 10), (HOME, 3), (CLOSE, 4))
PROCESS = ((OPEN, 5), (CHECK, 15), (FLOOR, 55), (HOME, 3), (CLOSE, 12))
FAMILY = (
    (OPEN, 6), (CHECK, 12), (REVIEW, 8), (TEACH, 18), (REST, 10), (DO, 34), (TALK, 18), (HOME, 5), (CLOSE, 9),
)  # fmt: skip


def made(segments: tuple[tuple[Kind, int], ...]) -> Plan:
    parts = tuple(Segment(kind.value, kind, minutes) for kind, minutes in segments)
    return Plan("T99", "A plan", "both", "1.0", sum(part.minutes for part in parts), parts)


def minutes(fitted: Fitted) -> list[int]:
    return [segment.minutes for segment in fitted.plan.segments]


def test_a_length_has_a_break_for_every_ninety_minutes_begun_beyond_the_first() -> None:
    assert [breaks_in(length) for length in LENGTHS] == [0, 0, 0, 1, 2, 2]
    assert [net(length) for length in LENGTHS] == [50, 60, 90, 110, 160, 180]


@pytest.mark.parametrize(
    ("plan", "length", "wanted"),
    [
        (SIXTY, 50, [4, 7, 12, 13, 8, 3, 3]),
        (PROCESS, 60, [3, 10, 37, 2, 8]),
        # The floor takes what the rounding leaves over, as there is neither exercise nor discussion.
        (PROCESS, 50, [3, 8, 30, 2, 7]),
        (FAMILY, 60, [3, 7, 4, 10, 18, 10, 3, 5]),
        (SIXTY, 180, [13, 21, 37, 10, 43, 27, 10, 8, 11]),
        (PROCESS, 120, [6, 18, 10, 67, 4, 15]),
        (FAMILY, 180, [9, 17, 12, 26, 10, 50, 26, 10, 7, 13]),
    ],
)
def test_the_rule_in_figures(plan: tuple[tuple[Kind, int], ...], length: int, wanted: list[int]) -> None:
    assert minutes(fit(made(plan), length)) == wanted


def test_no_kind_falls_under_its_minimum_and_the_exercise_gives_first() -> None:
    fitted = fit(made(((OPEN, 1), (CHECK, 1), (REVIEW, 1), (TEACH, 60), (DO, 100), (TALK, 30), (CLOSE, 1))), 50)

    assert minutes(fitted) == [2, 5, 3, 15, 14, 8, 3]


def test_segments_of_one_kind_share_what_their_kind_gets() -> None:
    fitted = fit(made(((OPEN, 4), (TEACH, 20), (DO, 40), (TEACH, 10), (TEACH, 2), (CLOSE, 14))), 60)

    assert [one.minutes for one in fitted.plan.segments if one.kind is TEACH] == [12, 7, 2]
    assert sum(minutes(fitted)) == 60


def test_at_its_own_length_a_plan_stays_as_it_was_written() -> None:
    plan = made(((CHECK, 200),))

    assert fit(plan, 200) == Fitted(plan, 200, (0,))
    assert fit(plan, 200).is_as_written


def test_what_is_cut_and_stretched_is_said_in_words() -> None:
    assert fit(made(SIXTY), 50).changes == (
        "Opening 5 → 4 min",
        "Check-in 8 → 7 min",
        "Teaching 14 → 12 min",
        "Exercise 16 → 13 min",
        "Discussion 10 → 8 min",
        "Closing 4 → 3 min",
    )
    assert "A break of 10 min after Teaching" in fit(made(SIXTY), 120).changes
    assert fit(made(FAMILY), 90).changes[-1] == "Break of 10 min left out"
    twice = made(((DO, 30), (TALK, 10), (DO, 20)))
    assert fit(twice, 90).changes[0].startswith("Exercise “exercise” 30 → ")


def test_a_break_of_the_plan_stays_where_it_is_and_new_ones_keep_away_from_what_is_raw() -> None:
    kinds = [segment.kind for segment in fit(made(FAMILY), 200).plan.segments]
    assert kinds == [OPEN, CHECK, REVIEW, TEACH, REST, DO, TALK, REST, HOME, CLOSE]

    for length in (120, 180, 200):
        kinds = [segment.kind for segment in fit(made(SIXTY), length).plan.segments]
        for place in (place for place, kind in enumerate(kinds) if kind is REST):
            assert kinds[place - 1] not in (OPEN, CHECK) and kinds[place + 1] is not CLOSE
            assert (kinds[place - 1], kinds[place + 1]) != (DO, TALK)


def test_where_there_is_no_place_for_a_break_the_facilitator_is_told() -> None:
    fitted = fit(made(((FLOOR, 60),)), 120)

    assert minutes(fitted) == [110]
    assert fitted.warnings == (
        "There is no place for a break of 10 min. Take one where it is quiet.",
        "110 min go by without a break, most of them in Process.",
    )


@pytest.mark.parametrize(
    ("exercise", "said"),
    [
        (Exercise("x1", Part.PAIRS, "Swap", rounds=4, each_s=240), "The pairs take 16 of 13 min: one round fewer."),
        (Exercise("x1", Part.PAIRS, "Swap", rounds=2, each_s=900), "The pairs take 30 of 13 min: make each shorter."),
        (Exercise("x1", Part.URGE_WAVE, "Ride", each_s=900), "The urge wave takes 15 of 13 min: stop after 13."),
        (
            Exercise("x1", Part.BODY_SCAN, "Feet up", items=("a", "b", "c"), each_s=300),
            "The body scan takes 15 of 13 min: one step fewer.",
        ),
    ],
)
def test_an_exercise_whose_own_times_no_longer_fit_is_named(exercise: Exercise, said: str) -> None:
    plan = made(SIXTY)
    segments = list(plan.segments)
    segments[3] = replace(segments[3], exercises=(exercise,))

    assert said in fit(replace(plan, segments=tuple(segments)), 50).warnings


def test_exercises_that_only_together_are_too_long_are_named_together() -> None:
    plan = made(SIXTY)
    wave = Exercise("x1", Part.URGE_WAVE, "Ride", each_s=480)
    both = (wave, Exercise("x2", Part.SILENT_WRITING, "Write", each_s=420))
    segments = [replace(one, exercises=both) if one.kind is DO else one for one in plan.segments]

    fitted = fit(replace(plan, segments=tuple(segments)), 50)

    assert fitted.warnings == ("What people do in Exercise takes 15 of 13 min: leave one out, or shorten it.",)


def test_times_on_the_screen_that_were_written_for_another_length_are_named() -> None:
    plan = parse_plan(TEXT.replace("One word each", "One word each: 5 min"))

    [warning] = fit(plan, 90).warnings
    assert warning == "The screen of Discussion says 5 min: these times were written for 15 min."


def test_more_segments_than_minutes_cannot_be_fitted() -> None:
    many = made(((OPEN, 3),) * 22 + tuple((kind, 5) for kind in MINIMUMS if kind is not OPEN))

    with pytest.raises(CannotFit, match="too many segments for 50 min"):
        fit(many, 50)
    with pytest.raises(CannotFit, match="one long break"):
        fit(made(((REST, 10),)), 60)


@pytest.mark.parametrize("file", Library().plans(), ids=lambda file: file.plan.id)
def test_every_plan_of_the_library_at_every_length(file: PlanFile) -> None:
    for length in LENGTHS:
        fitted = fit(file.plan, length)
        working = [segment for segment in fitted.plan.segments if segment.kind is not REST]

        assert sum(segment.minutes for segment in working) == net(length)
        assert fitted.plan.minutes == length
        for kind in {segment.kind for segment in working}:
            assert sum(one.minutes for one in working if one.kind is kind) >= MINIMUMS[kind]
        assert [replace(segment, minutes=0) for segment in working] == [
            replace(segment, minutes=0) for segment in file.plan.segments if segment.kind is not REST
        ]
        text = fitted_text(file.text, fitted)
        assert parse_plan(text) == fitted.plan
        assert set(file.text.split("\n")) - set(text.split("\n")) <= {
            line for line in file.text.split("\n") if line.startswith(("## ", "length:"))
        } | ({""} if length == file.plan.minutes else _lines_of_breaks(file.text))

def _lines_of_breaks(text: str) -> set[str]:
    """What may be gone: the words of a break that has no place in a shorter session."""
    sections = text.split("\n## ")
    return {line for section in sections if section.startswith("Break") for line in section.split("\n")}


TEXT = """---
id: T99
title: A plan with a break
track: both
version: 1.0
length:
  60 min
---

Welcome

## Opening: Arrive (10 minutes later) (5 min)

Sit down

##Teaching: **One** thing ( 15 mins , chime) ##

Ask (scale 0-10, no to yes): Is it clear?

## Break (10 min)

Ask (scale 0-10, no to yes): Did you eat?
Do (urge wave, 5 min): How strong is it?

## Discussion: What did **you** notice? (15 min, overtime ok)

One word each

Ask (scale 0-10, no to yes): Was it good?
Do (pairs, 2 rounds of 2 min): Tell it

## Closing: Go well (15\u00a0min) {#end}"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_text_as_people_type_it_keeps_its_words(length: int, ending: str) -> None:
    text = TEXT.replace("\n", ending)
    plan = parse_plan(text)

    fitted = fit(plan, length)

    assert parse_plan(fitted_text(text, fitted)) == fitted.plan
    assert (text == fitted_text(text, fitted)) == (length == 60)


KINDS = st.sampled_from(list(Kind))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KINDS, st.integers(1, 120)), min_size=1, max_size=14), st.sampled_from(LENGTHS))
def test_whatever_the_plan_the_minutes_add_up(parts: list[tuple[Kind, int]], length: int) -> None:
    plan = made(tuple(parts))
    try:
        fitted = fit(plan, length)
    except CannotFit:
        assert all(kind is REST for kind, _ in parts)
        return
    if fitted.is_as_written:
        return
    working = [segment for segment in fitted.plan.segments if segment.kind is not REST]
    assert sum(segment.minutes for segment in working) == net(length)
    assert min(segment.minutes for segment in working) >= 1
    assert [one.kind for one in working] == [kind for kind, _ in parts if kind is not REST]
    rests = [segment for segment in fitted.plan.segments if segment.kind is REST]
    assert len(rests) <= breaks_in(length) and all(rest.minutes == PAUSE.minutes for rest in rests)
