"""Sessions before their doors open: scheduling one, changing it, cancelling it.

A session carries the whole text of its plan from the moment it is scheduled, so that later changes to the library
change nothing that was agreed for a room.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.fit import LENGTHS, CannotFit
from facilitator.people.access import CLINICIANS
from facilitator.realtime.codes import new_code
from facilitator.realtime.state import MINUTE
from facilitator.records import audit, editions
from facilitator.records.fitting import frozen_at, length_of
from facilitator.records.local_time import Moment, NoSuchTime, local_clock, local_date, moment, read_clock, read_date
from facilitator.storage.tables import Group, GroupSession, GroupStaff, PlanEdition, Staff

# A session may be entered when the group is already sitting, and a typing mistake in the year is caught.
EARLIEST = timedelta(days=1)
LATEST = timedelta(days=366)
TAKES_TIME = ("scheduled", "doors_open", "live")
AS_SCHEDULED = "as-scheduled"
"""The choice of plan that leaves the text in the session as it is, although the library has another one now."""
NO_SUCH_LENGTH = "Choose a length from the list."
NOT_FITTED = "This text is from before lengths could be chosen. To fit it, choose the plan from the list above."
TOO_LATE = {
    "doors_open": "The doors are open. This session can no longer be changed.",
    "live": "This session is running. It can no longer be changed.",
    "ended": "This session has ended. It can no longer be changed.",
    "cancelled": "This session was cancelled. Schedule a new one.",
}


class Unschedulable(ValueError):
    """It cannot be scheduled like this. ``problems``: a sentence for each field to change, "" for the whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Wanted:
    """What somebody wrote into the form, as they wrote it. Ids are empty when nothing was chosen.

    ``length`` is in minutes on the clock; empty: as the plan is written.
    """

    group: str = ""
    plan: str = ""
    date: str = ""
    time: str = ""
    facilitator: str = ""
    co_facilitator: str = ""
    length: str = ""


@dataclass(frozen=True)
class Clinic:
    """What scheduling needs to know: the ordered curricula, the clinic's time zone, and the time (ms UTC)."""

    curricula: Sequence[Curriculum]
    zone: ZoneInfo
    now: int


@dataclass(frozen=True)
class Scheduled:
    """A session as it now stands. ``twice``: its time comes twice that night, and the first was taken."""

    session: GroupSession
    twice: bool = False


def schedule(s: Session, staff: Staff, wanted: Wanted, clinic: Clinic) -> Scheduled:
    """Schedule a session that ``staff`` will lead. Asked for again, it is the same session. Raises Unschedulable."""
    problems: dict[str, str] = {}
    group = _group(s, staff, wanted.group, problems)
    frozen = _frozen(editions.newest(s, wanted.plan), wanted.length, problems)
    when = _when(wanted, clinic, problems)
    _check_co_facilitator(s, wanted.co_facilitator, staff.id, problems)
    if problems or group is None or frozen is None or when is None:
        raise Unschedulable(problems)
    session = GroupSession(
        id=secrets.token_urlsafe(12),
        group_id=group.id,
        facilitator_id=staff.id,
        co_facilitator_id=wanted.co_facilitator or None,
        scheduled_at=when.at,
        screen_token=secrets.token_urlsafe(24),
        join_code=unused_code(s),
        **frozen,
    )
    if same := _already_there(s, session):
        return Scheduled(same, when.twice)
    _check_overlap(s, session)
    s.add(session)
    s.flush()
    audit.write(s, staff.id, "session.scheduled", session.id, _traced(session), clinic.now)
    return Scheduled(session, when.twice)


def change(s: Session, staff: Staff, session: GroupSession, wanted: Wanted, clinic: Clinic) -> Scheduled:
    """Give a session another plan, time or people before its doors open. Raises Unschedulable."""
    _must_be_scheduled(session)
    before = _traced(session)
    problems: dict[str, str] = {}
    when = _when(wanted, clinic, problems, session)
    frozen = _frozen_anew(s, session, wanted, problems)
    facilitator = wanted.facilitator or session.facilitator_id
    if facilitator not in {one.id for one in leaders_for(s, session)}:
        problems["facilitator"] = "Choose somebody who leads this group."
    _check_co_facilitator(s, wanted.co_facilitator, facilitator, problems, session)
    if problems or when is None:
        raise Unschedulable(problems)
    session.facilitator_id = facilitator
    session.co_facilitator_id = wanted.co_facilitator or None
    session.scheduled_at = when.at
    for column, value in frozen.items():
        setattr(session, column, value)
    _check_overlap(s, session)
    s.flush()
    if _traced(session) != before:
        audit.write(s, staff.id, "session.changed", session.id, {"from": before, "to": _traced(session)}, clinic.now)
    return Scheduled(session, when.twice)


