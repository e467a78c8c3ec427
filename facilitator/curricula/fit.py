"""One plan, fitted to another length: each segment keeps its share of the time, but none falls under its minimum.

A kind of segment gets ``max(minimum, its share of the net minutes, rounded)``. What the rounding leaves over goes to
the exercise, or where there is none to the discussion, the process, the teaching; what the minimums take too much is
given back by the same kinds in the same order, and then by whichever has most to give. Several segments of one kind
share what their kind gets, and none is shorter than one minute. A length is what the clock says; the net minutes are
those without breaks (``breaks``). The times that a plan gives to the steps on its screens (``screen_times``) and to its
exercises (``exercise_times``) go with their segment. At its own length a plan stays exactly as it was written. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from facilitator.curricula.breaks import BREAK_MINUTES, breaks_in, net, place_breaks
from facilitator.curricula.exercise_times import exercises_in
from facilitator.curricula.fit_words import changes, warnings
from facilitator.curricula.model import Cue, CueKind, Kind, Plan, Segment
from facilitator.curricula.screen_times import Screen, screen_in
from facilitator.curricula.times import rounded

LENGTHS = (50, 60, 90, 120, 180, 200)
"""The lengths that are offered, in minutes on the clock."""

MINIMUMS: Mapping[Kind, int] = {
    Kind.OPENING: 2,
    Kind.CHECK_IN: 5,
    Kind.REVIEW: 3,
    Kind.TEACHING: 5,
    Kind.EXERCISE: 8,
    Kind.DISCUSSION: 5,
    # Ours, as the rule names none: an open floor of less than ten minutes opens what nobody has time to close.
    Kind.PROCESS: 10,
    Kind.HOME_PRACTICE: 2,
    Kind.CLOSING: 3,
}
# Who takes what is left over, and who gives first.
_BUFFERS = (Kind.EXERCISE, Kind.DISCUSSION, Kind.PROCESS, Kind.TEACHING)

_SAID = "Say when you go on, and stay where people can find you."
PAUSE = Segment("Break", Kind.BREAK, BREAK_MINUTES, cues=(Cue(CueKind.CUE, _SAID, f"<p>{_SAID}</p>"),))


class CannotFit(ValueError):
    """There are more segments than minutes. The message says so for the person who chose the length."""


@dataclass(frozen=True)
class Fitted:
    """``plan`` as it runs in ``length`` minutes on the clock. ``sources``: for each segment its index in the plan as
    written, None for a new break. ``changes`` and ``warnings`` are sentences for the facilitator."""

    plan: Plan
    length: int
    sources: tuple[int | None, ...]
    changes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def shape(self) -> list[tuple[Kind, int]]:
        """The kind and the minutes of each segment."""
        return [(segment.kind, segment.minutes) for segment in self.plan.segments]

    @property
    def is_as_written(self) -> bool:
        """Whether nothing had to be cut or stretched."""
        return not self.changes


def fit(plan: Plan, length: int) -> Fitted:
    """``plan`` in ``length`` minutes on the clock. Raises CannotFit."""
    if length == plan.minutes:
        return Fitted(plan, length, tuple(range(len(plan.segments))))
    working = [index for index, segment in enumerate(plan.segments) if segment.kind is not Kind.BREAK]
    if not working:
        raise CannotFit("This plan is one long break. It cannot be fitted.")
    minutes = _minutes([plan.segments[index] for index in working], net(length))
    screens = {index: screen_in(plan.segments[index], new) for index, new in zip(working, minutes, strict=True)}
    fitted = [
        _in_minutes(plan.segments[index], new, screens[index]) for index, new in zip(working, minutes, strict=True)
    ]
    breaks = place_breaks(plan, working, fitted, breaks_in(length))
    segments: list[Segment] = []
    sources: list[int | None] = []
    for place in range(len(fitted) + 1):
        for source in breaks.get(place, ()):
            sources.append(source)
            if source is None:
                segments.append(PAUSE)
                continue
            screens[source] = screen_in(plan.segments[source], BREAK_MINUTES)
            segments.append(_in_minutes(plan.segments[source], BREAK_MINUTES, screens[source]))
        if place < len(fitted):
            segments.append(fitted[place])
            sources.append(working[place])
    made = replace(plan, segments=_numbered(segments), minutes=sum(segment.minutes for segment in segments))
    return Fitted(
        made,
        length,
        tuple(sources),
        tuple(changes(plan, made, sources, screens)),
        tuple(warnings(plan, made, sources, screens, length)),
    )


def _in_minutes(segment: Segment, minutes: int, screen: Screen) -> Segment:
    """``segment`` in ``minutes``, with the times on its ``screen`` and in its exercises."""
    exercises = exercises_in(segment, minutes, screen.steps)
    return replace(segment, minutes=minutes, body=screen.body, html=screen.html, exercises=exercises)


def _numbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with their questions and exercises counted anew: a break that was left out may have held some."""
    prompts = {prompt.id for segment in segments for prompt in segment.prompts}
    numbers = {old: f"q{number}" for number, old in enumerate(sorted(prompts, key=_number), start=1)}
    exercises = sorted((each.id for segment in segments for each in segment.exercises), key=_number)
    places = {old: f"x{number}" for number, old in enumerate(exercises, start=1)}
    return tuple(
        replace(
            segment,
            prompts=tuple(replace(prompt, id=numbers[prompt.id]) for prompt in segment.prompts),
            exercises=tuple(
                replace(each, id=places[each.id], prompt=numbers[each.prompt] if each.prompt else None)
                for each in segment.exercises
            ),
        )
        for segment in segments
    )


def _number(identity: str) -> int:
    return int(identity[1:])


def _minutes(segments: Sequence[Segment], target: int) -> list[int]:
    """The minutes of each segment, ``target`` in all."""
    kinds: dict[Kind, list[int]] = {}
    for index, segment in enumerate(segments):
        kinds.setdefault(segment.kind, []).append(index)
    whole = sum(segment.minutes for segment in segments)
    least = {kind: max(MINIMUMS[kind], len(places)) for kind, places in kinds.items()}
    if sum(least.values()) > target:
        raise CannotFit(f"This plan has too many segments for {target} min.")
    shares = {
        kind: max(least[kind], rounded(sum(segments[place].minutes for place in places) * target, whole))
        for kind, places in kinds.items()
    }
    _balance(shares, least, target - sum(shares.values()))
    minutes = [0] * len(segments)
    for kind, places in kinds.items():
        parts = _split([segments[place].minutes for place in places], shares[kind])
        for place, part in zip(places, parts, strict=True):
            minutes[place] = part
    return minutes


def _balance(shares: dict[Kind, int], least: Mapping[Kind, int], over: int) -> None:
    """Hand out the minutes left ``over``; fewer than none are taken back, from nobody more than they can give."""
    ordered = [kind for kind in _BUFFERS if kind in shares]
    ordered += sorted((kind for kind in shares if kind not in ordered), key=lambda kind: least[kind] - shares[kind])
    if over > 0:
        shares[ordered[0]] += over
        return
    for kind in ordered:
        given = min(-over, shares[kind] - least[kind])
        shares[kind] -= given
        over += given


def _split(weights: Sequence[int], whole: int) -> list[int]:
    """``whole`` minutes in parts like ``weights``, none under one minute; the largest fractions are rounded up."""
    free, total = whole - len(weights), sum(weights)
    parts = [1 + weight * free // total for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda place: -(weights[place] * free % total))
    for place in by_fraction[: whole - sum(parts)]:
        parts[place] += 1
    return parts
