"""Groups and rosters on the web: administrators look after them, those who lead a group read it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from facilitator.people import groups
from facilitator.storage.tables import Audit, Group
from tests.conftest import ROSTER, Cast, Clinic, csrf_token
from tests.desk import SignInAs

LONG = "M" * 80
ODD_NAMES = ["Inês Valadares", "ليلى", "Nguyễn Thị Ánh", "O'Neil & <b>sons</b>", LONG]


@pytest.fixture
def ada(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(clinic.cast.ada)


def send(client: FlaskClient, address: str, fields: dict[str, str | list[str]] | None = None) -> TestResponse:
    return client.post(address, data=(fields or {}) | {"csrf_token": csrf_token(client, "/groups")})


def key_on(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def names(clinic: Clinic, group_id: str) -> set[str]:
    with clinic.db.read() as s:
        return {member.name for member in groups.roster(s, group_id)}


def test_an_administrator_makes_a_group_its_roster_and_its_facilitators(
    clinic: Clinic, ada: FlaskClient, sign_in: SignInAs
) -> None:
    made = send(ada, "/groups/add", {"name": "Thursday lunch"})
    page = made.location
    send(ada, f"{page}/members", {"name": "Noor"})
    send(ada, f"{page}/leaders", {"leaders": [clinic.cast.max.id]})

    shown = ada.get(page).text
    assert made.status_code == 303
    assert "Thursday lunch" in shown and "Noor" in shown and "Led by" in shown
    for_max = sign_in(clinic.cast.max).get(page)
    assert for_max.status_code == 200 and "Noor" in for_max.text and "Schedule a session" in for_max.text


def test_a_form_sent_twice_adds_one_group_and_one_name(clinic: Clinic, ada: FlaskClient) -> None:
    fields: dict[str, str | list[str]] = {"name": "Thursday lunch", "key": key_on(ada, "/groups/add")}
    first, second = send(ada, "/groups/add", fields), send(ada, "/groups/add", fields)
    assert first.location == second.location

    fields = {"name": "Noor", "key": key_on(ada, first.location)}
    for _ in range(2):
        assert send(ada, f"{first.location}/members", fields).status_code == 303
    assert names(clinic, first.location.rsplit("/", 1)[1]) == {"Noor"}


def test_a_key_that_nobody_gave_out_is_not_used(clinic: Clinic, ada: FlaskClient) -> None:
    made = send(ada, "/groups/add", {"name": "Thursday lunch", "key": "../../etc/passwd"})

    assert made.status_code == 303 and "passwd" not in made.location


@pytest.mark.parametrize("name", ODD_NAMES)
def test_every_name_is_shown_as_it_is_written(clinic: Clinic, ada: FlaskClient, name: str) -> None:
    page = f"/groups/{clinic.group.id}"

    assert send(ada, f"{page}/members", {"name": name}).status_code == 303
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    assert f"<bdi>{escaped}</bdi>" in ada.get(page).text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Write the name as it should stand on the roster."),
        ("N" * 200, "Name: use at most 80 characters. This has 200."),
        ("Ann\x00", "Name: has a character that cannot be shown."),
        ("\u202eAnn", "Name: has a character that cannot be shown."),
        ("Ann\nBo", "Name: write it on one line."),
        (ROSTER[0], "This name is on the roster already. Add an initial."),
    ],
)
def test_a_name_that_cannot_be_is_said_beside_its_field_and_not_lost(
    clinic: Clinic, ada: FlaskClient, name: str, said: str
) -> None:
    answer = send(ada, f"/groups/{clinic.group.id}/members", {"name": name})

    assert answer.status_code == 422
    assert answer.text.count(said) == 2, "Once in the summary, once beside the field."
    assert "There is a problem" in answer.text and "<title>Error: " in answer.text
    assert name[:3] in answer.text
    assert names(clinic, clinic.group.id) == set(ROSTER)


def test_a_group_without_a_name_is_not_made(clinic: Clinic, ada: FlaskClient) -> None:
    for name, said in (("", "name."), ("Tuesday group", "There is a group with this name already.")):
        answer = send(ada, "/groups/add", {"name": name})
        assert answer.status_code == 422 and said in answer.text

    with clinic.db.read() as s:
        assert len(s.exec(select(Group)).all()) == 1


def test_a_member_is_renamed_taken_off_and_put_back(clinic: Clinic, ada: FlaskClient) -> None:
    robin = clinic.roster[0]
    page = f"/groups/{clinic.group.id}/members/{robin.id}"

    send(ada, f"{page}/name", {"name": "Robin A."})
    send(ada, f"{page}/take-off")
    assert names(clinic, clinic.group.id) == set(ROSTER) - {"Robin"}
    assert "1 off the roster" in ada.get(f"/groups/{clinic.group.id}").text

    send(ada, f"{page}/put-back")
    send(ada, f"{page}/put-back")
    assert names(clinic, clinic.group.id) == set(ROSTER) - {"Robin"} | {"Robin A."}


def test_a_group_is_renamed_switched_off_and_on(clinic: Clinic, ada: FlaskClient, sign_in: SignInAs) -> None:
    page = f"/groups/{clinic.group.id}"

    send(ada, f"{page}/name", {"name": "Tuesday late"})
    send(ada, f"{page}/switch-off")
    fern = sign_in(clinic.cast.fern)
    assert "Switched off" in fern.get("/groups").text
    assert "Schedule a session" not in fern.get(page).text

    send(ada, f"{page}/switch-on")
    assert "Schedule a session" in fern.get(page).text and "Tuesday late" in fern.get(page).text


def test_only_clinicians_can_lead_a_group(clinic: Clinic, ada: FlaskClient) -> None:
    answer = send(ada, f"/groups/{clinic.group.id}/leaders", {"leaders": [clinic.cast.max.id, clinic.cast.ada.id]})

    assert answer.status_code == 422
    assert "Choose a facilitator or a supervisor from the list." in answer.text
    with clinic.db.read() as s:
        assert [staff.name for staff in groups.leaders(s, clinic.group.id)] == ["Fern", "Sol"]


def test_who_leads_a_group_is_exactly_who_is_ticked(clinic: Clinic, ada: FlaskClient) -> None:
    for ticked in ([clinic.cast.max.id], []):
        send(ada, f"/groups/{clinic.group.id}/leaders", {"leaders": list(ticked)})
        with clinic.db.read() as s:
            assert [staff.id for staff in groups.leaders(s, clinic.group.id)] == ticked
    assert "Nobody leads this group yet" in ada.get(f"/groups/{clinic.group.id}").text


def test_facilitators_read_their_own_rosters_and_change_nothing(clinic: Clinic, sign_in: SignInAs) -> None:
    fern, stranger = sign_in(clinic.cast.fern), sign_in(clinic.cast.max)
    page = f"/groups/{clinic.group.id}"

    assert ROSTER[0] in fern.get(page).text and "Add a name" not in fern.get(page).text
    assert stranger.get(page).status_code == 403 and ROSTER[0] not in stranger.get(page).text
    assert "You lead no group yet" in stranger.get("/groups").text
    for address in ("/groups/add", f"{page}/members", f"{page}/name", f"{page}/switch-off", f"{page}/leaders"):
        assert send(fern, address, {"name": "Somebody"}).status_code == 403
    assert names(clinic, clinic.group.id) == set(ROSTER)


def test_administrators_see_no_session_of_a_group(clinic: Clinic, ada: FlaskClient, sign_in: SignInAs) -> None:
    session = clinic.session("T04")
    page = f"/groups/{clinic.group.id}"

    assert "Riding out cravings" in sign_in(clinic.cast.fern).get(page).text
    assert "Riding out cravings" not in ada.get(page).text
    assert ada.get(f"/sessions/{session.id}").status_code == 403


def test_what_administrators_do_is_traced_without_a_members_name(clinic: Clinic, ada: FlaskClient) -> None:
    send(ada, f"/groups/{clinic.group.id}/members", {"name": "Noor"})

    with clinic.db.read() as s:
        trace = s.exec(select(Audit).where(Audit.action == "member.added")).one()
    assert trace.staff_id == clinic.cast.ada.id
    assert trace.details == {"group": clinic.group.id}


def test_what_is_not_there_is_said_calmly(clinic: Clinic, ada: FlaskClient) -> None:
    for address in ("/groups/none", "/groups/none/change", f"/groups/{clinic.group.id}/members/none"):
        assert ada.get(address).status_code == 404


def test_an_empty_clinic_says_what_comes_first(cast: Cast, sign_in: SignInAs) -> None:
    page = sign_in(cast.ada).get("/groups").text

    assert "No group yet" in page and "Add a group" in page
