"""Migrations: they make exactly the tables of ``tables.py``, alone, once; and a record can only be added to."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, text

from facilitator.records.editions import sha256
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from facilitator.storage.migrate import TooNew, migrate
from facilitator.storage.tables import Audit, GroupSession, NoteStep, SessionEvent
from tests.conftest import Clinic

APPEND_ONLY = ("session_event", "note_step", "audit")


def definitions(connection: Connection) -> Mapping[str, str]:
    """Every table and index as SQLite keeps it, by name."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
    )
    return {name: _in_one_order(sql) for name, sql in rows if name != "alembic_version"}


def _in_one_order(sql: str) -> str:
    """A column that was added later stands behind the constraints, which changes nothing."""
    head, _, items = " ".join(sql.split()).partition("(")
    return f"{head}({', '.join(sorted(re.split(r', (?=[a-z]|CONSTRAINT)', items.strip(' )'))))}"


def test_a_migrated_database_is_what_the_tables_say(db: Database, tmp_path: Path) -> None:
    described = Database(f"sqlite:///{tmp_path / 'described.db'}")
    SQLModel.metadata.create_all(described.engine)

    with db.engine.connect() as migrated, described.engine.connect() as wanted:
        assert definitions(migrated) == definitions(wanted)
        assert compare_metadata(MigrationContext.configure(migrated), SQLModel.metadata) == []
    described.close()


def upgraded_to(db: Database, revision: str) -> None:
    """What an installation was left with by the version of the product that made this revision."""
    config = Config()
    config.set_main_option("script_location", "facilitator.storage:migrations")
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_an_installation_of_the_first_version_keeps_its_sessions(tmp_path: Path) -> None:
    db, text_of_old = Database(f"sqlite:///{tmp_path / 'old.db'}"), "---\nid: T04\n"
    upgraded_to(db, "0001")
    with db.write() as s:
        s.execute(text("INSERT INTO staff VALUES ('f', 'f@x', 'Fern', 'facilitator', '', 1, 1, NULL)"))
        s.execute(text("INSERT INTO therapy_group VALUES ('g', 'Group', 1)"))
        columns = "'s', 'g', 'f', NULL, 'T04', 'Waves', '1.0', :text, 60, 1, 'ended', 'token', 'CDFGHJ'"
        s.execute(text(f"INSERT INTO session VALUES ({columns})"), {"text": text_of_old})  # noqa: S608 - our own words
        s.execute(text("INSERT INTO session_event VALUES ('s', 1, 1, 'f', 'DoorsOpened', '{}')"))

    migrate(db)

    with db.read() as s:
        kept = s.get_one(GroupSession, "s")
        assert (kept.plan_text, kept.plan_sha256, kept.plan_read) == (text_of_old, sha256(text_of_old), None)
        assert (kept.join_code, s.get_one(SessionEvent, ("s", 1)).name) == ("CDFGHJ", "DoorsOpened")
    with pytest.raises(DBAPIError, match="append-only"), db.write() as s:
        s.execute(text("DELETE FROM session_event"))
    db.close()


def test_a_published_plan_is_never_changed(db: Database) -> None:
    for change in ("UPDATE plan_edition SET text = ''", "DELETE FROM plan_edition"):
        with pytest.raises(DBAPIError, match="plan_edition is append-only"), db.write() as s:
            s.execute(text(change))


def test_migrating_again_changes_nothing(db: Database, settings: Settings) -> None:
    db.close()
    before = (settings.data / "facilitator.db").read_bytes()

    migrate(db)

    db.close()
    assert (settings.data / "facilitator.db").read_bytes() == before


def test_of_several_processes_that_start_at_once_one_migrates(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path / 'new.db'}") for _ in range(4)]
    threads = [threading.Thread(target=migrate, args=[db]) for db in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for db in databases:
        assert "audit" in inspect(db.engine).get_table_names()
        db.close()


def test_a_database_of_a_later_version_is_left_alone(db: Database) -> None:
    with db.write() as s:
        s.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(TooNew, match="later version"):
        migrate(db)


@pytest.fixture
def records(clinic: Clinic) -> Database:
    """One row in each of the tables that are records."""
    session = clinic.session()
    now, fern = clinic.clock(), clinic.cast.fern.id
    with clinic.db.write() as s:
        s.add(SessionEvent(session_id=session.id, seq=1, at=now, name="Started", data={}))
        s.add(NoteStep(id="n1", session_id=session.id, at=now, staff_id=fern, kind="signed"))
        s.add(Audit(seq=1, at=now, action="note.signed", target=session.id, details={}, previous="", hash=""))
    return clinic.db


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET at = 0", "DELETE FROM {}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_a_record_is_never_changed(records: Database, table: str, change: str) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), records.write() as s:
        s.execute(text(change.format(table)))

    with records.read() as s:
        assert s.execute(text(f"SELECT count(*) FROM {table} WHERE at > 0")).scalar_one() == 1  # noqa: S608 - our names


def test_the_answers_table_has_no_column_that_could_tell_who_or_when(db: Database) -> None:
    inspector = inspect(db.engine)

    assert [column["name"] for column in inspector.get_columns("ballot")] == ["check_in_id", "responder", "sealed"]
    assert [column["name"] for column in inspector.get_columns("seat")] == ["digest", "session_id"]


@pytest.mark.parametrize("table", ["ballot", "seat"])
def test_answers_and_seats_have_no_row_numbers(db: Database, table: str) -> None:
    """A counted row number would give the order of answering back."""
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="no such column"):
        connection.exec_driver_sql(f"SELECT rowid FROM {table}")  # noqa: S608 - our names


def test_the_database_keeps_references_whole_after_migrating(db: Database) -> None:
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with pytest.raises(DBAPIError, match="FOREIGN KEY"), db.write() as s:
        s.execute(text("INSERT INTO member VALUES ('m1', 'no such group', 'Robin', 1)"))


def test_a_thief_with_the_file_finds_the_triggers_too(settings: Settings, records: Database) -> None:
    """They are in the file, not in our program."""
    records.close()
    with closing(sqlite3.connect(settings.data / "facilitator.db")) as stolen:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            stolen.execute("DELETE FROM audit")
