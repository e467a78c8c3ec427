"""A PostgreSQL of our own, on loopback, that is gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

START_WITHIN_S = 30
LOOK_EVERY_S = 0.05


@contextmanager
def cluster() -> Iterator[str]:
    """The address of an empty one, ``postgresql://…/postgres``. Without the programs: skips, in CI fails."""
    programs = _programs()
    # Not in pytest's own folder: the server refuses to run as root, and nobody else may look into that one.
    with tempfile.TemporaryDirectory() as folder:
        runs_as = {}
        if os.geteuid() == 0:
            runs_as = {"user": "postgres", "group": "postgres"}
            shutil.chown(folder, "postgres", "postgres")
        data, port = f"{folder}/data", _free_port()
        make = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **runs_as)
        server = [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-F"]
        with subprocess.Popen(server, stderr=subprocess.DEVNULL, cwd=folder, **runs_as) as process:
            address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait_for(address)
            try:
                yield address
            finally:
                # At once: it would wait for ever for a connection that a test that failed left open.
                process.send_signal(signal.SIGINT)


def empty_database(server: str) -> str:
    """The address of a new database in the cluster at ``server``, for SQLAlchemy."""
    name = f"clinic_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.removesuffix('/postgres')}/{name}".replace("postgresql:", "postgresql+psycopg:")


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = installed[-1] if installed else shutil.which("initdb")
    if found is None:
        missing = "These tests need PostgreSQL: apt-get install postgresql, or run .ci/run, which installs it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return Path(found).parent


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_WITHIN_S
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < until, "PostgreSQL did not start."
            time.sleep(LOOK_EVERY_S)
