"""One session's record, to be read from top to bottom, and the supervisor's decision beside it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import house, signature
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.pages.note_form import LONGEST_OUTCOME, edition_of
from facilitator.pages.review_drawing import draw, tally_bars
from facilitator.pages.times import zoned
from facilitator.people.access import Role, Verb, may, session_for
from facilitator.realtime.commands import HandleRequest, Person
from facilitator.records import audit, notes
from facilitator.records.checks import checks
from facilitator.records.document import write_up
from facilitator.records.notes import Incomplete, Stale
from facilitator.records.record import Record, load
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession, Staff

LONGEST_COMMENT = 2_000


def show(session_id: str) -> ResponseReturnValue:
    """The record of an ended session. That it was read is written down."""
    return _page(session_id, Form({}))


def co_sign(session_id: str) -> ResponseReturnValue:
    """Confirm the note and lock the record, under the supervisor's own password."""
    form = posted()
    comment = _comment(form)

    def confirm(s: Session, session: GroupSession) -> None:
        notes.co_sign(s, session, me(), comment, edition=edition_of(form), now=house().clock())

    _may_decide(session_id)
    signature.check(form)
    return _decide(session_id, form, confirm, "Co-signed. The record is locked.")


def give_back(session_id: str) -> ResponseReturnValue:
    """Return the note to its author, with the reason."""
    form = posted()
    reason = _comment(form)

    def hand_back(s: Session, session: GroupSession) -> None:
        notes.give_back(s, session, me(), reason, edition=edition_of(form), now=house().clock())

    _may_decide(session_id)
    return _decide(session_id, form, hand_back, "Returned. The reason stays with the record.")


def handle(session_id: str) -> ResponseReturnValue:
    """Say what was done for somebody who asked to talk, while the session runs or after it."""
    form, staff = posted(), me()
    with house().db.read() as s:
        session_for(s, staff, session_id, Verb.READ)
    request = form.values.get("request", "")
    outcome = form.words("outcome", "What was done", longest=LONGEST_OUTCOME, missing="Say what was done.")
    if form.problems:
        # Beside its own field, of which the page has one for everybody who waits.
        form.problems[f"outcome-{request}"] = form.problems.pop("outcome")
        return _page(session_id, form), 422
    house().hub.run(session_id, HandleRequest(request, outcome), Person(staff.id, staff.name))
    flash("Kept as handled.")
    return redirect(url_for("review.show", session_id=session_id), 303)


def _comment(form: Form) -> str:
    return form.words("comment", "Comment", longest=LONGEST_COMMENT)


def _may_decide(session_id: str) -> None:
    with house().db.read() as s:
        session_for(s, me(), session_id, Verb.REVIEW)


def _decide(
    session_id: str, form: Form, decision: Callable[[Session, GroupSession], None], said: str
) -> ResponseReturnValue:
    if form.problems:
        return _page(session_id, form), 422
    try:
        with house().db.write() as s:
            decision(s, session_for(s, me(), session_id, Verb.REVIEW))
    except Incomplete as error:
        form.problems.update({one.field: one.sentence for one in error.missing})
        return _page(session_id, form), 422
    except Stale as refusal:
        # The comment stays; with the page drawn anew it is about the note that is there now.
        form.values.pop("edition", None)
        form.problems[""] = str(refusal)
        return _page(session_id, form), 409
    flash(said)
    return redirect(url_for("review.show", session_id=session_id), 303)


def _running(s: Session, record: Record, staff: Staff, form: Form) -> str:
    """A session that goes on has no record yet. A supervisor finds those here of whom they were told."""
    told = [pin for pin in record.timeline.requests if pin.escalated_at and staff.role == Role.SUPERVISOR]
    if told:
        details = {"role": staff.role, "part": "requests"}
        audit.write(s, staff.id, "record.read", record.session.id, details, house().clock())
    return render_template("review/not_yet.html", record=record, requests=told, problems=form.problems)


def _page(session_id: str, form: Form) -> str:
    staff, now = me(), house().clock()
    with house().db.write() as s:
        session = session_for(s, staff, session_id, Verb.READ)
        record, note = load(s, session, now), notes.note_of(s, session_id)
        if record.live.state != "ended" or note is None:
            return _running(s, record, staff, form)
        audit.write(s, staff.id, "record.read", session_id, {"role": staff.role}, now)
        steps, printed, readers = notes.steps_of(s, session_id), audit.head(s), audit.readers(s, session_id)
    text = note.signed_text or write_up(record, notes.sections_of(note, record), house().settings.time_zone.key)
    return render_template(
        "review/show.html",
        record=record,
        note=note,
        document=text,
        at=zoned(text["time_zone"]),
        steps=steps,
        drawing=draw(record.timeline),
        tallies=[(asked, tally_bars(asked.bands)) for asked in record.check_ins],
        checks=checks(record, note.signed_at),
        may_review=may(staff, session, Verb.REVIEW),
        may_write=may(staff, session, Verb.WRITE_NOTE),
        readers=readers,
        printed=printed,
        now=now,
        form=form,
        problems=form.problems,
    )
