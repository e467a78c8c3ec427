"""One session's place in memory: a queue, a lock, and what can be rebuilt from the database at any moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facilitator.realtime.ballots import BallotBox
from facilitator.realtime.keys import Keys
from facilitator.realtime.progress import Progress
from facilitator.realtime.screens import Door, Presence
from facilitator.realtime.state import MINUTE, Live
from facilitator.storage.problems import Unavailable
from facilitator.storage.tables import GroupSession

if TYPE_CHECKING:
    from facilitator.realtime.work import Work

FRESH_S = 0.02
# A phone without scripts asks for the page again every 15 s, but not while it has a question to answer.
PLAIN_PHONE_MS = 2 * MINUTE


@dataclass
class Room:
    """Everything but ``queue`` is touched only under ``lock``. ``seats`` are digests seen to be good."""

    session_id: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    queue: deque[Work] = field(default_factory=deque)
    live: Live | None = None
    join_door: Door | None = None
    seats: set[str] = field(default_factory=set)
    # Phones with a socket, by the digests of their seats; and those others that come by plain HTTP, with when they did.
    connected: Set[str] = frozenset()
    plain: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    # Cards that wait to be read, by their check-in.
    cards: Mapping[str, int] = field(default_factory=dict)
    check_in: str | None = None
    box: BallotBox | None = None
    answered: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    progress: Progress = field(default_factory=Progress)
    read_at: float = float("-inf")

    @property
    def known(self) -> Live:
        """The session, once it has been read."""
        assert self.live is not None
        return self.live

    def is_fresh(self, now: float) -> bool:
        """Whether the database was read so lately that it need not be read again (``now``: seconds, monotonic).

        A room of phones that all come back at once is one reading. Before the doors open, pages change the session
        without the hub, so it is always read.
        """
        return now - self.read_at < FRESH_S and self.live is not None and self.live.state != "scheduled"

    def is_quiet(self, since: float) -> bool:
        """Whether nothing goes on here, and nobody has looked since (seconds, monotonic)."""
        going_on = self.live is not None and self.live.state in ("doors_open", "live")
        return not (going_on or self.connected or self.queue) and self.read_at < since

    def lets_in(self, code: str, now: float) -> bool:
        """Whether phones come in here by ``code``, as the database had it lately (``now``: seconds, monotonic)."""
        return self.is_fresh(now) and self.door is not None and self.door.code == code

    @property
    def door(self) -> Door | None:
        """How phones come in, or None when the doors are not open."""
        return self.join_door if self.known.state in ("doors_open", "live") else None

    def set_door(self, row: GroupSession, door: Door) -> None:
        """The session was read."""
        self.join_door = door

    def take_queue(self) -> list[Work]:
        """All that waits to be done."""
        works: list[Work] = []
        while self.queue:
            works.append(self.queue.popleft())
        return works

    def follow_check_in(self, keys: Keys, responders: Callable[[str], set[str]]) -> None:
        """Hold the box of the open check-in, and of no other: a closed one leaves nothing behind in memory."""
        is_open = self.known.open_check_in
        check_in = is_open.id if is_open else None
        if check_in == self.check_in:
            return
        # With the box of another check-in, answers would be sealed for nobody.
        self.check_in, self.box = None, None
        self.answered, self.skipped, self.progress = set(), set(), Progress()
        if check_in is None:
            return
        answered = responders(check_in)
        try:
            self.box = keys.box(check_in)
        except Unavailable:
            # Asked again with the next look. Without its key a check-in takes no answers; all else goes on.
            return
        self.check_in, self.answered = check_in, answered

    def has_answered(self, seat_digest: str) -> bool:
        """Whether this seat has answered, or skipped, the open check-in."""
        if self.box is None:
            return False
        responder = self.box.responder(seat_digest)
        return responder in self.answered or responder in self.skipped

    def presence(self, now: int) -> Presence:
        """What is true now and stored nowhere. Moves the progress word on when it may move."""
        phones = self.phones(now)
        return Presence(phones, self.waiting, self.progress.word(self._done, phones, now), self.cards)

    def word_will_change(self, now: int) -> bool:
        """Whether the progress word waits to change."""
        return self.check_in is not None and self.progress.is_behind(self._done, self.phones(now))

    def phones(self, now: int) -> int:
        """How many phones are here: with a socket, or heard of lately without one."""
        while self.plain and now - next(iter(self.plain.values())) >= PLAIN_PHONE_MS:
            del self.plain[next(iter(self.plain))]
        return len(self.connected) + len(self.plain)

    def connect(self, seats: Set[str]) -> None:
        """These have a socket now. When it goes, they are gone until they are heard of again."""
        self.forget(seats - self.connected)
        self.connected = seats

    def forget(self, seats: Set[str] | None) -> None:
        """These (None: all) do not come by plain HTTP any more."""
        for seat in list(self.plain) if seats is None else seats:
            self.plain.pop(seat, None)

    def hear(self, seat: str, now: int) -> bool:
        """A phone came by plain HTTP. Whether it was not here before."""
        if seat in self.connected:
            return False
        # Taken out first: the one heard of longest ago stays in front.
        is_new = self.plain.pop(seat, None) is None
        self.plain[seat] = now
        return is_new

    @property
    def _done(self) -> int:
        return len(self.answered) + len(self.skipped)
