"""What a group's last session has left for somebody to do before the next one. Only for whoever may read its record.

It says that something waits and where, never who asked to talk.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from facilitator.people.access import Verb, may
from facilitator.records.notes import Status, note_of
from facilitator.records.record import Record
from facilitator.storage.tables import Staff

SIGNED = (Status.SIGNED, Status.CO_SIGNED)


@dataclass(frozen=True)
class LeftOver:
    """What is open after the session ``number`` of its group. ``unanswered``: how many asked to talk, and nobody has
    said what was done; ``note``: where its note stands; ``for_next_time``: the signed note's words on it, or "";
    ``leads``: whoever asks led it.
    """

    session: str
    number: int
    unanswered: int
    note: Status
    for_next_time: str
    leads: bool

    @property
    def is_something(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.unanswered or self.for_next_time or self.note is not Status.CO_SIGNED)


def left_over(s: Session, staff: Staff, record: Record) -> LeftOver | None:
    """What a session that was held has left over, or None when that is nothing, or not for ``staff`` to know."""
    session, note = record.session, note_of(s, record.session.id)
    if not may(staff, session, Verb.READ):
        return None
    status = Status(note.status) if note else Status.DRAFT
    signed_text = note.signed_text if note and status in SIGNED else None
    found = LeftOver(
        session=session.id,
        number=record.number,
        unanswered=sum(pin.is_open for pin in record.timeline.requests),
        note=status,
        for_next_time=str((signed_text or {}).get("sections", {}).get("next", "")),
        leads=may(staff, session, Verb.LEAD),
    )
    return found if found.is_something else None
