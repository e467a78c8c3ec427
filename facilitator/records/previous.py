"""The meeting before this one: what a facilitator should know of it when the group comes in again."""

from __future__ import annotations

from sqlmodel import Session, col, select

from facilitator.storage.tables import GroupSession, ProgressNote


def last_note(s: Session, session: GroupSession) -> ProgressNote | None:
    """The note of the last session that this group held before ``session``; None when there was none."""
    query = (
        select(ProgressNote)
        .join(GroupSession, col(GroupSession.id) == ProgressNote.session_id)
        .where(
            GroupSession.group_id == session.group_id,
            GroupSession.id != session.id,
            GroupSession.scheduled_at < session.scheduled_at,
        )
        .order_by(col(GroupSession.scheduled_at).desc())
    )
    return s.exec(query).first()
