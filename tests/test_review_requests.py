"""Who waits too long to talk, on every supervisor's page; a shift; and what a supervisor says was done."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.realtime import commands as c
from facilitator.storage.tables import Audit, Staff
from tests.conftest import Cast, Clinic, SettableClock, csrf_token
from tests.desk import SignInAs
from tests.room import Phone, Room

TOO_LONG = "Somebody still waits to talk"


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    return Room(app, clinic)


@pytest.fixture
def sol(sign_in: SignInAs, cast: Cast) -> FlaskClient:
    return sign_in(cast.sol)


def somebody_waits(room: Room, clock: SettableClock, name: str = "Sam") -> str:
    """A phone without scripts asks, ten minutes pass, and nobody says what was done. The request's id."""
    room.go_live()
    asked = Phone(room).join().post("ask-for-staff", name=name)
    assert asked.status_code == 303
    clock.forward(minutes=10)
    room.hub.expire(clock())
    return list(room.hub.live(room.session.id).requests)[-1]


def send(browser: FlaskClient, address: str, **fields: str):
    return browser.post(address, data=fields | {"csrf_token": csrf_token(browser, "/groups")})


def traces(clinic: Clinic, action: str) -> list[str | None]:
    from sqlmodel import select

    with clinic.db.read() as s:
        return list(s.exec(select(Audit.staff_id).where(Audit.action == action)))


def test_every_page_of_a_supervisor_says_who_waits_where_and_since_when(
    room: Room, clock: SettableClock, sol: FlaskClient
) -> None:
    assert TOO_LONG not in sol.get("/review").text
    somebody_waits(room, clock)
    clock.forward(minutes=4)
    for page in ("/review", "/groups", "/plans", "/sessions", f"/review/{room.session.id}", "/review/nowhere"):
        text = sol.get(page).text
        assert TOO_LONG in text and f'href="/review/{room.session.id}#requests"' in text
        told = text[text.index('id="told"') : text.index('id="told-said"')]
        assert "Tuesday group</bdi>, session 1" in told and "Asked at 6:00 pm" in told and "14 minutes ago" in told
        assert "Sam" not in told


def test_nobody_else_is_told(room: Room, clock: SettableClock, sign_in: SignInAs, cast: Cast) -> None:
    somebody_waits(room, clock)
    for somebody in (cast.fern, cast.max, cast.ada):
        assert TOO_LONG not in sign_in(somebody).get("/groups").text


def test_an_open_page_fetches_the_same_and_that_it_was_seen_is_kept_once(
    room: Room, clinic: Clinic, clock: SettableClock, sol: FlaskClient, cast: Cast
) -> None:
    assert sol.get("/review/waiting").text.strip() == ""
    assert traces(clinic, "request.seen") == []
    request = somebody_waits(room, clock)
    assert sol.head("/review/waiting").status_code == 200 and traces(clinic, "request.seen") == []
    for _ in range(3):
        part = sol.get("/review/waiting").text
        assert f'data-waiting="{request}"' in part and "<html" not in part
    assert traces(clinic, "request.seen") == [cast.sol.id]


def test_a_shift_is_begun_and_ended_on_the_desk(clinic: Clinic, sol: FlaskClient, cast: Cast) -> None:
    assert "Nobody says that they are on duty" in sol.get("/review").text
    assert send(sol, "/review/duty", duty="on").status_code == 303
    assert "You are on duty until 6:00 am." in sol.get("/review").text
    assert send(sol, "/review/duty", duty="off").status_code == 303
    assert "Nobody says that they are on duty" in sol.get("/review").text
    assert traces(clinic, "duty.begun") == traces(clinic, "duty.ended") == [cast.sol.id]
    assert send(sol, "/review/duty", duty="perhaps").status_code == 422


def test_while_somebody_is_on_duty_the_others_are_not_disturbed(
    room: Room, clinic: Clinic, clock: SettableClock, sol: FlaskClient, sign_in: SignInAs
) -> None:
    with clinic.db.write() as s:
        noor = Staff(
            id="noor", email="noor@clinic.example", name="Noor", role="supervisor", password_hash="", created_at=clock()
        )
        s.add(noor)
    send(sign_in(noor), "/review/duty", duty="on")
    assert "On duty: <bdi>Noor</bdi>" in sol.get("/review").text
    somebody_waits(room, clock)
    assert TOO_LONG not in sol.get("/review").text
    clock.forward(minutes=10)
    assert "<bdi>Noor</bdi> is on duty and may not have seen this" in sol.get("/review").text
    assert "You are on duty." in sign_in(noor).get("/review").text


@pytest.mark.parametrize("name", ["Sam", ""])
def test_a_supervisor_says_what_was_done_while_the_session_runs(
    room: Room, clock: SettableClock, sol: FlaskClient, name: str
) -> None:
    request = somebody_waits(room, clock, name)
    page = f"/review/{room.session.id}"
    assert f"<bdi>{name or 'Somebody who gave no name'}</bdi> asked to talk" in sol.get(page).text
    empty = send(sol, f"{page}/requests", request=request, outcome=" ")
    assert empty.status_code == 422 and f'id="outcome-{request}-mistake"' in empty.text
    done = send(sol, f"{page}/requests", request=request, outcome="Called the room; Fern went to them.")
    assert done.status_code == 303
    text = sol.get(page).text
    assert TOO_LONG not in text and "Called the room; Fern went to them." in text and "<bdi>Sol</bdi> wrote:" in text


def test_a_supervisor_answers_for_a_session_that_the_clock_ended(
    room: Room, clock: SettableClock, sol: FlaskClient
) -> None:
    request = somebody_waits(room, clock)
    clock.forward(hours=3)
    room.hub.expire(clock())
    page = f"/review/{room.session.id}"
    text = sol.get(page).text
    assert TOO_LONG in text and "Not handled" in text and 'name="outcome"' in text
    assert send(sol, f"{page}/requests", request=request, outcome="Called at home.").status_code == 303
    assert TOO_LONG not in sol.get(page).text
    assert room.hub.live(room.session.id).requests[request].outcome == "Called at home."


def test_before_ten_minutes_a_running_session_tells_a_supervisor_nothing(
    room: Room, clock: SettableClock, sol: FlaskClient
) -> None:
    room.go_live()
    Phone(room).join().post("ask-for-staff", name="Sam")
    assert "Sam" not in sol.get(f"/review/{room.session.id}").text


def test_end_without_scripts_is_refused_with_a_sentence_and_the_way_to_settle_it(
    room: Room, sign_in: SignInAs, cast: Cast
) -> None:
    room.go_live()
    Phone(room).join().post("ask-for-staff", name="")
    fern, page = sign_in(cast.fern), f"/sessions/{room.session.id}/console"
    dialog = re.search(r'<dialog id="end-dialog".*?</dialog>', fern.get(page).text, re.DOTALL)
    assert dialog and "Somebody who gave no name" in dialog[0] and "HandleRequest" in dialog[0]
    refused = fern.post(
        f"/sessions/{room.session.id}/commands",
        data={"command": '{"command": "End"}', "csrf_token": csrf_token(fern, page)},
        follow_redirects=True,
    )
    assert "1 person still waits to talk. Say what was done for each, then end." in refused.text
    assert room.hub.live(room.session.id).state == "live"
    room.do(c.HandleRequest(next(iter(room.hub.live(room.session.id).requests)), "We talked"), c.End())
