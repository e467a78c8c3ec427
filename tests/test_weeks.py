"""Sample weeks: read from a curriculum as a clinician writes it, and added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from facilitator.curricula.check import check_paths
from facilitator.curricula.curriculum import parse_curriculum
from facilitator.curricula.library import FOLDER
from facilitator.curricula.problems import PlanError
from facilitator.curricula.weeks import Day, Item, Week, in_hours
from tests.test_parse import PLAN, TOOL_WORDS

ORDER = """title = "Evenings"
track = "both"
plans = ["T01", "T99"]

[[weeks]]
title = "A short week"
hours = 8.5
days = [
  "Thursday: individual 30, T99 200",
  "monday: T01 180, T99 90",
  "Friday: family 50",
]
"""
# What §4.3 of the domain's rules asks for: net hours, breaks not counted.
SHIPPED = {
    "addiction": [9.0, 12.0, 9.5],
    "mental-health": [10.0, 6.5, 9.5],
    "family": [1.5],
}


def test_a_week_is_read_and_its_breaks_do_not_count() -> None:
    [week] = parse_curriculum(ORDER, "evenings").weeks

    assert week == Week(
        "A short week",
        (
            Day("Monday", (Item("T01", 180), Item("T99", 90))),
            Day("Thursday", (Item("individual", 30), Item("T99", 200))),
            Day("Friday", (Item("family", 50),)),
        ),
    )
    assert [day.net for day in week.days] == [160 + 90, 30 + 180, 50]


@pytest.mark.parametrize(
    ("there", "instead", "sentence"),
    [
        ("8.5", "9", ":6: This week adds up to 8 h 30 min, and it says 9 h."),
        ("8.5", '"many"', ":6: Write the hours of this week as a number, like hours = 9 or hours = 9.5."),
        ("8.5", "true", ":6: Write the hours of this week as a number"),
        ("8.5", "1e999", ":6: Write the hours of this week as a number"),
        ("hours", "ours", ":7: A week has no setting 'ours'. Did you mean 'hours'?"),
        ("hours = 8.5\n", "", ":6: The setting 'hours' is missing in this week."),
        ("monday", "Munday", ":10: 'Munday: T01 180, T99 90' is not understood."),
        ("monday", "Friday", ":6: Friday comes twice in this week."),
        ("T01 180", "T01 175", ":10: A plan is fitted to one of 50, 60, 90, 120, 180, 200 minutes, not to 175."),
        ("T01 180", "T1 180", ":10: 'T1' is not among the plans of this curriculum. Did you mean 'T01'?"),
        ("family 50", "famly 50", ":11: 'famly' is not among the plans of this curriculum. Did you mean 'family'?"),
        ("family 50", "family 0", ":11: 'family' takes from 1 to 240 minutes."),
        ("family 50", "family", ":11: 'family' is not understood."),
        ("family 50", "family 5" + ", family 5" * 6, ":11: There are too many things on Friday."),
        ('"A short week"', '""', "Write 'title' of this week as words"),
        ("[[weeks]]", "[weeks]", ":5: Write each sample week below a line [[weeks]]"),
        ("days = [", "days = [[", "not understood"),
        ("days = [", "days = [5,", ":6: Write the days of this week as a list."),
    ],
)
def test_what_is_wrong_with_a_week_is_said_with_its_line(there: str, instead: str, sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_curriculum(ORDER.replace(there, instead, 1), "evenings")

    assert sentence in str(caught.value)
    assert not TOOL_WORDS.search(str(caught.value))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_weeks_that_come_with_the_product_reach_their_hours(name: str) -> None:
    weeks = parse_curriculum((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name).weeks

    assert [week.net / 60 for week in weeks] == SHIPPED[name]


def test_hours_are_said_as_a_clinic_counts_them() -> None:
    assert [in_hours(minutes) for minutes in (0, 50, 60, 510)] == ["0 h", "50 min", "1 h", "8 h 30 min"]


def test_a_plan_that_is_in_no_curriculum_is_named(tmp_path: Path) -> None:
    (tmp_path / "T99.md").write_text(PLAN, encoding="utf-8")
    (tmp_path / "T98.md").write_text(PLAN.replace("T99", "T98"), encoding="utf-8")
    assert check_paths([tmp_path]) == []

    (tmp_path / "evenings.toml").write_text(ORDER, encoding="utf-8")

    [finding] = check_paths([tmp_path])
    assert (finding.path.name, finding.message) == ("T98.md", "'T98' is in no curriculum. Write its id into one.")
