"""The editor of a draft: its text, what there is to say about it line by line, and how its segments would look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flask import render_template

from facilitator.curricula.keeper import CannotRead
from facilitator.curricula.model import Plan
from facilitator.curricula.preview import WELCOME, Around
from facilitator.curricula.snippets import PIECES, exercises
from facilitator.curricula.stored import make
from facilitator.curricula.text import MAX_BYTES, Line
from facilitator.pages import house
from facilitator.pages.console_parts import PromptRow, prompts
from facilitator.pages.cookies import LARGEST_REQUEST
from facilitator.pages.cues import Lines, by_kind
from facilitator.pages.exercise_rows import ExerciseRow
from facilitator.pages.exercise_rows import exercises as exercise_rows
from facilitator.pages.gate import me
from facilitator.pages.plan_page import HEADINGS
from facilitator.pages.times import when
from facilitator.realtime.exercise_view import View, at_first
from facilitator.storage.tables import PlanDraft, Staff

MOST_SHOWN = 40
# Three texts in one form, in bytes: what a server takes in one request, less what is around them.
MOST_TOGETHER = LARGEST_REQUEST - 20_000


class Finding(NamedTuple):
    """An error, or a warning: its line, counted from 1, and a sentence."""

    line: int
    message: str


@dataclass(frozen=True)
class Looked:
    """Everything that the editor shows beside a text. ``cues``: kind, heading and lines of the segment in view.

    ``exercise`` is the one at the line, as it is led; ``begun`` the same as phones and wall are told of it at its
    beginning.
    """

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    around: Around | None = None
    title: str = ""
    cues: tuple[tuple[str, str, Lines], ...] = ()
    prompt: PromptRow | None = None
    exercise: ExerciseRow | None = None
    begun: View | None = None

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
    alone, segment = Plan("", "", "", "", 0, (around.segment,)), around.segment
    return Looked(
        errors,
        warnings,
        around,
        title,
        cues=tuple((kind.value, HEADINGS[kind], lines) for kind, lines in by_kind(segment.cues).items()),
        prompt=next((prompt for prompt in prompts(alone, house().settings) if prompt.id == around.at), None),
        exercise=next((row for row in exercise_rows(alone) if row.id == around.at), None),
        begun=next((at_first(exercise) for exercise in segment.exercises if exercise.id == around.at), None),
    )


@dataclass(frozen=True)
class TwoTexts:
    """Beside mine, what somebody else saved in the same draft meanwhile; ``base`` is what mine was made from ("": not
    known), ``together`` both in one where they touch different lines ("": they do not, or nobody can tell)."""

    theirs: str
    base: str = ""
    together: str = ""


def two_texts(base: str, mine: str, theirs: str) -> TwoTexts:
    """Mine and theirs, put together where that can be done and sent."""
    if not base or sum(map(_size, (base, mine, theirs))) > MOST_TOGETHER:
        return TwoTexts(theirs)
    try:
        together = house().worker.ask("merge", by=me().id, base=base, mine=mine, theirs=theirs)["text"]
    except CannotRead:
        together = None
    return TwoTexts(theirs, base, together or "")


def edit_page(draft: PlanDraft, text: str, *, line: int = 1, problem: str = "", other: TwoTexts | None = None) -> str:
    """The editor with ``text`` in it. ``other``: somebody else saved another one meanwhile."""
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
        saved=when(draft.saved_at, house().clock(), house().settings.time_zone),
        saved_by=_name_of(draft.saved_by),
        other=other,
        only_theirs=_only_in(other.theirs, text) if other else [],
        comes_in=_only_in(other.together, text) if other else [],
        goes=_only_in(text, other.together) if other and other.together else [],
        most=MAX_BYTES,
        pieces=PIECES,
        exercises=exercises(),
        problems={"": problem} if problem else {},
    )


def _name_of(staff_id: str) -> str:
    """Who that is, if it is somebody else."""
    if staff_id == me().id:
        return ""
    with house().db.read() as s:
        return s.get_one(Staff, staff_id).name


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _only_in(theirs: str, mine: str) -> list[Line]:
    """The lines of one text that are nowhere in the other."""
    there = set(mine.split("\n"))
    lines = (Line(number, words) for number, words in enumerate(theirs.split("\n"), start=1))
    return [line for line in lines if not line.blank and line.text not in there][:MOST_SHOWN]
