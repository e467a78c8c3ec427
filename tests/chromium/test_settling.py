"""The summary at the end of a session: its buttons settle things in place, with and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from facilitator.realtime.commands import EndByItself
from facilitator.records.notes import Status
from facilitator.storage.tables import ProgressNote
from tests.chromium.room import Room
from tests.chromium.stages import by_the_clock
from tests.chromium.windows import Windows

REASON = "Reason, if you like"


@pytest.fixture
def ended(room: Room) -> str:
    """The summary of a session that skipped its exercise, where nobody was marked and one person asked to talk."""
    room.go_live()
    assert room.join().screen.emit("ask_for_staff", {"name": "Robin"}) == {"ok": True}
    room.do("EnterSegment", segment=3)
    # Nobody can press End over somebody who waits, but everybody can go home.
    by_the_clock(room, EndByItself(), minutes=240)
    return f"/sessions/{room.id}/ended"


def left(page: Page) -> int:
    """How many things the page says are to be settled."""
    word = page.locator("#settle-title").inner_text().split()[0]
    return {"Nothing": 0, "One": 1}[word] if word.isalpha() else int(word)


def test_one_press_settles_one_thing_and_the_page_stays(windows: Windows, ended: str) -> None:
    page = windows.laptop(ended, by="fern")
    before = left(page)
    page.evaluate("window.stays = true")

    page.get_by_role("button", name="Excused: Sasha").click()
    expect(page.locator("#settle-title")).to_have_text(f"{before - 1} things to settle")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(page.locator("#settle")).to_be_focused()

    page.get_by_label("In a few words").fill("We spoke by the door")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#settle-title")).to_have_text(f"{before - 2} things to settle")

    page.get_by_text("Change the mark of Sasha").click()
    page.locator("details[open]").get_by_role("button", name="Late").click()
    expect(page.get_by_role("listitem").filter(has_text="Sasha").filter(has_text="Late").first).to_be_visible()
    assert page.evaluate("window.stays"), "The page was never loaded anew."


def test_a_mark_takes_the_reason_typed_beside_it(windows: Windows, ended: str) -> None:
    page = windows.laptop(ended, by="fern")

    page.get_by_text("Change the mark of Arrive and settle").click()
    opened = page.locator("details[open]")
    opened.get_by_label(REASON).fill("We began with the chairs")
    opened.get_by_role("button", name="Adapted").click()

    expect(page.get_by_role("cell").filter(has_text="We began with the chairs")).to_be_visible()


def test_the_same_buttons_work_without_a_script(windows: Windows, ended: str) -> None:
    page = windows.laptop(ended, by="fern", java_script_enabled=False)
    before = left(page)

    page.get_by_role("button", name="Absent: Lee").click()

    assert left(page) == before - 1
    assert page.get_by_text("Saved.").is_visible()


def test_a_refusal_is_said_where_it_can_be_read(windows: Windows, ended: str, room: Room) -> None:
    windows.guard.expect("409", "Conflict")
    page = windows.laptop(ended, by="fern")
    with room.served.db.write() as s:
        s.get_one(ProgressNote, room.id).status = Status.SIGNED

    page.get_by_role("button", name="Absent: Lee").click()

    expect(page.get_by_role("status").filter(has_text="signed")).to_be_visible()
