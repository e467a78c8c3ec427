"""How far an open check-in is, in one of four words and never in a number. Pure."""

from __future__ import annotations

from dataclasses import dataclass

WAITING_BELOW = 3
HOLD_MS = 3_000


def word_for(answers: int, phones: int) -> str:
    """``waiting`` below 3 answers; ``most`` above two thirds of the connected phones; ``everyone``; else ``some``."""
    if answers < WAITING_BELOW:
        return "waiting"
    if answers >= phones:
        return "everyone"
    return "most" if 3 * answers > 2 * phones else "some"


@dataclass
class Progress:
    """The word that the screens show. It changes at most once in three seconds, so that no single answer moves it."""

    shown: str = "waiting"
    changed_at: int | None = None

    def is_behind(self, answers: int, phones: int) -> bool:
        """Whether another word is true by now."""
        return word_for(answers, phones) != self.shown

    def word(self, answers: int, phones: int, now: int) -> str:
        """The word to show now."""
        held = self.changed_at is not None and now - self.changed_at < HOLD_MS
        if not held and self.is_behind(answers, phones):
            self.shown = word_for(answers, phones)
            self.changed_at = now
        return self.shown
