"""A question asked of phones through the hub alone: no page, no socket."""

from __future__ import annotations

from collections.abc import Iterable

from facilitator.people.groups import expected
from facilitator.realtime import commands as c
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.hub import Hub, Seated
from facilitator.realtime.keys import Keys
from facilitator.storage.engine import Database
from tests.conftest import Clinic, SettableClock

MOOD = "q1"


def hub_with(keys: Keys, db: Database, clock: SettableClock) -> Hub:
    """A hub that knows only what is in ``db`` and where ``keys`` are: a process that has just started."""
    handed = Handed(
        roster=expected,
        at_end=lambda db, session_id, now: None,
        at_request=lambda db, session_id, event, asked_at: None,
        breathe=lambda: None,
    )
    return Hub(db, keys, clock, HubSettings(5, 7, 60, "localhost"), handed)


def ready(hub: Hub, clinic: Clinic, fern: c.Person) -> str:
    """A session that has begun."""
    session_id = clinic.session("T01").id
    for command in (c.OpenDoors(), c.Start()):
        hub.run(session_id, command, fern)
    return session_id


class Asked:
    """A session in which MOOD is open on six phones."""

    def __init__(self, hub: Hub, clinic: Clinic, phones: int = 6) -> None:
        self._fern = c.Person(clinic.cast.fern.id, "Fern")
        self.hub, self.session_id = hub, ready(hub, clinic, self._fern)
        self.seats = self.join(phones)
        self.check_in = ""
        self.ask()

    def do(self, command: c.Command) -> None:
        """Fern gives a command."""
        self.hub.run(self.session_id, command, self._fern)

    def join(self, phones: int) -> list[str]:
        """So many new phones take a seat."""
        places = [self.hub.take_seat(self.session_id, None, None) for _ in range(phones)]
        return [place.seat for place in places if isinstance(place, Seated)]

    def ask(self, prompt: str = MOOD) -> None:
        """Open a prompt; it may have been asked before."""
        self.do(c.OpenCheckIn(prompt))
        check_in = self.hub.live(self.session_id).open_check_in
        assert check_in is not None
        self.check_in = check_in.id

    def answer(self, seats: Iterable[str], value: object = 4) -> None:
        """Each of these phones gives this answer."""
        for seat in seats:
            self.hub.answer(self.session_id, seat, self.check_in, value)

    def all_answer(self) -> None:
        """Everybody does."""
        self.answer(self.seats)

    def close(self) -> dict[str, object]:
        """Close, and give back the tally."""
        self.do(c.CloseCheckIn(self.check_in))
        found = self.hub.live(self.session_id).check_ins[self.check_in].tally
        assert found is not None
        return dict(found)

    def tally(self) -> str:
        """Close, and say what became of it."""
        return str(self.close()["state"])
