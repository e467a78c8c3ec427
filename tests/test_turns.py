"""Whose text is read next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from facilitator.curricula.turns import Turns


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def is_waiting(turns: Turns, number: int) -> bool:
    return turns.waiting == number


def test_nobody_waits_for_all_the_texts_of_somebody_else() -> None:
    turns, order = Turns(), list[str]()

    def read(who: str) -> None:
        assert turns.take(who, 10)
        order.append(who)
        turns.give_back()

    assert turns.take("Fern", None)
    waiting = []
    for number, who in enumerate(["Fern", "Fern", "Fern", "Sol", "Sol", "Max"], start=1):
        waiting.append(threading.Thread(target=read, args=[who]))
        waiting[-1].start()
        until(partial(is_waiting, turns, number))
    turns.give_back()
    for thread in waiting:
        thread.join(10)

    assert order == ["Sol", "Max", "Fern", "Sol", "Fern", "Fern"]
    assert not turns.taken


def test_whoever_gives_up_keeps_nobody_out() -> None:
    turns = Turns()
    assert turns.take("Fern", None)

    assert not turns.take("Sol", 0.01)
    assert turns.waiting == 0

    turns.give_back()
    assert turns.take("Max", 0)
