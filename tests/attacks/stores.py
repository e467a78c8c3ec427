"""What both stores have, so that one attack can be run against either: sessions of eight phones, and rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PHONES = 8
VALUES = tuple(range(PHONES))


@dataclass(frozen=True)
class Table:
    """Where a store keeps answers while it has them, one row each. ``columns`` are all that can be sorted by."""

    name: str
    key: str
    who: str
    said: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Knowledge:
    """What everybody can read in a program.

    ``record`` and ``freed`` are patterns of a row as it lies in a file, with the check-in's id as ``%s`` and groups
    ``who`` and ``said``; ``freed`` matches only rows that closing deletes.
    """

    tables: tuple[Table, ...]
    record: bytes
    freed: bytes
    raw_tables: tuple[str, ...]


@dataclass(frozen=True)
class Sitting:
    """One check-in of eight phones. Seats and values stand in the order of answering, which somebody watched."""

    number: int
    session: str
    check_in: str
    seats: tuple[str, ...]
    values: tuple[int, ...]


class Store(Protocol):
    """Runs check-ins and keeps what it keeps."""

    knowledge: Knowledge

    def sit(self, number: int) -> Sitting:
        """Eight phones have come, a check-in was opened, and all have answered one after the other."""

    def close(self, sitting: Sitting) -> None:
        """Count the check-in and close it."""

    def copy(self, target: Path) -> None:
        """A backup of the SQLite file, as the program makes it."""
