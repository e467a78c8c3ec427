"""What a phone still holds after a whole session: looked for in everything that its browser wrote to disk."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium.conftest import ARGUMENTS, CHROMIUM
from tests.chromium.room import Room, answer, button, heading
from tests.chromium.windows import PHONE, Windows
from tests.evening import HELPS, MOOD, PLAN
from tests.server import Served

URGE = "Pick a mild urge\n"
WITH_WRITING = PLAN.replace(URGE, f"{URGE}\nDo (silent writing, 5 min): A line to a friend\n")
# The plan, its questions and their answers, the group and its people, what it is all for.
TELLING = (
    b"therap", b"a long evening", b"arriving", b"my mood", b"craving", b"home practice", b"a walk", b"tuesday group",
    b"one small wave", b"sasha", b"robin", b"group therapy", b"crisis line", b"wants to talk", b"a line to a friend",
    b"zephyrine",
)  # fmt: skip
A_LITTLE_MS = 200
KEPT = """
async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  caches: await caches.keys(), databases: (await indexedDB.databases()).map((one) => one.name),
  cookie: document.cookie, history: history.length, page: document.documentElement.outerHTML,
})
"""

KEEPS_NOTHING = """
Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("Not here", "SecurityError"); } });
"""


@pytest.fixture
def own_phone(chromium: Browser, writing: Room, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that keeps what browsers keep, in a folder that can be looked at when it has been closed."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=CHROMIUM,
        args=list(ARGUMENTS),
        base_url=writing.served.url,
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
    )
    yield context
    context.close()


@pytest.fixture
def writing(windows: Windows, site: Served) -> Iterator[Room]:
    """A session in which people also write for themselves."""
    room = Room(windows, site, WITH_WRITING)
    yield room
    room.close()


def takes_part(room: Room, phone: Page) -> str:
    """Everything that a person can do in an evening. The seat that the phone had."""
    phone.goto("/")
    phone.get_by_label("Code on the screen").fill(room.code)
    button(phone, "Join quietly").tap()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    seat = phone.locator("#room").get_attribute("data-seat")
    assert seat
    for prompt, chosen in ((MOOD, "3"), (HELPS, "A walk")):
        check_in = room.ask(prompt)
        answer(phone, chosen)
        expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
        phone.get_by_role("link", name="How is this private?").filter(visible=True).first.tap()
        expect(heading(phone, "How is this private?")).to_be_visible()
        phone.get_by_role("link", name="Back to the group").first.tap()
        expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
        room.do("CloseCheckIn", check_in=check_in)
        room.do("ShowTally", check_in=check_in)
    phone.get_by_role("link", name="I need to talk to someone").first.tap()
    phone.get_by_label("What should Fern call you?").fill("Robin")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("Fern can see your name now,")).to_be_visible()
    phone.get_by_role("link", name="Back to the group").first.tap()
    room.do("StartExercise", exercise="x1")
    phone.get_by_label("Write here").fill("Dear Zephyrine")
    phone.reload()
    expect(phone.get_by_label("Write here")).to_have_value("Dear Zephyrine")
    room.do("HandleRequest", request=room.view()["requests"][0]["id"], outcome="Talked now")
    return seat


def ended(room: Room, phone: Page) -> None:
    room.do("End")
    expect(heading(phone, "This session has ended")).to_be_visible()


def forgotten(_: Room, phone: Page) -> None:
    button(phone, "Forget me on this phone").tap()
    expect(phone.get_by_text("This phone has forgotten the group.")).to_be_visible()


@pytest.mark.parametrize("leaving", [ended, forgotten])
def test_nothing_on_the_phone_tells_of_the_evening(
    own_phone: BrowserContext, writing: Room, tmp_path: Path, leaving: object
) -> None:
    room = writing
    room.go_live()
    phone = own_phone.pages[0]
    seat = takes_part(room, phone)
    if leaving is ended:
        # What a page puts into its tab comes onto the disk after a while, and what was removed stays there for a while.
        while not found_in(tmp_path / "profile" / "Default" / "Session Storage", (b"exercises",)):
            phone.wait_for_timeout(A_LITTLE_MS)
    with phone.expect_response(lambda answer: answer.url.endswith("/forget")):
        leaving(room, phone)
    phone.wait_for_function("!document.querySelector('[data-seat]')")
    kept = phone.evaluate(KEPT)
    assert [kept[place] for place in ("local", "session", "caches", "databases", "cookie")] == [[], [], [], [], ""]
    assert seat not in kept["page"]
    # The empty page that the browser opened with, the group, and the way to a person that was opened and closed in it.
    assert kept["history"] <= 3
    assert not any(one["name"] in ("seat", "ticket") for one in own_phone.cookies())
    own_phone.close()
    addresses, titles = history_of(tmp_path / "profile")
    assert titles <= {"Group", ""} and addresses
    ours = re.compile(rf"/(\?said=\w+)?|/j/{room.code}(/seat)?(#more|#)?|/private\?code={room.code}")
    assert [one for one in addresses if not ours.fullmatch(one)] == []
    assert found_in(tmp_path / "profile", (room.code.encode(),)), "The search itself finds what is there."
    assert found_in(tmp_path / "profile", (seat.encode(), *TELLING)) == []


def history_of(profile: Path) -> tuple[set[str], set[str]]:
    """Every address that the browser remembers, and every title."""
    with closing(sqlite3.connect(profile / "Default" / "History")) as db:
        rows = db.execute("SELECT url, title FROM urls WHERE url LIKE 'http%'").fetchall()
    return {re.sub(r"^https?://[^/]+", "", url) for url, _ in rows}, {title for _, title in rows}


def found_in(profile: Path, words: tuple[bytes, ...]) -> list[str]:
    """Where in the files of a profile one of these words stands, as bytes or as the browser's wide letters."""
    found = []
    for file in (one for one in profile.rglob("*") if one.is_file()):
        content = file.read_bytes().lower()
        for word in words:
            wide = word.lower().decode().encode("utf-16-le")
            if word.lower() in content or wide in content:
                found.append(f"{file.relative_to(profile)}: {word.decode()}")
    return found


