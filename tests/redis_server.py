"""A Redis of our own, on loopback, that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import redis

START_WITHIN_S = 30
LOOK_EVERY_S = 0.02
WITHOUT_A_DISK = ("--save", "", "--appendonly", "no")


@dataclass(frozen=True)
class Running:
    """One server: its address (``redis://…/0``), and a way to keep it from answering for a while."""

    address: str
    process: subprocess.Popen[bytes]

    @contextmanager
    def away(self) -> Iterator[None]:
        """It does not answer, and comes back with everything that it held."""
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def running(*options: str) -> Iterator[Running]:
    """An empty one. Without the program: skips, in CI fails."""
    if shutil.which("redis-server") is None:
        missing = "The Redis tests need its server: apt-get install redis-server, or run .ci/run, which installs it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, *options]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            address = f"redis://127.0.0.1:{port}/0"
            _wait_for(address)
            yield Running(address, process)
            process.kill()


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_WITHIN_S
    with redis.Redis.from_url(address) as connection:
        while True:
            try:
                connection.ping()
                return
            except redis.ConnectionError:
                assert time.monotonic() < until, "Redis did not start."
                time.sleep(LOOK_EVERY_S)
