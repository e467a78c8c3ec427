"""Simulated phones over real sockets: wait for the doors, join, answer after a while, sometimes skip.

Run as a process of its own: ``python -m facilitator.demo.phones URL SCREEN_TOKEN JOIN_CODE NUMBER``. It ends when its
standard input closes, which is when the server that started it ends.
"""

from __future__ import annotations

import json
import logging
import os
import random
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import socketio

SKIPS = 1 / 8
TIMEOUT_S = 10
CARDS = (
    "Breathe out longer than in", "It passed after ten minutes", "I can call before it gets big", "A walk helps me",
    "I am not the only one", "One small step", "Sleep first, then decide", "Today was hard, and I came",
)  # fmt: skip
# What is raised when the server ends. Then there is nothing more to do.
GONE = (OSError, socketio.exceptions.SocketIOError)
SILENT = logging.getLogger("facilitator.demo.silent")


@dataclass(frozen=True)
class Pace:
    """How quick they are, in seconds. ``answers_after``: at least and at most."""

    looks_every: float = 1.0
    comes_within: float = 4.0
    answers_after: tuple[float, float] = (2.0, 15.0)


def take_part(url: str, screen_token: str, join_code: str, number: int, pace: Pace) -> None:
    """Be ``number`` phones, from before the doors open until the session ends, or the server."""
    with suppress(*GONE):
        while _get(f"{url}/p/{screen_token}/view")["state"] == "scheduled":
            time.sleep(pace.looks_every)
    phones = [threading.Thread(target=Phone(url, join_code, pace).take_part) for _ in range(number)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()


class Phone:
    """One of them. It knows what a phone knows, and nothing more."""

    def __init__(self, url: str, join_code: str, pace: Pace) -> None:
        self._url, self._pace = url, pace
        self._seat_address = f"{url}/j/{join_code}/seat"
        self._ended = threading.Event()
        self._considering = ""
        self._socket = socketio.Client(logger=SILENT, engineio_logger=SILENT)
        self._socket.on("view", self._see, namespace="/phone")

    def take_part(self) -> None:
        """From the door to the end of the session."""
        time.sleep(random.uniform(0, self._pace.comes_within))  # noqa: S311 - when somebody takes out a phone
        with suppress(*GONE):
            if seat := self._take_seat():
                auth = {"seat": seat}
                self._socket.connect(self._url, auth=auth, namespaces=["/phone"], transports=["websocket"])
                self._ended.wait()
                self._socket.disconnect()

    def _take_seat(self) -> str | None:
        """A seat, after waiting at a locked door; None when there is no place."""
        ticket: dict[str, str] = {}
        while True:
            try:
                answer = _post(self._seat_address, ticket)
            except urllib.error.HTTPError:
                return None
            if "seat" in answer:
                return str(answer["seat"])
            ticket = answer
            time.sleep(self._pace.looks_every)

    def _see(self, view: dict[str, Any]) -> None:
        if view["state"] == "ended":
            self._ended.set()
        check_in = view["check_in"]
        if check_in is None or check_in["answered"] or check_in["id"] == self._considering:
            return
        self._considering = check_in["id"]
        after = random.uniform(*self._pace.answers_after)  # noqa: S311 - how long somebody thinks
        threading.Timer(after, self._answer, [check_in]).start()

    def _answer(self, check_in: dict[str, Any]) -> None:
        value = None if random.random() < SKIPS else _some_answer(check_in)  # noqa: S311 - an invented answer
        if self._socket.connected:
            self._socket.emit("answer", {"check_in": check_in["id"], "value": value}, namespace="/phone")


def _some_answer(check_in: dict[str, Any]) -> int | list[int] | str:
    chance = random.Random()  # noqa: S311 - an invented answer
    if check_in["kind"] == "scale":
        return chance.randint(check_in["scale"]["from"], check_in["scale"]["to"])
    if check_in["kind"] == "words":
        return chance.choice(CARDS)
    options = range(len(check_in["options"]))
    if check_in["kind"] == "choice":
        return chance.choice(options)
    return chance.sample(options, chance.randint(1, check_in["most"]))


def _get(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310 - our own server
        view: dict[str, Any] = json.load(answer)
        return view


def _post(address: str, fields: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = urllib.request.Request(address, json.dumps(fields).encode(), headers)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - our own server
        taken: dict[str, Any] = json.load(answer)
        return taken


def _end_with_the_server() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    SILENT.addHandler(logging.NullHandler())
    SILENT.propagate = False
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    take_part(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), Pace())
