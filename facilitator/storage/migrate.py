"""Bring a database up to date. Runs at every start, and alone: of several processes one migrates, the others wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from facilitator.storage.engine import Database
from facilitator.storage.problems import TooNew

# Any number that nothing else in the same PostgreSQL database locks.
POSTGRESQL_LOCK = 7_046_029_254


def migrate(db: Database, fill: Callable[[Session], None] | None = None) -> None:
    """Upgrade ``db`` to the newest tables, or leave it as it was. Raises TooNew.

    ``fill`` puts in what an installation never goes without, in the same transaction and still alone.
    """
    with _alone(db.engine) as connection:
        _upgrade(connection)
        if fill:
            with Session(connection) as s:
                fill(s)
                s.flush()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "facilitator.storage:migrations")
    config.attributes["connection"] = connection
    if _is_current(config, connection):
        return
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise TooNew from error


def _is_current(config: Config, connection: Connection) -> bool:
    """Looked at first, because most starts have nothing to do."""
    head = ScriptDirectory.from_config(config).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "sqlite":
        with _file_lock(engine), engine.connect() as connection, _without_foreign_keys(connection):
            yield connection
        return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRESQL_LOCK})
        yield connection


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    assert engine.url.database is not None
    descriptor = os.open(f"{engine.url.database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """A table that is made anew is dropped first, which would delete what refers to it. Checked before the commit."""
    dbapi = connection.connection.cursor()
    dbapi.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("A migration left a row that refers to nothing. Nothing was changed.")
    finally:
        dbapi.execute("PRAGMA foreign_keys=ON")
        dbapi.close()
