"""A trend as geometry: one lane a band, one column a session. Widths are percent, heights pixels. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from facilitator.pages.review_drawing import LENGTHS
from facilitator.records.trends import Point, Trend

LABEL, PLOT, SPACE = 22, 76, 12
LANE = LABEL + PLOT + SPACE
# The share of a column that its bar fills.
FILLED = 0.6


@dataclass(frozen=True)
class Bar:
    """A word in its fixed length, in percent and pixels; ``middle`` is the middle of its top."""

    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where the line of the trend passes."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Gap:
    """A session without a word."""

    x: float
    width: float
    middle: float
    state: str


@dataclass(frozen=True)
class Lane:
    """One band. ``lines`` join the bars of neighbours: over a gap there is none."""

    label: str
    top: int
    bars: tuple[Bar, ...]
    gaps: tuple[Gap, ...]
    lines: tuple[tuple[Bar, Bar], ...]

    @property
    def floor(self) -> int:
        """Where the bars stand."""
        return self.top + LABEL + PLOT


@dataclass(frozen=True)
class Picture:
    """The whole trend; ``columns`` are its sessions with the middle of each column."""

    lanes: tuple[Lane, ...]
    columns: tuple[tuple[float, Point], ...]
    plot: int = PLOT

    @property
    def height(self) -> int:
        """Down to where the numbers of the sessions begin."""
        return len(self.lanes) * LANE


def draw(trend: Trend) -> Picture:
    """The picture of a trend with the highest band on top."""
    bands = list(enumerate(trend.labels))
    if trend.question.scale:
        bands.reverse()
    step = 100 / len(trend.points)
    columns = tuple((round((index + 0.5) * step, 2), point) for index, point in enumerate(trend.points))
    lanes = tuple(_lane(label, row * LANE, band, trend.points) for row, (band, label) in enumerate(bands))
    return Picture(lanes, columns)


def _lane(label: str, top: int, band: int, points: Sequence[Point]) -> Lane:
    step = 100 / len(points)
    words = [point.words[band] if point.is_shown else "" for point in points]
    bars = [_bar(index * step, step, top, word) if word else None for index, word in enumerate(words)]
    return Lane(
        label=label,
        top=top,
        bars=tuple(bar for bar in bars if bar),
        gaps=tuple(_gaps(points, step)),
        lines=tuple((one, other) for one, other in pairwise(bars) if one and other),
    )


def _bar(start: float, step: float, top: int, word: str) -> Bar:
    height = PLOT * LENGTHS[word] / 100
    x, width = _inside(start, step)
    return Bar(x, width, round(top + LABEL + PLOT - height, 1), round(height, 1))


def _gaps(points: Sequence[Point], step: float) -> Iterator[Gap]:
    for index, point in enumerate(points):
        if not point.is_shown:
            x, width = _inside(index * step, step)
            yield Gap(x, width, round((index + 0.5) * step, 2), point.state)


def _inside(start: float, step: float) -> tuple[float, float]:
    return round(start + step * (1 - FILLED) / 2, 2), round(step * FILLED, 2)
