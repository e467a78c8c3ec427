"""A sample week of a curriculum: which plans on which days, and whether they add up to the hours that it promises.

A day is written like ``Monday: T03 90, T42 90``. Behind a plan stands the length it is fitted to, on the clock; what
counts are its net minutes, without breaks. Beside plans a day may hold ``individual 30``, ``skills 60``, ``family 60``
and ``review 30``: time that no plan of ours fills.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from facilitator.curricula.breaks import net
from facilitator.curricula.fit import LENGTHS
from facilitator.curricula.problems import Problems, did_you_mean, short

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OTHERS = ("individual", "skills", "family", "review")
NEEDED = ("title", "hours", "days")
NAMES = (*NEEDED, "about")
LONGEST_TITLE = 80
MOST_WEEKS = 8
MOST_ITEMS = 6
LONGEST_OTHER = 240

_FORM = 'Write a day like "Monday: T03 90, T42 90" or "Thursday: individual 60".'
_DAY = re.compile(r"([A-Za-z]+) *: *(.+)")
_ITEM = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*) +([0-9]{1,3})(?: ?min)?")


@dataclass(frozen=True)
class Item:
    """One thing on a day: a plan by its id, or something else by its name. ``minutes`` are on the clock."""

    name: str
    minutes: int

    @property
    def is_plan(self) -> bool:
        """Whether ``name`` is a plan's id."""
        return self.name not in OTHERS

    @property
    def net(self) -> int:
        """The minutes that count: those without breaks."""
        return net(self.minutes) if self.is_plan else self.minutes

    def spelled(self, ids: Mapping[str, str]) -> Item:
        """The same plan with its id spelled as in ``ids``."""
        return replace(self, name=ids.get(self.name, self.name)) if self.is_plan else self


@dataclass(frozen=True)
class Day:
    """A day of the week and what is on it, in order."""

    name: str
    items: tuple[Item, ...]

    @property
    def net(self) -> int:
        """The minutes of the day that count."""
        return sum(item.net for item in self.items)


@dataclass(frozen=True)
class Week:
    """A sample week. ``about`` says for whom it is, or is empty."""

    title: str
    days: tuple[Day, ...]
    about: str = ""

    @property
    def net(self) -> int:
        """The minutes of the week that count."""
        return sum(day.net for day in self.days)

    def spelled(self, ids: Mapping[str, str]) -> Week:
        """The same with the ids of its plans spelled as in ``ids``, by how they are spelled here."""
        days = (replace(day, items=tuple(item.spelled(ids) for item in day.items)) for day in self.days)
        return replace(self, days=tuple(days))


@dataclass(frozen=True)
class Place:
    """Where the text of a curriculum holds something: for sentences that name a line."""

    lines: Sequence[str]

    def of(self, words: str) -> int:
        """The first line with these words, counted from 1; the first of all when none has them."""
        return next((number for number, line in enumerate(self.lines, start=1) if words in line), 1)


def in_hours(minutes: int) -> str:
    """ "8 h 30 min": minutes as a clinic counts them."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours or not rest) + [f"{rest} min"] * bool(rest))


def read_weeks(value: Any, plans: Sequence[str], place: Place, problems: Problems) -> tuple[Week, ...]:
    """The sample weeks of a curriculum with these ``plans``. What is missing or does not add up is noted."""
    if not isinstance(value, list) or not all(isinstance(week, dict) for week in value) or len(value) > MOST_WEEKS:
        problems.add(place.of("weeks"), f"Write each sample week below a line [[weeks]], at most {MOST_WEEKS} of them.")
        return ()
    read = (_Reader(week, plans, place, problems).week() for week in value)
    return tuple(week for week in read if week)


@dataclass
class _Reader:
    table: dict[str, Any]
    plans: Sequence[str]
    place: Place
    problems: Problems

    @property
    def line(self) -> int:
        """Where the week stands: at its title, as far as it has one."""
        title = self.table.get("title")
        return self.place.of(title if isinstance(title, str) and title else "[[weeks]]")

    def week(self) -> Week | None:
        before = len(self.problems.found)
        for name in NEEDED:
            if name not in self.table:
                self.problems.add(self.line, f"The setting '{name}' is missing in this week.")
        for name in self.table:
            if name not in NAMES:
                sentence = f"A week has no setting {short(name)}.{did_you_mean(name, NAMES)}"
                self.problems.add(self.place.of(name), sentence)
        week = Week(self.words("title"), self.days(), self.words("about"))
        if len(self.problems.found) == before:
            self.check_sum(week)
        return week if len(self.problems.found) == before else None

    def words(self, name: str) -> str:
        value = self.table.get(name, "")
        if not isinstance(value, str) or (name == "title" and name in self.table and not value.strip()):
            self.problems.add(self.line, f"Write '{name}' of this week as words in straight \"double quotes\".")
            return ""
        if name == "title" and len(value) > LONGEST_TITLE:
            self.problems.add(self.line, f"A title has from 1 to {LONGEST_TITLE} characters.")
        return " ".join(value.split())

    def check_sum(self, week: Week) -> None:
        hours = self.table["hours"]
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= 60:
            self.problems.add(self.line, "Write the hours of this week as a number, like hours = 9 or hours = 9.5.")
        elif round(hours * 60) != week.net:
            says = in_hours(round(hours * 60))
            self.problems.add(self.line, f"This week adds up to {in_hours(week.net)}, and it says {says}.")

    def days(self) -> tuple[Day, ...]:
        value = self.table.get("days", [])
        if not isinstance(value, list) or not all(isinstance(day, str) for day in value):
            self.problems.add(self.line, f"Write the days of this week as a list. {_FORM}")
            return ()
        days = [day for text in value if (day := self.day(text))]
        names = [day.name for day in days]
        if twice := next((name for name in names if names.count(name) > 1), None):
            self.problems.add(self.line, f"{twice} comes twice in this week. Write everything of a day in one line.")
        return tuple(sorted(days, key=lambda day: DAYS.index(day.name)))

    def day(self, text: str) -> Day | None:
        line = self.place.of(text)
        match = _DAY.fullmatch(text.strip())
        name = match[1].capitalize() if match else ""
        if not match or name not in DAYS:
            self.problems.add(line, f"{short(text)} is not understood. {_FORM}{did_you_mean(name, DAYS)}")
            return None
        parts = match[2].split(",")
        if len(parts) > MOST_ITEMS:
            self.problems.add(line, f"There are too many things on {name}. Write at most {MOST_ITEMS}.")
        return Day(name, tuple(item for part in parts[:MOST_ITEMS] if (item := self.item(part.strip(), line))))

    def item(self, text: str, line: int) -> Item | None:
        match = _ITEM.fullmatch(text)
        if not match:
            self.problems.add(line, f"{short(text)} is not understood. {_FORM}")
            return None
        name = match[1].casefold()
        # Capital letters make no other plan.
        known = {each.casefold(): each for each in self.plans}
        item = Item(name if name in OTHERS else known.get(name, match[1]), int(match[2]))
        if not item.is_plan:
            if not 1 <= item.minutes <= LONGEST_OTHER:
                self.problems.add(line, f"'{item.name}' takes from 1 to {LONGEST_OTHER} minutes.")
        elif item.name not in self.plans:
            near = did_you_mean(item.name, (*OTHERS, *self.plans))
            self.problems.add(line, f"{short(item.name)} is not among the plans of this curriculum.{near}")
        elif item.minutes not in LENGTHS:
            listed = ", ".join(map(str, LENGTHS))
            self.problems.add(line, f"A plan is fitted to one of {listed} minutes, not to {item.minutes}.")
        return item
