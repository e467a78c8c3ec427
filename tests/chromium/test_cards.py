"""Wall cards in real windows: written on phones, read on the console, then on the wall and in every hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.cards import CARD, SIX, WITH_CARD
from tests.chromium.room import Room, button, heading
from tests.chromium.windows import Windows
from tests.server import Served

ASKED = "One thing I take home"


@pytest.fixture
def room(windows: Windows, site: Served) -> Iterator[Room]:
    room = Room(windows, site, WITH_CARD)
    room.go_live()
    yield room
    room.close()


def write(phone: Page, words: str) -> None:
    phone.get_by_label("Your card").fill(words)


def test_cards_from_the_phones_over_the_console_to_the_wall(room: Room) -> None:
    phone, wall, console = room.hand(), room.wall(), room.console_window()
    others = [room.join() for _ in range(4)]
    console.get_by_role("combobox", name="Check-in").select_option(label=ASKED)
    button(console, "Open on phones").click()
    expect(heading(phone, ASKED)).to_be_visible()
    expect(phone.get_by_text("no names, no places. Staff read each card before the room does.")).to_be_visible()
    button(phone, "Send").tap()
    expect(phone.get_by_text("Write a few words first, or skip this one.")).to_be_visible()
    write(phone, "Breathing <b>helps</b>")
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
    phone.get_by_role("link", name="Change my answer").tap()
    expect(phone.get_by_label("Your card")).to_have_value("")
    write(phone, "Breathing **helps**")
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
    check_in = str(room.view()["check_in"]["id"])
    for other, words in zip(others, ("Thanks, Robin", "I want to die", *SIX[:2]), strict=True):
        assert other.answer(check_in, words) == {"ok": True}
    button(console, "Close").click()
    cards = console.locator(".wall-card")
    expect(cards).to_have_count(5)
    expect(cards.filter(has_text="Thanks, Robin")).to_contain_text("May name somebody.")
    expect(cards.filter(has_text="I want to die")).to_contain_text("May need the attention of the room.")
    expect(console.get_by_text("Nobody can tell who wrote a card, so say it to everybody")).to_be_visible()
    expect(button(console, "Show on screen")).to_have_attribute("aria-disabled", "true")
    button(console, "Leave out: Thanks, Robin").click()
    expect(cards.filter(has_text="Thanks, Robin")).to_contain_text("Left out")
    for words in ("Breathing **helps**", SIX[0]):
        button(console, f"Let the group see: {words}").click()
        expect(cards.filter(has_text=words)).to_contain_text("The group may see it")
    expect(console.get_by_text("2 to read, 2 for the group")).to_be_visible()
    button(console, "Show on screen").click()
    expect(wall.locator("#cards li")).to_have_count(2)
    for page in (wall, phone):
        expect(page.get_by_text("Breathing **helps**")).to_be_visible()
        expect(page.get_by_text("Thanks, Robin")).to_have_count(0)
    expect(phone.get_by_text("Nothing tells who wrote which.")).to_be_visible()
    button(console, "Take off screen").click()
    expect(wall.get_by_text("Breathing **helps**")).to_be_hidden()


def test_heavy_words_bring_the_way_to_a_person_at_once_and_hold_nothing_up(room: Room) -> None:
    phone, sent = room.hand(), []
    room.ask(CARD)
    expect(heading(phone, ASKED)).to_be_visible()
    shown = phone.locator(".scene:not([hidden]) .ask")
    phone.on("request", lambda request: sent.append(request.url))
    write(phone, "I don\u2019t want to live")
    expect(shown.get_by_text("nobody knows that they are yours")).to_be_visible()
    expect(shown.get_by_role("link", name="Call 988")).to_be_visible()
    assert all("heavy.json" in url for url in sent)
    write(phone, "I do not want to leave")
    expect(shown).to_have_count(0)
    write(phone, "Suicide is on my mind")
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
    expect(shown.get_by_role("link", name="Call 988")).to_be_visible()
    shown.get_by_role("link", name="I need to talk to someone").tap()
    expect(heading(phone, "I need to talk to someone")).to_be_visible()
    assert "uicide" not in phone.url


def test_without_a_script_the_page_after_sending_says_it(room: Room) -> None:
    room.ask(CARD)
    phone = room.hand(java_script_enabled=False)
    write(phone, "I want to die")
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
    expect(phone.get_by_text("nobody knows that they are yours")).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name="I need to talk to someone").tap()
    expect(heading(phone, "I need to talk to someone")).to_be_visible()


def test_many_cards_are_turned_page_by_page(room: Room) -> None:
    check_in = room.ask(CARD)
    for number in range(8):
        assert room.join().answer(check_in, f"Card {number} " + "with many words that go on " * 4) == {"ok": True}
    room.do("CloseCheckIn", check_in=check_in)
    for card in room.fern.view(f"/sessions/{room.id}/cards")["cards"]:
        room.do("ApproveCard", card=card["id"])
    room.do("ShowTally", check_in=check_in)
    wall = room.wall()
    expect(wall.locator("#cards li")).to_have_count(6)
    expect(wall.get_by_text("1 of 2")).to_be_visible()
    assert wall.evaluate("document.querySelector('[data-scene=tally] .words').scrollHeight <= innerHeight")
    wall.keyboard.press("m")
    expect(wall.locator("#cards li")).to_have_count(2)
    expect(wall.get_by_text("2 of 2")).to_be_visible()


def test_a_card_without_a_network_is_kept_and_sends_itself(room: Room, windows: Windows) -> None:
    windows.guard.expect("ERR_INTERNET_DISCONNECTED", "WebSocket connection")
    phone = room.hand()
    room.ask(CARD)
    expect(heading(phone, ASKED)).to_be_visible()
    phone.context.set_offline(True)
    write(phone, "It passes")
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()
    phone.context.set_offline(False)
    expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
