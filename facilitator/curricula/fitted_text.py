"""The text of a plan, written anew for another length: its headings' minutes, its length, its breaks, and no more."""

from __future__ import annotations

import re

from facilitator.curricula.breaks import BREAK_MINUTES
from facilitator.curricula.fit import PAUSE, Fitted
from facilitator.curricula.front_matter import read_front_matter, split
from facilitator.curricula.headings import is_heading
from facilitator.curricula.problems import Problems
from facilitator.curricula.text import clean_lines

_PAUSE_LINES = (f"## Break ({BREAK_MINUTES} min)", "", f"> Cue: {PAUSE.cues[0].text}", "")
_HEADING_MINUTES = re.compile(r"(\([^()0-9]*)[0-9]{1,3}([^()]*\)[^()]*)$")


def fitted_text(text: str, fitted: Fitted) -> str:
    """``text``, which holds the plan as written, with the minutes and breaks of ``fitted``: it reads as its plan."""
    if fitted.is_as_written:
        return text
    problems = Problems()
    lines = clean_lines(text, problems)
    settings, rest = split(lines, problems)
    starts = [line.number for line in rest if is_heading(line)]
    ends = [*(number - 1 for number in starts[1:]), len(lines)]
    raw = text.split("\n")[: len(lines)]
    head = raw[: starts[0] - 1]
    _write_length(head, read_front_matter(settings, problems).line("length"), fitted.plan.minutes)
    written = [*head]
    for segment, source in zip(fitted.plan.segments, fitted.sources, strict=True):
        if written[-1].strip():
            written.append("")
        if source is None:
            written += _PAUSE_LINES
            continue
        heading = lines[starts[source] - 1].text
        written.append(_HEADING_MINUTES.sub(rf"\g<1>{segment.minutes}\g<2>", heading))
        written += raw[starts[source] : ends[source]]
    return "\n".join(written).rstrip("\n") + "\n"


def _write_length(head: list[str], line: int, minutes: int) -> None:
    """Set the length, whose words may go on in the lines below it."""
    end = line
    while end < len(head) and head[end][:1].isspace():
        end += 1
    head[line - 1 : end] = [f"length: {minutes} min"]
