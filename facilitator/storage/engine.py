"""One database: SQLite in a file, or PostgreSQL. Reads see a snapshot; a write is one short transaction."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session, create_engine

from facilitator.storage.problems import CannotOpen, Unavailable
from facilitator.text import BadText

__all__ = ["Database", "Session", "Unavailable", "file_of", "opening"]

LOCK_WAIT_MS = 5_000
PRAGMAS = (
    ("journal_mode", "WAL"),
    # FULL, because an acknowledged answer or command must survive a power cut, not only a crash.
    ("synchronous", "FULL"),
    ("foreign_keys", "ON"),
    # Without it, INSERT OR REPLACE would get round the triggers that keep a record from being changed.
    ("recursive_triggers", "ON"),
    # Deleted ballots and seats are overwritten, so that free pages of a stolen file hold nothing.
    ("secure_delete", "ON"),
    ("trusted_schema", "OFF"),
)


class Database:
    """Opens short database sessions (always ``db``) on one engine. A writer waits ``lock_wait_ms`` for its turn."""

    def __init__(self, url: str, lock_wait_ms: int = LOCK_WAIT_MS) -> None:
        self.is_sqlite = url.startswith("sqlite:")
        self._lock_wait_ms = lock_wait_ms
        self.engine = _sqlite(url, lock_wait_ms) if self.is_sqlite else _postgresql(url)
        event.listen(self.engine, "before_cursor_execute", _refuse_nul)
        logging.getLogger("sqlalchemy.engine.Engine").addFilter(_no_rows)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A database session for reading; whatever it would write is thrown away. Raises Unavailable.

        Text with a NUL in it raises BadText, here and in ``write``: PostgreSQL cannot take it, and SQLite would.
        """
        with _said_plainly(), Session(self._for_reading(), expire_on_commit=False) as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: commits at the end, or changes nothing. Raises Unavailable.

        On SQLite it starts IMMEDIATE: a transaction that reads first and writes later would otherwise fail when
        another one wrote between.
        """
        with _said_plainly(), Session(self.engine, expire_on_commit=False) as db:
            if self.is_sqlite:
                db.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield db
            db.commit()

    def _for_reading(self) -> Engine:
        """SQLite reads one moment by itself; PostgreSQL has to be told."""
        return self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")

    def is_well(self) -> bool:
        """Whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def empty_journal(self) -> bool:
        """Take what was deleted out of SQLite's journal as well. False: somebody is reading it, so ask again later.

        PostgreSQL keeps its own journal for its own reasons, and nothing is done about it here.
        """
        if not self.is_sqlite:
            return True
        try:
            with closing(self.engine.raw_connection()) as connection:
                cursor = connection.cursor()
                # Nobody waits for this: it can be done at any time.
                cursor.execute("PRAGMA busy_timeout=0")
                try:
                    return not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                finally:
                    cursor.execute(f"PRAGMA busy_timeout={self._lock_wait_ms}")
        except (sqlite3.OperationalError, OperationalError, NoConnectionFree):
            return False

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def file_of(url: str) -> Path | None:
    """The file of the SQLite database at ``url``; None for PostgreSQL."""
    database = make_url(url).database if url.startswith("sqlite:") else None
    return Path(database) if database else None


@contextmanager
def opening(url: str) -> Iterator[None]:
    """What goes wrong while the database at ``url`` is opened and first read, said for people. Raises CannotOpen."""
    try:
        which = f"The database {file_of(url) or make_url(url).render_as_string(hide_password=True)}"
    except (ArgumentError, ValueError) as error:
        raise CannotOpen("The database", "its address cannot be read") from error
    try:
        yield
    except ImportError as error:
        raise CannotOpen(which, f"{error.name} is not installed here (extra postgres)") from error
    except OSError as error:
        raise CannotOpen(which, error.strerror or str(error)) from error
    except DBAPIError as error:
        raise CannotOpen(which, str(error.orig).partition("\n")[0]) from error


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, NoConnectionFree) as error:
        raise Unavailable from error


def _refuse_nul(_connection: Any, _cursor: Any, _statement: str, parameters: Any, _context: Any, many: bool) -> None:
    for row in parameters if many else (parameters,):
        values = row.values() if isinstance(row, Mapping) else row
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise BadText("There is a character in this that cannot be kept. Type it again by hand.")


def _no_rows(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


# Statements may be logged, however the loggers are set. What goes in and comes out of them may not: names, seats, the
# order in which phones answered.
def _postgresql(url: str) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _sqlite(url: str, lock_wait_ms: int) -> Engine:
    if path := file_of(url):
        # Made here so that nobody else can read it, whatever the umask; -wal and -shm take its mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connect = {"check_same_thread": False, "timeout": lock_wait_ms / 1000}
    engine = create_engine(url, hide_parameters=True, connect_args=connect)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver would begin transactions by itself, deferred; ``_begin`` below does it instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in PRAGMAS:
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
