"""The product as it is served, in a process of its own, on a clock that a test can move. ``server.py`` starts it."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

from facilitator import runtime


class OffsetClock:
    """The wall clock in milliseconds UTC, moved by what a small file says. Two processes can share it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> int:
        return self._wall() + int(self._file.read_text())

    def set(self, at: int) -> None:
        """Make it ``at`` now; from there it runs on."""
        beside = self._file.with_suffix(".new")
        beside.write_text(str(at - self._wall()))
        # In one step: the other process may be reading.
        beside.replace(self._file)

    def forward(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass at once."""
        self.set(self() + round(((hours * 60 + minutes) * 60 + seconds) * 1000))

    def _wall(self) -> int:
        return time.time_ns() // 1_000_000


def main(port: int, clock: Path, log: Path) -> None:
    """Serve on a loopback port until a signal; say ``ready`` on standard output. ``log`` gets what any logger says."""
    mode = os.environ["FACILITATOR_ASYNC_MODE"]
    runtime.start(mode)
    # Taken first, as ``facilitator serve`` does: who comes while the server starts waits instead of being turned away.
    listening = runtime.listen("127.0.0.1", port)
    logging.basicConfig(filename=log, level=logging.DEBUG)

    from facilitator import create_app
    from facilitator.settings import read_settings

    app = create_app(read_settings(url=f"http://127.0.0.1:{port}"), OffsetClock(clock))
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(logging.DEBUG)
    runtime.serve(app, listening, lambda: print("ready", flush=True))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
