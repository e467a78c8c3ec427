"""The supervisor's desk: which records wait, why, and for how long. What needs a person comes first.

Records are never counted per facilitator: the desk is about sessions, not about who is slow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from facilitator.people.access import Verb, may
from facilitator.realtime.state import HOUR, MINUTE
from facilitator.records.notes import DUE_AFTER, Status, Step, note_of
from facilitator.records.record import Record, load
from facilitator.storage.tables import Group, GroupSession, NoteStep, ProgressNote, Staff

ENDED = "ended"
LED_BY = (col(GroupSession.facilitator_id), col(GroupSession.co_facilitator_id))
MOST_SHOWN = 100
SOON = 7 * 24 * HOUR
COMING_AT_MOST = 5


class Reason(StrEnum):
    """Why a record is worth a look."""

    UNSIGNED = "unsigned"
    RETURNED = "returned"
    TO_CO_SIGN = "to-co-sign"
    OVER_TIME = "over-time"
    SKIPPED = "skipped"
    REQUEST = "request"
    WITHHELD = "withheld"
    UNMARKED = "unmarked"


class Band(StrEnum):
    """How urgent: the order of the desk."""

    PERSON = "person"
    LATE = "late"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"


class State(StrEnum):
    """Which records the desk shows."""

    WAITING = "waiting"
    CO_SIGNED = "co-signed"
    ALL = "all"


@dataclass(frozen=True)
class Filter:
    """What the desk was asked for. Instants are ms UTC; ``until`` is not included."""

    state: State = State.WAITING
    reasons: frozenset[Reason] = frozenset()
    group: str = ""
    facilitator: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Flag:
    """One reason, and what the row says of it."""

    reason: Reason
    words: str
    pressing: bool = False


@dataclass(frozen=True)
class Entry:
    """One record on the desk. It waits ``since`` (ms UTC) for the cause that the band tells; ``due_at``: its note."""

    record: Record
    status: Status
    flags: tuple[Flag, ...]
    band: Band
    since: int
    due_at: int
    own: bool

    @property
    def reasons(self) -> frozenset[Reason]:
        """The reasons without their words."""
        return frozenset(flag.reason for flag in self.flags)


@dataclass(frozen=True)
class Coming:
    """A session that is still to be held, or being held."""

    session: GroupSession
    group: str
    facilitator: str

    @property
    def note_due_at(self) -> int:
        """When its note will be due, if it ends as planned."""
        return self.session.scheduled_at + self.session.plan_minutes * MINUTE + DUE_AFTER


@dataclass(frozen=True)
class Desk:
    """What the desk shows: entries by band, the most urgent band first and the oldest entry first in each.

    ``held`` counts every ended session in scope, ``counts`` the records for each reason before one was chosen;
    ``left_out`` how many older ones did not fit.
    """

    bands: tuple[tuple[Band, tuple[Entry, ...]], ...]
    counts: Mapping[Reason, int]
    held: int
    left_out: int

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry in the order of the page."""
        return tuple(entry for _, entries in self.bands for entry in entries)

    @property
    def open_requests(self) -> int:
        """In how many records somebody asked to talk and nobody said what was done."""
        return sum(entry.band is Band.PERSON for entry in self.entries)


def desk(s: Session, viewer: Staff, wanted: Filter, now: int) -> Desk:
    """The records that ``wanted`` asks for, as ``viewer`` finds them at ``now``.

    Everything that waits is there, however old; of finished records only the newest.
    """
    query = select(GroupSession).where(*_scope(wanted), *_state(wanted.state))
    found = s.exec(query.order_by(col(GroupSession.scheduled_at).desc())).all()
    shown = found if wanted.state is State.WAITING else found[:MOST_SHOWN]
    entries = [_entry(s, session, viewer, now) for session in shown]
    chosen = [entry for entry in entries if not wanted.reasons or wanted.reasons & entry.reasons]
    return Desk(
        bands=tuple(_by_band(chosen)),
        counts=Counter(reason for entry in entries for reason in entry.reasons),
        held=s.exec(select(func.count()).select_from(GroupSession).where(*_scope(wanted))).one(),
        left_out=len(found) - len(shown),
    )


