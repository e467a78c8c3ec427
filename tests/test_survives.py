"""The server is killed with SIGKILL at random moments of a live session, and nothing acknowledged is lost.

Twenty kills, half of them while a check-in is closing; five hundred with ``--full``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from sqlmodel import select

from facilitator.realtime import store
from facilitator.realtime.live import Live, fold, scheduled
from facilitator.realtime.screens import Presence, console_view
from facilitator.storage.tables import GroupSession
from tests.browser import PATIENCE_S, Screen, View
from tests.evening import PLAN, Evening
from tests.ledger import Ledger, Turmoil
from tests.questions import QUESTIONS
from tests.server import Served

PHONES = 8
# So many more questions of each kind: one that is asked again of the same phones is counted, but not shown.
ROUNDS = 12
KILLS, KILLS_IN_FULL = 10, 250
BACK_WITHIN_S = 3.0
LONGEST_ROUND_S = 0.6
WHILE_CLOSING_S = 0.03
SECOND_MS = 1_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """So many kills in each mode."""
    if "kill" in metafunc.fixturenames:
        kills = KILLS_IN_FULL if metafunc.config.getoption("--full") else KILLS
        metafunc.parametrize("kill", range(kills))


@pytest.fixture(scope="module")
def evening(served: Served) -> Iterator[Evening]:
    """A live session with eight phones, a console and a projector, all of which come back by themselves."""
    rounds = "".join(f"\n## Check-in: Round {at} (5 min)\n\n{QUESTIONS}" for at in range(ROUNDS))
    evening = Evening(served, PLAN.replace("90 min", f"{90 + 5 * ROUNDS} min") + rounds)
    evening.do("OpenDoors")
    for _ in range(PHONES):
        evening.join(comes_back=True)
    evening.do("Start")
    evening.do("EnterSegment", segment=1)
    yield evening
    evening.close()


@pytest.fixture(scope="module")
def screens(evening: Evening) -> list[Screen]:
    """Every screen of the room."""
    lines = [phone.screen for phone in evening.phones if phone.screen]
    return [evening.console(comes_back=True), evening.projector(comes_back=True), *lines]


@pytest.fixture(scope="module")
def ledger(evening: Evening) -> Ledger:
    """What everybody was promised."""
    return Ledger(evening.view()["rev"])


def test_nothing_acknowledged_is_lost(
    served: Served, evening: Evening, screens: list[Screen], ledger: Ledger, kill: int
) -> None:
    chance = random.Random(f"{served.server.mode} {kill}")
    turmoil = Turmoil(evening, ledger, chance)
    turmoil.begin()
    if kill % 2:
        assert turmoil.is_closing.wait(PATIENCE_S), "Nobody closed a check-in."
        time.sleep(chance.uniform(0, WHILE_CLOSING_S))
    else:
        time.sleep(chance.uniform(0, LONGEST_ROUND_S))
    served.server.kill()
    turmoil.end()
    if kill % 5 == 4:
        # Again, somewhere on the way up.
        served.server.begin_to_start()
        time.sleep(chance.uniform(0, 2))
        served.server.kill()
    everybody_is_back(served, screens)
    assert served.is_whole()
    ledger.check_log(log_of(evening))
    view, live = evening.view(), replayed(evening)
    assert view == console_view(live, presence_of(view), view["server_now"])
    ledger.check_answers(served, live, [phone.seat for phone in evening.phones])
    ledger.rev = live.rev


def everybody_is_back(served: Served, screens: list[Screen]) -> None:
    """Started again, every screen has a fresh view soon enough after the server answers, without anybody's doing."""
    # A screen may have its view before this test has heard that the server answers.
    down = time.monotonic()
    answers_at = served.server.start()
    late = {screen: screen.moment(bool, PATIENCE_S, down)[0] - answers_at for screen in screens}
    assert max(late.values()) < BACK_WITHIN_S, sorted(late.values())


def log_of(evening: Evening) -> list[store.Logged]:
    """The session log, as it is on disk."""
    with evening.served.db.read() as db:
        return store.log_of(db, evening.id)


def replayed(evening: Evening) -> Live:
    """The session as its log tells it."""
    begin = scheduled(store.plan_of(evening.session), evening.session.scheduled_at)
    return fold(begin, [line.event for line in log_of(evening)])


def presence_of(view: View) -> Presence:
    """What a view says about the moment, and no log knows."""
    progress = view["check_in"]["progress"] if view["check_in"] else "waiting"
    return Presence(view["phones"], view["waiting"], progress)


def test_the_timer_runs_on_while_the_server_is_down(served: Served, evening: Evening, screens: list[Screen]) -> None:
    evening.fern.command(evening.id, "Unblank")
    evening.fern.command(evening.id, "ResumeTimer")
    evening.do("AddTime", seconds=600)
    before, looked_at = evening.view(), time.monotonic()
    served.server.kill()
    time.sleep(0.5)
    down = time.monotonic()
    served.server.start()
    for screen in screens:
        at, view = screen.moment(bool, PATIENCE_S, down)
        passed = (at - looked_at) * SECOND_MS
        assert left(view) == pytest.approx(left(before) - passed, abs=SECOND_MS)


def left(view: View) -> int:
    """What is left on a running timer, in ms."""
    return view["timer"]["ends_at"] - view["server_now"]


def test_ending_the_server_as_people_do_takes_nobody_long(served: Served, screens: list[Screen]) -> None:
    while not all(screen.is_connected for screen in screens):
        time.sleep(0.05)
    began = time.monotonic()
    served.server.stop()
    assert time.monotonic() - began < PATIENCE_S / 2
    everybody_is_back(served, screens)


def test_a_session_that_nobody_watches_ends_by_the_clock(served: Served, evening: Evening) -> None:
    evening.close()
    served.server.kill()
    served.server.start()
    served.clock.forward(hours=5)
    give_up = time.monotonic() + PATIENCE_S
    while state_of(evening) != "ended":
        assert time.monotonic() < give_up
        time.sleep(0.1)
    assert replayed(evening).ended_by_itself


def state_of(evening: Evening) -> str:
    """The state of the session, as lists of sessions find it."""
    with evening.served.db.read() as db:
        return db.exec(select(GroupSession.state).where(GroupSession.id == evening.id)).one()
