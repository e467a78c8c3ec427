"""The library on the web: finding a plan, reading it, printing it with its handouts."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.curricula.library import Library
from facilitator.realtime import commands as c
from facilitator.records import editions, shelf
from tests.all_parts import ALL_PARTS
from tests.conftest import MINUTE_MS, TUESDAY_AT_SIX, Clinic
from tests.desk import SignInAs

PLANS = Library().plans()


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(clinic.cast.fern)


def listed(page: str) -> list[str]:
    """The codes of the plans in the table."""
    return re.findall(r'data-column="Code">(T\d+)<', page)


def test_the_library_lists_every_plan_with_its_shape(fern: FlaskClient) -> None:
    page = fern.get("/plans").text

    assert listed(page) == [kept.plan.id for kept in PLANS]
    assert "Riding out cravings" in page and "Most: exercise 18, teaching 12" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=RIDING%20wave", {"T04"}),
        ("words=t17", {"T17"}),
        ("track=family", {"T44"}),
        ("minutes=50&minutes=90", {"T27", "T32", "T44"}),
        ("track=both&minutes=60", {"T01", "T17"}),
        ("words=no+such+words+anywhere", set()),
        ("track=%00&minutes=x", set()),
    ],
)
def test_plans_are_found_by_words_track_and_length(fern: FlaskClient, query: str, found: set[str]) -> None:
    assert set(listed(fern.get(f"/plans?{query}").text)) == found


def test_a_plan_needs_every_kind_that_is_ticked(clinic: Clinic) -> None:
    with clinic.db.read() as s:
        with_review = shelf.look(s, editions.on_shelf(s), shelf.Looked(kinds=frozenset({"review", "exercise"})))

    assert with_review and all({"review", "exercise"} <= {kind for kind, _ in plan.segments} for plan in with_review)


def test_what_was_looked_for_stays_in_the_form(fern: FlaskClient) -> None:
    page = fern.get("/plans?words=%3Cb%3E&track=family").text

    assert 'value="&lt;b&gt;"' in page and 'value="family" checked' in page
    assert "No plan fits all of this" in page


def test_a_group_sees_what_it_has_had_and_what_comes(app: Flask, clinic: Clinic, fern: FlaskClient) -> None:
    hub, by = app.extensions["facilitator"].hub, c.Person(clinic.cast.fern.id, "Fern")
    past = clinic.session("T01")
    for command in (c.OpenDoors(), c.Start(), c.End()):
        hub.run(past.id, command, by)
    clinic.session("T04", at=TUESDAY_AT_SIX + 7 * 24 * 60 * MINUTE_MS)

    page = fern.get(f"/plans?group={clinic.group.id}").text

    assert "1 done with <bdi>Tuesday group</bdi>" in page
    assert "Done Tue, Nov 24" in page and "Tue, Dec 1" in page and "Not yet" in page
    assert f'href="/review/{past.id}"' in fern.get("/plans/T01").text


def test_nobody_learns_what_a_group_that_is_not_theirs_has_had(clinic: Clinic, sign_in: SignInAs) -> None:
    clinic.session("T04", at=TUESDAY_AT_SIX + 60 * MINUTE_MS)

    for stranger in (clinic.cast.max, clinic.cast.ada):
        page = sign_in(stranger).get(f"/plans?group={clinic.group.id}").text
        assert "Tuesday group" not in page and "Nov 24" not in page


def test_a_plan_shows_what_each_audience_sees(fern: FlaskClient) -> None:
    page = fern.get("/plans/T04").text

    for words in ("Projector", "Phone", "Say", "Cue for you", "Safety for you", "Opt out", "Handout"):
        assert f"<dt>{words}</dt>" in page
    assert "My strongest craving or urge in the last 24 hours" in page
    assert "shown from 7 answers" in page and "Shown from 5 answers" in page
    assert "Schedule it" in page


@pytest.mark.parametrize("plan_id", [kept.plan.id for kept in PLANS])
def test_every_plan_can_be_read_and_printed(fern: FlaskClient, plan_id: str) -> None:
    for address in (f"/plans/{plan_id}", f"/plans/{plan_id}/print"):
        page = fern.get(address)
        assert page.status_code == 200 and "<script>" not in page.text and " style=" not in page.text


def test_each_handout_has_a_page_of_its_own_in_print(fern: FlaskClient) -> None:
    page = fern.get("/plans/T04/print").text
    handouts = page.split('class="handout"')[1:]

    assert len(handouts) == 3
    assert "A blank hill" in handouts[0] and "988" in handouts[0]
    assert "A blank hill" not in page.split('class="handout"')[0]


def test_a_session_prints_the_plan_that_is_frozen_into_it(clinic: Clinic, fern: FlaskClient) -> None:
    text = next(kept.text for kept in PLANS if kept.plan.id == "T04")
    session = clinic.session(text=text.replace("title: Riding out cravings", "title: Riding out an older craving"))

    for address in (f"/sessions/{session.id}/plan", f"/sessions/{session.id}/plan/print"):
        page = fern.get(address).text
        assert "Riding out an older craving" in page
    assert "6:03 pm" in page, "The run sheet says when each segment begins."


def test_each_exercise_has_a_sheet_of_its_own_in_print_and_a_quiz_its_answers_behind(
    clinic: Clinic, fern: FlaskClient
) -> None:
    page = fern.get(f"/sessions/{clinic.session(text=ALL_PARTS).id}/plan/print").text
    plan, *sheets = page.split('<section class="paper-sheet ')

    assert len(sheets) == 20, "18 sheets, cards to cut out, and answers"
    assert plan.count('class="run-exercise"') == 18
    assert "A craving grows until you give in. <strong>False:</strong>" in plan
    quiz, answers = (sheet for sheet in sheets if "A craving grows until you give in" in sheet)
    assert "half an hour" not in quiz and "half an hour" in answers
    assert "It rose and fell" in next(sheet for sheet in sheets if sheet.startswith("urge-wave"))


def test_what_the_group_gets_prints_without_cues_and_answers(clinic: Clinic, fern: FlaskClient) -> None:
    lines = "Feet on the floor\n\n> Cue: Watch the door.\n> Handout: A page to keep."
    text = ALL_PARTS.replace("Feet on the floor", lines)
    address = f"/sessions/{clinic.session(text=text).id}/plan/print"
    group = fern.get(f"{address}?for=group").text

    assert "A page to keep" in group and group.count('<section class="paper-sheet ') == 19
    assert "Watch the door" not in group and "half an hour" not in group
    assert fern.get("/plans/T32/print?for=group").status_code == 200
    assert fern.get(f"{address}?for=%00nobody").text == fern.get(address).text


def test_the_page_of_a_plan_has_its_exercises_with_what_is_in_them(clinic: Clinic, fern: FlaskClient) -> None:
    page = fern.get(f"/sessions/{clinic.session(text=ALL_PARTS).id}/plan").text

    assert page.count("<dt>Exercise</dt>") == 18 and page.count("glance-exercise") == 18
    assert "Ladder · 6 rungs. Stays on people" in page


def test_administrators_may_read_plans_and_schedule_none(clinic: Clinic, sign_in: SignInAs) -> None:
    page = sign_in(clinic.cast.ada).get("/plans/T04").text

    assert "Riding out cravings" in page and "Schedule it" not in page


def test_a_plan_that_is_not_there_is_said_calmly(fern: FlaskClient) -> None:
    for address in ("/plans/T99", "/plans/T99/print", "/plans/..%2f..%2fetc", "/plans/" + "x" * 500):
        assert fern.get(address).status_code == 404
