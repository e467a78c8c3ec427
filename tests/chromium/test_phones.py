"""What becomes of a phone in a pocket, in a tunnel, without scripts, and when the server dies under it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.chromium.room import Room, answer, button, heading
from tests.chromium.windows import Windows
from tests.evening import MOOD, PRACTICE
from tests.server import Served

BACK_WITHIN_MS = 3_000
FIRST_LOAD_BYTES = 60_000
# What a browser says of its own accord about a network or a server that is gone.
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_NETWORK", "WebSocket connection")


def saved(phone: Page) -> None:
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()


def ballots(room: Room, check_in: str) -> int:
    """How many answers are kept for the open check-in."""
    with closing(sqlite3.connect(room.served.database_file)) as db:
        query = "SELECT count(*) FROM ballot WHERE check_in_id = ?"
        return int(db.execute(query, (check_in,)).fetchone()[0])


@pytest.fixture
def phone(room: Room) -> Page:
    """A phone that is in, in the segment with the questions."""
    room.go_live()
    return room.hand()


def test_an_answer_survives_a_reload_and_stays_one(room: Room, phone: Page) -> None:
    check_in = room.ask(MOOD)
    answer(phone, "2")
    saved(phone)
    phone.reload()
    saved(phone)
    phone.get_by_role("link", name="Change my answer").tap()
    expect(phone.get_by_role("radio", checked=True)).to_have_count(0)
    answer(phone, "8")
    saved(phone)
    beside = phone.context.new_page()
    beside.goto(phone.url)
    saved(beside)
    assert ballots(room, check_in) == 1


def test_a_phone_that_slept_through_everything_wakes_up_in_the_room(
    room: Room, phone: Page, site: Served, windows: Windows
) -> None:
    windows.guard.expect(*OFFLINE)
    check_in = room.ask(MOOD)
    answer(phone, "2")
    saved(phone)
    sleep(phone)
    site.server.kill()
    site.server.start()
    room.do("CloseCheckIn", check_in=check_in)
    room.do("EnterSegment", segment=2)
    wake_up(phone)
    expect(heading(phone, "You are in")).to_be_visible()
    expect(phone.get_by_text("Ride one small wave")).to_be_visible()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()


def sleep(phone: Page) -> None:
    """Lock it: nothing in the page runs any more."""
    phone.context.new_cdp_session(phone).send("Page.setWebLifecycleState", {"state": "frozen"})


def wake_up(phone: Page) -> None:
    phone.context.new_cdp_session(phone).send("Page.setWebLifecycleState", {"state": "active"})


def test_an_answer_without_a_network_is_kept_and_sends_itself(room: Room, phone: Page, windows: Windows) -> None:
    windows.guard.expect(*OFFLINE)
    check_in = room.ask(MOOD)
    expect(heading(phone, "Right now my mood is")).to_be_visible()
    phone.context.set_offline(True)
    expect(phone.get_by_text("This phone lost its connection.")).to_be_visible()
    answer(phone, "6")
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    assert ballots(room, check_in) == 0
    phone.context.set_offline(False)
    saved(phone)
    expect(phone.get_by_text("This phone lost its connection.")).to_be_hidden()
    assert ballots(room, check_in) == 1


def test_an_answer_that_comes_after_the_closing_is_dropped_with_a_sentence(
    room: Room, phone: Page, windows: Windows
) -> None:
    windows.guard.expect(*OFFLINE, "status of 409")
    check_in = room.ask(MOOD)
    expect(heading(phone, "Right now my mood is")).to_be_visible()
    phone.context.set_offline(True)
    answer(phone, "6")
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    room.do("CloseCheckIn", check_in=check_in)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Your answer was not sent.")).to_be_visible()
    expect(heading(phone, "You are in")).to_be_visible()


def test_every_screen_is_back_soon_after_the_server_died(room: Room, phone: Page, site: Served) -> None:
    """Three phones answer, one of them as often as it can: a fourth answer would be enough to show something."""
    windows = room.windows
    windows.guard.expect(*OFFLINE)
    console, wall, others = room.console_window(), room.wall(), [room.join() for _ in range(2)]
    check_in = room.ask(MOOD)
    answer(phone, "2")
    saved(phone)
    phone.get_by_role("link", name="Change my answer").tap()
    site.server.kill()
    expect(phone.get_by_text("Not connected")).to_be_visible()
    expect(console.get_by_text("Reconnecting. The timer goes on")).to_be_visible()
    expect(wall.get_by_text("Reconnecting")).to_be_visible()
    expect(heading(wall, "Right now my mood is")).to_be_visible()
    answer(phone, "9")
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    site.server.start()
    expect(console.get_by_text("Reconnecting. The timer goes on")).to_be_hidden(timeout=BACK_WITHIN_MS)
    expect(wall.get_by_text("Reconnecting")).to_be_hidden(timeout=BACK_WITHIN_MS)
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible(timeout=BACK_WITHIN_MS)
    saved(phone)
    for other in others:
        room.keep(other.connect())
        assert other.answer(check_in, 5) == {"ok": True}
    assert ballots(room, check_in) == 3
    assert room.tally_of(check_in)["state"] == "withheld"


def test_everything_works_without_a_script(room: Room) -> None:
    room.go_live()
    phone = room.hand(java_script_enabled=False)
    expect(heading(phone, "You are in")).to_be_visible()
    check_in = room.ask(MOOD)
    phone.reload()
    answer(phone, "4")
    saved(phone)
    phone.get_by_role("link", name="Change my answer").tap()
    button(phone, "Skip this one").tap()
    expect(heading(phone, "You skipped this one")).to_be_visible()
    room.do("CloseCheckIn", check_in=check_in)
    room.do("OpenCheckIn", prompt=PRACTICE)
    phone.goto(phone.url)
    answer(phone, "I did some")
    saved(phone)
    phone.get_by_role("link", name="I need to talk to someone").tap()
    phone.get_by_label("What should Fern call you?").fill("Sam")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("Fern can see your name now,")).to_be_visible()
    assert [one["name"] for one in room.view()["requests"]] == ["Sam"]
    phone.get_by_role("link", name="Back to the group").tap()
    button(phone, "Forget me on this phone").tap()
    expect(phone.get_by_text("This phone has forgotten the group.")).to_be_visible()


@pytest.mark.parametrize(
    ("verb", "said"),
    [("Leave", "You have left on this phone."), ("Forget me on this phone", "This phone has forgotten the group.")],
)
def test_a_phone_goes_and_may_come_back_as_a_new_one(room: Room, phone: Page, verb: str, said: str) -> None:
    seat = phone.context.cookies()
    button(phone, verb).tap()
    expect(phone.get_by_text(said)).to_be_visible()
    assert phone.context.cookies() == []
    assert room.view()["phones"] == 0
    phone.get_by_label("Code on the screen").fill(room.code)
    button(phone, "Join quietly").tap()
    expect(heading(phone, "You are in")).to_be_visible()
    assert phone.context.cookies() != seat


def test_the_way_to_a_person_is_on_every_page(room: Room, phone: Page, windows: Windows) -> None:
    windows.guard.expect("status of 404", "status of 410", "status of 403")
    stranger = windows.phone("/")
    places = [
        (stranger, "/", "Join on this phone"),
        (stranger, f"/j/{room.code}", "Join on this phone"),
        (stranger, "/j/CCCCCC", "Join on this phone"),
        (stranger, f"/j/{room.code}/view/of/nothing", "Nothing is here"),
        (stranger, "/private", "How is this private?"),
        (phone, f"/j/{room.code}", "You are in"),
    ]
    for page, path, title in places:
        page.goto(path)
        expect(heading(page, title)).to_be_visible()
        a_person_is_near(page)
    room.do("End")
    expect(heading(phone, "This session has ended")).to_be_visible()
    a_person_is_near(phone)
    phone.reload()
    a_person_is_near(phone)


def a_person_is_near(page: Page) -> None:
    """The way to a person is on the page as it came, and leads to the crisis line."""
    expect(page.get_by_role("link", name="I need to talk to someone").first).to_be_in_viewport()
    expect(page.get_by_role("link", name="call 988", exact=True)).to_have_attribute("href", "tel:988")


def test_without_a_network_the_way_to_a_person_is_still_here(room: Room, phone: Page, windows: Windows) -> None:
    windows.guard.expect(*OFFLINE)
    phone.context.set_offline(True)
    expect(phone.get_by_text("so do calls and texts to 988")).to_be_visible()
    phone.get_by_role("link", name="I need to talk to someone").tap()
    expect(phone.get_by_role("link", name="Call 988", exact=True)).to_be_visible()
    phone.get_by_label("What should Fern call you?").fill("Sam")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("This phone is not connected, so nobody was told.")).to_be_visible()
    assert room.view()["requests"] == []


def test_being_in_costs_less_than_60_kb(room: Room, windows: Windows) -> None:
    room.go_live()
    phone = windows.phone("about:blank")
    sizes: list[int] = []
    network = phone.context.new_cdp_session(phone)
    network.on("Network.loadingFinished", lambda done: sizes.append(int(done["encodedDataLength"])))
    network.send("Network.enable")
    phone.goto(f"/j/{room.code}")
    button(phone, "Join quietly").tap()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    phone.wait_for_load_state("networkidle")
    assert 10_000 < sum(sizes) < FIRST_LOAD_BYTES, sizes
