"""What each audience may see: three small views, each built by allow-list from the session. Pure.

A field that nobody wrote down here reaches nobody. The projector and the phones never get a cue, a name of a
participant, a note, an attendance mark or a count of answers. All instants are milliseconds UTC, ``_s`` are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from facilitator.curricula.model import Prompt, PromptKind, Segment
from facilitator.realtime.exercise_view import asking, for_console, for_room, timer_view
from facilitator.realtime.state import CheckIn, Live
from facilitator.realtime.tally import Reader, Reading, read

View = dict[str, Any]
PREVIEW = 80
LAST_NOTES = 3
MESSAGES = {
    "shown": "Bars are rough on purpose.",
    "withheld": "Too few answers to show, so that nobody is picked out.",
    "again": "Asked again, it is not shown again: side by side, the two could point at one person.",
    "cards": "Nothing tells who wrote which.",
    "similar": "Answers were very similar.",
    "uncounted": "This check-in could not be counted. Please ask again.",
}


@dataclass(frozen=True)
class Presence:
    """What no event tells: phones connected, phones waiting, how far an open check-in is, cards to be read of each."""

    phones: int = 0
    waiting: int = 0
    progress: str = "waiting"
    cards: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Door:
    """How phones come in: the code as people read it, and the address as they type it."""

    code: str
    address: str


def console_view(live: Live, presence: Presence, now: int) -> View:
    """What the facilitators see."""
    return {
        **_common(live, now),
        "check_in": _check_in(live, presence),
        "tally": _tally(live, live.shown or _last_closed(live), Reader.STAFF),
        "shown": live.shown,
        "scheduled_at": live.scheduled_at,
        "started_at": live.started_at,
        "ended_at": live.ended_at,
        "ended_by_itself": live.ended_by_itself,
        "reopen_until": live.reopen_until,
        "segment": live.segment,
        "entered_at": live.runs[-1].entered_at if live.runs else None,
        "segments": [_console_segment(live, index, now) for index in range(len(live.plan.segments))],
        "join_shown": live.join_shown,
        "asked_aloud": live.asked_aloud,
        "exercise": for_console(live),
        "exercised": sorted(set(live.exercised)),
        "check_ins": [_asking(live, check_in, presence) for check_in in live.check_ins.values()],
        "controller": {"id": live.controller.id, "name": live.controller.name} if live.controller else None,
        "locked": live.locked,
        "waiting": presence.waiting,
        "phones": presence.phones,
        "present": sum(one.mark in ("present", "late") for one in live.attendance.values()),
        "attendance": {member: {"mark": one.mark, "at": one.at} for member, one in live.attendance.items()},
        "guests": [{"id": guest, "name": name} for guest, name in live.guests.items()],
        "notes": _notes(live),
        "requests": [
            {"id": one.id, "name": one.name, "at": one.at, "escalated_at": one.escalated_at, "outcome": one.outcome}
            for one in live.requests.values()
        ],
    }


def projector_view(live: Live, presence: Presence, door: Door | None, now: int) -> View:
    """What the room sees. While the screens are blank it is only told so."""
    if live.blank:
        return _common(live, now) | {"check_in": None, "tally": None, **_nothing_to_read(live)}
    segment = live.plan.segments[live.segment] if live.segment is not None and live.state == "live" else None
    return {
        **_common(live, now),
        "check_in": _check_in(live, presence),
        "tally": _tally(live, live.shown, Reader.ROOM),
        "title": live.plan.title,
        "welcome": live.plan.welcome_html if live.state in ("scheduled", "doors_open") else "",
        "segment": _projector_segment(segment, live) if segment else None,
        "next": _next_title(live),
        "hide_timer": bool(segment and segment.no_timer),
        "chime": bool(segment and segment.chime),
        "join": {"code": door.code, "address": door.address} if door else None,
        "join_shown": live.join_shown or live.state == "doors_open",
        "asked": _asked(live),
        "exercise": for_room(live),
    }


def phone_view(live: Live, presence: Presence, now: int, *, answered: bool = False) -> View:
    """What one phone sees; ``answered``: whether this phone has answered the open check-in."""
    if live.blank:
        nothing = {"check_in": None, "tally": None, "segment": None, "facilitator": None, "exercise": None}
        return _common(live, now) | nothing | {"planned_end": live.planned_end}
    segment = live.plan.segments[live.segment] if live.segment is not None and live.state == "live" else None
    check_in = _check_in(live, presence)
    return {
        **_common(live, now),
        "check_in": check_in | {"answered": answered, "exercise": _leads_here(live)} if check_in else None,
        "tally": _tally(live, live.shown, Reader.ROOM),
        "segment": {"title": segment.title, "kind": segment.kind} if segment else None,
        "facilitator": live.controller.first_name if live.controller else None,
        "exercise": for_room(live),
        # Then what people wrote goes from their phones: each says so in time.
        "planned_end": live.planned_end,
    }


def _leads_here(live: Live) -> str | None:
    """The exercise of which the open check-in asks, so that a phone can offer what it made of it."""
    return asking(live, live.open_check_in.prompt) if live.open_check_in else None


def _common(live: Live, now: int) -> View:
    return {
        "rev": live.rev,
        "server_now": now,
        "state": live.state,
        "timer": timer_view(live.timer),
        "blank": live.blank,
    }


def _nothing_to_read(live: Live) -> View:
    return {
        "title": "",
        "welcome": "",
        "segment": None,
        "next": None,
        "hide_timer": True,
        "chime": False,
        "join": None,
        "join_shown": False,
        "asked": None,
        "exercise": None,
    }


def _projector_segment(segment: Segment, live: Live) -> View:
    assert live.segment is not None
    return {
        "title": segment.title,
        "kind": segment.kind,
        "html": segment.html,
        "number": live.segment + 1,
        "of": len(live.plan.segments),
    }


def _next_title(live: Live) -> str | None:
    if live.state != "live" or live.segment is None or live.segment + 1 >= len(live.plan.segments):
        return None
    return live.plan.segments[live.segment + 1].title


def _console_segment(live: Live, index: int, now: int) -> View:
    segment = live.plan.segments[index]
    ended = [run for run in live.runs if run.segment == index and run.left_at is not None]
    actual = sum(run.lasted_ms(now) for run in ended) if ended else None
    return {
        "title": segment.title,
        "kind": segment.kind,
        "planned_minutes": segment.minutes,
        "actual_minutes": None if actual is None else round(actual / 60_000),
        "actual_ms": actual,
        "mark": live.marks[index][0] if index in live.marks else None,
    }


def _check_in(live: Live, presence: Presence) -> View | None:
    check_in = live.open_check_in
    if check_in is None:
        return None
    prompt = live.plan.prompt(check_in.prompt)
    assert prompt is not None
    return {
        "id": check_in.id,
        **_question(prompt),
        "sensitive": prompt.sensitive,
        "floor": check_in.floor,
        "state": check_in.state,
        "progress": presence.progress,
        "enough": presence.phones >= check_in.floor,
    }


def _question(prompt: Prompt) -> View:
    scale = prompt.scale
    return {
        "prompt": prompt.text,
        "kind": prompt.kind,
        "scale": scale
        and {"from": scale.low, "to": scale.high, "from_words": scale.low_words, "to_words": scale.high_words},
        "options": list(prompt.options),
        "most": prompt.most if prompt.kind is PromptKind.CHOICES else 1,
    }


def _asked(live: Live) -> View | None:
    prompt = live.plan.prompt(live.asked_aloud) if live.asked_aloud else None
    return _question(prompt) if prompt else None


def _asking(live: Live, check_in: CheckIn, presence: Presence) -> View:
    reading = _read(live, check_in, Reader.STAFF)
    waiting, approved = presence.cards.get(check_in.id, 0), len(live.approved(check_in.id))
    return {
        "id": check_in.id,
        "prompt": check_in.prompt,
        "state": check_in.state,
        "tally": reading.state if reading else None,
        "reason": reading.why if reading and reading.why != reading.state else None,
    } | ({"cards": {"waiting": waiting, "approved": approved}} if check_in.has_cards else {})


def _last_closed(live: Live) -> str | None:
    """Staff see a tally as soon as it is counted, to decide whether the room should."""
    closed = [check_in.id for check_in in live.check_ins.values() if check_in.state == "closed"]
    return closed[-1] if closed else None


def _tally(live: Live, shown: str | None, reader: Reader) -> View | None:
    check_in = live.check_ins.get(shown) if shown else None
    reading = _read(live, check_in, reader) if check_in else None
    if check_in is None or reading is None:
        return None
    prompt = live.plan.prompt(check_in.prompt)
    shows_cards = check_in.has_cards and reader is Reader.ROOM
    return {
        "check_in": check_in.id,
        "prompt": prompt.text if prompt else "",
        "state": reading.state,
        "message": MESSAGES[reading.why],
        "bands": [{"label": band.label, "word": band.word} for band in reading.bands],
    } | ({"cards": [card.text for card in live.approved(check_in.id)]} if shows_cards else {})


def _read(live: Live, check_in: CheckIn, reader: Reader) -> Reading | None:
    prompt = live.plan.prompt(check_in.prompt)
    return read(prompt, check_in.tally, reader) if prompt and check_in.tally else None


def _notes(live: Live) -> View:
    kept = [note for note in live.notes.values() if not note.struck]
    return {
        "count": len(kept),
        "last": [
            {"id": note.id, "at": note.at, "segment": note.segment, "text": note.text[:PREVIEW]}
            for note in kept[-LAST_NOTES:]
        ],
    }
