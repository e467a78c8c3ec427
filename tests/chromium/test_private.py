"""What people make in an exercise: nothing of it leaves their phone, and it goes with their place in the session."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from facilitator.curricula.exercises import SHAPES
from facilitator.curricula.model import Part
from tests.chromium.exercises import scene, start, with_eighteen
from tests.chromium.room import Room, button, heading
from tests.chromium.test_phones import OFFLINE
from tests.chromium.windows import Windows
from tests.eighteen import PRIVATE, large_words
from tests.server import Served

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
    """A session with all eighteen."""
    room = with_eighteen(windows, site)
    yield room
    room.close()


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
    expect(phone.locator("#said")).to_contain_text("The session ends soon, and then this goes from your phone.")
    expect(phone.get_by_label("Write here")).to_have_value(many_lines)
    assert phone.get_by_label("Write here").evaluate(SHOWS_WHOLE)
    other = with_eighteen(windows, site)
    phone.goto(f"/j/{other.code}")
    button(phone, "Join quietly").tap()
    start(other, Part.SILENT_WRITING, phone)
    expect(phone.get_by_label("Write here")).to_have_value("")
    phone.get_by_label("Write here").fill(CANARY)
    assert phone.evaluate("Object.keys(sessionStorage)") == ["exercises"]
    second = phone.context.new_page()
    second.goto(f"/j/{other.code}")
    second.get_by_label("Write here").fill(CANARY)
    phone.bring_to_front()
    button(phone, "Leave").tap()
    expect(phone.get_by_text("You have left on this phone.")).to_be_visible()
    assert phone.evaluate("sessionStorage.length") == 0
    # Another tab is the same phone, and who joins next may find it.
    expect(heading(second, "Join again")).to_be_visible()
    expect(second.locator("#mine")).to_be_hidden()
    assert second.evaluate("sessionStorage.length") == 0
    other.close()
