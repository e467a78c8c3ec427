"""The clinic's date and clock as an instant, on ordinary days and on the two nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from facilitator.records.local_time import NoSuchTime, local_clock, local_date, moment, read_clock, read_date

CHICAGO = ZoneInfo("America/Chicago")
CLOCKS_GO_BACK = date(2026, 11, 1)
CLOCKS_GO_FORWARD = date(2027, 3, 14)


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1000


def test_six_in_the_evening_in_chicago_is_midnight_utc() -> None:
    assert moment(date(2026, 11, 24), time(18), CHICAGO).at == utc(2026, 11, 25, 0)


def test_the_same_hour_is_another_instant_in_summer() -> None:
    assert moment(date(2026, 7, 7), time(18), CHICAGO).at == utc(2026, 7, 7, 23)


def test_a_time_that_comes_twice_is_taken_the_first_time_and_said_to_be() -> None:
    half_past_one = moment(CLOCKS_GO_BACK, time(1, 30), CHICAGO)

    assert half_past_one.twice
    assert half_past_one.at == utc(2026, 11, 1, 6, 30)
    assert not moment(CLOCKS_GO_BACK, time(2, 0), CHICAGO).twice


def test_a_time_that_the_clocks_jump_over_is_no_time() -> None:
    with pytest.raises(NoSuchTime) as jumped:
        moment(CLOCKS_GO_FORWARD, time(2, 30), CHICAGO)

    assert local_clock(jumped.value.instead_at, CHICAGO) == time(3, 30)
    assert moment(CLOCKS_GO_FORWARD, time(3, 0), CHICAGO).at == utc(2027, 3, 14, 8)


def test_a_day_that_a_country_left_out_is_no_time_either() -> None:
    with pytest.raises(NoSuchTime):
        moment(date(2011, 12, 30), time(18), ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham"])
def test_what_the_clock_shows_is_read_back_the_same(zone: str) -> None:
    day, clock = date(2026, 12, 31), time(23, 45)
    at = moment(day, clock, ZoneInfo(zone)).at

    assert (local_date(at, ZoneInfo(zone)), local_clock(at, ZoneInfo(zone))) == (day, clock)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("18:00", time(18)),
        ("6 pm", time(18)),
        ("6:30 PM", time(18, 30)),
        ("6pm", time(18)),
        ("6.15 p.m.", time(18, 15)),
        ("12 am", time(0)),
        ("12:15 pm", time(12, 15)),
        (" 9:05 ", time(9, 5)),
    ],
)
def test_a_time_is_read_as_browsers_send_it_and_as_people_type_it(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["", "6", "25:00", "12:60", "13 pm", "0 am", "six", "18:00:00", "18:0", "1" * 5000])
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        read_clock(text)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30", "24.11.2026", "2026-11", "-2026-11-24", "\ud800"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text)
