"""Check-in keys in a Redis that several servers share, and that keeps nothing when it stops.

The only file that names redis. Its values are the key and, behind it, when it was made by Redis's own clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from facilitator.realtime.ballots import KEY_BYTES, BallotBox
from facilitator.realtime.keys import FORGET_UNKNOWN_AFTER_S, checked
from facilitator.settings import SettingsError
from facilitator.storage.problems import Unavailable

PREFIX = "facilitator:key:"
PATIENCE_S = 2.0


class RedisKeys:
    """Keys in the Redis at ``url``. Every method raises Unavailable while it does not answer."""

    def __init__(self, url: str, patience_s: float = PATIENCE_S) -> None:
        """Raises SettingsError when that Redis is set to write to disk, Unavailable when it does not answer."""
        self._redis = redis.Redis.from_url(url, socket_timeout=patience_s, socket_connect_timeout=patience_s)
        with _answering():
            self._refuse_a_disk()

    def make(self, check_in: str) -> None:
        """Like ``Keys.make``."""
        with _answering():
            made = self._now_s().to_bytes(8, "big")
            fresh = self._redis.set(_name(check_in), secrets.token_bytes(KEY_BYTES) + made, nx=True)
        assert fresh, "A check-in's id is never used twice."

    def box(self, check_in: str) -> BallotBox | None:
        """Like ``Keys.box``."""
        with _answering():
            value = self._redis.get(_name(check_in))
        if not isinstance(value, bytes) or len(value) != KEY_BYTES + 8:
            return None
        return BallotBox(check_in, value[:KEY_BYTES])

    def destroy(self, check_in: str) -> None:
        """Like ``Keys.destroy``."""
        with _answering():
            self._redis.delete(_name(check_in))

    def tidy(self, open_check_ins: set[str], known: set[str]) -> None:
        """Like ``Keys.tidy``."""
        with _answering():
            for name in self._redis.scan_iter(match=f"{PREFIX}*"):
                check_in = name.decode().removeprefix(PREFIX)
                if check_in not in open_check_ins and (check_in in known or self._is_old(name)):
                    self._redis.delete(name)

    def _refuse_a_disk(self) -> None:
        settings = self._redis.config_get("save", "appendonly")
        if settings.get("save") or settings.get("appendonly") == "yes":
            raise SettingsError(
                "REDIS_URL: this Redis writes what it holds to disk, and a check-in's key must never be kept. "
                "Start it with --save '' --appendonly no."
            )

    def _is_old(self, name: bytes) -> bool:
        value = self._redis.get(name)
        made = int.from_bytes(value[KEY_BYTES:], "big") if isinstance(value, bytes) else 0
        return self._now_s() - made > FORGET_UNKNOWN_AFTER_S

    def _now_s(self) -> int:
        seconds, _ = self._redis.time()
        return int(seconds)


def _name(check_in: str) -> str:
    return PREFIX + checked(check_in)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise Unavailable from error
