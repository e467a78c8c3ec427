"""The calendar: one week of scheduled sessions, in the clinic's time."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.pages import house, the_clinic
from facilitator.pages.gate import me
from facilitator.pages.times import days_between
from facilitator.pages.week_drawing import draw
from facilitator.records.agenda import not_held
from facilitator.records.local_time import local_date, read_date
from facilitator.records.scheduling import groups_to_lead
from facilitator.records.week import EARLIEST, LATEST, WEEK, OutOfReach, Week, week_of
from facilitator.storage.engine import Session

NO_DAY = "This is no day. Write it like 2026-11-24."
TOO_FAR = f"The calendar goes from {EARLIEST.year} to {LATEST.year}. Choose a day in between."

blueprint = Blueprint("week", __name__)


@blueprint.get("/week")
def show() -> ResponseReturnValue:
    """The week that ``day`` is in, or this one; with a sentence where there is no such day."""
    clinic, staff = the_clinic(), me()
    today = local_date(clinic.now, clinic.zone)
    with house().db.read() as s:
        week, problem = _asked_for(s, today)
        leads = groups_to_lead(s, staff)
    last = week.monday + WEEK - timedelta(days=1)
    page = render_template(
        "week/show.html",
        week=week,
        this_week=week.monday <= today <= last,
        title=days_between(week.monday, last),
        calendar=draw(week, clinic.zone),
        today=today,
        held=[one for one in week.booked if not one.cancelled],
        not_held=lambda session: not_held(session, clinic.now),
        leads=leads,
        problems={"day": problem} if problem else {},
    )
    return page, 422 if problem else 200


def _asked_for(s: Session, today: date) -> tuple[Week, str]:
    """The week that the address asks for, or this one with what is wrong with the address."""
    asked, zone = request.args.get("day", ""), house().settings.time_zone
    try:
        return week_of(s, me(), read_date(asked) if asked else today, zone), ""
    except OutOfReach:
        problem = TOO_FAR
    except ValueError:
        problem = NO_DAY
    return week_of(s, me(), today, zone), problem
