"""The worker with jobs that do what a hostile text might: hang, eat memory, end the process."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from facilitator.curricula.jobs import JOBS
from facilitator.curricula.worker import serve


def hang() -> None:
    """Never answer."""
    while True:
        pass


def answer_late(text: str, seconds: float) -> str:
    """Answer when nobody waits any more."""
    time.sleep(seconds)
    return text


def eat(megabytes: int) -> int:
    """Take this much memory."""
    return len(bytearray(megabytes << 20))


def end() -> None:
    """Be gone, as after a fault in a library."""
    os._exit(3)


def end_once(place: str) -> str:
    """Be gone the first time, as when somebody ends this from outside in the middle of a text."""
    if not Path(place).exists():
        Path(place).touch()
        os._exit(3)
    return "read"


def environment() -> dict[str, str]:
    """What this process was told."""
    return dict(os.environ)


if __name__ == "__main__":
    jobs = {"hang": hang, "answer_late": answer_late, "eat": eat, "end": end, "end_once": end_once}
    jobs["environment"] = environment
    serve(int(sys.argv[1]), {**JOBS, **jobs})
