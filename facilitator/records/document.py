"""The progress note as one plain document: what is read while it is a draft, and frozen word for word at signing.

Instants stay instants, with the name of the time zone they are read in, so that a frozen note reads the same for
ever. It has the names of those who were expected, which only staff see; it never says who asked to talk.
"""

from __future__ import annotations

from typing import Any

from facilitator.curricula.model import Kind
from facilitator.realtime.state import MINUTE
from facilitator.records.attendance import Attendee
from facilitator.records.check_ins import Asked
from facilitator.records.draft import Sections
from facilitator.records.record import Record
from facilitator.records.timeline import Pin, Row

Document = dict[str, Any]
FORM = 1


def write_up(record: Record, sections: Sections, time_zone: str) -> Document:
    """The whole note with these sections, as plain JSON."""
    timeline = record.timeline
    return {
        "form": FORM,
        "time_zone": time_zone,
        "log_entries": record.live.rev,
        "group": record.group,
        "number": record.number,
        "plan": {"id": record.plan.id, "title": record.plan.title, "version": record.plan.version} | _fitted(record),
        "track": record.plan.track,
        "facilitators": list(record.leaders),
        "planned": {"start": timeline.planned[0], "end": timeline.planned[1], "minutes": record.plan.minutes},
        "held": {"start": timeline.actual[0], "end": timeline.actual[1]} if timeline.actual else None,
        "ended_by_itself": record.live.ended_by_itself,
        "net_minutes": _whole(timeline.net_ms),
        "break_minutes": _whole(timeline.break_ms),
        "present": record.attendance.here,
        "expected": record.attendance.expected,
        "guests": record.attendance.guests,
        "segments": [_segment(record, row) for row in timeline.rows],
        "people": [_person(person) for person in record.attendance.people],
        "check_ins": [_check_in(one) for one in record.check_ins],
        "notes": [_note(record, pin) for pin in timeline.notes],
        "asked_to_talk": [{"at": pin.at, "handled_at": pin.handled_at} for pin in timeline.requests],
        "home_practice": [_home_practice(record, row) for row in timeline.rows if row.kind is Kind.HOME_PRACTICE],
        "sections": dict(sections),
    }


def _fitted(record: Record) -> Document:
    """How long the plan was written for, when it was fitted to another length."""
    fitted = record.session.plan_fit
    return {"written_for": fitted["minutes"]} if fitted else {}


def _segment(record: Record, row: Row) -> Document:
    return {
        "title": row.title,
        "kind": row.kind.value,
        "planned_minutes": _whole(row.planned_ms),
        "actual_minutes": _whole(row.actual_ms),
        "mark": row.mark,
        "reason": row.reason,
        "marked_by_staff": not row.guessed,
        "exercises": [one.name for one in record.exercises if one.segment == row.index],
    }


def _person(person: Attendee) -> Document:
    return {
        "name": person.name,
        "guest": person.guest,
        "mark": person.label,
        "stays": [{"in": since, "out": until} for since, until in person.stays],
        "minutes": _whole(person.net_ms) if person.timed and person.mark else None,
    }


def _check_in(one: Asked) -> Document:
    return {
        "prompt": one.prompt,
        "segment": one.segment,
        "state": one.state,
        "message": one.message,
        "bands": [{"label": band.label, "word": band.word} for band in one.bands],
        "cards": list(one.cards),
    }


def _note(record: Record, pin: Pin) -> Document:
    segment = record.plan.segments[pin.segment].title if pin.segment is not None else ""
    return {"at": pin.at, "by": record.names.get(pin.by or "", ""), "segment": segment, "text": pin.text}


def _home_practice(record: Record, row: Row) -> Document:
    segment = record.plan.segments[row.index]
    return {"title": row.title, "text": segment.body.strip(), "html": segment.html, "given": not row.skipped}


def _whole(length: int) -> int:
    return (length + MINUTE // 2) // MINUTE
