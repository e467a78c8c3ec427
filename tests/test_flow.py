"""Whole evenings over HTTP and real sockets, in every async mode."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from facilitator.realtime.codes import shown
from facilitator.storage.tables import GroupSession
from tests.all_parts import ALL_PARTS
from tests.browser import Browser, Phone, Screen, fields_of
from tests.cards import CARD, SIX, WITH_CARD
from tests.conftest import PASSWORD
from tests.evening import CRAVING, HELPS, MOOD, PRACTICE, Evening
from tests.server import Served

SECOND_MS = 1_000


@pytest.fixture
def evening(served: Served) -> Iterator[Evening]:
    """A session of the Tuesday group, ready for tonight."""
    evening = Evening(served)
    yield evening
    evening.close()


def test_a_whole_evening_from_the_doors_to_the_second_signature(served: Served, evening: Evening) -> None:
    stranger = Browser(served.url)
    assert stranger.get(f"/j/{evening.code}").status_code == 404
    console, projector = evening.console(), evening.projector()
    assert console.until(lambda view: view["state"] == "scheduled")

    evening.do("OpenDoors")
    joining = projector.until(lambda view: view["state"] == "doors_open")
    assert joining["join_shown"] and joining["join"]["code"] == shown(evening.code)
    for _ in range(6):
        evening.join()
    console.until(lambda view: view["phones"] == 6)
    for member in served.clinic.roster:
        evening.do("MarkAttendance", member=member.id, mark="present")
    evening.do("Start")
    evening.do("AddNote", text="A quiet start.")
    projector.until(lambda view: view["segment"] and view["segment"]["title"] == "Arrive and settle")
    evening.do("EnterSegment", segment=1)
    evening.phones[0].screen.until(lambda view: view["segment"] and view["segment"]["kind"] == "check-in")

    check_in = evening.ask(MOOD)
    for phone in evening.phones:
        phone.screen.until(lambda view: view["check_in"] and view["check_in"]["id"] == check_in)
    evening.all_answer(check_in, [1, 2, 5, 8, 9, 10])
    evening.tally_of(check_in)
    for phone in evening.phones:
        assert phone.screen.until(lambda view: view["tally"])["tally"]["state"] == "shown"
    evening.do("EnterSegment", segment=2)

    request = {"name": "Sam by the door"}
    assert evening.phones[3].screen.emit("ask_for_staff", request) == {"ok": True}
    (asked,) = console.until(lambda view: view["requests"])["requests"]
    assert asked["name"] == "Sam by the door" and asked["outcome"] is None
    evening.do("HandleRequest", request=asked["id"], outcome="Talked in the hall.")

    evening.do("EnterSegment", segment=3)
    evening.do("End")
    for phone in evening.phones:
        phone.screen.until(lambda view: view["state"] == "ended")
    projector.until(lambda view: view["state"] == "ended" and view["join"] is None)

    note = f"/sessions/{evening.id}/note"
    drafted = fields_of(evening.fern.get(note).text, f"{note}/sign")
    assert drafted["response"] == ["A quiet start."]
    signed = evening.fern.send(note, f"{note}/sign", response="Open.", incidents="none", password=PASSWORD)
    assert signed.status_code == 303, signed.text
    sol, record = served.desk("sol"), f"/review/{evening.id}"
    assert record in sol.get("/review").text
    assert sol.send(record, f"{record}/co-sign", password=PASSWORD).status_code == 303
    assert "co-signed" in sol.get(record).text
    assert record not in sol.get("/review").text


def test_check_ins_of_three_kinds_with_six_phones(evening: Evening) -> None:
    evening.go_live(phones=6)
    mood, practice = evening.ask(MOOD), ""
    evening.all_answer(mood, [0, 1, 2, 5, 9, 10])
    assert words(evening.tally_of(mood)) == ["about half", "few or none", "few or none"]
    practice = evening.ask(PRACTICE)
    evening.all_answer(practice, [0, 0, 0, 0, 2, None])
    assert words(evening.tally_of(practice)) == ["most or all", "few or none", "few or none"]
    helps = evening.ask(HELPS)
    evening.all_answer(helps, [[0], [0, 1], [0, 2], [1], [1], [2]])
    assert words(evening.tally_of(helps)) == ["about half", "about half", "few or none"]
    craving = evening.ask(CRAVING)
    evening.all_answer(craving, [0, 1, 2, 5, 9, 10])
    assert evening.tally_of(craving)["state"] == "withheld"


def test_four_phones_are_too_few_to_show_anything(evening: Evening) -> None:
    evening.go_live(phones=4)
    check_in = evening.ask(MOOD)
    assert not evening.phones[0].screen.until(lambda view: view["check_in"])["check_in"]["enough"]
    evening.all_answer(check_in, [3, 5, 8, 9])
    tally = evening.tally_of(check_in)
    assert tally["state"] == "withheld" and tally["bands"] == []


def test_nine_phones_that_agree_on_something_sensitive_are_only_called_similar(evening: Evening) -> None:
    evening.go_live(phones=9)
    craving = evening.ask(CRAVING)
    evening.all_answer(craving, [8, 9, 10, 8, 9, 10, 8, 9, 10])
    tally = evening.tally_of(craving)
    assert tally["state"] == "similar" and tally["bands"] == []
    mood = evening.ask(MOOD)
    evening.all_answer(mood, [0, 1, 5, 5, 5, 9, 9, 9, 9])
    assert words(evening.tally_of(mood)) == ["few or none", "few or none", "about half"]
    assert [band["word"] for band in evening.view()["tally"]["bands"]] == ["1–2", "3", "4"]  # noqa: RUF001 - as shown


def test_cards_from_the_phones_to_the_wall_and_no_frame_holds_one_before_it_was_read(served: Served) -> None:
    evening = Evening(served, WITH_CARD)
    try:
        evening.go_live(phones=6)
        screens = [evening.console(), evening.projector(), *(phone.screen for phone in evening.phones)]
        check_in = evening.ask(CARD)
        evening.all_answer(check_in, [*SIX[:5], None])
        ack = evening.phones[5].answer(check_in, "x" * 121)
        assert not ack["ok"] and "at most 120 characters" in ack["message"]
        assert evening.phones[5].answer(check_in, f" {SIX[5]}\n") == {"ok": True}
        evening.do("CloseCheckIn", check_in=check_in)
        cards = {card["text"]: card["id"] for card in evening.fern.view(f"/sessions/{evening.id}/cards")["cards"]}
        assert set(cards) == set(SIX)
        assert "Read the cards first" in evening.refused("ShowTally", check_in=check_in)
        evening.do("LeaveOutCard", card=cards[SIX[0]])
        rev = evening.do("ApproveCard", card=cards[SIX[1]])
        assert "not here any more" in evening.refused("ApproveCard", card="0")
        for screen in screens:
            screen.until(lambda view: view["rev"] >= rev)
            assert not any(one in json.dumps(screen.views) for one in SIX)
        evening.do("ShowTally", check_in=check_in)
        for screen in screens[1:]:
            assert screen.until(lambda view: view["tally"])["tally"]["cards"] == [SIX[1]]
        evening.do("End")
        assert evening.fern.view(f"/sessions/{evening.id}/cards") == {"cards": []}
    finally:
        evening.close()


def words(tally: dict[str, object]) -> list[str]:
    """What the room reads, band by band."""
    assert tally["state"] == "shown", tally
    return [band["word"] for band in tally["bands"]]


def test_blank_stops_the_timer_and_brings_everything_back(evening: Evening) -> None:
    projector = evening.projector()
    evening.go_live(phones=1)
    before = projector.until(lambda view: view["segment"] and view["segment"]["number"] == 2)
    rev = evening.do("Blank")
    blank = projector.until(lambda view: view["rev"] >= rev)
    assert blank["blank"] and blank["segment"] is None and blank["timer"]["ends_at"] is None
    evening.phones[0].screen.until(lambda view: view["blank"] and view["segment"] is None)
    evening.served.clock.forward(minutes=5)
    assert "blank" in evening.refused("EnterSegment", segment=2)
    rev = evening.do("Unblank")
    after = projector.until(lambda view: view["rev"] >= rev)
    assert after["segment"] == before["segment"]
    assert left(after) == pytest.approx(left(before), abs=5 * SECOND_MS)


def test_an_exercise_is_in_step_on_the_wall_and_on_every_phone_and_is_in_the_record(served: Served) -> None:
    evening = Evening(served, ALL_PARTS)
    try:
        evening.go_live(phones=2)
        screens = [evening.projector(), *(phone.screen for phone in evening.phones)]
        evening.do("StartExercise", exercise="x2")
        evening.do("StepExercise", exercise="x2", step=1)
        assert evening.refused("StepExercise", exercise="x2", step=2) == "This exercise has no such step."
        shown = [screen.until(lambda view: view["exercise"] and view["exercise"]["step"] == 1) for screen in screens]
        assert shown[0]["exercise"] == shown[1]["exercise"] == shown[2]["exercise"]
        assert evening.view()["exercise"]["timer"] == shown[0]["exercise"]["timer"]
        evening.do("End")
        for screen in screens:
            screen.until(lambda view: view["state"] == "ended" and view["exercise"] is None)
        assert "Read only your fair line (pairs)" in served.desk("fern").get(f"/review/{evening.id}").text
    finally:
        evening.close()


def test_time_is_given_held_and_found_again_on_the_way_back(evening: Evening) -> None:
    evening.go_live()
    evening.do("PauseTimer")
    held = evening.view()["timer"]["remaining_s"]
    evening.served.clock.forward(minutes=3)
    evening.do("AddTime", seconds=60)
    assert evening.view()["timer"]["remaining_s"] == held + 60
    evening.do("ResumeTimer")
    evening.do("EnterSegment", segment=0)
    evening.do("EnterSegment", segment=1)
    assert left(evening.view()) == pytest.approx((held + 60) * SECOND_MS, abs=5 * SECOND_MS)


def left(view: dict[str, dict[str, int]]) -> int:
    """What is left on a running timer, in ms."""
    return view["timer"]["ends_at"] - view["server_now"]


def test_a_locked_door_lets_in_who_waited_longest(evening: Evening) -> None:
    evening.go_live()
    console = evening.console()
    evening.do("Lock")
    waiting = []
    for _ in range(2):
        browser = Browser(evening.served.url)
        answer = browser.post(f"/j/{evening.code}/seat", json={})
        assert answer.status_code == 202
        waiting.append((browser, answer.json()))
    console.until(lambda view: view["waiting"] == 2)
    evening.do("Admit")
    (first, ticket), (second, other) = waiting
    assert second.post(f"/j/{evening.code}/seat", json=other).status_code == 202
    assert "seat" in first.post(f"/j/{evening.code}/seat", json=ticket).json()
    console.until(lambda view: view["waiting"] == 1)
    evening.do("Unlock")
    assert "seat" in second.post(f"/j/{evening.code}/seat", json=other).json()


def test_two_tabs_are_one_seat_and_one_answer(evening: Evening) -> None:
    console = evening.console()
    evening.go_live(phones=4)
    first = evening.phones[0]
    tab = evening.keep(Screen(first.url, "/phone", {"seat": first.seat}))
    check_in = evening.ask(MOOD)
    assert first.answer(check_in, 1) == {"ok": True}
    tab.until(lambda view: view["check_in"] and view["check_in"]["answered"])
    assert tab.emit("answer", {"check_in": check_in, "value": 9}) == {"ok": True}
    evening.all_answer(check_in, [1, 2, 3, 4])
    assert evening.view()["phones"] == 4 and all(view["phones"] <= 4 for view in console.views)
    # A fifth answer would be enough to show something.
    assert evening.tally_of(check_in)["state"] == "withheld"


def test_ten_reconnects_at_once_are_one_phone(evening: Evening) -> None:
    console = evening.console()
    evening.go_live(phones=4)
    phone = evening.phones[0]
    phone.sleep()
    check_in = evening.ask(MOOD)

    def come_back(_: int) -> tuple[str, Screen]:
        again = Browser(phone.url).post(f"/j/{phone.code}/seat", json={"seat": phone.seat})
        return again.json()["seat"], Screen(phone.url, "/phone", {"seat": phone.seat})

    with ThreadPoolExecutor(10) as pool:
        came = list(pool.map(come_back, range(10)))
        acks = list(pool.map(lambda one: one[1].emit("answer", {"check_in": check_in, "value": 5}), came))
    assert {seat for seat, _ in came} == {phone.seat}
    assert acks == [{"ok": True}] * 10
    console.until(lambda view: view["phones"] == 4)
    assert all(view["phones"] <= 4 for view in console.views)
    for _, screen in came:
        evening.keep(screen)
    for other in evening.phones[1:]:
        other.answer(check_in, 5)
    assert evening.tally_of(check_in)["state"] == "withheld"


def test_a_phone_that_slept_comes_back_to_where_the_room_is(evening: Evening) -> None:
    evening.go_live(phones=5)
    phone = evening.phones[0]
    before = evening.ask(MOOD)
    phone.screen.until(lambda view: view["check_in"])
    phone.sleep()
    evening.served.clock.forward(minutes=10)
    evening.do("CloseCheckIn", check_in=before)
    rev = evening.do("EnterSegment", segment=2)
    after = evening.ask(PRACTICE)
    view = phone.connect().until(lambda view: view["rev"] > rev)
    assert view["check_in"]["id"] == after and view["segment"]["title"] == "Ride one small wave"
    assert phone.answer(before, 3) == {"ok": False, "message": "This check-in is closed."}
    assert phone.answer(after, 1) == {"ok": True}
    phone.sleep()


def test_answering_works_without_a_script_and_without_a_socket(evening: Evening) -> None:
    evening.go_live(phones=4)
    phone, room = Browser(evening.served.url), f"/j/{evening.code}"
    taken = phone.send(room, f"{room}/seat")
    assert taken.status_code == 303 and taken.headers["Location"] == room
    check_in = evening.ask(MOOD)
    evening.all_answer(check_in, [5, 5, 5, 5])
    sent = phone.send(room, f"{room}/answer", value="7")
    assert sent.status_code == 303
    assert "Your answer is in" in phone.get(room).text
    assert evening.tally_of(check_in)["state"] == "shown"
    assert "How the group answered" in phone.get(room).text


def test_a_network_without_websockets_still_answers(evening: Evening) -> None:
    evening.go_live()
    phone = Phone(evening.served.url, evening.code)
    line = evening.keep(Screen(phone.url, "/phone", {"seat": phone.seat}, transport="polling"))
    check_in = evening.ask(MOOD)
    line.until(lambda view: view["check_in"])
    assert line.emit("answer", {"check_in": check_in, "value": 5}) == {"ok": True}
    line.until(lambda view: view["check_in"] and view["check_in"]["answered"])


def test_signing_out_ends_the_consoles_lines(served: Served, evening: Evening) -> None:
    evening.do("OpenDoors")
    elsewhere = Browser(served.url).sign_in(served.cast.fern.email)
    lines = [evening.console(), evening.console(elsewhere)]
    page = elsewhere.get("/sessions").text
    assert elsewhere.post("/sign-out", data=fields_of(page, "/sign-out")).status_code == 303
    assert all(line.wait_until_hung_up() for line in lines)
    # The other browser is still signed in and may come back; this one may not.
    evening.console()
    with pytest.raises(ConnectionError):
        evening.console(elsewhere)


def test_a_console_opens_only_from_our_own_page_and_for_those_who_lead(served: Served, evening: Evening) -> None:
    evening.do("OpenDoors")
    auth, cookie = {"session": evening.id}, {"Cookie": evening.fern.cookies()}
    for origin in (None, "null", "http://evil.example", f"{served.url}.evil.example", served.url[:-1]):
        headers = cookie | ({"Origin": origin} if origin else {})
        with pytest.raises(ConnectionError):
            Screen(served.url, "/console", auth, headers)
    for stranger in (Browser(served.url), served.desk("max"), served.desk("ada"), served.desk("sol")):
        with pytest.raises(ConnectionError):
            evening.console(stranger)
    for made_up in ({"session": "made-up"}, {}, {"session": ""}):
        with pytest.raises(ConnectionError):
            Screen(served.url, "/console", made_up, cookie | {"Origin": served.url})
    evening.console()


def test_phones_and_projectors_come_from_anywhere_but_a_foreign_page(evening: Evening) -> None:
    evening.go_live(phones=1)
    doors = (("/phone", {"seat": evening.phones[0].seat}), ("/projector", {"screen": evening.session.screen_token}))
    for namespace, auth in doors:
        with pytest.raises(ConnectionError):
            Screen(evening.served.url, namespace, auth, {"Origin": "http://evil.example"})
        ours = (evening.served.url, f"http://localhost:{evening.served.server.port}")
        for headers in ({}, *({"Origin": origin} for origin in ours)):
            evening.keep(Screen(evening.served.url, namespace, auth, headers))


def test_a_fault_of_ours_lets_nobody_in_and_is_written_down(served: Served, evening: Evening) -> None:
    written = evening.session.plan_read
    replace_plan(evening, "This is no plan.")
    with pytest.raises(ConnectionError):
        evening.projector()
    assert "A socket's event could not be answered." in served.server.log.read_text()
    replace_plan(evening, written)
    evening.projector()


def test_a_phone_that_could_not_be_let_in_is_not_counted(served: Served, evening: Evening) -> None:
    evening.go_live(phones=1)
    (phone,) = evening.phones
    phone.sleep()
    written = evening.session.plan_read
    served.server.stop()
    replace_plan(evening, "This is no plan.")
    served.server.start()
    with pytest.raises(ConnectionError):
        phone.connect()
    replace_plan(evening, written)
    assert evening.view()["phones"] == 0


def replace_plan(evening: Evening, read: str | None) -> None:
    """What nobody can do from outside."""
    with evening.served.db.write() as db:
        session = db.get(GroupSession, evening.id)
        assert session is not None
        session.plan_read = read
        db.add(session)


def test_the_seat_of_an_ended_session_opens_nothing(evening: Evening) -> None:
    evening.go_live(phones=1)
    (phone,) = evening.phones
    check_in = evening.ask(MOOD)
    evening.do("End")
    assert phone.answer(check_in, 5)["ok"] is False
    assert phone.screen.emit("ask_for_staff", {"name": "Sam"})["ok"] is False
    with pytest.raises(ConnectionError):
        Screen(phone.url, "/phone", {"seat": phone.seat})
    for path, body in (("answer", {"check_in": check_in, "value": 5}), ("ask-for-staff", {"name": "Sam"})):
        answer = phone.browser.post(f"/j/{phone.code}/{path}", json=body, headers={"X-Seat": phone.seat})
        assert answer.status_code == 410 and answer.json()["message"]
    assert phone.browser.get(f"/j/{phone.code}/view", headers={"X-Seat": phone.seat}).status_code == 410
    assert phone.browser.post(f"/j/{phone.code}/seat", json={"seat": phone.seat}).status_code == 404


def test_after_three_hours_everybody_is_still_there_and_then_the_clock_ends_it(
    served: Served, evening: Evening
) -> None:
    console = evening.console()
    evening.go_live(phones=1)
    served.clock.forward(hours=3)
    assert evening.do("AddNote", text="Three hours in.") == evening.view()["rev"]
    assert evening.phones[0].look()["state"] == "live"
    time.sleep(0.5)
    assert console.is_connected and console.shown()["state"] == "live"
    # 90 minutes planned, and two hours more.
    served.clock.forward(minutes=31)
    ended = console.until(lambda view: view["state"] == "ended")
    assert ended["ended_by_itself"]
    evening.phones[0].screen.until(lambda view: view["state"] == "ended")
    assert Browser(served.url).get(f"/j/{evening.code}").status_code == 404
