"""What was answered, and by which seat, stands nowhere in clear; and a key stands nowhere but where keys live.

Looked for in every file of the data folder, of the database (with its journal) and of a backup, while the check-in is
open and after closing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from facilitator import create_app
from facilitator.people import staff as people
from facilitator.people.passwords import Hashed
from facilitator.realtime import commands as c
from tests.attacks.ground import Ground
from tests.attacks.naive import naive_store
from tests.attacks.ours import OurStore, our_store

LABELS = ("Quagga by the river", "Okapi in the rain", "Tapir under ferns", "Numbat at dawn", "Ocelot in a tree")
PLAN = f"""---
id: T93
title: Rare animals
track: both
version: 1.0
length: 30 min
language: en
objectives:
  - Say which animal it is
sources: our own words
licence: CC BY 4.0
---

Welcome.

## Opening: Arrive (10 min)

Feet on the floor

## Check-in: Which animal (20 min)

Ask (choose up to 3): Which of them are you
{chr(10).join(f"- {label}" for label in LABELS)}
"""
ANSWERS = ([0, 2, 4], [1, 3, 4], [0, 1, 3], [2, 3, 4], [1, 2, 3])


class Asked:
    """A check-in of five phones that is open and answered."""

    def __init__(self, store: OurStore, ground: Ground, folder: Path) -> None:
        self.store, self._ground, self._folder = store, ground, folder
        self.session = store.live_session(PLAN)
        self.seats = [store.join(self.session) for _ in ANSWERS]
        self.before = self.everything()
        self.check_in = store.ask(self.session, "q1")
        (self._file,) = store.settings.runtime.glob("*.key")
        self.key = self._file.read_bytes()
        for seat, answer in zip(self.seats, ANSWERS, strict=True):
            store.hub.answer(self.session, seat, self.check_in, answer)

    def everything(self) -> dict[str, bytes]:
        """Every file but the keys', by name; and a backup."""
        files = dict(self._ground.files())
        files |= {file.name: file.read_bytes() for file in (self._folder / "data").rglob("*") if file.is_file()}
        return files | {"copy": self._ground.copy(self.store.copy).content}

    def close(self) -> None:
        """Count it."""
        self.store.do(self.session, c.CloseCheckIn(self.check_in))


@pytest.fixture
def asked(ground: tuple[Ground, Path], _password: Hashed) -> Iterator[Asked]:
    """On each engine."""
    with our_store(ground[1], ground[0], _password) as store:
        yield Asked(store, *ground)


def found(canaries: list[bytes], files: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Which of ``canaries`` stand in which file."""
    return [(name, canary) for name, content in files.items() for canary in canaries if canary in content]


def written(answer: object) -> list[bytes]:
    """An answer, as programs write it."""
    return [json.dumps(answer).encode(), json.dumps(answer, separators=(",", ":")).encode()]


def forms(key: bytes) -> list[bytes]:
    """A key as bytes, in hex and in base64."""
    encoded = [base64.b64encode(key), base64.urlsafe_b64encode(key)]
    return [key, key[:16], key[16:], key.hex().encode(), key.hex().upper().encode(), *(one[:-1] for one in encoded)]


def test_no_answer_and_no_seat_stands_in_any_file(asked: Asked) -> None:
    canaries = [one for answer in ANSWERS for one in written(answer)] + [seat.encode() for seat in asked.seats]
    assert found(canaries, asked.everything()) == []
    asked.close()
    assert found(canaries, asked.everything()) == []


def test_no_file_names_an_answer_that_was_given_more_often_than_the_question_does(asked: Asked) -> None:
    """Labels stand in the plan, and nowhere else until the tally lists them all."""
    for label in LABELS:
        kept = asked.everything()["copy"].count(label.encode())
        assert kept == asked.before["copy"].count(label.encode()) > 0


def test_no_key_stands_in_any_file(asked: Asked) -> None:
    canaries = forms(asked.key)
    assert found(canaries, asked.everything()) == []
    asked.close()
    assert found(canaries, asked.everything()) == []
    assert list(asked.store.settings.runtime.iterdir()) == []


@pytest.fixture
def app(asked: Asked) -> Iterator[Flask]:
    """The pages over it, as another process would serve them."""
    app = create_app(asked.store.settings, asked.store.clock)
    yield app
    app.extensions["facilitator"].db.close()


def test_no_page_holds_a_key_or_the_seat_of_another(asked: Asked, app: Flask) -> None:
    with asked.store.house.db.write() as db:
        token = people.open_sign_in(db, asked.store.clinic.cast.fern.id, asked.store.clock())
    fern, phone = app.test_client(), app.test_client()
    with fern.session_transaction() as browser:
        browser["_user_id"] = token
    session = f"/sessions/{asked.session}"
    pages = {page: fern.get(page) for page in (f"{session}/console", f"{session}/view", "/sessions", "/healthz")}
    room = f"/j/{asked.store.code_of(asked.session)}"
    pages |= {page: phone.get(page, headers={"X-Seat": asked.seats[0]}) for page in (room, f"{room}/view")}
    assert {page: answer.status_code for page, answer in pages.items()} == dict.fromkeys(pages, 200)
    canaries = forms(asked.key) + [seat.encode() for seat in asked.seats[1:]]
    canaries += [one for answer in ANSWERS for one in written(answer)]
    assert found(canaries, {page: answer.data for page, answer in pages.items()}) == []


def test_in_a_naive_store_all_of_it_is_found(ground: tuple[Ground, Path]) -> None:
    """The positive control, while open and after closing."""
    with naive_store(ground[0]) as naive:
        sitting = naive.sit(0)
        for moment in (lambda: None, lambda: naive.close(sitting)):
            moment()
            files = dict(ground[0].files()) | {"copy": ground[0].copy(naive.copy).content}
            for canary in (b'{"value":3}', sitting.seats[3].encode()):
                assert {name for name, _ in found([canary], files)} >= {"copy"}
                assert len(found([canary], files)) > 1
