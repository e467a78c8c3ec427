"""What is wrong with a plan, said so that its author can mend it: the line, and a sentence in their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

# Nobody mends more than this at one sitting, and it bounds the work that a hostile file can ask for.
MOST = 50


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: its line, counted from 1, and a sentence that says what is wrong and how to write it."""

    line: int
    message: str


class PlanError(Exception):
    """A plan (or a list of plans) that cannot be used. ``problems`` holds every mistake found, by line."""

    def __init__(self, problems: Iterable[Problem], name: str = "plan") -> None:
        self.problems = tuple(sorted(problems))
        self.name = name
        super().__init__("\n".join(f"{name}:{problem.line}: {problem.message}" for problem in self.problems))


@dataclass
class Problems:
    """The mistakes of one text, gathered while it is read. ``name`` is what messages call the text."""

    name: str = "plan"
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Note a mistake and go on, up to fifty of them. Raises PlanError at the fiftieth."""
        self.found.append(Problem(line, message))
        if len(self.found) == MOST:
            self.found.append(Problem(line, "There may be more mistakes below. Mend these first."))
            self.raise_if_any()

    def stop(self, line: int, message: str) -> NoReturn:
        """Note a mistake after which reading on makes no sense. Raises PlanError."""
        self.found.append(Problem(line, message))
        raise PlanError(self.found, self.name)

    def raise_if_any(self) -> None:
        """Raise PlanError if anything was noted."""
        if self.found:
            raise PlanError(self.found, self.name)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean 'title'?`` with its leading space, or nothing when no known word is near."""
    by_folded = {each.casefold(): each for each in known}
    near = get_close_matches(word[:40].casefold(), by_folded, n=1)
    return f" Did you mean '{by_folded[near[0]]}'?" if near else ""


def short(words: str, longest: int = 40) -> str:
    """The author's own words in quotation marks, cut so that a message stays one line."""
    words = words.strip()
    return f"'{words}'" if len(words) <= longest else f"'{words[:longest].rstrip()}…'"
