"""What a supervisor would otherwise count by hand: read off the record, never a judgement of a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facilitator.realtime.state import MINUTE
from facilitator.records.notes import DUE_AFTER
from facilitator.records.record import Record


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ``place`` is where on the page it can be seen."""

    fine: bool
    sentence: str
    place: str


def checks(record: Record, signed_at: int | None) -> list[Check]:
    """Everything worth checking of an ended session, in the order of the page."""
    began = record.timeline.actual is not None
    of_a_meeting = [*_segments(record), *_attendance(record)] if began else []
    return [*_times(record), *_requests(record), *of_a_meeting, *_signature(record, signed_at)]


def _times(record: Record) -> Iterator[Check]:
    timeline = record.timeline
    if timeline.actual is None:
        yield Check(False, "The session never began", "happened")
    elif record.live.ended_by_itself:
        yield Check(False, "Nobody ended it: the clock did", "happened")
    elif timeline.over_time:
        yield Check(False, f"Ended {round(timeline.late_ms / MINUTE)} min late", "happened")
    else:
        yield Check(True, "Began and ended, and not over time", "happened")


def _segments(record: Record) -> Iterator[Check]:
    rows, without_reason = record.timeline.rows, [row for row in record.timeline.skipped if not row.reason]
    if without_reason:
        yield Check(False, f"{len(without_reason)} of {len(rows)} segments skipped, no reason given", "happened")
    else:
        yield Check(True, f"{record.timeline.done} of {len(rows)} segments were run", "happened")


def _requests(record: Record) -> Iterator[Check]:
    requests = record.timeline.requests
    if waiting := sum(pin.is_open for pin in requests):
        yield Check(False, f"{waiting} staff request{'s' * (waiting > 1)} not handled", "requests")
    elif requests:
        yield Check(True, "Every staff request is handled", "requests")


def _attendance(record: Record) -> Iterator[Check]:
    if unmarked := record.attendance.unmarked:
        yield Check(False, f"{len(unmarked)} without an attendance mark", "attendance")
    elif untimed := [person for person in record.attendance.people if not person.timed]:
        yield Check(False, f"{len(untimed)} late or left early at a time nobody knows", "attendance")
    else:
        yield Check(True, "Everybody has an attendance mark", "attendance")


def _signature(record: Record, signed_at: int | None) -> Iterator[Check]:
    if signed_at is None:
        yield Check(False, "The note is not signed", "note")
    elif record.live.ended_at is not None and signed_at - record.live.ended_at > DUE_AFTER:
        yield Check(False, "Signed more than a day after the session", "note")
    else:
        yield Check(True, "Signed within a day", "note")
