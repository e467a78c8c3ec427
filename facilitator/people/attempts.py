"""Wrong tries, counted for a while, so that passwords and codes cannot be guessed. Time comes in by the door."""

from __future__ import annotations

import hashlib
import threading
from collections import deque

MINUTE_MS = 60_000
MOST_KEYS = 10_000


class TooMany(Exception):
    """Too many tries. ``until`` (ms UTC) is when the next one is taken."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until


class Attempts:
    """At most ``allowed`` tries of one key in any ``window`` (ms).

    Kept in memory: a restart forgives, which costs a guesser more than it gives.
    """

    def __init__(self, allowed: int, window: int) -> None:
        self._allowed = allowed
        self._window = window
        self._tries: dict[str, deque[int]] = {}
        self._lock = threading.Lock()

    def count(self, key: str, now: int) -> None:
        """Count one try before it is made, so that tries at the same moment cannot slip by. Raises TooMany."""
        with self._lock:
            tries = self._recent(key, now)
            if len(tries) >= self._allowed:
                raise TooMany(tries[0] + self._window)
            self._tries[key] = tries
            tries.append(now)

    def forgive(self, key: str) -> None:
        """Take back the last counted try of ``key``: it was right."""
        with self._lock:
            if tries := self._tries.get(key):
                tries.pop()

    def forget(self, key: str) -> None:
        """Start ``key`` afresh."""
        with self._lock:
            self._tries.pop(key, None)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._tries)

    def _recent(self, key: str, now: int) -> deque[int]:
        if len(self._tries) >= MOST_KEYS:
            self._drop_old(now)
        tries = self._tries.get(key, deque())
        while tries and tries[0] <= now - self._window:
            tries.popleft()
        return tries

    def _drop_old(self, now: int) -> None:
        old = [key for key, tries in self._tries.items() if not tries or tries[-1] <= now - self._window]
        for key in old:
            del self._tries[key]


class SignInLimit:
    """Wrong sign-ins: 5 of one account from one address, and 30 from one address, in 15 minutes.

    An account is never closed for everybody, or anyone could keep its owner out. Nor is a clinic behind one router:
    whoever was right at an address before is there again, however many others guess from it.
    """

    def __init__(self) -> None:
        self._pairs = Attempts(allowed=5, window=15 * MINUTE_MS)
        self._addresses = Attempts(allowed=30, window=15 * MINUTE_MS)
        self._known: set[str] = set()

    def count(self, email: str, address: str, now: int) -> None:
        """Count one try before the password is looked at. Raises TooMany, and then counts nothing."""
        pair = _pair(email, address)
        if pair in self._known:
            self._pairs.count(pair, now)
            return
        # The address comes first: once it is closed, ever new names are not even remembered.
        self._addresses.count(address, now)
        try:
            self._pairs.count(pair, now)
        except TooMany:
            self._addresses.forgive(address)
            raise

    def forgive(self, email: str, address: str) -> None:
        """The try was right: the account starts afresh."""
        pair = _pair(email, address)
        self._pairs.forget(pair)
        if pair not in self._known:
            self._known.add(pair)
            self._addresses.forgive(address)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._pairs) + len(self._addresses) + len(self._known)


def _pair(email: str, address: str) -> str:
    # A digest, because what is typed here may be long, or a password in the wrong field.
    return hashlib.sha256(f"{address}\n{email.strip().lower()}".encode("utf-8", "surrogatepass")).hexdigest()
