"""Who is connected now: sockets by session and by what they are. Held in memory only, because it is true only now."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import NamedTuple


class Console(NamedTuple):
    """Whose console a socket is, and by which sign-in it was let in."""

    staff_id: str
    sign_in: str


class Audience:
    """The sockets of one process: consoles with whose they are, projectors, phones with the digest of their seat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._consoles: dict[str, dict[str, Console]] = defaultdict(dict)
        self._projectors: dict[str, set[str]] = defaultdict(set)
        self._phones: dict[str, dict[str, str]] = defaultdict(dict)
        self._session_of: dict[str, str] = {}

    def add_console(self, session_id: str, sid: str, console: Console) -> None:
        """A console connected."""
        with self._lock:
            self._consoles[session_id][sid] = console
            self._session_of[sid] = session_id

    def add_projector(self, session_id: str, sid: str) -> None:
        """A projector connected."""
        with self._lock:
            self._projectors[session_id].add(sid)
            self._session_of[sid] = session_id

    def add_phone(self, session_id: str, sid: str, seat_digest: str) -> None:
        """A phone connected. One seat may have several sockets: two tabs, or a reconnect before the old one is gone."""
        with self._lock:
            self._phones[session_id][sid] = seat_digest
            self._session_of[sid] = session_id

    def drop(self, sid: str) -> str | None:
        """A socket went away. The session it was in, or None."""
        with self._lock:
            session_id = self._session_of.pop(sid, None)
            if session_id is not None:
                self._consoles[session_id].pop(sid, None)
                self._projectors[session_id].discard(sid)
                self._phones[session_id].pop(sid, None)
                self._forget_empty(session_id)
            return session_id

    def _forget_empty(self, session_id: str) -> None:
        for kind in (self._consoles, self._projectors, self._phones):
            if not kind[session_id]:
                del kind[session_id]

    def session_of(self, sid: str) -> str | None:
        """The session that a socket is in."""
        return self._session_of.get(sid)

    def seat_of(self, sid: str) -> str | None:
        """The seat digest of a phone's socket."""
        session_id = self._session_of.get(sid)
        return self._phones[session_id].get(sid) if session_id in self._phones else None

    def consoles(self, session_id: str) -> list[str]:
        """The consoles' sockets."""
        with self._lock:
            return list(self._consoles.get(session_id, ()))

    def consoles_of(self, staff_id: str) -> list[str]:
        """Every console socket of one person."""
        with self._lock:
            rooms = self._consoles.values()
            return [sid for room in rooms for sid, console in room.items() if console.staff_id == staff_id]

    def all_consoles(self) -> list[tuple[str, str, Console]]:
        """Every console: its session, its socket, and whose it is."""
        with self._lock:
            rooms = self._consoles.items()
            return [(session_id, sid, console) for session_id, room in rooms for sid, console in room.items()]

    def projectors(self, session_id: str) -> list[str]:
        """The projectors' sockets."""
        with self._lock:
            return list(self._projectors.get(session_id, ()))

    def phones(self, session_id: str) -> dict[str, str]:
        """The phones' sockets with the digest of their seat."""
        with self._lock:
            return dict(self._phones.get(session_id, {}))

    def seats(self, session_id: str) -> frozenset[str]:
        """The digests of the seats that have a socket: one phone may have several."""
        with self._lock:
            return frozenset(self._phones.get(session_id, {}).values())
