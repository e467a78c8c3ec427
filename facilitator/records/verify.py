"""Whether everything kept is as it was written: the audit's chain, each session's log, each signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, col, select

from facilitator.curricula.problems import PlanError
from facilitator.realtime.events import from_row
from facilitator.realtime.live import evolve, scheduled
from facilitator.realtime.store import plan_of
from facilitator.records import audit
from facilitator.records.editions import sha256
from facilitator.records.notes import Status, Step, digest_of, steps_of
from facilitator.records.seal import digest, seal_of_log
from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit, GroupSession, NoteStep, PlanEdition, ProgressNote, SessionEvent

# What reading or playing a line raises when it does not say what an event says.
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, AssertionError)
# A session is cancelled before it has a log.
ROW_STATES = {"scheduled": ("scheduled", "cancelled")}
NOBODY = (None, None)


def first_bad_entry(db: Database) -> str | None:
    """A sentence that names the first entry that is not as it was written, or None when everything is."""
    bad = audit.verify(db)
    if bad is not None:
        return f"Audit entry {bad} is not as it was written."
    with db.read() as s:
        looks = (_bad_logs, _bad_seals, _bad_steps, _bad_notes, _bad_editions)
        return next((sentence for look in looks for sentence in look(s)), None)


def _bad_logs(s: Session) -> Iterator[str]:
    for session in s.exec(select(GroupSession).order_by(col(GroupSession.scheduled_at), col(GroupSession.id))):
        problem = _problem_of(s, session)
        if problem:
            yield f"Session {session.id}: {problem}"


def _problem_of(s: Session, session: GroupSession) -> str | None:
    if sha256(session.plan_text) != session.plan_sha256:
        return "its plan is not the text that was kept with it."
    try:
        live = scheduled(plan_of(session), session.scheduled_at)
    except PlanError:
        return "its plan cannot be read."
    rows = s.exec(select(SessionEvent).where(SessionEvent.session_id == session.id).order_by(col(SessionEvent.seq)))
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


def _bad_seals(s: Session) -> Iterator[str]:
    """A log, and the words of a note, must be what they were when their digest went into the audit."""
    saved: dict[str, Audit] = {}
    for row in _of_notes(s):
        seal = row.details.get("log")
        if seal is not None and seal != seal_of_log(s, row.target, seal["entries"]):
            said = row.action.removeprefix("note.")
            yield f"Session {row.target}: its log is not as it was when its note was {said} (audit entry {row.seq})."
        if row.action == "note.saved":
            saved[row.target] = row
    for note in s.exec(select(ProgressNote)):
        last = saved.get(note.session_id)
        if digest(note.sections) != (last.details.get("digest") if last else digest({})):
            yield f"Session {note.session_id}: what was written in its note is not as it was saved."


def _bad_steps(s: Session) -> Iterator[str]:
    """What a step says, of whom and when, must fit its trace in the audit, and none may be missing."""
    steps = {step.id: step for step in s.exec(select(NoteStep))}
    for row in _of_notes(s):
        if "step" in row.details:
            step = steps.pop(row.details["step"], None)
            if step is None or not _fits(step, row):
                yield f"Session {row.target}: what its note's history says ({row.action}) is not as it was written."
    for step in steps.values():
        yield f"Session {step.session_id}: its note's history has an entry ({step.kind}) that nobody wrote."


def _fits(step: NoteStep, row: Audit) -> bool:
    told = (step.session_id, step.staff_id, step.at, digest_of(step))
    return told == (row.target, row.staff_id, row.at, row.details["digest"])


def _bad_notes(s: Session) -> Iterator[str]:
    """Every note that was drafted must be there, and stand where its history leaves it."""
    notes = {note.session_id: note for note in s.exec(select(ProgressNote).order_by(col(ProgressNote.session_id)))}
    drafted = {row.target for row in _of_notes(s) if row.action == "note.drafted"}
    for session_id in sorted(drafted - notes.keys()):
        yield f"Session {session_id}: its note is missing."
    for note in notes.values():
        co_signed = (note.co_signed_by, note.co_signed_at)
        stands = (note.status, note.signed_text, (note.signed_by, note.signed_at), co_signed)
        if stands != _told(steps_of(s, note.session_id)):
            yield f"Session {note.session_id}: its note is not the one that was signed."


def _bad_editions(s: Session) -> Iterator[str]:
    """A published plan must be what was published."""
    traced = {row.target: row.details for row in s.exec(select(Audit).where(Audit.action == "plan.published"))}
    for edition in s.exec(select(PlanEdition).order_by(col(PlanEdition.plan_id), col(PlanEdition.id))):
        said = traced.pop(edition.id, None)
        is_whole = sha256(edition.text) == edition.sha256
        if said is not None:
            is_whole = is_whole and (edition.sha256, sha256(edition.plan_read)) == (said["sha256"], said["read"])
        if not is_whole or (said is None) != (edition.author_id is None):
            yield f"Plan {edition.plan_id}, version {edition.version}, is not as it was published."
    for said in traced.values():
        yield f"Plan {said['plan']} was published, and is missing."


def _told(steps: Iterable[NoteStep]) -> tuple[Any, ...]:
    """Where these steps leave a note: its status, the signed text, and by whom and when it was signed and co-signed."""
    told: tuple[Any, ...] = (Status.DRAFT, None, NOBODY, NOBODY)
    for step in steps:
        match step.kind:
            case Step.SIGNED:
                text = step.signed_text or {}
                told = (Status.SIGNED, text, (step.staff_id, text["signed"]["at"]), NOBODY)
            case Step.RETURNED:
                told = (Status.RETURNED, None, NOBODY, NOBODY)
            case Step.CO_SIGNED:
                told = (Status.CO_SIGNED, *told[1:3], (step.staff_id, step.at))
    return told


def _of_notes(s: Session) -> Iterable[Audit]:
    return s.exec(select(Audit).where(col(Audit.action).startswith("note.")).order_by(col(Audit.seq)))
