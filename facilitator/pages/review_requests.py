"""Who waits too long to talk, at the top of every supervisor's page; and which supervisors are on duty."""

from __future__ import annotations

from flask import Flask, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import house
from facilitator.pages.forms import posted
from facilitator.pages.gate import me
from facilitator.pages.times import age, clock_time
from facilitator.people import duty as shifts
from facilitator.realtime.reading import Malformed
from facilitator.records import audit, requests
from facilitator.records.requests import Told
from facilitator.records.timeline import NAMELESS
from facilitator.storage.engine import Unavailable

SHOWN = "requests_shown"
ON_OR_OFF = {"on": True, "off": False}


def install(app: Flask) -> None:
    """Let every staff page show who waits, and keep which supervisor was shown it."""
    app.jinja_env.globals.update(told_now=told_now, nameless=NAMELESS, age=lambda since: age(house().clock() - since))
    app.after_request(_keep_who_saw)


def told_now() -> Told:
    """What the supervisor who asks for this page is told."""
    with house().db.read() as s:
        told = requests.told(s, me(), house().clock())
    setattr(g, SHOWN, [one.request for one in told.waiting])
    return told


def waiting() -> ResponseReturnValue:
    """The same part of the page alone, for the page's script."""
    return render_template("review/told.html", told=told_now())


def duty() -> ResponseReturnValue:
    """Begin a shift, or end it. Only that one's own."""
    wanted, now = ON_OR_OFF.get(posted().values.get("duty", "")), house().clock()
    if wanted is None:
        raise Malformed("Say whether you are on duty or off duty.")
    with house().db.write() as s:
        if wanted:
            shifts.begin(s, me().id, now)
        else:
            shifts.end(s, me().id)
        audit.write(s, me().id, "duty.begun" if wanted else "duty.ended", me().id, {}, now)
    until = clock_time(now + shifts.SHIFT_MS, house().settings.time_zone)
    flash(f"You are on duty until {until}." if wanted else "You are off duty.")
    return redirect(url_for("review.index"), 303)


def _keep_who_saw(response: Response) -> Response:
    """Only after the page is made: what makes it may hold a transaction of its own."""
    shown = g.pop(SHOWN, [])
    if not shown or response.status_code >= 400 or request.method == "HEAD":
        return response
    try:
        with house().db.read() as s:
            news = requests.unseen(s, me(), shown)
        if news:
            with house().db.write() as s:
                requests.saw(s, me(), news, house().clock())
    except Unavailable:
        # The page says where somebody waits, and that matters more than the trace: the next look leaves it.
        pass
    return response
