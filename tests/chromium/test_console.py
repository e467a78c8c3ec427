"""The console in a real browser: the clock against the plan, two who lead, lost lines, keys and the hand's habits."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from facilitator.storage.tables import GroupSession
from tests.chromium.room import Room, button, heading
from tests.chromium.windows import PHONE, WALL, Guard, Size, Windows
from tests.evening import MOOD, PLAN
from tests.server import Served

REFUSED, OFFLINE = "status of 409", "ERR_INTERNET_DISCONNECTED"
LONG = "A title of eighty characters, as long as a plan may have one for its segments ok"
LONG_PLAN = re.sub(r"(## [^:]+): .+? \(", rf"\1: {LONG} (", PLAN).replace("A long evening", LONG)


@pytest.fixture
def console(room: Room) -> Page:
    """Fern's, of a session that has begun."""
    room.do("OpenDoors")
    room.do("Start")
    return room.console_window()


def place(page: Page, name: str) -> dict[str, float]:
    box = button(page, name).first.bounding_box()
    assert box is not None, f"{name} is not there."
    return dict(box)


def at_work(page: Page) -> str:
    """The name of what has the focus."""
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"))


def test_it_says_in_words_how_the_session_stands_against_its_plan(console: Page, site: Served, room: Room) -> None:
    status = console.get_by_role("banner")
    expect(status).to_contain_text("on time")
    site.clock.forward(minutes=14)
    console.reload()
    expect(console.get_by_role("timer")).to_have_text(re.compile(r"^\+04:0\d$"))
    expect(status).to_contain_text("4 min behind")
    advice = console.get_by_text("To end at 7:30")
    expect(advice).to_be_visible()
    button(console, "Next: Check-in").click()
    expect(console.get_by_role("row", name="Opening")).to_contain_text("4 min over")
    expect(console.get_by_role("row", name="Check-in")).to_contain_text("4 min behind")
    expect(console.get_by_role("row", name="Closing")).to_contain_text("about 7:14")
    button(console, "Take").click()
    expect(status).to_contain_text("on time")


def test_the_room_never_sees_the_time_run_over(console: Page, site: Served, room: Room) -> None:
    wall = room.wall()
    site.clock.forward(minutes=11)
    console.reload()
    wall.reload()
    expect(console.get_by_role("timer")).to_have_text(re.compile(r"^\+01:0\d$"))
    expect(wall.get_by_role("timer")).to_have_text("00:00")


def test_control_is_taken_on_purpose(console: Page, site: Served, room: Room, guard: Guard) -> None:
    guard.expect(REFUSED)
    with site.db.write() as s:
        s.get_one(GroupSession, room.id).co_facilitator_id = site.cast.max.id
    other = room.console_window(by="max")
    expect(other.get_by_text("Fern is running this")).to_be_visible()
    button(other, "Next: Check-in").click()
    said = other.get_by_role("status").filter(has_text="Take control?")
    expect(said).to_be_visible()
    assert room.view()["segment"] == 0

    button(said, "Take control").click()
    expect(other.get_by_text("You are running this").filter(visible=True)).not_to_have_count(0)
    expect(console.get_by_text("Max is running this")).to_be_visible()
    button(other, "Next: Check-in").click()
    expect(console.get_by_role("heading", name="How I am arriving")).to_be_visible()


def test_a_lost_line_is_said_and_nothing_typed_is_lost(console: Page, room: Room, guard: Guard) -> None:
    guard.expect(OFFLINE)
    note = console.get_by_role("textbox", name="Private note")
    note.fill("Written on a train.")
    console.context.set_offline(True)
    note.press("Enter")
    expect(console.get_by_text("Not sent, try again.")).to_be_visible()
    expect(console.get_by_text("Reconnecting.")).to_be_visible()
    expect(note).to_have_value("Written on a train.")
    console.context.set_offline(False)
    expect(console.get_by_text("Reconnecting.")).to_be_hidden()
    console.reload()
    expect(note).to_have_value("Written on a train.")
    note.press("Enter")
    expect(console.get_by_role("list", name="Last notes")).to_contain_text("Written on a train.")
    console.reload()
    expect(note).to_have_value("")


