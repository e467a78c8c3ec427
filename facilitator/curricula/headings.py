"""The heading of a segment: ``## Kind: Title (10 min, chime)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from facilitator.curricula.model import Kind
from facilitator.curricula.problems import Problems, did_you_mean, short
from facilitator.curricula.text import Line, plain

LONGEST_HEADING = 160
LONGEST_TITLE = 80
LONGEST_SEGMENT = 180
OPTIONS = ("silent", "chime", "no timer", "overtime ok")
KINDS = {kind.value.replace("-", " "): kind for kind in Kind}

_HEADING = re.compile(r"(#{1,6})(?!#)\s*([^:(]*)")
# What other editors put after a heading: more #, or a name to link to.
_TAIL = re.compile(r"(?:\s*\{#[^{}]*\}|\s*#+)$")
_WITH_TIME = re.compile(r"(?P<head>.*)\((?P<time>[^()]*)\)")
# A heading whose ## was lost: its kind, and a time at the end.
_BARE = re.compile(r"[*\\#\uff03\s]*(?P<kind>[A-Za-z][A-Za-z -]{3,13})\** ?[:(].*?[0-9] ?min[^()]*\)[*#\s]*")
_BEFORE_WORDS = "#\uff03\\ "
_MINUTES = re.compile(r"([0-9]{1,3}) ?(min|mins|minutes)")
# A number, and something that can only be meant as minutes.
_NEARLY_MINUTES = re.compile(r"([1-9][0-9]{0,2}) *(?:m[a-z]{0,8}\.?|')?")


@dataclass(frozen=True)
class Heading:
    """What a segment's heading says. ``minutes`` is 0 when it could not be read."""

    line: int
    kind: Kind
    title: str
    minutes: int
    options: frozenset[str]


def is_heading(line: Line) -> bool:
    """Whether a line is meant as the heading of a segment: it has two #, or others and a kind, or a kind and time."""
    words = line.text[:LONGEST_HEADING].strip()
    match = _HEADING.match(words)
    if match and (match[1] == "##" or _kind(match[2])):
        return True
    bare = _BARE.fullmatch(words)
    return bare is not None and _kind(bare["kind"]) is not None


def read_heading(line: Line, problems: Problems) -> Heading:
    """The heading on ``line``; what is missing or not understood is noted, and an exercise stands in for the kind."""
    words = " ".join(line.text.strip().lstrip(_BEFORE_WORDS).split())
    if line.text.strip()[:3].count("#") != 2:
        problems.add(line.number, "The heading of a segment has two #, like '## Opening: Arrive and settle (3 min)'.")
    if len(words) > LONGEST_HEADING:
        problems.add(line.number, f"This heading is too long. Keep it to {LONGEST_HEADING} characters.")
        return Heading(line.number, Kind.EXERCISE, "", 0, frozenset())
    words = plain(_TAIL.sub("", words))
    match = _WITH_TIME.fullmatch(words)
    if not match:
        problems.add(line.number, "Add a time at the end of this heading, like (10 min).")
    kind, title = _kind_and_title(line.number, match["head"] if match else words, problems)
    minutes, options = _time(line.number, match["time"], problems) if match else (0, frozenset())
    return Heading(line.number, kind, title, minutes, options)


def _kind_and_title(number: int, head: str, problems: Problems) -> tuple[Kind, str]:
    before, _, after = head.partition(":")
    kind = _kind(before)
    if kind is None:
        names = [each.value.capitalize() for each in Kind]
        sentence = f"A segment starts with one of {', '.join(names)}, then a colon and its title."
        problems.add(number, sentence + did_you_mean(before.strip(), names))
    title = after.strip() or before.strip().capitalize()
    if len(title) > LONGEST_TITLE:
        problems.add(number, f"This title is too long for the screen. Keep it to {LONGEST_TITLE} characters.")
    return kind or Kind.EXERCISE, title


def _kind(words: str) -> Kind | None:
    return KINDS.get(words.strip(" *").replace("-", " ").casefold())


def _time(number: int, words: str, problems: Problems) -> tuple[int, frozenset[str]]:
    first, *rest = (part.strip().casefold() for part in words.split(","))
    match = _MINUTES.fullmatch(first)
    minutes = int(match[1]) if match else 0
    if not match:
        near = _NEARLY_MINUTES.fullmatch(first)
        meant = f" Did you mean '{int(near[1])} min'?" if near else ""
        sentence = f"The time {short(first)} is not understood. Write it like (10 min) or (10 min, silent)."
        problems.add(number, sentence + meant)
    elif not 1 <= minutes <= LONGEST_SEGMENT:
        problems.add(number, f"A segment takes from 1 to {LONGEST_SEGMENT} minutes.")
    for option in rest:
        if option not in OPTIONS:
            listed = ", ".join(OPTIONS)
            sentence = f"{short(option)} is not understood here. After the minutes may stand: {listed}."
            problems.add(number, sentence + did_you_mean(option, OPTIONS))
    return minutes, frozenset(rest)
