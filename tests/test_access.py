"""Who may do what, without the web: roles, sessions, groups."""

from __future__ import annotations

import pytest

from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.people.access import (
    RULES,
    NotYours,
    Role,
    Unknown,
    Verb,
    group_for,
    groups_of,
    may,
    may_enter,
    session_for,
)
from facilitator.storage.engine import Database
from facilitator.storage.tables import Staff
from tests.conftest import Cast, Clinic

LEADING = {Verb.LEAD, Verb.READ, Verb.WRITE_NOTE, Verb.SIGN}


def test_what_is_not_written_down_is_refused_to_everybody() -> None:
    assert not any(may_enter(role, "records.burn") for role in (None, *Role))


def test_every_rule_lets_somebody_in() -> None:
    assert all(rule.public or rule.roles for rule in RULES.values())


def test_without_signing_in_only_public_pages_are_open() -> None:
    assert {endpoint for endpoint in RULES if may_enter(None, endpoint)} == {
        endpoint for endpoint, rule in RULES.items() if rule.public
    }
    assert may_enter(None, "staff.sign_in") and may_enter(None, "phone.join")
    assert not may_enter(None, "console.show") and not may_enter(None, "review.index")


def test_administrators_see_no_console_and_no_record() -> None:
    assert not any(
        may_enter(Role.ADMINISTRATOR, endpoint)
        for endpoint, rule in RULES.items()
        if endpoint.split(".")[0] in {"console", "sessions", "review"} and not rule.public
    )


def test_a_session_is_led_by_those_named_in_it_and_by_nobody_else(clinic: Clinic, cast: Cast) -> None:
    session = clinic.session(co_facilitator=cast.max)

    assert _verbs(clinic, cast.fern, session.id) == LEADING
    assert _verbs(clinic, cast.max, session.id) == LEADING
    assert _verbs(clinic, cast.sol, session.id) == {Verb.READ, Verb.REVIEW}
    assert _verbs(clinic, cast.ada, session.id) == set()


def test_being_assigned_to_the_group_does_not_open_a_colleagues_session(clinic: Clinic, cast: Cast) -> None:
    session = clinic.session()
    with clinic.db.write() as s:
        groups.assign(s, clinic.group.id, cast.max.id)

    assert _verbs(clinic, cast.max, session.id) == set()


def test_a_supervisor_never_reviews_a_session_of_their_own(clinic: Clinic, cast: Cast) -> None:
    led, shared = clinic.session(facilitator=cast.sol), clinic.session(co_facilitator=cast.sol)

    assert _verbs(clinic, cast.sol, led.id) == _verbs(clinic, cast.sol, shared.id) == LEADING


def test_somebody_switched_off_may_do_nothing(clinic: Clinic, cast: Cast) -> None:
    session = clinic.session()
    with clinic.db.write() as s:
        fern = people.switch_off(s, cast.fern.id)

    assert not any(may(fern, session, verb) for verb in Verb)


def test_a_session_that_is_not_there_is_unknown_and_not_forbidden(clinic: Clinic, cast: Cast) -> None:
    with clinic.db.read() as s, pytest.raises(Unknown, match="There is no such session"):
        session_for(s, cast.fern, "nowhere", Verb.READ)


def test_facilitators_see_the_groups_they_are_assigned_to(clinic: Clinic, cast: Cast) -> None:
    with clinic.db.write() as s:
        other = groups.add_group(s, "Thursday group")
        groups.assign(s, other.id, cast.max.id)
    with clinic.db.read() as s:
        assert [group.name for group in groups_of(s, cast.fern)] == ["Tuesday group"]
        assert [group.name for group in groups_of(s, cast.max)] == ["Thursday group"]
        assert len(groups_of(s, cast.sol)) == len(groups_of(s, cast.ada)) == 2
        assert group_for(s, cast.fern, clinic.group.id).name == "Tuesday group"
        with pytest.raises(NotYours, match="This group is not yours to open"):
            group_for(s, cast.max, clinic.group.id)
        with pytest.raises(Unknown):
            group_for(s, cast.fern, "nowhere")


def test_only_an_active_role_can_be_kept(db: Database, cast: Cast) -> None:
    with db.write() as s, pytest.raises(ValueError, match="Choose facilitator, supervisor or administrator"):
        people.change_role(s, cast.fern.id, "root")


def _verbs(clinic: Clinic, staff: Staff, session_id: str) -> set[Verb]:
    """What ``staff`` is let do with the session, found by trying each verb."""
    allowed = set()
    with clinic.db.read() as s:
        for verb in Verb:
            try:
                session_for(s, staff, session_id, verb)
            except NotYours:
                continue
            allowed.add(verb)
    return allowed
