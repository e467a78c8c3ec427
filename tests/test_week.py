"""The week: who sees which sessions, where each stands, and what an address without a week is answered."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from facilitator.pages.times import days_between
from facilitator.pages.week_drawing import Calendar, draw
from facilitator.people import groups
from facilitator.records.week import Booked, Week
from facilitator.storage.tables import GroupSession
from tests.conftest import MINUTE_MS, TUESDAY_AT_SIX, Clinic
from tests.desk import SignInAs

MONDAY = date(2026, 11, 23)
HOUR_MS, DAY_MS = 60 * MINUTE_MS, 24 * 60 * MINUTE_MS
CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(clinic.cast.fern)


def told(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def drawn(*meetings: tuple[str, int], monday: date = MONDAY) -> Calendar:
    """A week with sessions of so many minutes at these times in Chicago, "2026-11-24T18:00"."""
    booked = []
    for clock, minutes in meetings:
        at = int(datetime.fromisoformat(clock).replace(tzinfo=CHICAGO).timestamp() * 1000)
        session = cast(GroupSession, SimpleNamespace(scheduled_at=at, plan_minutes=minutes, state="scheduled"))
        booked.append(Booked(session, "Group", ("Fern",), mine=True, readable=True, plannable=True))
    return draw(Week(monday, tuple(booked)), CHICAGO)


def places(calendar: Calendar) -> list[list[tuple[int, int, int, int]]]:
    """For each day its blocks: from and to which minute, in which of how many lanes."""
    return [[(one.starts, one.ends, one.lane, one.lanes) for one in day.blocks] for day in calendar.days]


def test_a_session_stands_at_its_hour_and_is_as_high_as_it_is_long() -> None:
    calendar = drawn(("2026-11-24T17:30", 200), ("2026-11-25T09:04", 50))

    assert places(calendar) == [[], [(1050, 1250, 1, 1)], [(540, 590, 1, 1)], [], []]
    assert (calendar.first, calendar.hours[0], calendar.hours[-1]) == (9, "9 am", "8 pm")
    assert calendar.days[1].blocks[0].classes == "h17 m30 long-h3 long-m20 lane-1 of-1 roomy"


def test_the_weekend_has_a_column_when_there_is_something() -> None:
    assert [day.day.day for day in drawn(("2026-11-28T10:00", 90)).days] == [23, 24, 25, 26, 27, 28]
    assert [day.day.day for day in drawn(("2026-11-29T10:00", 90)).days] == [23, 24, 25, 26, 27, 29]
    assert len(drawn().days) == 5


def test_what_overlaps_shares_the_width_and_what_follows_does_not() -> None:
    three = drawn(
        ("2026-11-24T18:00", 60), ("2026-11-24T18:30", 60), ("2026-11-24T19:00", 60), ("2026-11-24T20:00", 60)
    )  # fmt: skip
    assert places(three)[1] == [(1080, 1140, 1, 2), (1110, 1170, 2, 2), (1140, 1200, 1, 2), (1200, 1260, 1, 1)]
    follows = drawn(("2026-11-24T18:03", 54), ("2026-11-24T18:57", 60))
    assert [lanes for *_, lanes in places(follows)[1]] == [1, 1]


def test_a_session_over_midnight_stays_in_its_day_and_the_hours_go_on() -> None:
    calendar = drawn(("2026-11-24T23:30", 120))

    assert places(calendar)[1:3] == [[(1410, 1530, 1, 1)], []]
    assert calendar.hours[-3:] == ("11 pm", "12 am", "1 am")
    assert calendar.hours == drawn(("2026-11-24T23:30", 120)).hours and len(calendar.hours) == 6


@pytest.mark.parametrize(
    ("monday", "clock"), [(date(2026, 10, 26), "2026-11-01T01:30"), (date(2027, 3, 8), "2027-03-14T01:30")]
)
def test_on_the_night_when_the_clocks_change_a_session_keeps_its_height(monday: date, clock: str) -> None:
    assert places(drawn((clock, 60), monday=monday))[-1] == [(90, 150, 1, 1)]


def test_thirty_at_once_are_listed_and_a_full_day_is_drawn() -> None:
    at_once = drawn(*[("2026-11-24T10:00", 60)] * 30, ("2026-11-25T12:00", 60))
    assert [day.crowded for day in at_once.days] == [False, True, False, False, False]
    assert len(at_once.days[1].blocks) == 30 and at_once.first >= 12 - 6
    one_after_another = drawn(*[(f"2026-11-24T{hour:02}:{minute}", 30) for hour in range(7, 22) for minute in (10, 40)])
    assert not one_after_another.days[1].crowded and len(one_after_another.days[1].blocks) == 30


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), "November 23 to 29, 2026"),
        (date(2026, 11, 30), date(2026, 12, 6), "November 30 to December 6, 2026"),
        (date(2026, 12, 28), date(2027, 1, 3), "December 28, 2026 to January 3, 2027"),
    ],
)
def test_a_week_is_named_by_its_first_and_last_day(first: date, last: date, words: str) -> None:
    assert days_between(first, last) == words


def test_the_week_says_who_leads_what_and_what_was_cancelled(clinic: Clinic, fern: FlaskClient) -> None:
    own = clinic.session("T04", co_facilitator=clinic.cast.max)
    other = clinic.session("T17", at=TUESDAY_AT_SIX + DAY_MS, facilitator=clinic.cast.max)
    off = clinic.session("T01", at=TUESDAY_AT_SIX + 2 * DAY_MS)
    with clinic.db.write() as s:
        s.get_one(GroupSession, off.id).state = "cancelled"

    page = fern.get("/week").text

    words = told(page)
    assert "November 23 to 29, 2026 2 sessions. You lead 1 of them. The program cancelled 1 more: that" in words
    assert "Tuesday, November 24 Today" in words
    assert "Tuesday group 6:00 pm, 60 min T04 Riding out cravings Fern , Max . You lead it." in words
    assert "Tuesday group 6:00 pm, 60 min Cancelled by the program T01" in words
    assert all(f'href="/sessions/{one.id}"' in page for one in (own, other, off))
    assert page.count('<li class="block mine') == 2 and "Add a session" in words


def test_a_session_leads_to_where_it_can_be_read(clinic: Clinic, fern: FlaskClient, sign_in: SignInAs) -> None:
    ended, live = clinic.session("T04"), clinic.session("T01", at=TUESDAY_AT_SIX + DAY_MS)
    with clinic.db.write() as s:
        s.get_one(GroupSession, ended.id).state = "ended"
        s.get_one(GroupSession, live.id).state = "live"

    pages = {one: sign_in(getattr(clinic.cast, one)).get("/week").text for one in ("fern", "sol")}

    assert f'href="/review/{ended.id}"' in pages["fern"] and f'href="/sessions/{live.id}/console"' in pages["fern"]
    assert f'href="/review/{ended.id}"' in pages["sol"] and f'href="/sessions/{live.id}/console"' not in pages["sol"]
    assert "60 min Ended" in told(pages["sol"]) and "60 min Running now" in told(pages["sol"])
    assert "You lead none of them." in told(pages["sol"])


def test_nobody_sees_the_week_of_a_group_that_they_cannot_open(clinic: Clinic, sign_in: SignInAs) -> None:
    clinic.session("T04")
    helped = clinic.session("T17", at=TUESDAY_AT_SIX + DAY_MS, co_facilitator=clinic.cast.max)

    page = sign_in(clinic.cast.max).get("/week").text

    assert "T04" not in page and f'href="/sessions/{helped.id}"' in page
    assert "1 session. You lead it." in told(page) and "Add a session" not in page
    assert sign_in(clinic.cast.ada).get("/week").status_code == 403


def test_the_week_is_the_clinics_and_not_greenwichs(clinic: Clinic, fern: FlaskClient) -> None:
    """Half past eleven on a Sunday evening in Chicago is a Monday in Greenwich."""
    late = clinic.session("T04", at=TUESDAY_AT_SIX + 5 * DAY_MS + 5 * HOUR_MS + 30 * MINUTE_MS)

    assert f'href="/sessions/{late.id}"' in fern.get("/week?day=2026-11-24").text
    assert "Sunday, November 29" in told(fern.get("/week?day=2026-11-29").text)
    assert late.id not in fern.get("/week?day=2026-11-30").text


def test_an_empty_week_says_where_there_is_something(clinic: Clinic, fern: FlaskClient) -> None:
    assert "with “Add a session”" in told(fern.get("/week").text)
    clinic.session("T04")

    before, after = fern.get("/week?day=2025-12-03").text, fern.get("/week?day=2026-12-31").text

    assert "The next session is on Tuesday, November 24, 2026." in told(before)
    assert 'href="/week?day=2026-11-24">Show that week' in before
    assert "The last session is on Tuesday, November 24." in told(after)
    assert 'href="/week?day=2026-12-21"' in after and 'href="/week?day=2027-01-04"' in after


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "2200-01-06"])
def test_a_year_that_no_calendar_has_is_said(fern: FlaskClient, day: str) -> None:
    page = fern.get(f"/week?day={day}")

    assert page.status_code == 422 and "The calendar goes from 2000 to 2199." in page.text
    assert "November 23 to 29, 2026" in page.text


@pytest.mark.parametrize("day", ["x", "2026-02-30", "%00", "2026-11", "-1", "9" * 10_000, "%ff", "T04' OR 1=1--"])
def test_what_is_no_day_is_said(fern: FlaskClient, day: str) -> None:
    page = fern.get(f"/week?day={day}")

    assert page.status_code == 422 and "This is no day. Write it like 2026-11-24." in page.text


def test_the_first_and_the_last_week_have_nothing_beyond(clinic: Clinic, fern: FlaskClient) -> None:
    first, last = fern.get("/week?day=2000-01-03").text, fern.get("/week?day=2200-01-05").text

    assert "Week before" not in first and "Week after" in first
    assert "Week after" not in last and "Week before" in last


def test_names_are_said_and_never_markup(clinic: Clinic, fern: FlaskClient) -> None:
    with clinic.db.write() as s:
        groups.rename_group(s, clinic.group.id, "<b>" + "W" * 70)
    clinic.session("T04")

    page = fern.get("/week").text

    assert "&lt;b&gt;WWW" in page and " style=" not in page and "<b>W" not in page


def test_the_week_is_found_from_the_desk_the_groups_and_a_group(
    clinic: Clinic, fern: FlaskClient, sign_in: SignInAs
) -> None:
    for address in ("/sessions", "/groups", f"/groups/{clinic.group.id}"):
        assert 'href="/week"' in fern.get(address).text
        assert 'href="/week"' not in sign_in(clinic.cast.ada).get(address).text
