"""The way into the program: ``facilitator``, or ``python -m facilitator``."""

from __future__ import annotations

import gc
import os
import signal
import sys

from facilitator import runtime

SERVING = ("demo", "serve")


def main() -> None:
    """Run the command line. A command that serves gets its async mode before anything else is imported."""
    mode = os.environ.get("FACILITATOR_ASYNC_MODE", "eventlet")
    # A mode that does not exist is the settings' to refuse, in their words.
    if sys.argv[1:2] and sys.argv[1] in SERVING and mode in runtime.MODES:
        # Until there is something to end in order, Ctrl+C ends the process: libraries being imported would swallow it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # Nearly all that is made while starting stays: looking for garbage in it costs a tenth of the time.
        gc.disable()
        try:
            runtime.start(mode)
        except ImportError:
            sys.exit(f"FACILITATOR_ASYNC_MODE: {mode} is not installed here. Choose another, or install it.")

    from facilitator.cli import cli

    cli(prog_name="facilitator")


if __name__ == "__main__":
    main()
