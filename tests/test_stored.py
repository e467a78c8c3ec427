"""A plan as JSON and back: the same plan, whatever is in it; and nothing but a plan."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from facilitator.curricula.library import Library, PlanFile
from facilitator.curricula.parse import PlanError, parse_plan
from facilitator.curricula.stored import from_stored, to_stored
from tests.all_parts import ALL_PARTS
from tests.test_parse import PLAN


@pytest.mark.parametrize("file", Library().plans(), ids=lambda file: file.plan.id)
def test_a_plan_of_the_library_comes_back_as_it_was(file: PlanFile) -> None:
    stored = to_stored(file.plan)

    assert from_stored(stored) == file.plan
    assert to_stored(from_stored(stored)) == stored


def test_a_plan_is_made_once_for_all_who_ask() -> None:
    stored = to_stored(parse_plan(PLAN))

    assert from_stored(stored) is from_stored(stored)


def test_what_this_version_does_not_know_is_passed_over_and_what_it_misses_is_by_default() -> None:
    plan = parse_plan(PLAN)
    kept = json.loads(to_stored(plan))
    kept["plan"]["segments"][0]["colour"] = "green"
    del kept["plan"]["objectives"]

    read = from_stored(json.dumps(kept))

    assert (read.objectives, read.segments) == ((), plan.segments)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "This is no plan.",
        "[" * 100_000,
        "{}",
        '{"format": 2, "plan": {}}',
        '{"format": 1, "plan": {}}',
        '{"format": 1, "plan": [1]}',
        to_stored(parse_plan(PLAN)).replace('"kind":"opening"', '"kind":"overture"'),
        to_stored(replace(parse_plan(PLAN), segments=())),
        to_stored(parse_plan(PLAN)).replace('"minutes":18', '"minutes":0'),
        to_stored(parse_plan(PLAN)).replace('"id":"q2"', '"id":"q1"'),
        to_stored(parse_plan(ALL_PARTS)).replace('"truths":[', '"truths":[true,'),
        to_stored(parse_plan(ALL_PARTS)).replace('"prompt":"q', '"prompt":"no such q'),
        to_stored(parse_plan(ALL_PARTS)).replace('"id":"x2"', '"id":"x1"'),
        to_stored(parse_plan(PLAN)).replace('"minutes":', '"minutes":"x","was":'),
        to_stored(parse_plan(PLAN)).replace('"title":"', '"title":1,"was":"'),
        to_stored(parse_plan(PLAN)).replace('"objectives":[', '"objectives":"x","was":['),
    ],
)
def test_anything_else_is_refused_in_a_sentence(broken: str) -> None:
    with pytest.raises(PlanError, match="a form that this version of the product cannot read"):
        from_stored(broken)
