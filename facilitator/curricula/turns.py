"""Whose text is read next: one at a time, and nobody waits for all the texts of somebody else."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(eq=False)
class _Waiting:
    """Somebody's text, until it is its turn."""

    who: str
    called: threading.Event = field(default_factory=threading.Event)


class Turns:
    """A lock that goes to the one who had it longest ago; among those, to the one who came first.

    A plain lock may go to the same one again and again, and a pack holds hundreds of texts.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._last: dict[str, int] = {}
        self._given = 0
        self.taken = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def take(self, who: str, patience_s: float | None) -> bool:
        """Wait for a turn, at most so long; None: for ever. Whether it came."""
        with self._guard:
            if not self.taken:
                self._give(who)
                return True
            mine = _Waiting(who)
            self._waiting.append(mine)
        try:
            mine.called.wait(patience_s)
        except BaseException:
            # Cut off while waiting: the turn may have come in that very moment.
            if not self._leave(mine):
                self.give_back()
            raise
        return not self._leave(mine)

    def give_back(self) -> None:
        """Let the next one in."""
        with self._guard:
            if not self._waiting:
                self.taken = False
                return
            following = min(self._waiting, key=lambda each: self._last.get(each.who, 0))
            self._waiting.remove(following)
            self._give(following.who)
        following.called.set()

    def _give(self, who: str) -> None:
        self.taken = True
        self._given += 1
        self._last[who] = self._given

    def _leave(self, mine: _Waiting) -> bool:
        """Wait no longer. False when the turn has come already."""
        with self._guard:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True
