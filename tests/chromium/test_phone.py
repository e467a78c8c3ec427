"""A phone through everything that happens to phones: no network, a server that dies, two tabs, no scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.chromium.room import Room, answer, button, heading
from tests.chromium.windows import Guard
from tests.evening import MOOD, PRACTICE
from tests.server import Served

NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "WebSocket connection")
NO_SERVER = ("ERR_CONNECTION_REFUSED", "WebSocket connection")
REFUSED = "status of 409"
NOT_IN = "status of 403"
IS_IN = "Your answer is in, mixed with the group's"


def talk(phone: Page) -> None:
    phone.get_by_role("link", name="I need to talk to someone").first.tap()


def back(phone: Page) -> None:
    phone.get_by_role("link", name="Back to the group").tap()


def test_an_answer_without_a_network_is_kept_and_sent_by_itself(room: Room, guard: Guard) -> None:
    guard.expect(*NO_NETWORK)
    room.go_live()
    phone = room.hand()
    check_in = room.ask(MOOD)
    expect(heading(phone, "Right now my mood is")).to_be_visible()
    phone.context.set_offline(True)
    answer(phone, "3")
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    expect(phone.get_by_text("This phone lost its connection.")).to_be_visible()
    expect(phone.get_by_role("link", name="I need to talk to someone").first).to_be_in_viewport()
    phone.context.set_offline(False)
    expect(heading(phone, IS_IN)).to_be_visible()
    expect(phone.get_by_text("This phone lost its connection.")).to_be_hidden()
    assert room.view()["check_in"]["id"] == check_in


def test_an_answer_whose_check_in_closed_meanwhile_is_not_sent_and_told_so(room: Room, guard: Guard) -> None:
    guard.expect(*NO_NETWORK, REFUSED)
    room.go_live()
    phone = room.hand()
    check_in = room.ask(MOOD)
    expect(heading(phone, "Right now my mood is")).to_be_visible()
    phone.context.set_offline(True)
    answer(phone, "3")
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    room.do("CloseCheckIn", check_in=check_in)
    phone.context.set_offline(False)
    expect(phone.get_by_text("This check-in is closed. Your answer was not sent.")).to_be_visible()
    expect(heading(phone, "You are in")).to_be_visible()


def test_a_kept_answer_can_be_taken_back(room: Room, guard: Guard) -> None:
    guard.expect(*NO_NETWORK)
    room.go_live()
    phone = room.hand()
    room.ask(MOOD)
    expect(heading(phone, "Right now my mood is")).to_be_visible()
    phone.context.set_offline(True)
    answer(phone, "3")
    button(phone, "Do not send my answer").tap()
    expect(phone.get_by_role("radio", checked=True)).to_have_count(0)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    expect(heading(phone, "Right now my mood is")).to_be_visible()


def test_what_is_chosen_outlives_the_server(room: Room, site: Served, guard: Guard) -> None:
    guard.expect(*NO_SERVER)
    room.go_live()
    phone, wall = room.hand(), room.wall()
    room.ask(MOOD)
    seven = phone.get_by_role("radio", name="7")
    seven.tap()
    seven.focus()
    site.server.kill()
    expect(phone.get_by_text("This phone lost its connection.")).to_be_visible()
    expect(wall.get_by_text("Reconnecting")).to_be_visible()
    expect(heading(wall, "Right now my mood is")).to_be_visible()
    site.server.start()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible(timeout=3_000)
    expect(wall.get_by_text("Reconnecting")).to_be_hidden(timeout=3_000)
    expect(seven).to_be_checked()
    expect(seven).to_be_focused()
    button(phone, "Send").tap()
    expect(heading(phone, IS_IN)).to_be_visible()


def test_two_tabs_are_one_phone(room: Room, guard: Guard) -> None:
    guard.expect(NOT_IN)
    room.go_live()
    phone = room.hand()
    other = room.windows.beside(phone, f"/j/{room.code}", (360, 740))
    room.ask(PRACTICE)
    answer(phone, "I did it")
    expect(heading(other, IS_IN)).to_be_visible()
    assert room.view()["phones"] == 1
    button(other, "Leave").click()
    expect(other.get_by_text("You have left on this phone.")).to_be_visible()
    phone.reload()
    expect(button(phone, "Join quietly")).to_be_visible()


def test_the_way_to_a_person_is_there_without_a_network(room: Room, guard: Guard) -> None:
    guard.expect(*NO_NETWORK)
    room.go_live()
    phone = room.hand()
    phone.context.set_offline(True)
    talk(phone)
    expect(phone.get_by_role("link", name="Call 988", exact=True)).to_be_visible()
    phone.get_by_label("What should").fill("Robin")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("nobody was told")).to_be_visible()
    phone.context.set_offline(False)
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("Fern can see your name now")).to_be_visible()
    assert [request["name"] for request in room.view()["requests"]] == ["Robin"]
    back(phone)
    expect(heading(phone, "You are in")).to_be_visible()


def test_it_is_there_on_pages_whose_scripts_never_came(room: Room, guard: Guard) -> None:
    guard.expect(*NO_NETWORK, "net::ERR_FAILED")
    room.go_live()
    phone = room.windows.phone(f"/j/{room.code}")
    phone.route("**/*.js", lambda route: route.abort())
    button(phone, "Join quietly").tap()
    expect(heading(phone, "You are in")).to_be_visible()
    for path in (f"/j/{room.code}", f"/private?code={room.code}", f"/j/{room.code}/nothing", "/"):
        phone.goto(path)
        phone.context.set_offline(True)
        talk(phone)
        expect(heading(phone, "I need to talk to someone")).to_be_visible()
        expect(phone.get_by_role("link", name="Call 988", exact=True)).to_be_visible()
        back(phone)
        expect(phone.get_by_role("link", name="Call 988", exact=True)).to_have_count(int("nothing" in path))
        phone.context.set_offline(False)


def test_enter_sends_and_never_skips(room: Room) -> None:
    room.go_live()
    phone = room.hand()
    room.ask(MOOD)
    phone.get_by_role("radio", name="7").focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()


def test_a_whole_check_in_without_a_script(room: Room, guard: Guard) -> None:
    # The browser speaks of every module that it may not load.
    guard.expect("modulepreload")
    room.go_live(phones=5)
    phone = room.windows.phone(f"/j/{room.code}", java_script_enabled=False)
    button(phone, "Join quietly").tap()
    expect(heading(phone, "You are in")).to_be_visible()
    check_in = room.ask(MOOD)
    phone.get_by_role("link", name="Refresh").tap()
    answer(phone, "7")
    expect(heading(phone, IS_IN)).to_be_visible()
    phone.get_by_role("link", name="Change my answer").tap()
    button(phone, "Skip this one").tap()
    expect(heading(phone, "You skipped this one")).to_be_visible()
    room.all_answer(check_in, [5, 5, 5, 5, 5])
    room.do("CloseCheckIn", check_in=check_in)
    room.do("ShowTally", check_in=check_in)
    phone.get_by_role("link", name="Refresh").tap()
    expect(phone.get_by_text("How the group answered")).to_be_visible()
    talk(phone)
    phone.get_by_label("What should").fill("Robin")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("Fern can see your name now")).to_be_visible()


def test_after_the_end_the_browser_has_forgotten_the_seat(room: Room) -> None:
    room.go_live()
    phone = room.hand()
    room.do("End")
    expect(heading(phone, "This session has ended")).to_be_visible()
    phone.wait_for_timeout(500)
    assert [cookie["name"] for cookie in phone.context.cookies()] == []
