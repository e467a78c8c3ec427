"""One session as a room lives it, over HTTP and sockets: Fern at the console, the projector, and phones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.browser import Browser, Phone, Screen, View
from tests.questions import QUESTIONS
from tests.server import Served

PLAN = f"""---
id: T91
title: A long evening
track: both
version: 1.0
length: 90 min
language: en
objectives:
  - Say how the day went
sources: our own words
licence: CC BY 4.0
---

Welcome. Sit where you have some room.

## Opening: Arrive and settle (10 min)

Feet on the floor

## Check-in: How I am arriving (20 min)

{QUESTIONS}## Exercise: Ride one small wave (40 min)

Pick a mild urge

## Closing: One word (20 min)

One word each
"""
MOOD, PRACTICE, HELPS, CRAVING = "q1", "q2", "q3", "q4"


class Evening:
    """A session of PLAN. Everything that connects is closed by ``close``."""

    def __init__(self, served: Served, text: str = PLAN) -> None:
        self.served = served
        self.session = served.session(text)
        self.id, self.code = self.session.id, self.session.join_code
        self.fern = served.desk("fern")
        self.phones: list[Phone] = []
        self._screens: list[Screen] = []

    def do(self, name: str, /, **fields: Any) -> int:
        """A command of Fern's that succeeds; the session's ``rev``."""
        answer = self.fern.command(self.id, name, **fields)
        assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.text}"
        return int(answer.json()["rev"])

    def refused(self, name: str, **fields: Any) -> str:
        """A command of Fern's that is refused; the sentence."""
        answer = self.fern.command(self.id, name, **fields)
        assert answer.status_code == 409, f"{name}: {answer.status_code} {answer.text}"
        return str(answer.json()["message"])

    def go_live(self, phones: int = 0) -> Evening:
        """Open the doors, let phones in, and begin with the check-in."""
        self.do("OpenDoors")
        for _ in range(phones):
            self.join()
        self.do("Start")
        self.do("EnterSegment", segment=1)
        return self

    def join(self, *, comes_back: bool = False) -> Phone:
        """One more phone takes a seat and opens its line."""
        phone = Phone(self.served.url, self.code)
        self._screens.append(phone.connect(comes_back=comes_back))
        self.phones.append(phone)
        return phone

    def console(self, by: Browser | None = None, *, comes_back: bool = False) -> Screen:
        """A console's line, in Fern's browser or another."""
        browser = by or self.fern
        headers = {"Origin": self.served.url, "Cookie": browser.cookies()}
        return self.keep(Screen(self.served.url, "/console", {"session": self.id}, headers, comes_back=comes_back))

    def projector(self, *, comes_back: bool = False) -> Screen:
        """The projector's line."""
        auth = {"screen": self.session.screen_token}
        return self.keep(Screen(self.served.url, "/projector", auth, comes_back=comes_back))

    def keep(self, screen: Screen) -> Screen:
        """Close it with the rest."""
        self._screens.append(screen)
        return screen

    def view(self) -> View:
        """What the console would fetch."""
        return self.fern.view(f"/sessions/{self.id}/view")

    def projected(self) -> View:
        """What the projector would fetch."""
        return Browser(self.served.url).view(f"/p/{self.session.screen_token}/view")

    def ask(self, prompt: str) -> str:
        """Open a check-in; its id."""
        self.do("OpenCheckIn", prompt=prompt)
        return str(self.view()["check_in"]["id"])

    def all_answer(self, check_in: str, values: list[object]) -> None:
        """Each phone gives its answer, all at once."""
        with ThreadPoolExecutor(len(values)) as pool:
            acks = list(pool.map(lambda one: one[0].answer(check_in, one[1]), zip(self.phones, values, strict=True)))
        assert acks == [{"ok": True}] * len(values)

    def tally_of(self, check_in: str) -> View:
        """Close the check-in, show its tally, and read what the room sees."""
        self.do("CloseCheckIn", check_in=check_in)
        self.do("ShowTally", check_in=check_in)
        return self.projected()["tally"]

    def close(self) -> None:
        """Everybody goes home."""
        for screen in self._screens:
            screen.close()
