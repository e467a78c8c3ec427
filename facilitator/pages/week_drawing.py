"""A week as geometry: where on its day each session stands, how high it is, and what stands beside it. Pure.

Places are whole minutes of the clinic's clock, in steps of five, as the style sheet has a class for each. A session on
the night when the clocks change is as high as it is long, whatever the clock shows at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from facilitator.records.local_time import local_clock, local_date
from facilitator.records.week import Booked, Week

STEP, HOUR = 5, 60
WORKING_DAYS, DAYS = 5, 7
# Less high than this, nobody could read a group's name.
LOWEST = 30
# More than these beside each other are too narrow to read: their day is a list then.
MOST_BESIDE = 3
# As high as this and alone, it has room for names that take two lines.
ROOMY = 90
# So that a week with one session is no strip.
FEWEST_HOURS = 6
LAST_HOUR = 24
# How many hours a calendar of each size has at most, on paper.
SIZES = (("short", 8), ("usual", 12), ("long", 16), ("longer", 24))


@dataclass(frozen=True)
class Block:
    """A session on its day: minutes after midnight, and which of how many ``lanes`` it has, from 1."""

    booked: Booked
    starts: int
    ends: int
    lane: int = 1
    lanes: int = 1

    @property
    def classes(self) -> str:
        """The classes that put it into its place."""
        length = self.ends - self.starts
        place = f"h{self.starts // HOUR} m{self.starts % HOUR}"
        roomy = " roomy" if length >= ROOMY and self.lanes == 1 else ""
        return f"{place} long-h{length // HOUR} long-m{length % HOUR} lane-{self.lane} of-{self.lanes}{roomy}"


@dataclass(frozen=True)
class Day:
    """One column. ``crowded``: too much at once to be drawn to scale."""

    day: date
    blocks: tuple[Block, ...]
    crowded: bool


@dataclass(frozen=True)
class Calendar:
    """The days that are shown, and the hours beside them: from ``first`` on, past 24 where somebody meets so late."""

    days: tuple[Day, ...]
    first: int
    hours: tuple[str, ...] = field(default=())

    @property
    def size(self) -> str:
        """How high an hour can be on paper, so that all of them come on one page."""
        return next((size for size, most in SIZES if len(self.hours) <= most), "whole")


def draw(week: Week, zone: ZoneInfo) -> Calendar:
    """The calendar of a week: Monday to Friday, and of the weekend the days on which there is something."""
    days = tuple(_days(week, zone))
    drawn = [block for day in days if not day.crowded for block in day.blocks]
    first = min((block.starts // HOUR for block in drawn), default=9)
    last = max((-(-block.ends // HOUR) for block in drawn), default=first)
    if last - first < FEWEST_HOURS:
        last = max(last, min(first + FEWEST_HOURS, LAST_HOUR))
        first = min(first, last - FEWEST_HOURS)
    return Calendar(days, first, tuple(_hour(hour) for hour in range(first, last)))


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'am' if hour % LAST_HOUR < 12 else 'pm'}"


def _days(week: Week, zone: ZoneInfo) -> Iterator[Day]:
    for number in range(DAYS):
        day = week.monday + timedelta(days=number)
        booked = [one for one in week.booked if local_date(one.session.scheduled_at, zone) == day]
        if number < WORKING_DAYS or booked:
            blocks = tuple(_beside_each_other([_block(one, zone) for one in booked]))
            yield Day(day, blocks, crowded=any(block.lanes > MOST_BESIDE for block in blocks))


def _block(booked: Booked, zone: ZoneInfo) -> Block:
    clock = local_clock(booked.session.scheduled_at, zone)
    starts = clock.hour * HOUR + clock.minute
    ends = starts + booked.session.plan_minutes
    # Both are rounded down, so that what follows each other does not overlap for it.
    starts, ends = starts - starts % STEP, ends - ends % STEP
    return Block(booked, starts, max(ends, starts + LOWEST))


def _beside_each_other(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with their lanes. Whoever overlaps, directly or through others, shares the width."""
    together: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.starts):
        if together and block.starts >= max(one.ends for one in together):
            yield from _in_lanes(together)
            together = []
        together.append(block)
    yield from _in_lanes(together)


def _in_lanes(together: Iterable[Block]) -> list[Block]:
    """These blocks, the earliest first, each in the first lane that is free."""
    free_from: list[int] = []
    placed: list[tuple[Block, int]] = []
    for block in together:
        lane = next((lane for lane, free in enumerate(free_from) if free <= block.starts), len(free_from))
        free_from[lane : lane + 1] = [block.ends]
        placed.append((block, lane + 1))
    return [Block(one.booked, one.starts, one.ends, lane, len(free_from)) for one, lane in placed]
