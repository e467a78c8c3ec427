"""Signing in and out: who gets in, who has to wait, how long it lasts."""

from __future__ import annotations

import re
import time

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlmodel import select

from facilitator.people import passwords
from facilitator.people import staff as people
from facilitator.people.passwords import NOBODY
from facilitator.storage.engine import Database
from facilitator.storage.tables import SignIn
from tests.conftest import PASSWORD, Cast, SettableClock, csrf_token
from tests.desk import SignInAs, enter

NOT_RIGHT = "This email and password do not go together. Check both and try again."


@pytest.mark.parametrize(("who", "start"), [("fern", "/sessions"), ("sol", "/review"), ("ada", "/staff")])
def test_everybody_signs_in_and_starts_at_their_own_place(app: Flask, cast: Cast, who: str, start: str) -> None:
    answer = enter(app.test_client(), f" {who.capitalize()}@Clinic.Example ")

    assert (answer.status_code, answer.headers["Location"]) == (303, start)


@pytest.mark.parametrize("email", ["fern@clinic.example", "nobody@clinic.example", "", "' or 1=1 --", "x" * 5000])
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(app: Flask, cast: Cast, email: str) -> None:
    answer = enter(app.test_client(), email, "not the password at all")

    assert answer.status_code == 422
    assert answer.text.count(NOT_RIGHT) == 2, "in the summary and beside the field"
    assert "not the password at all" not in answer.text


def test_an_unknown_person_takes_as_long_as_a_known_one(db: Database, cast: Cast) -> None:
    def seconds(email: str) -> float:
        begun = time.perf_counter()
        assert people.recognise(db, email, "not the password at all") is None
        return time.perf_counter() - begun

    # The quickest of several: what else the machine does only ever adds time.
    known = min(seconds("fern@clinic.example") for _ in range(3))
    unknown = min(seconds("nobody@clinic.example") for _ in range(3))
    assert 0.5 < unknown / known < 2
    assert passwords.verified("anything", None) == (False, None)
    assert cast.fern.password_hash.rsplit("$", 2)[0] == NOBODY.rsplit("$", 2)[0], "same settings, same time"


def test_somebody_switched_off_gets_the_answer_of_an_unknown_person(app: Flask, db: Database, cast: Cast) -> None:
    with db.write() as s:
        people.switch_off(s, cast.fern.id)

    assert NOT_RIGHT in enter(app.test_client(), "fern@clinic.example").text


def test_after_signing_in_one_is_where_one_wanted_to_be(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    asked = client.get("/staff/add?from=list")
    assert asked.status_code == 303
    form = client.get(asked.headers["Location"])

    answer = enter(client, "ada@clinic.example", going_on_to=re.findall(r'name="next" value="([^"]*)"', form.text)[0])
    assert answer.headers["Location"] == "/staff/add?from=list"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "evil.example",
     "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:1"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(app: Flask, cast: Cast, elsewhere: str) -> None:
    assert enter(app.test_client(), "ada@clinic.example", going_on_to=elsewhere).headers["Location"] == "/staff"


def test_signing_in_starts_a_new_browser_session(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    client.get("/sign-in")
    with client.session_transaction() as browser:
        planted = browser["csrf_token"]
        browser["planted"] = "by somebody else"
    enter(client, "ada@clinic.example")

    with client.session_transaction() as browser:
        assert "planted" not in browser and browser.get("csrf_token") != planted


def test_only_a_digest_of_the_token_is_kept(app: Flask, db: Database, cast: Cast) -> None:
    client = app.test_client()
    enter(client, "ada@clinic.example")

    with client.session_transaction() as browser, db.read() as s:
        kept = s.exec(select(SignIn)).one()
        assert browser["_user_id"] not in kept.model_dump().values()
        assert cast.ada.password_hash.startswith("$argon2id$")


def test_who_signs_in_again_leaves_no_other_sign_in_behind(app: Flask, db: Database, cast: Cast) -> None:
    browser = app.test_client()
    enter(browser, "fern@clinic.example")
    sol = {"email": "sol@clinic.example", "password": PASSWORD, "csrf_token": csrf_token(browser, "/sessions")}
    assert browser.post("/sign-in", data=sol).status_code == 303

    with db.read() as s:
        assert [one.staff_id for one in s.exec(select(SignIn))] == [cast.sol.id]


def test_a_hash_of_older_settings_is_renewed_at_the_next_sign_in(app: Flask, db: Database, cast: Cast) -> None:
    with db.write() as s:
        people.get(s, cast.fern.id).password_hash = PasswordHasher(memory_cost=8192, time_cost=1).hash(PASSWORD)

    assert enter(app.test_client(), "fern@clinic.example").status_code == 303
    with db.read() as s:
        assert "m=65536,t=3,p=4" in people.get(s, cast.fern.id).password_hash


# Guessing


def test_after_five_wrong_tries_one_waits_and_is_told_until_when(app: Flask, cast: Cast, clock: SettableClock) -> None:
    client = app.test_client()
    for _ in range(5):
        assert enter(client, "fern@clinic.example", "not the password at all").status_code == 422

    refused = enter(client, "fern@clinic.example")
    assert refused.status_code == 429
    assert "There were too many wrong tries. You can try again at 6:15 pm." in refused.text
    assert refused.headers["Retry-After"] == "900"

    clock.forward(minutes=15)
    assert enter(client, "fern@clinic.example").status_code == 303


def test_an_unknown_account_closes_just_the_same(app: Flask, cast: Cast) -> None:
    codes = [enter(app.test_client(), "nobody@clinic.example", "x").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


# Staying in, and going


def test_twelve_hours_end_a_sign_in_and_nothing_else_does(
    app: Flask, cast: Cast, clock: SettableClock, sign_in: SignInAs
) -> None:
    ada = sign_in(cast.ada)
    clock.forward(hours=11, minutes=59)
    assert ada.get("/staff").status_code == 200, "nobody is signed out for being idle"

    clock.forward(minutes=1)
    answer = ada.get("/staff")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/staff")


def test_signing_out_ends_that_sign_in_for_good(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    here, elsewhere = sign_in(cast.ada), sign_in(cast.ada)
    cookie = here.get_cookie("facilitator")
    assert cookie is not None

    assert here.post("/sign-out", data={"csrf_token": csrf_token(here, "/staff")}).headers["Location"] == "/sign-in"
    here.set_cookie("facilitator", cookie.value)
    assert here.get("/staff").status_code == 303, "a copy of the cookie opens nothing"
    assert elsewhere.get("/staff").status_code == 200


def test_signing_out_needs_the_form_of_the_page(cast: Cast, sign_in: SignInAs) -> None:
    ada = sign_in(cast.ada)
    assert ada.post("/sign-out").status_code == 403
    assert ada.get("/sign-out").status_code == 405
    assert ada.get("/staff").status_code == 200


def test_a_form_works_however_long_its_page_was_open(
    app: Flask, cast: Cast, clock: SettableClock, sign_in: SignInAs
) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None, "its own clock cannot be set"
    ada = sign_in(cast.ada)
    token = csrf_token(ada, f"/staff/{cast.max.id}")
    clock.forward(hours=11)
    assert ada.post(f"/staff/{cast.max.id}/switch-off", data={"csrf_token": token}).status_code == 303


def test_somebody_not_signed_in_is_sent_to_the_form_and_a_script_is_told(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/staff").headers["Location"] == "/sign-in?next=/staff"
    assert client.post("/staff/add").headers["Location"] == "/sign-in"
    assert "You were signed out, and this was not saved." in client.get("/sign-in").text
    answer = client.get("/staff", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"message": "You are signed out. Sign in again to go on."})
