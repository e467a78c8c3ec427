"""What a store stands on, as a thief finds it: a SQLite file with its journal, or a PostgreSQL of our own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.postgresql import empty_database

ENGINES = ("SQLite", "PostgreSQL")
# The plans that come with the product hold no answer, and every attacker would read through them.
NO_PLANS = Path(__file__).parent / "no-plans"
MEMORY = Path("/dev/shm")  # noqa: S108 - our own folder in it
SQLITE_PAGE, SQLITE_WAL_HEADER, SQLITE_FRAME_HEADER = 4096, 32, 24
POSTGRESQL_PAGE, POSTGRESQL_SEGMENT = 8192, 16 * 1024 * 1024
# On every page of PostgreSQL's write-ahead log; the first of a file has 16 bytes more.
POSTGRESQL_WAL_HEADER = 24
WAL_LOOKED_AT = 512 * POSTGRESQL_PAGE
Copy = Callable[[Path], None]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Piece:
    """Bytes in the order in which they lie. ``page``: the length of a page that is filled from behind; 0: no pages."""

    content: bytes
    page: int = 0

    def place_of(self, offset: int) -> tuple[int, int]:
        """Sorts what was written first before what was written later."""
        return (offset // self.page, -offset) if self.page else (offset, 0)


class Ground(Protocol):
    """The attackers' side of a database."""

    name: str
    url: str

    def rows(self, query: str, check_in: str) -> list[Row]:
        """The rows of ``query``, in which ``:check_in`` stands; none when a table has no such column."""

    def journal(self) -> Piece:
        """The write-ahead log: what was written lately, also of what is deleted by now."""

    def pages(self, tables: Collection[str]) -> Piece:
        """The pages of the database's own file or files, with their free space."""

    def copy(self, how: Copy) -> Piece:
        """A backup, as the store or PostgreSQL's own tool makes it."""

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the database."""


class Sqlite:
    """The database file, with ``-wal`` and ``-shm`` beside it."""

    name = "SQLite"

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file, self._copies = file, 0
        self.url = f"sqlite:///{file}"
        self._thief = sqlite3.connect(file, isolation_level=None)

    def rows(self, query: str, check_in: str) -> list[Row]:
        try:
            return self._thief.execute(query, {"check_in": check_in}).fetchall()
        except sqlite3.OperationalError:
            return []

    def journal(self) -> Piece:
        frames = self._beside("-wal")[SQLITE_WAL_HEADER:]
        step = SQLITE_FRAME_HEADER + SQLITE_PAGE
        pages = [frames[at + SQLITE_FRAME_HEADER : at + step] for at in range(0, len(frames), step)]
        return Piece(b"".join(pages), SQLITE_PAGE)

    def pages(self, tables: Collection[str]) -> Piece:
        # As it is after a while, or when everybody has gone home.
        self._thief.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return Piece(self._file.read_bytes(), SQLITE_PAGE)

    def copy(self, how: Copy) -> Piece:
        self._copies += 1
        target = self._file.with_name(f"copy-{self._copies}")
        how(target)
        content = target.read_bytes()
        target.unlink()
        return Piece(content, SQLITE_PAGE)

    def files(self) -> Iterator[tuple[str, bytes]]:
        for file in self._file.parent.rglob("*"):
            if file.is_file():
                yield file.name, file.read_bytes()

    def _beside(self, suffix: str) -> bytes:
        file = self._file.with_name(f"{self._file.name}{suffix}")
        return file.read_bytes() if file.exists() else b""

    def close(self) -> None:
        """The thief goes."""
        self._thief.close()


class Postgresql:
    """One database of a private cluster, whose files can be read."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self.url = url
        self._plain = url.replace("+psycopg", "")
        self._thief = psycopg.connect(self._plain, autocommit=True)
        self._folder = Path(self._ask("SHOW data_directory"))

    def rows(self, query: str, check_in: str) -> list[Row]:
        try:
            return self._thief.execute(query.replace(":check_in", "%s"), [check_in]).fetchall()
        except psycopg.errors.UndefinedColumn:
            return []

    def journal(self) -> Piece:
        name = self._ask("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        here = int(self._ask("SELECT file_offset FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())"))
        end = -(-here // POSTGRESQL_PAGE) * POSTGRESQL_PAGE
        with (self._folder / "pg_wal" / name).open("rb") as file:
            file.seek(start := max(0, end - WAL_LOOKED_AT))
            content = file.read(end - start)
        pages = [content[at : at + POSTGRESQL_PAGE] for at in range(0, len(content), POSTGRESQL_PAGE)]
        return Piece(b"".join(page[POSTGRESQL_WAL_HEADER:] for page in pages))

    def pages(self, tables: Collection[str]) -> Piece:
        self._thief.execute("CHECKPOINT")
        paths = [self._ask(f"SELECT pg_relation_filepath('{table}')") for table in tables]
        return Piece(b"".join((self._folder / path).read_bytes() for path in paths), POSTGRESQL_PAGE)

    def copy(self, how: Copy) -> Piece:
        """With everything in it, as somebody makes it who has not read what to leave out."""
        return Piece(subprocess.run(["pg_dump", self._plain], check=True, capture_output=True).stdout)

    def files(self) -> Iterator[tuple[str, bytes]]:
        self._thief.execute("CHECKPOINT")
        for file in self._folder.rglob("*"):
            if file.is_file():
                yield file.name, file.read_bytes()

    def _ask(self, query: str) -> str:
        row = self._thief.execute(query).fetchone()
        assert row is not None
        return str(row[0])

    def close(self) -> None:
        """The thief goes."""
        self._thief.close()


class Grounds:
    """Makes empty databases of either engine. ``server`` starts PostgreSQL and gives its address."""

    def __init__(self, server: Callable[[], str]) -> None:
        self._server = server

    @contextmanager
    def empty(self, engine: str) -> Iterator[tuple[Ground, Path]]:
        """An empty database, and a folder for what lies beside it: ``data`` and ``runtime``."""
        # In memory where there is some: what is attacked is the bytes, not the disk.
        with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
            folder = Path(name)
            file = folder / "data" / "facilitator.db"
            with closing(Sqlite(file) if engine == "SQLite" else Postgresql(empty_database(self._server()))) as ground:
                yield ground, folder
