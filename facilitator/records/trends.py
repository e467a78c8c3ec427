"""What a group answered to the same question in several sessions. Pure.

Only tallies that were shown are points; whatever kept one back is a gap with its word. A point says the room's words,
which are shares: counts without a total could not be compared. Nothing is about a person or about who led.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facilitator.curricula.model import Kind, Prompt
from facilitator.records.check_ins import ALOUD, Asked
from facilitator.records.record import Record

NOT_ASKED = "not asked"
SHOWN = "shown"
ASKED_AT_LEAST = 2
# Two points are no trend.
DRAWN_FROM = 3
PLACES = {Kind.OPENING: "On arriving", Kind.CHECK_IN: "On arriving", Kind.CLOSING: "On leaving"}


@dataclass(frozen=True)
class Point:
    """One session (its number in the group's series, and when, ms UTC). ``words`` are the room's, band by band.

    ``state`` is shown, else why there are no words: withheld, similar, uncounted, aloud or not asked.
    """

    number: int
    at: int
    state: str
    words: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether there is something to draw."""
        return self.state == SHOWN


@dataclass(frozen=True)
class Trend:
    """One question, asked at one place of the evening, from the first session that asked it to the last."""

    question: Prompt
    place: str
    labels: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def shown(self) -> int:
        """How many points there are."""
        return sum(point.is_shown for point in self.points)

    @property
    def is_drawn(self) -> bool:
        """Whether there are points enough for a picture."""
        return self.shown >= DRAWN_FROM


def trends(records: Sequence[Record]) -> tuple[Trend, ...]:
    """The questions that these sessions of one group (in the order they were held) asked more than once."""
    asked: dict[tuple[object, ...], dict[int, list[Asked]]] = defaultdict(lambda: defaultdict(list))
    for index, record in enumerate(records):
        for one in record.check_ins:
            asked[_same(one)][index].append(one)
    found = [_trend(records, sessions) for sessions in asked.values() if _on_phones(sessions) >= ASKED_AT_LEAST]
    return tuple(sorted(found, key=lambda trend: (trend.question.text, trend.place)))


def _same(one: Asked) -> tuple[object, ...]:
    """Two askings with the same of this are the same question."""
    prompt = one.question
    return prompt.text, prompt.kind, prompt.scale, prompt.options, _place(one)


def _place(one: Asked) -> str:
    return PLACES.get(one.kind, "")


def _on_phones(sessions: dict[int, list[Asked]]) -> int:
    return sum(any(one.state != ALOUD for one in askings) for askings in sessions.values())


def _trend(records: Sequence[Record], sessions: dict[int, list[Asked]]) -> Trend:
    points = [_point(records[index], sessions.get(index, ())) for index in range(min(sessions), max(sessions) + 1)]
    every = [one for askings in sessions.values() for one in askings]
    labels = next((tuple(band.label for band in one.room) for one in every if one.room), ())
    return Trend(every[0].question, _place(every[0]), labels, tuple(points))


def _point(record: Record, askings: Iterable[Asked]) -> Point:
    """What came of the question in one session. Asked twice, the first tally that was shown counts."""
    told = sorted(askings, key=lambda one: one.state != SHOWN)
    at = record.session.scheduled_at
    if not told:
        return Point(record.number, at, NOT_ASKED)
    return Point(record.number, at, told[0].state, tuple(band.word for band in told[0].room))
