"""The console's page and its routes: what it carries, how commands come in, who may give them."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.curricula.library import Library
from facilitator.pages import qr
from facilitator.pages.console_parts import checks
from facilitator.people import groups
from facilitator.realtime.live import Live
from facilitator.realtime.state import MINUTE
from facilitator.storage.engine import Database
from facilitator.storage.tables import GroupSession, ProgressNote
from tests.all_parts import ALL_PARTS
from tests.conftest import Cast, Clinic, SettableClock, csrf_token
from tests.desk import SignInAs

PLAN = """---
id: T90
title: Riding out <cravings>
track: addiction
version: 1.0
length: 30 min
language: en
objectives:
  - Ride one urge
sources: our own words
licence: CC BY 4.0
---

Welcome.

## Check-in: How I am arriving (10 min)

Ask (scale 0-10, none to the strongest I have felt, sensitive): Strongest craving today
> Aloud: "Keep your number to yourself."

Ask (choose one): Home practice since last time
- I did it
- Not this time

> Say: "Somebody may *pass*."
> Safety: Someone tells you 7 or more: ask again in private.

## Exercise: Ride one small wave (20 min)

One wave

> Handout: Wave sheet
"""


@pytest.fixture
def session(clinic: Clinic) -> GroupSession:
    """Tonight at six."""
    return clinic.session(text=PLAN)


@pytest.fixture
def fern(session: GroupSession, sign_in: SignInAs, cast: Cast) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(cast.fern)


def address(session: GroupSession, part: str = "console") -> str:
    return f"/sessions/{session.id}/{part}"


def give(client: FlaskClient, session: GroupSession, command: object, token: str | None = None) -> TestResponse:
    """Give a command as the page's script does."""
    headers = {"X-CSRF-Token": csrf_token(client, address(session)) if token is None else token}
    body = command if isinstance(command, bytes) else json.dumps(command).encode()
    return client.post(address(session, "commands"), data=body, headers=headers, content_type="application/json")


def press(client: FlaskClient, session: GroupSession, value: str, **words: str) -> TestResponse:
    """Press a button of the page without scripts: its value, and the words of its form."""
    fields = {"csrf_token": csrf_token(client, address(session)), "command": value, **words}
    return client.post(address(session, "commands"), data=fields)


def button(page: str, words: str) -> str:
    """The value of the button that says ``words``."""
    buttons = re.findall(r"<button[^>]* value='([^']*)'([^>]*>.*?)</button>", page, re.DOTALL)
    found = next((value for value, rest in buttons if words in rest), None)
    assert found is not None, f"No button says {words}."
    return unescape(found)


def live(app: Flask, session: GroupSession) -> Live:
    state: Live = app.extensions["facilitator"].hub.live(session.id)
    return state


def start(client: FlaskClient, session: GroupSession) -> None:
    for name in ("OpenDoors", "Start"):
        assert give(client, session, {"command": name}).status_code == 200


def test_before_the_doors_open_it_shows_the_plan_the_people_and_the_code(
    fern: FlaskClient, session: GroupSession
) -> None:
    page = fern.get(address(session)).text

    for words in ("Riding out &lt;cravings&gt;", "How I am arriving", "6:10 pm", "30 min, 2 segments", "Open doors"):
        assert words in page
    assert f"{session.join_code[:3]}-{session.join_code[3:]}" in page
    assert all(f"<bdi>{name}</bdi>" in page for name in ("Robin", "Sasha", "Lee", "Noa", "Uma", "Kit"))


def test_nothing_in_the_page_breaks_the_content_policy(fern: FlaskClient, session: GroupSession) -> None:
    start(fern, session)
    page = fern.get(address(session)).text

    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page)


def test_cues_are_drawn_in_their_kinds_and_handouts_are_not(fern: FlaskClient, session: GroupSession) -> None:
    page = fern.get(address(session)).text

    assert "Somebody may <em>pass</em>." in page
    assert "ask again in private" in page
    assert "Wave sheet" not in page


def test_cues_of_a_fitted_segment_say_for_how_long_they_were_written(
    fern: FlaskClient, session: GroupSession, db: Database
) -> None:
    with db.write() as s:
        fit = {"length": 30, "minutes": 25, "changes": [], "warnings": [], "written": [5, 20]}
        s.get_one(GroupSession, session.id).plan_fit = fit
    page = fern.get(address(session)).text
    # Once in the cues, and once where they are read before the doors open.
    assert page.count("Times in these words were meant for") == 2
    assert "Fitted from 5 to 10 min. Times in these words were meant for 5." in page


