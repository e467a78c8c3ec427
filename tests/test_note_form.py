from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.realtime import commands as c
from facilitator.records import notes
from facilitator.storage.tables import GroupSession, ProgressNote, Staff
from tests.conftest import PASSWORD, Cast, Clinic, csrf_token
from tests.paperwork import WRITTEN, as_shown, eventful, everybody_here, hidden, note_path, post, sign, status, texts_of
from tests.story import PLAN_TEXT, Archive, as_planned

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    """It is ten at night, after Tuesday's group."""
    clinic.clock.forward(hours=4)
    return Archive(clinic)


@pytest.fixture
def session(archive: Archive) -> GroupSession:
    """A session with an eventful log, whose note is a draft."""
    return archive.keep(eventful(archive.story()))


def test_the_draft_starts_from_what_happened(session: GroupSession, sign_in: SignIn, cast: Cast):
    page = sign_in(cast.fern).get(note_path(session)).text

    assert "5 of 6 segments were run, in 60 minutes of group time." in page
    assert "Quiet &lt;room&gt;." in page
    assert "None beyond the staff request" in page
    assert "“Break” was skipped." in page


def test_an_untouched_form_writes_nothing(clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.fern)

    answer = post(browser, note_path(session), note_path(session), as_shown(browser, session))

    with clinic.db.read() as s:
        note = s.get_one(ProgressNote, session.id)
    assert (answer.status_code, note.sections, note.edition) == (303, {}, 0)


def test_words_and_ticks_are_kept(clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.fern)
    fields = as_shown(browser, session) | {"response": "Warm.\r\nLoud.", "objectives": [], "next": "  Again.  "}

    post(browser, note_path(session), note_path(session), fields)

    with clinic.db.read() as s:
        sections = s.get_one(ProgressNote, session.id).sections
    assert sections == {"response": "Warm.\nLoud.", "objectives": "", "next": "Again."}


def test_sign_says_what_is_missing_in_the_words_of_the_fields(
    clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast
):
    answer = sign(sign_in(cast.fern), session, response="", incidents="")

    assert (answer.status_code, status(clinic, session)) == (422, "draft")
    for sentence in ("Write how the group responded.", "Say whether there was an incident."):
        assert answer.text.count(sentence) == 2
    assert "We practised." in answer.text


def test_open_ends_are_settled_on_the_way(clinic: Clinic, archive: Archive, app: Flask, sign_in: SignIn, cast: Cast):
    story = archive.story().start().asks_to_talk("18:10", "Bo").left()
    session, members = archive.keep(story), clinic.roster
    marks = {f"mark-{member.id}": "present" for member in members[1:]}
    browser = sign_in(cast.fern)

    refused = sign(browser, session, **marks)

    assert refused.status_code == 422
    assert "Say what was done for Bo, who asked to talk." in refused.text
    assert f"Say whether {members[0].name} was here." in refused.text

    signed = sign(browser, session, **{f"mark-{members[0].id}": "excused", "request-bo": "We spoke."})

    live = app.extensions["facilitator"].hub.live(session.id)
    assert (signed.status_code, status(clinic, session)) == (303, "signed")
    assert live.attendance[members[0].id].mark == "excused"
    assert live.requests["bo"].outcome == "We spoke."


def test_a_signed_note_refuses_every_further_line_in_the_log(
    clinic: Clinic, session: GroupSession, app: Flask, sign_in: SignIn, cast: Cast
):
    browser = sign_in(cast.fern)
    sign(browser, session)
    command = {"command": "MarkAttendance", "member": clinic.roster[0].id, "mark": "absent"}

    answer = browser.post(
        f"/sessions/{session.id}/commands",
        json=command,
        headers={"X-CSRF-Token": csrf_token(browser, note_path(session))},
    )

    assert answer.status_code == 409
    assert "Co-signing locks" not in answer.text


def test_nobody_signs_without_their_password(clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast):
    answer = sign(sign_in(cast.fern), session, password="")

    assert (answer.status_code, status(clinic, session)) == (422, "draft")
    assert "Type your password to sign." in answer.text


