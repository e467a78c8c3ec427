"""An exercise on paper: what the drawing on its sheet needs, worked out once. Lengths are in millimetres."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from facilitator.curricula.model import Breath, Exercise

# A wave chart with more minutes than this names every fifth only.
NAMED_MINUTES = 20
WIDE, HIGH = 160, 50
MOST_BREATHS = 60
# As static/phone/exercises/boxes.js has it.
_A_NUMBER = re.compile(r"\b0 ?(?:to|[-\u2013]) ?10\b")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Count:
    """A number beside a drawing: where, and what."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Pacer:
    """One breath as a line to follow with a finger: ``points`` for SVG, the counts along it, and how many breaths."""

    points: str
    counts: tuple[Count, ...]
    names: tuple[Count, ...]
    breaths: int


@dataclass(frozen=True)
class Chart:
    """A chart of a wave: one line a minute from left to right, and the numbers of those that are named."""

    minutes: tuple[float, ...]
    named: tuple[Count, ...]


def pacer(exercise: Exercise) -> Pacer:
    """The breath of a pacer, to scale: up while breathing in, level while holding, down while breathing out."""
    breath = exercise.breath or Breath(4, 0, 6)
    beats = breath.into + breath.hold + breath.out
    across = [WIDE * seconds / beats for seconds in (0, breath.into, breath.into + breath.hold, beats)]
    corners = zip(across, (HIGH, 0, 0, HIGH), strict=True)
    return Pacer(
        points=" ".join(f"{x:.1f},{y}" for x, y in corners),
        counts=tuple(_counts(breath, beats)),
        names=tuple(_names(breath, beats)),
        breaths=min(MOST_BREATHS, max(1, exercise.each_s // beats)),
    )


def _counts(breath: Breath, beats: int) -> Iterator[Count]:
    step = WIDE / beats
    for second in range(breath.into):
        yield Count((second + 0.5) * step, HIGH * (1 - (second + 0.5) / breath.into), str(second + 1))
    for second in range(breath.hold):
        yield Count((breath.into + second + 0.5) * step, 0, str(second + 1))
    before = breath.into + breath.hold
    for second in range(breath.out):
        yield Count((before + second + 0.5) * step, HIGH * (second + 0.5) / breath.out, str(second + 1))


def _names(breath: Breath, beats: int) -> Iterator[Count]:
    at = 0
    for words, seconds in (("in", breath.into), ("hold", breath.hold), ("out", breath.out)):
        if seconds:
            yield Count(WIDE * (at + seconds / 2) / beats, HIGH + 14, words)
        at += seconds


def chart(exercise: Exercise) -> Chart:
    """The chart of an urge wave, a line for each minute that the phones ask for: less than half of one is none."""
    minutes = max(1, (exercise.each_s + 30) // 60)
    every = 1 if minutes <= NAMED_MINUTES else 5
    at = [WIDE * minute / minutes for minute in range(minutes + 1)]
    return Chart(tuple(at), tuple(Count(x, 0, str(minute)) for minute, x in enumerate(at) if minute % every == 0))


def is_number(words: str) -> bool:
    """Whether a box asks for a number from 0 to 10, as on the phones."""
    return _A_NUMBER.search(words) is not None


def scenes(exercise: Exercise) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A role-play's scenes: those of its rounds, in the order in which the screen shows them, and those left over."""
    return exercise.items[: exercise.rounds], exercise.items[exercise.rounds :]


def turns(exercise: Exercise) -> list[tuple[str, ...]]:
    """Who has which role in each round of a role-play: three people, who move on by one."""
    roles, people = exercise.labels, range(len(exercise.labels))
    return [tuple(roles[(person + round_) % len(roles)] for person in people) for round_ in range(exercise.rounds)]
