"""Wrong codes wait a little, the more the longer. Right ones never do, whatever the address they come from:
a whole group joins in the same minute from behind one address.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import TooManyRequests

WINDOW_MS = 60_000
STEP_MS = 20
LONGEST_MS = 1_000
MOST_AT_ONCE = 50


class Slowdown:
    """How long a wrong code waits: a step for each wrong code of the last minute, up to a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: deque[int] = deque(maxlen=LONGEST_MS // STEP_MS)
        self._waiting = 0

    def next_wait(self, now: int) -> int:
        """Count a wrong code at ``now`` (ms UTC) and return how long it waits, in ms."""
        with self._lock:
            while self._wrong and now - self._wrong[0] > WINDOW_MS:
                self._wrong.popleft()
            self._wrong.append(now)
            return min(LONGEST_MS, STEP_MS * len(self._wrong))

    def wait(self, now: int) -> None:
        """Let a wrong code wait. Raises TooManyRequests when too many of them wait already."""
        with self._place():
            time.sleep(self.next_wait(now) / 1000)

    @contextmanager
    def _place(self) -> Iterator[None]:
        # A thread that waits is a thread that serves nobody: only so many may.
        with self._lock:
            if self._waiting >= MOST_AT_ONCE:
                raise TooManyRequests("There were many wrong codes at once. Try again in a minute.")
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
