"""The product in a process of its own: started, killed, started again; and a clinic with people to go with it."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from facilitator.people.passwords import Hashed
from facilitator.realtime.keys import KeyFolder
from facilitator.settings import read_settings
from facilitator.storage.engine import Database
from facilitator.storage.tables import GroupSession
from tests.browser import Browser
from tests.conftest import ROOT, TUESDAY_AT_SIX, ZONE, Clinic, hire
from tests.serve_child import OffsetClock

START_WITHIN_S = 60
STOP_WITHIN_S = 30
# Below the ports that outgoing connections take, so that nobody has ours while the server is down.
PORTS = range(20_000, 32_000)


class Server:
    """One server on one data folder and one port. ``start`` and ``kill`` may be repeated."""

    def __init__(self, mode: str, folder: Path) -> None:
        self.mode, self.folder = mode, folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock = OffsetClock(folder / "clock")
        self.clock.set(TUESDAY_AT_SIX)
        self.log, self._errors = folder / "log", folder / "errors"
        self._process: subprocess.Popen[bytes] | None = None
        self.environ = {
            "FACILITATOR_ASYNC_MODE": mode,
            "FACILITATOR_DATA": str(folder / "data"),
            "FACILITATOR_RUNTIME": str(folder / "runtime"),
            "FACILITATOR_TIME_ZONE": ZONE.key,
        }

    @property
    def pid(self) -> int:
        """The process that serves now."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Start, and return when it answers: that moment of ``time.monotonic``."""
        process = self.begin_to_start()
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n", f"The server did not start: {self.said_wrong()}"
        return time.monotonic()

    def begin_to_start(self) -> subprocess.Popen[bytes]:
        """Start without waiting."""
        command = [sys.executable, "-m", "tests.serve_child", str(self.port), self.folder / "clock", self.log]
        ours = ("FACILITATOR_", "DATABASE_URL", "REDIS_URL")
        others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=others | self.environ, stdout=subprocess.PIPE, stderr=errors
            )
        return self._process

    def kill(self) -> None:
        """End it at once, with nothing tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None and self._process.stdout is not None
        self._process.send_signal(how)
        self._process.wait(STOP_WITHIN_S)
        self._process.stdout.close()
        self._process = None

    @property
    def is_running(self) -> bool:
        """Whether a process is there."""
        return self._process is not None

    def said_wrong(self) -> str:
        """Everything that any of its processes wrote on standard error."""
        return self._errors.read_text()

    def memory_kib(self) -> int:
        """Resident memory."""
        return self._status("VmRSS")

    def threads(self) -> int:
        """Threads of the operating system."""
        return self._status("Threads")

    def _status(self, field: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


class Served:
    """A clinic behind a server: the Tuesday group, Fern, Sol, Max and Ada, and the database beside the server's own."""

    def __init__(self, server: Server, password: Hashed) -> None:
        self.server, self.clock, self.url = server, server.clock, server.url
        self.settings = read_settings(server.environ, url=server.url)
        self.db = Database(self.settings.database_url)
        self.keys = KeyFolder(self.settings.runtime)
        self.cast = hire(self.db, password, self.clock())
        self.clinic = Clinic(self.db, self.cast, self.clock)
        self._desks: dict[str, Browser] = {}

    def session(self, text: str) -> GroupSession:
        """A session of the plan ``text``, ready for tonight."""
        return self.clinic.session(text=text)

    def desk(self, name: str) -> Browser:
        """The browser in which somebody of the cast has signed in."""
        if name not in self._desks:
            self._desks[name] = Browser(self.url).sign_in(getattr(self.cast, name).email)
        return self._desks[name]

    @property
    def database_file(self) -> Path:
        """Where SQLite keeps it."""
        return self.settings.data / "facilitator.db"

    def fingerprint(self) -> str:
        """A hash over every row of every table."""
        digest = hashlib.sha256()
        with closing(sqlite3.connect(self.database_file)) as db:
            for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
                rows = db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - the database's own names
                digest.update(repr((table, sorted(map(repr, rows)))).encode())
        return digest.hexdigest()

    def is_whole(self) -> bool:
        """Whether SQLite finds its file in order."""
        with closing(sqlite3.connect(self.database_file)) as db:
            return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@contextmanager
def serving(mode: str, folder: Path, empty_database: Path, password: Hashed, **environ: str) -> Iterator[Served]:
    """A clinic that is served in ``mode`` from ``folder``, where nothing is ever said on standard error."""
    server = Server(mode, folder)
    server.environ |= environ
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "facilitator.db").write_bytes(empty_database.read_bytes())
    served = Served(server, password)
    server.start()
    try:
        yield served
    finally:
        if server.is_running:
            server.stop()
        served.db.close()
    assert server.said_wrong() == ""


def _free_port() -> int:
    while True:
        port = random.choice(PORTS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
