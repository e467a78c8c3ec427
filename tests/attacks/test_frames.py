"""Every frame to the console, the projector and each phone: what it holds, how many there are, and when they come.

While a check-in is open they say a word and nothing else; afterwards one tally. A frame that comes with every answer
would be a count, whatever it holds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
import socketio

from tests.attacks.stores import PHONES
from tests.browser import Phone, Screen, View
from tests.evening import CRAVING, MOOD, PRACTICE, Evening
from tests.server import Served

WORDS = ("waiting", "some", "most", "everyone")
CHANGES = len(WORDS) - 1
# Longer than the server waits before it looks again, and (on its own clock) than a word stays and presence is held.
QUIET_S, APART_S = 0.4, 4
ANSWERS = (0, 1, 2, 5, 8, 9, 10, 10)


class Recorder(Screen):
    """A screen that also keeps what has another name than ``view``."""

    def _connected(self) -> socketio.Client:
        client = super()._connected()
        self.others: list[Any] = []
        client.on("*", lambda *said: self.others.append(said), namespace=self._namespace)
        return client


class Room:
    """An evening of which every frame is kept."""

    def __init__(self, served: Served, phones: int) -> None:
        self.evening = Evening(served)
        self.evening.go_live()
        self.phones = [Phone(served.url, self.evening.code) for _ in range(phones)]
        url, fern = served.url, self.evening.fern
        headers = {"Origin": url, "Cookie": fern.cookies()}
        self.console = Recorder(url, "/console", {"session": self.evening.id}, headers)
        self.projector = Recorder(url, "/projector", {"screen": self.evening.session.screen_token})
        for phone in self.phones:
            phone.screen = Recorder(url, "/phone", {"seat": phone.seat})
        self.screens = [self.evening.keep(one) for one in (self.console, self.projector, *self.in_hands())]
        self.console.until(lambda view: view["phones"] == phones)

    def in_hands(self) -> list[Recorder]:
        """The phones' screens."""
        return [phone.screen for phone in self.phones if isinstance(phone.screen, Recorder)]

    def ask(self, prompt: str) -> str:
        """Open a check-in and wait until every screen shows it, and no frame is on its way."""
        if before := self.evening.view()["check_in"]:
            self.evening.do("CloseCheckIn", check_in=before["id"])
        self.evening.do("HideTally")
        check_in = self.evening.ask(prompt)
        for screen in self.screens:
            screen.until(lambda view: view["check_in"] and view["check_in"]["id"] == check_in)
        self.wait()
        return check_in

    def wait(self) -> None:
        """Long enough for every frame that is due."""
        self.evening.served.clock.forward(seconds=APART_S)
        time.sleep(QUIET_S)

    def seen(self) -> list[int]:
        """How many frames each screen has got so far."""
        return [len(screen.views) for screen in self.screens]

    def tally_of(self, check_in: str) -> list[list[dict[str, Any]]]:
        """Close it, show its tally, and what each screen got of it."""
        seen = self.seen()
        self.evening.do("CloseCheckIn", check_in=check_in)
        self.evening.do("ShowTally", check_in=check_in)
        for screen in self.screens:
            screen.until(lambda view: view["tally"] and view["tally"]["check_in"] == check_in)
        self.wait()
        return [tallies(frames, check_in) for frames in self.since(seen)]

    def since(self, seen: Sequence[int]) -> list[list[View]]:
        """The frames that each screen got since then."""
        return [screen.views[before:] for screen, before in zip(self.screens, seen, strict=True)]


@pytest.fixture(scope="module")
def room(served: Served) -> Iterator[Room]:
    """Eight phones, a console and a projector."""
    room = Room(served, PHONES)
    yield room
    room.evening.close()


def told(frames: Iterable[View], words: Sequence[str] = WORDS) -> list[str]:
    """What frames hold beside the moment and one of the four words, each different content once."""
    contents = []
    for frame in frames:
        check_in = dict(frame["check_in"])
        assert check_in.pop("progress") in words
        # On a phone: whether this phone has answered.
        assert check_in.pop("answered", False) in (True, False)
        contents.append(json.dumps({**frame, "server_now": 0, "check_in": check_in}, sort_keys=True))
    return sorted(set(contents))


def changes(frames: Sequence[View]) -> int:
    """How often the word changes."""
    return sum(one["check_in"]["progress"] != other["check_in"]["progress"] for one, other in pairwise(frames))


def test_while_open_no_frame_holds_or_is_a_count(room: Room) -> None:
    check_in = room.ask(MOOD)
    begun, seen = [screen.views[-1] for screen in room.screens], room.seen()
    for phone, value in zip(room.phones, ANSWERS, strict=True):
        assert phone.answer(check_in, value) == {"ok": True}
        room.wait()

    for screen, first, frames in zip(room.screens, begun, room.since(seen), strict=True):
        assert told([first, *frames]) == told([first])
        assert changes([first, *frames]) <= CHANGES
        # Each frame is a new word, or tells this one phone that its answer is in.
        assert len(frames) <= changes([first, *frames]) + (screen in room.in_hands())
        assert screen.others == []


def test_an_answer_given_again_and_a_skip_are_no_frames_of_their_own(room: Room) -> None:
    check_in = room.ask(MOOD)
    for phone, value in zip(room.phones, ANSWERS, strict=True):
        phone.answer(check_in, value)
    room.wait()
    room.wait()
    seen = room.seen()
    for value in (3, None, 4):
        room.phones[0].answer(check_in, value)
        room.wait()
    assert room.since(seen) == [[]] * len(room.screens)


def test_afterwards_every_screen_gets_one_tally(room: Room) -> None:
    # A question of its own: one that was seen counted before is not shown again.
    check_in = room.ask(PRACTICE)
    for phone, value in zip(room.phones, ANSWERS, strict=True):
        phone.answer(check_in, value % 3)
    console, projector, *phones = room.tally_of(check_in)
    assert [len(one) for one in (console, projector, *phones)] == [1] * (2 + PHONES)
    assert phones == [projector] * PHONES
    words = [band["word"] for band in projector[0]["bands"]]
    assert words and not any(letter.isdigit() for letter in "".join(words))


def tallies(frames: Iterable[View], check_in: str) -> list[dict[str, Any]]:
    """Each different tally of this check-in once.

    The console keeps the one before in sight until this one is closed, so a word that is still on its way brings it.
    """
    found: list[dict[str, Any]] = []
    for frame in frames:
        if frame["tally"] and frame["tally"]["check_in"] == check_in and frame["tally"] not in found:
            found.append(frame["tally"])
    return found


def test_below_the_floor_no_frame_tells_how_many(room: Room) -> None:
    """Six answers to a sensitive question, then none: the same frames."""
    told_of = []
    for answering in (6, 0):
        check_in = room.ask(CRAVING)
        for phone, value in zip(room.phones[:answering], ANSWERS, strict=False):
            phone.answer(check_in, value)
        told_of.append(json.dumps(room.tally_of(check_in)).replace(check_in, ""))
        assert all(one["state"] == "withheld" and one["bands"] == [] for [one] in json.loads(told_of[-1]))
    assert told_of[0] == told_of[1]


def test_a_live_bar_or_a_frame_an_answer_is_caught() -> None:
    """The positive control: what most polls send."""
    bars = [{"server_now": now, "check_in": {"progress": "some", "answers": now}} for now in range(PHONES)]
    assert len(told(bars)) == PHONES
    beats = [{"server_now": now, "check_in": {"progress": "some"}} for now in range(PHONES)]
    assert len(told(beats)) == 1 and len(beats) > changes(beats) + 1
