"""The screen on the wall: sizes that carry to the last row, keys of its own, and a clock that stays calm."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from facilitator.curricula.library import Library
from tests.chromium.room import Room, heading
from tests.chromium.windows import WALL, Size, Windows
from tests.conftest import ROSTER
from tests.evening import PLAN, PRACTICE
from tests.server import Served

REPEAT_MS = 450
SIZES = {"h1": 8, ".html": 5.5, ".digits": 14, "footer": 4}


def height_of(page: Page, element: str) -> float:
    """The size of its letters, in hundredths of the screen's height."""
    shown = page.locator(element).filter(visible=True).first
    return float(shown.evaluate("element => 100 * parseFloat(getComputedStyle(element).fontSize) / innerHeight"))


def at(room: Room, size: Size) -> Page:
    page = room.windows.device(size).new_page()
    page.goto(f"/p/{room.session.screen_token}")
    return page


@pytest.mark.parametrize("size", [WALL, (1920, 1080), (1024, 768)], ids=str)
def test_letters_are_large_enough_for_six_metres(room: Room, size: Size) -> None:
    room.go_live()
    room.do("EnterSegment", segment=0)
    wall = at(room, size)
    expect(wall.get_by_text("Feet on the floor")).to_be_visible()
    assert {element: round(height_of(wall, element), 1) for element in SIZES} == SIZES


@pytest.mark.parametrize("size", [WALL, (1920, 1080)], ids=str)
def test_the_square_to_scan_is_half_the_wall(room: Room, size: Size) -> None:
    room.do("OpenDoors")
    square = at(room, size).get_by_alt_text("QR code that opens the join page")
    expect(square).to_be_visible()
    box = square.bounding_box()
    assert box is not None and min(box["width"], box["height"]) >= size[1] / 2


def test_its_own_keys_change_only_this_screen(room: Room) -> None:
    room.go_live()
    wall = room.wall()
    before = room.view()["rev"]
    expect(heading(wall, "How I am arriving")).to_be_visible()
    wall.keyboard.press("j")
    expect(heading(wall, "Join on your phone")).to_be_visible()
    wall.wait_for_timeout(REPEAT_MS)
    wall.keyboard.press("j")
    expect(heading(wall, "How I am arriving")).to_be_visible()
    wall.keyboard.press("l")
    wall.keyboard.press("t")
    wall.reload()
    expect(wall.locator('html[data-theme="light"][data-text="large"]')).to_have_count(1)
    assert room.view()["rev"] == before


def test_a_remote_without_a_console_beside_it_does_nothing(room: Room) -> None:
    room.go_live()
    wall, before = room.wall(), room.view()["rev"]
    wall.evaluate("window.before = true")
    for key in ("PageDown", "PageUp", "F5", "Escape", ".", "b", "ArrowRight", "Space"):
        wall.keyboard.press(key)
    expect(heading(wall, "How I am arriving")).to_be_visible()
    assert wall.evaluate("window.before") and room.view()["rev"] == before


def test_larger_text_hides_nothing_that_the_usual_size_shows(windows: Windows, site: Served) -> None:
    options = "".join(f"- {number} {'with as many words as fit ' * 3}\n" for number in range(1, 9))
    room = Room(windows, site, PLAN.replace("- I did it\n- I did some\n- Not this time\n", options))
    room.go_live()
    room.do("AskAloud", prompt=PRACTICE)
    wall = at(room, (1024, 768))
    wall.keyboard.press("t")
    expect(wall.get_by_text("8 with as many words")).to_be_in_viewport(ratio=1)
    words = wall.locator(".words").filter(visible=True)
    assert words.evaluate("words => words.scrollHeight <= words.parentElement.clientHeight")
    room.close()


def test_the_controls_are_there_while_the_mouse_moves(room: Room) -> None:
    wall = room.wall()
    controls = wall.get_by_role("navigation", name="This screen")
    expect(controls).to_have_css("opacity", "0")
    wall.mouse.move(300, 300)
    wall.mouse.move(320, 300)
    expect(controls).to_have_css("opacity", "1")


def test_the_end_of_a_segment_is_calm_and_told_once(room: Room) -> None:
    room.go_live()
    wall = room.wall()
    said = wall.locator("#said")
    pass_time(room, left_s=124)
    expect(wall.get_by_text("Nearly there")).to_be_visible()
    expect(said).to_have_text("Two minutes left.")
    pass_time(room, left_s=4)
    expect(said).to_have_text("Time to wrap up.")
    expect(wall.get_by_role("timer")).to_have_text("00:00")
    expect(wall.get_by_text("Time to wrap up", exact=True)).to_be_visible()
    room.do("AddTime", seconds=60)
    expect(wall.get_by_text("Time to wrap up", exact=True)).to_be_hidden()


def pass_time(room: Room, *, left_s: int) -> None:
    """The clinic's clock goes on until so much is left, and the screens hear of it with the next change."""
    ends_at = room.projected()["timer"]["ends_at"]
    room.served.clock.forward(seconds=(ends_at - room.served.clock()) / 1000 - left_s)
    room.do("AddNote", text="The time goes by.")


def test_a_timer_that_stands_says_so(room: Room) -> None:
    room.go_live()
    wall = room.wall()
    room.do("PauseTimer")
    expect(wall.get_by_text("Paused")).to_be_visible()
    standing = wall.get_by_role("timer").inner_text()
    wall.wait_for_timeout(1_200)
    expect(wall.get_by_role("timer")).to_have_text(standing)


def test_it_fills_the_screen_and_comes_back(room: Room) -> None:
    wall = room.wall()
    filled = wall.locator(":root:fullscreen")
    wall.keyboard.press("f")
    expect(filled).to_have_count(1)
    wall.get_by_role("button", name="Full screen").focus()
    wall.keyboard.press("Enter")
    expect(filled).to_have_count(0)


def test_nothing_of_a_person_and_nothing_private_is_in_it(windows: Windows, site: Served) -> None:
    kept = Library().get("T01")
    assert kept is not None
    room = Room(windows, site, kept.text)
    room.do("OpenDoors")
    asking = room.join().screen
    assert asking is not None and asking.emit("ask_for_staff", {"name": "Sam by the door"}) == {"ok": True}
    room.do("AddGuest", name="A student")
    for member in site.clinic.roster:
        room.do("MarkAttendance", member=member.id, mark="late")
    room.do("Start")
    room.do("AddNote", text="Two left the circle.")
    private = {*ROSTER, "Fern", "Sam by the door", "A student", "Two left the circle", site.clinic.group.name}
    wall = room.wall()
    for index, segment in enumerate(kept.plan.segments):
        room.do("EnterSegment", segment=index)
        expect(heading(wall, segment.title)).to_be_visible()
        cues = {unescape(re.sub("<[^>]+>", "", cue.text)) for cue in segment.cues}
        everything = unescape(wall.content())
        assert [words for words in private | cues if words in everything] == []
    room.close()
