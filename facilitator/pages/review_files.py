"""Records as files. Each is written into the audit before it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask import Response, send_file

from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.people.access import Unknown, Verb, group_for, session_for
from facilitator.records import audit
from facilitator.records.exports import Taken, as_csv, file_name
from facilitator.records.record import Record, held, load

MOST_SESSIONS = 100
NOT_YET = "The record opens when the session has ended."


def record_file(session_id: str) -> Response:
    """One ended session."""
    with house().db.read() as s:
        record = load(s, session_for(s, me(), session_id, Verb.READ), house().clock())
    if record.live.state != "ended":
        raise Unknown(NOT_YET)
    what = f"{record.group}, session {record.number}, record {session_id}"
    return _leaving([record], what, "record.exported", session_id, file_name(record.group, f"session {record.number}"))


def group_file(group_id: str) -> Response:
    """All ended sessions of a group."""
    with house().db.read() as s:
        group = group_for(s, me(), group_id)
        records = held(s, group_id, house().clock(), MOST_SESSIONS)
    what = f"{group.name}, ended sessions: {len(records)}"
    if len(records) == MOST_SESSIONS:
        what += ", the newest"
    return _leaving(records, what, "group.exported", group_id, file_name(group.name, "sessions"))


def _leaving(records: Sequence[Record], what: str, action: str, target: str, name: str) -> Response:
    staff, now = me(), house().clock()
    file = as_csv(Taken(f"{staff.name} ({staff.role})", now, what, house().settings.time_zone), records)
    with house().db.write() as s:
        audit.write(s, staff.id, action, target, {"role": staff.role, "sessions": len(records)}, now)
    return send_file(BytesIO(file), "text/csv", as_attachment=True, download_name=name, max_age=0)
