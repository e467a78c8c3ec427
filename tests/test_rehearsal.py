"""Trying a plan: the real rules with eight made-up phones, and afterwards nothing anywhere."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from facilitator.curricula.parse import parse_plan
from facilitator.realtime import commands as c
from facilitator.realtime.live import Refused
from facilitator.realtime.rehearsal import MOST_STEPS, PHONES, Floors, Rehearsal, Step, rehearse
from facilitator.records import drafts
from tests.building import Building
from tests.conftest import csrf_token
from tests.test_parse import PLAN

TRIED = parse_plan(PLAN)
FLOORS = Floors(5, 7)
SECOND, MINUTE = 1_000, 60_000


def after(*commands: c.Command, each_ms: int = 20 * SECOND, later_ms: int = 20 * SECOND) -> Rehearsal:
    """How it stands when these came one after the other, a while later."""
    steps = [Step(MINUTE + number * each_ms, command) for number, command in enumerate(commands)]
    return rehearse(TRIED, steps, steps[-1].at + later_ms if steps else MINUTE, FLOORS)


def test_the_room_waits_with_eight_phones_until_it_is_started() -> None:
    stands = after()

    assert (stands.live.state, stands.presence.phones) == ("doors_open", PHONES)
    assert after(c.Start()).live.segment == 0


def test_all_phones_answer_within_fifteen_seconds_and_are_counted_by_the_rule() -> None:
    ask = (c.Start(), c.EnterSegment(1), c.OpenCheckIn("q2"))
    assert after(*ask, later_ms=0).presence.progress == "waiting"
    soon = after(*ask, later_ms=15 * SECOND)
    assert (soon.presence.progress, soon.answered) == ("everyone", True)

    closed = after(*ask, c.CloseCheckIn("c1"), c.ShowTally("c1")).live

    tally = closed.check_ins["c1"].tally
    assert tally is not None and tally["state"] == "shown" and closed.shown == "c1"
    assert after(*ask, c.CloseCheckIn("c1"), c.ShowTally("c1")).live == closed, "It is always the same."
    too_soon = after(*ask, c.CloseCheckIn("c1"), each_ms=SECOND).live.check_ins["c1"].tally
    assert too_soon is not None and too_soon["state"] == "withheld"


def test_asked_again_of_the_same_phones_it_is_withheld_as_in_a_room() -> None:
    ask = (c.OpenCheckIn("q2"), c.CloseCheckIn("c1"), c.OpenCheckIn("q2"), c.CloseCheckIn("c2"))

    again = after(c.Start(), c.EnterSegment(1), *ask).live.check_ins["c2"].tally

    assert again == {"state": "withheld", "reason": "again", "bands": []}


@pytest.mark.parametrize(
    "commands",
    [[c.CloseCheckIn("c9")], [c.Start(), c.OpenCheckIn("q9")], [c.EnterSegment(1)], [c.Start(), c.EnterSegment(99)],
     [c.Start()] * (MOST_STEPS + 1)],
)  # fmt: skip
def test_what_the_rules_refuse_is_refused_here_too(commands: list[c.Command]) -> None:
    with pytest.raises(Refused):
        after(*commands)


def test_every_exercise_is_led_to_its_end() -> None:
    for _, exercise in TRIED.exercises():
        steps = [c.StepExercise(exercise.id, step) for step in range(1, exercise.steps or 3)]
        assert after(c.Start(), c.StartExercise(exercise.id), *steps, c.StopExercise()).live.exercise is None


def press(browser: FlaskClient, address: str, page: str, command: object) -> str:
    """What comes after this button of ``page`` was pressed."""
    log = re.search(r'name="log" value="([^"]*)"', page)
    assert log is not None
    token = csrf_token(browser, "/plans")
    fields = {"csrf_token": token, "log": unescape(log[1]), "command": json.dumps(command) if command else ""}
    answer = browser.post(address, data=fields)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def test_a_draft_is_tried_on_three_screens_and_nothing_is_kept(building: Building) -> None:
    browser, clock = building.browsers["facilitator"], building.clinic.clock
    address = f"/plans/drafts/{building.draft.id}/try"
    before = building.fingerprint()

    page = browser.get(address).text
    assert "8 phones are in" in page and "Words while people arrive." in page
    for command in ({"command": "Start"}, {"command": "EnterSegment", "segment": 1}):
        page = press(browser, address, page, command)
    page = press(browser, address, page, {"command": "OpenCheckIn", "prompt": "q2"})
    assert page.count("Home practice since last time") >= 3 and "Take your time." in page
    clock.forward(seconds=20)
    page = press(browser, address, page, None)
    assert "Everyone has answered." in page and "Your answer is in" in page
    page = press(browser, address, page, {"command": "CloseCheckIn", "check_in": "c1"})
    page = press(browser, address, page, {"command": "ShowTally", "check_in": "c1"})
    assert "How the group answered" in page
    page = press(browser, address, page, {"command": "EnterSegment", "segment": 40})
    assert "There is no such one." in page, "What is refused is said, and the rest stands."
    assert "The session has ended" in press(browser, address, page, {"command": "End"})

    assert building.fingerprint() == before


@pytest.mark.parametrize(
    "log",
    ["", "{", "7", "[[1]]", '[[1, {"command": "Explode"}]]', '[["x", {"command": "Start"}]]', "[" * 50_000,
     '[[2, {"command": "Start"}], [1, {"command": "End"}]]', '[[99999999999999, {"command": "Start"}]]',
     '[[1, {"command": "TakeControl"}]]', '[[true, {"command": "Start"}]]', '[[1, {"command": "Start", "x": 1}]]'],
)  # fmt: skip
def test_a_log_that_is_none_is_said_calmly(building: Building, log: str) -> None:
    answer = building.knock("facilitator", "POST", f"/plans/drafts/{building.draft.id}/try", {"log": log})

    assert answer.status_code == 422 and "Traceback" not in answer.text


def test_a_draft_with_mistakes_leads_back_to_them_and_a_changed_one_begins_again(building: Building) -> None:
    address, browser = f"/plans/drafts/{building.draft.id}/try", building.browsers["facilitator"]
    page = press(browser, address, browser.get(address).text, {"command": "Start"})
    page = press(browser, address, page, {"command": "EnterSegment", "segment": 3})
    shorter = PLAN[: PLAN.index("## Exercise")] + "## Closing: Bye (3 min)\n"
    for number, text in enumerate((shorter, "No plan.")):
        with building.clinic.db.write() as s:
            drafts.save(s, building.clinic.cast.fern, building.draft.id, text, number, 1)
        if text is shorter:
            assert "This begins again." in press(browser, address, page, None)
    assert browser.get(address).headers["Location"] == f"/plans/drafts/{building.draft.id}"


def test_a_plan_of_the_library_is_tried_as_well(building: Building) -> None:
    address, browser = "/plans/T04/try", building.browsers["facilitator"]

    page = press(browser, address, browser.get(address).text, {"command": "Start"})

    assert "Opening, 1 of 8" in page and 'href="/plans/T04"' in page
    assert browser.get("/plans/T99/try").status_code == 404
