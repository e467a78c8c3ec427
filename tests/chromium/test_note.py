"""The note and the desk where a browser adds something: Enter in a field, words not yet saved, a filter that folds."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.chromium.room import Room, button
from tests.chromium.windows import PHONE, Windows
from tests.conftest import PASSWORD


@pytest.fixture
def note(room: Room) -> Page:
    """Fern's note of a session that has ended, with everybody marked."""
    room.go_live()
    for member in room.served.clinic.roster:
        room.do("MarkAttendance", member=member.id, mark="present")
    room.do("End")
    return room.windows.laptop(f"/sessions/{room.id}/note", by="fern")


def asked_in(page: Page) -> list[str]:
    """Every question of the browser's own; each is answered with yes."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    return asked


def test_enter_in_the_password_field_signs(note: Page) -> None:
    note.get_by_label("How the group responded").fill("A quiet start.")
    note.get_by_label("None").check()

    note.get_by_label("Your password", exact=True).fill(PASSWORD)
    note.keyboard.press("Enter")

    expect(note.get_by_text("Signed, to co-sign")).to_be_visible()


def test_what_happened_is_asked_for_only_when_something_did(note: Page) -> None:
    expect(note.get_by_label("What happened")).to_be_hidden()

    note.get_by_label("Yes, described here").check()

    expect(note.get_by_label("What happened")).to_be_visible()


def test_words_that_are_not_saved_are_not_left_behind_silently(note: Page) -> None:
    asked = asked_in(note)
    note.get_by_label("Plan for the next session").press_sequentially("Begin earlier.")
    note.get_by_role("link", name="Sessions").first.click()
    note.wait_for_url("**/sessions")

    assert asked == ["beforeunload"]


def test_saving_leaves_nothing_to_ask_about(note: Page) -> None:
    asked = asked_in(note)

    note.get_by_label("Plan for the next session").press_sequentially("Begin earlier.")
    button(note, "Save the draft").click()

    expect(note.get_by_text("The draft is saved.")).to_be_visible()
    expect(note.get_by_label("Plan for the next session")).to_have_value(re.compile("^Begin earlier"))
    assert asked == []


def test_neither_an_endless_word_nor_a_mark_is_wider_than_a_phone(note: Page, room: Room) -> None:
    note.get_by_label("How the group responded").fill("W" * 300)
    button(note, "Save the draft").click()
    expect(note.get_by_text("The draft is saved.")).to_be_visible()

    record = room.windows.laptop(f"/review/{room.id}", by="sol", size=PHONE)

    width = record.evaluate("document.documentElement.clientWidth")
    assert record.evaluate("document.documentElement.scrollWidth") == width
    for mark in record.locator(".timeline .mark").all():
        box = mark.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width - 16


def test_the_desks_filter_folds_on_a_phone_and_stands_open_on_a_laptop(windows: Windows) -> None:
    laptop = windows.laptop("/review", by="sol")
    expect(button(laptop, "Apply")).to_be_visible()

    phone = windows.laptop("/review", by="sol", size=PHONE)
    expect(button(phone, "Apply")).to_be_hidden()
    phone.get_by_text("Filter", exact=True).click()
    expect(button(phone, "Apply")).to_be_visible()
