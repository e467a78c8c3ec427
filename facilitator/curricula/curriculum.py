"""An ordered curriculum: which session plans follow each other, and sample weeks made of them.

Kept as ``<name>.toml`` beside the plans.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from facilitator.curricula.front_matter import LANGUAGE, PLAN_ID, TRACKS
from facilitator.curricula.problems import Problems, did_you_mean, short
from facilitator.curricula.text import clean_lines, is_hidden
from facilitator.curricula.weeks import Place, Week, read_weeks

MAX_CHARACTERS = 16_000
LONGEST_TITLE = 80
MOST_PLANS = 200
NEEDED = ("title", "track", "plans")
NAMES = (*NEEDED, "language", "about", "weeks")

_AT_LINE = re.compile(r"at line ([0-9]+)")
_BACKSLASH = "There is a backslash in this file that spells out a hidden character. Take it away."
_FORM = 'Write each setting as a name, = and words in straight "double quotes", and the plans as ["T01", "T04"].'


@dataclass(frozen=True)
class Curriculum:
    """Session plans in the order they are meant to be held. ``plans`` holds their ids; ``id`` is the file's name.

    A plan may recur. ``weeks`` are samples of how the plans make up the hours of a programme.
    """

    id: str
    title: str
    track: str
    plans: tuple[str, ...]
    language: str = "en"
    about: str = ""
    weeks: tuple[Week, ...] = ()

    def spelled(self, ids: Mapping[str, str]) -> Curriculum:
        """The same with the ids of its plans spelled as in ``ids``, by how they are spelled here."""
        plans = tuple(ids.get(plan_id, plan_id) for plan_id in self.plans)
        return replace(self, plans=plans, weeks=tuple(week.spelled(ids) for week in self.weeks))


def parse_curriculum(text: str, curriculum_id: str) -> Curriculum:
    """The curriculum that ``text`` holds. Raises PlanError with all its mistakes."""
    problems = Problems(curriculum_id)
    lines = [line.text for line in clean_lines(text, problems)]
    problems.raise_if_any()
    reader = _Reader(_table(lines, problems), lines, problems)
    curriculum = reader.curriculum(curriculum_id)
    problems.raise_if_any()
    return curriculum


def line_of_plan(plan_id: str, text: str) -> int:
    """The first line that holds this id in quotation marks, counted from 1; the first line of all when none does."""
    return _line_of(rf"[\"']{re.escape(plan_id)}[\"']", text.split("\n"))


def _line_of(form: str, lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines, start=1) if re.search(form, line)), 1)


def _table(lines: list[str], problems: Problems) -> Mapping[str, Any]:
    block = "\n".join(lines)
    if len(block) > MAX_CHARACTERS:
        problems.stop(1, f"This file is too long. Keep it under {MAX_CHARACTERS} characters.")
    try:
        table = tomllib.loads(block)
        hides = _hides(table)
    except (ValueError, RecursionError) as error:
        match = _AT_LINE.search(str(error))
        problems.stop(min(int(match[1]), len(lines)) if match else len(lines), f"This line is not understood. {_FORM}")
    if hides:
        problems.stop(_line_of(r"\\[A-Za-z]", lines), _BACKSLASH)
    return table


def _hides(value: object) -> bool:
    """Whether a hidden character is spelt out anywhere in ``value``, where no reader of lines has seen it."""
    match value:
        case str():
            return is_hidden(value)
        case list():
            return any(map(_hides, value))
        case dict():
            return any(map(_hides, (*value, *value.values())))
    return False


@dataclass
class _Reader:
    table: Mapping[str, Any]
    lines: list[str]
    problems: Problems

    def curriculum(self, curriculum_id: str) -> Curriculum:
        for name in NEEDED:
            if name not in self.table:
                self.problems.add(1, f"The setting '{name}' is missing.")
        for name in self.table:
            if name not in NAMES:
                self.note(name, f"There is no setting {short(name)}.{did_you_mean(name, NAMES)}")
        plans = self.plans()
        return Curriculum(
            id=curriculum_id,
            title=self.title(),
            track=self.track(),
            plans=plans,
            language=self.language(),
            about=self.words("about"),
            weeks=read_weeks(self.table.get("weeks", []), plans, Place(self.lines), self.problems),
        )

    def note(self, name: str, message: str) -> None:
        self.problems.add(_line_of(rf"^[\s\"'\[]*{re.escape(name)}\b", self.lines), message)

    def words(self, name: str) -> str:
        value = self.table.get(name, "")
        if not isinstance(value, str):
            self.note(name, f"Write '{name}' as words in straight \"double quotes\".")
            return ""
        return " ".join(value.split())

    def title(self) -> str:
        words = self.words("title")
        if "title" in self.table and not 1 <= len(words) <= LONGEST_TITLE:
            self.note("title", f"A title has from 1 to {LONGEST_TITLE} characters.")
        return words

    def track(self) -> str:
        words = self.words("track")
        if words and words not in TRACKS:
            listed = ", ".join(TRACKS)
            self.note("track", f"{short(words)} is not a track. Write one of: {listed}.{did_you_mean(words, TRACKS)}")
        return words

    def language(self) -> str:
        words = self.words("language") or "en"
        if not LANGUAGE.fullmatch(words):
            self.note("language", f"{short(words)} is not understood. A language is its short code, like en or es.")
        return words

    def plans(self) -> tuple[str, ...]:
        value = self.table.get("plans", ["T01"])
        ids = value if isinstance(value, list) else []
        are_ids = all(isinstance(each, str) and PLAN_ID.fullmatch(each) for each in ids)
        if not are_ids or not 1 <= len(ids) <= MOST_PLANS:
            self.note("plans", 'Write the plans as a list of their ids, like ["T01", "T04"].')
            return ()
        return tuple(ids)
