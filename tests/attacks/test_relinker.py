"""Many sessions of eight phones that answer in a known order: nobody finds out afterwards who answered what.

200 sessions on SQLite and 50 on PostgreSQL; ten times as many with ``--full``. Every attack is run against a naive
store as well, where it must succeed: otherwise its failure here would say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from facilitator.people.passwords import Hashed
from tests.attacks.conftest import ENGINES, Grounds
from tests.attacks.naive import naive_store
from tests.attacks.ours import our_store
from tests.attacks.relinker import CAUGHT, CHANCE, CLOSED, OPEN, Findings, attacks_on, night

SESSIONS = {"SQLite": 200, "PostgreSQL": 50}
IN_FULL = 10
CASES = [
    pytest.param(engine, moment, attack, id=f"{engine}, {moment}: {attack}")
    for engine in ENGINES
    for moment in (OPEN, CLOSED)
    for attack in attacks_on(engine, moment)
]


@dataclass(frozen=True)
class Night:
    """What the attackers found in either store on one engine."""

    naive: Findings
    ours: Findings


@pytest.fixture(scope="module")
def nights(request: pytest.FixtureRequest, grounds: Grounds, _password: Hashed) -> Iterator[dict[str, Night]]:
    """One for each engine, when it is first asked for."""
    factor = IN_FULL if request.config.getoption("--full") else 1
    yield Nights(grounds, _password, factor)


class Nights(dict[str, Night]):
    """Attacks an engine when its findings are first asked for."""

    def __init__(self, grounds: Grounds, password: Hashed, factor: int) -> None:
        super().__init__()
        self._grounds, self._password, self._factor = grounds, password, factor

    def __missing__(self, engine: str) -> Night:
        sessions = SESSIONS[engine] * self._factor
        with self._grounds.empty(engine) as (ground, _), naive_store(ground) as store:
            naive = night(store, ground, sessions)
        with self._grounds.empty(engine) as (ground, folder), our_store(folder, ground, self._password) as own:
            ours = night(own, ground, sessions)
        self[engine] = Night(naive, ours)
        return self[engine]


@pytest.mark.parametrize(("engine", "moment", "attack"), CASES)
def test_the_naive_store_is_caught(nights: Nights, engine: str, moment: str, attack: str) -> None:
    assert nights[engine].naive.best(moment, attack) >= CAUGHT


@pytest.mark.parametrize(("engine", "moment", "attack"), CASES)
def test_here_it_is_no_better_than_guessing(nights: Nights, engine: str, moment: str, attack: str) -> None:
    found = nights[engine].ours
    for accuracy in found.accuracies(moment, attack):
        assert accuracy == pytest.approx(CHANCE, abs=found.noise)
