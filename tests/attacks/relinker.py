"""Attackers who watched eight people answer, one after the other, and then want to know who answered what.

Each finds, in some hiding place, what was said in the order in which it was written, and gives it to the people in the
order in which they were seen. Pure guessing is right for one of eight people.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from facilitator.realtime.seats import digest_of
from tests.attacks.ground import Ground, Piece
from tests.attacks.stores import PHONES, VALUES, Sitting, Store, Table

CHANCE = 1 / PHONES
CAUGHT = 0.95
# Of eight guesses that are a random order of the eight values, one is right on average, give or take one.
SIGMA_OF_ONE = 1 / PHONES
OPEN, CLOSED = "while open, without the key", "after closing"

Said = list[bytes]
# What one attack found of one check-in, by the variants of the attack.
Found = dict[str, Said]
Attack = Callable[[Ground, Store, Sitting], Found]


class Findings:
    """How often each attack was right, by moment, attack and variant."""

    def __init__(self, sessions: int) -> None:
        self.sessions = sessions
        self._right: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def told(self) -> dict[str, Any]:
        """As JSON takes it."""
        right = [[moment, attack, dict(found)] for (moment, attack), found in self._right.items()]
        return {"sessions": self.sessions, "right": right}

    @classmethod
    def of(cls, told: dict[str, Any]) -> Findings:
        """As another process told them."""
        findings = cls(told["sessions"])
        for moment, attack, found in told["right"]:
            findings._right[moment, attack].update(found)
        return findings

    def note(self, moment: str, attack: str, sitting: Sitting, found: Found) -> None:
        """Guess from what was found, and compare with what was so."""
        for variant, said in found.items():
            guess = read(said, Random(f"{attack} {variant} {sitting.number}"))
            right = sum(one == other for one, other in zip(guess, sitting.values, strict=True))
            self._right[moment, attack][variant].append(right / PHONES)

    def accuracies(self, moment: str, attack: str) -> list[float]:
        """One for each variant, each over all sessions."""
        variants = self._right[moment, attack].values()
        assert variants and all(len(right) == self.sessions for right in variants)
        return [sum(right) / self.sessions for right in variants]

    def best(self, moment: str, attack: str) -> float:
        """The variant that was right most often."""
        return max(self.accuracies(moment, attack))

    @property
    def noise(self) -> float:
        """How far from chance pure guessing may come: four sigma."""
        return 4 * SIGMA_OF_ONE / self.sessions**0.5


def read(said: Said, chance: Random) -> list[int]:
    """The values behind ``said``: in clear, else by the rank of what is there. What is missing is guessed."""
    clear = [re.fullmatch(rb'\{"\w+":(\d)\}', one) for one in said[:PHONES]]
    ranks = sorted(said[:PHONES])
    values = [int(match[1]) if match else ranks.index(one) for match, one in zip(clear, said, strict=False)]
    missing = [value for value in VALUES if value not in values]
    chance.shuffle(missing)
    return values + missing[: PHONES - len(values)]


# -- what a query shows ----------------------------------------------------------------------------------------------


def by_hidden(column: str) -> Attack:
    """In the order of a column that nobody made: ``rowid``, ``ctid``, ``xmin``."""

    def attack(ground: Ground, store: Store, sitting: Sitting) -> Found:
        return {table.name: _sorted_by(column, table, ground, sitting) for table in store.knowledge.tables}

    return attack


def by_key(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """In the order of the primary key."""
    return {table.name: _sorted_by(table.key, table, ground, sitting) for table in store.knowledge.tables}


def by_columns(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """In the order of every column there is."""
    return {
        f"{table.name}.{column}": _sorted_by(column, table, ground, sitting)
        for table in store.knowledge.tables
        for column in table.columns
    }


def _sorted_by(column: str, table: Table, ground: Ground, sitting: Sitting) -> Said:
    query = f"SELECT {table.said} FROM {table.name} WHERE check_in_id = :check_in ORDER BY {column}"  # noqa: S608 - our own names
    return [_bytes(said) for (said,) in ground.rows(query, sitting.check_in)]


def by_seat(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """By what a row calls its phone, for somebody who has every phone's seat in hand: itself, hashed, or by rank."""
    return {table.name: _by_seat(table, ground, sitting) for table in store.knowledge.tables}


