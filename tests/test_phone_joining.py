"""How a phone comes in, whose phone it is, and how it leaves: codes, seats, a locked door, cookies and origins."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import select

from facilitator import create_app
from facilitator.pages.slowdown import LONGEST_MS, STEP_MS, Slowdown
from facilitator.realtime import commands as c
from facilitator.realtime.codes import shown
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from facilitator.storage.tables import Seat
from tests.conftest import Clinic
from tests.room import MOOD, OURS, Phone, Room


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    return Room(app, clinic)


@pytest.fixture
def phone(room: Room) -> Phone:
    return Phone(room)


def seats_in(db: Database) -> int:
    with db.read() as s:
        return len(s.exec(select(Seat)).all())


# -- joining ---------------------------------------------------------------------------------------------------------


def test_two_taps_from_the_code_to_the_room(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    door = phone.get()
    assert shown(room.code) in door.text and door.text.count("<button") == 1 and "Join quietly" in door.text
    taken = phone.post("seat")
    assert taken.status_code == 303 and taken.location == room.path
    assert phone.heading() == "You are in"


def test_looking_at_the_address_takes_no_seat(room: Room, phone: Phone, db: Database) -> None:
    room.do(c.OpenDoors())
    for _ in range(3):
        assert phone.get().status_code == 200
    assert phone.seat is None and seats_in(db) == 0


def test_the_code_may_be_typed_any_way(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    typed = shown(room.code).lower().replace("-", " ")
    joined = phone.browser.post("/", data={"code": typed}, headers=OURS, follow_redirects=True)
    assert joined.request.path == room.path and "You are in" in joined.text
    assert phone.browser.get(f"/?code={typed}").location == room.path


def test_a_phone_that_is_in_keeps_its_seat(room: Room, phone: Phone, db: Database) -> None:
    room.do(c.OpenDoors())
    seat = phone.join().seat
    assert phone.join().seat == seat
    phone.browser.post("/", data={"code": room.code}, headers=OURS, follow_redirects=True)
    assert phone.seat == seat and seats_in(db) == 1


def test_the_seat_is_kept_for_this_browser_session_and_from_scripts(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    (cookie,) = phone.post("seat").headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/j/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie and "Expires" not in cookie and "Max-Age" not in cookie


def test_over_https_the_seat_is_bound_to_the_host(settings: Settings, db: Database, clinic: Clinic) -> None:
    room = Room(create_app(replace(settings, url="https://group.example.org"), clinic.clock), clinic)
    room.do(c.OpenDoors())
    phone = Phone(room)
    origin = {"Origin": "https://group.example.org"}
    (cookie,) = phone.browser.post(f"{room.path}/seat", headers=origin).headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-seat=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_a_script_gets_the_seat_itself_and_no_cookie(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    taken = phone.post("seat", headers={"Accept": "application/json"})
    assert set(taken.get_json()) == {"seat"} and "Set-Cookie" not in taken.headers
    again = phone.browser.post(f"{room.path}/seat", json=taken.get_json())
    assert again.get_json() == taken.get_json()


def test_a_full_room_says_so(settings: Settings, db: Database, clinic: Clinic) -> None:
    room = Room(create_app(replace(settings, seats=1), clinic.clock), clinic)
    room.do(c.OpenDoors())
    Phone(room).join()
    late = Phone(room).post("seat")
    assert late.status_code == 409 and "no free place" in late.text


# -- codes that are not open -----------------------------------------------------------------------------------------


def test_a_wrong_code_is_told_in_a_sentence(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    for answer in (phone.browser.get("/j/KKKKKK"), phone.browser.post("/", data={"code": "hello"}, headers=OURS)):
        assert answer.status_code == 404 and "That code is not open. Check the screen." in answer.text


def test_a_code_is_not_open_before_the_doors_are(room: Room, phone: Phone) -> None:
    assert phone.get().status_code == 404
    assert phone.post("seat").status_code == 404


def test_wrong_codes_wait_longer_and_longer_and_right_ones_never(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    took = []
    for _ in range(8):
        began = time.perf_counter()
        phone.browser.get("/j/KKKKKK")
        took.append(time.perf_counter() - began)
    assert all(seconds >= (tries * STEP_MS) / 1000 for tries, seconds in enumerate(took, 1))
    began = time.perf_counter()
    assert phone.get().status_code == 200
    assert time.perf_counter() - began < took[-1]


def test_the_wait_of_a_wrong_code_has_an_end_and_is_forgotten() -> None:
    slowdown = Slowdown()
    waits = [slowdown.next_wait(now) for now in range(100)]
    assert waits == sorted(waits) and waits[0] == STEP_MS and waits[-1] == LONGEST_MS
    assert slowdown.next_wait(70_000) == STEP_MS


# -- a locked door ---------------------------------------------------------------------------------------------------


def test_at_a_locked_door_a_phone_waits_and_is_let_in(room: Room, phone: Phone, db: Database) -> None:
    room.do(c.OpenDoors(), c.Lock())
    phone.join()
    assert "The door is closed just now" in phone.get().text
    assert phone.seat is None and seats_in(db) == 0
    assert room.hub.console_view(room.session.id)["waiting"] == 1
    room.do(c.Admit())
    phone.join()
    assert phone.heading() == "You are in"


def test_a_waiting_page_knocks_by_itself_and_gets_the_seat_in_its_cookie(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors(), c.Lock())
    phone.join()
    knock = {"Accept": "application/json", **OURS}
    assert phone.post("seat", headers=knock).status_code == 202
    room.do(c.Admit())
    assert phone.post("seat", headers=knock).get_json() == {"seat": phone.seat}


def test_a_phone_that_is_in_goes_on_when_the_door_is_locked(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    phone.join()
    room.do(c.Lock())
    assert phone.heading() == "You are in"


# -- whose phone it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}], ids=str)
@pytest.mark.parametrize("what", ["answer", "ask-for-staff", "leave", "forget"])
def test_another_site_cannot_use_the_cookie(room: Room, phone: Phone, what: str, headers: dict[str, str]) -> None:
    check_in = room.go_live().ask(MOOD)
    phone.join()
    fields = {"answer": {"check_in": check_in, "value": "3"}, "ask-for-staff": {"name": "Robin"}}.get(what, {})
    assert phone.post(what, headers=headers, **fields).status_code == 403
    assert phone.seat is not None and phone.heading() == "Right now my mood is"
    assert room.hub.console_view(room.session.id)["requests"] == []


def test_a_seat_in_the_header_or_the_body_needs_no_origin(room: Room) -> None:
    check_in = room.go_live().ask(MOOD)
    browser = room.app.test_client()
    seat = browser.post(f"{room.path}/seat", json={}).get_json()
    answer = {"check_in": check_in, "value": 4}
    assert browser.post(f"{room.path}/answer", json=answer, headers={"X-Seat": seat["seat"]}).get_json() == {"ok": True}
    assert browser.post(f"{room.path}/answer", json=answer | seat).get_json() == {"ok": True}
    view = browser.get(f"{room.path}/view", headers={"X-Seat": seat["seat"]}).get_json()
    assert view["check_in"]["answered"]


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1", "http://[::1]"])
def test_a_page_opened_on_the_servers_own_machine_is_ours(room: Room, phone: Phone, origin: str) -> None:
    room.do(c.OpenDoors())
    phone.join()
    assert phone.post("leave", headers={"Origin": origin}).status_code == 303


def test_a_seat_of_another_session_is_no_seat_here(room: Room, app: Flask, clinic: Clinic) -> None:
    room.go_live()
    elsewhere = Room(app, clinic).go_live()
    stranger = Phone(elsewhere).join()
    check_in = room.ask(MOOD)
    asked = stranger.browser.get(f"{room.path}/view", headers={"X-Seat": stranger.seat or ""})
    assert asked.status_code == 403 and "Join again" in asked.get_json()["message"]
    sent = stranger.browser.post(f"{room.path}/answer", data={"check_in": check_in, "value": "1"}, headers=OURS)
    assert sent.status_code == 403


# -- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "words"), [("leave", "You have left"), ("forget", "has forgotten the group")])
def test_leaving_gives_the_seat_back(room: Room, phone: Phone, db: Database, what: str, words: str) -> None:
    room.do(c.OpenDoors())
    phone.join()
    gone = phone.post(what)
    assert gone.status_code == 303 and words in phone.browser.get(gone.location).text
    assert phone.seat is None and seats_in(db) == 0
    assert "Join quietly" in phone.get().text


def test_after_the_end_the_seat_is_forgotten(room: Room, phone: Phone) -> None:
    room.go_live()
    phone.join()
    seat = phone.seat or ""
    room.do(c.End())
    asked = room.app.test_client().get(f"{room.path}/view", headers={"X-Seat": seat})
    assert asked.status_code == 410 and asked.get_json() == {"message": "This session has ended."}
    back = phone.get()
    assert back.status_code == 410 and "This session has ended" in back.text
    assert phone.seat is None
