"""One session's place in memory: a queue, a lock, and what can be rebuilt from the database at any moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from facilitator.realtime.ballots import BallotBox, KeyFolder
from facilitator.realtime.progress import Progress
from facilitator.realtime.screens import Door, Presence
from facilitator.realtime.state import Live
from facilitator.storage.tables import GroupSession

if TYPE_CHECKING:
    from facilitator.realtime.work import Work

FRESH_S = 0.02


@dataclass
class Room:
    """Everything but ``queue`` is touched only under ``lock``. ``seats`` are digests seen to be good."""

    session_id: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    queue: deque[Work] = field(default_factory=deque)
    live: Live | None = None
    join_door: Door | None = None
    seats: set[str] = field(default_factory=set)
    phones: int = 0
    waiting: int = 0
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

    def follow_check_in(self, keys: KeyFolder, responders: Callable[[str], set[str]]) -> None:
        """Hold the box of the open check-in, and of no other: a closed one leaves nothing behind in memory."""
        is_open = self.known.open_check_in
        check_in = is_open.id if is_open else None
        if check_in == self.check_in:
            return
        self.check_in = check_in
        self.box = keys.box(check_in) if check_in else None
        self.answered = responders(check_in) if check_in else set()
        self.skipped = set()
        self.progress = Progress()

    def has_answered(self, seat_digest: str) -> bool:
        """Whether this seat has answered, or skipped, the open check-in."""
        if self.box is None:
            return False
        responder = self.box.responder(seat_digest)
        return responder in self.answered or responder in self.skipped

    def presence(self, now: int) -> Presence:
        """What is true now and stored nowhere. Moves the progress word on when it may move."""
        return Presence(self.phones, self.waiting, self.progress.word(self._done, self.phones, now))

    def word_will_change(self) -> bool:
        """Whether the progress word waits to change."""
        return self.check_in is not None and self.progress.is_behind(self._done, self.phones)

    @property
    def _done(self) -> int:
        return len(self.answered) + len(self.skipped)
