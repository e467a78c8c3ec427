"""What the session log can say of a progress note by itself, section by section. Pure.

Only a person can say how the group responded and whether anything happened; the log starts those sentences where it
can, and a section follows the log until somebody writes in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from facilitator.curricula.model import Kind
from facilitator.realtime.state import MINUTE
from facilitator.records.record import Record
from facilitator.records.timeline import Row

Sections = Mapping[str, str]
NO_INCIDENT = "none"
INCIDENT = "yes"
INTERVENTIONS: Mapping[Kind, str] = {
    Kind.CHECK_IN: "Check-in",
    Kind.REVIEW: "Home practice review",
    Kind.TEACHING: "Teaching",
    Kind.EXERCISE: "Guided exercise",
    Kind.DISCUSSION: "Group discussion",
    Kind.PROCESS: "Open group process",
    Kind.HOME_PRACTICE: "Home practice set",
}
# Worth a sentence: a segment that took this much longer than planned.
TOOK_LONGER = 2 * MINUTE


@dataclass(frozen=True)
class Missing:
    """What keeps a note from being signed: the field, and the sentence that stands beside it."""

    field: str
    sentence: str


def drafted(record: Record) -> dict[str, str]:
    """Every section as the log has it now. Ticks are lines of their own."""
    return {
        "objectives": "\n".join(record.plan.objectives if record.timeline.done else ()),
        "interventions": "\n".join(_interventions(record)),
        "done": " ".join(_what_was_done(record)),
        "response": "\n".join(pin.text for pin in record.timeline.notes),
        "incidents": "",
        "incident": "",
        "next": " ".join(_next_time(record)),
    }


def missing(record: Record, sections: Sections) -> list[Missing]:
    """What is still to be said before this note can be signed, in the order of the page."""
    return [*_open_ends(record), *_unwritten(record, sections)]


def _open_ends(record: Record) -> Iterable[Missing]:
    for pin in record.timeline.requests:
        if pin.is_open:
            who = pin.text or "the person without a name"
            yield Missing(f"request-{pin.id}", f"Say what was done for {who}, who asked to talk.")
    if record.timeline.actual is not None:
        for person in record.attendance.unmarked:
            yield Missing(f"mark-{person.id}", f"Say whether {person.name} was here.")


def _unwritten(record: Record, sections: Sections) -> Iterable[Missing]:
    if not sections["done"]:
        yield Missing("done", "Write what was done.")
    if not sections["response"] and record.timeline.actual is not None:
        yield Missing("response", "Write how the group responded.")
    if sections["incidents"] not in (NO_INCIDENT, INCIDENT):
        yield Missing("incidents", "Say whether there was an incident.")
    if sections["incidents"] == INCIDENT and not sections["incident"]:
        yield Missing("incident", "Write what happened.")


def _interventions(record: Record) -> Iterable[str]:
    ran = {row.kind for row in record.timeline.rows if row.pieces and not row.skipped}
    return (name for kind, name in INTERVENTIONS.items() if kind in ran)


def _what_was_done(record: Record) -> Iterable[str]:
    timeline = record.timeline
    if timeline.actual is None:
        yield "The doors were closed again before the session began."
        return
    yield f"{timeline.done} of {len(timeline.rows)} segments were run{_lasting(record)}."
    yield f"The plan has {record.plan.minutes} minutes."
    if timeline.closed_ms >= MINUTE:
        yield f"The session was ended and continued after {_minutes(timeline.closed_ms)}."
    for row in timeline.rows:
        yield from _about(row, lasted=not _left_running(record, row))
    if names := list(dict.fromkeys(f"“{one.exercise.text}” ({one.exercise.part})" for one in record.exercises)):
        yield f"{'Exercise' if len(names) == 1 else 'Exercises'} done: {', '.join(names)}."


def _lasting(record: Record) -> str:
    """For how long; nothing when the clock ended it, because nobody knows when the group went home."""
    timeline = record.timeline
    if record.live.ended_by_itself:
        return ". Nobody ended the session, the clock did: when the group went home is not known"
    pause = f" and a break of {_minutes(timeline.break_ms)}" if timeline.break_ms else ""
    return f", in {_minutes(timeline.net_ms)} of group time{pause}"


def _left_running(record: Record, row: Row) -> bool:
    return record.live.ended_by_itself and row.index == record.live.segment


def _about(row: Row, *, lasted: bool) -> Iterable[str]:
    """What is worth saying of a segment. ``lasted``: it took the time that the log says."""
    because = f": {row.reason.rstrip('.')}" if row.reason else ""
    if row.mark in ("skipped", "adapted"):
        yield f"“{row.title}” was {row.mark}{because}."
    elif row.mark == "shortened":
        yield f"“{row.title}” was shortened to {_of_planned(row)}{because}."
    elif lasted and row.over_ms >= TOOK_LONGER:
        yield f"“{row.title}” took {_minutes(row.actual_ms)} instead of {_whole(row.planned_ms)}."


def _next_time(record: Record) -> Iterable[str]:
    if record.timeline.actual is None:
        return
    for row in record.timeline.skipped:
        if row.kind is not Kind.BREAK:
            yield f"Come back to “{row.title}”, which was skipped."
    for row in record.timeline.rows:
        if row.kind is Kind.HOME_PRACTICE and not row.skipped:
            yield f"Begin with how “{row.title}” went."


def _of_planned(row: Row) -> str:
    return f"{_whole(row.actual_ms)} of {_minutes(row.planned_ms)}"


def _minutes(length: int) -> str:
    whole = _whole(length)
    return f"{whole} minute" if whole == 1 else f"{whole} minutes"


def _whole(length: int) -> int:
    return (length + MINUTE // 2) // MINUTE
