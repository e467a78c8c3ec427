"""What ties a session's log and the words of its note to the audit's chain: digests, kept there as they were written.

A log is replayed whatever its lines say, so a line that was changed with care would still play. Its digest is taken
when the session ends and again at the signature, over the plan and every line so far.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlmodel import Session, col, select

from facilitator.storage.tables import GroupSession, SessionEvent


def digest(content: Any) -> str:
    """The SHA-256 of plain JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def seal_of_log(s: Session, session_id: str, entries: int | None = None) -> dict[str, Any]:
    """How many lines the log has and what they say with the plan; of the first ``entries`` lines when told."""
    query = select(SessionEvent).where(SessionEvent.session_id == session_id).order_by(col(SessionEvent.seq))
    lines = [[row.seq, row.at, row.staff_id, row.name, row.data] for row in s.exec(query.limit(entries))]
    return {"entries": len(lines), "digest": digest([_frame(s.get(GroupSession, session_id)), lines])}


def _frame(session: GroupSession | None) -> list[Any]:
    """What of a session no longer changes once its doors were opened."""
    if session is None:
        return []
    led = [session.group_id, session.facilitator_id, session.co_facilitator_id]
    frame = [*led, session.scheduled_at, session.plan_text]
    # Sessions from before plans were kept as they were read, or could be fitted, have digests without these.
    later = (session.plan_read, session.plan_fit)
    return [*frame, *(one for one in later if one is not None)]
