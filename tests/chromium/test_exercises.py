"""Exercises on the wall and on phones: everybody can do all eighteen, and nothing of what is done leaves a phone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Request, WebSocket, expect

from facilitator.curricula.exercises import SHAPES
from facilitator.curricula.model import Part
from tests.chromium.room import Room, button, heading
from tests.chromium.test_accessibility import NARROW, RULES, SETTLED, everything_fits, tab_to
from tests.chromium.test_phones import OFFLINE
from tests.chromium.windows import PHONE, WALL, Windows
from tests.eighteen import IDS, PARTS, PLAN, PRIVATE, large_words
from tests.server import Served

STAYS = "This stays on your phone. Nobody else can see it, and it is not sent."
THUMB_PX = 56
TOO_SMALL = f"""
scene => [...scene.querySelectorAll("button, select, textarea, summary, .option, .key")]
  .filter((one) => one.checkVisibility() && !one.matches(".button.plain"))
  .filter((one) => one.getBoundingClientRect().height < {THUMB_PX}).map((one) => one.outerHTML)
"""
SHOWS_WHOLE = """
async (field) => {
  const isCut = () => field.scrollHeight > field.clientHeight;
  for (let frame = 0; frame < 60 && isCut(); frame += 1) await new Promise(requestAnimationFrame);
  return !isCut();
}
"""
# Letters of the basic typeface, of the wider one, and of neither: no typeface may be fetched because one was typed.
CANARY = "Zephyrine"
WORDS = f"{CANARY} é ł ツ"
# What a phone looks for by itself, however much or little is done on it; the sign that a browser puts on its tab; and a
# file that is made on the phone.
REGULAR = re.compile(r"/view$|/socket\.io/|/mark\.svg$|^blob:")
HEARTBEATS = {"2", "3"}
HELLO_AND_GOODBYE = {"40/phone", "41/phone"}


@pytest.fixture
def room(windows: Windows, site: Served) -> Iterator[Room]:
    """A session with all eighteen, in its first segment."""
    room = Room(windows, site, PLAN)
    room.do("OpenDoors")
    room.do("Start")
    yield room
    room.close()


def scene(page: Page) -> Locator:
    return page.locator('[data-scene="exercise"]')


def start(room: Room, part: Part, *pages: Page) -> None:
    """Begin this exercise, and wait until all of these show it."""
    room.do("StartExercise", exercise=IDS[part])
    for page in pages:
        expect(heading(scene(page), large_words(part))).to_be_visible()


def step(room: Room, part: Part, number: int) -> None:
    room.do("StepExercise", exercise=IDS[part], step=number)


# -- everybody can do all of them -------------------------------------------------------------------------------------


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


def place(room: Room, phone: Page, wall: Page) -> None:
    phone.get_by_label("morning").first.fill("Run")
    button(phone, "A walk").tap()
    expect(phone.get_by_label("morning").first).to_have_value("Run, A walk")


DONE: dict[Part, Callable[[Room, Page, Page], None]] = {
    Part.PAIRS: pairs,
    Part.BREATHING_PACER: breath,
    Part.GROUNDING_STEPS: ground,
    Part.URGE_WAVE: rate,
    Part.SORT_CARDS: sort,
    Part.SCENARIO_CARDS: choose,
    Part.RANK: rank,
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


# -- what is private stays on the phone -------------------------------------------------------------------------------


# As RFC 8439 has them in section 2.4.2.
SUNSCREEN = (
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
)
SEALED = "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357"
WAVES = [
    ("3 7 5 2", "It rose and fell"),
    ("5 5 4 3", "It went down"),
    ("4 5 4 5", "It stayed level"),
    ("2 3 4 5", "It went up"),
    ("2 6 2 6", "It went up and down"),
    ("6 2 6", "It went up and down"),
    ("0 10", "It went up"),
    ("1 - 6 - 6 3", "It rose and fell"),
    ("7 - - -", None),
    ("- -", None),
]
RUN_MODULES = """
async ([sunscreen, waves]) => {
  const top = document.querySelector("script[src*='phone/phone.js']").src.replace("phone.js", "exercises/");
  const { mixed, seal, unseal } = await import(`${top}seal.js`);
  const { shape } = await import(`${top}wave.js`);
  const key = Uint8Array.from({ length: 32 }, (_, at) => at);
  const nonce = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0x4a, 0, 0, 0, 0]);
  const bytes = mixed(new TextEncoder().encode(sunscreen), key, nonce);
  const seat = "a".repeat(32);
  const once = seal("é ツ", seat);
  return {
    sealed: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    opened: [unseal(once, seat), unseal(once, "b".repeat(32)) === "é ツ", seal("é ツ", seat) === once],
    shapes: waves.map((wave) => shape(wave.split(" ").map((one) => (one === "-" ? null : Number(one))))),
  };
}
"""


def test_words_are_sealed_by_the_standard_and_waves_named_in_the_words_of_the_question(room: Room) -> None:
    found = room.hand().evaluate(RUN_MODULES, [SUNSCREEN, [wave for wave, _ in WAVES]])
    assert found["sealed"].startswith(SEALED)
    assert found["opened"] == ["é ツ", False, False]
    assert found["shapes"] == [words for _, words in WAVES]
    assert {words for _, words in WAVES} - {None} < set(SHAPES)


class Wire:
    """Everything that one page sends and is sent, from its first request on."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.frames_out: list[str] = []
        self.frames_in: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", self._opened)

    def everything(self) -> str:
        """All of it, to be searched."""
        return "\n".join([*self.asked, *self.frames_out, *self.frames_in])

    def irregular(self) -> Counter[str]:
        """What it asked for, without what every phone asks again and again by itself."""
        return Counter(one for one in self.asked if not REGULAR.search(one.split()[1]))

    def _asked(self, asked: Request) -> None:
        self.asked.append(f"{asked.method} {asked.url} {asked.headers} {asked.post_data}")

    def _opened(self, line: WebSocket) -> None:
        line.on("framesent", lambda frame: self.frames_out.append(str(frame)))
        line.on("framereceived", lambda frame: self.frames_in.append(str(frame)))


