"""The participant's phone, page by page: following, answering without a script, and always a way to a person."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator import create_app
from facilitator.realtime import commands as c
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from tests.conftest import Clinic, SettableClock
from tests.room import CRAVING, HELPS, MOOD, PRACTICE, Phone, Room, shown_heading

PROMISE = (
    "Your answer is mixed with the group's. Staff and the app cannot see who gave which answer. "
    "In a small group someone might still guess. Do not use this to ask for help: nobody can tell it was you."
)
TALK = "I need to talk"
FIRST_LOAD = 60_000
# What the server itself adds to every answer.
STATUS_LINE = "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 18:00:00 GMT\r\nConnection: keep-alive\r\n"


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    return Room(app, clinic)


@pytest.fixture
def phone(room: Room) -> Phone:
    return Phone(room)


# -- the room --------------------------------------------------------------------------------------------------------


def test_the_room_follows_the_session(room: Room, phone: Phone) -> None:
    room.do(c.OpenDoors())
    phone.join()
    assert "We start soon." in phone.get().text
    room.do(c.Start())
    assert "Arrive and settle" in phone.get().text
    room.do(c.Blank())
    assert phone.heading() == "A pause" and "Arrive and settle" not in phone.get().text
    room.do(c.Unblank())
    assert phone.heading() == "You are in"


def test_a_scale_is_eleven_keys_with_words_at_both_ends(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    page = phone.join().get().text
    form = page[: page.index("<template")]
    assert re.findall(r'type="radio" name="value" value="(\d+)"', form) == [str(number) for number in range(11)]
    assert "very low" in form and "very good" in form


@pytest.mark.parametrize(("prompt", "kind"), [(PRACTICE, "radio"), (HELPS, "checkbox")])
def test_choices_are_rows_of_real_form_controls(room: Room, phone: Phone, prompt: str, kind: str) -> None:
    room.go_live().ask(prompt)
    page = phone.join().get().text
    form = page[: page.index("<template")]
    assert re.findall(rf'type="{kind}" name="value" value="(\d+)"', form) == ["0", "1", "2"]


def test_skip_is_as_large_as_send(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    page = phone.join().get().text
    send, skip = re.findall(r'<button class="button (?:primary|outline)"[^>]*>(Send|Skip this one)</button>', page)
    assert (send, skip) == ("Send", "Skip this one")


def test_before_answering_the_phone_says_who_will_see_what(room: Room, phone: Phone) -> None:
    room.go_live().ask(CRAVING)
    page = phone.join().get().text
    assert PROMISE in page
    assert 'Shown only once <span data-slot="floor">7</span> have answered.' in page


def test_too_few_phones_are_told_before_answering(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    page = phone.join().get().text
    assert '<b data-part="few">Too few phones are here, so nothing will be shown to anyone.' in page
    room.hub.phones_changed(room.session.id, lambda: {str(phone) for phone in range(5)})
    assert '<b data-part="few" hidden>' in phone.get().text


def test_a_phone_without_scripts_is_here_as_long_as_it_asks(room: Room, phone: Phone, clock: SettableClock) -> None:
    room.go_live()
    phone.join()
    assert room.hub.console_view(room.session.id)["phones"] == 1
    clock.forward(minutes=1)
    phone.get()
    clock.forward(minutes=1)
    assert room.hub.console_view(room.session.id)["phones"] == 1
    clock.forward(minutes=1)
    assert room.hub.console_view(room.session.id)["phones"] == 0


@pytest.mark.parametrize(
    ("prompt", "value"), [(MOOD, "7"), (PRACTICE, "1"), (HELPS, ["0", "2"]), (HELPS, "1")], ids=str
)
def test_a_plain_form_answers(room: Room, phone: Phone, prompt: str, value: object) -> None:
    check_in = room.go_live().ask(prompt)
    sent = phone.join().answer(check_in=check_in, value=value)
    assert sent.status_code == 303 and sent.location == room.path
    assert phone.heading() == "Your answer is in, mixed with the group's"


def test_an_answer_is_hidden_on_the_phone_too_and_can_be_changed(room: Room, phone: Phone) -> None:
    check_in = room.go_live().ask(MOOD)
    phone.join().answer(check_in=check_in, value="3")
    change = f"?change={check_in}"
    assert change in phone.get().text
    form = phone.get(change).text
    assert shown_heading(form) == "Right now my mood is" and "checked" not in form
    assert phone.answer(check_in=check_in, value="9").status_code == 303
    for _ in range(4):
        Phone(room).join().answer(check_in=check_in, value="9")
    room.do(c.CloseCheckIn(check_in), c.ShowTally(check_in))
    assert re.findall(r'<span class="band-word">([^<]+)<', phone.get().text)[:3] == [
        "few or none",
        "few or none",
        "most or all",
    ]


def test_skipping_is_said_to_be_fine(room: Room, phone: Phone) -> None:
    check_in = room.go_live().ask(MOOD)
    sent = phone.join().answer(check_in=check_in, skip="1")
    assert shown_heading(phone.browser.get(sent.location).text) == "You skipped this one"


def test_sending_nothing_asks_for_an_answer(room: Room, phone: Phone) -> None:
    check_in = room.go_live().ask(MOOD)
    sent = phone.join().answer(check_in=check_in)
    assert sent.status_code == 422 and "Choose an answer first, or skip this one." in sent.text
    assert shown_heading(sent.text) == "Right now my mood is"


def test_an_answer_that_comes_too_late_is_told_so(room: Room, phone: Phone) -> None:
    check_in = room.go_live().ask(MOOD)
    phone.join()
    room.do(c.CloseCheckIn(check_in))
    sent = phone.answer(check_in=check_in, value="3")
    assert sent.status_code == 409 and "This check-in is closed." in sent.text


def test_below_the_floor_the_phone_says_why_nothing_is_shown(room: Room, phone: Phone) -> None:
    room.go_live().tally(MOOD, ["3", "4"])
    page = phone.join().get().text
    assert "Too few answers to show" in page and "That is fine. We can simply talk." in page


# -- the way to a person ---------------------------------------------------------------------------------------------


def test_asking_for_staff_is_by_name_and_says_that_it_is_not_anonymous(room: Room, phone: Phone) -> None:
    room.go_live()
    page = phone.join().get("/help").text
    assert "This is not anonymous." in page and "Ask Fern quietly" in page
    asked = phone.post("ask-for-staff", name="Robin by the window")
    assert asked.status_code == 303 and "Fern can see your name now" in phone.browser.get(asked.location).text
    (request,) = room.hub.console_view(room.session.id)["requests"]
    assert request["name"] == "Robin by the window" and (phone.seat or "") not in str(request)


@pytest.mark.parametrize("name", ["", "   "], ids=repr)
def test_a_name_may_be_left_out_and_the_phone_says_what_staff_then_know(room: Room, phone: Phone, name: str) -> None:
    room.go_live()
    page = phone.join().get("/help").text
    assert "Or leave it empty: then staff know that somebody asked, but not who" in page
    assert "a supervisor sees it too" in page
    asked = phone.post("ask-for-staff", name=name)
    assert asked.status_code == 303
    told = phone.browser.get(asked.location).text
    assert '<span id="told-name" hidden>' in told and "but not who it is" in told
    (request,) = room.hub.console_view(room.session.id)["requests"]
    assert request["name"] == ""


@pytest.mark.parametrize("name", ["x" * 81, "\x00", "‮evil"], ids=repr)
def test_a_name_that_cannot_be_read_is_told_beside_the_field(room: Room, phone: Phone, name: str) -> None:
    room.go_live()
    asked = phone.join().post("ask-for-staff", name=name)
    assert asked.status_code == 422 and 'id="name-mistake" role="alert">' in asked.text
    assert room.hub.console_view(room.session.id)["requests"] == []


def test_without_a_seat_the_way_to_a_person_is_the_room_and_the_crisis_line(room: Room, phone: Phone) -> None:
    for page in ("/help", f"{room.path}/help", "/j/KKKKKK/help"):
        text = phone.browser.get(page).text
        assert "Tell any staff in the room" in text and 'href="tel:988"' in text and 'href="sms:988"' in text


def test_every_page_leads_to_a_person_and_to_the_crisis_line(room: Room, phone: Phone) -> None:
    room.go_live()
    pages = ["/", "/private", "/j/KKKKKK", "/j/KKKKKK/nowhere", room.path]
    phones = [phone.browser.get(page).text for page in pages]
    phones += [phone.join().get().text, phone.get("/help").text, phone.post("answer", headers={}).text]
    room.do(c.Lock())
    waiting = Phone(room).join()
    phones.append(waiting.get().text)
    room.do(c.End())
    phones.append(phone.get().text)
    for text in phones:
        assert TALK in text and 'href="tel:988"' in text and 'href="sms:988"' in text


def test_the_crisis_line_is_a_setting(settings: Settings, db: Database, clinic: Clinic) -> None:
    room = Room(create_app(replace(settings, crisis_line="+44 116 123", emergency_line="999"), clinic.clock), clinic)
    text = room.show("/help").text
    assert 'href="tel:+44116123"' in text and "Call +44 116 123" in text and 'href="tel:999"' in text
    assert "988" not in text


def test_how_private_it_is_can_be_read_anywhere(room: Room, phone: Phone) -> None:
    text = phone.browser.get("/private").text
    assert PROMISE in text and "completely anonymous" not in text.lower()


# -- what every page keeps to ----------------------------------------------------------------------------------------


def test_titles_say_nothing_and_nothing_stays_in_the_browser(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    for page in (phone.browser.get("/"), phone.get(), phone.join().get(), phone.get("/help")):
        assert "<title>Group</title>" in page.text
        assert page.headers["Cache-Control"] == "no-store"


# What a history may not name: what the group is, what it is about, who is in it.
TELLING = re.compile(r"therap|craving|mood|clinic|patient|recover|addict|mental|session|tuesday|arriv|practice", re.I)


def test_no_title_and_no_address_of_a_phone_tells_what_the_group_is(room: Room, phone: Phone, app: Flask) -> None:
    check_in = room.go_live().ask(MOOD)
    answers = [phone.browser.get("/"), phone.join().get(), phone.post("answer", check_in=check_in)]
    answers += [phone.get(page) for page in ("/help", "/nowhere")] + [phone.browser.get("/private")]
    answers += [phone.post("answer", check_in=check_in, skip="1"), phone.post("ask-for-staff", name="Sam")]
    room.do(c.HandleRequest(next(iter(room.hub.live(room.session.id).requests)), "We talked"), c.End())
    answers += [phone.get(), phone.post("forget")]
    for answer in answers:
        assert not TELLING.search(answer.location or answer.request.path)
        assert answer.location or "<title>Group</title>" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    addresses = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("phone.")]
    assert addresses and not any(TELLING.search(address) for address in addresses)


def test_no_field_of_a_phone_is_filled_in_again_by_the_browser(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    for page in (phone.get().text, phone.join().get().text, phone.get("/help").text):
        for form in re.findall(r"<form[^>]*>(?=(?:(?!</form>).)*<(?:input|textarea))", page, re.DOTALL):
            assert 'autocomplete="off"' in form, form


def test_forgetting_asks_the_browser_to_clear_what_it_kept(room: Room, phone: Phone) -> None:
    room.go_live()
    assert phone.join().seat
    gone = phone.post("forget")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"' and phone.seat is None
    assert room.hub.session_of_seat(phone.seat or "") is None
    assert "Clear-Site-Data" not in phone.join().post("leave").headers


def test_quick_leave_is_on_every_page_and_leads_to_the_time(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    for page in (phone.get("/help"), phone.browser.get("/"), phone.browser.get("/private"), phone.join().get()):
        assert 'data-quick href="/time" rel="noreferrer"' in page.text
    there = phone.browser.get("/time")
    assert "<title>Time</title>" in there.text and "6:00 pm" in there.text
    assert not re.search("group|988|staff|shared/|href=\"/(?!static)", there.text, re.I)


def test_the_clinic_chooses_where_quick_leave_goes(settings: Settings, db: Database, clinic: Clinic) -> None:
    room = Room(create_app(replace(settings, quick_leave="https://weather.example.org/today"), clinic.clock), clinic)
    assert 'data-quick href="https://weather.example.org/today" rel="noreferrer"' in room.show("/").text


def test_without_scripts_the_page_renews_itself_but_never_under_an_answer(room: Room, phone: Phone) -> None:
    room.go_live()
    renews = '<noscript><meta http-equiv="refresh"'
    assert renews in phone.join().get().text
    room.ask(MOOD)
    page = phone.get().text
    assert renews not in page and ">Refresh</a>" in page


def test_the_first_load_of_the_room_is_less_than_60_kb(room: Room, phone: Phone) -> None:
    room.go_live().ask(MOOD)
    page = phone.join().get().text
    weights: dict[str, int] = {}
    waiting = [room.path, *re.findall(r'(?:href|src)="(/static/[^"#]+)', page)]
    while waiting:
        address = waiting.pop()
        if address not in weights:
            weights[address], text = fetched(phone.browser, address)
            waiting += [urljoin(address, link) for link in links_in(text, page)]
    kinds = {address.rsplit(".", 1)[-1] for address in weights if "/static/" in address}
    assert kinds == {"css", "js", "woff2", "svg"}
    assert sum("woff2" in address for address in weights) == 1
    assert any("socket.io" in address for address in weights)
    assert sum(weights.values()) < FIRST_LOAD, weights


def fetched(browser: FlaskClient, address: str) -> tuple[int, str]:
    """How many bytes come over the wire, headers and all, and the text that they are."""
    answer = browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    packed = answer.headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(answer.data) if packed else answer.data
    return len(STATUS_LINE) + len(str(answer.headers)) + len(answer.data), body.decode(errors="replace")


def links_in(text: str, page: str) -> list[str]:
    """What a module imports and a style asks for; a typeface only when a letter of ``page`` is in its range."""
    faces = re.findall(r"@font-face \{.*?\}", text, flags=re.DOTALL)
    needless = [face for face in faces if not any(has_letter(face, letter) for letter in set(page))]
    for face in needless:
        text = text.replace(face, "")
    return re.findall(r'(?:from |url\()"(\.[^"]+)"', text)


def has_letter(face: str, letter: str) -> bool:
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
    return any(int(low, 16) <= ord(letter) <= int(high or low, 16) for low, high in ranges)


def test_the_clock_of_the_clinic_says_until_when(room: Room, phone: Phone, clock: SettableClock) -> None:
    room.go_live()
    clock.forward(minutes=1)
    assert "until about 6:20 pm" in phone.join().get().text
