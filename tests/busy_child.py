"""A server that is never idle: a thread of its own works without end, and every signal finds it at work."""

from __future__ import annotations

import os
import sys
import threading

from facilitator import runtime

runtime.start(sys.argv[1])


def say(line: bytes) -> None:
    """At once and whole: what two threads print can get mixed."""
    os.write(1, line)


def work() -> None:
    """As screens are shown beside the server: for ever, breathing between."""
    say(b"busy\n")
    while True:
        sum(range(1_000_000))
        runtime.breathe()


def main() -> None:
    threading.Thread(target=work, daemon=True).start()
    app = lambda environ, start_response: []  # noqa: E731 - nobody asks it anything
    runtime.serve(app, runtime.listen("127.0.0.1", 0), lambda: say(b"ready\n"))


main()
