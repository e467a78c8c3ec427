"""Where the attacks happen: in memory where there is some, because what is attacked is the bytes and not the disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attacks.ground import Ground, Postgresql, Sqlite, closing_after
from tests.postgresql import cluster, empty_database

MEMORY = Path("/dev/shm")  # noqa: S108 - our own folder in it
ENGINES = ("SQLite", "PostgreSQL")


class Grounds:
    """Makes empty databases of either engine. PostgreSQL is started when it is first asked for."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    @contextmanager
    def empty(self, engine: str) -> Iterator[tuple[Ground, Path]]:
        """An empty database, and a folder for what lies beside it: ``data`` and ``runtime``."""
        with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
            folder = Path(name)
            ground = Sqlite(folder / "data" / "facilitator.db") if engine == "SQLite" else self._postgresql()
            with closing_after(ground) as empty:
                yield empty, folder

    def _postgresql(self) -> Postgresql:
        server: str = self._request.getfixturevalue("_server")
        return Postgresql(empty_database(server))


@pytest.fixture(scope="session")
def _server() -> Iterator[str]:
    with cluster() as address:
        yield address


@pytest.fixture(scope="session")
def grounds(request: pytest.FixtureRequest) -> Grounds:
    """Both engines."""
    return Grounds(request)


@pytest.fixture(params=ENGINES)
def ground(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[tuple[Ground, Path]]:
    """An empty database of each engine in turn, and a folder beside it."""
    with grounds.empty(request.param) as empty:
        yield empty
