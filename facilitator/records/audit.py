"""Who did or read what, as a chain: each row carries a keyed hash over itself and the row before.

Rows are only ever added; the database itself refuses to change or delete them (``storage/migrations``). Whoever
gets round that and edits, drops, swaps or forges a row breaks the chain, and ``verify`` names the first bad one.
A cut tail leaves a shorter chain that is whole: against that, ``Head`` is printed on every record that leaves
the screen and can be handed back to ``verify``.

Answers of phones have no place here: no answer, no seat, no moment at which somebody answered.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit

KEY = "audit_key"
PURPOSE = b"facilitator audit chain 1"
BEGINNING = "0" * 64
READS = ("record.read", "note.read", "record.exported")
READERS_SHOWN = 5
# Any number will do that nothing else in this database locks.
CHAIN_LOCK = 5_346_201


class Unsealed(RuntimeError):
    """The database was opened without its audit key: ``seal_with`` was not called."""


@dataclass(frozen=True)
class Head:
    """The last row of the chain: its number and its hash."""

    seq: int
    hash: str

    @property
    def short(self) -> str:
        """How the head is printed on paper: ``412 9f3ac21b``."""
        return f"{self.seq} {self.hash[:8]}"


@dataclass(frozen=True)
class Read:
    """Somebody read something: when (ms UTC), which member of staff, and what they opened."""

    at: int
    staff_id: str
    action: str


def seal_with(db: Database, secret: str) -> None:
    """Derive the key of this database's chain from the installation's secret. Called once, before any row."""
    key = hmac.digest(secret.encode(), PURPOSE, hashlib.sha256)
    db.engine.update_execution_options(**{KEY: key})


def write(s: Session, staff_id: str | None, action: str, target: str, details: Mapping[str, Any], now: int) -> None:
    """Add one row within the caller's transaction, so that a deed and its trace are kept together or not at all.

    ``action`` is a noun and a past verb ("note.signed"), ``target`` the id it was done to, ``details`` plain JSON.
    ``staff_id`` is None for what nobody signed in did. Raises Unsealed.
    """
    key = _key(s)
    _wait_for_my_turn(s)
    last = head(s)
    row = Audit(
        seq=last.seq + 1,
        at=now,
        staff_id=staff_id,
        action=action,
        target=target,
        # As it will be read back, or a tuple or a number used as a key would look like tampering.
        details=json.loads(json.dumps(details, allow_nan=False)),
        previous=last.hash,
        hash="",
    )
    row.hash = _hash(key, row)
    s.add(row)
    s.flush()


def head(s: Session) -> Head:
    """Where the chain stands now; before the first row, number 0."""
    last = s.exec(select(Audit.seq, Audit.hash).order_by(col(Audit.seq).desc()).limit(1)).first()
    return Head(*last) if last else Head(0, BEGINNING)


def readers(s: Session, target: str) -> list[Read]:
    """Who read a record, and what of it, each with the last time, the newest first."""
    reads = select(func.max(Audit.at), Audit.staff_id, Audit.action).where(
        Audit.target == target, col(Audit.action).in_(READS), col(Audit.staff_id).is_not(None)
    )
    by_reader = reads.group_by(col(Audit.staff_id), col(Audit.action))
    newest = by_reader.order_by(func.max(Audit.seq).desc()).limit(READERS_SHOWN)
    return [Read(at, staff_id or "", action) for at, staff_id, action in s.exec(newest)]


def verify(db: Database, printed: Head | None = None) -> int | None:
    """The number of the first row that is not as it was written, or None when the chain is whole.

    With a ``printed`` head, rows missing from the end are found too. Raises Unsealed.
    """
    with db.read() as s:
        key = _key(s)
        rows = s.exec(select(Audit).order_by(col(Audit.seq)).execution_options(yield_per=500))
        return _first_bad(rows, key, printed)


def _first_bad(rows: Iterable[Audit], key: bytes, printed: Head | None) -> int | None:
    before = Head(0, BEGINNING)
    for row in rows:
        expected = before.seq + 1
        as_written = hmac.compare_digest(row.hash, _hash(key, row))
        if row.seq != expected or row.previous != before.hash or not as_written:
            return expected
        before = Head(row.seq, row.hash)
        if printed and printed.seq == row.seq and not row.hash.startswith(printed.hash):
            return row.seq
    return before.seq + 1 if printed and printed.seq > before.seq else None


def _hash(key: bytes, row: Audit) -> str:
    content = [row.seq, row.at, row.staff_id, row.action, row.target, row.details, row.previous]
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()


def _key(s: Session) -> bytes:
    key = s.get_bind().get_execution_options().get(KEY)
    if not isinstance(key, bytes):
        raise Unsealed("Call audit.seal_with(db, secret) when the database is opened.")
    return key


def _wait_for_my_turn(s: Session) -> None:
    """One writer at a time, or two rows would follow the same one. SQLite has one writer anyway."""
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": CHAIN_LOCK})
