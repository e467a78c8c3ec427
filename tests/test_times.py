"""Instants as people of the clinic read them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from facilitator.pages.times import clock_time, day, full_day, long_day, minutes, when

CHICAGO = ZoneInfo("America/Chicago")


def at(text: str) -> int:
    """Milliseconds UTC of a time in Chicago."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHICAGO).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "shown"), [("00:05", "12:05 am"), ("09:30", "9:30 am"), ("12:00", "12:00 pm"), ("18:02", "6:02 pm")]
)
def test_a_time_of_day_is_read_off_the_clinics_clock(moment: str, shown: str) -> None:
    assert clock_time(at(f"2026-11-24T{moment}"), CHICAGO) == shown


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23T00:57", "12:57 am"),
        ("2026-11-23T23:59", "12:57 am"),
        ("2026-11-24T00:01", "Mon, Nov 23, 12:57 am"),
        ("2027-01-02T09:00", "Mon, Nov 23, 2026, 12:57 am"),
    ],
)
def test_a_moment_gets_its_day_once_that_is_over(now: str, said: str) -> None:
    assert when(at("2026-11-23T00:57"), at(now), CHICAGO) == said


def test_a_day_is_the_clinics_day_and_not_greenwichs() -> None:
    late = at("2026-11-24T23:30")

    assert day(late, CHICAGO) == "Tue, Nov 24"
    assert long_day(late, CHICAGO) == "Tuesday, November 24"
    assert full_day(late, CHICAGO) == "Tue, Nov 24, 2026"
    assert day(late, ZoneInfo("UTC")) == "Wed, Nov 25"


def test_the_hour_that_comes_twice_in_autumn_says_which_it_is() -> None:
    before = at("2026-11-01T00:30")
    read = [clock_time(before + hours * 3_600_000, CHICAGO) for hours in range(4)]
    assert read == ["12:30 am", "1:30 am CDT", "1:30 am CST", "2:30 am"]


def test_lengths_are_whole_minutes() -> None:
    assert [minutes(ms) for ms in (0, 29_999, 30_000, 3_960_000)] == ["0 min", "0 min", "1 min", "66 min"]


def test_templates_have_the_same_words(app: Flask) -> None:
    drawn = app.jinja_env.from_string("{{ at|clock_time }}, {{ at|day }}, {{ at|long_day }}, {{ 90000|minutes }}")
    assert drawn.render(at=at("2026-11-24T18:02")) == "6:02 pm, Tue, Nov 24, Tuesday, November 24, 2 min"
