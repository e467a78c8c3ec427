"""Closes check-ins in processes that are killed, each at one named point. ``test_closing.py`` starts it.

The points are seen through what SQLAlchemy and Python offer for looking on: nothing of the product is replaced.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from facilitator.house import open_house
from facilitator.realtime import commands as c
from facilitator.settings import read_settings
from tests.attacks import naive
from tests.attacks.ground import NO_PLANS

STATEMENTS = {
    "UPDATE check_in": "the state is changed",
    "SELECT ballot": "the ballots are read",
    "DELETE FROM ballot": "the ballots are deleted",
    "INSERT INTO session_event": "the tally is written",
    "INSERT INTO counted": "the queue is counted",
    "DELETE FROM queue": "the queue is emptied",
}
COMMIT, COMMITTED = "before the commit", "after the commit"
OVERWRITTEN, REMOVED, SHOWN = "before the key is overwritten", "before the key is removed", "before it is shown"
# In the order in which they come.
POINTS = (
    *(f"{when} {what}" for what in list(STATEMENTS.values())[:4] for when in ("before", "after")),
    *(COMMIT, COMMITTED, OVERWRITTEN, REMOVED, SHOWN),
)
Reached = Callable[[str], None]


def main(told: dict[str, Any]) -> None:
    """Close each of ``told["closings"]`` in a process of its own, and say how it ended: the signal, or 0."""
    for closing in told["closings"]:
        child = os.fork()
        if child == 0:
            (close_naively if told.get("naive") else close)(told, closing)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)))


def close(told: dict[str, Any], closing: dict[str, str]) -> None:
    """As the console does, in a process that has just started."""
    settings = read_settings(told["environ"], url="http://localhost", data=Path(told["data"]))
    house = open_house(settings, plans=NO_PLANS)
    reached = dies_at(closing["point"])
    watch(house.db.engine, reached)
    house.hub.listen(lambda *_: reached(SHOWN), lambda _: None)
    house.hub.run(closing["session"], c.CloseCheckIn(closing["check_in"]), c.Person(told["fern"], "Fern"))


def close_naively(told: dict[str, Any], closing: dict[str, str]) -> None:
    """As the naive store does."""
    engine = create_engine(told["url"])
    watch(engine, dies_at(closing["point"]))
    naive.close(engine, closing["check_in"])


def dies_at(point: str) -> Reached:
    """Ends this process, as a power cut does for it, when ``point`` is reached."""

    def reached(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def watch(engine: Engine, reached: Reached) -> None:
    """Say when each point is reached."""

    def executes(when: str) -> Callable[..., None]:
        def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            for begins, what in STATEMENTS.items():
                if statement.startswith(begins):
                    reached(f"{when} {what}")

        return executed

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        if name in ("open", "os.remove") and str(arguments[0]).endswith(".key"):
            if name == "os.remove":
                reached(REMOVED)
            elif arguments[2] & os.O_ACCMODE != os.O_RDONLY:
                reached(OVERWRITTEN)

    event.listen(engine, "before_cursor_execute", executes("before"))
    event.listen(engine, "after_cursor_execute", executes("after"))
    event.listen(engine, "commit", lambda _connection: reached(COMMIT))
    event.listen(Session, "after_commit", lambda _session: reached(COMMITTED))
    sys.addaudithook(audited)


if __name__ == "__main__":
    main(json.load(sys.stdin))
