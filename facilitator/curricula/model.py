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


@dataclass(frozen=True)
class Segment:
    """A timed piece of the plan. ``body`` is the projector's Markdown, ``html`` the same, rendered and cleaned."""

    title: str
    kind: Kind
    minutes: int
    body: str = ""
    html: str = ""
    prompts: tuple[Prompt, ...] = ()
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


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
