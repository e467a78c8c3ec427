"""What the settings at the top of a plan must say: which names there are, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facilitator.curricula.headings import is_heading
from facilitator.curricula.problems import Problems, did_you_mean, short
from facilitator.curricula.text import Line, plain
from facilitator.curricula.yaml_block import Setting, read_settings

TRACKS = ("addiction", "mental health", "both", "family")
NEEDED = ("id", "title", "track", "version", "length")
NAMES = (*NEEDED, "language", "objectives", "sources", "licence")
LONGEST_TITLE = 80
LONGEST_PLAN = 480

FENCE = "---"
PLAN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
# Windows takes these for devices, whatever stands behind the dot: a pack with CON.md could not be opened there.
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,2}")
_LENGTH = re.compile(r"([0-9]{1,3}) ?(min|mins|minutes)")


@dataclass(frozen=True)
class FrontMatter:
    """A plan's settings. ``minutes`` is None when the length is missing or cannot be read. ``lines`` says where."""

    id: str
    title: str
    track: str
    version: str
    minutes: int | None
    language: str
    objectives: tuple[str, ...]
    sources: str
    licence: str
    lines: Mapping[str, int]
    cut: tuple[int, ...]

    def line(self, name: str) -> int:
        """Where a setting stands; the first line when it is not there."""
        return self.lines.get(name, 1)


def split(lines: Sequence[Line], problems: Problems) -> tuple[Sequence[Line], Sequence[Line]]:
    """The settings with the ``---`` above them, and the lines below. A missing ``---`` is noted: then no settings."""
    start = next((index for index, line in enumerate(lines) if not line.blank), 0)
    if lines[start].text.strip() != FENCE:
        problems.add(lines[start].number, "A plan starts with its settings: a line ---, the settings, a line ---.")
        return (), lines
    for index in range(start + 1, len(lines)):
        if lines[index].text.strip() == FENCE:
            return lines[start:index], lines[index + 1 :]
        if is_heading(lines[index]):
            break
    else:
        index = len(lines)
    problems.add(lines[start].number, "The settings have no end. Write a line --- after the last setting.")
    return (), lines[index:]


def read_front_matter(lines: Sequence[Line], problems: Problems) -> FrontMatter:
    """The settings below the first of ``lines``. Whatever is missing, unknown or not understood is noted."""
    before = len(problems.found)
    settings = read_settings(lines[1:], problems)
    if lines and len(problems.found) == before:
        _note_missing(settings, lines[0].number, problems)
    for name, setting in settings.items():
        if name not in NAMES:
            problems.add(setting.line, f"There is no setting {short(name)}.{did_you_mean(name, NAMES)}")
    return _Reader(settings, problems).front_matter()


def _note_missing(settings: Mapping[str, Setting], line: int, problems: Problems) -> None:
    for name in NEEDED:
        if name not in settings:
            problems.add(line, f"The setting '{name}' is missing.")


@dataclass
class _Reader:
    settings: Mapping[str, Setting]
    problems: Problems

    def front_matter(self) -> FrontMatter:
        return FrontMatter(
            id=self.id(),
            title=self.title(),
            track=self.track(),
            version=self.matching("version", _VERSION, "A version is a number like 1.0 or 1.10."),
            minutes=self.minutes(),
            language=self.matching("language", LANGUAGE, "A language is its short code, like en or es.") or "en",
            objectives=self.objectives(),
            sources=self.words("sources"),
            licence=self.words("licence"),
            lines={name: setting.line for name, setting in self.settings.items()},
            cut=tuple(setting.line for setting in self.settings.values() if setting.cut),
        )

    def words(self, name: str) -> str:
        setting = self.settings.get(name)
        if setting is None:
            return ""
        if isinstance(setting.value, tuple):
            self.problems.add(setting.line, f"Write '{name}' on one line, without a list.")
            return ""
        words = plain(setting.value)
        if not words:
            self.problems.add(setting.line, f"The setting '{name}' has no words.")
        return words

    def matching(self, name: str, form: re.Pattern[str], sentence: str) -> str:
        words = self.words(name)
        if words and not form.fullmatch(words):
            self.problems.add(self.settings[name].line, f"{short(words)} is not understood. {sentence}")
            return ""
        return words

    def id(self) -> str:
        words = self.matching("id", PLAN_ID, "An id is letters, digits and dashes, like T04.")
        if _DEVICE.fullmatch(words):
            sentence = f"No file on Windows can be called {short(words)}. Give the plan another id, like T04."
            self.problems.add(self.settings["id"].line, sentence)
        return words

    def title(self) -> str:
        words = self.words("title")
        if len(words) > LONGEST_TITLE:
            sentence = f"The title is too long. Keep it to {LONGEST_TITLE} characters."
            self.problems.add(self.settings["title"].line, sentence)
        return words

    def track(self) -> str:
        words = self.words("track").casefold()
        if words and words not in TRACKS:
            listed = ", ".join(TRACKS)
            sentence = f"{short(words)} is not a track. Write one of: {listed}.{did_you_mean(words, TRACKS)}"
            self.problems.add(self.settings["track"].line, sentence)
        return words

    def minutes(self) -> int | None:
        words = self.words("length")
        match = _LENGTH.fullmatch(words.casefold())
        if match and 1 <= int(match[1]) <= LONGEST_PLAN:
            return int(match[1])
        if words:
            sentence = f"{short(words)} is not understood. Write the length in whole minutes, like 60 min."
            self.problems.add(self.settings["length"].line, sentence)
        return None

    def objectives(self) -> tuple[str, ...]:
        setting = self.settings.get("objectives")
        if setting is None:
            return ()
        if isinstance(setting.value, str):
            sentence = "Write each objective on a line of its own, after two spaces and a dash, under 'objectives:'."
            self.problems.add(setting.line, sentence)
            return ()
        return tuple(words for each in setting.value if (words := plain(each)))
