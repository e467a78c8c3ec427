"""The facilitator's live page: everything of one session at a glance, and the commands that run it.

A page translates; it does not think. What may happen is decided by the engine, behind the hub.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import card_hints, forms, house, qr
from facilitator.pages.console_parts import checks, prompts, segments, to_do
from facilitator.pages.exercise_rows import exercises
from facilitator.pages.gate import me
from facilitator.people.access import Verb, session_for
from facilitator.people.groups import expected, get_group
from facilitator.realtime.codes import shown
from facilitator.realtime.commands import Person
from facilitator.realtime.live import Refused
from facilitator.realtime.reading import Malformed, read_command
from facilitator.realtime.state import MINUTE
from facilitator.records.previous import last_note
from facilitator.records.record import number_in_series
from facilitator.storage.tables import GroupSession

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

blueprint = Blueprint("console", __name__)


@blueprint.get("/sessions/<session_id>/console")
def show(session_id: str) -> ResponseReturnValue:
    """The console, drawn as the session is now; its script goes on from there."""
    session, settings = _led(session_id), house().settings
    live, view = house().hub.live(session_id), house().hub.console_view(session_id)
    with house().db.read() as s:
        group = get_group(s, session.group_id)
        number = number_in_series(s, session)
        roster = live.roster if live.opened_at else expected(s, session_id)
        note_before = last_note(s, session)
    return render_template(
        "console/show.html",
        session=session,
        me=me(),
        group=group,
        number=number,
        plan=live.plan,
        segments=segments(live.plan, session.scheduled_at),
        prompts=prompts(live.plan, settings),
        exercises=exercises(live.plan),
        roster=roster,
        checks=checks(live.plan, len(roster), note_before, settings),
        to_do=to_do(live.plan),
        view=view,
        ends_at=session.scheduled_at + live.plan.minutes * MINUTE,
        code=shown(session.join_code),
        address=settings.address,
        zone=settings.time_zone.key,
    )


@blueprint.post("/sessions/<session_id>/commands")
def command(session_id: str) -> ResponseReturnValue:
    """One command as JSON: ``{"rev"}``, or a sentence with 409 or 422. As a plain form: back to the console."""
    by = Person(me().id, me().name)
    _led(session_id)
    if request.mimetype not in FORMS:
        return {"rev": house().hub.run(session_id, read_command(forms.json_body()), by)}
    try:
        house().hub.run(session_id, read_command(forms.pressed()), by)
    except (Refused, Malformed) as error:
        flash(str(error))
    return redirect(url_for("console.show", session_id=session_id), 303)


@blueprint.get("/sessions/<session_id>/view")
def view(session_id: str) -> ResponseReturnValue:
    """The console's view, for a script without a socket."""
    _led(session_id)
    return house().hub.console_view(session_id)


@blueprint.get("/sessions/<session_id>/cards")
def cards(session_id: str) -> ResponseReturnValue:
    """The cards that were written, for those who decide which of them the group may see. Never pushed to anybody."""
    _led(session_id)
    live = house().hub.live(session_id)
    names = [name for _, name in live.roster] + list(live.guests.values())
    return {
        "cards": [
            {
                "id": card.id,
                "check_in": card.check_in_id,
                "text": card.text,
                "state": card.state,
                "hints": card_hints.hints(card.text, names),
            }
            for card in house().hub.cards(session_id)
        ]
    }


@blueprint.get("/sessions/<session_id>/qr.svg", endpoint="qr")
def code(session_id: str) -> ResponseReturnValue:
    """The join address as a QR code."""
    session = _led(session_id)
    return qr.picture(qr.join_url(house().settings.url, session.join_code))


def _led(session_id: str) -> GroupSession:
    """The session, which the person who asks leads. Raises Unknown, NotYours, or Refused for a cancelled one."""
    with house().db.read() as s:
        session = session_for(s, me(), session_id, Verb.LEAD)
    if session.state == "cancelled":
        raise Refused("This session was cancelled. Schedule a new one.")
    return session
