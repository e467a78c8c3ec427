"""The progress note: written and signed by those who led the session, read by their supervisors, added to later."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import house, signature
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.pages.note_form import (
    LONGEST,
    both_texts,
    choices,
    digests,
    edition_of,
    read_sections,
    seen_of,
    settle,
    shown,
    unsaved,
)
from facilitator.pages.times import Times, zoned
from facilitator.people.access import Verb, may, session_for
from facilitator.realtime.live import Refused
from facilitator.records import audit, notes
from facilitator.records.document import write_up
from facilitator.records.draft import Missing, missing
from facilitator.records.notes import ADDITIONS, Incomplete, Stale
from facilitator.records.record import Record, load
from facilitator.storage.tables import ProgressNote

NOT_YET = "This session goes on. Its note is drafted when it ends."
SAVED = "The draft is saved."
NOT_SIGNED = "The note is not signed yet. Nothing was lost."
SIGNED = "The note is signed. A supervisor reads it next."
KINDS = {kind.replace(" ", "-"): kind for kind in ADDITIONS}
WORDS_KEPT = "What you wrote was not saved and stands in the field for it."
ADDED = "Added. The signed words stay as they are."


def note(session_id: str) -> ResponseReturnValue:
    """The note: as a form for those who write it while it is open, else to be read."""
    staff, now = me(), house().clock()
    with house().db.write() as s:
        session = session_for(s, staff, session_id, Verb.READ)
        record, kept = load(s, session, now), notes.note_of(s, session_id)
        if record.live.state != "ended" or kept is None:
            return render_template("review/not_yet.html", record=record)
        audit.write(s, staff.id, "note.read", session_id, {"role": staff.role}, now)
    if kept.status in notes.OPEN and may(staff, session, Verb.WRITE_NOTE):
        return _form_page(record, kept, Form({}))
    return _reading_page(record, kept, Form({}))


def save_note(session_id: str) -> ResponseReturnValue:
    """Keep what was written so far."""
    form = posted()
    kept = _keep(session_id, form)
    if isinstance(kept, str):
        return kept, 409
    if form.problems:
        return _form_page(_opened(session_id), kept, form), 422
    flash(SAVED)
    return redirect(url_for("review.note", session_id=session_id), 303)


def sign_note(session_id: str) -> ResponseReturnValue:
    """Keep what was written, then sign it; or say everything that is still missing."""
    form = posted()
    kept = _keep(session_id, form)
    if isinstance(kept, str):
        return kept, 409
    record = _opened(session_id)
    unsaid: Sequence[Missing] = missing(record, notes.sections_of(kept, record))
    if not unsaid and not form.problems:
        signature.check(form)
    if not unsaid and not form.problems:
        # The password took a while: a mark may have been taken back meanwhile.
        unsaid = _sign(session_id, kept.edition)
    form.problems = {one.field: one.sentence for one in unsaid} | form.problems
    if form.problems:
        form.problems = {"": NOT_SIGNED} | form.problems
        return _form_page(_opened(session_id), kept, form), 422
    flash(SIGNED)
    return redirect(url_for("review.note", session_id=session_id), 303)


def add_to_note(session_id: str) -> ResponseReturnValue:
    """Add to a signed note; what was signed stays."""
    form, staff = posted(), me()
    kind = form.choice("kind", KINDS, "Choose what it is.")
    text = form.words("text", "Words", longest=LONGEST)
    was = form.words("was", "The words that are wrong", longest=LONGEST)
    try:
        with house().db.write() as s:
            session = session_for(s, staff, session_id, Verb.WRITE_NOTE)
            if not form.problems:
                notes.add(s, session, staff, KINDS[kind], text, was, house().clock())
    except Incomplete as error:
        form.problems |= {one.field: one.sentence for one in error.missing}
    if form.problems:
        with house().db.read() as s:
            record, kept = load(s, session, house().clock()), notes.note_of(s, session_id)
        if kept is None or kept.status in notes.OPEN:
            raise Refused(notes.NOT_SIGNED_YET)
        return _reading_page(record, kept, form), 422
    flash(ADDED)
    return redirect(url_for("review.note", session_id=session_id), 303)


def _opened(session_id: str) -> Record:
    """The record of an ended session whose note the person who asks may write. Raises Unknown, NotYours, Refused."""
    with house().db.read() as s:
        record = load(s, session_for(s, me(), session_id, Verb.WRITE_NOTE), house().clock())
    if record.live.state != "ended":
        raise Refused(NOT_YET)
    return record


def _keep(session_id: str, form: Form) -> ProgressNote | str:
    """The note with what was written; when it cannot be saved now, the page that gives the words back."""
    try:
        settle(_opened(session_id), form)
        return _saved(session_id, form)
    except Stale as refusal:
        return _conflict_page(session_id, form, str(refusal))
    except Refused as refusal:
        return _too_late_page(session_id, form, refusal)


def _saved(session_id: str, form: Form) -> ProgressNote:
    with house().db.write() as s:
        session = session_for(s, me(), session_id, Verb.WRITE_NOTE)
        now = house().clock()
        written = read_sections(load(s, session, now), form)
        edition, seen = edition_of(form), seen_of(form)
        return notes.save(s, session, me(), written, edition=edition, seen=seen, now=now)


def _sign(session_id: str, edition: int) -> Sequence[Missing]:
    """Sign the note; or say what has come to be missing."""
    try:
        with house().db.write() as s:
            session = session_for(s, me(), session_id, Verb.SIGN)
            zone = house().settings.time_zone.key
            notes.sign(s, session, me(), edition=edition, time_zone=zone, now=house().clock())
    except Incomplete as error:
        return error.missing
    return ()


def _form_page(record: Record, kept: ProgressNote, form: Form, theirs: dict[str, str] | None = None) -> str:
    with house().db.read() as s:
        steps = notes.steps_of(s, kept.session_id)
    sections, zone = shown(record, kept, form), house().settings.time_zone
    return render_template(
        "review/write.html",
        record=record,
        note=kept,
        sections=sections,
        choices=choices(record, sections),
        unsaid={one.field for one in missing(record, sections)},
        was=digests(record, kept),
        document=write_up(record, sections, zone.key),
        at=Times(zone),
        steps=steps,
        theirs=theirs or {},
        due_at=(record.live.ended_at or 0) + notes.DUE_AFTER,
        now=house().clock(),
        form=form,
        problems=form.problems,
    )


def _conflict_page(session_id: str, form: Form, refusal: str) -> str:
    """What I wrote in its fields, and beside it what somebody else saved meanwhile."""
    record = _opened(session_id)
    with house().db.read() as s:
        kept = notes.note_of(s, session_id) or ProgressNote(session_id=session_id)
    form.problems[""] = refusal
    return _form_page(record, kept, form, both_texts(record, kept, form))


def _too_late_page(session_id: str, form: Form, refusal: Refused) -> str:
    """Somebody signed the note, or the session goes on: my words are on the page that I can go on from."""
    with house().db.read() as s:
        session = session_for(s, me(), session_id, Verb.WRITE_NOTE)
        record, kept = load(s, session, house().clock()), notes.note_of(s, session_id)
    if kept is None or record.live.state != "ended":
        return render_template("review/not_yet.html", record=record, unsaved=unsaved(form, None))
    if kept.status in notes.OPEN:
        raise refusal
    words = "\n\n".join(unsaved(form, kept.signed_text).values())
    back = Form({"text": words} if words else {})
    back.problems[""] = f"{refusal} {WORDS_KEPT}" if words else str(refusal)
    return _reading_page(record, kept, back)


def _reading_page(record: Record, kept: ProgressNote, form: Form) -> str:
    staff = me()
    with house().db.read() as s:
        steps, printed = notes.steps_of(s, kept.session_id), audit.head(s)
    text = kept.signed_text or write_up(record, notes.sections_of(kept, record), house().settings.time_zone.key)
    return render_template(
        "review/note.html",
        record=record,
        note=kept,
        document=text,
        at=zoned(text["time_zone"]),
        steps=steps,
        printed=printed,
        may_write=may(staff, record.session, Verb.WRITE_NOTE),
        now=house().clock(),
        form=form,
        problems=form.problems,
    )
