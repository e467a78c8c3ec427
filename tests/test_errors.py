"""When something does not work: calm words, help on phones, and never a word from inside."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace

import pytest
from flask import Flask

from facilitator import create_app
from facilitator.pages.errors import WORDS, answer
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from tests.conftest import Cast, SettableClock, csrf_token
from tests.desk import SignInAs, form_token

INSIDE = re.compile(r"Traceback|Error:|exception|werkzeug|sqlite|File \"|request|browser \(or proxy\)", re.IGNORECASE)


@pytest.mark.parametrize("status", [*WORDS, 418, 502])
def test_a_phone_always_shows_where_a_person_is(app: Flask, status: int) -> None:
    text = page(app, "/j/CDFGHJ", status)

    assert "I need to talk to someone" in text and 'href="tel:988"' in text and 'href="sms:988"' in text
    assert "<title>Group</title>" in text, "who looks over a shoulder learns nothing"
    assert not INSIDE.search(text)


@pytest.mark.parametrize("status", [*WORDS, 418, 502])
def test_staff_get_their_own_page(app: Flask, status: int) -> None:
    text = page(app, "/sessions/x", status)

    assert WORDS[status if status in WORDS else 400 if status < 500 else 500][0] in text
    assert "988" not in text and not INSIDE.search(text)


def test_a_sentence_for_the_person_is_said_and_made_safe(app: Flask) -> None:
    assert "Say &lt;b&gt;when&lt;/b&gt;." in page(app, "/", 422, "Say <b>when</b>.")


@pytest.mark.parametrize("asking", [{"Accept": "application/json"}, {"Content-Type": "application/json"}])
def test_a_script_gets_a_sentence(app: Flask, asking: dict[str, str]) -> None:
    answer = app.test_client().get("/nowhere", headers=asking)

    assert (answer.status_code, answer.json) == (
        404, {"message": "Check the address, or the code on the screen, and try again."},
    )  # fmt: skip


def test_a_browser_gets_a_page_whatever_else_it_takes(app: Flask) -> None:
    takes = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    assert "<h1>Nothing is here</h1>" in app.test_client().get("/nowhere", headers={"Accept": takes}).text


def test_the_wrong_verb_says_which_are_right(app: Flask) -> None:
    answer = app.test_client().delete("/sign-in")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_too_much_at_once_is_refused(cast: Cast, sign_in: SignInAs) -> None:
    answer = sign_in(cast.ada).post("/staff/add", data={"name": "N" * 400_000})
    assert answer.status_code == 413 and "Send something shorter." in answer.text


@pytest.mark.parametrize("token", ["", "forged", "\0", "é", None])
def test_a_form_that_is_not_from_our_page_changes_nothing(
    cast: Cast, sign_in: SignInAs, token: str | None
) -> None:
    ada = sign_in(cast.ada)
    csrf_token(ada, "/staff")
    sent = {} if token is None else {"csrf_token": token}

    answer = ada.post(f"/staff/{cast.fern.id}/switch-off", data=sent)
    assert answer.status_code == 403 and "This form is from an older page." in answer.text
    assert "Switched off" not in ada.get("/staff").text


def test_somebody_elses_token_is_as_good_as_none(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    theirs = form_token(app.test_client())
    assert sign_in(cast.ada).post("/sign-out", data={"csrf_token": theirs}).status_code == 403


def test_a_database_that_cannot_be_used_is_no_fault_of_the_person(
    settings: Settings, cast: Cast, sign_in: SignInAs
) -> None:
    ada = sign_in(cast.ada)
    change(settings, "ALTER TABLE sign_in RENAME TO gone")

    answer = ada.get("/staff")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"
    assert "Nothing was lost. Try again in a moment." in answer.text and not INSIDE.search(answer.text)


def test_a_mistake_of_ours_is_said_without_its_insides(settings: Settings, cast: Cast, sign_in: SignInAs) -> None:
    ada = sign_in(cast.ada)
    change(settings, "UPDATE staff SET role = 'wizard' WHERE name = 'Ada'")

    answer = ada.get("/staff")
    assert answer.status_code == 500 and "It is our fault, not yours." in answer.text
    assert not INSIDE.search(answer.text) and "wizard" not in answer.text
    as_json = ada.get("/staff", headers={"Accept": "application/json"})
    assert as_json.status_code == 500 and set(as_json.json) == {"message"}


@pytest.mark.parametrize("address", ["/sign-in", "/p/nowhere/x", "/", "/j/nowhere", "/private"])
def test_in_the_demo_every_page_says_that_the_people_are_invented(
    settings: Settings, db: Database, clock: SettableClock, address: str
) -> None:
    said = "Sample clinic: these are invented people."
    for demo in (False, True):
        app = create_app(replace(settings, demo=demo), clock)
        assert (said in app.test_client().get(address).text) is demo
        app.extensions["facilitator"].db.close()


def page(app: Flask, address: str, status: int, sentence: str = "") -> str:
    """The page of an error as it is drawn at an address."""
    with app.test_request_context(address):
        drawn, given, _headers = answer(status, sentence)
    assert given == status
    return str(drawn)


def change(settings: Settings, statement: str) -> None:
    """Damage the database behind the application's back."""
    connection = sqlite3.connect(settings.data / "facilitator.db")
    with connection:
        connection.execute(statement)
    connection.close()
