"""A session's timeline and its tallies as geometry: percentages for inline SVG. Pure; colours belong to classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from facilitator.realtime.state import MINUTE
from facilitator.realtime.tally import FEW, Band
from facilitator.records.attendance import Span
from facilitator.records.timeline import Pin, Row, Timeline

TICKS_AT_MOST = 8
STEPS = tuple(minutes * MINUTE for minutes in (5, 10, 15, 30, 60, 120))
# Pins closer than this (percent of the width) would cover each other.
PIN_WIDTH = 5.0
# The thinnest bar that can be seen (percent).
THINNEST = 0.5
# Fixed lengths (percent): a bar says no more than its word.
LENGTHS: Mapping[str, int] = {"few or none": 12, "some": 30, "about half": 50, "many": 70, "most or all": 88}
LONGEST = 88


@dataclass(frozen=True)
class Bar:
    """A stretch of time on the axis, in percent of its width."""

    x: float
    width: float


@dataclass(frozen=True)
class Lane:
    """One segment's bars."""

    row: Row
    planned: Bar
    actual: tuple[Bar, ...]
    over: tuple[Bar, ...]
    pauses: tuple[Bar, ...]


@dataclass(frozen=True)
class PlacedPin:
    """A pin on the axis; ``level`` counts up from 0 where several would cover each other."""

    pin: Pin
    x: float
    level: int


@dataclass(frozen=True)
class Drawing:
    """A whole timeline. Ticks are (percent, instant in ms UTC)."""

    ticks: tuple[tuple[float, int], ...]
    planned_end: float
    lanes: tuple[Lane, ...]
    pins: tuple[PlacedPin, ...]

    @property
    def levels(self) -> int:
        """How many rows of pins there are."""
        return max((pin.level for pin in self.pins), default=-1) + 1


@dataclass(frozen=True)
class TallyBar:
    """One line of a tally. ``kind`` is full, few (a stub that says no more than "one or two") or none."""

    label: str
    word: str
    length: int
    kind: str


def draw(timeline: Timeline) -> Drawing:
    """Everything on one axis, from the first planned or actual moment to the last."""
    axis = _axis(timeline)
    return Drawing(
        ticks=tuple((axis.at(tick), tick) for tick in axis.ticks()),
        planned_end=axis.at(timeline.rows[-1].planned[1]),
        lanes=tuple(_lane(row, axis) for row in timeline.rows),
        pins=tuple(_placed(timeline.pins, axis)),
    )


def tally_bars(bands: Sequence[Band]) -> list[TallyBar]:
    """The bars of one tally: words have fixed lengths, numbers are drawn against the largest of them."""
    numbers = [int(band.word) for band in bands if band.word.isdigit()]
    largest = max([*numbers, 3])
    return [_tally_bar(band, largest) for band in bands]


@dataclass(frozen=True)
class Axis:
    """A stretch of time as a line of 100 percent."""

    start: int
    end: int

    def at(self, instant: int) -> float:
        """Where an instant lies, kept on the line."""
        share = (instant - self.start) / max(1, self.end - self.start)
        return round(min(1.0, max(0.0, share)) * 100, 2)

    def bar(self, span: Span) -> Bar:
        """A stretch of time on the line."""
        x = self.at(span[0])
        return Bar(x, max(THINNEST, round(self.at(span[1]) - x, 2)))

    def ticks(self) -> Iterator[int]:
        """Round clock times along the line."""
        length = self.end - self.start
        step = next((step for step in STEPS if length / step <= TICKS_AT_MOST), STEPS[-1])
        first = -(-self.start // step) * step
        return iter(range(first, self.end + 1, step))


def _axis(timeline: Timeline) -> Axis:
    spans = [row.planned for row in timeline.rows] + [piece for row in timeline.rows for piece in row.pieces]
    return Axis(min(start for start, _ in spans), max(end for _, end in spans))


def _lane(row: Row, axis: Axis) -> Lane:
    return Lane(
        row=row,
        planned=axis.bar(row.planned),
        actual=tuple(map(axis.bar, row.pieces)),
        over=tuple(map(axis.bar, row.over)),
        pauses=tuple(map(axis.bar, row.pauses)),
    )


def _placed(pins: Iterable[Pin], axis: Axis) -> Iterator[PlacedPin]:
    """Each pin on the lowest level where it covers none."""
    taken: list[float] = []
    for pin in pins:
        x = axis.at(pin.at)
        free = (level for level, last in enumerate(taken) if x - last >= PIN_WIDTH)
        level = next(free, len(taken))
        taken[level : level + 1] = [x]
        yield PlacedPin(pin, x, level)


def _tally_bar(band: Band, largest: int) -> TallyBar:
    if band.word in LENGTHS:
        return TallyBar(band.label, band.word, LENGTHS[band.word], "full")
    if band.word == FEW:
        return TallyBar(band.label, "1 or 2", 10, "few")
    if band.word == "0":
        return TallyBar(band.label, "none", 0, "none")
    return TallyBar(band.label, band.word, LONGEST * int(band.word) // largest, "full")
