"""A question to the room: ``Ask (scale 0-10, none to a lot, sensitive): Text``, with its options on the lines below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from facilitator.curricula.model import Prompt, PromptKind, Scale
from facilitator.curricula.problems import Problems, short
from facilitator.curricula.text import Line, plain

LONGEST_QUESTION = 200
LONGEST_LINE = 500
LONGEST_OPTION = 80
LONGEST_END = 40
FEWEST_OPTIONS, MOST_OPTIONS = 2, 8
LOWEST_TOP, HIGHEST_TOP = 4, 10
SENSITIVE = "sensitive"
# Nearer than other words at the end of a scale. A misspelt 'sensitive' would lower the number of answers it takes.
_NEAR = 0.75

_QUESTION = re.compile(r"ask *\((?P<how>[^()]*)\) *:(?P<text>.*)", re.IGNORECASE)
# Meant as a question: 'Ask (' and 'Ask:', also in bold; and whatever says scale or choose after another form of it.
_ATTEMPT = re.compile(
    r"\**ask\** *[(:]|(?:[-+*]+ *|[0-9]{1,2}[.)] *)?ask\**[ (\[:]+(?:scale|choose)\b", re.IGNORECASE
)
_SCALE = re.compile(r"scale +([0-9]{1,3}) *(?:-|\u2013|\u2014|to) *([0-9]{1,3})")
_UP_TO = re.compile(r"choose up to ([0-9]{1,3})")
_WRITTEN = ("a few words", "few words", "word", "words", "text")

_EXAMPLES = (
    "This is not a question I know. Write it like 'Ask (scale 0-10, none to a lot): Text' "
    "or 'Ask (choose one): Text' or 'Ask (choose up to 3): Text' or 'Ask (a few words): Text'."
)
_SCALE_SIZES = "A scale has whole numbers, from 0 or 1 up to at most 10, with at least 5 points, like 0-10 or 1-5."
_ENDS = "Say what both ends of the scale mean, with 'to' between, like 'scale 0-10, none to a lot'."
_COUNT = (
    f"A question to choose from has {FEWEST_OPTIONS} to {MOST_OPTIONS} options. "
    "Write each right under the question, on a line of its own that starts with a dash and a space."
)


def is_question(line: Line) -> bool:
    """Whether a line is meant as a question."""
    return _ATTEMPT.match(line.text.strip()) is not None


def wants_options(line: Line) -> bool:
    """Whether the question on ``line`` is one with options on the lines below."""
    return "choose" in line.text[:LONGEST_LINE].partition(")")[0].casefold()


def read_question(line: Line, options: Sequence[Line], prompt_id: str, problems: Problems) -> Prompt | None:
    """The prompt on ``line`` with the options below it, or None. Whatever is not understood is noted."""
    if len(line.text) > LONGEST_LINE:
        problems.add(line.number, f"This question is too long. Keep its words to {LONGEST_QUESTION} characters.")
        return None
    match = _QUESTION.fullmatch(plain(line.text))
    if not match:
        problems.add(line.number, _EXAMPLES)
        return None
    return _Reader(line.number, prompt_id, options, problems).prompt(match["how"], match["text"].strip())


@dataclass
class _Reader:
    line: int
    prompt_id: str
    options: Sequence[Line]
    problems: Problems

    def prompt(self, how: str, text: str) -> Prompt | None:
        if not text:
            self.problems.add(self.line, "This question has no words after the colon.")
        if len(text) > LONGEST_QUESTION:
            self.problems.add(
                self.line, f"This question is too long for a phone. Keep it to {LONGEST_QUESTION} characters."
            )
        first, *rest = (" ".join(part.split()) for part in how.split(","))
        others = [part for part in rest if part.casefold() != SENSITIVE]
        if others and get_close_matches(others[-1].casefold(), [SENSITIVE], cutoff=_NEAR):
            self.problems.add(self.line, f"{short(others[-1])} is not understood here. Did you mean '{SENSITIVE}'?")
            return None
        prompt = self.answered(first, others, Prompt(self.prompt_id, text, PromptKind.SCALE))
        return prompt and replace(prompt, sensitive=len(others) < len(rest))

    def answered(self, first: str, others: Sequence[str], prompt: Prompt) -> Prompt | None:
        way = first.casefold()
        if match := _SCALE.fullmatch(way):
            return self.scale(int(match[1]), int(match[2]), ", ".join(others), prompt)
        if (way.startswith("choose") or way in _WRITTEN) and others:
            sentence = f"{short(', '.join(others))} is not understood here. Only 'sensitive' may follow the comma."
            self.problems.add(self.line, sentence)
        if way == "choose one":
            return replace(prompt, kind=PromptKind.CHOICE, options=self.choices())
        if match := _UP_TO.fullmatch(way):
            return self.several(int(match[1]), prompt)
        if way in _WRITTEN:
            self.without_options("A question for a few words")
            return replace(prompt, kind=PromptKind.WORDS)
        self.problems.add(self.line, _SCALE_SIZES if "scale" in way else _EXAMPLES)
        return None

    def without_options(self, question: str) -> None:
        if self.options:
            self.problems.add(self.options[0].number, f"{question} has no options. Put an empty line above this list.")

    def scale(self, low: int, high: int, ends: str, prompt: Prompt) -> Prompt | None:
        self.without_options("A scale")
        if low not in (0, 1) or not LOWEST_TOP <= high <= HIGHEST_TOP or high - low < LOWEST_TOP:
            self.problems.add(self.line, _SCALE_SIZES)
        words = [plain(end) for end in re.split(r" to ", ends, flags=re.IGNORECASE)]
        if len(words) != 2 or not all(words):
            more = " Use 'to' only once." if len(words) > 2 else ""
            self.problems.add(self.line, _ENDS + more)
            return None
        if max(map(len, words)) > LONGEST_END:
            self.problems.add(self.line, f"Keep the words at each end of the scale to {LONGEST_END} characters.")
        return replace(prompt, scale=Scale(low, high, words[0], words[1]))

    def several(self, most: int, prompt: Prompt) -> Prompt:
        options = self.choices()
        if most < 2:
            self.problems.add(self.line, "For one answer write 'choose one'.")
        elif options and most > len(options):
            self.problems.add(self.line, f"There are only {len(options)} options, so nobody can choose {most}.")
        return replace(prompt, kind=PromptKind.CHOICES, options=options, most=most)

    def choices(self) -> tuple[str, ...]:
        if not FEWEST_OPTIONS <= len(self.options) <= MOST_OPTIONS:
            self.problems.add(self.line, _COUNT)
        seen: dict[str, str] = {}
        for line in self.options:
            option = plain(line.text.strip()[1:])
            if not option:
                self.problems.add(line.number, "This option has no words.")
            elif len(option) > LONGEST_OPTION:
                self.problems.add(line.number, f"This option is too long. Keep it to {LONGEST_OPTION} characters.")
            elif option.casefold() in seen:
                self.problems.add(line.number, f"The option {short(option)} is there twice.")
            seen[option.casefold()] = option
        return tuple(seen.values())
