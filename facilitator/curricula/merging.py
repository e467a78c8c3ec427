"""Two texts that were made from one, put together where nobody touched the same lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class _Change(NamedTuple):
    """Lines ``start`` up to ``end`` of what both began with, and what stands there instead."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of ``base`` in one text; None when they touch the same lines, or lines right beside each other.

    The very same change on both sides is one.
    """
    lines = base.split("\n")
    changes = sorted({*_changes(lines, mine.split("\n")), *_changes(lines, theirs.split("\n"))})
    made: list[str] = []
    done = -1
    for change in changes:
        if change.start <= done:
            return None
        made += [*lines[max(done, 0) : change.start], *change.lines]
        done = change.end
    return "\n".join([*made, *lines[max(done, 0) :]])


def _changes(before: Sequence[str], after: Sequence[str]) -> list[_Change]:
    """What was changed. What is alike at both ends is not compared: that would take long for nothing."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        _Change(head + from_old, head + to_old, tuple(new[from_new:to_new]))
        for what, from_old, to_old, from_new, to_new in codes
        if what != "equal"
    ]
