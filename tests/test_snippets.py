"""What can be put in with one press is understood, and needs no advice that its author could not give."""

from __future__ import annotations

import pytest

from facilitator.curricula.advice import advise
from facilitator.curricula.parse import parse_plan, read_plan
from facilitator.curricula.snippets import NEW_PLAN, PIECES, exercises

EMPTY = NEW_PLAN[: NEW_PLAN.index("## Discussion")].format(id="W01")


def test_a_new_plan_can_be_run_and_needs_no_advice() -> None:
    reading = read_plan(NEW_PLAN.format(id="W01"))

    assert advise(reading) == []
    assert (reading.plan.id, reading.plan.minutes) == ("W01", 50)


@pytest.mark.parametrize(("name", "piece"), [*PIECES.items(), *exercises().items()])
def test_a_piece_is_understood_where_it_is_put(name: str, piece: str) -> None:
    above = "Ask (choose one): Which one?\n- this\n- that\n" if name == "Aloud" else ""

    text = f"{EMPTY}\n## Discussion: Here (5 min)\n\n{above}{piece}"
    plan = parse_plan(text)

    if name in exercises():
        assert [exercise.part.value.capitalize() for exercise in plan.segments[-1].exercises] == [name]
    others = ("add up to", "not the last segment", "no Closing")
    assert [one.message for one in advise(read_plan(text)) if not any(words in one.message for words in others)] == []
