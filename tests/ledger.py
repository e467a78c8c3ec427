"""What a server promised before it was killed, kept by those whom it was promised; and people who ask a lot of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from random import Random
from typing import Any

import requests
from sqlmodel import select

from facilitator.realtime import store
from facilitator.realtime.live import Live
from facilitator.realtime.seats import digest_of
from facilitator.realtime.state import CheckIn
from facilitator.realtime.tally import count
from facilitator.storage.tables import Ballot
from tests.browser import PATIENCE_S, Phone
from tests.evening import Evening
from tests.server import Served

Values = list[object]
PAUSE_S = (0.0, 0.02)
# A phone may say five things a second, and twenty at once.
BETWEEN_ANSWERS_S = (0.05, 0.35)
# The event that each command leaves in the log, and the field in which both have the same.
EVENTS: dict[str, tuple[str, str]] = {
    "EnterSegment": ("SegmentEntered", "segment"),
    "AddTime": ("TimeAdded", ""),
    "PauseTimer": ("TimerPaused", ""),
    "ResumeTimer": ("TimerResumed", ""),
    "AddNote": ("NoteAdded", "text"),
    "Blank": ("Blanked", ""),
    "Unblank": ("Unblanked", ""),
    "MarkAttendance": ("AttendanceMarked", "member"),
    "OpenCheckIn": ("CheckInOpened", "prompt"),
    "CloseCheckIn": ("CheckInClosed", "check_in"),
    "ShowTally": ("TallyShown", "check_in"),
    "HideTally": ("TallyHidden", ""),
}


@dataclass
class Promise:
    """One phone's answer to one check-in: what was acknowledged, and what was sent and never acknowledged."""

    acknowledged: object = None
    unsure: Values = field(default_factory=list)

    def possible(self) -> Values:
        """What the server may rightly have; None: no answer."""
        return [self.acknowledged, *self.unsure]


class Ledger:
    """Acknowledged commands by ``rev``, and answers by check-in and seat."""

    def __init__(self, rev: int) -> None:
        self.rev = rev
        self._commands: dict[int, tuple[str, dict[str, Any]]] = {}
        self._answers: dict[str, dict[str, Promise]] = {}
        self._counted: set[str] = set()

    def promise(self, check_in: str, seat: str) -> Promise:
        """Where a phone writes its answers down."""
        return self._answers.setdefault(check_in, {}).setdefault(seat, Promise())

    def obeyed(self, rev: int, name: str, fields: dict[str, Any]) -> None:
        """A command was acknowledged. One that changed nothing leaves no line."""
        if rev > self.rev:
            self._commands[rev] = (name, fields)
        self.rev = rev

    def check_log(self, log: list[store.Logged]) -> None:
        """Every acknowledged command is there, in its line, once; at most the one that was on its way is there too."""
        assert [line.seq for line in log] == list(range(1, len(log) + 1))
        assert len(log) in (self.rev, self.rev + 1)
        for rev, (name, fields) in self._commands.items():
            event, (called, same) = log[rev - 1].event, EVENTS[name]
            assert type(event).__name__ == called
            assert not same or getattr(event, same) == fields[same]
        notes = [line.event.text for line in log if hasattr(line.event, "text")]
        assert len(notes) == len(set(notes))

    def check_answers(self, served: Served, live: Live, seats: list[str]) -> None:
        """Open ballots are those that were promised, under a key that is there; closed ones are counted exactly."""
        for check_in in live.check_ins.values():
            promised = [self._answers.get(check_in.id, {}).get(seat, Promise()) for seat in seats]
            if check_in.state == "open":
                kept = ballots(served, check_in, seats)
                assert all(value in one.possible() for value, one in zip(kept, promised, strict=True)), (kept, promised)
                # What is kept now is what counts from here on.
                for value, one in zip(kept, promised, strict=True):
                    one.acknowledged, one.unsure = value, []
            elif check_in.id not in self._counted:
                assert served.keys.box(check_in.id) is None
                assert check_in.tally in possible_tallies(live, check_in, promised)
                self._counted.add(check_in.id)


def ballots(served: Served, check_in: CheckIn, seats: list[str]) -> Values:
    """What each seat's sealed ballot says, opened with the key; None where there is none."""
    box = served.keys.box(check_in.id)
    assert box is not None
    with served.db.read() as db:
        sealed = {row.responder: row.sealed for row in db.exec(select(Ballot).where(Ballot.check_in_id == check_in.id))}
    names = [box.responder(digest_of(seat)) for seat in seats]
    assert sealed.keys() <= set(names)
    return [box.open(name, sealed[name]) if name in sealed else None for name in names]


