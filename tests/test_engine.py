"""The database: short transactions that are whole or not at all, and a file that tells nothing to a thief."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import text

from facilitator.settings import Settings
from facilitator.storage.engine import PRAGMAS, Database, Unavailable
from facilitator.storage.tables import Group
from facilitator.text import BadText

AS_NUMBERS = {"ON": "1", "OFF": "0", "FULL": "2", "WAL": "wal"}


def names(db: Database) -> list[str]:
    with db.read() as s:
        return [name for (name,) in s.execute(text("SELECT name FROM therapy_group ORDER BY name"))]


def test_what_was_written_can_be_read(db: Database) -> None:
    with db.write() as s:
        s.add(Group(id="g1", name="Tuesday group"))

    assert names(db) == ["Tuesday group"]


def test_an_error_within_a_write_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as s:
        s.add(Group(id="g1", name="Tuesday group"))
        s.flush()
        raise ZeroDivisionError

    assert names(db) == []


def test_text_with_a_nul_is_neither_kept_nor_looked_for(db: Database) -> None:
    with pytest.raises(BadText), db.write() as s:
        s.add(Group(id="g1", name="Tuesday\0group"))
        s.flush()
    with pytest.raises(BadText), db.read() as s:
        s.get(Group, "g\0")
    with pytest.raises(BadText), db.write() as s:
        s.add_all([Group(id="g1", name="Tuesday group"), Group(id="g2", name="\0")])
        s.flush()

    assert names(db) == []


def test_what_is_changed_while_reading_is_thrown_away(db: Database) -> None:
    with db.read() as s:
        s.add(Group(id="g1", name="Tuesday group"))
        s.flush()

    assert names(db) == []


def test_a_reader_sees_one_moment_while_others_write(db: Database) -> None:
    with db.read() as s:
        before = s.execute(text("SELECT count(*) FROM therapy_group")).scalar_one()
        with db.write() as other:
            other.add(Group(id="g1", name="Tuesday group"))
        after = s.execute(text("SELECT count(*) FROM therapy_group")).scalar_one()

    assert (before, after) == (0, 0)
    assert names(db) == ["Tuesday group"]


def test_writers_that_read_first_wait_for_each_other(db: Database) -> None:
    """Begun otherwise than IMMEDIATE, the second would fail when it comes to write."""

    def add(number: int) -> None:
        with db.write() as s:
            count = s.execute(text("SELECT count(*) FROM therapy_group")).scalar_one()
            s.add(Group(id=f"g{number}", name=f"Group {count}"))

    threads = [threading.Thread(target=add, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert names(db) == [f"Group {count}" for count in range(8)]


@pytest.mark.parametrize(("pragma", "value"), PRAGMAS)
def test_every_connection_has_every_pragma(db: Database, pragma: str, value: str) -> None:
    with db.engine.connect() as one, db.engine.connect() as another:
        for connection in (one, another):
            assert str(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()) == AS_NUMBERS[value]


def test_the_file_is_ours_alone_whatever_the_umask(settings: Settings, db: Database) -> None:
    with db.write() as s:
        s.add(Group(id="g1", name="Tuesday group"))

    for file in settings.data.glob("facilitator.db*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_what_was_deleted_is_nowhere_in_the_file(settings: Settings, db: Database) -> None:
    with db.write() as s:
        s.add(Group(id="g1", name="A canary sings"))
    with db.write() as s:
        s.execute(text("DELETE FROM therapy_group"))
    db.close()

    assert b"A canary sings" not in (settings.data / "facilitator.db").read_bytes()


def test_a_database_that_is_held_by_another_is_unavailable_and_says_so(settings: Settings, db: Database) -> None:
    with closing(sqlite3.connect(settings.data / "facilitator.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        impatient = Database(settings.database_url, lock_wait_ms=50)
        with pytest.raises(Unavailable, match="Try again in a moment"), impatient.write():
            pass
        impatient.close()


def test_a_file_that_is_no_database_is_not_well(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"not a database, " * 400)
    broken = Database(f"sqlite:///{tmp_path / 'broken.db'}")

    assert not broken.is_well()


def test_a_healthy_one_is_well(db: Database) -> None:
    assert db.is_well()
