"""The facilitator's desk on the web: scheduling, changing, cancelling, and what a session leaves to settle."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from facilitator.house import House
from facilitator.people import groups
from facilitator.realtime import commands as c
from facilitator.records import notes
from facilitator.storage.tables import Audit, GroupSession, Member, ProgressNote, Staff
from tests.conftest import MINUTE_MS, ROSTER, TUESDAY_AT_SIX, ZONE, Clinic, csrf_token
from tests.desk import SignInAs

WEEK_MS = 7 * 24 * 60 * MINUTE_MS
Held = Callable[..., GroupSession]


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(clinic.cast.fern)


@pytest.fixture
def house(app: Flask) -> House:
    """Everything behind the pages."""
    found: House = app.extensions["facilitator"]
    return found


@pytest.fixture
def held(clinic: Clinic, house: House) -> Held:
    """A session that ran a minute a segment: the first three of the roster were here, nobody marked the others."""

    def hold(plan: str = "T04", *, skip: int | None = None, asked: str = "") -> GroupSession:
        session = clinic.session(plan)
        by = c.Person(clinic.cast.fern.id, clinic.cast.fern.name)
        for command in (c.OpenDoors(), c.Start(), *(c.MarkAttendance(one.id, "present") for one in clinic.roster[:3])):
            house.hub.run(session.id, command, by)
        for index, segment in enumerate(house.hub.live(session.id).plan.segments):
            if index != skip:
                house.hub.run(session.id, c.EnterSegment(index), by)
                clinic.clock.forward(minutes=segment.minutes)
        if not asked:
            house.hub.run(session.id, c.End(), by)
            return session
        # Nobody can press End over somebody who waits, but everybody can go home.
        house.hub.run(session.id, c.RaiseRequest("request-1", asked), None)
        clinic.clock.forward(hours=2)
        house.hub.expire(clinic.clock())
        return session

    return hold


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields | {"csrf_token": csrf_token(client, "/sessions")})


def schedule(client: FlaskClient, clinic: Clinic, **changed: str) -> TestResponse:
    fields = {"group": clinic.group.id, "plan": "T04", "date": "2026-12-01", "time": "18:00", "co_facilitator": ""}
    return send(client, "/sessions/schedule", **(fields | changed))


def only_session(clinic: Clinic) -> GroupSession:
    with clinic.db.read() as s:
        return s.exec(select(GroupSession)).one()


def press(client: FlaskClient, page: str, **command: object) -> TestResponse:
    """Press a button of the summary where no script runs. ``words`` are typed beside it."""
    words = command.pop("words", {})
    assert isinstance(words, dict)
    return send(client, page, command=json.dumps(command), **words)


def buttons(page: str) -> list[dict[str, object]]:
    """Every command that the page's buttons hold."""
    return [json.loads(html.unescape(value)) for value in re.findall(r"name=\"command\" value='([^']+)'", page)]


# -- the desk -------------------------------------------------------------------------------------------------------


def test_an_empty_desk_says_what_to_do_first(clinic: Clinic, fern: FlaskClient, sign_in: SignInAs) -> None:
    assert "Nothing is scheduled yet" in fern.get("/sessions").text
    stranger = sign_in(clinic.cast.max).get("/sessions").text
    assert "You lead no group yet" in stranger and "Schedule a session" not in stranger


def test_tonight_comes_first_with_one_button_to_the_console(clinic: Clinic, fern: FlaskClient) -> None:
    session = clinic.session("T04", at=TUESDAY_AT_SIX + 48 * MINUTE_MS)
    clinic.session("T17", at=TUESDAY_AT_SIX + WEEK_MS)

    page = fern.get("/sessions").text

    tonight, coming = page.split("Coming up", 1)
    assert "Good evening, <bdi>Fern</bdi>" in tonight
    assert "Tonight" in tonight and "in 48 min" in tonight and "Riding out cravings" in tonight
    assert f'href="/sessions/{session.id}/console">Get ready' in tonight
    assert "Catching and testing thoughts" in coming and "Tue, Dec 1" in coming and "6 expected" in coming


