"""What shows: one session's fault costs no other its view, and keys are tidied while the server runs."""

from __future__ import annotations

import queue
from typing import Any

from facilitator.realtime.audience import Audience
from facilitator.realtime.showing import Shower
from tests.conftest import SettableClock

SOON_S = 10.0


class Rooms:
    """A hub of which some rooms cannot be read."""

    def __init__(self) -> None:
        self.tidied: queue.Queue[bool] = queue.Queue()

    def console_view(self, session_id: str) -> dict[str, Any]:
        """The view, or a fault."""
        if session_id.startswith("broken"):
            raise ValueError(session_id)
        return {"rev": 1}

    def word_will_change(self, _session_id: str) -> bool:
        return False

    def expire(self, _now: int) -> None:
        raise ValueError("This cannot be ended.")

    def tidy_keys(self) -> None:
        self.tidied.put(True)


def test_a_room_that_cannot_be_shown_costs_no_other_its_view(clock: SettableClock) -> None:
    audience, shown = Audience(), queue.Queue[list[str]]()
    shower = Shower(Rooms(), audience, clock, lambda _seconds: None)
    for session_id in ("broken 1", "broken 2", "broken 3", "whole"):
        audience.add_console(session_id, f"socket of {session_id}", "fern")
        shower.changed(session_id, True)
    shower.start(lambda _namespace, _view, sockets: shown.put(list(sockets)), lambda: None)
    assert shown.get(timeout=SOON_S) == ["socket of whole"]


def test_keys_are_tidied_every_minute(clock: SettableClock) -> None:
    rooms = Rooms()
    shower = Shower(rooms, Audience(), clock, lambda _seconds: None)
    shower.start(lambda _namespace, _view, _sockets: None, lambda: None)
    for _ in range(2):
        clock.forward(minutes=1)
        assert rooms.tidied.get(timeout=SOON_S)
