"""A session plan as data: what one sitting is made of.

Pure: nothing here reads a file, renders text or knows the web. ``parse.py`` makes these from Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard


class Kind(StrEnum):
    """The ten kinds of segment."""

    OPENING = "opening"
    CHECK_IN = "check-in"
    REVIEW = "review"
    TEACHING = "teaching"
    EXERCISE = "exercise"
    DISCUSSION = "discussion"
    PROCESS = "process"
    HOME_PRACTICE = "home practice"
    BREAK = "break"
    CLOSING = "closing"


class PromptKind(StrEnum):
    """How a prompt is answered: one number, one option, several options, or a few words on a card."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"


LONGEST_CARD = 120


class CueKind(StrEnum):
    """What a private line is for. Handouts are for print only."""

    SAY = "say"
    CUE = "cue"
    SAFETY = "safety"
    OPT_OUT = "opt out"
    REMOTE = "remote"
    HANDOUT = "handout"


@dataclass(frozen=True)
class Cue:
    """One line that only the facilitator sees (a handout line only prints). ``text`` may have **bold** words.

    ``html`` is the same, rendered and cleaned; "" in sessions from before it was kept.
    """

    kind: CueKind
    text: str
    html: str = ""


@dataclass(frozen=True)
class Scale:
    """Whole numbers from ``low`` to ``high``, with words at both ends."""

    low: int
    high: int
    low_words: str
    high_words: str


@dataclass(frozen=True)
class Prompt:
    """A question of the plan. ``id`` is unique within the plan: q1, q2, … in reading order.

    ``most`` is how many options may be picked (several choices only). ``aloud`` is the form to ask without phones.
    """

    id: str
    text: str
    kind: PromptKind
    scale: Scale | None = None
    options: tuple[str, ...] = ()
    most: int = 1
    sensitive: bool = False
    aloud: str = ""

    def accepts(self, value: object) -> bool:
        """Whether ``value`` is an answer: a number, an option's index, a list of indices, or words on one line."""
        match self.kind:
            case PromptKind.SCALE:
                return self.scale is not None and _is_whole(value) and self.scale.low <= value <= self.scale.high
            case PromptKind.CHOICE:
                return self._is_option(value)
            case PromptKind.CHOICES:
                return (
                    isinstance(value, list)
                    and 1 <= len(value) <= self.most
                    and all(self._is_option(index) for index in value)
                    and len(set(value)) == len(value)
                )
            case PromptKind.WORDS:
                return isinstance(value, str) and 0 < len(value) <= LONGEST_CARD and "\n" not in value

    def _is_option(self, value: object) -> bool:
        return _is_whole(value) and 0 <= value < len(self.options)


class Part(StrEnum):
    """The kinds of exercise that a plan can call by a sentence."""

    GO_ROUND = "go-round"
    PAIRS = "pairs"
    BREATHING_PACER = "breathing pacer"
    GROUNDING_STEPS = "grounding steps"
    BODY_SCAN = "body scan"
    URGE_WAVE = "urge wave"
    SORT_CARDS = "sort cards"
    SCENARIO_CARDS = "scenario cards"
    RANK = "rank"
    LADDER = "ladder"
    DECISION_GRID = "decision grid"
    WEEK_GRID = "week grid"
    VALUES_CARDS = "values cards"
    QUIZ = "quiz"
    ROLE_PLAY = "role-play"
    SILENT_WRITING = "silent writing"
    THOUGHT_RECORD = "thought record"
    PLAN_BUILDER = "plan builder"

    @property
    def private(self) -> bool:
        """Whether what somebody makes of it stays on their phone, always: nothing of it is ever sent."""
        return self in _PRIVATE


_PRIVATE = frozenset(
    {
        Part.LADDER,
        Part.DECISION_GRID,
        Part.WEEK_GRID,
        Part.SILENT_WRITING,
        Part.THOUGHT_RECORD,
        Part.PLAN_BUILDER,
    }
)


@dataclass(frozen=True)
class Breath:
    """One breath of the pacer, in whole seconds; ``hold`` 0 goes from in to out at once."""

    into: int
    hold: int
    out: int


@dataclass(frozen=True)
class Exercise:
    """Something that people do. ``id`` is unique within the plan: x1, x2, … in reading order.

    ``items`` are its steps, cards or boxes. ``truths`` and ``reasons`` belong to a quiz, one to an item. ``labels`` are
    piles, choices, roles or rows, or what the lowest and the highest rung are called; ``columns`` are a decision
    grid's. ``most`` is how many are kept, ranked or climbed (0: no matter). ``each_s`` is how long a step, a turn, a
    round or the whole takes in seconds (0: as long as it takes).
    ``prompt`` is the id of the question that it leads to (an urge wave's).
    """

    id: str
    part: Part
    text: str
    items: tuple[str, ...] = ()
    truths: tuple[bool, ...] = ()
    reasons: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    most: int = 0
    rounds: int = 1
    each_s: int = 0
    breath: Breath | None = None
    prompt: str | None = None

    @property
    def steps(self) -> int:
        """How many steps it is led through; a quiz: each statement, then its answer. 0: as many as there are people."""
        match self.part:
            case Part.GO_ROUND:
                return 0
            case Part.GROUNDING_STEPS | Part.BODY_SCAN | Part.SCENARIO_CARDS:
                return len(self.items)
            case Part.QUIZ:
                return 2 * len(self.items)
            case _:
                return self.rounds

    @property
    def most_steps(self) -> int:
        """As ``steps``; where three have each role once, one round more, so that in a group of four everybody does."""
        once_around = self.part is Part.ROLE_PLAY and self.rounds == len(self.labels)
        return self.steps + once_around

    @property
    def total_s(self) -> int:
        """How long all of it takes in seconds, as far as its sentence says; a go-round depends on the room (0)."""
        return self.steps * self.each_s


@dataclass(frozen=True)
class Segment:
    """A timed piece of the plan. ``body`` is the projector's Markdown, ``html`` the same, rendered and cleaned."""

    title: str
    kind: Kind
    minutes: int
    body: str = ""
    html: str = ""
    prompts: tuple[Prompt, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    cues: tuple[Cue, ...] = ()
    silent: bool = False
    chime: bool = False
    no_timer: bool = False
    overtime_ok: bool = False


@dataclass(frozen=True)
class Plan:
    """One sitting, from the first word on the screen to the last. ``minutes`` is its length with breaks."""

    id: str
    title: str
    track: str
    version: str
    minutes: int
    segments: tuple[Segment, ...]
    language: str = "en"
    objectives: tuple[str, ...] = ()
    sources: str = ""
    licence: str = ""
    welcome: str = ""
    welcome_html: str = ""

    def prompts(self) -> Iterator[tuple[int, Prompt]]:
        """Every prompt with the index of its segment, in reading order."""
        for index, segment in enumerate(self.segments):
            for prompt in segment.prompts:
                yield index, prompt

    def prompt(self, prompt_id: str) -> Prompt | None:
        """The prompt of this id, or None."""
        return next((prompt for _, prompt in self.prompts() if prompt.id == prompt_id), None)

    def exercises(self) -> Iterator[tuple[int, Exercise]]:
        """Every exercise with the index of its segment, in reading order."""
        for index, segment in enumerate(self.segments):
            for exercise in segment.exercises:
                yield index, exercise

    def exercise(self, exercise_id: str) -> Exercise | None:
        """The exercise of this id, or None."""
        return next((exercise for _, exercise in self.exercises() if exercise.id == exercise_id), None)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
