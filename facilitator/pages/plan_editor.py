"""The editor of a draft: its text, what there is to say about it line by line, and how its segments would look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flask import render_template

from facilitator.curricula.keeper import CannotRead
from facilitator.curricula.model import Exercise, Plan, Segment
from facilitator.curricula.preview import WELCOME, Around
from facilitator.curricula.snippets import PIECES, exercises
from facilitator.curricula.stored import make
from facilitator.curricula.text import Line
from facilitator.pages import house
from facilitator.pages.console_parts import PromptRow, prompts
from facilitator.pages.cues import Lines, by_kind
from facilitator.pages.gate import me
from facilitator.pages.plan_page import HEADINGS
from facilitator.storage.tables import PlanDraft

MOST_SHOWN = 40


class Finding(NamedTuple):
    """An error, or a warning: its line, counted from 1, and a sentence."""

    line: int
    message: str


@dataclass(frozen=True)
class Looked:
    """Everything that the editor shows beside a text. ``cues``: kind, heading and lines of the segment in view."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    around: Around | None = None
    title: str = ""
    cues: tuple[tuple[str, str, Lines], ...] = ()
    prompt: PromptRow | None = None
    exercise: Exercise | None = None

    @property
    def summary(self) -> str:
        """How many errors and warnings there are, in words."""
        if not self.errors and not self.warnings:
            return "No errors"
        counted = (("error", self.errors), ("warning", self.warnings))
        return ", ".join(f"{len(found)} {name}{'s' * (len(found) > 1)}" for name, found in counted if found)

    @property
    def is_welcome(self) -> bool:
        """Whether the line is above the first segment."""
        return self.around is not None and self.around.index == WELCOME


def looked_at(text: str, line: int) -> Looked:
    """``text`` as the worker reads it. Raises CannotRead."""
    told = house().worker.ask("look", by=me().id, text=text, line=line)
    errors = tuple(Finding(*each) for each in told["errors"])
    warnings = tuple(Finding(*each) for each in told["warnings"])
    title = told["plan"]["title"] if told["plan"] else ""
    if told["around"] is None:
        return Looked(errors, warnings, title=title)
    around = make(Around, told["around"])
    return Looked(
        errors,
        warnings,
        around,
        title,
        tuple((kind.value, HEADINGS[kind], lines) for kind, lines in by_kind(around.segment.cues).items()),
        next((prompt for prompt in _prompts(around.segment) if prompt.id == around.at), None),
        next((exercise for exercise in around.segment.exercises if exercise.id == around.at), None),
    )


def edit_page(draft: PlanDraft, text: str, *, line: int = 1, problem: str = "", theirs: str | None = None) -> str:
    """The editor with ``text`` in it. ``theirs``: what somebody else saved in the same draft meanwhile."""
    unread = ""
    try:
        looked = looked_at(text, line)
    except CannotRead as error:
        looked, unread = Looked((), ()), str(error)
    return render_template(
        "plans/edit.html",
        draft=draft,
        text=text,
        line=line,
        looked=looked,
        unread=unread,
        theirs=theirs,
        only_theirs=_only_in(theirs or "", text),
        pieces=PIECES,
        exercises=exercises(),
        problems={"": problem} if problem else {},
    )


def _only_in(theirs: str, mine: str) -> list[Line]:
    """The lines of one text that are nowhere in the other."""
    there = set(mine.split("\n"))
    lines = (Line(number, words) for number, words in enumerate(theirs.split("\n"), start=1))
    return [line for line in lines if not line.blank and line.text not in there][:MOST_SHOWN]


def _prompts(segment: Segment) -> list[PromptRow]:
    return prompts(Plan("", "", "", "", 0, (segment,)), house().settings)
