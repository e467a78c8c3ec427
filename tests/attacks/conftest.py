"""Empty databases of both engines for the attacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.ground import ENGINES, Ground, Grounds
from tests.postgresql import cluster


@pytest.fixture(scope="session")
def _server() -> Iterator[str]:
    with cluster() as address:
        yield address


@pytest.fixture(scope="session")
def grounds(request: pytest.FixtureRequest) -> Grounds:
    """Both engines. PostgreSQL is started when it is first asked for."""
    return Grounds(lambda: request.getfixturevalue("_server"))


@pytest.fixture(params=ENGINES)
def ground(request: pytest.FixtureRequest, grounds: Grounds) -> Iterator[tuple[Ground, Path]]:
    """An empty database of each engine in turn, and a folder beside it."""
    with grounds.empty(request.param) as empty:
        yield empty