def test_a_prompt_carries_the_floor_that_its_tally_needs(fern: FlaskClient, session: GroupSession) -> None:
    page = fern.get(address(session)).text

    assert re.search(r'<option value="q1"[^>]*data-floor="7"[^>]*data-sensitive', page)
    assert re.search(r'<option value="q2"[^>]*data-floor="5"', page)
    assert "0 (none) to 10 (the strongest I have felt)" in page


def test_the_roster_is_fixed_when_the_doors_open(
    fern: FlaskClient, session: GroupSession, db: Database, clinic: Clinic
) -> None:
    give(fern, session, {"command": "OpenDoors"})
    with db.write() as s:
        groups.add_member(s, clinic.group.id, "Latecomer to the roster")

    page = fern.get(address(session)).text

    assert page.count('data-member="') == 6 + 1, "six people and the template for guests"
    assert "Latecomer" not in page


def test_a_command_is_answered_with_the_new_rev(app: Flask, fern: FlaskClient, session: GroupSession) -> None:
    answer = give(fern, session, {"command": "OpenDoors"})

    assert answer.get_json() == {"rev": live(app, session).rev}
    assert live(app, session).state == "doors_open"
    assert fern.get(address(session, "view")).get_json()["state"] == "doors_open"


def test_a_refusal_is_a_sentence_and_changes_nothing(app: Flask, fern: FlaskClient, session: GroupSession) -> None:
    answer = give(fern, session, {"command": "Start"})

    assert (answer.status_code, answer.get_json()) == (409, {"message": "Open the doors first."})
    assert live(app, session).rev == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"{",
        b"[" * 50_000,
        b"\xff\xfe",
        b'{"command": "AddTime", "seconds": NaN}',
        [],
        {"command": "Fly"},
        {"command": "EnterSegment"},
        {"command": "EnterSegment", "segment": "1"},
        {"command": "Start", "extra": 1},
        {"command": "AddNote", "text": "x" * 2_001},
        {"command": "AddNote", "text": "\ud800"},
    ],
)
def test_what_cannot_be_read_is_said_so(app: Flask, fern: FlaskClient, session: GroupSession, sent: object) -> None:
    answer = give(fern, session, sent)

    assert answer.status_code == 422
    assert answer.get_json()["message"].endswith(".")
    assert live(app, session).rev == 0


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_command_needs_the_token_of_the_page(
    app: Flask, fern: FlaskClient, session: GroupSession, token: str
) -> None:
    answer = give(fern, session, {"command": "OpenDoors"}, token=token)

    assert answer.status_code == 403
    assert live(app, session).state == "scheduled"


@pytest.mark.parametrize("part", ["console", "view", "qr.svg"])
@pytest.mark.parametrize(("who", "status"), [("max", 403), ("sol", 403), ("ada", 403)])
def test_it_opens_only_for_those_who_lead(
    session: GroupSession, sign_in: SignInAs, cast: Cast, part: str, who: str, status: int
) -> None:
    assert sign_in(getattr(cast, who)).get(address(session, part)).status_code == status


def test_a_cancelled_session_has_no_console(app: Flask, fern: FlaskClient, session: GroupSession, db: Database) -> None:
    token = csrf_token(fern, address(session))
    with db.write() as s:
        s.get_one(GroupSession, session.id).state = "cancelled"

    answer = give(fern, session, {"command": "OpenDoors"}, token=token)

    assert answer.get_json() == {"message": "This session was cancelled. Schedule a new one."}
    assert fern.get(address(session)).status_code == 409


def test_without_scripts_every_button_is_a_form(app: Flask, fern: FlaskClient, session: GroupSession) -> None:
    for words in ("Open doors", "Start: How I am arriving", "Next", "Five minutes more", "Pause"):
        page = fern.get(address(session)).text
        answer = press(fern, session, button(page, words))
        assert (answer.status_code, answer.headers["Location"]) == (303, address(session))

    now = live(app, session)
    assert (now.state, now.segment, now.timer.ends_at) == ("live", 1, None)
    assert now.timer.planned_ms == 25 * MINUTE
    assert "Resume" in fern.get(address(session)).text


def test_without_scripts_an_exercise_is_led_by_its_buttons(
    app: Flask, clinic: Clinic, fern: FlaskClient, clock: SettableClock
) -> None:
    session = clinic.session(text=ALL_PARTS)
    start(fern, session)
    give(fern, session, {"command": "EnterSegment", "segment": 2})
    for words, step in (("Start: Land in this room", 0), ("Next step", 1), ("Next step", 2), ("One step back", 1)):
        press(fern, session, button(fern.get(address(session)).text, words))
        doing = live(app, session).exercise
        assert doing is not None and (doing.exercise, doing.step) == ("x4", step)

    page = fern.get(address(session)).text
    for part, words in (("step", "Step 2 of 5"), ("item", "Four things you can touch"), ("left", "00:40")):
        assert f'data-exercises="{part}">{words}<' in page
    clock.forward(minutes=2)
    assert 'data-exercises="rest">Time for the next step, when they are ready.<' in fern.get(address(session)).text
    press(fern, session, button(page, "Stop the exercise"))
    assert live(app, session).exercise is None


