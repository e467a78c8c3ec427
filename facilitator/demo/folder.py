"""The folder of a sample clinic: made once, whole or not at all, with its passwords in ``demo.json``."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from facilitator import runtime
from facilitator.demo.cast import STAFF
from facilitator.people import passwords
from facilitator.people.passwords import Hashed
from facilitator.settings import Settings

WORDS = (
    "acorn amber anchor apron basil beacon bobbin bramble brook button candle canoe cedar cinder clover cobalt comet "
    "copper cotton cricket daisy drizzle ember feather fiddle flint garnet ginger goblet hammock harvest hazel heron "
    "indigo jasper kettle lagoon lantern lemon linen maple marble meadow mitten nutmeg orchard otter paddle pebble "
    "pepper pigeon plum poppy quarry quilt raven ribbon saddle saffron sparrow spruce teapot thimble thistle timber "
    "trellis tulip turnip velvet violet walnut willow"
).split()
WORDS_IN_A_PASSWORD = 4


class NotADemo(Exception):
    """The folder holds something else, which is left alone."""


@dataclass(frozen=True)
class Kept:
    """What ``demo.json`` holds: the staff's passwords by key, and the session that was tonight's last."""

    passwords: Mapping[str, str]
    session: str = ""


class DemoFolder:
    """One sample clinic's folder. ``settings`` name it and the database in it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = settings.data / "demo.json"
        self._database = settings.data / "facilitator.db"

    def open(self, *, fresh: bool = False) -> Kept:
        """Make the clinic unless it is there; with ``fresh``, in place of the one that is. Raises NotADemo."""
        if self._database.exists() and not self._file.exists():
            raise NotADemo(f"{self._settings.data} holds a clinic that is no sample. Choose another --data.")
        if fresh or not self._database.exists():
            return self._make()
        try:
            kept = Kept(**json.loads(self._file.read_text()))
            return replace(kept, passwords={one.key: kept.passwords[one.key] for one in STAFF})
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise NotADemo(f"The file {self._file} is damaged. Make the clinic anew with --fresh.") from error

    def keep(self, kept: Kept) -> None:
        """Write ``demo.json``, which only this user can read."""
        arriving = self._file.with_suffix(".arriving")
        with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(kept), file, indent=2)
        arriving.replace(self._file)

    def _make(self) -> Kept:
        made = self._settings.data / "making.db"
        _remove(made)
        kept = Kept({one.key: _new_password() for one in STAFF})
        hashed = _begin_to_hash(kept.passwords)
        # Imported while the hashes are made, each of which takes as long as all this.
        from facilitator.demo.clinic import make_clinic
        from facilitator.house import wall_clock

        make_clinic(replace(self._settings, database_url=f"sqlite:///{made}"), hashed(), wall_clock())
        _remove(self._database)
        self.keep(kept)
        # Last, because the clinic counts as made when this file is there.
        made.replace(self._database)
        _remove(made)
        return kept


def _begin_to_hash(secrets: Mapping[str, str]) -> Callable[[], Mapping[str, Hashed]]:
    """Hash in the background. What is returned waits for the hashes, by the same keys."""
    hashes: dict[str, Hashed] = {}

    def hash_one(key: str) -> None:
        hashes[key] = passwords.hashed(secrets[key])

    threads = [threading.Thread(target=hash_one, args=[key]) for key in secrets]
    for thread in threads:
        thread.start()
    runtime.breathe()

    def wait() -> Mapping[str, Hashed]:
        for thread in threads:
            thread.join()
        return hashes

    return wait


def _new_password() -> str:
    return "-".join(secrets.choice(WORDS) for _ in range(WORDS_IN_A_PASSWORD))


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