def test_the_focus_stays_where_the_hand_was(console: Page, room: Room) -> None:
    following = button(console, "Next: Check-in")
    following.focus()
    console.keyboard.press("Enter")
    expect(button(console, "Next: Exercise")).to_be_focused()
    room.do("EnterSegment", segment=3)
    expect(button(console, "This is the last segment")).to_be_focused()
    console.keyboard.press("Enter")
    assert room.view()["segment"] == 3

    button(console, "Mark Kit here").focus()
    console.keyboard.press("Enter")
    expect(console.get_by_label("Kit: Here 6:")).to_be_focused()
    console.keyboard.press("Enter")
    console.keyboard.press("Escape")
    assert at_work(console).startswith("Kit: Here")


def test_space_pauses_also_after_a_click_on_another_button(console: Page, room: Room) -> None:
    button(console, "Next: Check-in").click()
    expect(button(console, "Next: Exercise")).to_be_visible()
    console.keyboard.press("Space")
    expect(button(console, "Resume")).to_be_visible()
    assert room.view()["segment"] == 1


def test_a_hand_that_taps_twice_presses_once(console: Page) -> None:
    sent: list[str | None] = []
    console.on("request", lambda asked: sent.append(asked.post_data) if asked.url.endswith("/commands") else None)
    button(console, "Next: Check-in").dblclick()
    expect(button(console, "Next: Exercise")).to_be_visible()
    button(console, "One minute more").dblclick()
    button(console, "Pause").click()
    expect(button(console, "Resume")).to_be_visible()
    commands = [json.loads(command or "{}")["command"] for command in sent]
    assert commands == ["EnterSegment", "AddTime", "AddTime", "PauseTimer"]


def test_single_keys_can_be_switched_off_and_remotes_go_on(console: Page, room: Room) -> None:
    console.keyboard.press("?")
    keys = console.get_by_role("dialog", name="Keys")
    keys.get_by_label("Single keys act").uncheck()
    button(keys, "Close").click()
    console.reload()
    for key in ("b", "+", "ArrowRight", "F5"):
        console.keyboard.press(key)
    console.keyboard.press("PageDown")
    expect(button(console, "Next: Exercise")).to_be_visible()
    view = room.view()
    assert (view["segment"], view["blank"], view["timer"]["planned_s"]) == (1, False, 20 * 60)


@pytest.mark.parametrize("consoles", [1, 2])
def test_a_remote_at_the_projector_acts_once(console: Page, room: Room, consoles: int) -> None:
    if consoles == 2:
        room.windows.beside(console, room.console_path, (1440, 900))
    wall = room.wall(beside=console)
    wall.bring_to_front()
    wall.keyboard.press("PageDown")
    expect(button(console, "Next: Exercise")).to_be_visible()
    wall.keyboard.press("Space")
    expect(button(console, "Resume")).to_be_visible()
    assert room.view()["segment"] == 1


def test_f5_of_a_remote_does_not_load_the_page_again(console: Page) -> None:
    console.evaluate("window.before = true")
    console.keyboard.press("F5")
    console.keyboard.press("Escape")
    assert console.evaluate("window.before") is True


def test_a_row_of_the_run_sheet_goes_there_and_undo_comes_back(console: Page, room: Room) -> None:
    button(console, "Go here: Ride one small wave").click()
    expect(console.get_by_role("heading", name="Ride one small wave")).to_be_visible()
    console.keyboard.press("Control+z")
    expect(console.get_by_role("heading", name="Arrive and settle")).to_be_visible()


def test_a_page_that_is_loaded_again_shows_the_last_question_with_its_tally(console: Page, room: Room) -> None:
    room.do("EnterSegment", segment=1)
    room.do("CloseCheckIn", check_in=room.ask(MOOD))
    too_few = console.get_by_text("Too few answers, so nothing is shown.")
    expect(too_few).to_be_visible()
    console.reload()
    expect(too_few).to_be_visible()
    expect(button(console, "Show on screen")).to_be_enabled()
    expect(button(console, "Open the next")).to_be_visible()


def test_a_segment_is_marked_with_a_reason(console: Page, room: Room) -> None:
    button(console, "Say how Arrive and settle went").click()
    dialog = console.get_by_role("dialog", name="How did it go?")
    dialog.get_by_label("Reason, if you like").fill("The heating was off")
    console.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    button(dialog, "Shortened").click()
    expect(dialog).to_be_hidden()
    expect(console.get_by_role("row", name="Opening")).to_contain_text("shortened")


