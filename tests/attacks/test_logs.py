"""A whole session with every logger at DEBUG, on a real server: its log says nothing about who answered, or what."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from facilitator.realtime import store
from facilitator.realtime.seats import digest_of
from tests.browser import Browser, Phone
from tests.evening import HELPS, MOOD, Evening
from tests.server import Served

# So rare that they stand in no log by chance.
ANSWERS = [[0, 1], [1, 2], [0, 2], [2, 0], [1, 0]]
ADDRESS = re.compile(r"\b127\.0\.0\.1\b|\blocalhost\b|\[?::1\]?")
ROUTES = re.compile(r"/j/|/answer|/seat|socket\.io|/phone|ask.for.staff")
SAYS_AN_ANSWER = re.compile(r"""\bvalue\b["']?\s*[:=]\s*[\d\[]|sealed["']\s*:|\[[012], ?[012]\]""")


class Heard:
    """A session in which everything happens that a phone can do, and the log of its server."""

    def __init__(self, served: Served) -> None:
        evening = Evening(served).go_live(phones=len(ANSWERS))
        self._served, self.evening = served, evening
        self.secrets = {phone.seat for phone in evening.phones} | {digest_of(phone.seat) for phone in evening.phones}
        self.secrets |= {evening.code, evening.session.screen_token}
        for prompt, answers in ((MOOD, [0, 3, 5, 8, 10]), (HELPS, ANSWERS)):
            check_in = evening.ask(prompt)
            evening.all_answer(check_in, answers)
            self.secrets |= self._names_in(check_in)
            self._by_form(evening.phones[0], check_in, answers[1])
            self._wrongly(evening.phones[0], check_in)
            evening.tally_of(check_in)
        evening.phones[1].sleep()
        evening.phones[1].connect()
        evening.phones[2].screen.emit("ask_for_staff", {"name": "Sam by the door"})
        evening.phones[3].screen.emit("leave", {})
        for request in evening.view()["requests"]:
            evening.do("HandleRequest", request=request["id"], outcome="Talked in the hall.")
        evening.do("End")
        evening.close()
        self.lines = served.server.log.read_text().splitlines()

    def _names_in(self, check_in: str) -> set[str]:
        """What a ballot calls its phone, and the key of it all."""
        (key,) = self._served.settings.runtime.glob("*.key")
        with self._served.db.read() as db:
            return {*store.responders(db, check_in), key.read_bytes().hex(), check_in}

    def _by_form(self, phone: Phone, check_in: str, value: object) -> None:
        body = {"check_in": check_in, "value": value}
        sent = phone.browser.post(f"/j/{phone.code}/answer", json=body, headers={"X-Seat": phone.seat})
        assert sent.status_code == 200, sent.text
        assert phone.look()["check_in"]["answered"]

    def _wrongly(self, phone: Phone, check_in: str) -> None:
        """What goes wrong is written down most readily."""
        for value in (99, "seven", {"a": 1}, [0, 1, 2, 3, 4]):
            assert phone.answer(check_in, value)["ok"] is False
        stranger = Browser(phone.url)
        for seat in ("made-up", ""):
            body = {"check_in": check_in, "value": 5}
            assert stranger.post(f"/j/{phone.code}/answer", json=body, headers={"X-Seat": seat}).status_code >= 400


@pytest.fixture(scope="module")
def heard(served: Served) -> Iterator[Heard]:
    yield Heard(served)


def telling(lines: list[str], secrets: set[str]) -> list[str]:
    """Lines with a secret or an answer in them, and those that join an address with what phones do."""
    return [
        line
        for line in lines
        if any(secret in line for secret in secrets)
        or SAYS_AN_ANSWER.search(line)
        or (ADDRESS.search(line) and ROUTES.search(line))
    ]


def test_no_line_tells_a_seat_or_an_answer_or_joins_an_address_with_either(heard: Heard) -> None:
    assert telling(heard.lines, heard.secrets) == []


def test_the_log_that_was_read_is_one_in_which_something_stands(heard: Heard) -> None:
    assert any("INSERT INTO ballot" in line for line in heard.lines)


def test_nothing_is_printed(served: Served, heard: Heard) -> None:
    assert served.server.said_wrong() == ""


@pytest.mark.parametrize(
    "line",
    [
        '127.0.0.1 - - [24/Nov/2026 18:00:00] "POST /j/CDFGHJ/answer HTTP/1.1" 200 16',
        '127.0.0.1 - - [24/Nov/2026 18:00:00] "GET /socket.io/?transport=websocket HTTP/1.1" 101',
        'emitting event "answer" to seat-of-sam',
        "received: {'check_in': 'c', 'value': 7}",
        "[generated in 0.0001s] {'check_in': 'c', 'sealed': 7}",
        "DEBUG Row ('c', 'r', b'[0, 2]')",
    ],
)
def test_what_servers_and_libraries_write_by_themselves_is_caught(line: str) -> None:
    """The positive control: lines as an access log, Socket.IO and SQLAlchemy write them."""
    assert telling([line], {"seat-of-sam"}) == [line]
