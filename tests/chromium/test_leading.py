"""Leading an exercise from the console: by buttons and keys, through a reload, up to the last word before the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.all_parts import ALL_PARTS
from tests.chromium.room import Room, button
from tests.chromium.windows import Windows
from tests.server import Served

PAIRS, QUIZ = "Read only your fair line", "True or false?"


@pytest.fixture
def room(windows: Windows, site: Served) -> Iterator[Room]:
    """A session in which everything there is can be done."""
    room = Room(windows, site, ALL_PARTS)
    room.do("OpenDoors")
    room.do("Start")
    room.do("EnterSegment", segment=1)
    yield room
    room.close()


SMALL_PHONE = (360, 600)
# Scrolled to where they lie right above the bar at the thumb.
ARE_ON_TOP = """
buttons => {
  const there = buttons.filter((one) => one.checkVisibility());
  const bar = document.querySelector(".verbs").getBoundingClientRect();
  scrollBy(0, there.at(-1).getBoundingClientRect().bottom - bar.top + 4);
  return there.map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [0.1, 0.9].every((share) => one.contains(document.elementFromPoint(x + width / 2, y + height * share)));
  });
}
"""


def of(page: Page, title: str) -> Locator:
    """The part of the console that leads this exercise."""
    return page.get_by_role("article", name=title)


def test_pairs_are_led_from_round_to_round_and_no_clock_swaps_them(room: Room, site: Served) -> None:
    console = room.console_window()
    phone = room.console_window(size=SMALL_PHONE)
    button(of(console, PAIRS), "Start").click()
    for page in (console, phone):
        expect(of(page, PAIRS)).to_contain_text("Round 1 of 2")
    site.clock.forward(minutes=3)
    phone.reload()
    expect(of(phone, PAIRS)).to_contain_text("Time to swap, when they are ready.")
    expect(of(phone, PAIRS)).to_contain_text("Round 1 of 2")
    button(of(phone, PAIRS), "Swap").click()
    for page in (console, phone):
        expect(of(page, PAIRS)).to_contain_text("Round 2 of 2")
        expect(button(of(page, PAIRS), "The last one")).to_have_attribute("aria-disabled", "true")
    # What was done is said where it hides nothing that is pressed next.
    expect(phone.get_by_role("status").filter(has_text="Round 2 of 2")).to_be_visible()
    assert all(of(phone, PAIRS).get_by_role("button").evaluate_all(ARE_ON_TOP))
    button(of(phone, PAIRS), "Stop").click()
    expect(button(of(console, PAIRS), "Start")).to_be_visible()
    expect(of(console, PAIRS)).to_contain_text("done")
    expect(button(phone, "End session").first).to_be_hidden()
    room.do("EnterSegment", segment=7)
    expect(button(phone, "End session").first).to_be_visible()


def test_keys_start_lead_and_stop_and_a_quiz_keeps_its_answer_until_it_is_shown(room: Room) -> None:
    room.do("EnterSegment", segment=5)
    room.do("StartExercise", exercise="x13")
    room.do("StopExercise")
    console = room.console_window()
    quiz = of(console, QUIZ)
    console.keyboard.press("e")
    expect(quiz).to_contain_text("Statement 1 of 3 A craving grows until you give in.")
    button(quiz, "Show the answer").click()
    expect(quiz).to_contain_text("Answer 1 of 3 A craving grows until you give in. False: most rise")
    # Sooner it would be taken for the same press, bouncing.
    console.wait_for_timeout(450)
    console.keyboard.press("e")
    expect(quiz).to_contain_text("Statement 2 of 3")
    console.keyboard.press("Shift+E")
    expect(quiz).to_contain_text("Answer 1 of 3")
    console.keyboard.press("x")
    expect(button(quiz, "Start")).to_be_visible()
    console.keyboard.press("Control+z")
    expect(quiz).to_contain_text("Answer 1 of 3")


def test_after_writing_on_phones_the_console_reminds_before_the_end(room: Room) -> None:
    room.do("EnterSegment", segment=4)
    console = room.console_window()
    reminder = console.get_by_text("What you wrote on your phone goes when we end.")
    button(of(console, "Easiest at the bottom"), "Start").click()
    expect(of(console, "Easiest at the bottom")).to_contain_text("Stays on their phones.")
    expect(reminder).to_be_hidden()
    room.do("EnterSegment", segment=7)
    expect(reminder).to_be_visible()
    console.get_by_text("End session").first.click()
    expect(console.get_by_role("dialog")).to_contain_text("What people wrote on their phones goes when you end.")


def test_a_wave_leads_to_the_question_of_its_shape(room: Room) -> None:
    room.do("EnterSegment", segment=2)
    console = room.console_window()
    wave = of(console, "How strong is the pull now?")
    button(wave, "Start").click()
    button(wave, "Ask for the shape").click()
    expect(console.get_by_text("Waiting for answers")).to_be_visible()
    expect(button(wave, "Ask for the shape")).to_have_attribute("aria-disabled", "true")
    expect(wave).to_contain_text("on the screens now")
