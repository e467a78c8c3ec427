"""The display rule attacked by counting: every outcome of a check-in, and what somebody can work out from its tally.

The words are read off ``tally.count`` itself. All bands follow one rule, so outcomes are listed without their order and
counted with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from math import factorial, prod

from facilitator.curricula.model import Prompt, PromptKind, Scale
from facilitator.realtime.tally import Reader, count, read

Outcome = tuple[int, ...]
"""How many answers fell on each band."""
Reading = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A kind of prompt: into how many bands an answer falls, and how many of them one answer may pick."""

    name: str
    bands: int
    most: int = 1

    def prompt(self, *, sensitive: bool = False) -> Prompt:
        """A prompt of this kind."""
        if self.name == "scale":
            return Prompt("q", "?", PromptKind.SCALE, scale=Scale(0, 2, "no", "yes"), sensitive=sensitive)
        kind = PromptKind.CHOICE if self.most == 1 else PromptKind.CHOICES
        options = tuple(f"option {index}" for index in range(self.bands))
        return Prompt("q", "?", kind, options=options, most=self.most, sensitive=sensitive)

    def outcomes(self, answers: int) -> Iterator[Outcome]:
        """Every way in which so many answers can fall, the largest band first; nobody skips."""
        if self.most == 1:
            return _parts(answers, self.bands, answers)
        ways = combinations_with_replacement(range(answers, -1, -1), self.bands)
        return (one for one in ways if answers <= sum(one) <= self.most * answers)

    def answers(self, outcome: Outcome, answers: int) -> list[object]:
        """Answers that make this outcome."""
        picks = [band for band, number in enumerate(outcome) for _ in range(number)]
        # Dealt round like cards, nobody gets one twice.
        hands = [sorted(picks[one::answers]) for one in range(answers)]
        return list(hands) if self.most > 1 else [hand[0] for hand in hands]

    def read(self, outcome: Outcome, answers: int, key: str, *, sensitive: bool = False) -> Reading:
        """What is read of this outcome: the state, and the word of every band."""
        tally = count(self.prompt(sensitive=sensitive), self.answers(outcome, answers), floor=4)
        return (tally["state"], *(band[key] for band in tally["bands"]))


    def on_file(self, outcome: Outcome, answers: int) -> Reading:
        """What a file says of this outcome."""
        prompt = self.prompt()
        said = read(prompt, count(prompt, self.answers(outcome, answers), floor=4), Reader.FILE)
        return (said.state, *sorted(band.word for band in said.bands))


SCALE = Question("scale", 3)


def one_of(options: int) -> Question:
    """A single choice."""
    return Question(f"one of {options}", options)


def up_to(most: int, options: int) -> Question:
    """Several choices."""
    return Question(f"up to {most} of {options}", options, most)


@cache
def words(question: Question, answers: int, key: str) -> tuple[str, ...]:
    """The word for each number of answers in one band."""
    return tuple(_word(question, number, answers, key) for number in range(answers + 1))


def _word(question: Question, number: int, answers: int, key: str) -> str:
    rest = (answers,) if question.most > 1 else (answers - number,)
    outcome = (number, *rest, *(0,) * (question.bands - 2))
    return question.read(outcome, answers, key)[1]


def somebody_is_alone(outcome: Outcome, answers: int) -> bool:
    """Whether one person is the only one in a band, or the only one who did not pick it."""
    return 1 in outcome or answers - 1 in outcome


@dataclass
class Remains:
    """Of ``all`` outcomes, how many prove somebody alone, and how many are recovered exactly."""

    all: int = 0
    alone: int = 0
    exact: int = 0

    def __str__(self) -> str:
        return f"{self.alone}, {self.exact} of {self.all}"


def remains(question: Question, answers: int, key: str) -> Remains:
    """What somebody can work out who reads ``key`` of each band and knows how many answered."""
    return _work_out(question, answers, [answers], [key])


def remains_unknown(question: Question, answers: int, keys: Sequence[str]) -> Remains:
    """The same for somebody who reads all ``keys`` of each band and does not know how many answered."""
    # A tally of more answers never looks the same: each band hides one at most.
    return _work_out(question, answers, range(4, answers + question.bands + 1), keys)


def _work_out(question: Question, answers: int, numbers: Iterable[int], keys: Sequence[str]) -> Remains:
    told_apart: dict[Reading, list[tuple[int, Outcome]]] = defaultdict(list)
    for of in numbers:
        by_number = list(zip(*(words(question, of, key) for key in keys), strict=True))
        for outcome in question.outcomes(of):
            told_apart[tuple(sorted(" ".join(by_number[number]) for number in outcome))].append((of, outcome))
    found = Remains()
    for reading, possible in told_apart.items():
        ways = sum(orders(outcome) for of, outcome in possible if of == answers)
        found.all += ways
        if all(somebody_is_alone(outcome, of) for of, outcome in possible):
            found.alone += ways
        if sum(orders(outcome) for _, outcome in possible) == orders(reading):
            found.exact += ways
    return found


def orders(one: Sequence[object]) -> int:
    """In how many orders these can stand."""
    return factorial(len(one)) // prod(factorial(number) for number in Counter(one).values())


def _parts(total: int, bands: int, largest: int) -> Iterator[Outcome]:
    if bands == 1:
        if total <= largest:
            yield (total,)
        return
    for first in range(min(total, largest), -(-total // bands) - 1, -1):
        for rest in _parts(total - first, bands - 1, first):
            yield (first, *rest)
