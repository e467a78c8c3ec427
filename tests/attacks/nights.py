"""Both stores attacked on one engine, for the tests and for the table in ``docs/anonymity.md``.

``python -m tests.attacks.nights [TIMES]`` prints that table, measured with so many times the usual sessions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.attacks import loaded_dice
from tests.attacks.ground import ENGINES
from tests.attacks.relinker import CLOSED, OPEN, Findings, attacks_on
from tests.postgresql import cluster

SESSIONS = {"SQLite": 200, "PostgreSQL": 50}


@dataclass(frozen=True)
class Night:
    """What the attackers found in either store on one engine."""

    naive: Findings
    ours: Findings


class Nights(dict[str, Night]):
    """By engine; each is attacked when its findings are first asked for. ``server`` gives PostgreSQL's address."""

    def __init__(self, server: Callable[[], str], times: int) -> None:
        super().__init__()
        self._server, self._times = server, times

    def __missing__(self, engine: str) -> Night:
        told = loaded_dice.ask("night", engine, self._server(), SESSIONS[engine] * self._times)
        self[engine] = Night(Findings.of(told["naive"]), Findings.of(told["ours"]))
        return self[engine]


def table(nights: Nights) -> Iterator[str]:
    """The lines of the table. Of several variants of an attack, the one that was right most often."""
    yield "| engine | attack | naive store, open | naive store, closed | this store, open | this store, closed |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for engine in ENGINES:
        for attack in attacks_on(engine, CLOSED):
            figures = [
                _figure(store, moment, attack) if attack in attacks_on(engine, moment) else "-"
                for store in (nights[engine].naive, nights[engine].ours)
                for moment in (OPEN, CLOSED)
            ]
            yield f"| {' | '.join([engine, attack, *figures])} |"


def _figure(findings: Findings, moment: str, attack: str) -> str:
    return f"{findings.best(moment, attack):.3f}"


def main(times: int) -> None:
    """Measure and print."""
    with cluster() as address:
        nights = Nights(lambda: address, times)
        for line in table(nights):
            print(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
