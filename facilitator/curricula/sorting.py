"""Who each line of a segment is for: the room, the phones, or the facilitator alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from facilitator.curricula.exercises import is_exercise, wants_items
from facilitator.curricula.model import CueKind
from facilitator.curricula.private_lines import (
    ALOUD,
    LABELS,
    is_private,
    leaks,
    split_label,
    unfold_blocks,
    unknown_label,
)
from facilitator.curricula.problems import Problems
from facilitator.curricula.questions import is_question, wants_options
from facilitator.curricula.text import Line

_LEAK = "This line would be on the projector. To keep it private, start it with > and a label, like '> Cue: …'."
_RIGHT_UNDER = (
    "This line would be on the projector, and it stands right under a private one. "
    "Start it with > too, or leave an empty line above it."
)
_PARTED = "An empty line ended the options above. Take it away, or write a line of words over this list."
_NO_QUESTION = "'> Aloud:' says the question above it without phones, and there is no question above."
_OPTION = re.compile(r"[-*+](\s|$)")


@dataclass
class Spoken:
    """The words of one private line and of those that go on from it. No kind: it says a question aloud."""

    line: int
    words: list[str]
    kind: CueKind | None = None

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@dataclass
class Question:
    """A question's line, the lines of its options, and how it is asked aloud; or an exercise's, with its items."""

    line: Line
    options: list[Line] = field(default_factory=list)
    aloud: Spoken | None = None

    @property
    def does(self) -> bool:
        """Whether it calls an exercise."""
        return is_exercise(self.line)

    @property
    def waits(self) -> bool:
        """Whether its list may still come after an empty line."""
        return not self.options and (wants_items(self.line) if self.does else wants_options(self.line))

    def go_on_with_option(self, line: Line) -> None:
        """Add the rest of a long option, which an editor wrapped and indented."""
        begun = self.options[-1]
        self.options[-1] = Line(begun.number, f"{begun.text} {line.text.strip()}")


class Sorter:
    """Takes the lines of a segment in order, and lays them on three piles: ``body``, ``questions`` and ``spoken``.

    Exercises lie among the questions: an urge wave asks one too.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.body: list[Line] = []
        self.questions: list[Question] = []
        self.spoken: list[Spoken] = []
        self._choosing: Question | None = None
        self._parted = False
        self._speaking: Spoken | None = None

    @classmethod
    def of(cls, lines: Sequence[Line], problems: Problems) -> Sorter:
        """All the lines below a heading, on their piles."""
        sorter = cls(problems)
        for line in unfold_blocks(lines):
            sorter.take(line)
        return sorter

    def take(self, line: Line) -> None:
        """Lay one line where it belongs. One that belongs nowhere is noted as a problem."""
        if is_private(line):
            self._say(line)
        elif is_question(line) or is_exercise(line):
            self._ask(line)
        elif leaks(line):
            self.problems.add(line.number, _LEAK)
            self._speaking = Spoken(line.number, [])
        elif self._choosing and _OPTION.match(line.text.strip()):
            self._choosing.options.append(line)
        elif line.blank:
            self._end_block(line)
        elif self._choosing and self._choosing.options and line.text.startswith("  "):
            self._choosing.go_on_with_option(line)
        else:
            self._show(line)

    def _show(self, line: Line) -> None:
        if self._speaking:
            self.problems.add(line.number, _RIGHT_UNDER)
        elif self._parted and _OPTION.match(line.text.strip()):
            self.problems.add(line.number, _PARTED)
        self._speaking = self._choosing = None
        self._parted = False
        self.body.append(line)

    def _ask(self, line: Line) -> None:
        self._part_paragraphs(line)
        self._speaking = None
        self._parted = False
        self._choosing = Question(line)
        self.questions.append(self._choosing)

    def _end_block(self, line: Line) -> None:
        """An empty line ends a private line, and a question unless its options are still to come."""
        self._part_paragraphs(line)
        self._speaking = None
        if self._choosing and not self._choosing.waits:
            self._parted = bool(self._choosing.options)
            self._choosing = None

    def _part_paragraphs(self, line: Line) -> None:
        self.body.append(Line(line.number, ""))

    def _say(self, line: Line) -> None:
        self._part_paragraphs(line)
        self._choosing = None
        self._parted = False
        label, words = split_label(line)
        if label is None and self._speaking:
            self._speaking.words.append(words)
        elif label == ALOUD:
            self._say_question(Spoken(line.number, [words]))
        elif label in LABELS:
            self._speaking = Spoken(line.number, [words], LABELS[label])
            self.spoken.append(self._speaking)
        elif label or words:
            self.problems.add(line.number, unknown_label(label))
            self._speaking = Spoken(line.number, [words])

    def _say_question(self, spoken: Spoken) -> None:
        self._speaking = spoken
        if not self.questions:
            self.problems.add(spoken.line, _NO_QUESTION)
        elif self.questions[-1].aloud:
            self.problems.add(spoken.line, "This question has an '> Aloud:' line already. Keep one.")
        else:
            self.questions[-1].aloud = spoken
