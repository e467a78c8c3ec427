"""Reading what people send: parsed JSON becomes a command, or a sentence that says what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_args

from facilitator.curricula.model import LONGEST_CARD
from facilitator.realtime.commands import Command
from facilitator.text import BadText, clean, clean_line

LONGEST_TEXT = 2_000
LONGEST_NAME = 80
LONGEST_REASON = 300
MOST_SECONDS = 4 * 60 * 60
MOST_OPTIONS = 20
# Letters, numbers, punctuation, symbols: what leaves a mark. A card without any would be an empty one.
SEEN = "LNPS"
COMMANDS: Mapping[str, type[Any]] = {command.__name__: command for command in get_args(Command)}


class Malformed(ValueError):
    """Something that cannot be read. The text says in plain words what is wrong with it."""


def read_command(payload: object) -> Command:
    """Make a command of parsed JSON like ``{"command": "EnterSegment", "segment": 2}``.

    Raises Malformed for anything else: an unknown command, a field missing, extra, of a wrong type, or too long.
    """
    if not isinstance(payload, dict):
        raise Malformed("A command is one JSON object.")
    name = payload.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Malformed("This command is not known.")
    given = {key: value for key, value in payload.items() if key != "command"}
    handed_in = getattr(kind, "handed_in", ())
    known = {field.name: field for field in fields(kind) if field.name not in handed_in}
    for key in given:
        if key not in known:
            raise Malformed(f"{name} does not take {_shown(key)}.")
    for key, field in known.items():
        if key not in given:
            if field.default is MISSING:
                raise Malformed(f"{name} needs {key}.")
        elif field.default is not None or given[key] is not None:
            given[key] = READERS[key](key, given[key])
    return kind(**given)  # type: ignore[no-any-return]  # kind is one of Command's classes


def _shown(key: object) -> str:
    return f"“{str(key)[:40]}”" if str(key).isprintable() else "a field of that name"


def _index(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10_000:
        raise Malformed(f"{key} is a whole number.")
    return value


def _seconds(key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_SECONDS:
        raise Malformed("seconds is a whole number, at most four hours.")
    return value


def _id(key: str, value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isascii() or not value.isprintable():
        raise Malformed(f"{key} is a short text.")
    return value


def _words(longest: int, *, needed: bool = True, cleaned: Callable[..., str] = clean) -> Callable[[str, object], str]:
    def read(key: str, value: object) -> str:
        if not isinstance(value, str):
            raise Malformed(f"{key} is a text.")
        try:
            text = cleaned(value, longest=longest, name=key)
        except BadText as error:
            raise Malformed(str(error)) from error
        if needed and not text:
            raise Malformed(f"Write something in {key} first.")
        return text

    return read


READERS: Mapping[str, Callable[[str, object], Any]] = {
    "segment": _index,
    "step": _index,
    "seconds": _seconds,
    "prompt": _id,
    "exercise": _id,
    "check_in": _id,
    "member": _id,
    "request": _id,
    "card": _id,
    "mark": _id,
    "reason": _words(LONGEST_REASON, needed=False),
    "name": _words(LONGEST_NAME, cleaned=clean_line),
    "text": _words(LONGEST_TEXT),
    "outcome": _words(LONGEST_REASON),
}


def read_answer(data: tuple[object, ...]) -> tuple[str, object]:
    """The check-in's id and the value, out of what a phone sent: ``{"check_in", "value"}``. Raises Malformed.

    Words are brought onto one line, and cleaned.
    """
    payload = data[0] if len(data) == 1 else None
    if not isinstance(payload, dict) or payload.keys() != {"check_in", "value"}:
        raise Malformed("An answer is a check-in and a value.")
    value = payload["value"]
    if isinstance(value, str):
        return _id("check_in", payload["check_in"]), _card(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not (value is None or whole or (isinstance(value, list) and len(value) <= MOST_OPTIONS)):
        raise Malformed("That is not one of the answers. Please choose again.")
    return _id("check_in", payload["check_in"]), value


def _card(text: str) -> str:
    try:
        line = clean_line(" ".join(text.split()), longest=LONGEST_CARD, name="Your card")
    except BadText as error:
        raise Malformed(str(error)) from error
    if not any(unicodedata.category(character)[0] in SEEN for character in line):
        raise Malformed("Write a few words first, or skip this one.")
    return line


def read_name(data: tuple[object, ...]) -> str:
    """The name out of ``{"name"}``, as somebody who asks for staff gives it; "" for none. Raises Malformed."""
    payload = data[0] if len(data) == 1 else None
    if not isinstance(payload, dict) or payload.keys() != {"name"}:
        raise Malformed("Write a first name, or where you sit, or nothing.")
    return str(_words(LONGEST_NAME, needed=False, cleaned=clean_line)("name", payload["name"]))
