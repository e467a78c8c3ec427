from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from facilitator.realtime import commands as c
from facilitator.records import audit
from facilitator.storage.tables import Audit, GroupSession, Staff
from tests.conftest import PASSWORD, Cast, Clinic
from tests.paperwork import eventful, hidden, note_path, post, sign, status
from tests.story import PLAN_TEXT, Archive, as_planned

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    """It is ten at night, after Tuesday's group."""
    clinic.clock.forward(hours=4)
    return Archive(clinic)


def decide(browser: FlaskClient, session: GroupSession, verb: str, **fields: object) -> TestResponse:
    page = f"/review/{session.id}"
    edition = hidden(browser.get(page).text, "edition")
    return post(browser, page, f"{page}/{verb}", {"edition": edition, **fields})


def reads(clinic: Clinic, session: GroupSession) -> list[tuple[str | None, str, object]]:
    with clinic.db.read() as s:
        rows = s.exec(select(Audit).where(Audit.target == session.id).order_by(col(Audit.seq)))
        return [(row.staff_id, row.action, row.details.get("role")) for row in rows if row.action.endswith(".read")]


def test_the_whole_evening_is_on_one_page(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(eventful(archive.story()))

    page = sign_in(cast.sol).get(f"/review/{session.id}").text

    for words in (
        "6:02 pm to 7:02 pm",
        "Ended 10 min after the plan",
        "6 of 6",
        "Quiet &lt;room&gt;.",
        "Bo</bdi> asked to talk",
        "Handled after 11 min",
        "We spoke outside.",
        "Strongest craving today",
        "about half",
        "Fewer than 5 answered. Nobody sees this tally",
        "Robin",
        "Not signed yet",
        "part-2",
    ):
        assert words in page


def test_the_record_and_the_note_say_which_exercises_were_run(archive: Archive, sign_in: SignIn, cast: Cast):
    text = PLAN_TEXT.replace("Pick a mild urge", "Do (pairs, 2 rounds of 2 min): Read it out")
    story = archive.story(text=text).start().enter("18:15", 2).at("18:20").do(c.StartExercise("x1"))
    session = archive.keep(story.at("18:22").do(c.StepExercise("x1", 1)).end("18:26"))

    page = sign_in(cast.sol).get(f"/review/{session.id}").text
    note = sign_in(cast.fern).get(note_path(session)).text

    told = ("Exercise started: Read it out", "Round 2 of 2", "Exercise stopped")
    for words in ("Read it out (pairs)", "6 min, reached round 2 of 2", *told):
        assert words in page, words
    assert "Exercise done: “Read it out” (pairs)." in note


def test_every_bar_has_its_minutes_in_the_table(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(eventful(archive.story()))

    page = sign_in(cast.sol).get(f"/review/{session.id}").text
    rows = page.split('<table class="table timeline">')[1].split("</table>")[0].split("<tr")[2:8]

    assert all(row.count('<rect class="planned') == 1 for row in rows)
    assert ['class="actual"' in row for row in rows] == [True, True, True, False, True, True]
    assert [re.findall(r"<strong>(\d+ min)</strong>", row) for row in rows] == [
        ["6 min"], ["24 min"], ["20 min"], ["0 min"], ["4 min"], ["6 min"],
    ]  # fmt: skip


def test_the_page_has_no_style_and_no_script_of_its_own(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(eventful(archive.story()))
    supervisor, facilitator = sign_in(cast.sol), sign_in(cast.fern)
    pages = [
        supervisor.get("/review").text,
        supervisor.get(f"/review/{session.id}").text,
        facilitator.get(note_path(session)).text,
    ]
    sign(facilitator, session)

    for page in (*pages, facilitator.get(note_path(session)).text):
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", page)


def test_reading_a_record_is_itself_logged(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()))

    sign_in(cast.sol).get(f"/review/{session.id}")
    sign_in(cast.fern).get(f"/review/{session.id}")
    sign_in(cast.sol).get(note_path(session))

    assert reads(clinic, session) == [
        (cast.sol.id, "record.read", "supervisor"),
        (cast.fern.id, "record.read", "facilitator"),
        (cast.sol.id, "note.read", "supervisor"),
    ]
    assert audit.verify(clinic.db) is None


def test_the_page_says_who_read_it(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()))
    for _ in range(6):
        sign_in(cast.sol).get(f"/review/{session.id}")

    page = sign_in(cast.fern).get(f"/review/{session.id}").text.split("Last read by")[1]

    assert (page.count("Sol</bdi>"), page.count("Fern</bdi>")) == (1, 1)


def test_somebody_elses_record_is_closed_and_nothing_is_logged(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
):
    session = archive.keep(as_planned(archive.story()))

    for staff in (cast.max, cast.ada):
        assert sign_in(staff).get(f"/review/{session.id}").status_code == 403
        assert sign_in(staff).get(note_path(session)).status_code == 403
    assert sign_in(cast.sol).get("/review/nothing").status_code == 404
    assert reads(clinic, session) == []


def test_a_running_session_has_no_record_yet(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(archive.story().start().note("18:05", "Secret so far."))

    for path in (f"/review/{session.id}", note_path(session)):
        page = sign_in(cast.sol).get(path)
        assert page.status_code == 200
        assert "opens when the session has ended" in page.text
        assert "Secret so far." not in page.text
    assert reads(clinic, session) == []


def test_times_are_in_the_clinics_zone(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()))

    assert "6:00 pm to 6:50 pm" in sign_in(cast.sol).get(f"/review/{session.id}").text


@pytest.fixture
def signed(archive: Archive, sign_in: SignIn, cast: Cast) -> GroupSession:
    """A session whose note Fern has signed."""
    session = archive.keep(as_planned(archive.story()))
    assert sign(sign_in(cast.fern), session).status_code == 303
    return session


def test_a_supervisor_co_signs(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.sol)

    answer = decide(browser, signed, "co-sign", comment="Good call.", password=PASSWORD)

    assert (answer.status_code, status(clinic, signed)) == (303, "co-signed")
    assert "Co-signed and locked" in browser.get(f"/review/{signed.id}").text
    assert signed.id not in browser.get("/review").text
    assert signed.id in browser.get("/review?state=co-signed").text


@pytest.mark.parametrize("password", ["", "not my password at all"])
def test_without_the_own_password_nothing_is_signed(
    clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast, password: str
):
    answer = decide(sign_in(cast.sol), signed, "co-sign", comment="Kept words.", password=password)

    assert (answer.status_code, status(clinic, signed)) == (422, "signed")
    assert "There is a problem" in answer.text
    assert "Kept words." in answer.text
    assert "<title>Error: " in answer.text


def test_after_five_wrong_passwords_signing_waits(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.sol)
    for _ in range(5):
        decide(browser, signed, "co-sign", password="not my password at all")

    answer = decide(browser, signed, "co-sign", password=PASSWORD)

    assert (answer.status_code, status(clinic, signed)) == (422, "signed")
    assert "too many wrong tries" in answer.text


def test_a_note_is_returned_with_its_reason_and_the_author_reads_it(
    clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast
):
    answer = decide(sign_in(cast.sol), signed, "return", comment="Say who was told.")

    assert (answer.status_code, status(clinic, signed)) == (303, "returned")
    assert "Say who was told." in sign_in(cast.fern).get(note_path(signed)).text


def test_a_return_without_a_reason_is_asked_for(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    answer = decide(sign_in(cast.sol), signed, "return", comment="  ")

    assert (answer.status_code, status(clinic, signed)) == (422, "signed")
    assert answer.text.count("Write what should change before you return the note.") == 2


def test_facilitators_decide_nothing(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.fern)
    page = f"/review/{signed.id}"

    assert "Co-sign and lock" not in browser.get(page).text
    for verb in ("co-sign", "return"):
        answer = post(browser, page, f"{page}/{verb}", {"edition": "1", "comment": "x", "password": PASSWORD})
        assert answer.status_code == 403
    assert status(clinic, signed) == "signed"


def test_a_supervisor_who_led_does_not_co_sign(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()), facilitator=cast.sol)
    browser = sign_in(cast.sol)
    sign(browser, session)
    page = f"/review/{session.id}"

    answer = post(browser, page, f"{page}/co-sign", {"edition": "1", "password": PASSWORD})

    assert "Another supervisor co-signs it" in browser.get(page).text
    assert (answer.status_code, status(clinic, session)) == (403, "signed")


def test_a_page_from_before_a_change_decides_nothing(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    browser, page = sign_in(cast.sol), f"/review/{signed.id}"

    fields = {"edition": "0", "password": PASSWORD, "comment": "Kept words."}
    answer = post(browser, page, f"{page}/co-sign", fields)

    assert (answer.status_code, status(clinic, signed)) == (409, "signed")
    assert "Kept words." in answer.text
    assert hidden(answer.text, "edition") == hidden(browser.get(page).text, "edition") != "0"


def test_a_form_without_its_token_does_nothing(clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast):
    answer = sign_in(cast.sol).post(f"/review/{signed.id}/co-sign", data={"edition": "1", "password": PASSWORD})

    assert (answer.status_code, status(clinic, signed)) == (403, "signed")
