"""Instants and lengths as people read them, in the clinic's time zone. Also Jinja filters of the same names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from facilitator.records.local_time import short_day

MINUTE_MS = 60_000
MINUTES_IN_HOUR, HOURS_IN_DAY = 60, 24


def clock_time(at: int, zone: ZoneInfo) -> str:
    """``at`` (ms UTC) as "6:02 pm"; in the hour that comes twice in autumn with its zone, "1:30 am CST"."""
    local = _local(at, zone)
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    shown = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    return f"{shown} {local:%Z}" if comes_twice else shown


def day(at: int, zone: ZoneInfo) -> str:
    """``at`` (ms UTC) as "Tue, Nov 24"."""
    local = _local(at, zone)
    return f"{local:%a, %b} {local.day}"


def long_day(at: int, zone: ZoneInfo) -> str:
    """``at`` (ms UTC) as "Tuesday, November 24"."""
    local = _local(at, zone)
    return f"{local:%A, %B} {local.day}"


def full_day(at: int, zone: ZoneInfo) -> str:
    """``at`` (ms UTC) as "Tue, Nov 24, 2026": for records, which outlive their year."""
    return f"{day(at, zone)}, {_local(at, zone).year}"


def when(at: int, now: int, zone: ZoneInfo) -> str:
    """``at`` as it is said at ``now`` (both ms UTC): "6:02 pm" of today, else "Mon, Nov 23, 6:02 pm", with its year
    when that is over."""
    then, today = _local(at, zone), _local(now, zone)
    if then.date() == today.date():
        return clock_time(at, zone)
    return f"{day(at, zone) if then.year == today.year else full_day(at, zone)}, {clock_time(at, zone)}"


def days_between(first: date, last: date) -> str:
    """Two days as the name of what lies between: "November 23 to 29, 2026"."""
    years = first.year != last.year
    since = f"{first:%B} {first.day}" + (f", {first.year}" if years else "")
    until = f"{last:%B} {last.day}" if years or first.month != last.month else f"{last.day}"
    return f"{since} to {until}, {last.year}"


def minutes(length: int) -> str:
    """A length in ms as whole minutes, half a minute rounded up: "66 min"."""
    return f"{(length + MINUTE_MS // 2) // MINUTE_MS} min"


def age(length: int) -> str:
    """How long something has waited (ms), in its largest unit: "6 days"."""
    minutes = max(0, length) // MINUTE_MS
    if minutes < MINUTES_IN_HOUR:
        return _counted(minutes, "minute")
    hours = minutes // MINUTES_IN_HOUR
    return _counted(hours, "hour") if hours < 2 * HOURS_IN_DAY else _counted(hours // HOURS_IN_DAY, "day")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


@dataclass(frozen=True)
class Times:
    """The same words in a zone of one's own: a signed note reads as it did, wherever the clinic has moved."""

    zone: ZoneInfo

    def clock_time(self, at: int) -> str:
        """As the function of this name."""
        return clock_time(at, self.zone)

    def full_day(self, at: int) -> str:
        """As the function of this name."""
        return full_day(at, self.zone)


def zoned(name: str) -> Times:
    """The words of times in the zone of this IANA name."""
    return Times(ZoneInfo(name))


def install(app: Flask, zone: ZoneInfo) -> None:
    """Make the filters of these names, in ``zone``."""
    app.jinja_env.filters.update(
        clock_time=lambda at: clock_time(at, zone),
        day=lambda at: day(at, zone),
        short_day=lambda at: short_day(at, zone),
        long_day=lambda at: long_day(at, zone),
        full_day=lambda at: full_day(at, zone),
        minutes=minutes,
    )


def _local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone)
