"""What a plan is at another length is shown as soon as it is chosen, before anything is saved."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.chromium.room import heading
from tests.chromium.windows import Windows


def test_what_a_length_cuts_is_shown_while_the_form_is_filled_in(windows: Windows) -> None:
    page = windows.device(by="fern").new_page()
    page.goto("/sessions/schedule")
    expect(heading(page, "Schedule a session")).to_be_visible()
    shown = page.get_by_role("status").filter(has_text="T04")

    page.get_by_label("Plan").select_option("T04")
    expect(shown).to_contain_text("T04 in 60 min, as it is written")
    page.get_by_label("Length").select_option("50")
    expect(shown).to_contain_text("Exercise 18 → 14 min")
    page.get_by_label("Length").select_option("200")
    expect(shown).to_contain_text("A break of 10 min after Teaching")
    expect(page.get_by_role("button", name="Show what changes")).to_have_count(0)
