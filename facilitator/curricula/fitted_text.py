"""The text of a plan, written anew for another length: the minutes of its headings, the times of its steps and its
exercises, its length, its breaks, and no more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from facilitator.curricula.breaks import BREAK_MINUTES
from facilitator.curricula.exercises import with_time
from facilitator.curricula.fit import PAUSE, Fitted
from facilitator.curricula.front_matter import read_front_matter, split
from facilitator.curricula.model import Plan, Segment
from facilitator.curricula.parse import sections_of
from facilitator.curricula.problems import Problems
from facilitator.curricula.sorting import Sorter
from facilitator.curricula.text import Line, clean_lines

_PAUSE_LINES = (f"## Break ({BREAK_MINUTES} min)", "", f"> Cue: {PAUSE.cues[0].text}", "")
_HEADING_MINUTES = re.compile(r"(\([^()0-9]*)[0-9]{1,3}([^()]*\)[^()]*)$")


def fitted_text(text: str, plan: Plan, fitted: Fitted) -> str:
    """``text``, which holds ``plan``, with the minutes, times and breaks of ``fitted``: it reads as its plan."""
    if fitted.is_as_written:
        return text
    problems = Problems()
    lines = clean_lines(text, problems)
    raw = [line.removesuffix("\r") for line in text.split("\n" if "\n" in text else "\r")][: len(lines)]
    settings, rest = split(lines, problems)
    _, sections = sections_of(rest)
    written = raw[: sections[0][0].number - 1]
    _write_length(written, read_front_matter(settings, problems).line("length"), fitted.plan.minutes)
    for segment, source in zip(fitted.plan.segments, fitted.sources, strict=True):
        if written[-1].strip():
            written.append("")
        if source is None:
            written += _PAUSE_LINES
            continue
        heading, *below = sections[source]
        anew = _anew(below, plan.segments[source], segment, problems)
        written.append(_HEADING_MINUTES.sub(rf"\g<1>{segment.minutes}\g<2>", heading.text))
        written += [anew.get(line.number, raw[line.number - 1]) for line in below]
    return "\n".join(written).rstrip("\n") + "\n"


def _anew(lines: Sequence[Line], before: Segment, after: Segment, problems: Problems) -> Mapping[int, str]:
    """The lines of a segment that have another time now, by their number."""
    sorter = Sorter.of(lines, problems)
    shown = [line for line in sorter.body if not line.blank]
    screens = zip(shown, _words(before.body), _words(after.body), strict=True)
    anew = {line.number: _indented(line, now) for line, was, now in screens if was != now}
    calls = [question.line for question in sorter.questions if question.does]
    exercises = zip(calls, before.exercises, after.exercises, strict=True)
    return anew | {
        line.number: with_time(line.text, now.each_s) for line, was, now in exercises if was.each_s != now.each_s
    }


def _words(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


def _indented(line: Line, words: str) -> str:
    """``words`` as far from the margin as ``line``."""
    return line.text[: len(line.text) - len(line.text.lstrip())] + words.lstrip()


def _write_length(head: list[str], line: int, minutes: int) -> None:
    """Set the length, whose words may go on in the lines below it."""
    end = line
    while end < len(head) and head[end][:1].isspace():
        end += 1
    head[line - 1 : end] = [f"length: {minutes} min"]
