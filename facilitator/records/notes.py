"""The life of a progress note: draft, signed, co-signed or returned; afterwards only additions.

Who may do what stands in ``people.access`` and is asked here again for every signature. Each function works in the
caller's transaction and leaves its trace in the audit there, so that a note and its history are never apart.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from facilitator.people.access import NotYours, Verb, may
from facilitator.realtime.live import Refused
from facilitator.realtime.state import HOUR
from facilitator.records import audit
from facilitator.records.document import Document, write_up
from facilitator.records.draft import Missing, drafted, missing
from facilitator.records.record import Record, load
from facilitator.records.seal import digest, seal_of_log
from facilitator.storage.tables import GroupSession, NoteStep, ProgressNote, Staff

DUE_AFTER = 24 * HOUR
LATE_ENTRY_AFTER = 72 * HOUR
NOT_SIGNED_YET = "This note is not signed yet. Write in the note itself."


class Status(StrEnum):
    """Where a note stands."""

    DRAFT = "draft"
    RETURNED = "returned"
    SIGNED = "signed"
    CO_SIGNED = "co-signed"


class Step(StrEnum):
    """What can happen to a note. The last three add to a signed one and change nothing in it."""

    SIGNED = "signed"
    RETURNED = "returned"
    CO_SIGNED = "co-signed"
    ADDENDUM = "addendum"
    LATE_ENTRY = "late entry"
    CORRECTION = "correction"


OPEN = (Status.DRAFT, Status.RETURNED)
ADDITIONS = (Step.ADDENDUM, Step.LATE_ENTRY, Step.CORRECTION)


class Stale(Refused):
    """Somebody else saved this note since it was read. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Somebody else saved this note while you were writing. Nothing was lost.")


class Incomplete(Exception):
    """Something is still to be said first."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(" ".join(one.sentence for one in missing))
        self.missing = tuple(missing)


def draft_at_end(s: Session, session_id: str, now: int) -> None:
    """Begin the note of a session that ends, unless it was begun at an earlier end."""
    if s.get(ProgressNote, session_id) is None:
        s.add(ProgressNote(session_id=session_id))
        s.flush()
        audit.write(s, None, "note.drafted", session_id, {"log": seal_of_log(s, session_id)}, now)


def note_of(s: Session, session_id: str) -> ProgressNote | None:
    """The note, or None before the session's first end."""
    return s.get(ProgressNote, session_id)


def steps_of(s: Session, session_id: str) -> list[NoteStep]:
    """What happened to the note, oldest first."""
    steps = select(NoteStep).where(NoteStep.session_id == session_id)
    return list(s.exec(steps.order_by(col(NoteStep.at))))


def sections_of(note: ProgressNote, record: Record) -> dict[str, str]:
    """Every section: as a person wrote it, else as the log has it now."""
    return drafted(record) | note.sections


def save(
    s: Session, session: GroupSession, by: Staff, written: Mapping[str, str], *, edition: int, seen: int, now: int
) -> ProgressNote:
    """Keep what a person wrote. ``edition`` is the note's, ``seen`` the log's length, when the page was made.

    A section that still reads as the log had it then goes on following the log. Raises Stale, Refused, NotYours.
    """
    _must(may(by, session, Verb.WRITE_NOTE))
    note = _open_note(s, session, edition)
    as_shown = drafted(load(s, session, now, upto=seen)) | note.sections
    changed = {key: text for key, text in written.items() if key in as_shown and text != as_shown[key]}
    if changed:
        from_log = drafted(load(s, session, now))
        kept = {**note.sections, **changed}
        note.sections = {key: text for key, text in kept.items() if text != from_log[key]}
        _next_edition(s, note)
        details = {"role": by.role, "sections": sorted(changed), "digest": digest(note.sections)}
        audit.write(s, by.id, "note.saved", session.id, details, now)
    return note


def sign(s: Session, session: GroupSession, by: Staff, *, edition: int, time_zone: str, now: int) -> ProgressNote:
    """Freeze the note as it stands, under the name of the person who is signed in.

    Raises Incomplete with everything that is still to be said; Stale, Refused or NotYours.
    """
    _must(may(by, session, Verb.SIGN))
    note = _open_note(s, session, edition)
    record = load(s, session, now)
    if record.live.state != "ended" or record.live.ended_at is None:
        raise Refused("This session goes on. Its note can be signed after the end.")
    sections = sections_of(note, record)
    if unsaid := missing(record, sections):
        raise Incomplete(unsaid)
    signature = {"by": by.name, "at": now, "late_entry": now - record.live.ended_at > LATE_ENTRY_AFTER}
    text = write_up(record, sections, time_zone) | {"signed": signature}
    note.status, note.signed_text, note.signed_by, note.signed_at = Status.SIGNED, text, by.id, now
    _next_edition(s, note)
    _step(s, session, by, Step.SIGNED, "", now, text)
    return note