def test_a_running_session_stays_first_past_midnight(clinic: Clinic, house: House, fern: FlaskClient) -> None:
    session = clinic.session("T04")
    house.hub.run(session.id, c.OpenDoors(), c.Person(clinic.cast.fern.id, "Fern"))
    clinic.clock.forward(hours=6.5)
    clinic.session("T17", at=clinic.clock() + 60 * MINUTE_MS)

    page = fern.get("/sessions").text

    assert page.index("Doors are open") < page.index("Riding out cravings") < page.index("Catching and testing")
    assert "Open the console" in page


def test_doors_that_never_opened_wait_for_a_decision(clinic: Clinic, fern: FlaskClient) -> None:
    clinic.session("T04")
    clinic.clock.forward(hours=4)

    assert "The doors never opened" in fern.get("/sessions").text


def test_drafts_and_returned_notes_wait_with_their_reasons(
    clinic: Clinic, held: Held, fern: FlaskClient, sign_in: SignInAs
) -> None:
    session = held(asked="Robin")
    assert "Sign it by" in fern.get("/sessions").text and "asked to talk" in fern.get("/sessions").text

    clinic.clock.forward(hours=25)
    tomorrow = sign_in(clinic.cast.fern)
    assert "It was due" in tomorrow.get("/sessions").text
    with clinic.db.write() as s:
        note = s.get_one(ProgressNote, session.id)
        note.status, note.signed_by = notes.Status.SIGNED, clinic.cast.fern.id
        row = s.get_one(GroupSession, session.id)
        notes.give_back(s, row, clinic.cast.sol, "Please add <the minutes>.", edition=note.edition, now=clinic.clock())

    page = tomorrow.get("/sessions").text
    assert "Returned with a comment" in page and "Please add &lt;the minutes&gt;." in page
    assert f'href="/sessions/{session.id}/note"' in page


def test_what_ended_lists_who_came_and_where_its_note_stands(held: Held, fern: FlaskClient) -> None:
    session = held()

    earlier = fern.get("/sessions").text.split('id="earlier"')[1]

    assert f'href="/review/{session.id}"' in earlier
    assert "3 of 6 came" in earlier and "Draft, not signed" in earlier


def test_older_sessions_are_a_link_away(clinic: Clinic, house: House, fern: FlaskClient) -> None:
    by = c.Person(clinic.cast.fern.id, "Fern")
    for _ in range(9):
        session = clinic.session("T01")
        house.hub.run(session.id, c.OpenDoors(), by)
        house.hub.run(session.id, c.End(), by)
        clinic.clock.forward(minutes=5)

    page = fern.get("/sessions").text
    assert "Show older sessions" in page and "1 more" in page
    assert "Show older sessions" not in fern.get("/sessions?earlier=32").text
    for odd in ("0", "-1", "9" * 400, "x", "%00", "²"):
        assert fern.get(f"/sessions?earlier={odd}").status_code == 200


# -- scheduling -----------------------------------------------------------------------------------------------------


def test_a_facilitator_schedules_a_session_in_the_clinics_time(clinic: Clinic, fern: FlaskClient) -> None:
    answer = schedule(fern, clinic, co_facilitator=clinic.cast.max.id)

    session = only_session(clinic)
    assert answer.status_code == 303 and answer.location == f"/sessions/{session.id}"
    assert session.scheduled_at == TUESDAY_AT_SIX + WEEK_MS
    page = fern.get(answer.location).text
    assert "The session is scheduled." in page and "Tuesday, December 1, 6:00 pm" in page
    assert f"{session.join_code[:3]}-{session.join_code[3:]}" in page and "Max" in page


def test_the_form_knows_the_only_group_and_its_usual_hour(clinic: Clinic, fern: FlaskClient) -> None:
    clinic.session("T04")

    page = fern.get("/sessions/schedule?plan=T17").text

    assert 'value="2026-12-01"' in page and 'value="18:00"' in page
    assert '<option value="T17" selected>' in page and ZONE.key in page


def test_the_guess_for_an_unknown_group_is_only_the_day(clinic: Clinic, fern: FlaskClient) -> None:
    assert 'value="2026-11-24"' in fern.get("/sessions/schedule?group=none").text