def test_quick_leave_shows_the_time_and_the_way_back_leads_out(room: Room) -> None:
    room.go_live()
    phone = room.hand()
    phone.evaluate("sessionStorage.setItem('x', 'y')")
    phone.get_by_role("link", name="Quick leave").tap()
    expect(phone).to_have_title("Time")
    assert phone.evaluate("sessionStorage.length") == 0
    phone.go_back()
    expect(phone.get_by_text("Connected", exact=True)).to_have_count(0)
    assert f"/j/{room.code}" not in phone.url


def test_a_browser_that_keeps_nothing_does_the_exercises_and_lets_people_go(writing: Room, windows: Windows) -> None:
    device = windows.device(PHONE, is_mobile=True, has_touch=True)
    device.add_init_script(KEEPS_NOTHING)
    phone = device.new_page()
    writing.go_live()
    writing.do("StartExercise", exercise="x1")
    phone.goto(f"/j/{writing.code}")
    button(phone, "Join quietly").tap()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    for name, then in (("Quick leave", "/time"), ("Forget me on this phone", "/?said=forgotten")):
        phone.goto(f"/j/{writing.code}")
        phone.get_by_label("Write here").fill("Zephyrine")
        phone.get_by_role("link", name=name).or_(phone.get_by_role("button", name=name)).tap()
        expect(phone).to_have_url(f"{writing.served.url}{then}")


def test_quick_leave_without_scripts_is_a_link(room: Room) -> None:
    room.go_live()
    phone = room.hand(java_script_enabled=False)
    phone.get_by_role("link", name="Quick leave").tap()
    expect(phone).to_have_title("Time")
