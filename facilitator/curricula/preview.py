"""The segment that somebody is writing, as far as it can be read: mistakes elsewhere in the text do not hide it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facilitator.curricula.front_matter import split
from facilitator.curricula.headings import read_heading
from facilitator.curricula.model import Kind, Segment
from facilitator.curricula.parse import sections_of
from facilitator.curricula.problems import PlanError, Problems
from facilitator.curricula.segments import Counted, read_segment, render
from facilitator.curricula.text import Line, clean_lines

WELCOME = -1

# The questions and exercises of a segment: the line of each, and its id.
Asked = list[tuple[int, str]]


@dataclass(frozen=True)
class Around:
    """What is written around one line. ``index`` counts segments from 0; WELCOME is the words above the first.

    ``mistakes``: the segment has some, so that not all of it is here. ``before`` and ``after`` are the titles beside
    it, "" at the ends; ``lines`` are the first and the last line of it, ``at`` the id of the question or exercise that
    the line belongs to (above the first one, that one); ``below`` says that the line is at it or further down.
    """

    index: int
    count: int
    segment: Segment
    before: str
    after: str
    mistakes: bool
    lines: tuple[int, int]
    at: str = ""
    below: bool = False


def around(text: str, line: int) -> Around | None:
    """What is written around ``line`` of ``text`` (counted from 1); None when no line of it can be read at all."""
    try:
        lines = clean_lines(text, Problems())
        _, rest = split(lines, Problems())
    except PlanError:
        return None
    welcome, sections = sections_of(rest)
    starts = [section[0].number for section in sections]
    index = sum(start <= line for start in starts) - 1
    segment, mistakes, asked = _welcome(welcome) if index == WELCOME else _segment(sections[index])
    above = [each for number, each in asked if number <= line]
    own = welcome if index == WELCOME else sections[index]
    return Around(
        index=index,
        count=len(sections),
        segment=segment,
        before=_title(sections, index - 1) if index > 0 else "",
        after=_title(sections, index + 1),
        mistakes=mistakes,
        lines=(own[0].number, own[-1].number) if own else (line, line),
        at=(above[-1] if above else asked[0][1]) if asked else "",
        below=bool(above),
    )


def _segment(section: Sequence[Line]) -> tuple[Segment, bool, Asked]:
    problems = Problems()
    try:
        written = read_segment(read_heading(section[0], problems), section[1:], Counted(), problems)
    except PlanError:
        return Segment("", Kind.EXERCISE, 0), True, []
    asked = [(number, prompt.id) for number, prompt in written.prompts]
    asked += [(number, exercise.id) for number, exercise in written.exercises]
    return written.segment, bool(problems.found), sorted(asked)


def _welcome(lines: Sequence[Line]) -> tuple[Segment, bool, Asked]:
    problems = Problems()
    body, html = render(lines, lines[0].number if lines else 1, problems)
    return Segment("", Kind.OPENING, 0, body, html), bool(problems.found), []


def _title(sections: Sequence[Sequence[Line]], index: int) -> str:
    return read_heading(sections[index][0], Problems()).title if index < len(sections) else ""
