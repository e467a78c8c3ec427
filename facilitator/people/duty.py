"""Which supervisors are on duty: those who said so, for one shift; while nobody has, all of them.

Somebody who forgets to say that they go is off duty by themselves after a while, or a request would wait for a person
who is asleep.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from facilitator.people.access import Role
from facilitator.people.staff import HOUR_MS, get
from facilitator.storage.tables import Staff

SHIFT_MS = 12 * HOUR_MS


def begin(s: Session, staff_id: str, now: int) -> None:
    """Somebody is on duty from now, for a shift."""
    get(s, staff_id).on_duty_since = now


def end(s: Session, staff_id: str) -> None:
    """Somebody is off duty."""
    get(s, staff_id).on_duty_since = None


def until(staff: Staff, now: int) -> int | None:
    """When the shift of ``staff`` is over (ms UTC), or None when they are not on duty."""
    if staff.on_duty_since is None or not staff.active or Role(staff.role) is not Role.SUPERVISOR:
        return None
    over = staff.on_duty_since + SHIFT_MS
    return over if now < over else None


def on_duty(s: Session, now: int) -> list[Staff]:
    """The supervisors who are on duty, by name."""
    said_so = select(Staff).where(col(Staff.on_duty_since).is_not(None)).order_by(Staff.name)
    return [staff for staff in s.exec(said_so) if until(staff, now) is not None]
