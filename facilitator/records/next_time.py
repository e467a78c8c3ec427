"""A first guess at a group's next session: the same hour a week later, and the plan that its arc suggests."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from facilitator.records.arc import Suggestion
from facilitator.records.fitting import length_of
from facilitator.records.local_time import local_clock, local_date
from facilitator.records.scheduling import Clinic, Wanted
from facilitator.storage.tables import GroupSession

WEEK = timedelta(days=7)
CANCELLED = "cancelled"


def next_time(
    s: Session, group_id: str, facilitator: str, clinic: Clinic, suggested: Suggestion | None = None
) -> Wanted:
    """What to fill into the form for this group and facilitator; for a group that never met, no time of day."""
    sessions = select(GroupSession).where(GroupSession.group_id == group_id, GroupSession.state != CANCELLED)
    latest = s.exec(sessions.order_by(col(GroupSession.scheduled_at).desc())).first()
    today = local_date(clinic.now, clinic.zone)
    plan = suggested.plan if suggested else ""
    if latest is None:
        return Wanted(group=group_id, plan=plan, date=today.isoformat())
    return Wanted(
        group=group_id,
        plan=plan,
        date=_weekly(local_date(latest.scheduled_at, clinic.zone), today).isoformat(),
        time=f"{local_clock(latest.scheduled_at, clinic.zone):%H:%M}",
        co_facilitator=_other(latest, facilitator),
        length=str(length_of(latest) or ""),
    )


def _other(session: GroupSession, facilitator: str) -> str:
    """Who led it beside ``facilitator``, or "" when both were others."""
    both = {session.facilitator_id, session.co_facilitator_id} - {None}
    return next(iter(both - {facilitator}), "") or "" if facilitator in both else ""


def _weekly(last: date, today: date) -> date:
    """The first day after ``last`` of the same weekday that is not past."""
    weeks_behind = max(0, -(-(today - last).days // WEEK.days) - 1)
    return last + (1 + weeks_behind) * WEEK
