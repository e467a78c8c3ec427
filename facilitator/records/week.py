"""The sessions of one week, as far as somebody may know of them: their own, and those of the groups they can open.

A week begins on Monday. A session belongs to the day on which it begins on the clinic's clock, also when it goes on
past midnight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from facilitator.people.access import Verb, groups_led, groups_of, may
from facilitator.records.local_time import local_date
from facilitator.records.record import WITHOUT_TEXTS
from facilitator.storage.tables import Group, GroupSession, Staff

WEEK = timedelta(days=7)
# Mondays. Nobody looks further, and further out the calendar itself ends.
EARLIEST, LATEST = date(2000, 1, 3), date(2199, 12, 30)


class OutOfReach(ValueError):
    """This day is in no week that the calendar has."""


@dataclass(frozen=True)
class Booked:
    """A session in its week. ``leaders`` are names, the facilitator's first.

    ``mine``: whoever asked leads it; ``readable``: may read its record; ``plannable``: may look at it and change it
    before its doors open.
    """

    session: GroupSession
    group: str
    leaders: tuple[str, ...]
    mine: bool
    readable: bool
    plannable: bool

    @property
    def cancelled(self) -> bool:
        """Whether it was called off."""
        return self.session.state == "cancelled"


@dataclass(frozen=True)
class Week:
    """A whole week, from its Monday on. ``nearest``: where it is empty, a day with a session, the next one first."""

    monday: date
    booked: tuple[Booked, ...]
    nearest: date | None = None

    @property
    def before(self) -> date | None:
        """The Monday before, or None at the calendar's beginning."""
        return self.monday - WEEK if self.monday > EARLIEST else None

    @property
    def after(self) -> date | None:
        """The Monday after, or None at the calendar's end."""
        return self.monday + WEEK if self.monday < LATEST else None


def week_of(s: Session, staff: Staff, day: date, zone: ZoneInfo) -> Week:
    """The week that ``day`` is in, as ``staff`` may see it. Raises OutOfReach."""
    monday = _monday(day)
    theirs = _theirs(staff, [group.id for group in groups_of(s, staff)])
    starts, ends = _midnight(monday, zone), _midnight(monday + WEEK, zone)
    found = s.exec(
        select(GroupSession)
        .where(theirs, GroupSession.scheduled_at >= starts, GroupSession.scheduled_at < ends)
        .order_by(col(GroupSession.scheduled_at), col(GroupSession.id))
        .options(*WITHOUT_TEXTS)
    ).all()
    booked = tuple(_booked(s, staff, found))
    return Week(monday, booked, None if booked else _nearest(s, theirs, starts, ends, zone))


def _monday(day: date) -> date:
    if not EARLIEST <= day < LATEST + WEEK:
        raise OutOfReach(day)
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: ZoneInfo) -> int:
    """When ``day`` begins in ``zone`` (ms UTC). Where the clocks jump over midnight, the moment of the jump."""
    return int(datetime.combine(day, time(), zone).timestamp()) * 1000


def _theirs(staff: Staff, groups: Collection[str]) -> ColumnElement[bool]:
    return or_(
        col(GroupSession.facilitator_id) == staff.id,
        col(GroupSession.co_facilitator_id) == staff.id,
        col(GroupSession.group_id).in_(groups),
    )


def _booked(s: Session, staff: Staff, found: Sequence[GroupSession]) -> Iterable[Booked]:
    of_groups = {session.group_id for session in found}
    groups = dict(s.exec(select(Group.id, Group.name).where(col(Group.id).in_(of_groups))).all())
    leads = groups_led(s, staff)
    names = dict(s.exec(select(Staff.id, Staff.name)).all())
    for session in found:
        mine = may(staff, session, Verb.LEAD)
        yield Booked(
            session=session,
            group=groups[session.group_id],
            leaders=tuple(names[one] for one in (session.facilitator_id, session.co_facilitator_id) if one),
            mine=mine,
            readable=may(staff, session, Verb.READ),
            plannable=mine or session.group_id in leads,
        )


def _nearest(s: Session, theirs: ColumnElement[bool], starts: int, ends: int, zone: ZoneInfo) -> date | None:
    at = col(GroupSession.scheduled_at)
    there = select(GroupSession.scheduled_at).where(theirs, GroupSession.state != "cancelled")
    found = s.exec(there.where(at >= ends).order_by(at)).first()
    if found is None:
        found = s.exec(there.where(at < starts).order_by(at.desc())).first()
    return None if found is None else local_date(found, zone)
