"""Somebody asks to talk and nobody comes: the clock tells the supervisors on duty, and every step leaves a trace."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from facilitator.people import duty
from facilitator.realtime import commands as c
from facilitator.realtime.hub import Hub
from facilitator.records import requests
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit, Escalation, SessionEvent, Staff
from tests.conftest import Cast, Clinic, SettableClock
from tests.test_hub import Room


@pytest.fixture
def room(db: Database, settings: Settings, clock: SettableClock, clinic: Clinic) -> Room:
    return Room(db, settings, clock, clinic)


@pytest.fixture
def noor(db: Database, cast: Cast, clock: SettableClock) -> Staff:
    """A second supervisor."""
    with db.write() as s:
        noor = Staff(
            id="noor", email="noor@clinic.example", name="Noor", role="supervisor", password_hash="", created_at=clock()
        )
        s.add(noor)
    return noor


def log_of(room: Room) -> list[str]:
    with room.db.read() as s:
        lines = select(SessionEvent.name).where(SessionEvent.session_id == room.session.id).order_by(SessionEvent.seq)
        return [name for name in s.exec(lines) if name.startswith("Request")]


def told(room: Room, viewer: Staff) -> list[str]:
    """Which requests this supervisor is told of now."""
    with room.db.read() as s:
        return [one.request for one in requests.told(s, s.get_one(Staff, viewer.id), room.clock()).waiting]


def sees(room: Room, viewer: Staff) -> None:
    with room.db.write() as s:
        requests.saw(s, s.get_one(Staff, viewer.id), told(room, viewer), room.clock())


def asked(room: Room, name: str = "Sam") -> str:
    """A phone asks; the request's id."""
    room.hub.ask_for_staff(room.session.id, room.join(), name)
    return list(room.hub.live(room.session.id).requests)[-1]


def wait(room: Room, hub: Hub | None = None, **time: float) -> None:
    room.clock.forward(**time)
    (hub or room.hub).expire(room.clock())


def test_after_ten_minutes_the_clock_tells_once_whatever_was_restarted_meanwhile(room: Room, cast: Cast) -> None:
    room.go_live()
    request = asked(room)
    wait(room, minutes=9)
    assert told(room, cast.sol) == []
    wait(room, room.another_hub(), minutes=1)
    wait(room, room.another_hub(), minutes=1)
    wait(room, minutes=1)
    assert log_of(room) == ["RequestRaised", "RequestEscalated"]
    assert told(room, cast.sol) == [request]
    assert told(room, cast.fern) == told(room, cast.ada) == []


def test_the_one_on_duty_has_it_first_and_everybody_when_they_do_not_look(
    room: Room, cast: Cast, noor: Staff
) -> None:
    with room.db.write() as s:
        duty.begin(s, noor.id, room.clock())
    room.go_live()
    request = asked(room)
    wait(room, minutes=10)
    assert (told(room, noor), told(room, cast.sol)) == ([request], [])
    wait(room, minutes=10)
    assert (told(room, noor), told(room, cast.sol)) == ([request], [request])
    sees(room, noor)
    assert (told(room, noor), told(room, cast.sol)) == ([request], [])
    with room.db.write() as s:
        duty.end(s, noor.id)
    assert told(room, cast.sol) == [request]


def test_a_shift_that_nobody_ends_ends_by_itself(room: Room, noor: Staff) -> None:
    with room.db.write() as s:
        duty.begin(s, noor.id, room.clock())
        assert [staff.name for staff in duty.on_duty(s, room.clock())] == ["Noor"]
        assert duty.on_duty(s, room.clock.forward(hours=12)) == []


def test_who_is_switched_off_or_supervises_no_more_is_not_on_duty(room: Room, noor: Staff) -> None:
    with room.db.write() as s:
        duty.begin(s, noor.id, room.clock())
        staff = s.get_one(Staff, noor.id)
        staff.active = False
        s.flush()
        assert duty.on_duty(s, room.clock()) == []
        staff.active, staff.role = True, "facilitator"
        s.flush()
        assert duty.on_duty(s, room.clock()) == []


def test_what_was_done_ends_it_for_everybody(room: Room, cast: Cast) -> None:
    room.go_live()
    request = asked(room)
    wait(room, minutes=10)
    room.hub.run(room.session.id, c.HandleRequest(request, "Called back"), c.Person(cast.sol.id, "Sol"))
    assert told(room, cast.sol) == []
    with room.db.read() as s:
        assert s.exec(select(Escalation)).all() == []


def test_a_session_that_the_clock_ends_leaves_who_waits_to_the_supervisors(room: Room, cast: Cast) -> None:
    room.go_live()
    wait(room, hours=2, minutes=59)
    request = asked(room)
    wait(room, minutes=1)
    assert room.hub.live(room.session.id).state == "ended"
    assert told(room, cast.sol) == [request]
    room.hub.run(room.session.id, c.HandleRequest(request, "Called back"), c.Person(cast.sol.id, "Sol"))
    assert log_of(room) == ["RequestRaised", "RequestEscalated", "RequestHandled"]


def test_every_step_is_audited_and_none_names_the_person_or_the_seat(room: Room, cast: Cast) -> None:
    room.go_live()
    seat = room.join()
    room.hub.ask_for_staff(room.session.id, seat, "Ptolemy")
    (request,) = room.hub.live(room.session.id).requests
    wait(room, minutes=10)
    sees(room, cast.sol)
    sees(room, cast.sol)
    room.do(c.HandleRequest(request, "We spoke outside"))
    with room.db.read() as s:
        rows = [row for row in s.exec(select(Audit)) if row.action.startswith("request.")]
        kept = json.dumps([row.model_dump() for row in s.exec(select(Audit))])
        escalations = json.dumps([row.model_dump() for row in s.exec(select(Escalation))])
    assert [(row.action, row.target, row.staff_id) for row in rows] == [
        ("request.raised", request, None),
        ("request.escalated", request, None),
        ("request.seen", request, cast.sol.id),
        ("request.handled", request, cast.fern.id),
    ]
    assert rows[0].details == {"session": room.session.id, "named": True}
    assert rows[1].details["waited_ms"] == 600_000
    for private in (seat, "Ptolemy", "outside", "seat"):
        assert private not in kept + escalations


def test_a_supervisor_is_told_where_and_since_when_and_no_name(room: Room, cast: Cast) -> None:
    room.go_live()
    since = room.clock()
    asked(room, "Ptolemy")
    wait(room, minutes=10)
    with room.db.read() as s:
        (waiting,) = requests.told(s, s.get_one(Staff, cast.sol.id), room.clock()).waiting
    assert (waiting.group, waiting.number, waiting.facilitator) == ("Tuesday group", 1, "Fern")
    assert waiting.is_running and waiting.asked_at == since
    assert "Ptolemy" not in repr(waiting)