def test_nothing_typed_is_lost_when_something_is_missing(clinic: Clinic, fern: FlaskClient) -> None:
    answer = schedule(fern, clinic, plan="", time="soon", co_facilitator=clinic.cast.max.id)

    assert answer.status_code == 422
    for field, said in (("plan", "Choose a plan."), ("time", "Write the time, like 6:00 pm.")):
        assert f'<a href="#{field}">{said}</a>' in answer.text and f'id="{field}-mistake">{said}' in answer.text
    assert 'value="soon"' in answer.text and 'value="2026-12-01"' in answer.text
    assert f'<option value="{clinic.cast.max.id}" selected>' in answer.text
    with clinic.db.read() as s:
        assert s.exec(select(GroupSession)).all() == []


def test_two_presses_schedule_one_session(clinic: Clinic, fern: FlaskClient) -> None:
    assert schedule(fern, clinic).location == schedule(fern, clinic).location
    assert only_session(clinic)


def test_a_plan_time_and_co_facilitator_are_changed_before_the_doors_open(
    clinic: Clinic, fern: FlaskClient, sign_in: SignInAs
) -> None:
    session = clinic.session("T04", at=TUESDAY_AT_SIX + WEEK_MS)
    page = f"/sessions/{session.id}/change"
    assert 'value="18:00"' in fern.get(page).text and '<option value="T04" selected>' in fern.get(page).text

    fields = {"plan": "T17", "date": "2026-12-02", "time": "17:00", "facilitator": clinic.cast.fern.id}
    answer = send(fern, page, **fields, co_facilitator=clinic.cast.max.id)

    changed = only_session(clinic)
    assert answer.status_code == 303
    assert (changed.plan_id, changed.co_facilitator_id) == ("T17", clinic.cast.max.id)
    assert changed.scheduled_at == TUESDAY_AT_SIX + WEEK_MS + 23 * 60 * MINUTE_MS
    assert "Catching and testing thoughts" in sign_in(clinic.cast.max).get(f"/sessions/{session.id}/plan").text


def test_a_mistake_in_a_change_changes_nothing_and_loses_nothing(clinic: Clinic, fern: FlaskClient) -> None:
    session = clinic.session("T04", at=TUESDAY_AT_SIX + WEEK_MS)

    fields = {"plan": "T17", "date": "", "time": "17:00", "facilitator": clinic.cast.max.id}
    answer = send(fern, f"/sessions/{session.id}/change", **fields)

    assert answer.status_code == 422
    assert "Write the date" in answer.text and "Choose somebody who leads this group." in answer.text
    assert '<option value="T17" selected>' in answer.text and 'value="17:00"' in answer.text
    assert only_session(clinic).plan_id == "T04"


def test_once_the_doors_are_open_nothing_is_changed(clinic: Clinic, house: House, fern: FlaskClient) -> None:
    session = clinic.session("T04")
    house.hub.run(session.id, c.OpenDoors(), c.Person(clinic.cast.fern.id, "Fern"))
    page = f"/sessions/{session.id}"

    fields = {"plan": "T17", "date": "2026-12-02", "time": "17:00", "facilitator": clinic.cast.fern.id}
    assert "The doors are open" in send(fern, f"{page}/change", **fields).text
    assert send(fern, f"{page}/cancel").location == page
    assert fern.get(page).location == f"{page}/console"
    assert fern.get(f"{page}/change").location == fern.get(f"{page}/cancel").location == page
    assert (only_session(clinic).plan_id, only_session(clinic).state) == ("T04", "doors_open")


def test_a_session_is_cancelled_once_and_stays_on_the_list(
    clinic: Clinic, fern: FlaskClient, sign_in: SignInAs
) -> None:
    session = clinic.session("T04", at=TUESDAY_AT_SIX + WEEK_MS)
    page = f"/sessions/{session.id}"
    assert "Cancel this session?" in fern.get(f"{page}/cancel").text

    for _ in range(2):
        assert send(fern, f"{page}/cancel").status_code == 303

    assert only_session(clinic).state == "cancelled"
    assert "Cancelled" in fern.get("/sessions").text and "Cancelled" in fern.get(page).text
    assert fern.get(f"{page}/console").status_code == 409
    clinic.clock.forward(hours=24 * 8)
    assert "Riding out cravings" not in sign_in(clinic.cast.fern).get("/sessions").text


