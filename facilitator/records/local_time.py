"""A date and a time as the clinic's clock shows them, made into an instant. Pure.

Twice a year this is no plain sum: when the clocks go forward an hour is missing, when they go back one comes twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(?:([ap])\.?m\.?)?", re.IGNORECASE)


class NoSuchTime(ValueError):
    """The clocks jump over this time. ``instead_at`` (ms UTC): had they not, it would be then."""

    def __init__(self, instead_at: int) -> None:
        super().__init__(instead_at)
        self.instead_at = instead_at


@dataclass(frozen=True)
class Moment:
    """An instant (ms UTC). ``twice``: the clock shows this time twice that night, and this is the first."""

    at: int
    twice: bool = False


def read_date(text: str) -> date:
    """A date as a browser's date field sends it, ``2026-11-24``. Raises ValueError."""
    return date.fromisoformat(text.strip())


def read_clock(text: str) -> time:
    """A time of day: ``18:00`` as a browser sends it, or ``6 pm`` as people type it. Raises ValueError."""
    found = CLOCK.fullmatch(text.strip())
    if found is None or (found[2] is None and found[3] is None):
        raise ValueError(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if found[3] in "pP" else 0)
    return time(hour, minute)


def moment(day: date, clock: time, zone: ZoneInfo) -> Moment:
    """When the clock in ``zone`` shows ``clock`` on ``day``. Raises NoSuchTime."""
    first = datetime.combine(day, clock, zone)
    at = int(first.timestamp()) * 1000
    if first.utcoffset() == first.replace(fold=1).utcoffset():
        return Moment(at)
    if (local_date(at, zone), local_clock(at, zone)) == (day, clock):
        return Moment(at, twice=True)
    raise NoSuchTime(at)


def local_date(at: int, zone: ZoneInfo) -> date:
    """The day on the calendar in ``zone`` at ``at`` (ms UTC)."""
    return datetime.fromtimestamp(at / 1000, zone).date()


def local_clock(at: int, zone: ZoneInfo) -> time:
    """What the clock in ``zone`` shows at ``at`` (ms UTC), without seconds."""
    return datetime.fromtimestamp(at / 1000, zone).time().replace(second=0, microsecond=0, fold=0)


def short_day(at: int, zone: ZoneInfo) -> str:
    """ "Nov 17": the day at ``at`` (ms UTC), for a sentence about something recent."""
    day = local_date(at, zone)
    return f"{day:%b} {day.day}"