def choices(s: Session) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The groups that met and those who led or co-led them: (id, name), by name."""
    met = select(GroupSession.group_id).where(GroupSession.state == ENDED)
    led = [col(Staff.id).in_(select(one).where(GroupSession.state == ENDED)) for one in LED_BY]
    groups = s.exec(select(Group.id, Group.name).where(col(Group.id).in_(met)).order_by(Group.name))
    leaders = s.exec(select(Staff.id, Staff.name).where(or_(*led)).order_by(Staff.name))
    return [(one, name) for one, name in groups], [(one, name) for one, name in leaders]


def coming(s: Session, now: int) -> list[Coming]:
    """The sessions of the next days, the nearest first."""
    query = (
        select(GroupSession, Group.name, Staff.name)
        .join(Group, col(GroupSession.group_id) == Group.id)
        .join(Staff, col(GroupSession.facilitator_id) == Staff.id)
        .where(
            col(GroupSession.state).in_(("scheduled", "doors_open", "live")),
            GroupSession.scheduled_at > now - DUE_AFTER,
            GroupSession.scheduled_at < now + SOON,
        )
        .order_by(col(GroupSession.scheduled_at))
    )
    return [Coming(session, group, name) for session, group, name in s.exec(query.limit(COMING_AT_MOST))]


def _scope(wanted: Filter) -> list[ColumnElement[bool]]:
    """The sessions that belong to the filter, whatever has become of their notes."""
    scope: list[ColumnElement[bool]] = [col(GroupSession.state) == ENDED]
    if wanted.group:
        scope.append(col(GroupSession.group_id) == wanted.group)
    if wanted.facilitator:
        scope.append(or_(*(one == wanted.facilitator for one in LED_BY)))
    if wanted.since is not None:
        scope.append(col(GroupSession.scheduled_at) >= wanted.since)
    if wanted.until is not None:
        scope.append(col(GroupSession.scheduled_at) < wanted.until)
    return scope


def _state(state: State) -> list[ColumnElement[bool]]:
    done = select(ProgressNote.session_id).where(ProgressNote.status == Status.CO_SIGNED)
    match state:
        case State.WAITING:
            return [col(GroupSession.id).not_in(done)]
        case State.CO_SIGNED:
            return [col(GroupSession.id).in_(done)]
        case State.ALL:
            return []


def _by_band(entries: Iterable[Entry]) -> Iterator[tuple[Band, tuple[Entry, ...]]]:
    oldest_first = sorted(entries, key=lambda entry: entry.since)
    for band in Band:
        if found := tuple(entry for entry in oldest_first if entry.band is band):
            yield band, found[::-1] if band is Band.DONE else found


def _entry(s: Session, session: GroupSession, viewer: Staff, now: int) -> Entry:
    record = load(s, session, now)
    note = note_of(s, session.id) or ProgressNote(session_id=session.id)
    ended_at = record.live.ended_at or session.scheduled_at
    late = note.status == Status.DRAFT and now > ended_at + DUE_AFTER
    band = _band(record, note, late)
    return Entry(
        record=record,
        status=Status(note.status),
        flags=tuple(_flags(record, note, late)),
        band=band,
        since=_since(s, record, note, band) or ended_at,
        due_at=ended_at + DUE_AFTER,
        own=not may(viewer, session, Verb.REVIEW),
    )


def _band(record: Record, note: ProgressNote, late: bool) -> Band:
    if any(pin.is_open for pin in record.timeline.requests):
        return Band.PERSON
    if note.status == Status.CO_SIGNED:
        return Band.DONE
    if note.status == Status.SIGNED:
        return Band.READY
    return Band.LATE if late or note.status == Status.RETURNED else Band.WRITING


def _since(s: Session, record: Record, note: ProgressNote, band: Band) -> int | None:
    if band is Band.PERSON:
        return min(pin.at for pin in record.timeline.requests if pin.is_open)
    if note.status == Status.RETURNED:
        returned = NoteStep.session_id == note.session_id, NoteStep.kind == Step.RETURNED
        return s.exec(select(func.max(NoteStep.at)).where(*returned)).one()
    return note.co_signed_at or note.signed_at


def _flags(record: Record, note: ProgressNote, late: bool) -> Iterator[Flag]:
    requests = record.timeline.requests
    if any(pin.is_open for pin in requests):
        yield Flag(Reason.REQUEST, "Staff request, not handled", pressing=True)
    match note.status:
        case Status.DRAFT:
            yield Flag(Reason.UNSIGNED, "Unsigned, overdue" if late else "Unsigned", pressing=late)
        case Status.RETURNED:
            yield Flag(Reason.RETURNED, "Returned", pressing=True)
        case Status.SIGNED:
            yield Flag(Reason.TO_CO_SIGN, "To co-sign")
    yield from _worth_a_look(record)
    if requests and not any(pin.is_open for pin in requests):
        yield Flag(Reason.REQUEST, "Staff request, handled")


def _worth_a_look(record: Record) -> Iterator[Flag]:
    if record.timeline.actual is None:
        yield Flag(Reason.SKIPPED, "Never began")
        return
    if record.live.ended_by_itself:
        yield Flag(Reason.OVER_TIME, "Ended by itself")
    elif record.timeline.over_time:
        yield Flag(Reason.OVER_TIME, f"{round(record.timeline.late_ms / MINUTE)} min over time")
    if skipped := record.timeline.skipped:
        yield Flag(Reason.SKIPPED, f"{len(skipped)} skipped")
    if withheld := sum(one.state == "withheld" for one in record.check_ins):
        yield Flag(Reason.WITHHELD, f"{withheld} withheld")
    if unmarked := record.attendance.unmarked:
        yield Flag(Reason.UNMARKED, f"{len(unmarked)} not marked")