def possible_tallies(live: Live, check_in: CheckIn, promised: list[Promise]) -> Iterator[dict[str, Any]]:
    """Every tally that keeps what was promised."""
    prompt = live.plan.prompt(check_in.prompt)
    assert prompt is not None
    # Nobody leaves here and nobody comes, so no answer to a question that was seen counted is of a new phone.
    newcomers = 0 if was_seen(live, check_in) else None
    for values in product(*(one.possible() for one in promised)):
        yield count(prompt, [value for value in values if value is not None], check_in.floor, newcomers)


def was_seen(live: Live, check_in: CheckIn) -> bool:
    """Whether this prompt has another tally that says something, from an earlier asking."""
    same = [one for one in live.check_ins.values() if one.prompt == check_in.prompt]
    earlier = same[: same.index(check_in)]
    return any(one.tally is not None and one.tally["state"] in ("shown", "similar") for one in earlier)


class Turmoil:
    """Fern gives one command after the other and every phone answers, until the server is gone."""

    def __init__(self, evening: Evening, ledger: Ledger, chance: Random) -> None:
        self.is_closing = threading.Event()
        self._evening, self._ledger, self._chance = evening, ledger, chance
        self._prompts = [prompt.id for _, prompt in store.plan_of(evening.session).prompts()]
        self._is_over = threading.Event()
        people: list[Callable[[], None]] = [self._lead]
        people += [partial(self._answer, phone, Random(chance.random())) for phone in evening.phones]
        self._threads = [threading.Thread(target=self._until_the_end, args=(act,), daemon=True) for act in people]

    def begin(self) -> None:
        """Everybody starts."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """The server is gone: everybody notices."""
        self._is_over.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    def _until_the_end(self, act: Callable[[], None]) -> None:
        while not self._is_over.is_set():
            try:
                act()
            except (ConnectionError, requests.RequestException):
                return

    def _lead(self) -> None:
        name, fields = self._next_command()
        if name == "CloseCheckIn":
            self.is_closing.set()
        answer = self._evening.fern.command(self._evening.id, name, **fields)
        if answer.status_code == 200:
            self._ledger.obeyed(answer.json()["rev"], name, fields)
        else:
            assert answer.status_code == 409, answer.text
        self._is_over.wait(self._chance.uniform(*PAUSE_S))

    def _next_command(self) -> tuple[str, dict[str, Any]]:
        chance, view = self._chance, self._evening.view()
        if view["blank"]:
            return "Unblank", {}
        if view["check_in"] and chance.random() < 0.3:
            return "CloseCheckIn", {"check_in": view["check_in"]["id"]}
        if not view["check_in"] and chance.random() < 0.5:
            asked = {one["prompt"] for one in view["check_ins"]}
            unasked = [prompt for prompt in self._prompts if prompt not in asked]
            return "OpenCheckIn", {"prompt": chance.choice(unasked or self._prompts)}
        closed = [one["id"] for one in view["check_ins"] if one["state"] == "closed"]
        member = chance.choice(self._evening.served.clinic.roster)
        return chance.choice(
            [
                ("EnterSegment", {"segment": chance.randrange(4)}),
                ("AddTime", {"seconds": chance.choice([60, 300, -60])}),
                ("PauseTimer", {}),
                ("ResumeTimer", {}),
                ("AddNote", {"text": f"Note {chance.random()}"}),
                ("Blank", {}),
                ("MarkAttendance", {"member": member.id, "mark": chance.choice(["present", "late", "absent"])}),
                ("ShowTally", {"check_in": chance.choice(closed)}) if closed else ("HideTally", {}),
                ("HideTally", {}),
            ]
        )

    def _answer(self, phone: Phone, chance: Random) -> None:
        self._is_over.wait(chance.uniform(*BETWEEN_ANSWERS_S))
        assert phone.screen is not None
        asked = phone.screen.shown()["check_in"]
        if asked is None:
            return
        value = _some_answer(asked, chance)
        promise = self._ledger.promise(asked["id"], phone.seat)
        promise.unsure.append(value)
        ack = phone.answer(asked["id"], value)
        promise.unsure.remove(value)
        if ack["ok"]:
            promise.acknowledged = value


def _some_answer(asked: dict[str, Any], chance: Random) -> object:
    if chance.random() < 0.1:
        return None
    if asked["kind"] == "scale":
        return chance.randint(asked["scale"]["from"], asked["scale"]["to"])
    options = range(len(asked["options"]))
    return sorted(chance.sample(options, 2)) if asked["kind"] == "choices" else chance.choice(options)
