"""Everything that is known of one session, read from its log in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from facilitator.curricula.model import Plan
from facilitator.realtime.events import DoorsOpened, Started
from facilitator.realtime.live import fold, scheduled
from facilitator.realtime.state import Live
from facilitator.realtime.store import log_of, plan_of
from facilitator.records.attendance import Attendance, attendance
from facilitator.records.check_ins import Asked, asked
from facilitator.records.exercises import Done, done
from facilitator.records.timeline import Timeline, timeline
from facilitator.storage.tables import Group, GroupSession, SessionEvent, Staff

HELD = ("doors_open", "live", "ended")
# For whoever needs many sessions and no text of a plan.
WITHOUT_TEXTS = (
    defer(col(GroupSession.plan_text)),  # type: ignore[arg-type]  # SQLModel types it as a column of the table alone
    defer(col(GroupSession.plan_read)),  # type: ignore[arg-type]  # as above
)


@dataclass(frozen=True)
class Record:
    """One session. ``number`` is its place in the group's series, from 1; ``names`` are staff names by id."""

    session: GroupSession
    group: str
    number: int
    names: Mapping[str, str]
    live: Live
    timeline: Timeline
    attendance: Attendance
    check_ins: tuple[Asked, ...]
    exercises: tuple[Done, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan as it was run."""
        return self.live.plan

    @property
    def leaders(self) -> tuple[str, ...]:
        """The facilitator's name, then the co-facilitator's."""
        ids = (self.session.facilitator_id, self.session.co_facilitator_id)
        return tuple(self.names[one] for one in ids if one)


def load(s: Session, session: GroupSession, now: int, *, upto: int | None = None) -> Record:
    """The record of ``session``; with ``upto``, as it was after that many lines of its log."""
    events = [line.event for line in log_of(s, session.id)[:upto]]
    live = fold(scheduled(plan_of(session), session.scheduled_at), events)
    group = s.get_one(Group, session.group_id)
    return Record(
        session=session,
        group=group.name,
        number=number_in_series(s, session),
        names=dict(s.exec(select(Staff.id, Staff.name)).all()),
        live=live,
        timeline=timeline(live, now),
        attendance=attendance(live, events, now),
        check_ins=asked(live, events),
        exercises=done(live.plan, events),
    )


def held(s: Session, group_id: str, now: int, most: int) -> list[Record]:
    """The records of a group's ended sessions, the newest ``most`` of them, in the order in which they were held."""
    ended = select(GroupSession).where(GroupSession.group_id == group_id, GroupSession.state == "ended")
    newest = s.exec(ended.order_by(col(GroupSession.scheduled_at).desc(), col(GroupSession.id).desc()).limit(most))
    return [load(s, session, now) for session in reversed(newest.all())]


def began_of(s: Session, group_id: str) -> set[str]:
    """The ids of a group's sessions that went live. Doors can be opened and closed again with nobody in the room."""
    query = select(SessionEvent.session_id).join(GroupSession, col(GroupSession.id) == SessionEvent.session_id)
    return set(s.exec(query.where(GroupSession.group_id == group_id, SessionEvent.name == Started.__name__)))


def roster_of(s: Session, session_id: str) -> set[str]:
    """The ids of the members who were expected when the doors of a session opened."""
    of_it = SessionEvent.session_id == session_id, SessionEvent.name == DoorsOpened.__name__
    opened = s.exec(select(SessionEvent.data).where(*of_it).order_by(col(SessionEvent.seq).desc())).first()
    return {member for member, _ in opened["roster"]} if opened else set()


def number_in_series(s: Session, session: GroupSession) -> int:
    """Which of its group's meetings this is: one more than those held before it."""
    earlier = or_(
        col(GroupSession.scheduled_at) < session.scheduled_at,
        (col(GroupSession.scheduled_at) == session.scheduled_at) & (col(GroupSession.id) < session.id),
    )
    before = select(func.count()).where(
        GroupSession.group_id == session.group_id, col(GroupSession.state).in_(HELD), earlier
    )
    return s.exec(before).one() + 1
