"""Groups, rosters and who leads them."""

from __future__ import annotations

import pytest

from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.people.access import Unknown
from facilitator.people.problems import FieldProblem
from facilitator.text import BadText
from tests.conftest import ROSTER, Cast, Clinic


def test_a_roster_is_in_the_order_of_names(clinic: Clinic) -> None:
    with clinic.db.read() as s:
        assert [member.name for member in groups.roster(s, clinic.group.id)] == sorted(ROSTER)


def test_a_member_who_leaves_is_kept_for_old_records_and_may_come_back(clinic: Clinic) -> None:
    robin = clinic.roster[0]
    with clinic.db.write() as s:
        groups.set_member_active(s, clinic.group.id, robin.id, False)
    with clinic.db.read() as s:
        assert robin.id not in {member.id for member in groups.roster(s, clinic.group.id)}
        assert groups.members(s, clinic.group.id)[-1].id == robin.id
    with clinic.db.write() as s:
        groups.set_member_active(s, clinic.group.id, robin.id, True)
        assert robin.id in {member.id for member in groups.roster(s, clinic.group.id)}


def test_two_people_of_one_name_are_told_apart(clinic: Clinic) -> None:
    with clinic.db.write() as s:
        with pytest.raises(FieldProblem, match="This name is on the roster already"):
            groups.add_member(s, clinic.group.id, " Robin ")
        with pytest.raises(FieldProblem):
            groups.rename_member(s, clinic.group.id, clinic.roster[1].id, "Robin")
        groups.set_member_active(s, clinic.group.id, clinic.roster[0].id, False)
        groups.add_member(s, clinic.group.id, "Robin")
        with pytest.raises(FieldProblem):
            groups.set_member_active(s, clinic.group.id, clinic.roster[0].id, True)


def test_a_name_may_stay_as_it_is(clinic: Clinic) -> None:
    with clinic.db.write() as s:
        assert groups.rename_member(s, clinic.group.id, clinic.roster[0].id, "Robin").name == "Robin"
        assert groups.rename_group(s, clinic.group.id, "Tuesday group").name == "Tuesday group"


@pytest.mark.parametrize("name", ["", "   ", "Ro\0bin", "R" * 81, "Robin\nSasha"])
def test_a_name_that_cannot_be_taken_adds_nobody(clinic: Clinic, name: str) -> None:
    with clinic.db.write() as s:
        with pytest.raises((FieldProblem, BadText)):
            groups.add_member(s, clinic.group.id, name)
        with pytest.raises((FieldProblem, BadText)):
            groups.add_group(s, name)
    with clinic.db.read() as s:
        assert len(groups.members(s, clinic.group.id)) == len(ROSTER)


def test_two_open_groups_have_two_names(clinic: Clinic) -> None:
    with clinic.db.write() as s:
        with pytest.raises(FieldProblem, match="There is a group with this name already"):
            groups.add_group(s, "Tuesday group")
        groups.set_group_active(s, clinic.group.id, False)
        groups.add_group(s, "Tuesday group")
        with pytest.raises(FieldProblem):
            groups.set_group_active(s, clinic.group.id, True)


def test_a_form_sent_twice_makes_one_group_and_one_member(clinic: Clinic) -> None:
    group_id, member_id = groups.new_id(), groups.new_id()
    with clinic.db.write() as s:
        assert [groups.add_group(s, "Friday", group_id).id for _ in range(2)] == [group_id] * 2
        assert [groups.add_member(s, group_id, "Wren", member_id).id for _ in range(2)] == [member_id] * 2
        with pytest.raises(Unknown):
            groups.add_member(s, clinic.group.id, "Wren", member_id)


def test_only_people_who_lead_can_be_assigned(clinic: Clinic, cast: Cast) -> None:
    with clinic.db.write() as s:
        people.switch_off(s, cast.max.id)
        for nobody in (cast.ada.id, cast.max.id, "nobody"):
            with pytest.raises(FieldProblem, match="Choose a facilitator or a supervisor"):
                groups.assign(s, clinic.group.id, nobody)
        assert [staff.name for staff in groups.possible_leaders(s)] == ["Fern", "Sol"]


def test_assigning_twice_or_taking_off_twice_does_no_harm(clinic: Clinic, cast: Cast) -> None:
    with clinic.db.write() as s:
        for _ in range(2):
            groups.assign(s, clinic.group.id, cast.max.id)
        assert [staff.name for staff in groups.leaders(s, clinic.group.id)] == ["Fern", "Max", "Sol"]
        for _ in range(2):
            groups.unassign(s, clinic.group.id, cast.max.id)
        assert [staff.name for staff in groups.leaders(s, clinic.group.id)] == ["Fern", "Sol"]


def test_a_member_of_another_group_is_unknown_here(clinic: Clinic) -> None:
    with clinic.db.write() as s:
        other = groups.add_group(s, "Friday")
        with pytest.raises(Unknown):
            groups.rename_member(s, other.id, clinic.roster[0].id, "Somebody")
        with pytest.raises(Unknown):
            groups.add_member(s, "nowhere", "Somebody")
