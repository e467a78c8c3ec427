"""Wall cards over plain pages: written without a script, read by those who lead, and by nobody else."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from flask import Flask

from facilitator import create_app
from facilitator.curricula.model import Prompt, PromptKind
from facilitator.curricula.parse import parse_plan
from facilitator.demo.phones import _some_answer
from facilitator.pages.console_parts import prompts
from facilitator.realtime import commands as c
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from tests.building import Building
from tests.cards import SIX
from tests.conftest import Clinic
from tests.room import PLAN, Phone, Room, shown_heading

CARD = "q5"
ASKED = "One thing I take home"
WITH_CARD = PLAN.replace("## Exercise", f"Ask (a few words): {ASKED}\n> Aloud: Say one word.\n\n## Exercise")
HEAVY = "nobody knows that they are yours"


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    room = Room(app, clinic)
    room.session = clinic.session(text=WITH_CARD)
    room.code, room.wall = room.session.join_code, f"/p/{room.session.screen_token}"
    room.path = f"/j/{room.code}"
    return room.go_live()


def shown(phone: Phone, **fields: str) -> str:
    """Send a form; the page that comes of it."""
    answer = phone.answer(**fields)
    return phone.browser.get(answer.location).text if answer.status_code == 303 else answer.text


def test_before_writing_the_phone_says_who_reads_it(room: Room) -> None:
    room.ask(CARD)
    page = Phone(room).join().get().text
    form = page[page.index('<form id="question"') : page.index("<template")]
    assert "Nothing tells who wrote it" in form and "no names, no places. Staff read each card before" in form
    assert '<textarea class="input" name="value" rows="3" maxlength="120"' in form


def test_a_plain_form_takes_a_card_a_change_and_a_skip(room: Room) -> None:
    check_in, phone = room.ask(CARD), Phone(room).join()
    page = shown(phone, check_in=check_in, value="  It \r\n passes ")
    assert shown_heading(page) == "Your answer is in, mixed with the group's"
    assert "passes" not in page and HEAVY not in page[: page.index("<template")]
    assert phone.answer(check_in=check_in, value="It grows").status_code == 303
    for words in SIX[:4]:
        Phone(room).join().answer(check_in=check_in, value=words)
    Phone(room).join().answer(check_in=check_in, skip="1")
    room.do(c.CloseCheckIn(check_in))
    assert {card.text for card in room.hub.cards(room.session.id)} == {"It grows", *SIX[:4]}


@pytest.mark.parametrize("value", ["", "  \n ", "\u200b\u200d", "x" * 121, "a\x00b", "a\u202eb", "e" + "\u0301" * 9])
def test_what_is_no_card_is_told_so(room: Room, value: str) -> None:
    check_in = room.ask(CARD)
    answer = Phone(room).join().answer(check_in=check_in, value=value)
    assert answer.status_code == 422 and 'id="notice" role="alert" tabindex="-1">' in answer.text


@pytest.mark.parametrize(("prompt", "value"), [(CARD, 3), (CARD, [1]), ("q1", "words"), ("q2", "0"), ("q3", ["x"])])
def test_an_answer_of_another_kind_is_refused(room: Room, prompt: str, value: object) -> None:
    check_in, phone = room.ask(prompt), Phone(room).join()
    body = {"check_in": check_in, "value": value}
    answer = phone.browser.post(f"{room.path}/answer", json=body, headers={"X-Seat": phone.seat or ""})
    assert answer.status_code in {409, 422} and answer.get_json()["message"]


def test_heavy_words_are_answered_with_the_way_to_a_person_and_go_in_all_the_same(room: Room) -> None:
    check_in, phone = room.ask(CARD), Phone(room).join()
    answer = phone.answer(check_in=check_in, value="I want to die")
    page = answer.text[: answer.text.index("<template")]
    assert answer.status_code == 200 and shown_heading(page) == "Your answer is in, mixed with the group's"
    assert HEAVY in page and f'href="{room.path}/help"' in page and 'href="tel:988"' in page
    assert f'content="15;url={room.path}"' in page
    assert HEAVY not in phone.get().text.split("<template")[0]
    for words in SIX[:4]:
        Phone(room).join().answer(check_in=check_in, value=words)
    room.do(c.CloseCheckIn(check_in))
    assert "I want to die" in {card.text for card in room.hub.cards(room.session.id)}


def test_approved_cards_are_a_list_of_plain_words_on_the_phone(room: Room) -> None:
    check_in, phone = room.ask(CARD), Phone(room).join()
    phone.answer(check_in=check_in, value="**Waves** <b>end</b>")
    for words in SIX[:4]:
        Phone(room).join().answer(check_in=check_in, value=words)
    room.do(c.CloseCheckIn(check_in))
    for card in room.hub.cards(room.session.id)[:]:
        if card.text != SIX[0]:
            room.do(c.ApproveCard(card.id))
    room.do(c.ShowTally(check_in))
    page = phone.get().text
    assert '<li class="card" dir="auto">**Waves** &lt;b&gt;end&lt;/b&gt;</li>' in page
    assert page.count('<li class="card" dir="auto">') == 4 and SIX[0] not in page
    assert "Nothing tells who wrote which." in page


def test_those_who_lead_read_the_cards_with_their_hints(building: Building, room: Room) -> None:
    check_in = room.ask(CARD)
    for words in ("Thanks, Robin", "I want to die", *SIX[:3]):
        Phone(room).join().answer(check_in=check_in, value=words)
    address = f"/sessions/{room.session.id}/cards"
    fern = building.browsers["facilitator"]
    assert fern.get(address).get_json() == {"cards": []}
    room.do(c.CloseCheckIn(check_in))
    cards = {card["text"]: card for card in fern.get(address).get_json()["cards"]}
    assert set(cards) == {"Thanks, Robin", "I want to die", *SIX[:3]}
    assert {frozenset(card) for card in cards.values()} == {frozenset({"id", "check_in", "text", "state", "hints"})}
    assert cards["Thanks, Robin"]["hints"] == ["May name somebody."]
    assert cards["I want to die"]["hints"] == ["May need the attention of the room."]
    assert cards[SIX[0]]["hints"] == [] and cards[SIX[0]]["state"] == "waiting"
    for role in ("supervisor", "elsewhere", "administrator", "stranger", "switched_off"):
        assert "die" not in building.browsers[role].get(address).text
    room.do(c.End())
    assert fern.get(address).get_json() == {"cards": []}


def test_the_record_lists_the_cards_that_the_group_saw_and_no_other(building: Building, room: Room) -> None:
    check_in = room.ask(CARD)
    for words in ("<b>Rest</b>", *SIX[:4]):
        Phone(room).join().answer(check_in=check_in, value=words)
    room.do(c.CloseCheckIn(check_in))
    ids = {card.text: card.id for card in room.hub.cards(room.session.id)}
    room.do(c.ApproveCard(ids["<b>Rest</b>"]), c.ApproveCard(ids[SIX[0]]), c.LeaveOutCard(ids[SIX[1]]))
    room.do(c.ShowTally(check_in), c.LeaveOutCard(ids[SIX[0]]), c.HideTally(), c.ApproveCard(ids[SIX[2]]), c.End())
    assert "No other answer is kept" in building.browsers["supervisor"].get(f"/review/{room.session.id}").text
    review, note = f"/review/{room.session.id}", f"/sessions/{room.session.id}/note"
    for page in (building.browsers["supervisor"].get(review).text, building.browsers["facilitator"].get(note).text):
        assert "Cards the group saw" in page and "<bdi>&lt;b&gt;Rest&lt;/b&gt;</bdi>" in page
        assert not any(words in page for words in SIX[:4])


def test_no_line_of_any_log_holds_a_card(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    check_in = room.ask(CARD)
    for words in SIX[:5]:
        Phone(room).join().answer(check_in=check_in, value=words)
    room.do(c.CloseCheckIn(check_in))
    (first, *_), dump = room.hub.cards(room.session.id), ""
    room.do(c.ApproveCard(first.id), c.ShowTally(check_in), c.End())
    with room.hub.db.read() as s:
        dump = str(s.connection().exec_driver_sql("SELECT * FROM audit").all())
    assert dump and not any(words in caplog.text + dump for words in SIX)


def test_while_it_is_off_the_console_offers_it_aloud_and_no_phone_loads_anything(
    settings: Settings, db: Database, clinic: Clinic, building: Building
) -> None:
    app = create_app(replace(settings, wall_cards=False), clinic.clock)
    room = Room(app, clinic)
    page = Phone(room.go_live()).join().get().text
    assert "Staff read each card" not in page
    assert "on a card" not in room.show("/private").text
    assert "on a card" in building.browsers["stranger"].get("/private").text
    for on in (True, False):
        (row,) = [one for one in prompts(parse_plan(WITH_CARD), replace(settings, wall_cards=on)) if one.id == CARD]
        assert row.on_phones is on and ("aloud" in row.answers) is not on


def test_simulated_phones_write_cards_that_are_taken() -> None:
    for _ in range(20):
        assert Prompt(CARD, ASKED, PromptKind.WORDS).accepts(_some_answer({"kind": "words", "options": []}))