def test_a_supervisor_reads_the_draft_and_cannot_write_it(
    clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast
):
    browser = sign_in(cast.sol)

    assert "<textarea" not in browser.get(note_path(session)).text
    for path in (note_path(session), f"{note_path(session)}/sign"):
        fields = {**WRITTEN, "edition": "0", "seen": "9", "password": PASSWORD}
        assert post(browser, note_path(session), path, fields).status_code == 403
    assert status(clinic, session) == "draft"


def test_two_people_at_once_keep_both_texts(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()), co_facilitator=cast.max)
    fern, max_ = sign_in(cast.fern), sign_in(cast.max)
    opened_by_both = as_shown(fern, session)
    post(fern, note_path(session), note_path(session), opened_by_both | {"response": "Fern's.", "next": "Fern next."})

    answer = post(max_, note_path(session), note_path(session), opened_by_both | {"response": "Max's."})

    assert answer.status_code == 409
    assert texts_of(answer.text)["response"] == "Max's."
    assert texts_of(answer.text)["next"] == "Fern next."
    assert "Fern&#39;s." in answer.text.split("What somebody else saved here meanwhile")[1]
    assert answer.text.count("What somebody else saved here meanwhile") == 1

    agreed = {name: hidden(answer.text, name) for name in ("edition", "seen")}
    post(max_, note_path(session), note_path(session), opened_by_both | agreed | {"response": "Both.", "next": "Next."})
    with clinic.db.read() as s:
        assert s.get_one(ProgressNote, session.id).sections == {"response": "Both.", "next": "Next."}


def test_two_people_at_once_keep_both_ticks_and_both_answers(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
):
    session = archive.keep(as_planned(archive.story()), co_facilitator=cast.max)
    fern, max_ = sign_in(cast.fern), sign_in(cast.max)
    opened_by_both = as_shown(fern, session)
    theirs = {"incidents": "yes", "incident": "A chair fell.", "objectives": [], "interventions": ["Teaching"]}
    post(fern, note_path(session), note_path(session), opened_by_both | theirs)

    mine = opened_by_both | {"incidents": "none", "interventions": ["Check-in"]}
    answer = post(max_, note_path(session), note_path(session), mine)

    beside = answer.text.split("What somebody else saved here meanwhile")[1:]
    assert answer.status_code == 409
    assert [len(beside), "Teaching" in beside[0], "Yes, described here" in beside[1]] == [2, True, True]
    ticked = re.findall(r'name="(?:objectives|interventions|incidents)" value="([^"]*)" checked', answer.text)
    assert ticked == ["Check-in", "none"]
    assert texts_of(answer.text)["incident"] == "A chair fell."


def test_words_written_while_somebody_else_signed_are_given_back(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
):
    session = archive.keep(as_planned(archive.story()), co_facilitator=cast.max)
    fern, max_ = sign_in(cast.fern), sign_in(cast.max)
    opened_by_both = as_shown(max_, session)
    sign(fern, session)

    answer = post(max_, note_path(session), note_path(session), opened_by_both | {"response": "Max saw\r\nmore."})

    assert (answer.status_code, status(clinic, session)) == (409, "signed")
    assert "Add an addendum instead." in answer.text
    assert texts_of(answer.text)["text"] == "Max saw\nmore."


def test_words_written_while_the_session_was_reopened_are_given_back(archive: Archive, sign_in: SignIn, cast: Cast):
    story = archive.story().start().end("18:50")
    session = archive.keep(story)
    browser = sign_in(cast.fern)
    written = as_shown(browser, session) | {"response": "It was <quiet>."}
    archive.go_on(session, story.at("18:55").do(c.Reopen()))

    answer = post(browser, "/sessions", note_path(session), written)

    assert answer.status_code == 409
    assert "It was &lt;quiet&gt;." in answer.text


