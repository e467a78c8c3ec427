"""The process is killed at each step of closing a check-in: it is counted exactly, once, and its key is gone.

Every step once on each engine; with ``--full`` ten times, with other answers and other numbers of phones.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from facilitator.house import House, open_house
from facilitator.people.passwords import Hashed
from facilitator.realtime import commands as c
from facilitator.realtime import store as kept
from facilitator.realtime.events import CheckInClosed
from facilitator.realtime.hub import Refused
from facilitator.realtime.tally import count
from facilitator.storage.engine import Unavailable
from facilitator.storage.tables import Ballot
from tests.attacks.closing_child import COMMIT, COMMITTED, POINTS
from tests.attacks.ground import ENGINES, NO_PLANS, Ground, Grounds
from tests.attacks.naive import naive_store
from tests.attacks.ours import OurStore, environ_in, our_store
from tests.conftest import ROOT

PHONES = (4, 9)
IN_FULL = 10
pytestmark = pytest.mark.timeout(900)
PATIENCE_S = 600


@dataclass(frozen=True)
class Closing:
    """A check-in that was answered, and the point at which the process that closed it was killed."""

    session: str
    check_in: str
    point: str
    seats: list[str]
    values: list[int]


class Crashed:
    """Closings that were killed, and the house as it is opened afterwards."""

    def __init__(self, store: OurStore, ground: Ground, folder: Path, rounds: int) -> None:
        self.store, dice = store, Random("closing")
        self.closings = [self._asked(point, dice) for point in POINTS for _ in range(rounds)]
        told = {"environ": environ_in(folder, ground), "data": str(folder / "data"), "fern": store.fern.id}
        self.ended = run(told, [vars(closing) for closing in self.closings])
        self.house = open_house(store.settings, store.clock, NO_PLANS)
        self.house.hub.tidy_keys()

    def _asked(self, point: str, dice: Random) -> Closing:
        store, phones = self.store, dice.randint(*PHONES)
        session = store.live_session()
        seats, values = [store.join(session) for _ in range(phones)], dice.choices(range(11), k=phones)
        check_in = store.ask(session)
        for seat, value in zip(seats, values, strict=True):
            store.hub.answer(session, seat, check_in, value)
        return Closing(session, check_in, point, seats, values)


def run(told: dict[str, Any], closings: list[dict[str, Any]]) -> list[int]:
    """Close all of them; how each process ended."""
    command = [sys.executable, "-m", "tests.attacks.closing_child"]
    done = subprocess.run(
        command,
        input=json.dumps({**told, "closings": closings}),
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    assert done.stderr == "" and done.returncode == 0, done.stderr
    return [int(line) for line in done.stdout.split()]


@pytest.fixture(scope="module", params=ENGINES)
def crashed(request: pytest.FixtureRequest, grounds: Grounds, _password: Hashed) -> Iterator[Crashed]:
    """On each engine in turn."""
    rounds = IN_FULL if request.config.getoption("--full") else 1
    with grounds.empty(request.param) as (ground, folder), our_store(folder, ground, _password) as store:
        crashed = Crashed(store, ground, folder, rounds)
        yield crashed
        crashed.house.db.close()


def test_every_process_was_killed_at_its_point(crashed: Crashed) -> None:
    assert crashed.ended == [signal.SIGKILL] * len(crashed.closings)


def test_what_was_committed_is_closed_and_the_rest_is_open_with_every_answer(crashed: Crashed) -> None:
    for closing in crashed.closings:
        is_done = POINTS.index(closing.point) > POINTS.index(COMMIT)
        check_in = crashed.house.hub.live(closing.session).check_ins[closing.check_in]
        assert (check_in.state == "closed") == is_done, closing.point
        assert ballots(crashed.house, closing) == (0 if is_done else len(closing.seats)), closing.point
        # Closed ones have lost their key by now, whatever was left of it.
        key = crashed.store.settings.runtime / f"{closing.check_in}.key"
        assert key.exists() != is_done, closing.point


def test_in_the_end_every_check_in_is_counted_exactly_and_once(crashed: Crashed) -> None:
    hub = crashed.house.hub
    for closing in crashed.closings:
        for _ in range(2):
            hub.run(closing.session, c.CloseCheckIn(closing.check_in), crashed.store.fern)
        live = hub.live(closing.session)
        check_in = live.check_ins[closing.check_in]
        prompt = live.plan.prompt(check_in.prompt)
        assert prompt is not None
        assert check_in.tally == count(prompt, closing.values, check_in.floor), closing.point
        with crashed.house.db.read() as db:
            closed = [line for line in kept.log_of(db, closing.session) if isinstance(line.event, CheckInClosed)]
        assert len(closed) == 1, closing.point
        assert ballots(crashed.house, closing) == 0
        with pytest.raises(Refused, match="This check-in is closed"):
            hub.answer(closing.session, closing.seats[0], closing.check_in, 5)
    assert list(crashed.store.settings.runtime.iterdir()) == []


def ballots(house: House, closing: Closing) -> int:
    """How many sealed answers lie there."""
    with house.db.read() as db:
        return len(db.exec(select(Ballot).where(Ballot.check_in_id == closing.check_in)).all())


def test_a_key_that_is_lost_in_the_crash_is_said_and_nothing_is_guessed(
    ground: tuple[Ground, Path], _password: Hashed
) -> None:
    """The machine went down with its memory, where keys live."""
    with our_store(ground[1], ground[0], _password) as store:
        sitting = store.sit(0)
        for key in store.settings.runtime.glob("*.key"):
            key.unlink()
        house = open_house(store.settings, store.clock, NO_PLANS)
        house.hub.tidy_keys()
        house.hub.run(sitting.session, c.CloseCheckIn(sitting.check_in), store.fern)
        check_in = house.hub.live(sitting.session).check_ins[sitting.check_in]
        assert check_in.tally == {"state": "uncounted", "bands": []}
        house.db.close()


def test_a_closing_that_was_stored_but_never_confirmed_leaves_no_key(
    ground: tuple[Ground, Path], _password: Hashed
) -> None:
    """The line to the database breaks just after the commit: the closing seems to have failed."""
    with our_store(ground[1], ground[0], _password) as store:
        sitting = store.sit(0)
        with never_confirmed(), pytest.raises(Unavailable):
            store.close(sitting)
        assert store.hub.live(sitting.session).check_ins[sitting.check_in].state == "closed"
        assert list(store.settings.runtime.iterdir()) == []


def test_a_key_that_another_process_left_behind_is_destroyed_by_the_next_look(
    ground: tuple[Ground, Path], _password: Hashed
) -> None:
    """One process was killed between the commit and the key; the other one runs on, and is not started again."""
    with our_store(ground[1], ground[0], _password) as store:
        sitting = store.sit(0)
        told = {"environ": environ_in(ground[1], ground[0]), "data": str(ground[1] / "data"), "fern": store.fern.id}
        closing = {"session": sitting.session, "check_in": sitting.check_in, "point": COMMITTED}
        assert run(told, [closing]) == [signal.SIGKILL]
        assert store.hub.live(sitting.session).check_ins[sitting.check_in].state == "closed"
        assert list(store.settings.runtime.iterdir()) == []


@contextmanager
def never_confirmed() -> Iterator[None]:
    """Whatever is committed meanwhile is stored, and nobody hears of it."""

    def break_off(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, ConnectionError("The line broke."))

    event.listen(Session, "after_commit", break_off)
    try:
        yield
    finally:
        event.remove(Session, "after_commit", break_off)


def test_a_naive_closing_counts_twice(ground: tuple[Ground, Path]) -> None:
    """The positive control: it counts in one transaction and deletes in the next, and is killed between."""
    with naive_store(ground[0]) as store:
        sitting = store.sit(0)
        closing = {"check_in": sitting.check_in, "point": "before the queue is emptied"}
        assert run({"naive": True, "url": ground[0].url}, [closing]) == [signal.SIGKILL]
        store.close(sitting)
        assert store.counted(sitting.check_in) == 2 * len(sitting.seats)
