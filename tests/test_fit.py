"""One plan at every length: the minutes of the rule, breaks where a room can bear them, no word changed but times."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.breaks import breaks_in, net
from facilitator.curricula.exercise_times import total
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


def test_what_became_of_the_times_in_a_segment_is_said_in_one_sentence() -> None:
    fitted = fit(parse_plan(STEPS), 50)

    assert fitted.changes == (
        "Opening 5 → 4 min",
        "Exercise 40 → 33 min",
        "Discussion 15 → 13 min",
        "In Exercise: steps 10, 10, 20 → 8, 8, 17 min; pairs 2 rounds of 5 → 4 min; plan builder 20 → 17 min",
    )
    assert fitted.warnings == ("The screen of Discussion says 5 min: written for 15 min, and left so.",)
    longest = fit(parse_plan(STEPS), 200)
    assert "steps 10, 10, 20 → 30, 30, 60 min; pairs 2 rounds of 5 → 10 min" in longest.changes[-1]
    assert longest.warnings[0] == (
        "In Exercise, the pairs and the plan builder end at twice what was written. Repeat, or talk longer."
    )


def test_exercises_that_cannot_be_made_short_enough_are_named() -> None:
    scans = (Exercise("x1", Part.BODY_SCAN, "Feet up", items=("a",) * 12, each_s=30),) * 3
    plan = made(((DO, 18), *[(kind, 12) for kind in (OPEN, CHECK, REVIEW, TEACH, TALK, HOME, CLOSE)]))
    few = replace(plan, segments=(replace(plan.segments[0], kind=OPEN, exercises=scans), *plan.segments[2:]))
    short = replace(few, segments=(*few.segments, Segment("Long", FLOOR, 800)))

    assert fit(short, 50).warnings == (
        "What people do in Opening takes 3 of 2 min, and cannot be made shorter: leave one out.",
    )


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
        before = [segment for segment in file.plan.segments if segment.kind is not REST]
        assert [_without_times(segment) for segment in working] == [_without_times(segment) for segment in before]
        for was, now in zip(before, working, strict=True):
            assert total(now.exercises) <= now.minutes * 60
            if sum(_steps(was)) == was.minutes:
                assert sum(_steps(now)) == now.minutes
        assert not any("The screen of Exercise" in warning for warning in fitted.warnings)
        text = fitted_text(file.text, file.plan, fitted)
        assert parse_plan(text) == fitted.plan
        assert set(file.text.split("\n")) - set(text.split("\n")) <= {
            line for line in file.text.split("\n") if _TIMED.match(line)
        } | ({""} if length == file.plan.minutes else _lines_of_breaks(file.text))


_TIMED = re.compile(r"## |length:|Do \(|[0-9]\. .* min(?:, [0-9]+ each)?$")
_STEP = re.compile(r"^[0-9]\..*[:,?] ([0-9]+) min(?:, [0-9]+ (?:s )?each)?$", re.MULTILINE)


def _steps(segment: Segment) -> list[int]:
    """The minutes of the steps on its screen."""
    return [int(minutes) for minutes in _STEP.findall(segment.body)]


def _without_times(segment: Segment) -> Segment:
    exercises = tuple(replace(each, each_s=0) for each in segment.exercises)
    body, html = (re.sub("[0-9]+ (min|s each|each)", "", words) for words in (segment.body, segment.html))
    return replace(segment, minutes=0, body=body, html=html, exercises=exercises)


def _lines_of_breaks(text: str) -> set[str]:
    """What may be gone: the words of a break that has no place in a shorter session."""
    sections = text.split("\n## ")
    return {line for section in sections if section.startswith("Break") for line in section.split("\n")}


STEPS = """---
id: T97
title: A plan with steps
track: both
version: 1.0
length: 60 min
---

## Opening: Arrive (5 min)

## Exercise: Three steps (40 min)

1. Watch us: 10 min
2. In twos, 10 min
3. Your plan? 20 min

Do (pairs, 2 rounds of 5 min): Tell it
Do (plan builder, 20 min): Plan it
- What
- When

> Cue: Time: ten minutes for the first

## Discussion: Well? (15 min)

Say it in 5 min, not more
"""


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

    assert parse_plan(fitted_text(text, plan, fitted)) == fitted.plan
    assert (text == fitted_text(text, plan, fitted)) == (length == 60)


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
