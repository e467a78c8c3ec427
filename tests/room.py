"""One session of the Tuesday group as its phones and its wall meet it: pages in, pages out, no socket."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.realtime import commands as c
from facilitator.realtime.hub import Hub
from tests.conftest import Clinic
from tests.questions import QUESTIONS

OURS = {"Origin": "http://localhost"}
PLAN = f"""---
id: T92
title: An ordinary evening
track: both
version: 1.0
length: 60 min
language: en
objectives:
  - Say how the day went
sources: our own words
licence: CC BY 4.0
---

Welcome. Sit where you have some room.

## Opening: Arrive and settle (10 min)

Feet on the floor

> Cue: Wait for the last chair to stop moving.

## Check-in: How I am arriving (20 min)

{QUESTIONS}## Exercise: Ride one small wave (30 min, no timer)

Pick a mild urge
"""
MOOD, PRACTICE, HELPS, CRAVING = "q1", "q2", "q3", "q4"


class Room:
    """A session that Fern runs."""

    def __init__(self, app: Flask, clinic: Clinic, text: str = PLAN) -> None:
        self.app = app
        self.hub: Hub = app.extensions["facilitator"].hub
        self.session = clinic.session(text=text)
        self.fern = c.Person(clinic.cast.fern.id, "Fern Alder")
        self.code = self.session.join_code
        self.path = f"/j/{self.code}"
        self.wall = f"/p/{self.session.screen_token}"

    def do(self, *commands: c.AnyCommand) -> None:
        """Commands of Fern's."""
        for command in commands:
            self.hub.run(self.session.id, command, self.fern)

    def go_live(self) -> Room:
        """Open the doors and begin with the check-in."""
        self.do(c.OpenDoors(), c.Start(), c.EnterSegment(1))
        return self

    def ask(self, prompt: str) -> str:
        """Open a check-in; its id."""
        self.do(c.OpenCheckIn(prompt))
        check_in = self.hub.live(self.session.id).open_check_in
        assert check_in is not None
        return check_in.id

    def tally(self, prompt: str, answers: list[object]) -> None:
        """Ask, let as many other phones answer, and show the group how it answered."""
        check_in = self.ask(prompt)
        for value in answers:
            Phone(self).join().answer(check_in=check_in, value=value)
        self.do(c.CloseCheckIn(check_in), c.ShowTally(check_in))

    def show(self, address: str) -> TestResponse:
        """What anybody gets there."""
        return self.app.test_client().get(address)


class Phone:
    """A browser without scripts on somebody's phone."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.browser: FlaskClient = room.app.test_client()

    def join(self) -> Phone:
        """Tap "Join quietly"."""
        taken = self.post("seat")
        assert taken.status_code == 303, taken.text
        return self

    def get(self, page: str = "") -> TestResponse:
        """A page of the room."""
        return self.browser.get(f"{self.room.path}{page}")

    def post(self, what: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Send a form of the room's, as a browser would."""
        return self.browser.post(f"{self.room.path}/{what}", data=fields, headers=OURS if headers is None else headers)

    def answer(self, **fields: Any) -> TestResponse:
        """Send the form of the check-in."""
        return self.post("answer", **fields)

    @property
    def seat(self) -> str | None:
        """What the browser keeps."""
        cookie = self.browser.get_cookie("seat", path="/j/")
        return cookie.value if cookie else None

    def heading(self) -> str:
        """What the room says first: the heading of the scene that is shown."""
        return shown_heading(self.get().text)


def shown_heading(page: str) -> str:
    """The first heading that no hidden scene holds."""
    scenes = re.split(r"<section ", page)
    shown = next(scene for scene in scenes if re.match(r'class="scene"[^>]*>', scene) and "hidden>" not in scene[:60])
    found = re.search(r"<h1[^>]*>([^<]*)</h1>", shown)
    assert found is not None, shown
    return unescape(found[1]).strip()
