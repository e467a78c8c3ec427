"""A first guess at a group's next session: the same hour a week later, and the plan that follows in its curriculum."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlmodel import Session, col, select

from facilitator.curricula.curriculum import Curriculum
from facilitator.records.editions import newest
from facilitator.records.local_time import local_clock, local_date
from facilitator.records.scheduling import Clinic, Wanted
from facilitator.storage.tables import GroupSession

WEEK = timedelta(days=7)
CANCELLED = "cancelled"


def next_time(s: Session, group_id: str, facilitator: str, clinic: Clinic) -> Wanted:
    """What to fill into the form for this group and facilitator; for a group that never met, only today's date."""
    sessions = select(GroupSession).where(GroupSession.group_id == group_id, GroupSession.state != CANCELLED)
    latest = s.exec(sessions.order_by(col(GroupSession.scheduled_at).desc())).first()
    today = local_date(clinic.now, clinic.zone)
    if latest is None:
        return Wanted(group=group_id, date=today.isoformat())
    return Wanted(
        group=group_id,
        plan=_following(s, latest.plan_id, clinic.curricula),
        date=_weekly(local_date(latest.scheduled_at, clinic.zone), today).isoformat(),
        time=f"{local_clock(latest.scheduled_at, clinic.zone):%H:%M}",
        co_facilitator=_other(latest, facilitator),
    )


def _other(session: GroupSession, facilitator: str) -> str:
    """Who led it beside ``facilitator``, or "" when both were others."""
    both = {session.facilitator_id, session.co_facilitator_id} - {None}
    return next(iter(both - {facilitator}), "") or "" if facilitator in both else ""


def _weekly(last: date, today: date) -> date:
    """The first day after ``last`` of the same weekday that is not past."""
    weeks_behind = max(0, -(-(today - last).days // WEEK.days) - 1)
    return last + (1 + weeks_behind) * WEEK


def _following(s: Session, plan_id: str, curricula: Iterable[Curriculum]) -> str:
    """The plan after this one, in the first curriculum that has one."""
    for curriculum in curricula:
        if following := _after(plan_id, curriculum.plans):
            return following if newest(s, following) else ""
    return ""


def _after(plan_id: str, plans: Iterable[str]) -> str:
    ordered = list(plans)
    place = ordered.index(plan_id) + 1 if plan_id in ordered else len(ordered)
    return ordered[place] if place < len(ordered) else ""
