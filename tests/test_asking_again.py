"""Asking again: two tallies of one question, side by side, never point at the one person who changed."""

from __future__ import annotations

import pytest
from sqlmodel import select

from facilitator.realtime import commands as c
from facilitator.realtime.keys import KeyFolder
from facilitator.realtime.screens import Presence, console_view
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from facilitator.storage.tables import AskedSeat
from tests.asked import MOOD, Asked, hub_with
from tests.conftest import Clinic, SettableClock

AGAIN = {"state": "withheld", "reason": "again", "bands": []}


@pytest.fixture
def asked(settings: Settings, db: Database, clinic: Clinic, clock: SettableClock) -> Asked:
    """Six phones have answered, and the tally was shown."""
    asked = Asked(hub_with(KeyFolder(settings.runtime), db, clock), clinic)
    asked.all_answer()
    assert asked.tally() == "shown"
    asked.ask()
    return asked


def test_the_same_phones_are_not_shown_twice(asked: Asked) -> None:
    asked.answer(asked.seats[:5])
    asked.answer(asked.seats[5:], 9)
    assert asked.close() == AGAIN
    assert "point at one person" in console_view(asked.hub.live(asked.session_id), Presence(), 0)["tally"]["message"]


def test_nor_with_one_person_less_or_with_fewer_than_five_more(asked: Asked) -> None:
    asked.answer(asked.seats[:5])
    assert asked.close() == AGAIN
    asked.ask()
    asked.answer([*asked.seats, *asked.join(4)])
    assert asked.close() == AGAIN


def test_it_is_not_said_whether_enough_answered_the_second_time(asked: Asked) -> None:
    asked.answer(asked.seats[:1])
    assert asked.close() == AGAIN


def test_with_five_answers_of_new_phones_it_is_shown(asked: Asked) -> None:
    late = asked.join(5)
    asked.answer([*asked.seats, *late])
    assert asked.tally() == "shown"
    asked.ask()
    asked.answer([*asked.seats, *late])
    assert asked.close() == AGAIN


def test_new_phones_that_only_sit_there_hide_nobody(asked: Asked) -> None:
    asked.join(12)
    asked.answer(asked.seats)
    assert asked.close() == AGAIN


def test_who_left_and_came_back_is_one_new_phone_and_no_more(asked: Asked) -> None:
    asked.hub.leave(asked.session_id, asked.seats.pop())
    asked.answer([*asked.seats, *asked.join(1)])
    assert asked.close() == AGAIN


def test_another_question_is_another_question(asked: Asked) -> None:
    asked.do(c.CloseCheckIn(asked.check_in))
    other = next(prompt.id for _, prompt in asked.hub.live(asked.session_id).plan.prompts() if prompt.id != MOOD)
    asked.ask(other)
    asked.answer(asked.seats, 0)
    assert asked.tally() == "shown"


def test_what_was_withheld_can_be_asked_again_when_more_are_here(
    settings: Settings, db: Database, clinic: Clinic, clock: SettableClock
) -> None:
    asked = Asked(hub_with(KeyFolder(settings.runtime), db, clock), clinic)
    asked.answer(asked.seats[:3])
    assert asked.close() == {"state": "withheld", "bands": []}
    asked.ask()
    asked.all_answer()
    assert asked.tally() == "shown"


def test_it_holds_after_a_restart_and_nothing_of_it_outlives_the_session(
    asked: Asked, settings: Settings, db: Database, clock: SettableClock
) -> None:
    asked.hub = hub_with(KeyFolder(settings.runtime), db, clock)
    asked.all_answer()
    assert asked.close() == AGAIN
    with db.read() as s:
        assert len(s.exec(select(AskedSeat)).all()) == 6
    asked.do(c.End())
    with db.read() as s:
        assert s.exec(select(AskedSeat)).all() == []
