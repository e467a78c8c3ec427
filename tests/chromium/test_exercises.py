"""Exercises on the wall and on phones: everybody can do all eighteen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from facilitator.curricula.model import Part
from tests.chromium.exercises import scene, start, with_eighteen
from tests.chromium.room import Room, button, heading
from tests.chromium.test_accessibility import NARROW, RULES, SETTLED, everything_fits, tab_to
from tests.chromium.windows import PHONE, WALL, Windows
from tests.eighteen import HEAD, IDS, PARTS, large_words
from tests.server import Served

STAYS = "This stays on your phone. Nobody else can see it, and it is not sent."
THUMB_PX = 56
# What is left of a sheet of paper inside its margins, in pixels of CSS.
A4, LETTER = (673, 986), (695, 920)
IN_STEP_MS, LATE_MS = 100, 20_000
IN_ONE_LINE = "words => words.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(words).fontSize)"
CLOCK = """
  const script = document.querySelector("script[src*='phone/phone.js']").src;
  const { hear, now } = await import(script.replace("phone/phone.js", "shared/clock.js"));
"""
# How far ahead of the server a phone is that asked for two seconds, and had its answer at once.
AFTER_A_LONG_TRIP = f"async () => {{ {CLOCK} const before = now(); hear(before, 2_000); return now() - before; }}"
SINCE_THE_PAGE = f"async () => {{ {CLOCK} return now() - JSON.parse(room.dataset.view).server_now; }}"
TOO_SMALL = f"""
scene => [...scene.querySelectorAll("button, select, textarea, summary, .option, .key")]
  .filter((one) => one.checkVisibility() && !one.matches(".button.plain"))
  .filter((one) => one.getBoundingClientRect().height < {THUMB_PX}).map((one) => one.outerHTML)