def cancel(s: Session, staff: Staff, session: GroupSession, now: int) -> None:
    """Call a session off before its doors open; it stays on the list as cancelled. Raises Unschedulable."""
    if session.state == "cancelled":
        return
    _must_be_scheduled(session)
    session.state = "cancelled"
    s.flush()
    audit.write(s, staff.id, "session.cancelled", session.id, {}, now)


def groups_to_lead(s: Session, staff: Staff) -> list[Group]:
    """The groups that ``staff`` may schedule sessions for, by name."""
    if staff.role not in CLINICIANS.roles:
        return []
    mine = select(GroupStaff.group_id).where(GroupStaff.staff_id == staff.id)
    return list(s.exec(select(Group).where(col(Group.active), col(Group.id).in_(mine)).order_by(Group.name)))


def clinicians(s: Session) -> list[Staff]:
    """Everybody who can help to lead a session, by name."""
    roles = [str(role) for role in CLINICIANS.roles]
    return list(s.exec(select(Staff).where(col(Staff.active), col(Staff.role).in_(roles)).order_by(Staff.name)))


def leaders_for(s: Session, session: GroupSession) -> list[Staff]:
    """Who can be the facilitator of a session: those who lead its group, and whoever it is now."""
    leading = set(s.exec(select(GroupStaff.staff_id).where(GroupStaff.group_id == session.group_id)))
    named = s.get_one(Staff, session.facilitator_id)
    able = [one for one in clinicians(s) if one.id in leading or one.id == named.id]
    return able if named.id in {one.id for one in able} else [*able, named]


def newer_text(s: Session, session: GroupSession) -> bool:
    """Whether the library no longer has the very plan that was frozen into the session."""
    plan = editions.newest(s, session.plan_id)
    if plan is None or session.plan_edition is None:
        return plan is None or plan.sha256 != session.plan_sha256
    return plan.id != session.plan_edition


def chosen_edition(s: Session, session: GroupSession, plan_id: str) -> PlanEdition | None:
    """The edition that somebody chose for ``session`` by a plan's id, or by leaving it as it was scheduled."""
    if plan_id != AS_SCHEDULED:
        return editions.newest(s, plan_id)
    return editions.one(s, session.plan_edition) if session.plan_edition else None


def read_length(text: str) -> int | None:
    """The length that was chosen, in minutes; None: as the plan is written. Raises ValueError."""
    if not text:
        return None
    length = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
    if length not in LENGTHS:
        raise ValueError(text)
    return length


def unused_code(s: Session) -> str:
    """A join code that no session ever had, so that an old photograph of one opens nothing."""
    while True:
        code = new_code()
        if s.exec(select(GroupSession.id).where(GroupSession.join_code == code)).first() is None:
            return code


def _group(s: Session, staff: Staff, group_id: str, problems: dict[str, str]) -> Group | None:
    group = next((one for one in groups_to_lead(s, staff) if one.id == group_id), None)
    if group is None:
        problems["group"] = "Choose a group."
    return group


def _when(
    wanted: Wanted, clinic: Clinic, problems: dict[str, str], session: GroupSession | None = None
) -> Moment | None:
    try:
        day = read_date(wanted.date)
    except ValueError:
        day = None
        problems["date"] = "Write the date, like 2026-11-24."
    try:
        clock = read_clock(wanted.time)
    except ValueError:
        clock = None
        problems["time"] = "Write the time, like 6:00 pm."
    if day is None or clock is None:
        return None
    if session and (day, clock) == (
        local_date(session.scheduled_at, clinic.zone),
        local_clock(session.scheduled_at, clinic.zone),
    ):
        return Moment(session.scheduled_at)
    if problem := _out_of_reach(day, local_date(clinic.now, clinic.zone)):
        problems["date"] = problem
        return None
    try:
        return moment(day, clock, clinic.zone)
    except NoSuchTime as error:
        problems["time"] = _jumped_over(error, clinic.zone)
        return None


