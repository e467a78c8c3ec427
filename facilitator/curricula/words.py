"""Words as people look for them: small letters without accents, so that "Cafe" finds "café". Pure.

Looking is done here and not by the database, because SQLite and PostgreSQL fold letters differently.
"""

from __future__ import annotations

import re
import unicodedata

# Letters with a stroke, or two in one, that no rule of Unicode takes apart.
_TAKEN_APART = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")
# What an apostrophe leaves at the end of a word ("can't", "group's") is in every plan, and looked for by nobody.
_AFTER_APOSTROPHE = re.compile(r"(?<=\w)['\u2019](?:s|t|d|m|ll|re|ve)\b")
_CODE = re.compile(r"([a-z])(\d)")
_SHORTEST_PLURAL = 4


def folded(text: str) -> str:
    """``text`` in small letters, without accents and other marks on them."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_TAKEN_APART)


def words_of(text: str) -> set[str]:
    """Every word of ``text``, once, folded. What is joined by a dash or an apostrophe is two."""
    return set(_WORD.findall(folded(text)))


def typed(text: str) -> list[str]:
    """The words that somebody looks for, folded, in their order."""
    return _WORD.findall(_AFTER_APOSTROPHE.sub("", folded(text)))


def searched(text: str) -> list[tuple[str, ...]]:
    """What to look for among the words of a plan: for each word its forms, any one of which will do.

    A form is the beginning of a word: a space, then its letters.
    """
    return [tuple(f" {form}" for form in _forms(word)) for word in sorted(set(typed(text)))]


def _forms(word: str) -> tuple[str, ...]:
    """A word, or what it begins with: "cravings" also finds "craving", "families" a "family" and the other way round,
    "T4" is T04 too."""
    if code := _CODE.fullmatch(word):
        return word, f"{code[1]}0{code[2]}"
    if len(word) >= _SHORTEST_PLURAL and word.endswith("y") and word[-2] not in "aeiou":
        return word, f"{word[:-1]}ies"
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return (word,)
    if word.endswith("ies"):
        return word, f"{word[:-3]}y"
    return (word[:-2],) if word.endswith(("sses", "xes", "ches", "shes")) else (word[:-1],)
