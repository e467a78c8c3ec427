"""What each step of an exercise is called: for the console's buttons, and for the record."""

from __future__ import annotations

import pytest

from facilitator.curricula.model import Exercise, Part
from facilitator.curricula.parse import parse_plan
from facilitator.curricula.steps import WITHOUT_PHONES, held_words, length_words, next_words, step_words
from facilitator.pages.exercise_rows import exercises
from tests.all_parts import ALL_PARTS

PLAN = parse_plan(ALL_PARTS)
BY_PART = {exercise.part: exercise for _, exercise in PLAN.exercises()}


def steps(part: Part) -> list[tuple[str, str]]:
    exercise = BY_PART[part]
    return [(step_words(exercise, step), next_words(exercise, step)) for step in range(exercise.steps or 2)]


def test_every_part_has_words_for_each_of_its_steps_and_for_a_room_without_phones() -> None:
    assert BY_PART.keys() == set(Part) == WITHOUT_PHONES.keys()
    rows = exercises(PLAN)
    assert len(rows) == 18
    for row in rows:
        assert len(row.steps) == len(row.next) == len(row.held) == len(row.at) > 0
        assert all(words.endswith("when they are ready.") for words in row.held)


def test_steps_are_called_by_what_the_room_does() -> None:
    assert steps(Part.PAIRS) == [("Round 1 of 2", "Swap"), ("Round 2 of 2", "")]
    assert steps(Part.GO_ROUND) == [("Turn 1", "Next turn"), ("Turn 2", "Next turn")]
    assert steps(Part.QUIZ)[:3] == [
        ("Statement 1 of 3", "Show the answer"),
        ("Answer 1 of 3", "Next statement"),
        ("Statement 2 of 3", "Show the answer"),
    ]
    assert steps(Part.QUIZ)[-1] == ("Answer 3 of 3", "")
    assert steps(Part.SCENARIO_CARDS)[1] == ("Card 2 of 3", "Next card")
    assert steps(Part.ROLE_PLAY)[0] == ("Round 1 of 3", "Change roles")
    assert steps(Part.ROLE_PLAY)[2:] == [("Round 3 of 3", "Round 4, groups of four")]
    assert step_words(BY_PART[Part.ROLE_PLAY], 3) == "Round 4, groups of four"
    assert next_words(BY_PART[Part.ROLE_PLAY], 3) == ""
    assert steps(Part.SILENT_WRITING) == [("", "")]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part.PAIRS, "2 rounds of 2 min"),
        (Part.GO_ROUND, "1 min each"),
        (Part.GROUNDING_STEPS, "40 s each"),
        (Part.URGE_WAVE, "8 min"),
        (Part.QUIZ, ""),
    ],
)
def test_its_length_is_said_as_the_plan_says_it(part: Part, words: str) -> None:
    assert length_words(BY_PART[part]) == words


def test_the_last_round_comes_back_and_the_others_swap() -> None:
    pairs: Exercise = BY_PART[Part.PAIRS]
    assert held_words(pairs, 0) == "Time to swap, when they are ready."
    assert held_words(pairs, 1) == "Time to come back, when they are ready."
