"""Many sessions of eight phones that answer in a known order: nobody finds out afterwards who answered what.

200 sessions on SQLite and 50 on PostgreSQL; ten times as many with ``--full``. Every attack is run against a naive
store as well, where it must succeed: otherwise its failure here would say nothing.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from facilitator.people.passwords import Hashed
from facilitator.realtime.ballots import BallotBox
from facilitator.realtime.keys import KeyFolder
from tests.attacks.ground import ENGINES, Ground
from tests.attacks.nights import Nights
from tests.attacks.ours import SEALED_BYTES, our_store
from tests.attacks.relinker import CAUGHT, CHANCE, CLOSED, OPEN, attacks_on, rows_in
from tests.conftest import ROOT

IN_FULL = 10
# One test of an engine waits for all its sessions.
pytestmark = pytest.mark.timeout(1_800)
CASES = [
    pytest.param(engine, moment, attack, id=f"{engine}, {moment}: {attack}")
    for engine in ENGINES
    for moment in (OPEN, CLOSED)
    for attack in attacks_on(engine, moment)
]


@pytest.fixture(scope="module")
def nights(request: pytest.FixtureRequest, _server: str) -> Nights:
    """What was found, by engine."""
    return Nights(lambda: _server, IN_FULL if request.config.getoption("--full") else 1)


@pytest.mark.parametrize(("engine", "moment", "attack"), CASES)
def test_the_naive_store_is_caught(nights: Nights, engine: str, moment: str, attack: str) -> None:
    assert nights[engine].naive.best(moment, attack) >= CAUGHT


@pytest.mark.parametrize(("engine", "moment", "attack"), CASES)
def test_here_it_is_no_better_than_guessing(nights: Nights, engine: str, moment: str, attack: str) -> None:
    found = nights[engine].ours
    for accuracy in found.accuracies(moment, attack):
        assert accuracy == pytest.approx(CHANCE, abs=found.noise)


def test_with_the_key_the_same_attackers_would_know_everything(ground: tuple[Ground, Path], _password: Hashed) -> None:
    """They do find our rows, in the order of answering. What keeps them from reading is the seal, and nothing else."""
    with our_store(ground[1], ground[0], _password) as store:
        sitting = store.sit(0)
        box = KeyFolder(store.settings.runtime).box(sitting.check_in)
        assert box is not None
        journal, pages = (
            [unsealed(box, who.decode(), said) for who, said in rows_in(piece, store.knowledge.record, sitting).items()]
            for piece in (ground[0].journal(), ground[0].pages(store.knowledge.raw_tables))
        )
        assert journal == list(sitting.values)
        # Eight of our rows fill more than a page of SQLite's, which then moves some of them.
        assert sorted(pages) == sorted(sitting.values)


def unsealed(box: BallotBox, responder: str, said: bytes) -> object:
    """The answer in what lies in a file, a few bytes of which may be PostgreSQL's."""
    for begin in range(len(said) - SEALED_BYTES + 1):
        with suppress(ValueError):
            return box.open(responder, said[begin : begin + SEALED_BYTES])
    return None


@pytest.mark.parametrize(
    ("engine", "attack"), [(engine, name) for engine in ENGINES for name in attacks_on(engine, CLOSED)]
)
def test_every_attack_is_in_the_table_that_people_read(engine: str, attack: str) -> None:
    assert f"| {engine} | {attack} |" in (ROOT / "docs" / "anonymity.md").read_text()