def test_without_scripts_words_come_with_the_button(app: Flask, fern: FlaskClient, session: GroupSession) -> None:
    start(fern, session)
    press(fern, session, '{"command": "AddNote"}', text="Two people\r\nchose the walk.")
    press(fern, session, '{"command": "AddGuest"}', name="Ines")

    assert [note.text for note in live(app, session).notes.values()] == ["Two people\nchose the walk."]
    assert list(live(app, session).guests.values()) == ["Ines"]
    page = fern.get(address(session)).text
    assert "chose the walk." in page and "Ines" in page


@pytest.mark.parametrize("value", ["", "{", "[]", "7", '"Start"', '{"command": "Start", "x": 1}'])
def test_a_form_that_cannot_be_read_leads_back_with_a_sentence(
    app: Flask, fern: FlaskClient, session: GroupSession, value: str
) -> None:
    answer = press(fern, session, value)

    assert answer.status_code == 303
    assert 'class="notice time" role="status"' in fern.get(address(session)).text
    assert live(app, session).rev == 0


def test_a_form_that_is_refused_leads_back_with_the_sentence(fern: FlaskClient, session: GroupSession) -> None:
    press(fern, session, '{"command": "Start"}')

    assert "Open the doors first." in fern.get(address(session)).text


def test_marks_are_shown_with_their_time(
    fern: FlaskClient, session: GroupSession, clinic: Clinic, clock: SettableClock
) -> None:
    start(fern, session)
    clock.forward(minutes=14)
    give(fern, session, {"command": "MarkAttendance", "member": clinic.roster[0].id, "mark": "late"})

    page = fern.get(address(session)).text
    assert 'aria-label="Robin: Late. Change"' in page
    assert "Late 6:14 pm" in page


def test_somebody_who_asks_to_talk_is_there_until_handled(app: Flask, fern: FlaskClient, session: GroupSession) -> None:
    start(fern, session)
    hub = app.extensions["facilitator"].hub
    hub.ask_for_staff(session.id, hub.take_seat(session.id, None, None).seat, "<Sam>")
    page = fern.get(address(session)).text
    assert "<bdi>&lt;Sam&gt;</bdi> asks to talk" in page

    press(fern, session, button(page, "We talk after the session"))

    page = fern.get(address(session)).text
    assert "1 handled" in page
    assert ": We talk after the session" in page


def test_the_code_is_drawn_for_the_address_of_the_installation(fern: FlaskClient, session: GroupSession) -> None:
    drawn = fern.get(address(session, "qr.svg"), headers={"X-Forwarded-Host": "evil.example"})

    assert drawn.mimetype == "image/svg+xml"
    assert drawn.data == qr.picture(f"http://localhost/j/{session.join_code}").data


def test_on_loopback_it_says_that_phones_cannot_come(fern: FlaskClient, session: GroupSession) -> None:
    give(fern, session, {"command": "OpenDoors"})

    assert "Phones cannot open this address" in fern.get(address(session)).text


def test_an_ended_session_can_be_continued_for_ten_minutes(
    app: Flask, fern: FlaskClient, session: GroupSession, clock: SettableClock
) -> None:
    start(fern, session)
    give(fern, session, {"command": "End"})
    page = fern.get(address(session)).text
    assert f'href="/sessions/{session.id}/ended"' in page
    assert "Possible until 6:10 pm" in page

    press(fern, session, button(page, "Continue this session"))

    assert live(app, session).state == "live"


def checked(app: Flask, people: int, note: str | None = None) -> dict[str, bool]:
    """What is looked at before the doors open, and whether it is well."""
    house = app.extensions["facilitator"]
    kept = Library().get("T04")
    assert kept is not None
    last = ProgressNote(session_id="x", status=note) if note else None
    return {check.words: check.good for check in checks(kept.plan, people, last, house.settings)}


def test_what_is_looked_at_before_the_doors_open(app: Flask) -> None:
    assert checked(app, 9) == {
        "Phones cannot open localhost: it is this computer only": False,
        "9 people are expected; a tally needs up to 7 answers": True,
    }
    assert checked(app, 6, "draft") == {
        "Phones cannot open localhost: it is this computer only": False,
        "6 people are expected, but some questions need 7 answers": False,
        "The last note of this group is a draft": False,
    }
    assert checked(app, 9, "signed")["The last note of this group is signed"]
