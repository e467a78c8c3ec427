"""What comes along when somebody pastes from a word processor, mended, and said in a few words."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from facilitator.curricula.text import is_piled


class _Rule(NamedTuple):
    """What is looked for, what it becomes, and how it is told: of one, of several."""

    form: re.Pattern[str]
    instead: str
    one: str = ""
    several: str = ""


def _rule(form: str, instead: str, one: str = "", several: str = "") -> _Rule:
    return _Rule(re.compile(form, re.MULTILINE), instead, one, several)


_RULES = (
    _rule("\r\n|[\r\x0b\x0c\u0085\u2028\u2029]", "\n"),
    _rule(
        "^([ \t]*)(?:[•◦▪‣●○■□·\uf0a7\uf0b7][ \t]*|[\u2013\u2014\u2212][ \t]+|[o§]\t[ \t]*)",
        r"\1- ",
        "bullet became a dash",
        "bullets became dashes",
    ),
    _rule("^([ \t]*[0-9]{1,3}[.)])\t[ \t]*", r"\1 "),
    _rule(
        "[\u201c\u201d\u201e\u201f\u2033]",
        '"',
        "curly quotation mark became straight",
        "curly quotation marks became straight",
    ),
    _rule(
        "[\u2018\u2019\u201a\u201b\u2032]",
        "'",
        "curly apostrophe became straight",
        "curly apostrophes became straight",
    ),
    _rule(
        "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", "odd space became a plain one", "odd spaces became plain"
    ),
    _rule("[\u2010\u2011\u2212]", "-", "odd hyphen became a plain one", "odd hyphens became plain"),
    _rule(
        "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]",
        "",
        "hidden character taken out",
        "hidden characters taken out",
    ),
    _rule("[\ud800-\udfff]", "", "half letter taken out", "half letters taken out"),
    _rule("\t", "    "),
)


def cleaned(text: str) -> tuple[str, list[str]]:
    """``text`` as it can be read here, and what was changed, a few words each; none for what nobody would notice."""
    said: list[str] = []
    for rule in _RULES:
        text, count = rule.form.subn(rule.instead, text)
        if count and rule.one:
            said.append(f"{count} {rule.one if count == 1 else rule.several}")
    return "\n".join(_composed(line.rstrip(" ")) for line in text.split("\n")), said


def _composed(line: str) -> str:
    """One form for each letter with its marks; composing a pile of marks would take very long, and none is a letter."""
    return line if line.isascii() or is_piled(line) else unicodedata.normalize("NFC", line)