def _out_of_reach(day: date, today: date) -> str:
    if day < today - EARLIEST:
        return "This day is past. Choose today or a later day."
    if day > today + LATEST:
        return "This is more than a year away. Check the year."
    return ""


def _jumped_over(error: NoSuchTime, zone: ZoneInfo) -> str:
    instead = local_clock(error.instead_at, zone)
    return f"The clocks go forward then, and this time is left out. Write {instead:%H:%M} or another time."


def _frozen(edition: PlanEdition | None, length: str, problems: dict[str, str]) -> dict[str, Any] | None:
    """The columns of a session that runs ``edition`` at this length, or None with a problem."""
    if edition is None:
        problems["plan"] = "Choose a plan."
        return None
    try:
        return frozen_at(edition, read_length(length))
    except CannotFit as error:
        problems["length"] = str(error)
    except ValueError:
        problems["length"] = NO_SUCH_LENGTH
    return None


def _frozen_anew(s: Session, session: GroupSession, wanted: Wanted, problems: dict[str, str]) -> dict[str, Any]:
    """What of a session's plan changes. Nothing when the same edition was chosen in the same length again."""
    edition = chosen_edition(s, session, wanted.plan)
    if edition is None and wanted.plan == AS_SCHEDULED:
        # From before editions: its own text is all that there is of its plan, and nothing to go back to once fitted.
        if wanted.length:
            problems["length"] = NOT_FITTED
        return {}
    frozen = _frozen(edition, wanted.length, problems)
    if frozen is None or edition is None:
        return {}
    is_same = edition.id == session.plan_edition and read_length(wanted.length) == length_of(session)
    return {} if is_same else frozen


def _check_co_facilitator(
    s: Session, chosen: str, facilitator: str, problems: dict[str, str], session: GroupSession | None = None
) -> None:
    if not chosen or (session and chosen == session.co_facilitator_id and chosen != facilitator):
        return
    if chosen == facilitator:
        problems["co_facilitator"] = "Choose somebody other than the facilitator, or nobody."
    elif chosen not in {one.id for one in clinicians(s)}:
        problems["co_facilitator"] = "Choose somebody from the list, or nobody."


def _must_be_scheduled(session: GroupSession) -> None:
    if session.state != "scheduled":
        raise Unschedulable({"": TOO_LATE[session.state]})


def _already_there(s: Session, session: GroupSession) -> GroupSession | None:
    """The same session from a form that was sent twice."""
    return s.exec(
        select(GroupSession).where(
            GroupSession.group_id == session.group_id,
            GroupSession.scheduled_at == session.scheduled_at,
            GroupSession.facilitator_id == session.facilitator_id,
            GroupSession.plan_sha256 == session.plan_sha256,
            GroupSession.state == "scheduled",
        )
    ).first()


def _check_overlap(s: Session, session: GroupSession) -> None:
    """A group is in one room at a time."""
    ends_at = session.scheduled_at + session.plan_minutes * MINUTE
    others = select(GroupSession).where(
        GroupSession.group_id == session.group_id,
        GroupSession.id != session.id,
        col(GroupSession.state).in_(TAKES_TIME),
        GroupSession.scheduled_at < ends_at,
        col(GroupSession.scheduled_at) + col(GroupSession.plan_minutes) * MINUTE > session.scheduled_at,
    )
    with s.no_autoflush:
        other = s.exec(others).first()
    if other is not None:
        raise Unschedulable({"time": f"This group already meets then: {other.plan_title}. Choose another time."})


def _traced(session: GroupSession) -> dict[str, str | int | None]:
    """What the audit keeps of a session: which plan, when and who."""
    return {
        "plan": f"{session.plan_id} {session.plan_version}",
        "edition": session.plan_edition,
        "minutes": session.plan_minutes,
        "written_for": session.plan_fit["minutes"] if session.plan_fit else session.plan_minutes,
        "scheduled_at": session.scheduled_at,
        "facilitator": session.facilitator_id,
        "co_facilitator": session.co_facilitator_id,
    }
