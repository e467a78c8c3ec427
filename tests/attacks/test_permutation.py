"""The same answers by other people, or in another order: what is kept is the same.

Two clinics roll the same dice, so that even their random ids are alike, and differ only in who said what and when. All
that is kept is then compared: while a check-in is open but for the ciphertext, afterwards to the last column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

from facilitator.people.passwords import Hashed
from tests.attacks.ground import ENGINES, Ground, Grounds
from tests.attacks.naive import TABLES, naive_store
from tests.attacks.ours import our_store
from tests.attacks.stores import PHONES, Sitting

Kept = dict[str, list[tuple[Any, ...]]]
SAID = (0, 1, 2, 2, 5, 8, 9, 10)
IN_TURN = tuple(range(PHONES))


def swapped(dice: Sequence[int]) -> tuple[int, ...]:
    """The same answers by other people."""
    return tuple(SAID[place] for place in dice)


OTHERS = swapped((3, 7, 0, 5, 1, 6, 2, 4))
OTHER_TURNS = (5, 2, 7, 0, 3, 6, 1, 4)


def kept_by(ground: Ground, tables: Sequence[str]) -> Kept:
    """Every row of every table, sorted; ciphertext left out."""
    engine = create_engine(ground.url)
    kept: Kept = {}
    with engine.connect() as db:
        for table in tables:
            rows = db.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 - our own names
            kept[table] = sorted((tuple(sorted(without_ciphertext(row).items())) for row in rows), key=repr)
    engine.dispose()
    return kept


def without_ciphertext(row: Any) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name != "sealed"}


def lived(grounds: Grounds, engine: str, password: Hashed, said: Sequence[int], turns: Sequence[int]) -> list[Kept]:
    """What our store keeps while open, after closing, and after the session."""
    kept = []
    with grounds.empty(engine) as (ground, folder), our_store(folder, ground, password) as store:
        # ``said`` by phone; the evening wants it in the order of answering.
        sitting = store.evening(0, [said[phone] for phone in turns], turns)
        names = list(SQLModel.metadata.tables)
        for then in (lambda: None, lambda: store.close(sitting), lambda: store.end(sitting)):
            then()
            kept.append(kept_by(ground, names))
    return kept


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("said", "turns"), [(OTHERS, IN_TURN), (SAID, OTHER_TURNS), (OTHERS, OTHER_TURNS)], ids=["who", "order", "both"]
)
def test_whoever_answered_what_the_same_is_kept(
    grounds: Grounds, _password: Hashed, engine: str, said: Sequence[int], turns: Sequence[int]
) -> None:
    first, other = (lived(grounds, engine, _password, *how) for how in ((SAID, IN_TURN), (said, turns)))
    for one, same in zip(first, other, strict=True):
        assert one == same


def test_whoever_answered_what_the_file_is_the_same_to_the_last_byte(grounds: Grounds, _password: Hashed) -> None:
    """After closing, with all that SQLite leaves lying about in its pages."""
    files = []
    for said in (SAID, OTHERS):
        with grounds.empty("SQLite") as (ground, folder), our_store(folder, ground, _password) as store:
            store.close(store.evening(0, said, IN_TURN))
            files.append(ground.pages(()).content)
    assert files[0] == files[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_another_answer_is_kept_as_another_tally(grounds: Grounds, _password: Hashed, engine: str) -> None:
    """The comparison sees what there is to see."""
    one, other = (lived(grounds, engine, _password, said, IN_TURN) for said in (SAID, (0,) * PHONES))
    assert one[0] == other[0] and one[1]["session_event"] != other[1]["session_event"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_naive_store_keeps_who_it_was(grounds: Grounds, engine: str) -> None:
    kept = []
    for said in (SAID, OTHERS):
        with grounds.empty(engine) as (ground, _), naive_store(ground) as store:
            sitting = Sitting(0, "s", "c", tuple(f"seat {phone}" for phone in IN_TURN), said)
            for seat, value in zip(sitting.seats, said, strict=True):
                store.answer(sitting.check_in, seat, value)
            store.close(sitting)
            kept.append(kept_by(ground, [table.split()[2] for table in TABLES]))
    assert kept[0] != kept[1]
