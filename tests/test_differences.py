"""What changed between two versions of a plan, said to those who run it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.differences import differences
from facilitator.curricula.library import Library
from facilitator.curricula.parse import parse_plan
from tests.test_parse import PLAN

WAVE = "Exercise 'Ride one small wave'"


def changed(*pairs: tuple[str, str]) -> list[str]:
    """What is said when each of these words of PLAN is replaced."""
    text = PLAN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return differences(parse_plan(PLAN), parse_plan(text))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(18 min, chime", "(10 min, chime", ["The whole session: 46 → 38 min.", f"{WAVE}: 18 → 10 min."]),
        (
            "chime, overtime ok",
            "silent",
            [
                f"{WAVE}: People are asked to be quiet.",
                f"{WAVE}: No chime any more.",
                f"{WAVE}: May not run over any more.",
            ],
        ),
        ("> Opt out: Cool water.\n", "", [f"{WAVE}: One opt out line fewer."]),
        (
            "> Opt out: Cool water.\n",
            "> Opt out: Cool water.\n> Safety: Stay near.\n",
            [f"{WAVE}: One safety line more."],
        ),
        ("> Opt out: Cool water.", "> Opt out: Warm tea.", [f"{WAVE}: Opt out line changed."]),
        ("Ride one small wave", "Ride a wave", [f"{WAVE} is now Exercise 'Ride a wave'."]),
        (
            "1. Pick a mild urge, 4 or less",
            "1. Pick a small urge",
            [f"{WAVE}: Other words on the screen (1 new, 1 gone)."],
        ),
        ("- I did some\n", "", ["Check-in 'How I am arriving': Question changed: 'Home practice since last time'."]),
        ("title: Riding out", "title: Surfing", ["The title is now 'Surfing cravings'. It was 'Riding out cravings'."]),
        ("  - Ride one urge", "  - Rest well\n  - Ride one urge", ["Objective added: 'Rest well'."]),
        ("sources: TIP 47\n", "", ["The sources are taken out."]),
        ("Words while people arrive.", "Come in.", ["The words while people arrive are changed."]),
        ("version: 1.10", "version: 1.11", []),
        ("1. Pick a mild urge, 4 or less", "1.  Pick a mild  urge, 4 or less", []),
        ("Words while people arrive.", "Words  while   people arrive.", []),
        (
            "1. Pick a mild urge, 4 or less\n",
            "1. Pick a mild urge, 4 or less\n\n",
            [f"{WAVE}: The same words on the screen, set out in another way."],
        ),
    ],
)
def test_each_change_is_said_once(old: str, new: str, said: list[str]) -> None:
    assert changed((old, new)) == said


def test_a_question_that_goes_is_named_and_the_others_are_not() -> None:
    """Their numbers change, which nobody sees."""
    before = PLAN[: PLAN.index("Ask (scale")]
    after = PLAN[PLAN.index("Ask (choose one)") :]

    said = differences(parse_plan(PLAN), parse_plan(before + after))

    assert said == ["Check-in 'How I am arriving': Question taken out: 'Strongest craving in the last day'."]


def test_segments_come_go_and_move() -> None:
    sections = PLAN.split("\n## ")
    plan = parse_plan(PLAN)
    swapped = "\n## ".join([sections[0], sections[2], sections[1], *sections[3:]])
    shorter = "\n## ".join([*sections[:2], *sections[3:]])
    last_first = "\n## ".join([sections[0], sections[-1], *sections[1:-1]])
    longer = PLAN.replace("## Exercise:", "## Teaching: Waves fall (7 min)\n\n## Exercise:", 1)

    assert differences(plan, parse_plan(swapped)) == ["Opening 'Arrive and settle' has moved."]
    assert differences(plan, parse_plan(last_first)) == ["Closing 'One steady breath' has moved."]
    assert differences(plan, parse_plan(shorter))[-1] == "Taken out: Check-in 'How I am arriving', 8 min."
    assert differences(plan, parse_plan(longer))[-1] == "New: Teaching 'Waves fall', 7 min."


def test_two_different_plans_are_compared_without_a_stumble() -> None:
    plans = [file.plan for file in Library().plans()[:6]]
    for old in plans:
        for new in plans:
            said = differences(old, new)
            assert bool(said) == (old is not new)
            assert all(sentence.endswith(".") and "\n" not in sentence for sentence in said)


def test_questions_in_another_order_and_twins_are_told_apart() -> None:
    one, two = "Ask (scale 0-10, low to high): How calm am I?\n\n", "Ask (a few words): One word for now\n\n"

    def told(old: str, new: str) -> list[str]:
        before, after = (PLAN.replace("> Opt out: Cool water.\n", words, 1) for words in (old, new))
        return differences(parse_plan(before), parse_plan(after))

    assert told(one + two, two + one) == [f"{WAVE}: Questions in another order."]
    assert told(one + one, one) == [f"{WAVE}: Question taken out: 'How calm am I? (2)'."]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PLAN.split("\n## ")[1:]), min_size=1, max_size=8))
def test_any_order_of_segments_is_compared(sections: list[str]) -> None:
    other = parse_plan("\n## ".join([PLAN.split("\n## ")[0], *sections]))

    assert differences(other, other) == []
    differences(parse_plan(PLAN), other)
    differences(other, parse_plan(PLAN))
