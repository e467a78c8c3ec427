"""Groups, their rosters, and who leads them. Nothing here is ever deleted: old records name these people."""

from __future__ import annotations

import re
import secrets

from sqlmodel import Session, col, select

from facilitator.people.access import Role, Unknown
from facilitator.people.problems import FieldProblem
from facilitator.storage.tables import Group, GroupSession, GroupStaff, Member, Staff
from facilitator.text import clean_line

LONGEST_NAME = 80
ID = re.compile(r"[A-Za-z0-9_-]{16}")


def new_id() -> str:
    """An id for a group or a member. A form carries it, so that sent twice it still makes one thing."""
    return secrets.token_urlsafe(12)


def add_group(s: Session, name: str, group_id: str = "", curriculum: str | None = None) -> Group:
    """Make a group; one that has this id already is given back as it is. Raises FieldProblem, or BadText."""
    wanted = _usable(group_id)
    if same := s.get(Group, wanted):
        return same
    group = Group(id=wanted, name=_group_name(s, name), curriculum=curriculum)
    s.add(group)
    s.flush()
    return group


def get_group(s: Session, group_id: str) -> Group:
    """The group with this id. Raises Unknown."""
    group = s.get(Group, group_id)
    if group is None:
        raise Unknown("There is no such group.")
    return group


def rename_group(s: Session, group_id: str, name: str) -> Group:
    """Give a group another name. Raises FieldProblem, or BadText."""
    group = get_group(s, group_id)
    group.name = _group_name(s, name, but=group_id)
    return group


def follow(s: Session, group_id: str, curriculum: str | None) -> Group:
    """Say which curriculum a group follows, by its id; None: it follows none. Raises Unknown."""
    group = get_group(s, group_id)
    group.curriculum = curriculum
    return group


def set_group_active(s: Session, group_id: str, active: bool) -> Group:
    """Close a group, so that nothing more is scheduled for it, or open it again. Raises FieldProblem."""
    group = get_group(s, group_id)
    if active and not group.active:
        _group_name(s, group.name, but=group_id)
    group.active = active
    return group


def add_member(s: Session, group_id: str, name: str, member_id: str = "") -> Member:
    """Put a name on a group's roster; one that has this id already is given back. Raises FieldProblem, or BadText."""
    group, wanted = get_group(s, group_id), _usable(member_id)
    if s.get(Member, wanted):
        return get_member(s, group.id, wanted)
    member = Member(id=wanted, group_id=group.id, name=_member_name(s, group.id, name))
    s.add(member)
    s.flush()
    return member


def get_member(s: Session, group_id: str, member_id: str) -> Member:
    """A member of this group, on its roster now or before. Raises Unknown."""
    member = s.get(Member, member_id)
    if member is None or member.group_id != group_id:
        raise Unknown("There is nobody like this in the group.")
    return member


def rename_member(s: Session, group_id: str, member_id: str, name: str) -> Member:
    """Give a member another name. Raises FieldProblem, or BadText."""
    member = get_member(s, group_id, member_id)
    member.name = _member_name(s, group_id, name, but=member_id)
    return member


def set_member_active(s: Session, group_id: str, member_id: str, active: bool) -> Member:
    """Take a member off the roster, or put them back. Earlier records keep them. Raises FieldProblem."""
    member = get_member(s, group_id, member_id)
    if active and not member.active:
        _member_name(s, group_id, member.name, but=member_id)
    member.active = active
    return member


def roster(s: Session, group_id: str) -> list[Member]:
    """Who is expected now, by name."""
    return [member for member in members(s, group_id) if member.active]


def members(s: Session, group_id: str) -> list[Member]:
    """Everybody who is or was on the roster, those now on it first, then by name."""
    query = select(Member).where(Member.group_id == group_id).order_by(col(Member.active).desc(), Member.name)
    return list(s.exec(query))


def expected(s: Session, session_id: str) -> tuple[tuple[str, str], ...]:
    """The roster of a session as it is now: id and name of everybody expected. What a session takes in at its doors."""
    group_ids = select(GroupSession.group_id).where(GroupSession.id == session_id)
    query = select(Member).where(col(Member.group_id).in_(group_ids), col(Member.active)).order_by(Member.name)
    return tuple((member.id, member.name) for member in s.exec(query))


def assign(s: Session, group_id: str, staff_id: str) -> None:
    """Let a facilitator or supervisor schedule and lead this group. Raises FieldProblem."""
    group, staff = get_group(s, group_id), s.get(Staff, staff_id)
    if staff is None or not staff.active or staff.role == Role.ADMINISTRATOR:
        raise FieldProblem("staff", "Choose a facilitator or a supervisor from the list.")
    if s.get(GroupStaff, (group.id, staff.id)) is None:
        s.add(GroupStaff(group_id=group.id, staff_id=staff.id))
        s.flush()


def unassign(s: Session, group_id: str, staff_id: str) -> None:
    """Take somebody off a group. Sessions that they are named in stay theirs."""
    assignment = s.get(GroupStaff, (group_id, staff_id))
    if assignment is not None:
        s.delete(assignment)
        s.flush()


def leaders(s: Session, group_id: str) -> list[Staff]:
    """Who is assigned to a group and can sign in, by name."""
    query = (
        select(Staff)
        .join(GroupStaff, col(GroupStaff.staff_id) == Staff.id)
        .where(GroupStaff.group_id == group_id, col(Staff.active))
        .order_by(Staff.name)
    )
    return list(s.exec(query))


def possible_leaders(s: Session) -> list[Staff]:
    """Everybody who could be assigned to a group, by name."""
    query = select(Staff).where(col(Staff.active), Staff.role != Role.ADMINISTRATOR).order_by(Staff.name)
    return list(s.exec(query))


def _usable(given: str) -> str:
    return given if ID.fullmatch(given) else new_id()


def _group_name(s: Session, text: str, but: str = "") -> str:
    name = clean_line(text, longest=LONGEST_NAME, name="Name")
    if not name:
        raise FieldProblem("name", "Write the group's name.")
    same = select(Group.id).where(Group.name == name, col(Group.active), Group.id != but)
    if s.exec(same).first() is not None:
        raise FieldProblem("name", "There is a group with this name already. Add the day or the place.")
    return name


def _member_name(s: Session, group_id: str, text: str, but: str = "") -> str:
    name = clean_line(text, longest=LONGEST_NAME, name="Name")
    if not name:
        raise FieldProblem("name", "Write the name as it should stand on the roster.")
    same = select(Member.id).where(
        Member.group_id == group_id, Member.name == name, col(Member.active), Member.id != but
    )
    if s.exec(same).first() is not None:
        raise FieldProblem("name", "This name is on the roster already. Add an initial.")
    return name
