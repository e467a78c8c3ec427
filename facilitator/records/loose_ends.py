"""What a session leaves to be settled at its end. Pure: it asks, and guesses nothing.

Who asked to talk comes first, then people nobody marked, then segments that were left out or cut short without a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.records.attendance import Attendee
from facilitator.records.record import Record
from facilitator.records.timeline import Pin, Row

ASKS_WHY = ("shortened", "skipped")
REASONS = ("To end on time", "The group needed something else")
NO_REASON = "no reason given"
"""Kept like any other reason, so that the question is not asked again."""


@dataclass(frozen=True)
class LooseEnds:
    """What somebody still has to say something about."""

    requests: tuple[Pin, ...]
    people: tuple[Attendee, ...]
    segments: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.requests) + len(self.people) + len(self.segments)


def loose_ends(record: Record) -> LooseEnds:
    """What is not settled in this session yet. Nothing is asked of one that never began its first segment."""
    timeline = record.timeline
    return LooseEnds(
        requests=tuple(pin for pin in timeline.requests if pin.is_open),
        people=record.attendance.unmarked,
        segments=tuple(row for row in timeline.rows if row.mark in ASKS_WHY and not row.reason and timeline.actual),
    )