"""


@pytest.fixture
def room(windows: Windows, site: Served) -> Iterator[Room]:
    """A session with all eighteen."""
    room = with_eighteen(windows, site)
    yield room
    room.close()


def step(room: Room, part: Part, number: int) -> None:
    room.do("StepExercise", exercise=IDS[part], step=number)


def pairs(room: Room, phone: Page, wall: Page) -> None:
    step(room, Part.PAIRS, 1)
    for page in (phone, wall):
        expect(scene(page)).to_contain_text("Round 2 of 2")
        expect(scene(page)).to_contain_text("Now swap: the other one begins.")
    expect(phone.locator("#said")).to_have_text("Round 2 of 2")


def breath(room: Room, phone: Page, wall: Page) -> None:
    """While time stands still, so does the breath, at the same place everywhere."""
    room.do("PauseTimer")
    expect(scene(phone).get_by_text("Paused", exact=True)).to_be_visible()
    expect(wall.locator(".figure .pacer-words")).to_have_text(re.compile(r"^Breathe in[1-4] of 4"))
    expect(phone.locator(".pacer-words")).to_have_text(str(wall.locator(".pacer-words").text_content()))
    room.do("ResumeTimer")


def ground(room: Room, phone: Page, wall: Page) -> None:
    step(room, Part.GROUNDING_STEPS, 1)
    for page in (phone, wall):
        expect(heading(scene(page), large_words(Part.GROUNDING_STEPS, 1))).to_be_visible()
        # Who is asked to look around is not told to close the eyes.
        expect(scene(page)).to_contain_text("In your own way. You can stop any time.")


def rate(room: Room, phone: Page, wall: Page) -> None:
    """A minute is skipped; the curve comes at the end; its shape is offered to the question and sent by nobody."""
    for name in ("3", "7", "", "2"):
        expect(phone.locator("#wave-minute")).to_be_visible()
        if name:
            phone.get_by_role("radio", name=name, exact=True).tap()
            expect(phone.get_by_text("You can change it until the minute is over.")).to_be_visible()
        else:
            button(phone, "Skip this minute").tap()
        room.served.clock.forward(seconds=60)
        phone.reload()
    expect(phone.get_by_role("img", name="The curve of your wave. It rose and fell")).to_be_visible()
    phone.get_by_text("The same in numbers").tap()
    expect(phone.get_by_role("row")).to_have_text(["MinutePull", "13", "27", "3skipped", "42"])
    wall.reload()
    expect(scene(wall)).to_contain_text("The watching is done.")
    check_in = room.ask("q1")
    expect(phone.get_by_role("radio", name="It rose and fell")).to_be_checked()
    expect(phone.get_by_text("Only Send sends it.")).to_be_visible()
    button(phone, "Skip this one").tap()
    button(phone, "Back to the exercise").tap()
    room.do("CloseCheckIn", check_in=check_in)
    expect(phone.get_by_role("img", name="The curve of your wave.")).to_be_visible()


def sort(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_role("button", name="helps", exact=True).dblclick()
    expect(button(phone, "Move: ")).to_have_text(["Sleeping late"])
    button(phone, "Move: Sleeping late").tap()
    for pile in ("helps", "gets in the way", "helps"):
        phone.get_by_role("button", name=pile, exact=True).tap()
    button(phone, "Move: Calling a friend").tap()
    expect(scene(phone).locator(".big-card")).to_have_text("Calling a friend")
    expect(wall.locator(".tiles li")).to_have_count(6)
    wall.keyboard.press("m")
    expect(wall.locator(".tiles li")).to_have_text(["Telling one person how it is"])


def choose(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_role("radio", name="risky").tap()
    step(room, Part.SCENARIO_CARDS, 1)
    expect(heading(scene(phone), large_words(Part.SCENARIO_CARDS, 1))).to_be_visible()
    expect(phone.get_by_role("radio", checked=True)).to_have_count(0)
    step(room, Part.SCENARIO_CARDS, 0)
    expect(phone.get_by_role("radio", name="risky")).to_be_checked()


def rank(room: Room, phone: Page, wall: Page) -> None:
    down = button(phone, "Down: Sleep")
    tab_to(phone, down)
    phone.keyboard.press("Enter")
    phone.keyboard.press("Enter")
    expect(down).to_be_focused()
    order = [re.compile(name) for name in ("Company", "Money", "Sleep", "A clear head")]
    expect(phone.locator(".ranked li")).to_have_text(order)
    phone.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.get_by_text("Company", exact=True).evaluate(IN_ONE_LINE), "A word is broken where it has room."
    phone.evaluate("document.documentElement.style.fontSize = ''")
    phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


def keep(room: Room, phone: Page, wall: Page) -> None:
    for name in ("Honesty", "Quiet", "Courage"):
        phone.get_by_role("checkbox", name=name).tap()
    expect(phone.get_by_text("You have picked 3. Let go of 1, when you are ready.")).to_be_visible()
    phone.get_by_role("checkbox", name="Quiet").tap()
    expect(phone.get_by_text("These are your 2.")).to_be_visible()


def guess(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_role("radio", name="True").tap()
    expect(scene(wall)).not_to_contain_text("sleep evens out in time")
    step(room, Part.QUIZ, 1)
    for page in (phone, wall):
        expect(scene(page)).to_contain_text("False: sleep evens out in time.")
    expect(phone.get_by_text("You thought: true. Only you can see that.")).to_be_visible()


def play(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_role("radio", name="listener").tap()
    step(room, Part.ROLE_PLAY, 1)
    expect(phone.get_by_text("You are the observer now.")).to_be_visible()
    expect(scene(wall)).to_contain_text("listener becomes observer")
    expect(scene(wall)).to_contain_text("Four of you? After observer comes second observer, then speaker.")
    step(room, Part.ROLE_PLAY, 3)
    expect(phone.get_by_text("Three of you? Rest, or go once more.")).to_be_visible()
    expect(phone.get_by_text("You are the listener now.")).to_be_visible()
    phone.get_by_role("checkbox", name="We are four").tap()
    expect(phone.get_by_text("You are the speaker now.")).to_be_visible()
    phone.get_by_role("radio", name="second observer").tap()
    expect(phone.get_by_text("You are the observer now.")).to_be_visible()
    expect(phone.get_by_text("Three of you?")).to_be_hidden()
    expect(scene(wall)).to_contain_text("Round 4, groups of four")
    expect(scene(wall)).to_contain_text("observer becomes second observer")


def place(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_label("morning").first.fill("Run")
    button(phone, "A walk").tap()
    expect(phone.get_by_label("morning").first).to_have_value("Run, A walk")


def climb(room: Room, phone: Page, wall: Page) -> None:
    expect(phone.get_by_label("Rung 5, heated")).to_be_visible()
    expect(phone.get_by_label("Rung 1, calm")).to_be_visible()
    expect(scene(wall)).to_contain_text("5 rungs, from calm to heated")


DONE: dict[Part, Callable[[Room, Page, Page], None]] = {
    Part.PAIRS: pairs,
    Part.BREATHING_PACER: breath,
    Part.GROUNDING_STEPS: ground,
    Part.URGE_WAVE: rate,
    Part.SORT_CARDS: sort,
    Part.SCENARIO_CARDS: choose,
    Part.RANK: rank,
    Part.LADDER: climb,
    Part.VALUES_CARDS: keep,
    Part.QUIZ: guess,
    Part.ROLE_PLAY: play,
    Part.WEEK_GRID: place,
}


def test_all_eighteen_can_be_done_by_everybody(room: Room) -> None:
    wall, phone = room.wall(), room.hand()
    for part in PARTS:
        start(room, part, wall, phone)
        expect(scene(phone).get_by_text(STAYS)).to_have_count(int(part.private))
        expect(wall.get_by_text("This stays on your phone. Paper works too.")).to_have_count(int(part.private))
        if part in DONE:
            DONE[part](room, phone, wall)
        expect(button(phone, "Not for me now")).to_be_in_viewport()
        assert scene(phone).evaluate(TOO_SMALL) == []
        for scheme in ("dark", "light"):
            phone.emulate_media(color_scheme=scheme)
            assert [*faults(phone), *faults(wall)] == [], part
            if scheme == "dark":
                wall.keyboard.press("l")
        phone.evaluate("document.documentElement.style.fontSize = '200%'")
        everything_fits(phone, PHONE)
        phone.evaluate("document.documentElement.style.fontSize = ''")
        phone.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        everything_fits(phone, NARROW)
        phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert wall.evaluate("document.querySelector('.scene:not([hidden]) .words').scrollHeight") <= WALL[1]
    room.do("StopExercise")
    expect(heading(phone, "You are in")).to_be_visible()
    expect(heading(wall, "Part 1")).to_be_visible()


def faults(page: Page) -> list[str]:
    """What axe finds in what the page is about now; the rest of it has its own test."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(Axe().axe_script)
    page.evaluate(SETTLED)
    found = page.evaluate("options => axe.run('main', options)", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def test_whoever_is_at_a_button_is_not_lost_when_the_room_goes_on(room: Room) -> None:
    phone, wall = room.hand(), room.wall()
    said = phone.locator("#said")
    start(room, Part.SORT_CARDS, wall)
    wall.keyboard.press("m")
    start(room, Part.SILENT_WRITING, phone)
    phone.locator("#mine").get_by_role("button", name="Save").focus()
    start(room, Part.SORT_CARDS, phone)
    expect(heading(phone, large_words(Part.SORT_CARDS))).to_be_focused()
    expect(said).to_have_text(f"Sort cards: {large_words(Part.SORT_CARDS)}")
    wall.keyboard.press("m")
    start(room, Part.THOUGHT_RECORD, phone, wall)
    expect(heading(phone, large_words(Part.THOUGHT_RECORD))).to_be_focused()
    expect(wall.locator(".lines li").first).to_have_text("1What happened")
    room.do("StopExercise")
    start(room, Part.SORT_CARDS, wall)
    expect(wall.locator(".tiles li")).to_have_count(6)
    start(room, Part.QUIZ, phone)
    away = button(phone, "Not for me now")
    # A finger that taps twice would find the way back under it.
    box = away.bounding_box()
    assert box
    for _ in range(2):
        phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    back = button(phone, "Back to the exercise")
    back.focus()
    step(room, Part.QUIZ, 1)
    start(room, Part.URGE_WAVE, phone)
    expect(heading(phone, large_words(Part.URGE_WAVE))).to_be_focused()


def test_a_wave_that_is_over_keeps_the_focus_and_another_one_begins_anew(room: Room) -> None:
    phone = room.hand()
    start(room, Part.URGE_WAVE, phone)
    for minute, name in ((1, "3"), (2, "7")):
        expect(phone.locator("#wave-minute")).to_have_text(f"Minute {minute} of 4")
        chosen = phone.get_by_role("radio", name=name, exact=True)
        chosen.focus()
        phone.keyboard.press("Space")
        expect(chosen).to_be_checked()
        room.served.clock.forward(seconds=60 if minute == 1 else 200)
        room.do("PauseTimer")
        room.do("ResumeTimer")
    expect(phone.get_by_role("img", name="The curve of your wave. It went up")).to_be_visible()
    expect(heading(phone, large_words(Part.URGE_WAVE))).to_be_focused()
    room.do("StopExercise")
    start(room, Part.URGE_WAVE, phone)
    expect(phone.locator("#wave-minute")).to_have_text("Minute 1 of 4")
    expect(phone.get_by_role("radio", checked=True)).to_have_count(0)


def test_a_phone_that_wakes_slowly_breathes_with_the_room(room: Room) -> None:
    phone = room.hand()
    assert phone.evaluate(AFTER_A_LONG_TRIP) < IN_STEP_MS
    # The clock of the phone may be wrong by hours, and no line to the server may come about: the page itself tells.
    phone.route(re.compile(r"/view$|/socket\.io/"), lambda route: route.abort())
    phone.route_web_socket(re.compile(r"/socket\.io/"), lambda _: None)
    phone.reload()
    assert abs(phone.evaluate(SINCE_THE_PAGE)) < LATE_MS


def test_a_style_sheet_that_was_lost_on_the_way_is_asked_for_again(room: Room, windows: Windows) -> None:
    windows.guard.expect("ERR_FAILED")
    phone, wall = room.hand(), room.wall()
    for page in (phone, wall):
        page.route(re.compile(r"/exercises?\.css$"), lambda route: route.abort(), times=1)
    start(room, Part.WEEK_GRID, phone, wall)
    expect(scene(phone).locator(".pile").first).to_have_css("display", "grid")
    expect(scene(wall).locator(".plan-grid").first).to_have_css("border-collapse", "separate")


def test_the_longest_sheets_fit_on_one_page_of_either_paper(windows: Windows, site: Served) -> None:
    words = "A line of words that is about as long as any line of such a list"
    lines = "\n".join(f"- {number} {words}" for number in range(12))
    calls = ("Do (thought record)", "Do (ladder, 12 rungs)", "Do (role-play, one / two / three, 3 rounds of 4 min)")
    text = f"{HEAD}\n## Exercise: Long (54 min)\n\n" + "\n\n".join(f"{call}: Long\n{lines}" for call in calls)
    room = Room(windows, site, f"{text}\n\n## Closing: One word (6 min)\n\nOne word each\n")
    page = windows.laptop(f"/sessions/{room.id}/plan/print?for=group", by="fern")
    page.emulate_media(media="print")
    for width, height in (A4, LETTER):
        page.set_viewport_size({"width": width, "height": height})
        high = page.locator(".paper-sheet").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert len(high) == len(calls) and max(high) <= height
    room.close()


def test_whoever_sits_one_out_has_a_screen_like_all_others_and_comes_back_by_one_tap(room: Room) -> None:
    phone = room.hand()
    shown = []
    for part in (Part.GO_ROUND, Part.PLAN_BUILDER):
        start(room, part, phone)
        button(phone, "Not for me now").tap()
        expect(heading(phone, "A quiet moment")).to_be_focused()
        shown.append(phone.locator("#room").inner_text())
    assert shown[0] == shown[1] and "plan" not in shown[1].lower()
    phone.reload()
    expect(heading(phone, "A quiet moment")).to_be_visible()
    button(phone, "Back to the exercise").tap()
    expect(heading(phone, large_words(Part.PLAN_BUILDER))).to_be_focused()


def test_without_motion_the_breath_is_words_and_a_bar(room: Room, windows: Windows) -> None:
    phone = room.hand(reduced_motion="reduce")
    wall = windows.device(WALL, reduced_motion="reduce").new_page()
    wall.goto(f"/p/{room.session.screen_token}")
    start(room, Part.BREATHING_PACER, phone, wall)
    room.do("PauseTimer")
    for page in (phone, wall):
        expect(page.locator(".pacer-circle")).to_be_hidden()
        expect(page.locator(".pacer-bar i")).to_have_count(4)
        expect(page.locator(".pacer-words")).to_contain_text("Breathe in")
