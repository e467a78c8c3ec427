"""What the pages are handed: the settings, the database, the clock, the hub, the curricula, the reader of texts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facilitator import runtime
from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.keeper import Keeper
from facilitator.curricula.library import FOLDER, Library
from facilitator.people.groups import expected
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.hub import Hub
from facilitator.realtime.keys import KeyFolder, Keys
from facilitator.records import audit
from facilitator.records.notes import draft_at_end
from facilitator.records.requests import trace
from facilitator.records.shelf import Shelf
from facilitator.records.shipped import publish_shipped
from facilitator.settings import Settings
from facilitator.storage.engine import Database, opening
from facilitator.storage.migrate import migrate

Clock = Callable[[], int]


def wall_clock() -> int:
    """Milliseconds UTC since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class House:
    """One installation. ``open_house`` makes it; ``facilitator.pages.house()`` finds it."""

    settings: Settings
    db: Database
    clock: Clock
    hub: Hub
    curricula: tuple[Curriculum, ...]
    shelf: Shelf
    worker: Keeper

    def close(self) -> None:
        """Let go of the database, and end the process that reads texts."""
        self.worker.close()
        self.db.close()


def open_database(settings: Settings, clock: Clock = wall_clock, plans: Path = FOLDER) -> Database:
    """The installation's database, brought up to date, with the plans in ``plans``: those that come with the product.

    Raises storage.problems.Unavailable, TooNew.
    """
    with opening(settings.database_url):
        db = Database(settings.database_url)
        migrate(db, lambda s: publish_shipped(s, clock(), plans))
    audit.seal_with(db, settings.secret_key)
    return db


def _keys(settings: Settings) -> Keys:
    if not settings.redis_url:
        return KeyFolder(settings.runtime)
    # One machine needs no Redis, and does not have the library for it.
    from facilitator.realtime.redis_keys import RedisKeys

    return RedisKeys(settings.redis_url)


def open_house(settings: Settings, clock: Clock = wall_clock, plans: Path = FOLDER) -> House:
    """Everything behind the pages, with its database brought up to date. Raises like ``open_database``."""
    db = open_database(settings, clock, plans)
    hub = Hub(
        db,
        _keys(settings),
        clock,
        HubSettings(settings.floor, settings.sensitive_floor, settings.seats, settings.address, settings.wall_cards),
        Handed(roster=expected, at_end=draft_at_end, at_request=trace, breathe=runtime.breathe),
    )
    shelf = Shelf()
    with db.read() as s:
        # Now, and not when somebody opens the first page.
        shelf.stock(s)
    return House(settings, db, clock, hub, tuple(Library().curricula()), shelf, Keeper())
