"""The supervisor's desk. What it shows is in its address, so that it can be kept and sent to a colleague."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.people.duty import until
from facilitator.records import review
from facilitator.records.local_time import NoSuchTime, moment, read_date
from facilitator.records.review import Filter, Reason, State

DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
BAD_DATE = "Write the date, like 2026-11-24."
REASONS = {
    Reason.UNSIGNED: "Unsigned",
    Reason.RETURNED: "Returned",
    Reason.TO_CO_SIGN: "To co-sign",
    Reason.OVER_TIME: "Over time",
    Reason.SKIPPED: "Skipped segment",
    Reason.REQUEST: "Staff request",
    Reason.WITHHELD: "Withheld tally",
    Reason.UNMARKED: "Attendance open",
}
STATES = {State.WAITING: "Waiting", State.CO_SIGNED: "Co-signed", State.ALL: "All"}


def index() -> ResponseReturnValue:
    """What waits, most urgent first; or what the filter asks for."""
    problems: dict[str, str] = {}
    wanted, now = _wanted(problems), house().clock()
    with house().db.read() as s:
        desk = review.desk(s, me(), wanted, now)
        groups, facilitators = review.choices(s)
        coming = [] if desk.entries else review.coming(s, now)
    return render_template(
        "review/index.html",
        desk=desk,
        wanted=wanted,
        asked=request.args,
        reasons=REASONS,
        states=STATES,
        groups=groups,
        facilitators=facilitators,
        coming=coming,
        filtered=wanted != Filter(wanted.state),
        me_until=until(me(), now),
        problems=problems,
    )


def _wanted(problems: dict[str, str]) -> Filter:
    asked = request.args
    last_day = _day("until", problems)
    return Filter(
        state=next((state for state in State if state == asked.get("state")), State.WAITING),
        reasons=frozenset(reason for reason in Reason if reason in asked.getlist("reason")),
        group=asked.get("group", ""),
        facilitator=asked.get("facilitator", ""),
        since=_begins(_day("since", problems)),
        until=_begins(last_day + DAY if last_day else None),
    )


def _day(field: str, problems: dict[str, str]) -> date | None:
    text = request.args.get(field, "")
    if not text:
        return None
    try:
        day = read_date(text)
    except ValueError:
        problems[field] = BAD_DATE
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        problems[field] = BAD_DATE
        return None
    return day


def _begins(day: date | None) -> int | None:
    """The first moment of a day in the clinic's time zone (ms UTC)."""
    if day is None:
        return None
    try:
        return moment(day, time(0), house().settings.time_zone).at
    except NoSuchTime as error:
        return error.instead_at
