"""The product's own store, driven through the hub as phones and consoles drive it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from facilitator.house import House, open_house
from facilitator.people.passwords import Hashed
from facilitator.realtime import commands as c
from facilitator.realtime.ballots import NONCE_BYTES, PADDED_BYTES
from facilitator.realtime.hub import Seated
from facilitator.settings import read_settings
from facilitator.storage.backup import back_up
from facilitator.storage.tables import GroupSession
from tests.attacks.ground import NO_PLANS, Ground
from tests.attacks.stores import PHONES, VALUES, Knowledge, Sitting, Table
from tests.conftest import ZONE, Clinic, SettableClock, hire
from tests.room import MOOD, PLAN

TAG_BYTES = 16
SEALED_BYTES = NONCE_BYTES + PADDED_BYTES + TAG_BYTES
# PostgreSQL writes the length of what is sealed before it.
RECORD = rb"%s.{0,4}?(?P<who>[0-9a-f]{64})(?P<said>.{" + f"{SEALED_BYTES},{SEALED_BYTES + 8}".encode() + rb"})"


class OurStore:
    """One clinic whose sessions run one after the other."""

    knowledge = Knowledge(
        tables=(Table("ballot", "check_in_id, responder", "responder", "sealed", ("responder", "sealed")),),
        record=RECORD,
        freed=RECORD,
        raw_tables=("ballot",),
    )

    def __init__(self, folder: Path, ground: Ground, password: Hashed) -> None:
        self.settings = read_settings(environ_in(folder, ground), url="http://localhost", data=folder / "data")
        self.clock = SettableClock()
        self.house: House = open_house(self.settings, self.clock, NO_PLANS)
        self.hub = self.house.hub
        self.clinic = Clinic(self.house.db, hire(self.house.db, password, self.clock()), self.clock)
        self.fern = c.Person(self.clinic.cast.fern.id, "Fern")
        self._dice = Random(f"ours {ground.name}")

    def sit(self, number: int) -> Sitting:
        values = self._dice.sample(VALUES, PHONES)
        # Who joins first does not answer first.
        order = self._dice.sample(range(PHONES), PHONES)
        return self.evening(number, values, order)

    def evening(self, number: int, values: Sequence[int], order: Sequence[int]) -> Sitting:
        """Eight phones join one after the other and answer in another order; ``values`` in the order of answering."""
        session = self.live_session()
        joined = [self.join(session) for _ in range(PHONES)]
        check_in = self.ask(session)
        seats = tuple(joined[phone] for phone in order)
        for seat, value in zip(seats, values, strict=True):
            self.clock.forward(seconds=2)
            self.hub.answer(session, seat, check_in, value)
        return Sitting(number, session, check_in, seats, tuple(values))

    def live_session(self, plan: str = PLAN) -> str:
        """A session at its check-in, without a phone; its id."""
        session = self.clinic.session(text=plan).id
        self.do(session, c.OpenDoors(), c.Start(), c.EnterSegment(1))
        return session

    def code_of(self, session: str) -> str:
        """The join code on the wall."""
        with self.house.db.read() as db:
            return db.get_one(GroupSession, session).join_code

    def join(self, session: str) -> str:
        """One more phone; its seat."""
        place = self.hub.take_seat(session, None, None)
        assert isinstance(place, Seated)
        return place.seat

    def ask(self, session: str, prompt: str = MOOD) -> str:
        """Open a check-in; its id."""
        self.do(session, c.OpenCheckIn(prompt))
        check_in = self.hub.live(session).open_check_in
        assert check_in is not None
        return check_in.id

    def do(self, session: str, *commands: c.AnyCommand) -> None:
        """Commands of Fern's."""
        for command in commands:
            self.hub.run(session, command, self.fern)

    def close(self, sitting: Sitting) -> None:
        self.do(sitting.session, c.CloseCheckIn(sitting.check_in))

    def end(self, sitting: Sitting) -> None:
        """The session is over."""
        self.do(sitting.session, c.End())

    def copy(self, target: Path) -> None:
        back_up(self.settings.database_url, target)


def environ_in(folder: Path, ground: Ground) -> dict[str, str]:
    """How a clinic is told that its keys lie in ``folder`` and its database is ``ground``."""
    return {
        "FACILITATOR_ASYNC_MODE": "threading",
        "FACILITATOR_RUNTIME": str(folder / "runtime"),
        "FACILITATOR_TIME_ZONE": ZONE.key,
        "DATABASE_URL": ground.url.replace("+psycopg", ""),
    }


@contextmanager
def our_store(folder: Path, ground: Ground, password: Hashed) -> Iterator[OurStore]:
    """The product on ``ground``."""
    store = OurStore(folder, ground, password)
    try:
        yield store
    finally:
        store.house.db.close()
