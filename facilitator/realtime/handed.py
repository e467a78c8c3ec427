"""What the hub and its batches are given: numbers of the clinic, and what the house does at the same time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from facilitator.realtime.events import RequestEvent
from facilitator.storage.engine import Session


@dataclass(frozen=True)
class HubSettings:
    """What a room is told: floors and seats (numbers of phones), the phones' address, and whether they may write."""

    floor: int
    sensitive_floor: int
    seats: int
    address: str
    wall_cards: bool = False


@dataclass(frozen=True)
class Handed:
    """What the house hands in as plain functions.

    ``roster(db, session)`` is who is expected; ``at_end(db, session, now)`` and ``at_request(db, session, event, asked
    at)`` are what else happens, in the same transaction, when one ends and with everybody who asks to talk.
    """

    roster: Callable[[Session, str], tuple[tuple[str, str], ...]]
    at_end: Callable[[Session, str, int], None]
    at_request: Callable[[Session, str, RequestEvent, int], None]
    breathe: Callable[[], None]
