"""A store that does what most do, and is caught by every attack here: what it was built to show.

A row an answer under a random key, with a time and the seat; a receipt with a counted number; a queue that is emptied
at closing, so "it is deleted" is true; and nothing sealed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, create_engine, event, text

from tests.attacks.ground import Ground
from tests.attacks.stores import PHONES, VALUES, Knowledge, Sitting, Table

TABLES = (
    "CREATE TABLE answer (id TEXT PRIMARY KEY, check_in_id TEXT, seat TEXT, said TEXT, created_at BIGINT)",
    "CREATE TABLE receipt (number INTEGER PRIMARY KEY, check_in_id TEXT, seat TEXT, said TEXT)",
    "CREATE TABLE queue (check_in_id TEXT, seat TEXT, said TEXT)",
    "CREATE TABLE counted (check_in_id TEXT, said TEXT)",
)
PUT = (
    "INSERT INTO answer VALUES (:id, :check_in, :seat, :said, :at)",
    "INSERT INTO receipt VALUES (:number, :check_in, :seat, :said)",
    "INSERT INTO queue VALUES (:check_in, :seat, :queued)",
)
CLOSE = (
    "INSERT INTO counted SELECT check_in_id, said FROM queue WHERE check_in_id = :check_in",
    "DELETE FROM queue WHERE check_in_id = :check_in",
)
RECORD = rb"%s.{0,4}?(?P<who>[0-9a-f]{32}).{0,4}?(?P<said>\{\"\w+\":\d\})"


class NaiveStore:
    """Everything under a random name, and every name useless as a hiding place."""

    knowledge = Knowledge(
        tables=(
            Table("answer", "id", "seat", "said", ("id", "seat", "said", "created_at")),
            Table("receipt", "number", "seat", "said", ("number", "seat", "said")),
        ),
        record=RECORD,
        freed=RECORD.replace(rb"\w+", b"queued"),
        raw_tables=("answer", "receipt", "queue"),
    )

    def __init__(self, ground: Ground) -> None:
        self._dice = Random(f"naive {ground.name}")
        self._number = 0
        self.engine = create_engine(ground.url)
        if ground.name == "SQLite":
            event.listen(self.engine, "connect", _as_sqlite_comes)
        with self.engine.begin() as db:
            for table in TABLES:
                db.execute(text(table))

    def sit(self, number: int) -> Sitting:
        values = tuple(self._dice.sample(VALUES, PHONES))
        seats = tuple(self._name(16) for _ in range(PHONES))
        sitting = Sitting(number, self._name(8), self._name(8), seats, values)
        for seat, value in zip(seats, values, strict=True):
            self.answer(sitting.check_in, seat, value)
        return sitting

    def answer(self, check_in: str, seat: str, value: int) -> None:
        """Keep one answer; a second one from the same phone is kept as well."""
        self._number += 1
        row: dict[str, Any] = {"id": self._name(16), "check_in": check_in, "seat": seat, "number": self._number}
        row |= {"said": _json({"value": value}), "queued": _json({"queued": value}), "at": 1_000 * self._number}
        with self.engine.begin() as db:
            for put in PUT:
                db.execute(text(put), row)

    def close(self, sitting: Sitting) -> None:
        """Count what waits in the queue, and then, in a transaction of its own, empty it."""
        close(self.engine, sitting.check_in)

    def tally(self, check_in: str) -> int:
        """How many answers there are."""
        return self._count("answer", check_in)

    def counted(self, check_in: str) -> int:
        """How many were counted at closing."""
        return self._count("counted", check_in)

    def _count(self, table: str, check_in: str) -> int:
        query = text(f"SELECT count(*) FROM {table} WHERE check_in_id = :check_in")  # noqa: S608 - our own names
        with self.engine.connect() as db:
            return int(db.execute(query, {"check_in": check_in}).scalar_one())

    def copy(self, target: Path) -> None:
        with closing(sqlite3.connect(self.engine.url.database or "")) as database:
            database.execute("VACUUM INTO ?", [str(target)])

    def _name(self, length: int) -> str:
        return self._dice.randbytes(length).hex()


@contextmanager
def naive_store(ground: Ground) -> Iterator[NaiveStore]:
    """A naive store on ``ground``."""
    store = NaiveStore(ground)
    try:
        yield store
    finally:
        store.engine.dispose()


def close(engine: Engine, check_in: str) -> None:
    """How the naive store closes."""
    for step in CLOSE:
        with engine.begin() as db:
            db.execute(text(step), {"check_in": check_in})


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _as_sqlite_comes(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Some distributions switch the second on; as SQLite itself comes, it is off.
    for pragma in ("journal_mode=WAL", "secure_delete=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
