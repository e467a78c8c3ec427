"""A whole session in three kinds of windows at once: the console, the screen on the wall, and four phones."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from facilitator.pages import qr
from facilitator.realtime.codes import shown
from tests.chromium.room import Room, answer, button, heading, sign_in
from tests.chromium.windows import PHONE, WALL, Windows
from tests.conftest import PASSWORD
from tests.evening import HELPS, MOOD

# A phone that hears nothing for a while after the end asks once more.
ASKS_ONCE_MORE = "status of 410"
ANSWERS = {
    "Right now my mood is": "10",
    "Home practice since last time": "I did some",
    "What helps me most": "A call",
}


def test_an_evening_from_sign_in_to_the_second_signature(room: Room, windows: Windows) -> None:
    windows.guard.expect(ASKS_ONCE_MORE)
    console = windows.laptop("/sign-in")
    sign_in(console, "fern@clinic.example", PASSWORD)
    expect(heading(console, "Good evening, Fern")).to_be_visible()
    console.locator(f"a[href='{room.console_path}']").click()
    wall = doors_open(room, console)
    phones = phones_come_in(room, wall)
    attendance_is_marked(console)
    session_runs(console, wall, phones)
    tally_is_shown(console, wall, phones)
    too_few_answer(console, wall, phones)
    somebody_asks_to_talk(console, wall, phones)
    session_ends(console, wall, phones)
    facilitator_settles_and_signs(console)
    supervisor_returns_and_facilitator_signs_again(room, console)


def doors_open(room: Room, console: Page) -> Page:
    button(console, "Open doors").click()
    expect(button(console, "Start: Arrive and settle")).to_be_visible()
    with console.expect_popup() as popup:
        console.get_by_role("link", name="Open projector").click()
    wall = popup.value
    wall.set_viewport_size({"width": WALL[0], "height": WALL[1]})
    expect(wall.get_by_role("listitem").filter(has_text=shown(room.code))).to_be_visible()
    return wall


def phones_come_in(room: Room, wall: Page) -> list[Page]:
    code, picture = shown(room.code), wall.get_by_alt_text("QR code that opens the join page")
    drawn = wall.request.get(str(picture.get_attribute("src")))
    assert drawn.body() == qr.picture(qr.join_url(room.served.url, code)).data
    phones = [room.hand() for _ in range(3)]
    typing = room.windows.phone("/")
    typing.get_by_label("Code on the screen").fill(code.lower())
    button(typing, "Join quietly").tap()
    for phone in (*phones, typing):
        expect(heading(phone, "You are in")).to_be_visible()
    return [*phones, typing]


def attendance_is_marked(console: Page) -> None:
    people = console.get_by_role("region", name="Attendance")
    expect(console.get_by_text("4 phones connected")).to_be_visible()
    expect(console.get_by_text("More phones than people")).to_be_visible()
    for name in ("Kit", "Lee", "Noa", "Robin"):
        button(people, f"Mark {name} here").click()
        expect(people.get_by_label(f"{name}: Here 6:")).to_be_visible()
    expect(people.get_by_text("4 of 6 here")).to_be_visible()
    expect(console.get_by_text("More phones than people")).to_be_hidden()
    button(console, "Undo").click()
    expect(button(people, "Mark Robin here")).to_be_visible()
    people.get_by_label("Other marks for Robin").click()
    button(people, "Late").filter(visible=True).click()
    expect(people.get_by_label("Robin: Late 6:")).to_be_visible()


def session_runs(console: Page, wall: Page, phones: list[Page]) -> None:
    button(console, "Start").click()
    expect(heading(wall, "Arrive and settle")).to_be_visible()
    note(console, "A quiet start.")
    button(console, "Next: Check-in").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    for phone in phones:
        expect(phone.get_by_text("How I am arriving")).to_be_visible()


def note(console: Page, words: str) -> None:
    field = console.get_by_role("textbox", name="Private note")
    field.fill(words)
    field.press("Enter")
    expect(console.get_by_role("list", name="Last notes")).to_contain_text(words)
    expect(field).to_have_value("")


def tally_is_shown(console: Page, wall: Page, phones: list[Page]) -> None:
    button(console, "Open on phones").click()
    expect(wall.get_by_text("On your phone now")).to_be_visible()
    for phone, number in zip(phones, ("1", "2", "0", "9"), strict=True):
        expect(heading(phone, "Right now my mood is")).to_be_visible()
        expect(phone.get_by_text("Shown only once 4 have answered.")).to_be_visible()
        answer(phone, number)
        expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    expect(console.get_by_text("Everyone has answered")).to_be_visible()
    button(console, "Close").click()
    expect(console.get_by_text("Counted. Ready to show.")).to_be_visible()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    button(console, "Show on screen").click()
    for window in (wall, *phones):
        bands = window.get_by_role("listitem").filter(visible=True)
        expect(bands).to_have_count(3)
        expect(bands.first).to_contain_text("most or all")
        expect(bands.last).to_contain_text("few or none")
    button(console, "Take off screen").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    expect(heading(phones[0], "You are in")).to_be_visible()


def too_few_answer(console: Page, wall: Page, phones: list[Page]) -> None:
    """Three answer and one skips, of four who would have to answer."""
    button(console, "Open the next").click()
    for phone, choice in zip(phones[:3], ("I did it", "I did some", "Not this time"), strict=True):
        answer(phone, choice)
        expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    button(phones[3], "Skip this one").tap()
    expect(heading(phones[3], "You skipped this one")).to_be_visible()
    button(console, "Close").click()
    expect(console.get_by_text("Too few answers, so nothing is shown.")).to_be_visible()
    button(console, "Show on screen").click()
    for window in (wall, *phones):
        expect(window.get_by_text("Too few answers to show, so that nobody is picked out.")).to_be_visible()
        expect(window.get_by_text("That is fine. We can simply talk.")).to_be_visible()
        expect(window.get_by_text("about half")).to_have_count(0)


def somebody_asks_to_talk(console: Page, wall: Page, phones: list[Page]) -> None:
    phones[1].get_by_role("link", name="I need to talk to someone").tap()
    phones[1].get_by_label("What should Fern call you?").fill("Sam by the door")
    button(phones[1], "Ask Fern to find me").tap()
    expect(phones[1].get_by_text("Fern can see your name now,")).to_be_visible()
    phones[1].get_by_role("link", name="Back to the group").tap()
    request = console.get_by_role("region", name="People who ask to talk")
    expect(request).to_contain_text("Sam by the door asks to talk")
    expect(wall.get_by_text("Sam")).to_have_count(0)
    request.get_by_text("Open", exact=True).click()
    button(request, "Talked now").click()
    expect(request).to_contain_text("1 handled")


def session_ends(console: Page, wall: Page, phones: list[Page]) -> None:
    console.get_by_text("End session").first.click()
    dialog = console.get_by_role("dialog", name="End this session?")
    expect(dialog).to_contain_text("2 people have no mark yet; you can give it afterwards.")
    dialog.get_by_text("Keep going").click()
    expect(dialog).to_be_hidden()
    console.get_by_text("End session").first.click()
    button(dialog, "End session").click()
    expect(heading(console, "This session has ended")).to_be_visible()
    expect(wall.get_by_text("Thank you for being here")).to_be_visible()
    for phone in phones:
        expect(heading(phone, "This session has ended")).to_be_visible()


def facilitator_settles_and_signs(console: Page) -> None:
    console.get_by_role("link", name="See what happened, and write the note").click()
    settle = console.get_by_role("region", name="to settle")
    for name in ("Sasha", "Uma"):
        button(settle, f"Absent: {name}").click()
        expect(settle.get_by_text(name, exact=True)).to_have_count(0)
    for title in ("Ride one small wave", "One word"):
        button(settle, f"To end on time: {title}").click()
        expect(settle.get_by_text(title, exact=True)).to_have_count(0)
    console.get_by_role("link", name="Write the group note").click()
    expect(console.get_by_label("How the group responded")).to_have_value("A quiet start.")
    console.get_by_label("None beyond the staff request").check()
    sign(console)


def sign(page: Page) -> None:
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    button(page, "Sign the note").click()
    expect(page.get_by_text("Signed, to co-sign")).to_be_visible()


def supervisor_returns_and_facilitator_signs_again(room: Room, console: Page) -> None:
    desk = room.windows.laptop("/review", by="sol")
    desk.locator(f"a[href='/review/{room.id}']").first.click()
    expect(desk.get_by_text("Everybody has an attendance mark")).to_be_visible()
    desk.get_by_label("Comment (needed to return)").fill("Please say how the wave went.")
    button(desk, "Return to Fern").click()
    expect(desk.get_by_text("Returned", exact=True).first).to_be_visible()

    console.goto("/sessions")
    console.locator(f"a[href='/sessions/{room.id}/note']").click()
    expect(console.get_by_text("Please say how the wave went.").first).to_be_visible()
    console.get_by_label("How the group responded").fill("A quiet start. The wave was not reached.")
    sign(console)

    desk.goto(f"/review/{room.id}")
    desk.get_by_label("Your password, to co-sign", exact=True).fill(PASSWORD)
    button(desk, "Co-sign and lock").click()
    expect(desk.get_by_text("Co-signed and locked").first).to_be_visible()
    expect(desk.get_by_text("The wave was not reached.").first).to_be_visible()


def test_every_verb_by_its_button(room: Room) -> None:
    console, wall = live(room)
    timer = console.get_by_role("timer")
    expect(timer).to_have_text(re.compile("^(10:00|09:)"))
    button(console, "One minute more").click()
    expect(timer).to_have_text(re.compile("^10:"))
    button(console, "Five minutes more").click()
    expect(timer).to_have_text(re.compile("^15:"))
    button(console, "One minute less").click()
    expect(timer).to_have_text(re.compile("^14:"))
    button(console, "Pause").click()
    expect(wall.get_by_text("Paused")).to_be_visible()
    button(console, "Resume").click()
    expect(wall.get_by_text("Paused")).to_be_hidden()
    button(console, "Next: Check-in, 20 min").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    button(console, "Go here: One word").click()
    expect(heading(wall, "One word")).to_be_visible()
    expect(button(console, "This is the last segment")).to_be_disabled()
    button(console, "Undo").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    button(console, "Back").click()
    expect(heading(wall, "Arrive and settle")).to_be_visible()
    button(console, "Show join").click()
    expect(heading(wall, "Join on your phone")).to_be_visible()
    button(console, "Hide join").click()
    expect(heading(wall, "Join on your phone")).to_be_hidden()


def test_every_verb_by_its_key(room: Room) -> None:
    console, wall = live(room)
    timer, segment = console.get_by_role("timer"), console.get_by_role("heading", level=2).first

    def press(key: str) -> None:
        console.keyboard.press(key)
        # A key that comes again within a moment counts as the bouncing of a remote.
        console.clock.fast_forward(500)

    press("ArrowRight")
    expect(segment).to_have_text("How I am arriving")
    press("Space")
    expect(console.get_by_text("paused, of 20 min")).to_be_visible()
    press("Space")
    expect(console.get_by_text("left of 20 min")).to_be_visible()
    press("+")
    expect(timer).to_have_text(re.compile("^20:"))
    press("Shift++")
    expect(timer).to_have_text(re.compile("^25:"))
    press("-")
    expect(timer).to_have_text(re.compile("^24:"))
    press("Control+z")
    expect(timer).to_have_text(re.compile("^25:"))
    press("ArrowLeft")
    expect(segment).to_have_text("Arrive and settle")
    press("ArrowRight")
    expect(segment).to_have_text("How I am arriving")
    press("PageUp")
    expect(segment).to_have_text("Arrive and settle")
    press("PageDown")
    expect(segment).to_have_text("How I am arriving")
    press("c")
    expect(heading(wall, "Right now my mood is")).to_be_visible()
    press("c")
    expect(console.get_by_text("Too few answers, so nothing is shown.")).to_be_visible()
    press("r")
    expect(wall.get_by_text("Too few answers to show")).to_be_visible()
    press("r")
    expect(heading(wall, "How I am arriving")).to_be_visible()
    for on_and_off in ("b", "."):
        press(on_and_off)
        expect(wall.get_by_text("Back in a moment")).to_be_visible()
        press(on_and_off)
        expect(heading(wall, "How I am arriving")).to_be_visible()
    press("j")
    expect(heading(wall, "Join on your phone")).to_be_visible()
    press("j")
    expect(heading(wall, "How I am arriving")).to_be_visible()
    press("?")
    expect(console.get_by_role("dialog", name="Keys")).to_be_visible()
    press("ArrowRight")
    press("Escape")
    expect(console.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(segment).to_have_text("How I am arriving")


def test_keys_rest_while_somebody_types(room: Room) -> None:
    console, wall = live(room)
    field = console.get_by_role("textbox", name="Private note")
    console.keyboard.press("n")
    expect(field).to_be_focused()
    console.keyboard.type("bj c? + r. ")
    console.keyboard.press("Shift+Enter")
    console.keyboard.press("ArrowRight")
    console.keyboard.type("next")
    expect(field).to_have_value("bj c? + r. \nnext")
    console.keyboard.press("Enter")
    expect(console.get_by_role("list", name="Last notes")).to_contain_text("bj c? + r.")
    before = room.view()
    assert (before["segment"], before["blank"], before["check_in"], before["join_shown"]) == (0, False, None, False)
    console.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    console.keyboard.press("b")
    expect(wall.get_by_text("Back in a moment")).to_be_visible()


def test_answers_of_each_kind_are_chosen_changed_and_skipped(room: Room) -> None:
    console, _ = live(room, segment=1)
    phone = room.hand()
    for prompt, choice in ANSWERS.items():
        console.get_by_role("combobox", name="Check-in").select_option(label=prompt)
        button(console, "Open on phones").click()
        expect(heading(phone, prompt)).to_be_visible()
        button(phone, "Send").tap()
        expect(phone.get_by_text("Choose an answer first, or skip this one.")).to_be_visible()
        answer(phone, choice)
        expect(heading(phone, "Your answer is in, mixed with the group's")).to_be_visible()
        button(console, "Close").click()
        expect(heading(phone, "You are in")).to_be_visible()


def test_at_most_two_are_taken_of_several(room: Room) -> None:
    live(room, segment=1)
    phone = room.hand()
    room.do("OpenCheckIn", prompt=HELPS)
    answer(phone, "A walk", "A call", "Sleep")
    expect(phone.get_by_text("Choose at most 2.")).to_be_visible()
    answer(phone, "A walk")
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Change my answer").tap()
    expect(phone.get_by_role("checkbox", checked=True)).to_have_count(0)
    button(phone, "Keep the answer I gave").tap()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Change my answer").tap()
    button(phone, "Skip this one").tap()
    expect(heading(phone, "You skipped this one")).to_be_visible()


def test_a_question_is_asked_aloud_when_too_few_phones_are_here(room: Room) -> None:
    console, wall = live(room, segment=1)
    phone = room.hand()
    console.get_by_role("combobox", name="Check-in").select_option(label="Strongest craving today")
    expect(console.get_by_text("Sensitive: shown only with 7 answers or more")).to_contain_text("1 phone is here.")
    button(console, "Open on phones").click()
    expect(phone.get_by_text("Too few phones are here, so nothing will be shown to anyone.")).to_be_visible()
    button(console, "Close").click()
    button(console, "Ask aloud").click()
    expect(heading(wall, "Strongest craving today")).to_be_visible()
    expect(wall.get_by_text("Say it out loud, keep it to yourself, or pass.")).to_be_visible()
    expect(heading(phone, "You are in")).to_be_visible()
    expect(console.get_by_text("Keep your number to yourself.")).to_be_visible()
    button(console, "Take off screen").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()


def test_screens_go_calm_and_come_back_to_the_same_place(room: Room) -> None:
    console, wall = live(room, segment=1)
    phone = room.hand()
    room.do("OpenCheckIn", prompt=MOOD)
    answer(phone, "3")
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    button(console, "Blank").click()
    expect(wall.get_by_text("Back in a moment")).to_be_visible()
    expect(heading(phone, "A pause")).to_be_visible()
    expect(console.get_by_text("paused while blank")).to_be_visible()
    for hidden in ("How I am arriving", "Right now my mood is", shown(room.code)):
        expect(wall.get_by_text(hidden).filter(visible=True)).to_have_count(0)
    standing = console.get_by_role("timer").inner_text()
    console.clock.fast_forward(60_000)
    expect(console.get_by_role("timer")).to_have_text(standing)
    button(console, "Unblank").click()
    expect(heading(wall, "Right now my mood is")).to_be_visible()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    expect(console.get_by_text("left of 20 min")).to_be_visible()


def test_new_phones_wait_at_a_locked_door(room: Room) -> None:
    console, _ = live(room)
    button(console, "Lock the door").click()
    expect(console.get_by_text("Locked. Nobody waits.")).to_be_visible()
    late = room.windows.phone(f"/j/{room.code}")
    button(late, "Join quietly").tap()
    expect(heading(late, "The door is closed just now")).to_be_visible()
    expect(late.get_by_text("This phone knocks again by itself.")).to_be_visible()
    expect(late.get_by_text("Knock again now and then.")).to_be_hidden()
    expect(console.get_by_text("1 phone waiting at the door")).to_be_visible()
    console.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    button(console, "Screen 1 waiting at the door").click()
    button(console, "Let one in").click()
    expect(heading(late, "You are in")).to_be_visible()


def test_the_console_is_a_remote_on_a_phone(room: Room) -> None:
    room.do("OpenDoors")
    remote, wall = room.console_window(size=PHONE), room.wall()
    button(remote, "Start").click()
    button(remote, "Next: Check-in").click()
    expect(heading(wall, "How I am arriving")).to_be_visible()
    parts = remote.get_by_role("navigation", name="Parts of the console")
    button(parts, "People").click()
    button(remote, "Mark Kit here").click()
    expect(remote.get_by_label("Kit: Here 6:")).to_be_visible()
    button(parts, "Screen").click()
    button(remote, "Blank").click()
    expect(wall.get_by_text("Back in a moment")).to_be_visible()
    button(parts, "Now").click()
    button(remote, "Bring them back").click()
    expect(wall.get_by_text("Back in a moment")).to_be_hidden()
    button(parts, "Note").click()
    note(remote, "From the back row.")
    expect(button(remote, "Next: Exercise")).to_be_in_viewport()


def live(room: Room, segment: int = 0) -> tuple[Page, Page]:
    """The console and the wall of a session that has begun."""
    room.do("OpenDoors")
    room.do("Start")
    if segment:
        room.do("EnterSegment", segment=segment)
    console = room.windows.device(by="fern").new_page()
    console.clock.install()
    console.goto(room.console_path)
    return console, room.wall(beside=console)
