"""Who is connected now: sockets by session and by what they are. Held in memory only, because it is true only now."""

from __future__ import annotations

import threading
from collections import defaultdict


class Audience:
    """The sockets of one process: consoles with their staff id, projectors, phones with the digest of their seat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._consoles: dict[str, dict[str, str]] = defaultdict(dict)
        self._projectors: dict[str, set[str]] = defaultdict(set)
        self._phones: dict[str, dict[str, str]] = defaultdict(dict)
        self._session_of: dict[str, str] = {}

    def add_console(self, session_id: str, sid: str, staff_id: str) -> None:
        """A console connected."""
        with self._lock:
            self._consoles[session_id][sid] = staff_id
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
            return [sid for room in self._consoles.values() for sid, owner in room.items() if owner == staff_id]

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
