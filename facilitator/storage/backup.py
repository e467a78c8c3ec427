"""A copy of the whole SQLite database in one file, and the way back. PostgreSQL brings its own tools for this."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from facilitator.storage.engine import file_of

# What is only of use while a room is open. A copy is kept for years and must not hold it, not even as ciphertext.
NEVER_COPIED = ("ballot", "wall_card", "seat", "asked_seat", "knock", "sign_in")


class CannotCopy(Exception):
    """A backup or a restore that was not done. The text says why, and what to do; nothing was changed."""


def back_up(url: str, target: Path) -> None:
    """Write the database at ``url`` to the new file ``target``, which only this user can read. Raises CannotCopy.

    Sessions may be running meanwhile: the copy is of one moment.
    """
    source = _sqlite_file(url)
    if not source.exists():
        raise CannotCopy(f"There is no database at {source} yet.")
    # Stripped in memory, so that what is left out does not lie in the free space of another disk.
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        try:
            with closing(sqlite3.connect(source)) as database:
                database.backup(copy)
            for table in NEVER_COPIED:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            copy.execute("VACUUM")
        except sqlite3.DatabaseError as error:
            raise CannotCopy(f"The database {source} cannot be copied: {error}.") from error
        _write(copy, target)


def restore(source: Path, url: str, *, replace: bool = False) -> None:
    """Make the backup ``source`` the database at ``url``, which nobody may be using.

    Raises CannotCopy when it is no backup of ours, when there is a database already and ``replace`` is not set, or when
    that one is in use.
    """
    target = _sqlite_file(url)
    if target.is_dir():
        raise CannotCopy(f"There is a folder at {target}, where the database should be.")
    if target.exists() and not replace:
        raise CannotCopy(f"There is a database at {target} already. To put the backup in its place, add --replace.")
    _check(source)
    if target.exists() and _is_in_use(target):
        raise CannotCopy(f"Somebody is using the database at {target}. Stop the server first.")
    arriving = target.with_name(f"{target.name}.arriving")
    arriving.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as backup:
        _write(backup, arriving)
    # Its journal belongs to the database that goes, and would be played into the one that comes.
    for journal in ("-wal", "-shm"):
        target.with_name(f"{target.name}{journal}").unlink(missing_ok=True)
    arriving.replace(target)
    _sync(target.parent)


def _sqlite_file(url: str) -> Path:
    file = file_of(url)
    if file is None:
        left_out = " ".join(f"--exclude-table-data={table}" for table in NEVER_COPIED)
        raise CannotCopy(f"This database is PostgreSQL. Use pg_dump {left_out}, and pg_restore.")
    return file


def _write(source: sqlite3.Connection, target: Path) -> None:
    """Copy into a new file that is complete on disk when this returns."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise CannotCopy(f"There is a file at {target} already. Choose another name.") from None
    except OSError as error:
        raise CannotCopy(f"Cannot write {target}: {error.strerror}.") from error
    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy)
            # One file, without a journal beside it that could be left behind.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        target.unlink()
        raise CannotCopy(f"Cannot write {target}: {error}.") from error
    _sync(target)
    _sync(target.resolve().parent)


def _check(source: Path) -> None:
    if not source.is_file():
        raise CannotCopy(f"There is no file at {source}.")
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as backup:
            whole = backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = backup.execute("SELECT 1 FROM sqlite_master WHERE name = 'session_event'").fetchone()
    except sqlite3.DatabaseError:
        whole, ours = False, None
    if not whole or not ours:
        raise CannotCopy(f"{source} is damaged, or is no backup that Facilitator made.")


def _is_in_use(database: Path) -> bool:
    """Whether another process has it open, which would go on writing into a file that is no longer there."""
    with closing(sqlite3.connect(database, timeout=0)) as db:
        try:
            # Nobody is let out of the write-ahead log while others are in it.
            db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