def test_what_the_log_wrote_is_never_too_long_to_sign(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    story = everybody_here(archive.story().start(), "18:01")
    for minute in range(10, 16):
        story.note(f"18:{minute}", "x" * 2_000)
    session = archive.keep(story.end("18:50"))
    browser = sign_in(cast.fern)

    answer = sign(browser, session, response=as_shown(browser, session)["response"])

    assert (answer.status_code, status(clinic, session)) == (303, "signed")


def test_a_session_that_never_began_asks_for_no_marks_and_no_response(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(archive.story().doors().end("18:10"))

    page = sign_in(cast.fern).get(note_path(session)).text

    assert "Incidents are not answered" in page
    assert "Everybody has an attendance mark" not in page
    assert "Group response is written" not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"response": "x" * 10_001},
        {"response": "with a NUL \0"},
        {"edition": "no number"},
        {"edition": "9" * 400},
        {"seen": "-1"},
        {"incidents": "perhaps"},
        {"objectives": "something else"},
        {"unknown": "field"},
    ],
)
def test_bad_input_changes_no_words(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast, changes: dict[str, str]
):
    session = archive.keep(as_planned(archive.story()))
    browser = sign_in(cast.fern)

    answer = post(browser, note_path(session), note_path(session), as_shown(browser, session) | changes)

    with clinic.db.read() as s:
        kept = s.get_one(ProgressNote, session.id)
    assert answer.status_code in (303, 409, 422)
    assert kept.sections in ({}, {"objectives": ""})


def test_signed_twice_is_signed_once(clinic: Clinic, session: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.fern)
    fields = {**as_shown(browser, session), **WRITTEN, "password": PASSWORD}
    for _ in range(2):
        answer = post(browser, note_path(session), f"{note_path(session)}/sign", fields)

    with clinic.db.read() as s:
        assert [step.kind for step in notes.steps_of(s, session.id)] == ["signed"]
    assert (answer.status_code, "Add an addendum instead." in answer.text) == (409, True)


@pytest.fixture
def signed(archive: Archive, sign_in: SignIn, cast: Cast) -> GroupSession:
    """A session whose note Fern has signed."""
    session = archive.keep(as_planned(archive.story()))
    sign(sign_in(cast.fern), session)
    return session


def test_home_practice_reads_as_the_room_saw_it(clinic: Clinic, sign_in: SignIn, cast: Cast, app: Flask):
    text = PLAN_TEXT.replace("Ride one small urge. Write down when.", "**One urge**\n\n- When\n- <b>Where</b>")
    session, hub, fern = clinic.session(text=text), app.extensions["facilitator"].hub, cast.fern
    for command in (c.OpenDoors(), c.Start(), c.EnterSegment(5), c.MarkSegment(5, "covered", ""), c.End()):
        hub.run(session.id, command, c.Person(fern.id, fern.name))

    page = sign_in(cast.sol).get(note_path(session)).text

    assert re.search(r"<strong>One urge</strong>.*<li>When</li>", page, re.DOTALL)
    assert "**" not in page
    assert "<b>Where" not in page


def test_what_came_later_is_visibly_later(signed: GroupSession, sign_in: SignIn, cast: Cast):
    browser = sign_in(cast.fern)
    fields = {"kind": "correction", "was": "We practised.", "text": "We talked. Wrong segment."}

    answer = post(browser, note_path(signed), f"{note_path(signed)}/additions", fields)

    page = browser.get(note_path(signed)).text
    assert answer.status_code == 303
    assert "<del>We practised.</del>" in page
    assert "We talked. Wrong segment." in page.split("Added after signing")[1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "", "text": "x"}, "Choose what it is."),
        ({"kind": "signed", "text": "x"}, "Choose what it is."),
        ({"kind": "addendum", "text": ""}, "Write what you want to add."),
        ({"kind": "correction", "text": "x"}, "Copy the words that are wrong."),
    ],
)
def test_an_addition_says_what_is_missing(
    clinic: Clinic, signed: GroupSession, sign_in: SignIn, cast: Cast, fields: dict[str, object], sentence: str
):
    answer = post(sign_in(cast.fern), note_path(signed), f"{note_path(signed)}/additions", fields)

    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    with clinic.db.read() as s:
        assert len(notes.steps_of(s, signed.id)) == 1


def test_a_draft_takes_no_addition(archive: Archive, sign_in: SignIn, cast: Cast):
    session = archive.keep(as_planned(archive.story()))
    browser = sign_in(cast.fern)

    for fields in ({"kind": "addendum", "text": "x"}, {"kind": "", "text": ""}):
        answer = post(browser, note_path(session), f"{note_path(session)}/additions", dict(fields))
        assert answer.status_code == 409
