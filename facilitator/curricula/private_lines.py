"""Lines for the facilitator alone: ``> Say: …``, ``> Cue: …`` and their like, and ``!!! cue`` with a block below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from facilitator.curricula.model import CueKind
from facilitator.curricula.problems import did_you_mean
from facilitator.curricula.text import Line

ALOUD = "aloud"
LABELS = {kind.value: kind for kind in CueKind}
_NAMES = tuple(name.capitalize() for name in (*LABELS, ALOUD))

_LABEL = re.compile(r"(?P<bold>\*{0,3})(?P<name>[A-Za-z]+(?:[ -][A-Za-z]+)?)(?:(?P=bold) *:| *:(?P=bold))")
_BLOCK = re.compile(r"!!! *([A-Za-z]+(?:[ -][A-Za-z]+)?) *[\"“]?([^\"“”]*)[\"”]?\s*")
# A label that lost its > would put private words on the projector. So would a > that is not at the start, one that an
# editor escaped or replaced, another mark than !!! above a block, and a remark in <!-- -->, which other tools hide.
_LOST = re.compile(
    r"(?:&gt;|[0-9]{1,2}[.)]|\W|_)*(?:say|cue|safety|opt[ -]out|remote|handout|aloud|facilitator (?:note|cue|only)s?)"
    r"[*_]* *[:\uff1a]"
    r"|(?:[-*+] +|[0-9]{1,2}[.)] +|\*(?=\S))*> "
    r"|\\>|&gt;|[\u203a\u00bb\uff1e]"
    r"|[!?]{2,}\+? *(?:say|cue|safety|opt[ -]out|remote|handout|aloud|$)",
    re.IGNORECASE,
)
_REMARK = "<!--"


def is_private(line: Line) -> bool:
    """Whether a line starts with the ``>`` that keeps it from the room."""
    return line.text.lstrip().startswith(">")


def split_label(line: Line) -> tuple[str | None, str]:
    """The label of a private line, in small letters, and its words. None when the line goes on from the one above."""
    words = line.text.strip().lstrip(">").strip()
    match = _LABEL.match(words)
    if match is None:
        return None, words
    return match["name"].replace("-", " ").casefold(), words[match.end() :].strip()


def unknown_label(label: str | None) -> str:
    """What to say when a private line starts with no label that is known."""
    listed = ", ".join(f"> {name}:" for name in _NAMES)
    return f"A line for the facilitator starts with one of {listed}.{did_you_mean(label or '', _NAMES)}"


def leaks(line: Line) -> bool:
    """Whether a line for the projector looks like a private one whose ``>`` is lost or misplaced."""
    return _REMARK in line.text or _LOST.match(line.text.strip()) is not None


def unfold_blocks(lines: Sequence[Line]) -> list[Line]:
    """The lines with each ``!!! cue`` block (its words indented below) rewritten as ``>`` lines of the same numbers."""
    unfolded: list[Line] = []
    inside = below = False
    for line in lines:
        match = _BLOCK.fullmatch(line.text.strip()) if line.text.lstrip().startswith("!!!") else None
        if match:
            unfolded.append(Line(line.number, f"> {match[1]}: {match[2]}"))
            inside, below = True, False
        elif inside and (line.blank or line.text.startswith("  ")):
            unfolded.append(Line(line.number, f"> {line.text.strip()}"))
            below = True
        else:
            if inside and below:
                unfolded.append(Line(line.number, ""))
            unfolded.append(line)
            inside = False
    return unfolded
