"""What fitting did to a plan, in sentences for the facilitator. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from facilitator.curricula.breaks import BREAK_MINUTES, UNBROKEN, breaks_in
from facilitator.curricula.exercise_times import held_back, total
from facilitator.curricula.model import Exercise, Kind, Plan, Segment
from facilitator.curricula.screen_times import Screen, Step
from facilitator.curricula.steps import timed_words
from facilitator.curricula.times import both_words, time_words


def named(plan: Plan, segment: Segment) -> str:
    """What to call a segment in a sentence: its kind, and its title where the plan has several of that kind."""
    kind = segment.kind.value.capitalize()
    alone = sum(one.kind is segment.kind for one in plan.segments) == 1
    return kind if alone else f"{kind} “{segment.title}”"


def changes(plan: Plan, made: Plan, sources: Sequence[int | None], screens: Mapping[int, Screen]) -> Iterator[str]:
    """What is otherwise in ``made``. ``sources`` is for each of its segments its place in ``plan``, ``screens`` what
    became of the screen at that place."""
    for place, (segment, source) in enumerate(zip(made.segments, sources, strict=True)):
        if source is None:
            before = f" after {named(plan, made.segments[place - 1])}" if place else ""
            yield f"A break of {segment.minutes} min{before}"
        elif plan.segments[source].minutes != segment.minutes:
            yield f"{named(plan, segment)} {plan.segments[source].minutes} → {segment.minutes} min"
    for segment, source in zip(made.segments, sources, strict=True):
        if source is not None:
            yield from _its_times(named(plan, segment), plan.segments[source], segment, screens[source].steps)
    for place, segment in enumerate(plan.segments):
        if place not in sources:
            yield f"{named(plan, segment)} of {segment.minutes} min left out"


def warnings(
    plan: Plan, made: Plan, sources: Sequence[int | None], screens: Mapping[int, Screen], length: int
) -> Iterator[str]:
    """What the facilitator has to see to in ``made``; the rest as for ``changes``."""
    for segment, source in zip(made.segments, sources, strict=True):
        if source is None or segment.minutes == plan.segments[source].minutes:
            continue
        was, name = plan.segments[source], named(plan, segment)
        if times := screens[source].left:
            yield f"The screen of {name} says {_listed(times)}: written for {was.minutes} min, and left so."
        yield from _over_time(name, segment)
        if held := {f"the {each.part}": each for each in held_back(was, segment)}:
            ends = "ends" if len(held) == 1 and not _are_many(next(iter(held.values()))) else "end"
            yield f"In {name}, {_listed(list(held))} {ends} at twice what was written. Repeat, or talk longer."
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


def _its_times(name: str, before: Segment, after: Segment, steps: Sequence[Step]) -> Iterator[str]:
    """What became of the times on a segment's screen and in its exercises, in one sentence."""
    told = [_steps_words(steps)] if any(step.was != step.now for step in steps) else []
    exercises: dict[str, list[str]] = {}
    for was, now in zip(before.exercises, after.exercises, strict=True):
        if was.each_s != now.each_s:
            exercises.setdefault(was.part.value, []).append(_exercise_words(was, now))
    told += [f"{part} {_listed(list(dict.fromkeys(times)))}" for part, times in exercises.items()]
    if told:
        yield f"In {name}: {'; '.join(told)}"


def _steps_words(steps: Sequence[Step]) -> str:
    """ "steps 3, 4, 7 → 2, 3, 5 min"; with their units where some are not in whole minutes."""
    name = "steps" if len(steps) > 1 else "step"
    was, now = [step.was for step in steps], [step.now for step in steps]
    if any(seconds % 60 for seconds in (*was, *now)):
        return f"{name} {', '.join(map(time_words, was))} → {', '.join(map(time_words, now))}"
    return f"{name} {_minutes_in_a_row(was)} → {_minutes_in_a_row(now)} min"


def _minutes_in_a_row(seconds: Iterable[int]) -> str:
    return ", ".join(str(each // 60) for each in seconds)


def _exercise_words(before: Exercise, after: Exercise) -> str:
    """ "7 → 5 min", "2 rounds of 2 min → 90 s", "40 → 30 s each"."""
    return timed_words(before, both_words(before.each_s, after.each_s))


def _are_many(exercise: Exercise) -> bool:
    return exercise.part.value.endswith("s")


def _over_time(name: str, segment: Segment) -> Iterator[str]:
    """What to do about exercises that are too long together, even at the least that each can take."""
    together = total(segment.exercises)
    if together > segment.minutes * 60:
        of = f"{_minutes_of(together)} of {segment.minutes} min"
        yield f"What people do in {name} takes {of}, and cannot be made shorter: leave one out."


def _minutes_of(seconds: int) -> str:
    return f"{seconds / 60:.1f}".removesuffix(".0")


def _listed(times: Sequence[str]) -> str:
    return times[0] if len(times) == 1 else f"{', '.join(times[:-1])} and {times[-1]}"
