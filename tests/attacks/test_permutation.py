"""The same answers by other people, or in another order: what is kept is the same.

Two clinics roll the same dice, so that even their random ids are alike, and differ only in who said what and when. All
that is kept is then compared: while a check-in is open but for the ciphertext, afterwards to the last column.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from tests.attacks import loaded_dice
from tests.attacks.ground import ENGINES, Grounds
from tests.attacks.naive import TABLES, naive_store
from tests.attacks.stores import PHONES, Sitting

SAID = (0, 1, 2, 2, 5, 8, 9, 10)
IN_TURN = tuple(range(PHONES))


def swapped(dice: Sequence[int]) -> tuple[int, ...]:
    """The same answers by other people."""
    return tuple(SAID[place] for place in dice)


OTHERS = swapped((3, 7, 0, 5, 1, 6, 2, 4))
OTHER_TURNS = (5, 2, 7, 0, 3, 6, 1, 4)


@cache
def evening(engine: str, server: str, said: tuple[int, ...], turns: tuple[int, ...] = IN_TURN) -> dict[str, Any]:
    """What our store keeps while open, after closing, and after the session: each evening is lived once."""
    kept: dict[str, Any] = loaded_dice.ask("evening", engine, server, said, turns)
    return kept


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_answered_what_and_in_which_order_the_same_is_kept(_server: str, engine: str) -> None:
    first = evening(engine, _server, SAID)["kept"]
    for said, turns in ((OTHERS, IN_TURN), (SAID, OTHER_TURNS), (OTHERS, OTHER_TURNS)):
        assert evening(engine, _server, said, turns)["kept"] == first


def test_whoever_answered_what_the_file_is_the_same_to_the_last_byte(_server: str) -> None:
    """After closing, with all that SQLite leaves lying about in its pages."""
    assert evening("SQLite", _server, SAID)["file"] == evening("SQLite", _server, OTHERS)["file"]


@pytest.mark.parametrize("engine", ENGINES)
def test_another_answer_is_kept_as_another_tally(_server: str, engine: str) -> None:
    """The comparison sees what there is to see."""
    one, other = (evening(engine, _server, said)["kept"] for said in (SAID, (0,) * PHONES))
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
            kept.append(loaded_dice.rows_of(ground, [table.split()[2] for table in TABLES]))
    assert kept[0] != kept[1]
