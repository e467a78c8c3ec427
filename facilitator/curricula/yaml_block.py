"""The settings at the top of a plan, read as flat YAML: names with words, or with one list of words.

YAML turns ``1.10`` into 1.1 and ``NO`` into false, drops what is written twice, and lets a few bytes unfold for ever.
So every value stays text, and the text is read event by event: depth, references and tags are refused as they come.
This is the only file that knows YAML, and none of its own words reach an author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from facilitator.curricula.problems import Problems, short
from facilitator.curricula.text import Line, is_hidden

MAX_CHARACTERS = 16_000
MAX_ITEMS = 40

_NAME_AND_WORDS = "Each setting is a name, a colon, a space and words, like 'title: Riding out cravings'."
_QUOTE_IT = 'Put straight "double quotes" around the words.'
_SECOND_COLON = f"There is a second colon in this setting. {_QUOTE_IT}"
_MARKS = f"Words here cannot start with &, * or !. {_QUOTE_IT}"
_ODD_START = f"The words of this setting start with a mark that is not allowed there. {_QUOTE_IT}"
_IN_FRONT = "There are spaces in front of this setting. Write its name at the start of the line."
_BACKSLASH = "There is a backslash between the quotation marks. Take it away."
_FLAT = "This is a list inside a list. Write one item to a line, each after two spaces and a dash."
# What the reader complains of, by the start of its complaint.
_SENTENCES = (
    ("mapping values are not allowed", _SECOND_COLON),
    ("found unexpected end of stream", "A quotation mark is opened here and never closed."),
    ("expected ',' or ']'", "A square bracket is opened here and never closed."),
    ("found unknown escape", _BACKSLASH),
    ("expected escape", _BACKSLASH),
    ("found character", _ODD_START),
    ("expected a comment", _ODD_START),
    ("expected alphabetic", _MARKS),
    ("sequence entries", "A list starts on the line after its name, each item with two spaces and a dash."),
    ("expected <block end>, but found '<scalar>'", f"There are words after the closing quotation mark. {_QUOTE_IT}"),
    ("expected <block end>, but found '-'", "This list stands under a setting that has words already."),
    ("expected", "The spaces at the start of this line do not fit the lines above it."),
)
_STAR = re.compile(r"^(\s*)\* ")
# What a line may start with: a setting's name, an item of a list, spaces, or a # that makes it a remark.
_LINE = re.compile(r"[A-Za-z][\w -]{0,40}:(\s|$)|-(\s|$)|\s|#|$")
_INDENTED = re.compile(r"\s+[A-Za-z]\w{0,40}:(\s|$)")


@dataclass(frozen=True)
class Setting:
    """One setting: its line, its words or list of words, and whether words after a ``#`` were left out."""

    line: int
    value: str | tuple[str, ...]
    cut: bool = False


class _Unreadable(Exception):
    """The block cannot be read on from this row (counted from 0), for the reason in this sentence."""

    def __init__(self, event: yaml.Event, sentence: str) -> None:
        super().__init__(sentence)
        self.row = _row(event)
        self.sentence = sentence


def read_settings(lines: Sequence[Line], problems: Problems) -> dict[str, Setting]:
    """The settings by name. What cannot be read is noted as a problem; reading ends there."""
    settings: dict[str, Setting] = {}
    lines = [Line(line.number, _STAR.sub(r"\1- ", line.text)) for line in lines]
    block = "\n".join(line.text for line in lines)
    if len(block) > MAX_CHARACTERS:
        problems.add(lines[0].number, f"The settings are too long. Keep them under {MAX_CHARACTERS} characters.")
        return settings
    if not _look_right(lines, problems):
        return settings
    try:
        for row, name, value, cut in _pairs(block):
            number = lines[row].number
            if name in settings:
                problems.add(number, f"{short(name)} is set twice. It is already in line {settings[name].line}.")
            else:
                settings[name] = Setting(number, value, cut)
    except _Unreadable as error:
        problems.add(lines[min(error.row, len(lines) - 1)].number, error.sentence)
        return {}
    except yaml.YAMLError as error:
        row, sentence = _reworded(error)
        problems.add(lines[min(row, len(lines) - 1)].number, sentence)
        return {}
    return settings


def _look_right(lines: Sequence[Line], problems: Problems) -> bool:
    """Whether every line can be part of the settings. YAML would name a later line, or read two settings as one."""
    right = True
    for line in lines:
        indented = _INDENTED.match(line.text)
        if indented or not _LINE.match(line.text):
            problems.add(line.number, _IN_FRONT if indented else _NAME_AND_WORDS)
            right = False
    return right


def _pairs(block: str) -> Iterator[tuple[int, str, str | tuple[str, ...], bool]]:
    rows = block.split("\n")
    events = _allowed(yaml.parse(block, Loader=yaml.BaseLoader))
    first = next(events, None)
    if first is None:
        return
    if not isinstance(first, yaml.MappingStartEvent):
        raise _Unreadable(first, _NAME_AND_WORDS)
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise _Unreadable(key, _NAME_AND_WORDS)
        value = next(events)
        cut = isinstance(value, yaml.ScalarEvent) and _is_cut(value, rows)
        yield _row(key), key.value.casefold(), _words(value, events), cut
    if following := next(events, None):
        raise _Unreadable(following, _NAME_AND_WORDS)


def _allowed(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events of the one flat document, without its wrapping."""
    wrapping = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Unreadable(event, _MARKS)
        # Between quotation marks a hidden character can be spelt out, where no reader of lines has seen it.
        if isinstance(event, yaml.ScalarEvent) and is_hidden(event.value):
            raise _Unreadable(event, _BACKSLASH)
        if not isinstance(event, wrapping):
            yield event


def _words(value: yaml.Event, events: Iterator[yaml.Event]) -> str | tuple[str, ...]:
    if isinstance(value, yaml.ScalarEvent):
        return str(value.value)
    if not isinstance(value, yaml.SequenceStartEvent):
        raise _Unreadable(value, _SECOND_COLON)
    items: list[str] = []
    while not isinstance(item := next(events), yaml.SequenceEndEvent):
        if isinstance(item, yaml.MappingStartEvent):
            raise _Unreadable(item, f"There is a colon in this item. {_QUOTE_IT}")
        if not isinstance(item, yaml.ScalarEvent):
            raise _Unreadable(item, _FLAT)
        if len(items) == MAX_ITEMS:
            raise _Unreadable(item, f"This list is too long. Write at most {MAX_ITEMS} items.")
        items.append(str(item.value))
    return tuple(items)


def _row(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _is_cut(value: yaml.ScalarEvent, rows: Sequence[str]) -> bool:
    end = value.end_mark
    if end is None or end.line >= len(rows):
        return False
    return rows[end.line][end.column :].lstrip().startswith("#")


def _reworded(error: yaml.YAMLError) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    complaint = str(getattr(error, "problem", ""))
    known = (sentence for start, sentence in _SENTENCES if complaint.startswith(start))
    sentence = next(known, f"{_NAME_AND_WORDS} {_QUOTE_IT}")
    if complaint.startswith("found unexpected end of stream"):
        mark = getattr(error, "context_mark", None) or mark
    return (mark.line if mark else 0), sentence
