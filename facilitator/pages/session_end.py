"""The summary of a session that has ended: what happened, and what is still to be settled.

Its buttons give the commands of the console. Where the page's script does not run they arrive here as a plain form.
"""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import house, the_clinic
from facilitator.pages.forms import pressed
from facilitator.pages.gate import me
from facilitator.people.access import Verb, leads_group, session_for
from facilitator.realtime.commands import Command, HandleRequest, MarkAttendance, MarkSegment, Person, Reopen
from facilitator.realtime.live import Refused
from facilitator.realtime.reading import Malformed, read_command
from facilitator.realtime.state import SEGMENT_MARKS
from facilitator.records import audit
from facilitator.records.group_arc import arc_of
from facilitator.records.loose_ends import NO_REASON, REASONS, loose_ends
from facilitator.records.notes import OPEN, Status, note_of
from facilitator.records.record import Record, load
from facilitator.storage.tables import Group

GIVEN_HERE = (MarkAttendance, MarkSegment, HandleRequest, Reopen)


def page(session_id: str, problem: str = "", code: int = 200) -> ResponseReturnValue:
    """The summary, or the way to a session that has not ended. ``problem``: why a button did nothing."""
    staff, now = me(), house().clock()
    with house().db.write() as s:
        session = session_for(s, staff, session_id, Verb.LEAD)
        if session.state != "ended":
            return redirect(url_for("sessions.show", session_id=session_id), 303)
        record, note = load(s, session, now), note_of(s, session_id)
        audit.write(s, staff.id, "record.read", session_id, {"role": staff.role}, now)
    with house().db.read() as s:
        group = s.get_one(Group, session.group_id)
        arc = arc_of(s, group, the_clinic()) if group.active and leads_group(s, staff, group.id) else None
    status = Status(note.status) if note else Status.DRAFT
    reopen_until = record.live.reopen_until
    shown = render_template(
        "sessions/ended.html",
        record=record,
        arc=arc,
        ends=loose_ends(record),
        status=status,
        is_open=status in OPEN,
        can_reopen=reopen_until if reopen_until and reopen_until >= now and status in OPEN else None,
        longest=_longest(record),
        segment_marks=SEGMENT_MARKS,
        reasons=REASONS,
        no_reason=NO_REASON,
        problems={"": problem} if problem else {},
    )
    return make_response(shown, code)


def settle(session_id: str) -> ResponseReturnValue:
    """Carry out one command of the summary, and come back to it."""
    with house().db.read() as s:
        session_for(s, me(), session_id, Verb.LEAD)
    try:
        command = _command()
        house().hub.run(session_id, command, Person(me().id, me().name))
    except Refused as error:
        return page(session_id, str(error), 409)
    except Malformed as error:
        return page(session_id, str(error), 422)
    if isinstance(command, Reopen):
        return redirect(url_for("console.show", session_id=session_id), 303)
    flash("Saved.")
    return redirect(url_for("sessions.ended", session_id=session_id), 303)


def _command() -> Command:
    """The command of the button that was pressed. Raises Malformed."""
    command = read_command(pressed())
    if not isinstance(command, GIVEN_HERE):
        raise Malformed("This cannot be done from here.")
    return command


def _longest(record: Record) -> int:
    """The longest time of any segment, planned or actual (ms): the width of the drawing."""
    return max(max(row.planned_ms, row.actual_ms) for row in record.timeline.rows)