def _by_seat(table: Table, ground: Ground, sitting: Sitting) -> Said:
    query = f"SELECT {table.who}, {table.said} FROM {table.name} WHERE check_in_id = :check_in"  # noqa: S608 - our own names
    kept = {who: _bytes(said) for who, said in ground.rows(query, sitting.check_in)}
    if not kept:
        return []
    digests = [digest_of(seat) for seat in sitting.seats]
    by_rank = dict(zip(sorted(digests), sorted(kept), strict=True))
    whose = [
        next((name for name in (seat, digest, digest_of(digest)) if name in kept), by_rank[digest])
        for seat, digest in zip(sitting.seats, digests, strict=True)
    ]
    return [kept[name] for name in whose]


def _bytes(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else bytes(said)


# -- what lies in the files -----------------------------------------------------------------------------------------


def in_journal(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """In the order of the write-ahead log."""
    return {"": in_piece(ground.journal(), store.knowledge.record, sitting)}


def in_pages(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """In the order in which rows lie in their pages, living or deleted."""
    knowledge = store.knowledge
    return {"": in_piece(ground.pages(knowledge.raw_tables), knowledge.record, sitting)}


def in_free_space(ground: Ground, store: Store, sitting: Sitting) -> Found:
    """Like ``in_pages``, of rows only that closing deletes."""
    knowledge = store.knowledge
    return {"": in_piece(ground.pages(knowledge.raw_tables), knowledge.freed, sitting)}


def in_piece(piece: Piece, record: bytes, sitting: Sitting) -> Said:
    """What was said, in the order in which it was written there first."""
    return list(rows_in(piece, record, sitting).values())


def rows_in(piece: Piece, record: bytes, sitting: Sitting) -> dict[bytes, bytes]:
    """Who said what, as both stand there, in the order in which it was written first."""
    # Looked ahead for, and not consumed: what lies near an entry of an index may be the next row.
    looked_for = rb"(?=%s)" % record.replace(b"%s", sitting.check_in.encode())
    found = list(re.finditer(looked_for, piece.content, re.DOTALL))
    found.sort(key=lambda match: piece.place_of(match.start()))
    first: dict[bytes, bytes] = {}
    for match in found:
        first.setdefault(match["who"], match["said"])
    return first


# -- one night ------------------------------------------------------------------------------------------------------

EVERYWHERE: dict[str, Attack] = {
    "key order": by_key,
    "every column, sorted": by_columns,
    "the seat in hand": by_seat,
    "write-ahead log": in_journal,
    "pages of the database": in_pages,
}
HIDDEN: dict[str, dict[str, str]] = {
    "SQLite": {"rowid": "rowid"},
    "PostgreSQL": {"ctid": "ctid", "xmin": "xmin::text::bigint"},
}
FREED = "free space in its pages"
COPY = {"SQLite": "backup", "PostgreSQL": "pg_dump"}
# PostgreSQL's own tool takes a third of a second, so it is asked once for ten sessions.
TOGETHER = {"SQLite": 1, "PostgreSQL": 10}


def attacks_on(engine: str, moment: str) -> list[str]:
    """The names of all attacks."""
    return [*HIDDEN[engine], *EVERYWHERE, *([FREED] if moment == CLOSED else []), COPY[engine]]


def night(store: Store, ground: Ground, sessions: int) -> Findings:
    """Run ``sessions`` sessions of eight phones, and attack each at both moments."""
    findings = Findings(sessions)
    step = TOGETHER[ground.name]
    for first in range(0, sessions, step):
        sittings = []
        for number in range(first, min(first + step, sessions)):
            sittings.append(store.sit(number))
            _attack(findings, OPEN, ground, store, sittings[-1])
        _attack_copy(findings, OPEN, ground, store, sittings)
        for sitting in sittings:
            store.close(sitting)
            _attack(findings, CLOSED, ground, store, sitting)
        _attack_copy(findings, CLOSED, ground, store, sittings)
    return findings


def _attack(findings: Findings, moment: str, ground: Ground, store: Store, sitting: Sitting) -> None:
    # The files first: looking at a row can make PostgreSQL tidy its page, and a checkpoint ends SQLite's journal.
    attacks: dict[str, Attack] = dict(reversed(EVERYWHERE.items()))
    attacks = {"write-ahead log": in_journal} | ({FREED: in_free_space} if moment == CLOSED else {}) | attacks
    attacks |= {name: by_hidden(column) for name, column in HIDDEN[ground.name].items()}
    for name, attack in attacks.items():
        findings.note(moment, name, sitting, attack(ground, store, sitting))


def _attack_copy(findings: Findings, moment: str, ground: Ground, store: Store, sittings: Sequence[Sitting]) -> None:
    copy = ground.copy(store.copy)
    for sitting in sittings:
        said = in_piece(copy, store.knowledge.record, sitting)
        findings.note(moment, COPY[ground.name], sitting, {"": said})
