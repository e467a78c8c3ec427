"""Backups: one private file without what only matters while a room is open; restored, never by surprise."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.house import House, open_house
from facilitator.people import staff as people
from facilitator.realtime import commands as c
from facilitator.realtime.hub import Seated
from facilitator.records.verify import first_bad_entry
from facilitator.settings import Settings
from facilitator.storage.backup import NEVER_COPIED, CannotCopy, back_up, restore
from tests.conftest import Clinic, SettableClock

CANARIES = (
    "SELECT responder FROM ballot",
    "SELECT sealed FROM ballot",
    "SELECT digest FROM seat",
    "SELECT digest FROM knock",
    "SELECT digest FROM sign_in",
)


@pytest.fixture
def in_session(settings: Settings, clinic: Clinic, clock: SettableClock) -> Iterator[House]:
    """A check-in is open, six phones are in and have answered, one waits outside, and Fern is signed in."""
    house = open_house(settings, clock)
    hub, session, fern = house.hub, clinic.session("T01"), c.Person(clinic.cast.fern.id, "Fern")
    hub.run(session.id, c.OpenDoors(), fern)
    seats = [hub.take_seat(session.id, None, None) for _ in range(6)]
    hub.run(session.id, c.Start(), fern)
    hub.run(session.id, c.Lock(), fern)
    hub.take_seat(session.id, None, None)
    hub.run(session.id, c.EnterSegment(1), fern)
    hub.run(session.id, c.OpenCheckIn(), fern)
    (check_in,) = hub.live(session.id).check_ins
    for seat in seats:
        assert isinstance(seat, Seated)
        hub.answer(session.id, seat.seat, check_in, 7)
    with house.db.write() as s:
        people.open_sign_in(s, clinic.cast.fern.id, clock())
    yield house
    house.db.close()


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608 - our names


def test_what_only_matters_while_a_room_is_open_is_left_out(in_session: House, tmp_path: Path) -> None:
    original, copy = in_session.settings.data / "facilitator.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(original)) as db:
        canaries = [value for query in CANARIES for (value,) in db.execute(query)]
    assert len(canaries) == 6 + 6 + 6 + 1 + 1

    back_up(in_session.settings.database_url, copy)

    kept = copy.read_bytes()
    for canary in canaries:
        assert (canary if isinstance(canary, bytes) else canary.encode()) not in kept
    for table in NEVER_COPIED:
        assert rows(copy, table) == []


def test_everything_else_is_copied(in_session: House, tmp_path: Path) -> None:
    original, copy = in_session.settings.data / "facilitator.db", tmp_path / "copy.db"

    back_up(in_session.settings.database_url, copy)

    for table in ("staff", "member", "session", "session_event", "check_in", "audit"):
        assert rows(copy, table) == rows(original, table)


def test_the_copy_is_one_file_that_only_we_can_read(in_session: House, tmp_path: Path) -> None:
    back_up(in_session.settings.database_url, tmp_path / "backups.db")

    (copy,) = tmp_path.glob("backups.db*")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_never_replaces_a_file(in_session: House, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(CannotCopy, match="already"):
        back_up(in_session.settings.database_url, tmp_path / "thesis.txt")

    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_nothing_to_copy_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(CannotCopy, match="no database"):
        back_up(settings.database_url, tmp_path / "copy.db")


def test_a_restored_clinic_goes_on_and_verifies(in_session: House, tmp_path: Path) -> None:
    settings = in_session.settings
    back_up(settings.database_url, tmp_path / "copy.db")
    in_session.db.close()
    (settings.data / "facilitator.db").unlink()

    restore(tmp_path / "copy.db", settings.database_url)

    restored = open_house(settings, in_session.clock)
    assert first_bad_entry(restored.db) is None
    with restored.db.read() as s:
        assert people.find(s, "fern@clinic.example") is not None
    assert stat.S_IMODE((settings.data / "facilitator.db").stat().st_mode) == 0o600
    restored.db.close()


def test_a_database_that_is_there_is_not_replaced_by_surprise(in_session: House, tmp_path: Path) -> None:
    url, file = in_session.settings.database_url, in_session.settings.data / "facilitator.db"
    back_up(url, tmp_path / "copy.db")
    before = rows(file, "ballot")

    with pytest.raises(CannotCopy, match="--replace"):
        restore(tmp_path / "copy.db", url)

    assert rows(file, "ballot") == before


def test_a_database_in_use_is_not_replaced(in_session: House, tmp_path: Path) -> None:
    """The server would go on writing, into a file that is no longer there."""
    url, file = in_session.settings.database_url, in_session.settings.data / "facilitator.db"
    back_up(url, tmp_path / "copy.db")
    before = rows(file, "ballot")

    with pytest.raises(CannotCopy, match="Stop the server"):
        restore(tmp_path / "copy.db", url, replace=True)

    assert rows(file, "ballot") == before
    assert not file.with_name("facilitator.db.arriving").exists()


def test_replaced_on_purpose_nothing_of_the_old_one_is_played_into_it(in_session: House, tmp_path: Path) -> None:
    """The write-ahead log of the old database still lies there after a crash."""
    back_up(in_session.settings.database_url, tmp_path / "copy.db")
    with in_session.db.write() as s:
        people.open_sign_in(s, people.find(s, "fern@clinic.example").id, in_session.clock())
    file = shutil.copytree(in_session.settings.data, tmp_path / "crashed") / "facilitator.db"
    assert file.with_name("facilitator.db-wal").exists()

    restore(tmp_path / "copy.db", f"sqlite:///{file}", replace=True)

    assert rows(file, "sign_in") == []
    assert not file.with_name("facilitator.db-wal").exists()


@pytest.mark.parametrize("content", [b"", b"not a database, " * 300, None])
def test_what_is_no_backup_is_refused(settings: Settings, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "copy.db").write_bytes(content)

    with pytest.raises(CannotCopy):
        restore(tmp_path / "copy.db", settings.database_url)

    assert not (settings.data / "facilitator.db").exists()


def test_a_database_of_another_program_is_refused(settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "copy.db")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")

    with pytest.raises(CannotCopy, match="no backup"):
        restore(tmp_path / "copy.db", settings.database_url)
