"""Who may do what. One table for pages, one function for sessions; whatever is not written here is refused.

This module knows nothing of the web: the gate in ``pages`` asks it before every request, the sockets before every
event.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from facilitator.storage.tables import Group, GroupSession, GroupStaff, Staff


class Role(StrEnum):
    """What a member of staff is for. Exactly one each; a co-facilitator is a facilitator named in a session."""

    FACILITATOR = "facilitator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Verb(StrEnum):
    """What somebody wants with one session."""

    LEAD = "lead"
    """The console and its commands."""
    READ = "read"
    """The record."""
    WRITE_NOTE = "write note"
    SIGN = "sign"
    REVIEW = "review"
    """Co-sign or return."""


class NotYours(Exception):
    """The thing exists and is not for this person."""

    def __init__(self, sentence: str = "This is not yours to open.") -> None:
        super().__init__(sentence)


class Unknown(LookupError):
    """There is no such thing."""

    def __init__(self, sentence: str = "This is not here.") -> None:
        super().__init__(sentence)


@dataclass(frozen=True)
class Rule:
    """Who may reach an endpoint at all. Which sessions and groups they see there is decided per object."""

    roles: frozenset[Role] = frozenset()
    public: bool = False


PUBLIC = Rule(public=True)
ALL_STAFF = Rule(frozenset(Role))
CLINICIANS = Rule(frozenset({Role.FACILITATOR, Role.SUPERVISOR}))
SUPERVISORS = Rule(frozenset({Role.SUPERVISOR}))
ADMINISTRATORS = Rule(frozenset({Role.ADMINISTRATOR}))

RULES: dict[str, Rule] = {
    "assets.file": PUBLIC,
    "health.healthz": PUBLIC,
    # staff
    "staff.sign_in": PUBLIC,
    "staff.sign_in_now": PUBLIC,
    "staff.sign_out": ALL_STAFF,
    "staff.index": ADMINISTRATORS,
    "staff.add": ADMINISTRATORS,
    "staff.add_now": ADMINISTRATORS,
    "staff.show": ADMINISTRATORS,
    "staff.change_role": ADMINISTRATORS,
    "staff.set_password": ADMINISTRATORS,
    "staff.switch_off": ADMINISTRATORS,
    "staff.switch_on": ADMINISTRATORS,
    # groups
    "groups.index": ALL_STAFF,
    "groups.show": ALL_STAFF,
    "groups.add": ADMINISTRATORS,
    "groups.add_now": ADMINISTRATORS,
    "groups.change": ADMINISTRATORS,
    "groups.rename": ADMINISTRATORS,
    "groups.follow": ADMINISTRATORS,
    "groups.switch_off": ADMINISTRATORS,
    "groups.switch_on": ADMINISTRATORS,
    "groups.assign": ADMINISTRATORS,
    "groups.add_member": ADMINISTRATORS,
    "groups.member": ADMINISTRATORS,
    "groups.rename_member": ADMINISTRATORS,
    "groups.take_off": ADMINISTRATORS,
    "groups.put_back": ADMINISTRATORS,
    # plans
    "plans.index": ALL_STAFF,
    "plans.show": ALL_STAFF,
    "plans.print_out": ALL_STAFF,
    "curricula.show": ALL_STAFF,
    "plans.history": ALL_STAFF,
    "plans.version": ALL_STAFF,
    "plans.version_print_out": ALL_STAFF,
    "plans.export": ALL_STAFF,
    "plans.bring": CLINICIANS,
    "plans.bring_now": CLINICIANS,
    "plans.drafts": CLINICIANS,
    "plans.start": CLINICIANS,
    "plans.look": CLINICIANS,
    "plans.clean": CLINICIANS,
    "plans.edit": CLINICIANS,
    "plans.keep": CLINICIANS,
    "plans.save": CLINICIANS,
    "plans.discard": CLINICIANS,
    "plans.discard_now": CLINICIANS,
    "plans.confirm": CLINICIANS,
    "plans.publish": CLINICIANS,
    "plans.begin": CLINICIANS,
    "plans.go_on": CLINICIANS,
    "plans.begin_plan": CLINICIANS,
    "plans.go_on_plan": CLINICIANS,
    # sessions and console
    "sessions.index": CLINICIANS,
    "sessions.schedule": CLINICIANS,
    "sessions.schedule_now": CLINICIANS,
    "sessions.show": CLINICIANS,
    "sessions.plan": CLINICIANS,
    "sessions.plan_print_out": CLINICIANS,
    "sessions.change": CLINICIANS,
    "sessions.change_now": CLINICIANS,
    "sessions.cancel": CLINICIANS,
    "sessions.cancel_now": CLINICIANS,
    "sessions.ended": CLINICIANS,
    "sessions.settle": CLINICIANS,
    "week.show": CLINICIANS,
    "console.show": CLINICIANS,
    "console.command": CLINICIANS,
    "console.view": CLINICIANS,
    "console.qr": CLINICIANS,
    "console.cards": CLINICIANS,
    # review
    "review.index": SUPERVISORS,
    "review.trends": SUPERVISORS,
    "review.group_file": SUPERVISORS,
    "review.show": CLINICIANS,
    "review.record_file": CLINICIANS,
    "review.waiting": SUPERVISORS,
    "review.duty": SUPERVISORS,
    "review.handle": SUPERVISORS,
    "review.co_sign": SUPERVISORS,
    "review.give_back": SUPERVISORS,
    "review.note": CLINICIANS,
    "review.save_note": CLINICIANS,
    "review.sign_note": CLINICIANS,
    "review.add_to_note": CLINICIANS,
    # phones and the projector: a seat or a screen token is the credential, and the routes ask for it themselves
    "phone.join": PUBLIC,
    "phone.room": PUBLIC,
    "phone.seat": PUBLIC,
    "phone.answer": PUBLIC,
    "phone.view": PUBLIC,
    "phone.help": PUBLIC,
    "phone.ask_for_staff": PUBLIC,
    "phone.leave": PUBLIC,
    "phone.forget": PUBLIC,
    "phone.private": PUBLIC,
    "phone.away": PUBLIC,
    "projector.show": PUBLIC,
    "projector.view": PUBLIC,
    "projector.qr": PUBLIC,
}


def may_enter(role: Role | None, endpoint: str) -> bool:
    """Whether somebody of ``role`` (None: not signed in) may reach ``endpoint``. An unlisted one: nobody."""
    rule = RULES.get(endpoint, Rule())
    return rule.public or role in rule.roles


def may(staff: Staff, session: GroupSession, verb: Verb) -> bool:
    """Whether ``staff`` may do ``verb`` with ``session``."""
    role = Role(staff.role)
    if not staff.active or role is Role.ADMINISTRATOR:
        return False
    leads = staff.id in {session.facilitator_id, session.co_facilitator_id}
    match verb:
        case Verb.LEAD | Verb.WRITE_NOTE | Verb.SIGN:
            return leads
        case Verb.READ:
            return leads or role is Role.SUPERVISOR
        case Verb.REVIEW:
            return role is Role.SUPERVISOR and not leads


def session_for(s: Session, staff: Staff, session_id: str, verb: Verb) -> GroupSession:
    """The session, for ``staff`` to do ``verb`` with. Raises Unknown or NotYours."""
    session = s.get(GroupSession, session_id)
    if session is None:
        raise Unknown("There is no such session.")
    if not may(staff, session, verb):
        raise NotYours("This session is not yours to open.")
    return session


def session_to_schedule(s: Session, staff: Staff, session_id: str) -> GroupSession:
    """The session, to look at and change before its doors open: for its facilitators and those who lead its group.

    So that a colleague can take over, or call it off, when somebody is ill. Raises Unknown or NotYours.
    """
    session = s.get(GroupSession, session_id)
    if session is None:
        raise Unknown("There is no such session.")
    if may(staff, session, Verb.LEAD) or leads_group(s, staff, session.group_id):
        return session
    raise NotYours("This session is not yours to open.")


def leads_group(s: Session, staff: Staff, group_id: str) -> bool:
    """Whether ``staff`` is assigned to the group and may schedule sessions for it."""
    return _is_able_to_lead(staff) and s.get(GroupStaff, (group_id, staff.id)) is not None


def groups_led(s: Session, staff: Staff) -> frozenset[str]:
    """The ids of the groups of which ``leads_group`` says so."""
    if not _is_able_to_lead(staff):
        return frozenset()
    return frozenset(s.exec(select(GroupStaff.group_id).where(GroupStaff.staff_id == staff.id)))


def _is_able_to_lead(staff: Staff) -> bool:
    return staff.active and Role(staff.role) in CLINICIANS.roles


def group_for(s: Session, staff: Staff, group_id: str) -> Group:
    """The group with its roster: for administrators, supervisors and those assigned. Raises Unknown or NotYours."""
    group = s.get(Group, group_id)
    if group is None:
        raise Unknown("There is no such group.")
    is_assigned = s.get(GroupStaff, (group_id, staff.id)) is not None
    if not staff.active or not (is_assigned or _sees_every_group(staff)):
        raise NotYours("This group is not yours to open.")
    return group


def groups_of(s: Session, staff: Staff) -> list[Group]:
    """The groups that ``group_for`` would give, active ones first, then by name."""
    query = select(Group).order_by(col(Group.active).desc(), Group.name)
    if not _sees_every_group(staff):
        mine = select(GroupStaff.group_id).where(GroupStaff.staff_id == staff.id)
        query = query.where(col(Group.id).in_(mine))
    return list(s.exec(query))


def _sees_every_group(staff: Staff) -> bool:
    return Role(staff.role) in {Role.ADMINISTRATOR, Role.SUPERVISOR}