def test_two_who_ask_to_talk_stay_while_one_is_handled(console: Page, room: Room) -> None:
    for name in ("Sam", "Robin"):
        ask(room, name)
    asking = console.get_by_role("region", name="People who ask to talk")
    asking.get_by_text("Robin asks to talk").click()
    field = asking.get_by_label("Or in your words").filter(visible=True)
    field.press_sequentially("Sat with")
    room.do("AddTime", seconds=60)
    field.press_sequentially(" her")
    field.press("Enter")
    expect(asking).to_contain_text("1 handled")
    expect(asking.get_by_text("Sam asks to talk")).to_be_visible()
    assert [one["outcome"] for one in room.view()["requests"]] == [None, "Sat with her"]


def ask(room: Room, name: str) -> None:
    screen = room.join().screen
    assert screen is not None and screen.emit("ask_for_staff", {"name": name}) == {"ok": True}


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), PHONE, (320, 640)])
def test_long_titles_and_names_fit(windows: Windows, site: Served, size: Size) -> None:
    room = Room(windows, site, LONG_PLAN)
    room.go_live()
    ask(room, "S" * 80)
    console = room.console_window()
    console.get_by_text("Add a guest").click()
    console.get_by_label("Name", exact=True).fill("Maximiliane-Theodora von Hohenfels-Wittgenbach-Sonnenschein")
    console.keyboard.press("Enter")
    expect(console.get_by_label("Maximiliane-Theodora von Hohenfels-Wittgenbach-Sonnenschein: Here 6:")).to_be_visible()
    console.set_viewport_size({"width": size[0], "height": size[1]})
    before = place(console, "Next: Exercise")
    assert console.evaluate("document.documentElement.scrollWidth") <= size[0]
    button(console, "Next: Exercise").click()
    assert place(console, "Next: Closing") == pytest.approx(before, abs=1)
    assert too_small(console) == []
    room.close()


@pytest.mark.parametrize("size", [WALL, PHONE])
def test_text_of_twice_the_size_fits(console: Page, size: Size) -> None:
    console.set_viewport_size({"width": size[0], "height": size[1]})
    console.evaluate("document.documentElement.style.fontSize = '200%'")
    assert console.evaluate("document.documentElement.scrollWidth") <= size[0]
    expect(button(console, "Next: Check-in")).to_be_in_viewport()


def too_small(page: Page) -> list[Any]:
    """What can be pressed and is less than 44 pixels high or wide, boxes beside their label left out."""
    return list(
        page.evaluate("""
          [...document.querySelectorAll("button, a[href], summary, select, textarea, input:not([type])")]
            .filter((one) => one.checkVisibility() && !one.closest(".skip-link"))
            .map((one) => [one.innerText.slice(0, 30), one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)
        """)
    )


def test_before_the_end_it_is_said_what_was_done_for_everybody_who_waits(room: Room) -> None:
    room.go_live(phones=2)
    for phone, name in zip(room.phones, ("Sam", ""), strict=True):
        assert phone.screen is not None and phone.screen.emit("ask_for_staff", {"name": name}) == {"ok": True}
    page = room.console_window()
    button(page, "End session").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 still waiting to talk")
    expect(dialog).to_contain_text("Somebody who gave no name asks to talk")
    end = dialog.get_by_role("button", name="End session")
    expect(end).to_have_attribute("aria-disabled", "true")
    end.click(force=True)
    assert room.view()["state"] == "live"
    sam = dialog.get_by_role("listitem").filter(has_text="Sam")
    button(sam, "We talk after the session").click()
    expect(dialog).to_contain_text("1 still waiting to talk")
    expect(button(dialog, "Talked now")).to_be_focused()
    dialog.get_by_label("Or in your words").fill("Said to the room where I am")
    button(dialog, "Save").click()
    expect(dialog.get_by_text("still waiting to talk")).to_be_hidden()
    expect(end).to_be_focused()
    end.click()
    expect(heading(page, "This session has ended")).to_be_focused()
    outcomes = [request["outcome"] for request in room.view()["requests"]]
    assert outcomes == ["We talk after the session", "Said to the room where I am"]


def test_without_scripts_a_phone_shows_every_part_of_the_console_at_once(room: Room, windows: Windows) -> None:
    room.go_live()
    page = windows.laptop(room.console_path, by="fern", size=PHONE, java_script_enabled=False)
    for title in ("Attendance", "Private note", "Run sheet"):
        expect(heading(page, title)).to_be_visible()
    expect(button(page, "Blank")).to_be_visible()
    expect(page.get_by_role("navigation", name="Parts of the console")).to_be_hidden()
