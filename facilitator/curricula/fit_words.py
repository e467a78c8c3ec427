"""What fitting did to a plan, in sentences for the facilitator. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from facilitator.curricula.breaks import BREAK_MINUTES, UNBROKEN, breaks_in
from facilitator.curricula.model import Exercise, Kind, Plan, Segment

_TIMES = re.compile(r"\b[0-9]{1,3} ?min(?:utes?|s)?\b")


def named(plan: Plan, segment: Segment) -> str:
    """What to call a segment in a sentence: its kind, and its title where the plan has several of that kind."""
    kind = segment.kind.value.capitalize()
    alone = sum(one.kind is segment.kind for one in plan.segments) == 1
    return kind if alone else f"{kind} “{segment.title}”"


def changes(plan: Plan, made: Plan, sources: Sequence[int | None]) -> Iterator[str]:
    for place, (segment, source) in enumerate(zip(made.segments, sources, strict=True)):
        if source is None:
            before = f" after {named(plan, made.segments[place - 1])}" if place else ""
            yield f"A break of {segment.minutes} min{before}"
        elif plan.segments[source].minutes != segment.minutes:
            yield f"{named(plan, segment)} {plan.segments[source].minutes} → {segment.minutes} min"
    for place, segment in enumerate(plan.segments):
        if place not in sources:
            yield f"{named(plan, segment)} of {segment.minutes} min left out"


def warnings(plan: Plan, made: Plan, sources: Sequence[int | None], length: int) -> Iterator[str]:
    for segment, source in zip(made.segments, sources, strict=True):
        if source is None or segment.minutes == plan.segments[source].minutes:
            continue
        if times := _TIMES.findall(segment.body):
            was = plan.segments[source].minutes
            yield f"The screen of {named(plan, segment)} says {_listed(times)}: these times were written for {was} min."
        yield from _over_time(named(plan, segment), segment)
    missing = breaks_in(length) - sum(segment.kind is Kind.BREAK for segment in made.segments)
    if missing > 0:
        yield f"There is no place for a break of {BREAK_MINUTES} min. Take one where it is quiet."
    stretch: list[Segment] = []
    for segment in (*made.segments, Segment("", Kind.BREAK, 0)):
        if segment.kind is not Kind.BREAK:
            stretch.append(segment)
            continue
        if (minutes := sum(one.minutes for one in stretch)) > UNBROKEN:
            longest = max(stretch, key=lambda one: one.minutes)
            yield f"{minutes} min go by without a break, most of them in {named(plan, longest)}."
        stretch = []


def _over_time(name: str, segment: Segment) -> Iterator[str]:
    """What to do about exercises whose own times no longer fit into their segment."""
    has = segment.minutes * 60
    too_long = [exercise for exercise in segment.exercises if exercise.total_s > has]
    for exercise in too_long:
        takes = "take" if exercise.part.value.endswith("s") else "takes"
        of = f"{_minutes_of(exercise.total_s)} of {segment.minutes} min"
        yield f"The {exercise.part} {takes} {of}: {_less(exercise, has)}."
    together = sum(exercise.total_s for exercise in segment.exercises)
    if not too_long and together > has:
        of = f"{_minutes_of(together)} of {segment.minutes} min"
        yield f"What people do in {name} takes {of}: leave one out, or shorten it."


def _less(exercise: Exercise, has: int) -> str:
    """How an exercise comes into ``has`` seconds, in words."""
    steps = exercise.steps
    fewer = -(-(exercise.total_s - has) // exercise.each_s)
    if steps == 1 or fewer >= steps:
        return f"stop after {has // 60}" if steps == 1 else "make each shorter"
    count = ("", "one", "two", "three")[fewer] if fewer < 4 else str(fewer)
    what = "round" if exercise.rounds > 1 else "step"
    return f"{count} {what}{'s' if fewer > 1 else ''} fewer"


def _minutes_of(seconds: int) -> str:
    return f"{seconds / 60:.1f}".removesuffix(".0")


def _listed(times: Sequence[str]) -> str:
    return times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}"
