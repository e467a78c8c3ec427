"""Whether everything kept is as it was written: the audit's chain, each session's log, each signature."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from facilitator.curricula.library import frozen
from facilitator.curricula.problems import PlanError
from facilitator.realtime.events import from_row
from facilitator.realtime.live import evolve, scheduled
from facilitator.records import audit
from facilitator.records.notes import OPEN, Step, digest_of, steps_of
from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit, GroupSession, NoteStep, ProgressNote, SessionEvent

# What reading or playing a line raises when it does not say what an event says.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, AssertionError)
# A session is cancelled before it has a log.
ROW_STATES = {"scheduled": ("scheduled", "cancelled")}


def first_bad_entry(db: Database) -> str | None:
    """A sentence that names the first entry that is not as it was written, or None when everything is."""
    bad = audit.verify(db)
    if bad is not None:
        return f"Audit entry {bad} is not as it was written."
    with db.read() as s:
        return next(_bad_logs(s), None) or next(_bad_steps(s), None) or next(_bad_notes(s), None)


def _bad_logs(s: Session) -> Iterator[str]:
    for session in s.exec(select(GroupSession).order_by(col(GroupSession.scheduled_at), col(GroupSession.id))):
        problem = _problem_of(s, session)
        if problem:
            yield f"Session {session.id}: {problem}"


def _problem_of(s: Session, session: GroupSession) -> str | None:
    try:
        live = scheduled(frozen(session.plan_text), session.scheduled_at)
    except PlanError:
        return "its plan cannot be read."
    rows = s.exec(
        select(SessionEvent).where(SessionEvent.session_id == session.id).order_by(col(SessionEvent.seq))
    )
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected:
            return f"log entry {expected} is missing."
        try:
            live = evolve(live, from_row(row.name, row.data, at=row.at, by=row.staff_id))
        except UNREADABLE:
            return f"log entry {expected} cannot be read, or does not follow from those before."
    if session.state not in ROW_STATES.get(live.state, (live.state,)):
        return f"its log ends {_words(live.state)}, and its row says {_words(session.state)}."
    return None


def _words(state: str) -> str:
    return state.replace("_", " ")


def _bad_steps(s: Session) -> Iterator[str]:
    """What a step says must fit the digest that the audit kept of it, and none may be missing."""
    steps = {step.id: step for step in s.exec(select(NoteStep))}
    for row in s.exec(select(Audit).where(col(Audit.action).startswith("note.")).order_by(col(Audit.seq))):
        if "step" in row.details:
            step = steps.pop(row.details["step"], None)
            if step is None or digest_of(step) != row.details["digest"]:
                yield f"Session {row.target}: what its note's history says ({row.action}) is not as it was written."
    for step in steps.values():
        yield f"Session {step.session_id}: its note's history has an entry ({step.kind}) that nobody wrote."


def _bad_notes(s: Session) -> Iterator[str]:
    """What a note shows as signed must be what its last signature froze."""
    for note in s.exec(select(ProgressNote).order_by(col(ProgressNote.session_id))):
        signed = [step.signed_text for step in steps_of(s, note.session_id) if step.kind == Step.SIGNED]
        frozen_text = None if note.status in OPEN else signed[-1] if signed else {}
        if note.signed_text != frozen_text:
            yield f"Session {note.session_id}: its note is not the one that was signed."