def test_a_colleague_of_the_group_can_take_a_session_over(
    clinic: Clinic, fern: FlaskClient, sign_in: SignInAs
) -> None:
    session = clinic.session("T04", at=TUESDAY_AT_SIX + WEEK_MS)
    page = f"/sessions/{session.id}"
    max_ = sign_in(clinic.cast.max)
    assert max_.get(page).status_code == 403
    with clinic.db.write() as s:
        groups.assign(s, clinic.group.id, clinic.cast.max.id)
    assert "leads this session. To lead it yourself" in max_.get(page).text
    assert max_.get(f"{page}/console").status_code == 403

    fields = {"plan": "T04", "date": "2026-12-01", "time": "18:00", "facilitator": clinic.cast.max.id}
    assert send(max_, f"{page}/change", **fields).status_code == 303
    assert max_.get(f"{page}/console").status_code == 200


def test_a_session_of_others_is_not_here(clinic: Clinic, sign_in: SignInAs) -> None:
    session = clinic.session("T04")
    max_, ada = sign_in(clinic.cast.max), sign_in(clinic.cast.ada)

    for rest in ("", "/change", "/cancel", "/plan", "/plan/print", "/ended"):
        assert max_.get(f"/sessions/{session.id}{rest}").status_code == 403
        assert ada.get(f"/sessions/{session.id}{rest}").status_code == 403
        assert max_.get(f"/sessions/none{rest}").status_code == 404


# -- what a session leaves to settle --------------------------------------------------------------------------------


def test_the_summary_says_what_happened(held: Held, fern: FlaskClient) -> None:
    session = held(skip=5)

    page = fern.get(f"/sessions/{session.id}/ended").text

    assert "<bdi>Tuesday group</bdi> has ended" in page
    assert "53 min" in page and "60 min planned" in page
    assert "3 of 6" in page and "3 not marked" in page
    assert "What did you notice?</bdi> was <strong>skipped</strong>" in page
    assert "4 things to settle" in page


def test_reading_the_summary_is_itself_kept(clinic: Clinic, held: Held, fern: FlaskClient) -> None:
    session = held()

    fern.get(f"/sessions/{session.id}/ended")

    with clinic.db.read() as s:
        read = s.exec(select(Audit).where(Audit.action == "record.read")).one()
    assert (read.staff_id, read.target) == (clinic.cast.fern.id, session.id)


def test_people_without_a_mark_are_listed_and_settled_with_one_tap(
    clinic: Clinic, house: House, held: Held, fern: FlaskClient
) -> None:
    session = held()
    page = f"/sessions/{session.id}/ended"
    nobody_said = clinic.roster[3]
    taps = [tap for tap in buttons(fern.get(page).text) if tap.get("member") == nobody_said.id]
    assert [tap["mark"] for tap in taps] == ["present", "late", "left_early", "absent", "excused"]

    assert press(fern, page, **taps[3]).status_code == 303

    assert house.hub.live(session.id).attendance[nobody_said.id].mark == "absent"
    assert "2 things to settle" in fern.get(page).text


def test_a_mark_that_was_wrong_is_changed_in_the_summary(
    clinic: Clinic, house: House, held: Held, fern: FlaskClient
) -> None:
    session, robin = held(), clinic.roster[0]

    press(fern, f"/sessions/{session.id}/ended", command="MarkAttendance", member=robin.id, mark="late")

    assert house.hub.live(session.id).attendance[robin.id].mark == "late"


def test_a_reason_is_asked_for_and_never_demanded(house: House, held: Held, fern: FlaskClient) -> None:
    session = held(skip=5)
    page = f"/sessions/{session.id}/ended"
    reasons = [tap for tap in buttons(fern.get(page).text) if tap.get("segment") == 5 and "reason" in tap]
    assert [tap["reason"] for tap in reasons] == [
        "To end on time", "The group needed something else", "no reason given"
    ]  # fmt: skip

    press(fern, page, **reasons[2])

    assert house.hub.live(session.id).marks[5] == ("skipped", "no reason given")
    assert "3 things to settle" in fern.get(page).text


