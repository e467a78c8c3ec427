"""The program as people start it: a process, its output, its signals."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tests.conftest import ROOT

PATIENCE_S = 60


class Program:
    """``facilitator`` with these arguments, from the tree or as it was installed for ``python``."""

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        python: Path | str = sys.executable,
        cwd: Path = ROOT,
    ) -> None:
        ours = ("FACILITATOR_", "DATABASE_URL", "REDIS_URL")
        others = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.process = subprocess.Popen(
            [python, "-m", "facilitator", *arguments],
            env=others | dict(environ or {}),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Unbuffered: a line that is in a buffer of ours would not be seen by select.
            bufsize=0,
        )

    def line(self) -> str:
        """The next line of standard output, however long it takes to come, up to a minute."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line:
            self.process.kill()
            raise AssertionError(f"It said nothing. On standard error: {self.process.communicate()[1].decode()}")
        return line.rstrip("\n")

    def told(self) -> dict[str, Any]:
        """The next line, as JSON."""
        told: dict[str, Any] = json.loads(self.line())
        return told

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait: the exit code, and everything on standard error."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """Wait for its end by itself: the exit code, and everything on standard error."""
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def get(address: str) -> tuple[int, str]:
    """The status and the text at ``address``, after redirects."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
