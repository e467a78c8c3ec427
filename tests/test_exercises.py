"""An exercise is called by a sentence, and what is wrong with the sentence is said on its line."""

from __future__ import annotations

import pytest

from facilitator.curricula.advice import advise
from facilitator.curricula.exercises import FORMS, SHAPES, THOUGHT_BOXES
from facilitator.curricula.model import Breath, Exercise, Part, PromptKind
from facilitator.curricula.parse import PlanError, parse_plan, read_plan

TOP = """---
id: T99
title: Trying
track: both
version: 1.0
length: 90 min
---

## Exercise: Do it (90 min)

"""
LIST = "\n".join(f"- Card {number}" for number in range(1, 5))
QUIZ = """- Sleep can be saved up. False: a long Sunday does not pay for the week.
- Waking at night is common. True: most do."""


def one(sentence: str) -> Exercise:
    """The exercise that ``sentence`` calls, with the lines below it."""
    (found,) = parse_plan(TOP + sentence).exercises()
    return found[1]


def refused(sentence: str) -> list[str]:
    """What is said of ``sentence``, without the lines."""
    with pytest.raises(PlanError) as error:
        parse_plan(TOP + sentence)
    assert all(problem.line > 9 for problem in error.value.problems)
    return [problem.message for problem in error.value.problems]


@pytest.mark.parametrize("part", Part)
def test_every_part_has_an_example_that_is_read_back(part: Part) -> None:
    lines = QUIZ if part is Part.QUIZ else LIST if FORMS[part].items[0] else ""
    exercise = one(f"{FORMS[part].example}\n{lines}\n")
    assert (exercise.id, exercise.part) == ("x1", part)
    assert exercise.text in FORMS[part].example


def test_times_rounds_and_breaths_are_read_in_seconds() -> None:
    pairs = one("Do (pairs, 2 rounds of 3 min): Read it out")
    assert (pairs.rounds, pairs.each_s, pairs.steps, pairs.total_s) == (2, 180, 2, 360)
    turn = one("Do (go-round, 1 min each): One word")
    assert (turn.each_s, turn.steps, turn.total_s) == (60, 0, 0)
    pacer = one("do (Breathing pacer, in 4, hold 2 s, out 6, 90 s): Breathe")
    assert (pacer.breath, pacer.total_s) == (Breath(4, 2, 6), 90)
    scan = one(f"Do (body scan, 30 s each): From the feet up\n\n{LIST}")
    assert (len(scan.items), scan.total_s) == (4, 120)


def test_choices_piles_rows_and_boxes_are_read_in_order() -> None:
    grid = one("Do (decision grid, act on it / wait, now / later): What would each bring?")
    assert (grid.labels, grid.columns) == (("act on it", "wait"), ("now", "later"))
    assert one(f"Do (sort cards, mine / not mine): Whose is it?\n{LIST}").labels == ("mine", "not mine")
    assert one("Do (week grid, evening): Place one").labels == ("evening",)
    assert one("Do (thought record): One moment").items == THOUGHT_BOXES
    assert one("Do (ladder, 6 rungs): Easiest first").most == 6


def test_a_ladder_has_the_plans_own_words_for_its_ends_or_none() -> None:
    meter = one("Do (ladder, 10 rungs, Calm to heated up, 6 min): My meter")
    assert (meter.labels, meter.most, meter.each_s) == (("Calm", "heated up"), 10, 360)
    assert one("Do (ladder, heute noch to über uns, 3 rungs): Stufen").labels == ("heute noch", "über uns")
    assert one("Do (ladder, 6 rungs): Easiest first").labels == ()


def test_a_quiz_holds_what_is_true_and_why() -> None:
    quiz = one(f"Do (quiz): True or false?\n{QUIZ}")
    assert quiz.truths == (False, True)
    assert quiz.items[0] == "Sleep can be saved up."
    assert quiz.reasons == ("a long Sunday does not pay for the week.", "most do.")
    assert quiz.steps == 4


def test_an_urge_wave_asks_only_for_its_shape_and_as_a_sensitive_question() -> None:
    text = (
        TOP + "Ask (choose one): First\n- a\n- b\n\nDo (urge wave, 8 min): The pull now\n> Aloud: Draw it in the air."
    )
    plan = parse_plan(text)
    (_, wave), (_, second) = next(plan.exercises()), list(plan.prompts())[1]
    assert wave.prompt == second.id == "q2"
    assert (second.kind, second.options, second.sensitive) == (PromptKind.CHOICE, SHAPES, True)
    assert second.aloud == "Draw it in the air."


