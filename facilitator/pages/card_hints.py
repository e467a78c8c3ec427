"""What whoever reads a card first is shown beside it: hints, never a bar. Nothing here is kept, sent or counted.

Names, numbers and addresses point at somebody. Heavy words may be about a life in danger; as nobody can tell who wrote
them, the phone itself shows its owner how to reach a person (``static/phone/words.js``), and staff speak to the room.
Both read one list, ``static/phone/heavy.json``. It misses much and is sometimes wrong: a person reads every card.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from facilitator.pages import places

NAME = "May name somebody."
TELEPHONE = "May hold a telephone number."
EMAIL = "May hold an e-mail address."
HEAVY = "May need the attention of the room."
_TELEPHONE = re.compile(r"(?:\d[\s().+-]*){7,}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_APOSTROPHES = re.compile("['\u2019\u02bc]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# An initial is in too many words to point at anybody.
SHORTEST_NAME = 2


def hints(text: str, names: Iterable[str]) -> list[str]:
    """What to look at twice in a card, with ``names`` of those who are in the room."""
    seen = {
        NAME: _has_name(_words(text, apart=" "), names),
        TELEPHONE: _TELEPHONE.search(text) is not None,
        EMAIL: _EMAIL.search(text) is not None,
        HEAVY: is_heavy(text),
    }
    return [hint for hint, there in seen.items() if there]


def _has_name(said: str, names: Iterable[str]) -> bool:
    parts = {part for name in names for part in _words(name, apart=" ").split()}
    return any(f" {part} " in said for part in parts if len(part) >= SHORTEST_NAME)


def is_heavy(text: str) -> bool:
    """Whether words are in it that may be about a life in danger. The phone's script decides by the same rule."""
    said = _words(text)
    return any(f" {phrase} " in said for phrase in heavy_phrases())


@cache
def heavy_phrases() -> tuple[str, ...]:
    """Every phrase of the list, as ``_words`` would leave it."""
    lists = json.loads((places.folder("static") / "phone" / "heavy.json").read_text(encoding="utf-8"))
    return tuple(phrase for phrases in lists.values() if isinstance(phrases, list) for phrase in phrases)


def _words(text: str, *, apart: str = "") -> str:
    """The words alone, in small letters and with one space around each; ``apart`` stands for an apostrophe.

    What cannot be seen parts no word.
    """
    seen = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return f" {_BETWEEN_WORDS.sub(' ', _APOSTROPHES.sub(apart, seen).casefold()).strip()} "
