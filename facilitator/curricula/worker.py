"""The process that reads what people write: one job after another, with a limit on memory, and no secret to lose.

A text may be made to take for ever or to fill the memory of whoever reads it. So the server never does: ``keeper.py``
starts this, hands it a text, and ends it when it does not answer in time. A message is four bytes that say how long it
is, and then JSON. It ends by itself when the server does.
"""

from __future__ import annotations

import json
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from facilitator.curricula.jobs import JOBS
from facilitator.curricula.problems import PlanError

MEMORY = 512 * 1024 * 1024
LONGEST_JOB_S = 10
LENGTH = struct.Struct(">I")
READY = {"ready": True}
OUT_OF_MEMORY = {"failed": "memory"}

Job = Callable[..., Any]


def serve(descriptor: int, jobs: Mapping[str, Job] = JOBS) -> None:
    """Answer what comes over the socket ``descriptor`` until its other end is closed."""
    connection = socket.socket(fileno=descriptor)
    connection.setblocking(True)
    _limit()
    _send(connection, READY)
    while asked := _receive(connection):
        # Were the server killed in the middle of a job, nobody else would end this one.
        signal.alarm(LONGEST_JOB_S)
        answer = _answer(asked, jobs)
        signal.alarm(0)
        _send(connection, answer)
        if answer == OUT_OF_MEMORY:
            return


def _limit() -> None:
    """No more memory than a large text needs, no core file that would keep somebody's words, a plain end by alarm."""
    # Only Linux says how much is taken already, and keeps to the limit.
    with suppress(FileNotFoundError), open("/proc/self/statm", encoding="ascii") as pages:
        taken = int(pages.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Ctrl-C in the server's terminal reaches this as well. The server ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answer(asked: Mapping[str, Any], jobs: Mapping[str, Job]) -> dict[str, Any]:
    try:
        return {"id": asked["id"], "done": jobs[asked["job"]](**asked["with"])}
    except PlanError as error:
        return {"id": asked["id"], "problems": [[problem.line, problem.message] for problem in error.problems]}
    except MemoryError:
        return OUT_OF_MEMORY


def _send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    data = json.dumps(message).encode()
    connection.sendall(LENGTH.pack(len(data)) + data)


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    """The next message; None when there will be no more."""
    head = _exactly(connection, LENGTH.size)
    body = _exactly(connection, LENGTH.unpack(head)[0]) if head else b""
    return json.loads(body) if body else None


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = connection.recv(min(size - len(data), 1 << 20))
        if not chunk:
            return b""
        data += chunk
    return data


if __name__ == "__main__":
    serve(int(sys.argv[1]))
