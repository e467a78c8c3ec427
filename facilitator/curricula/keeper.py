"""Keeps the process that reads what people write: starts it, hands it one text at a time, ends it when it hangs.

The wait is on a socket and nothing else, so that under eventlet and gevent other pages go on meanwhile, and in threads
only this one waits. A process that was ended takes its socket with it: nothing that it may still have written about one
person's text can be taken for the answer to another's. The next one is started at the same moment.
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facilitator.curricula.problems import PlanError, Problem
from facilitator.curricula.turns import Turns

MODULE = "facilitator.curricula.worker"
PLACE = Path(__file__).resolve().parent.parent.parent
ONE_TEXT_S = 2.0
# How long a text waits for those before it, and a new process may take to come up on a busy machine.
TURN_S = 10.0
START_S = 20.0
LENGTH = struct.Struct(">I")
LONGEST_ANSWER = 32 * 1024 * 1024

TOO_LONG = "This text takes too long to read. Nothing is lost: take the part out that you added last, and try again."
TOO_LARGE = "This text takes more room to read than there is. Take a part of it out, and try again."
BUSY = "Other texts are being read just now. Wait a moment, and try again."
NOT_STARTED = "Texts cannot be read just now. Try again in a minute; if it stays so, tell whoever runs this server."


class CannotRead(Exception):
    """A text was not read. ``str(error)`` is a sentence for its author; the text itself is as it was."""


class _Gone(Exception):
    """The process ended without a word, of this text or of something else."""


@dataclass
class _Child:
    """One process and our end of its socket. ``ready``: it has said so."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    ready: bool = False

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()


class Keeper:
    """One process for all texts of a server, started with the first. ``limit_s`` is the time that one text gets."""

    def __init__(self, limit_s: float = ONE_TEXT_S, turn_s: float = TURN_S, module: str = MODULE) -> None:
        self._limit_s, self._turn_s, self._module = limit_s, turn_s, module
        self._turns = Turns()
        self._child: _Child | None = None
        self._asked = 0

    def ask(self, job: str, *, by: str = "", **arguments: Any) -> Any:
        """What ``job`` (``curricula/jobs.py``) makes of its arguments.

        ``by`` is whose text it is: somebody with many of them does not keep others waiting. Raises PlanError with what
        is wrong in the text, and CannotRead when it could not be read at all.
        """
        if not self._turns.take(by, self._turn_s):
            raise CannotRead(BUSY)
        try:
            answer = self._ask(job, arguments)
        finally:
            self._turns.give_back()
        if "problems" in answer:
            raise PlanError(Problem(line, message) for line, message in answer["problems"])
        return answer["done"]

    def close(self) -> None:
        """End the process, if there is one. The next text starts another."""
        self._turns.take("", None)
        self._end()
        self._turns.give_back()

    @property
    def pid(self) -> int | None:
        """The process that there is, or None."""
        return self._child.process.pid if self._child else None

    @property
    def is_busy(self) -> bool:
        """Whether a text is being read."""
        return self._turns.taken

    def _ask(self, job: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._try(job, arguments)
        except _Gone:
            # Whoever runs the machine may have ended it, or the machine itself. If it was the text, it is so again.
            try:
                return self._try(job, arguments)
            except _Gone:
                raise CannotRead(TOO_LARGE) from None

    def _try(self, job: str, arguments: dict[str, Any]) -> dict[str, Any]:
        child = self._living()
        self._asked += 1
        until = time.monotonic() + self._limit_s
        try:
            _send(child.connection, {"id": self._asked, "job": job, "with": arguments}, until)
            answer = _receive(child.connection, until)
        except TimeoutError:
            self._end_and_start()
            raise CannotRead(TOO_LONG) from None
        except OSError:
            self._end_and_start()
            raise _Gone from None
        except ValueError:
            self._end_and_start()
            raise CannotRead(TOO_LARGE) from None
        except BaseException:
            # Whoever asked was cut off in the middle; the answer that is still to come belongs to nobody.
            self._end()
            raise
        if answer.get("id") != self._asked:
            # It ran out of memory, and ends by itself.
            self._end_and_start()
            raise CannotRead(TOO_LARGE)
        return answer

    def _living(self) -> _Child:
        if self._child is not None and self._child.process.poll() is not None:
            self._end()
        if self._child is None:
            self._child = _start(self._module)
        if not self._child.ready:
            try:
                _receive(self._child.connection, time.monotonic() + START_S)
            except (OSError, ValueError):
                self._end()
                raise CannotRead(NOT_STARTED) from None
            self._child.ready = True
        return self._child

    def _end_and_start(self) -> None:
        """The next process comes up while nobody waits for it."""
        self._end()
        with suppress(CannotRead):
            self._child = _start(self._module)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _start(module: str) -> _Child:
    ours, theirs = socket.socketpair()
    try:
        # Without our environment: its secrets are no business of whatever a text can do there.
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", module, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=PLACE,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        ours.close()
        raise CannotRead(NOT_STARTED) from None
    finally:
        theirs.close()
    return _Child(process, ours)


def _send(connection: socket.socket, message: dict[str, Any], until: float) -> None:
    data = json.dumps(message).encode()
    connection.settimeout(_left(until))
    connection.sendall(LENGTH.pack(len(data)) + data)


def _receive(connection: socket.socket, until: float) -> dict[str, Any]:
    size = LENGTH.unpack(_exactly(connection, LENGTH.size, until))[0]
    if size > LONGEST_ANSWER:
        raise ValueError(size)
    answer: dict[str, Any] = json.loads(_exactly(connection, size, until))
    return answer


def _exactly(connection: socket.socket, size: int, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        connection.settimeout(_left(until))
        chunk = connection.recv(min(size, 1 << 16))
        if not chunk:
            raise ConnectionError("It is gone.")
        parts.append(chunk)
        size -= len(chunk)
    return b"".join(parts)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
