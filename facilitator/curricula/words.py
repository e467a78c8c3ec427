"""Words as people look for them: small letters without accents, so that "Cafe" finds "café". Pure.

Looking is done here and not by the database, because SQLite and PostgreSQL fold letters differently.
"""

from __future__ import annotations

import re
import unicodedata

# Letters with a stroke, or two in one, that no rule of Unicode takes apart.
_TAKEN_APART = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """``text`` in small letters, without accents and other marks on them."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_TAKEN_APART)


def words_of(text: str) -> set[str]:
    """Every word of ``text``, once, folded. What is joined by a dash or an apostrophe is two."""
    return set(_WORD.findall(folded(text)))


def searched(text: str) -> list[str]:
    """What to look for among the words of a plan, each as the beginning of a word: a space, then its letters."""
    return [f" {word}" for word in sorted(words_of(text))]
