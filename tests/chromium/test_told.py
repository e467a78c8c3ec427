"""A supervisor who has a page open is told who waits, without loading it again, and says there what was done."""

from __future__ import annotations

from playwright.sync_api import expect

from facilitator.realtime.commands import EscalateRequests
from tests.chromium.room import Room, button, heading
from tests.chromium.stages import by_the_clock
from tests.chromium.windows import Windows

LOOKED_AGAIN_MS = 16_000
WAITS = "Somebody still waits to talk"


def test_an_open_page_says_who_waits_until_somebody_says_what_was_done(room: Room, windows: Windows) -> None:
    room.go_live(phones=1)
    assert room.phones[0].screen is not None
    assert room.phones[0].screen.emit("ask_for_staff", {"name": ""}) == {"ok": True}
    desk, other = (windows.device(by="sol").new_page() for _ in range(2))
    for page in (desk, other):
        page.clock.install()
        page.goto("/groups")
        expect(heading(page, "Groups")).to_be_visible()
    by_the_clock(room, EscalateRequests(), minutes=10)
    for page in (desk, other):
        page.clock.fast_forward(LOOKED_AGAIN_MS)
        expect(heading(page, WAITS)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=WAITS)).to_have_count(1)
    desk.get_by_role("link", name="See the request").click()
    expect(desk.get_by_text("Somebody who gave no name asked to talk")).to_be_visible()
    desk.get_by_label("What was done?").fill("Fern spoke to the whole room.")
    button(desk, "Mark as handled").click()
    expect(desk.get_by_text("Fern spoke to the whole room.")).to_be_visible()
    expect(heading(desk, WAITS)).to_have_count(0)
    other.clock.fast_forward(LOOKED_AGAIN_MS)
    expect(heading(other, WAITS)).to_have_count(0)
    assert room.view()["requests"][0]["outcome"] == "Fern spoke to the whole room."
