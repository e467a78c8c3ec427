"""One phone, one answer: however often it is sent, from wherever, and with whichever seat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from facilitator.house import open_house
from facilitator.people.passwords import Hashed
from facilitator.realtime import commands as c
from facilitator.realtime.hub import Hub, Refused
from facilitator.storage.tables import Ballot
from tests.attacks.ground import NO_PLANS, Ground
from tests.attacks.naive import naive_store
from tests.attacks.ours import OurStore, our_store

AT_ONCE = 50
# One below the floor: a second answer from one phone would be the one that is missing.
OTHERS = 3
NOT_HERE, IS_CLOSED, NO_SUCH = "not in the group any more", "This check-in is closed", "no such check-in"


@pytest.fixture
def store(ground: tuple[Ground, Path], _password: Hashed) -> Iterator[OurStore]:
    """The product on each engine."""
    with our_store(ground[1], ground[0], _password) as store:
        yield store


def at_once(acts: list[Callable[[], None]]) -> list[str]:
    """Do all of it in threads; what was refused, in the sentences that people read."""

    def attempt(act: Callable[[], None]) -> str:
        try:
            act()
        except Refused as refused:
            return str(refused)
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [said for said in pool.map(attempt, acts) if said]


def ballots(store: OurStore) -> int:
    """How many sealed answers there are."""
    with store.house.db.read() as db:
        return len(db.exec(select(Ballot)).all())


def state_of(store: OurStore, session: str, check_in: str) -> str:
    """How a closed check-in was counted."""
    tally = store.hub.live(session).check_ins[check_in].tally
    assert tally is not None
    return str(tally["state"])


def test_fifty_sends_at_once_from_one_seat_count_once(store: OurStore) -> None:
    session = store.live_session()
    seats = [store.join(session) for _ in range(OTHERS + 1)]
    check_in = store.ask(session)
    # A second process: what one knows of who has answered, the other does not.
    other = open_house(store.settings, store.clock, NO_PLANS)
    hubs: list[Hub] = [store.hub, other.hub]
    acts = [lambda seat=seat: store.hub.answer(session, seat, check_in, 5) for seat in seats[1:]]
    acts += [lambda turn=turn: hubs[turn % 2].answer(session, seats[0], check_in, turn % 11) for turn in range(AT_ONCE)]
    assert at_once(acts) == []
    other.db.close()

    assert ballots(store) == OTHERS + 1
    store.do(session, c.CloseCheckIn(check_in))
    assert state_of(store, session, check_in) == "withheld"


def test_joining_again_and_leaving_make_no_second_answer(store: OurStore) -> None:
    session = store.live_session()
    seats = [store.join(session) for _ in range(OTHERS)]
    check_in = store.ask(session)
    for seat in seats:
        store.hub.answer(session, seat, check_in, 5)
    for _ in range(AT_ONCE // 10):
        seat = store.join(session)
        store.hub.answer(session, seat, check_in, 5)
        store.hub.leave(session, seat)
    assert ballots(store) == OTHERS


def test_the_seat_of_another_session_answers_nothing(store: OurStore) -> None:
    here, there = store.live_session(), store.live_session()
    foreign = store.join(there)
    check_in, elsewhere = store.ask(here), store.ask(there)
    for seat in (foreign, "", "made-up", foreign.swapcase(), foreign + " "):
        with pytest.raises(Refused, match=NOT_HERE):
            store.hub.answer(here, seat, check_in, 5)
    # A seat of ours, with the check-in of the others.
    seat = store.join(here)
    with pytest.raises(Refused, match=NO_SUCH):
        store.hub.answer(here, seat, elsewhere, 5)
    assert ballots(store) == 0


def test_a_seat_replayed_after_leaving_answers_nothing(store: OurStore) -> None:
    session = store.live_session()
    seat = store.join(session)
    check_in = store.ask(session)
    store.hub.leave(session, seat)
    with pytest.raises(Refused, match=NOT_HERE):
        store.hub.answer(session, seat, check_in, 5)


def test_after_closing_every_send_is_refused_and_changes_nothing(store: OurStore) -> None:
    session = store.live_session()
    seats = [store.join(session) for _ in range(OTHERS + 2)]
    check_in = store.ask(session)
    for seat in seats[1:]:
        store.hub.answer(session, seat, check_in, 5)
    store.do(session, c.CloseCheckIn(check_in))
    said = at_once([lambda: store.hub.answer(session, seats[0], check_in, 5)] * AT_ONCE)
    assert len(said) == AT_ONCE and all(IS_CLOSED in one for one in said)
    again = store.ask(session)
    with pytest.raises(Refused, match=IS_CLOSED):
        store.hub.answer(session, seats[0], check_in, 5)
    assert ballots(store) == 0 and state_of(store, session, check_in) == "withheld"
    store.do(session, c.CloseCheckIn(again))


def test_the_seat_of_an_ended_session_answers_nothing(store: OurStore) -> None:
    session = store.live_session()
    seat = store.join(session)
    check_in = store.ask(session)
    store.hub.answer(session, seat, check_in, 5)
    store.do(session, c.End())
    with pytest.raises(Refused, match=f"{NOT_HERE}|closed"):
        store.hub.answer(session, seat, check_in, 5)
    # Begun again, the room is empty: the old seat is no place in it.
    store.do(session, c.Reopen())
    with pytest.raises(Refused, match=NOT_HERE):
        store.hub.answer(session, seat, check_in, 5)
    assert ballots(store) == 0


def test_a_naive_store_counts_every_send(ground: tuple[Ground, Path]) -> None:
    """The positive control."""
    with naive_store(ground[0]) as naive:
        for value in range(AT_ONCE):
            naive.answer("check-in", "one seat", value % 10)
        assert naive.tally("check-in") == AT_ONCE