def test_which_parts_are_private_is_fixed() -> None:
    private = {part.value for part in Part if part.private}
    assert private == {"ladder", "decision grid", "week grid", "silent writing", "thought record", "plan builder"}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Do (goround, 60 s each): Word", "Did you mean 'go-round'?"),
        ("Do (go-round): Word", "'Do (go-round, 60 s each): One word for today'"),
        ("Do (pairs, 9 rounds of 2 min): Words", "a number from 1 to 6"),
        ("Do (pairs, 2 rounds of 2 mn): Words", "'2 rounds of 2 mn' is not understood here."),
        ("Do (breathing pacer, in 4, out 40, 3 min): Breathe", "from 1 to 12 seconds"),
        ("Do (breathing pacer, in 4, 3 min): Breathe", "in 4, out 6"),
        ("Do (breathing pacer, in 4, hold 4, out 4, hold 4, 3 min): Breathe", "each said once"),
        ("Do (breathing pacer, in 4, out 6, hold 2, 3 min): Breathe", "before breathing out"),
        ("Do (silent writing, 2 s): Write", "from 5 s to 60 min"),
        ("Do (sort cards, one pile): Where?\n- a\n- b", "is not understood here"),
        ("Do (sort cards, one / one): Where?\n- a\n- b", "there twice"),
        ("Do (sort cards, one / two): Where?", "2 to 12 lines right under it"),
        ("Do (values cards, keep 9): Keep\n- a\n- b\n- c\n- d", "There are only 4 lines"),
        ("Do (decision grid, a / b): Weigh", "parted by /"),
        ("Do (role-play, speaker / listener, 2 rounds of 3 min): Go", "parted by /"),
        ("Do (quiz): True or false?\n- No answer here.\n- True: because.", "Write it like"),
        ("Do (pairs, 2 rounds of 2 min): Words\n- a list", "has no list of its own"),
        (f"Do (rank): Which?\n{'- ' + 'a' * 150}" + f"\n- {'b' * 150}" * 8, "1200 characters in all"),
        ("Do (pairs, 2 rounds of 2 min):", "no words after the colon"),
        ("Do (pairs, 2 rounds of 2 min) Words", "is written like"),
        ("Do (pairs, 1 rounds of 2 min): A\n> Aloud: Say it", "this exercise asks none"),
        ("Do (go-round, 60 s each, 60 s each): Word", "one setting too many"),
        ("Do (ladder, 6 rungs, 3 to 5 min): Up", "'3 to 5 min' is not understood here."),
        ("Do (ladder, 6 rungs, calm to hot, low to high): Up", "one setting too many"),
        (f"Do (ladder, 6 rungs, calm to {'h' * 41}): Up", "each end of the ladder to 40 characters"),
        ("Do (ladder, calm to hot): Up", "'Do (ladder, 6 rungs, easiest to hardest)"),
    ],
)
def test_a_sentence_that_is_not_understood_is_explained(sentence: str, said: str) -> None:
    assert any(said in message for message in refused(sentence)), refused(sentence)


def test_a_fourth_exercise_in_a_segment_is_one_too_many() -> None:
    four = "\n\n".join(["Do (go-round, 60 s each): Word"] * 4)
    assert refused(four) == ["Call at most 3 exercises in a segment."]


def test_an_exercise_above_the_first_heading_belongs_to_a_segment() -> None:
    with pytest.raises(PlanError, match="belong to a segment"):
        parse_plan(TOP.replace("## Ex", "Do (go-round, 60 s each): Word\n\n## Ex"))


def test_exercises_longer_than_their_segment_are_pointed_out() -> None:
    text = TOP.replace("(90 min)", "(3 min)") + "Do (pairs, 2 rounds of 2 min): Words"
    messages = [advice.message for advice in advise(read_plan(text))]
    assert "The exercises here take 4 min, and the segment has 3 min." in messages


def test_an_exercise_about_danger_wants_a_safety_line() -> None:
    text = (
        TOP + "Do (quiz): True or false?\n- An overdose can be turned back. True: naloxone can do it.\n- b. False: c."
    )
    assert any("Safety" in advice.message for advice in advise(read_plan(text)))
