"""A server that is never idle: a thread of its own works without end, and every signal finds it at work."""

from __future__ import annotations

import sys
import threading

from facilitator import runtime

runtime.start(sys.argv[1])


def work() -> None:
    """As screens are shown beside the server: for ever, breathing between."""
    print("busy", flush=True)
    while True:
        sum(range(1_000_000))
        runtime.breathe()


def main() -> None:
    threading.Thread(target=work, daemon=True).start()
    app = lambda environ, start_response: []  # noqa: E731 - nobody asks it anything
    runtime.serve(app, runtime.listen("127.0.0.1", 0), lambda: print("ready", flush=True))


main()
