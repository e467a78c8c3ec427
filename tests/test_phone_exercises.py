"""Exercises on a phone without scripts: what the room does now, in words."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from facilitator.curricula.model import Part
from facilitator.realtime import commands as c
from tests.conftest import Clinic
from tests.eighteen import EXERCISES, PARTS, PLAN, large_words
from tests.room import Phone, Room

NEEDS_NO_PHONE = {Part.GO_ROUND, Part.PAIRS, Part.BREATHING_PACER, Part.GROUNDING_STEPS, Part.BODY_SCAN}


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    room = Room(app, clinic, PLAN)
    room.do(c.OpenDoors(), c.Start())
    return room


@pytest.fixture
def phone(room: Room) -> Phone:
    return Phone(room).join()


def shown(phone: Phone) -> str:
    """The words of the scene."""
    return unescape(phone.get().text.split('data-scene="exercise"')[1].split("</section>")[0])


@pytest.mark.parametrize("part", PARTS)
def test_the_plain_page_says_what_runs_now_and_that_paper_does_the_same(room: Room, phone: Phone, part: Part) -> None:
    exercise = EXERCISES[part]
    room.do(c.StartExercise(exercise.id))
    assert phone.heading() == large_words(part)
    page = shown(phone)
    assert exercise.text in page
    at_once = (
        ()
        if part in (Part.GROUNDING_STEPS, Part.BODY_SCAN, Part.SCENARIO_CARDS, Part.QUIZ, Part.ROLE_PLAY)
        else exercise.items
    )
    assert all(words in page for words in (*at_once, *exercise.labels, *exercise.columns))
    assert ("You need no phone for it." if part in NEEDS_NO_PHONE else "A sheet of paper does the same") in page


def test_a_quiz_keeps_its_answer_until_the_room_shows_it(room: Room, phone: Phone) -> None:
    quiz = EXERCISES[Part.QUIZ]
    room.do(c.StartExercise(quiz.id))
    assert quiz.reasons[0] not in phone.get().text
    room.do(c.StepExercise(quiz.id, 1))
    assert f"<b>False:</b> {quiz.reasons[0]}" in shown(phone)


def test_a_question_comes_first_and_a_pause_shows_nothing(room: Room, phone: Phone) -> None:
    wave = EXERCISES[Part.URGE_WAVE]
    room.do(c.StartExercise(wave.id))
    check_in = room.ask("q1")
    assert phone.heading() == "What shape was your wave?"
    room.do(c.CloseCheckIn(check_in))
    assert phone.heading() == wave.text
    room.do(c.Blank())
    assert phone.heading() == "A pause" and wave.text not in phone.get().text
    room.do(c.Unblank(), c.StopExercise())
    assert phone.heading() == "You are in"
