"""People who asked to talk: the trace that each request leaves, and which supervisors are told when nobody comes.

The audit says who was asked, told, saw it and handled it, and when. Neither the seat nor the name is in it: the name
stands in the session log alone, where the person let it be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from facilitator.people import duty
from facilitator.people.access import Role
from facilitator.realtime.events import RequestEscalated, RequestEvent, RequestHandled, RequestRaised
from facilitator.realtime.state import MINUTE
from facilitator.records import audit
from facilitator.records.record import number_in_series
from facilitator.storage.tables import Escalation, Group, GroupSession, Staff

PASSED_ON_AFTER = 10 * MINUTE
"""For so long those on duty have it for themselves. If none of them has seen it by then, every supervisor does."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits too long, as a supervisor is told: where and since when, and not by which name."""

    request: str
    session_id: str
    group: str
    number: int
    facilitator: str
    is_running: bool
    asked_at: int


@dataclass(frozen=True)
class Told:
    """What one supervisor is told now. ``on_duty``: the names of those who said that they are."""

    waiting: tuple[Waiting, ...]
    on_duty: tuple[str, ...]
    me_on_duty: bool


def trace(s: Session, session_id: str, event: RequestEvent, asked_at: int) -> None:
    """Keep what happened with a request, in the transaction that stores the event."""
    details: dict[str, object] = {"session": session_id, "waited_ms": event.at - asked_at}
    match event:
        case RequestRaised():
            action, details = "request.raised", {"session": session_id, "named": bool(event.name)}
        case RequestEscalated():
            action = "request.escalated"
            s.add(Escalation(request_id=event.request, session_id=session_id, asked_at=asked_at, escalated_at=event.at))
        case RequestHandled():
            action = "request.handled"
            s.exec(delete(Escalation).where(col(Escalation.request_id) == event.request))
    audit.write(s, event.by, action, event.request, details, event.at)


def told(s: Session, viewer: Staff, now: int) -> Told:
    """Who waits too long, the longest first, for the eyes of ``viewer``: a supervisor on duty, or when it is theirs."""
    on_duty = duty.on_duty(s, now)
    names, ids = tuple(staff.name for staff in on_duty), {staff.id for staff in on_duty}
    if not viewer.active or Role(viewer.role) is not Role.SUPERVISOR:
        return Told((), names, me_on_duty=False)
    query = (
        select(Escalation, GroupSession, Group.name, Staff.name)
        .join(GroupSession, col(Escalation.session_id) == GroupSession.id)
        .join(Group, col(GroupSession.group_id) == Group.id)
        .join(Staff, col(GroupSession.facilitator_id) == Staff.id)
        .order_by(col(Escalation.asked_at), col(Escalation.request_id))
    )
    waiting = tuple(
        Waiting(
            request=row.request_id,
            session_id=session.id,
            group=group,
            number=number_in_series(s, session),
            facilitator=facilitator,
            is_running=session.state != "ended",
            asked_at=row.asked_at,
        )
        for row, session, group, facilitator in s.exec(query)
        if not ids or viewer.id in ids or _nobody_saw(row, ids, now)
    )
    return Told(waiting, names, me_on_duty=viewer.id in ids)


def _nobody_saw(row: Escalation, on_duty: set[str], now: int) -> bool:
    return now - row.escalated_at >= PASSED_ON_AFTER and not on_duty & set(row.seen_by)


def unseen(s: Session, viewer: Staff, requests: Iterable[str]) -> list[str]:
    """Those of ``requests`` of which nobody has written down yet that ``viewer`` saw them."""
    rows = s.exec(select(Escalation).where(col(Escalation.request_id).in_(list(requests))))
    return [row.request_id for row in rows if viewer.id not in row.seen_by]


def saw(s: Session, viewer: Staff, requests: Iterable[str], now: int) -> None:
    """``viewer`` was shown that these wait. Only the first time is kept."""
    wanted = select(Escalation).where(col(Escalation.request_id).in_(list(requests)))
    # A row that somebody holds is being handled or seen just now: to wait for it could be to wait for each other.
    for row in s.exec(wanted.with_for_update(skip_locked=True)).all():
        if viewer.id not in row.seen_by:
            row.seen_by = [*row.seen_by, viewer.id]
            s.add(row)
            audit.write(s, viewer.id, "request.seen", row.request_id, {"session": row.session_id}, now)
