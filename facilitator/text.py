"""Words that people typed, made safe at the edge: one normal form, no characters that hide or break things."""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 4
"""Combining marks on one letter. Every living script does with four; piles of them cover the lines around."""

LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Overrides and isolates make a text read otherwise than it is stored.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KEPT_CONTROLS = frozenset("\n\t")


class BadText(ValueError):
    """Text that cannot be taken. ``str(error)`` is a sentence for the person who typed it."""


def clean(text: str, *, longest: int, name: str) -> str:
    """``text`` in Unicode's NFC, without space around it and with ``\\n`` as its only line end.

    ``longest`` counts characters after that; ``name`` is the field as its label says it. Raises BadText.
    """
    normal = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text)).strip("\ufeff \t\n\xa0")
    if len(normal) > longest:
        raise BadText(f"{name}: use at most {longest:,} characters. This has {len(normal):,}.")
    if any(_is_unsafe(character) for character in normal):
        raise BadText(f"{name}: has a character that cannot be shown. Type it again by hand.")
    if _most_marks(normal) > MOST_MARKS:
        raise BadText(f"{name}: has too many marks on one letter. Use plain letters.")
    return normal


def clean_line(text: str, *, longest: int, name: str) -> str:
    """Like ``clean``, for what fits on one line: a name, a title. Raises BadText when there are more lines."""
    line = clean(text, longest=longest, name=name)
    if "\n" in line:
        raise BadText(f"{name}: write it on one line.")
    return line


def _is_unsafe(character: str) -> bool:
    if character in BIDI:
        return True
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in KEPT_CONTROLS


def _most_marks(text: str) -> int:
    most = run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        most = max(most, run)
    return most
