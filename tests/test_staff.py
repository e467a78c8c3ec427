"""What administrators change about staff, and what that ends."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from sqlmodel import select

from facilitator.people import passwords
from facilitator.people import staff as people
from facilitator.people.problems import FieldProblem
from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit
from facilitator.text import BadText
from tests.conftest import PASSWORD, Cast, Clinic, SettableClock, csrf_token
from tests.desk import SignInAs, add, enter, post


@pytest.mark.parametrize("address", ["/staff", "/staff/add", "/staff/anybody"])
def test_the_list_of_staff_is_for_administrators(cast: Cast, sign_in: SignInAs, address: str) -> None:
    for somebody in (cast.fern, cast.sol):
        answer = sign_in(somebody).get(address)
        assert answer.status_code == 403 and "This page is not for your role." in answer.text


def test_an_administrator_adds_somebody_who_then_signs_in(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    answer = add(sign_in(cast.ada))
    assert answer.status_code == 303

    client = app.test_client()
    assert enter(client, "noor@clinic.example", "four heavy blue doors").status_code == 303
    assert client.get("/staff").status_code == 403


def test_nothing_is_missing_without_being_said_beside_its_field(cast: Cast, sign_in: SignInAs) -> None:
    answer = add(sign_in(cast.ada), name="", email="", role="", password="")

    assert answer.status_code == 422 and "<title>Error: Add somebody" in answer.text
    for field in ("name", "email", "role", "password"):
        assert f'href="#{field}"' in answer.text and f'id="{field}-mistake"' in answer.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Fe\u202ern", "Name: has a character that cannot be shown."),
        ("name", "Noor\0", "Name: has a character that cannot be shown."),
        ("name", "N" * 81, "Name: use at most 80 characters. This has 81."),
        ("name", "Noor\nAli", "Name: write it on one line."),
        ("email", "fern@clinic.example", "Somebody with this email is on the list already."),
        ("email", "FERN@clinic.example", "Somebody with this email is on the list already."),
        ("email", "not an email", "Write an email like fern@clinic.example."),
        ("role", "owner", "Choose what this person does."),
        ("password", "short but fine", "Use at least 15 characters."),
        ("password", "x" * 201, "Use at most 200 characters."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_added(
    db: Database, cast: Cast, sign_in: SignInAs, field: str, value: str, said: str
) -> None:
    answer = add(sign_in(cast.ada), **{field: value})

    assert answer.status_code == 422 and said in answer.text
    with db.read() as s:
        assert len(people.everybody(s)) == 4


def test_a_name_is_shown_as_words_and_never_as_a_page(cast: Cast, sign_in: SignInAs) -> None:
    ada = sign_in(cast.ada)
    add(ada, name="<script>alert(1)</script>")
    assert "<script>alert" not in ada.get("/staff").text


def test_switching_somebody_off_ends_their_sign_ins_at_once(db: Database, cast: Cast, sign_in: SignInAs) -> None:
    ada, sol = sign_in(cast.ada), sign_in(cast.sol)
    assert post(ada, f"/staff/{cast.sol.id}/switch-off").status_code == 303
    assert sol.get("/review").status_code == 303

    post(ada, f"/staff/{cast.sol.id}/switch-on")
    assert sol.get("/review").status_code == 303, "what has ended stays ended"
    assert people.recognise(db, "sol@clinic.example", PASSWORD) is not None


def test_a_new_role_and_a_new_password_end_sign_ins_too(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    ada = sign_in(cast.ada)
    for change, fields in (("role", {"role": "supervisor"}), ("password", {"password": "four heavy blue doors"})):
        fern = sign_in(cast.fern)
        assert post(ada, f"/staff/{cast.fern.id}/{change}", **fields).status_code == 303
        assert fern.get("/sessions").status_code == 303

    assert enter(app.test_client(), "fern@clinic.example").status_code == 422
    answer = enter(app.test_client(), "fern@clinic.example", "four heavy blue doors")
    assert answer.headers["Location"] == "/review", "the new role's place"


@pytest.mark.parametrize("change", ["switch-off", "role", "password", "sign-out"])
def test_what_ends_a_sign_in_ends_the_open_console_too(
    app: Flask, clinic: Clinic, cast: Cast, sign_in: SignInAs, change: str
) -> None:
    fern, ada, max_ = sign_in(cast.fern), sign_in(cast.ada), sign_in(cast.max)
    session = clinic.session(co_facilitator=cast.max)
    consoles = [open_console(app, client, session.id) for client in (fern, max_)]

    if change == "sign-out":
        fern.post("/sign-out", data={"csrf_token": csrf_token(fern, "/sessions")})
    else:
        post(ada, f"/staff/{cast.fern.id}/{change}", role="supervisor", password="four heavy blue doors")
    assert [console.is_connected("/console") for console in consoles] == [False, True]


@pytest.mark.parametrize("why", ["twelve hours", "a colleague does it"])
def test_a_console_ends_soon_after_the_right_to_it(
    app: Flask, clinic: Clinic, cast: Cast, clock: SettableClock, sign_in: SignInAs, why: str
) -> None:
    max_ = sign_in(cast.max)
    clock.forward(hours=1)
    fern = sign_in(cast.fern)
    session = clinic.session(co_facilitator=cast.max)
    consoles = [open_console(app, client, session.id) for client in (fern, max_)]
    assert [console.is_connected("/console") for console in consoles] == [True, True]

    if why == "twelve hours":
        clock.forward(hours=11)
    else:
        fields = {"plan": "T01", "date": "2026-12-01", "time": "18:00", "facilitator": cast.fern.id}
        token = csrf_token(fern, "/sessions")
        answer = fern.post(f"/sessions/{session.id}/change", data=fields | {"csrf_token": token})
        assert answer.status_code == 303
        clock.forward(seconds=5)
    patience = time.monotonic() + 10
    while consoles[1].is_connected("/console") and time.monotonic() < patience:
        time.sleep(0.02)
    assert [console.is_connected("/console") for console in consoles] == [True, False]


def test_the_last_administrator_cannot_be_switched_off_or_made_something_else(
    db: Database, cast: Cast, sign_in: SignInAs
) -> None:
    ada = sign_in(cast.ada)
    for change, fields in (("switch-off", {}), ("role", {"role": "supervisor"})):
        answer = post(ada, f"/staff/{cast.ada.id}/{change}", **fields)
        assert answer.status_code == 422
        assert "This is the last administrator. Make somebody else an administrator first." in answer.text
    assert ada.get("/staff").status_code == 200

    post(ada, f"/staff/{cast.sol.id}/role", role="administrator")
    assert post(ada, f"/staff/{cast.ada.id}/switch-off").status_code == 303


def test_an_administrator_switched_off_is_not_counted_as_one_who_is_left(db: Database, cast: Cast) -> None:
    with db.write() as s:
        people.change_role(s, cast.sol.id, "administrator")
        people.switch_off(s, cast.sol.id)
    with db.write() as s, pytest.raises(FieldProblem, match="This is the last administrator"):
        people.switch_off(s, cast.ada.id)


@pytest.mark.parametrize("change", ["role", "password", "switch-off", "switch-on"])
def test_nobody_can_be_changed_who_is_not_there(cast: Cast, sign_in: SignInAs, change: str) -> None:
    answer = post(sign_in(cast.ada), f"/staff/nobody/{change}", role="supervisor", password="four heavy blue doors")
    assert answer.status_code == 404 and "There is nobody with this address on the list." in answer.text


def test_what_is_done_to_staff_leaves_a_trace(db: Database, cast: Cast, sign_in: SignInAs) -> None:
    ada = sign_in(cast.ada)
    add(ada)
    post(ada, f"/staff/{cast.fern.id}/role", role="supervisor")
    post(ada, f"/staff/{cast.fern.id}/password", password="four heavy blue doors")
    post(ada, f"/staff/{cast.fern.id}/switch-off")
    post(ada, f"/staff/{cast.fern.id}/switch-on")
    post(ada, "/sign-out")

    with db.read() as s:
        traces = s.exec(select(Audit).order_by(Audit.seq)).all()
    assert [trace.action for trace in traces] == [
        "staff.added", "staff.role_changed", "staff.password_set", "staff.switched_off", "staff.switched_on",
        "staff.signed_out",
    ]  # fmt: skip
    assert {trace.staff_id for trace in traces} == {cast.ada.id}
    assert "heavy" not in str([trace.details for trace in traces])


def test_staff_are_never_stored_with_a_password_in_plain(db: Database) -> None:
    with db.write() as s, pytest.raises(TypeError, match="takes a hash"):
        people.add_staff(s, "a@b.example", "A", "supervisor", passwords.Hashed("four heavy blue doors"), 0)


def test_an_email_is_read_with_care() -> None:
    assert people.read_email("  Fern@Clinic.Example ") == "fern@clinic.example"
    assert people.read_email("fern@localhost") == "fern@localhost"
    for wrong in ("", "fern", "@clinic.example", "a@b@c.example", "a b@c.example", "a@.example", "a@b..c"):
        with pytest.raises(FieldProblem):
            people.read_email(wrong)
    with pytest.raises(BadText):
        people.read_email("a" * 250 + "@b.example")


def open_console(app: Flask, client: FlaskClient, session_id: str) -> SocketIOTestClient:
    """The console's socket, as the page opens it."""
    io, headers, auth = app.extensions["socketio"], {"Origin": "http://localhost"}, {"session": session_id}
    return SocketIOTestClient(app, io, "/console", flask_test_client=client, headers=headers, auth=auth)
