"""What is on a facilitator's desk: today's sessions, what waits, what comes, what was.

A session that should have begun long ago and never opened its doors waits too: somebody moves it or calls it off.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from facilitator.people.access import Verb, may
from facilitator.people.groups import roster
from facilitator.realtime.state import HOUR, MINUTE
from facilitator.records.local_time import local_date
from facilitator.records.notes import DUE_AFTER, OPEN, Status, Step
from facilitator.records.record import Record, load, number_in_series
from facilitator.storage.tables import Group, GroupSession, NoteStep, ProgressNote, Staff

# After this long past its planned end, a session whose doors never opened is not going to happen.
NOT_HELD_AFTER = 2 * HOUR
RUNNING = ("doors_open", "live")
EARLIER_SHOWN = 8


@dataclass(frozen=True)
class Meeting:
    """A session that has not ended. ``number`` is its place in the group's series, ``expected`` the roster's length."""

    session: GroupSession
    group: str
    number: int
    expected: int

    @property
    def is_running(self) -> bool:
        """Whether its doors are open."""
        return self.session.state in RUNNING

    @property
    def is_due(self) -> bool:
        """Whether it can be opened or goes on: it was not called off."""
        return self.session.state in (*RUNNING, "scheduled")

    def not_held(self, now: int) -> bool:
        """Whether it should have been over long ago, and never opened its doors."""
        return not_held(self.session, now)


@dataclass(frozen=True)
class Past:
    """A session that has ended, with its record and where its note stands. ``readable``: for whoever asked."""

    record: Record
    status: Status
    readable: bool = True


@dataclass(frozen=True)
class Unfinished:
    """A note that is to be signed. ``comment`` and ``by`` say why it was returned; "" for a draft."""

    record: Record
    due_at: int
    comment: str = ""
    by: str = ""

    @property
    def returned(self) -> bool:
        """Whether a supervisor gave it back."""
        return bool(self.by)

    @property
    def unanswered(self) -> int:
        """How many asked to talk, and nobody has said what was done."""
        return sum(pin.is_open for pin in self.record.timeline.requests)


@dataclass(frozen=True)
class Agenda:
    """Everything on the desk, in the order of the page. ``older``: how many ended sessions are left out."""

    today: tuple[Meeting, ...]
    not_held: tuple[Meeting, ...]
    unfinished: tuple[Unfinished, ...]
    coming: tuple[Meeting, ...]
    earlier: tuple[Past, ...]
    older: int


@dataclass(frozen=True)
class Series:
    """The sessions of one group: those to come, nearest first, and those that were, newest first."""

    coming: tuple[Meeting, ...]
    earlier: tuple[Past, ...]
    older: int


def not_held(session: GroupSession, now: int) -> bool:
    """Whether a session should have been over long ago, and never opened its doors."""
    ends_at = session.scheduled_at + session.plan_minutes * MINUTE
    return session.state == "scheduled" and ends_at + NOT_HELD_AFTER < now


def of_staff(s: Session, staff: Staff, now: int, zone: ZoneInfo, *, shown: int = EARLIER_SHOWN) -> Agenda:
    """The desk of ``staff``; ``shown`` is how many of the ended sessions it lists."""
    mine = or_(col(GroupSession.facilitator_id) == staff.id, col(GroupSession.co_facilitator_id) == staff.id)
    meetings = _meetings(s, mine, now)
    ahead = [one for one in meetings if not one.not_held(now)]
    today = local_date(now, zone)
    due = [one for one in ahead if one.is_due and local_date(one.session.scheduled_at, zone) <= today]
    earlier, older = _ended(s, mine, staff, now, shown)
    return Agenda(
        today=tuple(sorted(due, key=lambda one: not one.is_running)),
        not_held=tuple(one for one in meetings if one.not_held(now)),
        unfinished=tuple(_unfinished(s, mine, now)),
        coming=tuple(one for one in ahead if one not in due),
        earlier=earlier,
        older=older,
    )


def of_group(s: Session, staff: Staff, group_id: str, now: int, *, shown: int = EARLIER_SHOWN) -> Series:
    """The sessions of a group, as ``staff`` may see them."""
    of_it = col(GroupSession.group_id) == group_id
    earlier, older = _ended(s, of_it, staff, now, shown)
    return Series(_meetings(s, of_it, now), earlier, older)


def expected(s: Session, session: GroupSession, now: int) -> Meeting:
    """One session that has not ended."""
    return _meeting(s, session, now)


def _meetings(s: Session, which: ColumnElement[bool], now: int) -> tuple[Meeting, ...]:
    """Those that have not ended, the nearest first. One that was called off is worth a line until its time is past."""
    called_off = (col(GroupSession.state) == "cancelled") & (col(GroupSession.scheduled_at) < now)
    found = s.exec(
        select(GroupSession)
        .where(which, GroupSession.state != "ended", ~called_off)
        .order_by(col(GroupSession.scheduled_at))
    )
    return tuple(_meeting(s, session, now) for session in found)


def _ended(
    s: Session, which: ColumnElement[bool], staff: Staff, now: int, shown: int
) -> tuple[tuple[Past, ...], int]:
    """The newest of those that have ended, and how many older ones there are."""
    over = which & (col(GroupSession.state) == "ended")
    newest = s.exec(select(GroupSession).where(over).order_by(col(GroupSession.scheduled_at).desc()).limit(shown))
    found = tuple(_past(s, session, staff, now) for session in newest)
    return found, s.exec(select(func.count()).select_from(GroupSession).where(over)).one() - len(found)


def _meeting(s: Session, session: GroupSession, now: int) -> Meeting:
    group = s.get_one(Group, session.group_id)
    before = select(func.count()).where(
        GroupSession.group_id == session.group_id,
        GroupSession.state == "scheduled",
        GroupSession.scheduled_at < session.scheduled_at,
        GroupSession.scheduled_at > now - NOT_HELD_AFTER,
    )
    number = number_in_series(s, session) + s.exec(before).one()
    return Meeting(session, group.name, number, len(roster(s, group.id)))


def _past(s: Session, session: GroupSession, staff: Staff, now: int) -> Past:
    note = s.get(ProgressNote, session.id)
    status = Status(note.status) if note else Status.DRAFT
    return Past(load(s, session, now), status, may(staff, session, Verb.READ))


def _unfinished(s: Session, mine: ColumnElement[bool], now: int) -> list[Unfinished]:
    """Where somebody who asked to talk got no answer first, then returned notes, then drafts; each the oldest first."""
    query = (
        select(ProgressNote)
        .join(GroupSession, col(GroupSession.id) == ProgressNote.session_id)
        .where(mine, GroupSession.state == "ended", col(ProgressNote.status).in_(OPEN))
    )
    found = [_to_finish(s, note, now) for note in s.exec(query)]
    return sorted(found, key=lambda one: (not one.unanswered, not one.returned, one.due_at))


def _to_finish(s: Session, note: ProgressNote, now: int) -> Unfinished:
    record = load(s, s.get_one(GroupSession, note.session_id), now)
    due_at = (record.live.ended_at or record.session.scheduled_at) + DUE_AFTER
    if note.status != Status.RETURNED:
        return Unfinished(record, due_at)
    step = s.exec(
        select(NoteStep)
        .where(NoteStep.session_id == note.session_id, NoteStep.kind == Step.RETURNED)
        .order_by(col(NoteStep.at).desc())
    ).first()
    by = record.names.get(step.staff_id, "") if step else ""
    return Unfinished(record, due_at, step.text if step else "", by or "A supervisor")