def recorded(room: Room) -> tuple[Page, Wire]:
    """A phone that is in, and everything on its wire."""
    phone = room.windows.phone("about:blank")
    wire = Wire(phone)
    phone.goto(f"/j/{room.code}")
    button(phone, "Join quietly").tap()
    expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    return phone, wire


def write(phone: Page) -> None:
    """Something in every place there is, key by key in the first one."""
    closed = scene(phone).locator("details:not([open]) summary")
    while closed.count():
        closed.first.tap()
    for number, field in enumerate(scene(phone).locator("textarea").all()):
        if number == 0:
            field.tap()
            phone.keyboard.type(f"{WORDS} 0")
        else:
            field.fill(f"{WORDS} {number}")
    for choice in scene(phone).locator("select").all():
        choice.select_option("7")


def saved(phone: Page, folder: Path) -> str:
    with phone.expect_download() as file:
        phone.locator("#mine").get_by_role("button", name="Save").tap()
    assert file.value.suggested_filename == "notes.txt"
    file.value.save_as(folder / "notes.txt")
    return (folder / "notes.txt").read_text()


def printed(phone: Page) -> str:
    """What comes onto paper."""
    phone.locator("#mine").get_by_role("button", name="Print").tap()
    paper = phone.locator("#paper")
    expect(paper).to_be_hidden()
    phone.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(phone.locator("#room")).to_be_hidden()
    words = paper.inner_text()
    phone.emulate_media(media="screen")
    return words