def test_words_typed_beside_a_button_go_with_it(house: House, held: Held, fern: FlaskClient) -> None:
    session = held()

    press(
        fern,
        f"/sessions/{session.id}/ended",
        command="MarkSegment",
        segment=2,
        mark="adapted",
        words={"reason": "We stood up for it"},
    )

    assert house.hub.live(session.id).marks[2] == ("adapted", "We stood up for it")


def test_who_asked_to_talk_comes_first_and_is_answered(house: House, held: Held, fern: FlaskClient) -> None:
    session = held(asked="Robin")
    page = f"/sessions/{session.id}/ended"
    assert "<bdi>Robin</bdi></strong> asked to talk" in fern.get(page).text

    empty = press(fern, page, command="HandleRequest", request="request-1", words={"outcome": ""})
    assert empty.status_code == 422 and "There is a problem" in empty.text

    press(fern, page, command="HandleRequest", request="request-1", words={"outcome": "We spoke by the door"})
    assert house.hub.live(session.id).requests["request-1"].outcome == "We spoke by the door"


def test_a_session_ended_too_early_goes_on_for_ten_minutes(
    clinic: Clinic, house: House, held: Held, fern: FlaskClient
) -> None:
    session = held()
    page = f"/sessions/{session.id}/ended"
    assert "Continue the session" in fern.get(page).text

    clinic.clock.forward(minutes=11)
    assert "Continue the session" not in fern.get(page).text
    late = press(fern, page, command="Reopen")
    assert late.status_code == 409 and "ten minutes" in late.text

    clinic.clock.forward(minutes=-5)
    assert press(fern, page, command="Reopen").location == f"/sessions/{session.id}/console"
    assert house.hub.live(session.id).state == "live"
    assert fern.get(page).location == f"/sessions/{session.id}"


def test_a_signed_note_closes_the_summary(clinic: Clinic, held: Held, fern: FlaskClient) -> None:
    session = held()
    with clinic.db.write() as s:
        s.get_one(ProgressNote, session.id).status = notes.Status.SIGNED

    page = fern.get(f"/sessions/{session.id}/ended").text

    assert buttons(page) == [] and "Read the group note" in page


def test_the_summary_gives_no_other_command(house: House, held: Held, fern: FlaskClient) -> None:
    session = held()
    rev = house.hub.live(session.id).rev

    for odd in ('{"command": "End"}', '{"command": "AddNote", "text": "x"}', "[]", "7", "", "{", '{"command": 3}'):
        assert send(fern, f"/sessions/{session.id}/ended", command=odd).status_code == 422
    assert house.hub.live(session.id).rev == rev


def test_a_session_that_was_ended_by_the_clock_says_so(clinic: Clinic, house: House, fern: FlaskClient) -> None:
    session = clinic.session("T04")
    house.hub.run(session.id, c.OpenDoors(), c.Person(clinic.cast.fern.id, "Fern"))
    clinic.clock.forward(hours=4)
    house.hub.expire(clinic.clock())

    page = fern.get(f"/sessions/{session.id}/ended").text

    assert "Nobody pressed End." in page and "It was ended before it began" in page


def test_names_of_every_kind_are_shown_whole(clinic: Clinic, held: Held, fern: FlaskClient) -> None:
    names = ("ليلى", "Inês <i>V.</i>", "M" * 200)
    with clinic.db.write() as s:
        for index, name in enumerate(names):
            s.get_one(Member, clinic.roster[3 + index].id).name = name
    session = held()

    page = fern.get(f"/sessions/{session.id}/ended").text

    for name in names:
        assert f"<bdi>{html.escape(name)}</bdi>" in page
    assert ROSTER[0] in page


def test_the_desk_greets_by_first_name_only(clinic: Clinic, sign_in: SignInAs) -> None:
    with clinic.db.write() as s:
        s.get_one(Staff, clinic.cast.fern.id).name = "Maria-José Núñez"

    assert "Good evening, <bdi>Maria-José</bdi>" in sign_in(clinic.cast.fern).get("/sessions").text