def give_back(s: Session, session: GroupSession, by: Staff, reason: str, *, edition: int, now: int) -> ProgressNote:
    """Return a signed note to its author. What was signed stays in the history. Raises as ``co_sign``."""
    note = _signed_note(s, session, by, edition)
    if not reason:
        raise Incomplete([Missing("comment", "Write what should change before you return the note.")])
    note.status, note.signed_text, note.signed_by, note.signed_at = Status.RETURNED, None, None, None
    _next_edition(s, note)
    _step(s, session, by, Step.RETURNED, reason, now)
    return note


def co_sign(s: Session, session: GroupSession, by: Staff, comment: str, *, edition: int, now: int) -> ProgressNote:
    """Confirm a signed note and lock the record. ``edition`` is the one that was read.

    Raises NotYours for one's own session, Stale when the note is another one by now, Refused unless it is signed.
    """
    note = _signed_note(s, session, by, edition)
    step = _step(s, session, by, Step.CO_SIGNED, comment, now)
    note.status, note.co_signed_by, note.co_signed_at = Status.CO_SIGNED, by.id, step.at
    _next_edition(s, note)
    return note


def add(s: Session, session: GroupSession, by: Staff, kind: Step, text: str, was: str, now: int) -> NoteStep:
    """Add to a signed note. For a correction, ``was`` holds the words that were wrong; they stay legible.

    Raises Incomplete when a text is missing, Refused before the note is signed, NotYours.
    """
    _must(may(by, session, Verb.WRITE_NOTE))
    note = _locked(s, session.id)
    if note.status in OPEN:
        raise Refused(NOT_SIGNED_YET)
    unsaid = [] if text else [Missing("text", "Write what you want to add.")]
    if kind is Step.CORRECTION and not was:
        unsaid.insert(0, Missing("was", "Copy the words that are wrong. They stay legible."))
    if unsaid:
        raise Incomplete(unsaid)
    return _step(s, session, by, kind, text, now, {"was": was} if kind is Step.CORRECTION else None)


def _open_note(s: Session, session: GroupSession, edition: int) -> ProgressNote:
    note = _locked(s, session.id)
    if note.status not in OPEN:
        raise Refused("This note is signed. Add an addendum instead.")
    if note.edition != edition:
        raise Stale
    return note


def _signed_note(s: Session, session: GroupSession, by: Staff, edition: int) -> ProgressNote:
    _must(may(by, session, Verb.REVIEW))
    note = _locked(s, session.id)
    if note.status != Status.SIGNED:
        raise Refused("This note does not wait for a co-signature.")
    if note.edition != edition:
        raise Stale
    _must(note.signed_by != by.id)
    return note


def _locked(s: Session, session_id: str) -> ProgressNote:
    note = s.exec(select(ProgressNote).where(ProgressNote.session_id == session_id).with_for_update()).first()
    if note is None:
        raise Refused("This session has no note yet. It is drafted when the session ends.")
    return note


def _must(allowed: bool) -> None:
    if not allowed:
        raise NotYours("This note is not yours to sign or to change.")


def _next_edition(s: Session, note: ProgressNote) -> None:
    note.edition += 1
    s.add(note)
    s.flush()


def _step(
    s: Session, session: GroupSession, by: Staff, kind: Step, text: str, now: int, signed: Document | None = None
) -> NoteStep:
    last = s.exec(select(func.max(NoteStep.at)).where(NoteStep.session_id == session.id)).one()
    step = NoteStep(
        id=secrets.token_hex(8),
        session_id=session.id,
        # Ids are random, so two steps of one millisecond would have no order.
        at=max(now, (last or 0) + 1),
        staff_id=by.id,
        kind=kind,
        text=text,
        signed_text=signed,
    )
    s.add(step)
    s.flush()
    # The digests tie the words to the chain: what is changed behind our back no longer fits its trace.
    details: dict[str, Any] = {"role": by.role, "step": step.id, "digest": digest_of(step)}
    if kind is Step.SIGNED:
        details["log"] = seal_of_log(s, session.id)
    audit.write(s, by.id, f"note.{kind.replace(' ', '_').replace('-', '_')}", session.id, details, step.at)
    return step


def digest_of(step: NoteStep) -> str:
    """The digest of what a step says."""
    return digest([step.kind, step.text, step.signed_text])