def test_nothing_private_leaves_the_phone(room: Room, site: Served, windows: Windows, tmp_path: Path) -> None:
    windows.guard.expect(*OFFLINE, "status of 403", "status of 410")
    writer, wire = recorded(room)
    idle, silence = recorded(room)
    for part in PRIVATE:
        start(room, part, writer, idle)
        write(writer)
        expect(scene(writer).locator("textarea").last).to_have_value(re.compile(CANARY))
        expect(writer.get_by_text("Read it")).to_be_visible(visible=part is not PRIVATE[0])
    fields = scene(writer).locator("textarea")
    kept = fields.count() - 1
    for command, shown in (("Blank", "A pause"), ("Unblank", large_words(Part.PLAN_BUILDER))):
        room.do(command)
        for phone in (writer, idle):
            expect(heading(phone, shown)).to_be_visible()
    for phone in (writer, idle):
        phone.reload()
        expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    expect(fields.last).to_have_value(f"{WORDS} {kept}")
    for phone in (writer, idle):
        phone.context.set_offline(True)
        expect(phone.get_by_text("Not connected")).to_be_visible()
    fields.first.fill(f"{WORDS} in a tunnel")
    for phone in (writer, idle):
        phone.context.set_offline(False)
        expect(phone.get_by_text("Connected", exact=True)).to_be_visible()
    assert f"{WORDS} in a tunnel" in saved(writer, tmp_path)
    assert printed(writer).count(CANARY) > len(PRIVATE)
    start(room, Part.PAIRS, writer, idle)
    expect(idle.get_by_text("Read it")).to_be_hidden()
    writer.get_by_text("Read it").tap()
    expect(writer.locator("#mine")).to_contain_text(f"{WORDS} in a tunnel")
    room.do("EnterSegment", segment=6)
    for phone in (writer, idle):
        expect(heading(phone, "You are in")).to_be_visible()
    expect(heading(writer, "Yours, until the session ends")).to_be_visible()
    assert CANARY not in writer.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    room.do("End")
    for phone in (writer, idle):
        expect(heading(phone, "This session has ended")).to_be_visible()
    expect(heading(writer, "One last time: yours")).to_be_visible()
    text = saved(writer, tmp_path)
    assert all(large_words(part) in text for part in PRIVATE) and text.count(CANARY) > len(PRIVATE)
    assert writer.evaluate("sessionStorage.length") == 0
    writer.goto("/time")
    writer.go_back()
    expect(writer.get_by_text(CANARY)).to_have_count(0)
    idle.goto("/time")
    idle.go_back()

    assert CANARY not in wire.everything()
    assert wire.irregular() == silence.irregular()
    assert {frame.split(",")[0] for frame in wire.frames_out} - HEARTBEATS == HELLO_AND_GOODBYE
    assert CANARY.encode() not in site.database_file.read_bytes()


def test_what_was_written_goes_with_the_place_in_the_session(room: Room, site: Served, windows: Windows) -> None:
    phone = room.hand()
    start(room, Part.SILENT_WRITING, phone)
    many_lines = CANARY + "\n" * 12
    phone.get_by_label("Write here").fill(many_lines)
    # Of sixty minutes: from here on it is time to say what will become of it.
    site.clock.forward(minutes=56)
    phone.reload()
    expect(heading(phone, "Yours, until the session ends")).to_be_visible()
    expect(phone.get_by_label("Write here")).to_have_value(many_lines)
    assert phone.get_by_label("Write here").evaluate(SHOWS_WHOLE)
    other = Room(windows, site, PLAN)
    for command in ("OpenDoors", "Start"):
        other.do(command)
    phone.goto(f"/j/{other.code}")
    button(phone, "Join quietly").tap()
    start(other, Part.SILENT_WRITING, phone)
    expect(phone.get_by_label("Write here")).to_have_value("")
    phone.get_by_label("Write here").fill(CANARY)
    assert phone.evaluate("Object.keys(sessionStorage)") == ["exercises"]
    button(phone, "Leave").tap()
    expect(phone.get_by_text("You have left on this phone.")).to_be_visible()
    assert phone.evaluate("sessionStorage.length") == 0
    other.close()
