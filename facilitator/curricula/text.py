"""The edge where a file's bytes become lines of clean text. Whatever a word processor leaves behind is mended here."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from facilitator.curricula.problems import PlanError, Problem, Problems

MAX_BYTES = 256 * 1024
MAX_LINES = 5000
MAX_LINE = 4000
# Vietnamese and pointed Hebrew need two or three; more are only ever stacked to cover the lines around.
MAX_MARKS = 4

_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_ODD_HYPHENS = re.compile("[\u2010\u2011\u2212]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_HALF_LETTERS = re.compile("[\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# The bullets of word processors, of their symbol fonts too. A dash or a dot is one only with a space after it.
_BULLET = re.compile("^(\\s*)(?:[•◦▪‣●○■□\uf0a7\uf0b7]\\s*|[\u2013·]\\s+)")
_LETTER_BULLET = re.compile(r"^(\s*)[o§]\t")
_EMPHASIS = re.compile(r"(\*{1,2})(?=[^\s*])([^*]*)(?<=[^\s*])\1")

TOO_LARGE_FOR_A_PLAN = f"This file is too large. A plan has at most {MAX_BYTES // 1024} kB."
_REFUSED = (
    (_CONTROL, "This line holds a hidden control character. Delete the line and type it again."),
    (_TURNING, "This line holds a hidden mark that turns the direction of writing. Delete the line and type it again."),
    (_HALF_LETTERS, "This line holds half a letter, left over from a broken copy. Delete the line and type it again."),
)


class Line(NamedTuple):
    """One line of a text with its number, counted from 1."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def decode(data: bytes, name: str = "plan") -> str:
    """The text of a file. Raises PlanError, with the line, when it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "This file is not saved as plain text in UTF-8. Save it again and choose UTF-8 as its encoding."
        raise PlanError([Problem(line, message)], name) from None


def read_file(path: Path) -> str:
    """The text of the file at ``path``. Raises PlanError when there is none, or it is too large, or not UTF-8."""
    name = str(path)
    try:
        if not path.is_file():
            raise PlanError([Problem(1, "There is no file here.")], name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        raise PlanError([Problem(1, "This file cannot be opened.")], name) from None
    if len(data) > MAX_BYTES:
        raise PlanError([Problem(1, TOO_LARGE_FOR_A_PLAN)], name)
    return decode(data, name)


def clean_lines(text: str, problems: Problems) -> list[Line]:
    """The lines of ``text``, at least one: odd spaces and hyphens plain, invisible marks dropped, letters composed.

    Characters that would hide or reorder words are noted as problems. Raises PlanError for a text that is too large.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        problems.stop(1, TOO_LARGE_FOR_A_PLAN)
    # Saved with \r alone, as some still do, it would be one long line. Beside other line ends that hides words.
    raw = text.split("\n" if "\n" in text else "\r")
    if len(raw) > 1 and not raw[-1]:
        raw.pop()
    if len(raw) > MAX_LINES:
        problems.stop(MAX_LINES, f"This file is too long. A plan has at most {MAX_LINES} lines.")
    return [Line(number, _clean(number, line, problems)) for number, line in enumerate(raw, start=1)]


def _clean(number: int, line: str, problems: Problems) -> str:
    line = line.removesuffix("\r")
    if len(line) > MAX_LINE:
        problems.stop(number, f"This line is too long. Write at most {MAX_LINE} characters in a line.")
    if line.isascii() and line.isprintable():
        return line
    for refused, sentence in _REFUSED:
        line, count = refused.subn(" ", line)
        if count:
            problems.add(number, sentence)
    line = _LETTER_BULLET.sub(r"\1- ", line).expandtabs(4)
    line = _INVISIBLE.sub("", _ODD_HYPHENS.sub("-", _ODD_SPACES.sub(" ", line)))
    if is_piled(line):
        problems.add(number, "This line has letters with too many marks on them. Delete the line and type it again.")
        return ""
    return _BULLET.sub(r"\1- ", unicodedata.normalize("NFC", line))


def is_piled(line: str) -> bool:
    """Whether one letter carries a pile of marks. Composing a long pile would also take very long."""
    marks = 0
    for character in line:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            return True
    return False


def is_hidden(words: str) -> bool:
    """Whether ``words`` hold what no line may: marks that hide, turn or pile up. For words that a file spells out."""
    return without_hidden(words) != words or is_piled(words)


def without_hidden(words: str) -> str:
    """``words`` without marks that hide or turn others."""
    for form in (_INVISIBLE, *(form for form, _ in _REFUSED)):
        words = form.sub("", words)
    return words


def plain(words: str) -> str:
    """``words`` for places that show text as it is (cues, questions, titles): without the stars of **bold**."""
    return " ".join(_EMPHASIS.sub(r"\2", words).split())
