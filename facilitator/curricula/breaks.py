"""Where the breaks of a fitted plan stand. Pure.

A session of more than 90 minutes on the clock has a break of ten for every 90 begun beyond the first, and breaks are
not counted. Those that the plan has stay where they are, as many as fit. New ones come between two segments, so that
the stretches between them are even: not before a check-in is talked about, not between an exercise and its discussion,
not right before the closing, unless there is no other place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, combinations, pairwise

from facilitator.curricula.model import Kind, Plan, Segment

BREAK_MINUTES = 10
UNBROKEN = 90


def breaks_in(length: int) -> int:
    """How many breaks a session of ``length`` minutes on the clock has."""
    return 0 if length <= UNBROKEN else 1 + (length - UNBROKEN) // UNBROKEN


def net(length: int) -> int:
    """The minutes of a session of ``length`` that count: those without its breaks."""
    return length - BREAK_MINUTES * breaks_in(length)


def place_breaks(
    plan: Plan, working: Sequence[int], fitted: Sequence[Segment], wanted: int
) -> dict[int, list[int | None]]:
    """Where breaks stand: before which of the ``fitted`` segments, and which of the plan's own each is."""
    own = [
        (sum(index < place for index in working), place)
        for place, segment in enumerate(plan.segments)
        if segment.kind is Kind.BREAK
    ]
    kept = own if len(own) <= wanted else min(combinations(own, wanted), key=lambda some: _cost(fitted, some))
    taken = {gap for gap, _ in kept}
    free = [gap for gap in range(1, len(fitted)) if gap not in taken]
    more = min(wanted - len(kept), len(free))
    new = min(
        combinations([(gap, None) for gap in free], more),
        key=lambda some: _cost(fitted, [*kept, *some]),
    )
    breaks: dict[int, list[int | None]] = {}
    for gap, source in sorted([*kept, *new], key=lambda one: one[0]):
        breaks.setdefault(gap, []).append(source)
    return breaks


def _cost(segments: Sequence[Segment], breaks: Iterable[tuple[int, int | None]]) -> tuple[int, int, int]:
    """How ill these breaks stand: where none should, then the longest stretch between them, then how uneven all are."""
    gaps = sorted({gap for gap, _ in breaks})
    poor = sum(0 < gap < len(segments) and _is_poor(segments[gap - 1].kind, segments[gap].kind) for gap in gaps)
    stretches = _stretches(segments, gaps)
    return poor, max(stretches), sum(stretch**2 for stretch in stretches)


def _is_poor(before: Kind, after: Kind) -> bool:
    if after is Kind.PROCESS:
        return before is Kind.OPENING
    return (
        before in (Kind.OPENING, Kind.CHECK_IN)
        or after is Kind.CLOSING
        or (before is Kind.EXERCISE and after in (Kind.EXERCISE, Kind.DISCUSSION))
    )


def _stretches(segments: Sequence[Segment], gaps: Sequence[int]) -> list[int]:
    """The minutes from break to break."""
    clock = [0, *accumulate(segment.minutes for segment in segments)]
    bounds = [0, *(clock[gap] for gap in gaps), clock[-1]]
    return [end - start for start, end in pairwise(bounds)]
