"""The times of exercises in a segment that is fitted to other minutes. Pure.

They keep their share of the segment. One that takes as long as a step on its screen, or as some steps in a row, is
fitted to what those got, so that the clock and the wall say the same. None is more than twice as long as its author
wrote it: a breathing pacer of seven minutes is not what they meant. Rounds, steps and breaths stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from facilitator.curricula.model import Exercise, Part, Segment
from facilitator.curricula.screen_times import Step
from facilitator.curricula.times import LEAST_S, MOST_S, in_proportion

# A longer evening has room for more to say afterwards, and not for longer turns: nobody can sit through those.
LONGEST_TURN_S = 60
TIMES_AS_LONG = 2


def exercises_in(segment: Segment, minutes: int, steps: Sequence[Step] = ()) -> tuple[Exercise, ...]:
    """The exercises of ``segment`` when it takes ``minutes`` and its screen's ``steps`` got theirs.

    Together they are no longer than the segment, as far as the least that an exercise can take allows.
    """
    if minutes == segment.minutes:
        return segment.exercises
    by_step = tuple(_in_step(each, Fraction(minutes, segment.minutes), steps) for each in segment.exercises)
    if total(by_step) <= minutes * 60:
        return by_step
    share = Fraction(minutes * 60, max(segment.minutes * 60, total(segment.exercises)))
    return tuple(_in(each, share, down=True) for each in segment.exercises)


def total(exercises: Iterable[Exercise]) -> int:
    """How long they take together in seconds, as far as their sentences say."""
    return sum(each.total_s for each in exercises)


def held_back(segment: Segment, made: Segment) -> list[Exercise]:
    """Those of ``made`` that would be longer, were twice as long as in ``segment`` not the most."""
    return [
        after
        for before, after in zip(segment.exercises, made.exercises, strict=True)
        if before.part is not Part.GO_ROUND
        and before.each_s * made.minutes > most_s(before) * segment.minutes
        and after.each_s > before.each_s
    ]


def most_s(exercise: Exercise) -> int:
    """The most that a turn, a round, a step or the whole of ``exercise`` may take, in seconds."""
    most = TIMES_AS_LONG * exercise.each_s
    if exercise.part is Part.GO_ROUND:
        most = min(most, max(exercise.each_s, LONGEST_TURN_S))
    return min(most, MOST_S)


def _in_step(exercise: Exercise, share: Fraction, steps: Sequence[Step]) -> Exercise:
    takes = exercise.total_s
    now = [step.now for step in steps if step.was == takes] or list(_in_a_row(steps, takes))
    return _in(exercise, Fraction(min(now), takes), down=True) if takes and now else _in(exercise, share)


def _in_a_row(steps: Sequence[Step], takes: int) -> Iterator[int]:
    """What steps in a row got that took ``takes`` together."""
    for first in range(len(steps)):
        was = accumulate(step.was for step in steps[first:])
        now = accumulate(step.now for step in steps[first:])
        yield from (after for before, after in zip(was, now, strict=True) if before == takes)


def _in(exercise: Exercise, share: Fraction, *, down: bool = False) -> Exercise:
    if not exercise.each_s:
        return exercise
    # An urge wave asks for a number each minute.
    wave = exercise.part is Part.URGE_WAVE and exercise.each_s % 60 == 0
    each_s = in_proportion(
        exercise.each_s,
        share,
        least=60 if wave else LEAST_S,
        most=most_s(exercise),
        grain=60 if wave else 0,
        down=down,
    )
    return replace(exercise, each_s=each_s)
