"""A session plan from its Markdown file, or every reason why not, each with its line.

The author writes settings, headings and sentences; this module joins the readers of each: ``text`` (the edge),
``front_matter``, ``headings``, ``segments`` with ``questions`` and ``private_lines``. None of them raises anything but
PlanError, whatever the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from facilitator.curricula.exercises import is_exercise
from facilitator.curricula.front_matter import FrontMatter, read_front_matter, split
from facilitator.curricula.headings import is_heading, read_heading
from facilitator.curricula.model import Plan
from facilitator.curricula.private_lines import is_private, leaks
from facilitator.curricula.problems import PlanError, Problem, Problems
from facilitator.curricula.questions import is_question
from facilitator.curricula.segments import Counted, Written, read_segment, render
from facilitator.curricula.text import Line, clean_lines

__all__ = ["PlanError", "Problem", "Reading", "parse_plan", "read_plan"]

MOST_SEGMENTS = 30

_BELOW = "Questions, exercises and lines with > belong to a segment. Move this below a ## heading."


@dataclass(frozen=True)
class Reading:
    """A plan beside the lines that it was written in, for those who advise its author."""

    plan: Plan
    front_matter: FrontMatter
    welcome: tuple[Line, ...]
    segments: tuple[Written, ...]


def parse_plan(text: str, name: str = "plan") -> Plan:
    """The plan that ``text`` holds. Raises PlanError with all its mistakes; ``name`` is what they call the text."""
    return read_plan(text, name).plan


def read_plan(text: str, name: str = "plan") -> Reading:
    """As ``parse_plan``, with the places where everything was written."""
    problems = Problems(name)
    lines = clean_lines(text, problems)
    settings, rest = split(lines, problems)
    front_matter = read_front_matter(settings, problems)
    welcome, sections = sections_of(rest)
    segments = _segments(sections, problems)
    if not segments:
        sentence = "There is no segment. Write a heading like '## Opening: Arrive and settle (3 min)'."
        problems.add(lines[-1].number, sentence)
    body, html = _welcome(welcome, problems)
    problems.raise_if_any()
    plan = _plan(front_matter, segments, body, html)
    return Reading(plan, front_matter, tuple(line for line in welcome if not line.blank), segments)


def sections_of(lines: Sequence[Line]) -> tuple[Sequence[Line], list[Sequence[Line]]]:
    """The lines above the first heading, and those of each segment, its heading first."""
    starts = [index for index, line in enumerate(lines) if is_heading(line)]
    bounds = [*starts, len(lines)]
    return lines[: bounds[0]], [lines[start:end] for start, end in pairwise(bounds)]


def _segments(sections: Sequence[Sequence[Line]], problems: Problems) -> tuple[Written, ...]:
    if len(sections) > MOST_SEGMENTS:
        problems.stop(sections[MOST_SEGMENTS][0].number, f"A plan has at most {MOST_SEGMENTS} segments.")
    segments: list[Written] = []
    above = Counted()
    for heading, *lines in sections:
        segment = read_segment(read_heading(heading, problems), lines, above, problems)
        above = Counted(above.prompts + len(segment.prompts), above.exercises + len(segment.exercises))
        segments.append(segment)
    return tuple(segments)


def _welcome(lines: Sequence[Line], problems: Problems) -> tuple[str, str]:
    """What the projector shows while people arrive. Questions and private lines wait for the first segment."""
    for line in lines:
        if is_private(line) or leaks(line) or is_question(line) or is_exercise(line):
            problems.add(line.number, _BELOW)
    return render([line for line in lines if not is_private(line)], lines[0].number if lines else 1, problems)


def _plan(front_matter: FrontMatter, segments: Sequence[Written], welcome: str, welcome_html: str) -> Plan:
    return Plan(
        id=front_matter.id,
        title=front_matter.title,
        track=front_matter.track,
        version=front_matter.version,
        minutes=sum(written.segment.minutes for written in segments),
        segments=tuple(written.segment for written in segments),
        language=front_matter.language,
        objectives=front_matter.objectives,
        sources=front_matter.sources,
        licence=front_matter.licence,
        welcome=welcome,
        welcome_html=welcome_html,
    )
