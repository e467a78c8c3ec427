"""What is different between two versions of a plan, in words for those who run it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TypeVar

from facilitator.curricula.model import Cue, CueKind, Exercise, Plan, Prompt, Segment

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
SWITCHES = {
    "silent": ("People are asked to be quiet", "People are no longer asked to be quiet"),
    "chime": ("A chime at the end", "No chime any more"),
    "no_timer": ("The room sees no clock", "The room sees the clock"),
    "overtime_ok": ("May run over", "May not run over any more"),
}
LABELS = {kind: f"{kind.value.capitalize()} line" for kind in CueKind}
_Pair = tuple[Segment | None, Segment | None]
_Thing = TypeVar("_Thing")


def differences(before: Plan, after: Plan) -> list[str]:
    """Everything that changed, a sentence each, in reading order; none for the same words but the version."""
    pairs = _paired(before.segments, after.segments)
    said = [*_about_settings(before, after), *_about_order(before.segments, after.segments)]
    for old, new in pairs:
        said += _about_segment(old, new)
    return said


def _about_settings(before: Plan, after: Plan) -> Iterator[str]:
    if before.title != after.title:
        yield f"The title is now '{after.title}'. It was '{before.title}'."
    if before.minutes != after.minutes:
        yield f"The whole session: {before.minutes} → {after.minutes} min."
    for name in ("track", "language"):
        if getattr(before, name) != getattr(after, name):
            yield f"The {name} is now {getattr(after, name)}. It was {getattr(before, name)}."
    for name in ("sources", "licence"):
        yield from _about_words(f"The {name}", getattr(before, name), getattr(after, name))
    if not _looks_alike(before.welcome, before.welcome_html, after.welcome, after.welcome_html):
        yield from _about_words("The words while people arrive", before.welcome, after.welcome)
    yield from _about_things("Objective", before.objectives, after.objectives, str)


def _about_words(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        is_are = "are" if what.endswith(("s", "arrive")) else "is"
        yield f"{what} {is_are} {'new' if not before else 'taken out' if not after else 'changed'}."


def _paired(before: Sequence[Segment], after: Sequence[Segment]) -> list[_Pair]:
    """Each segment beside what it was: the same kind and title, else the same title, else the same kind in that place.

    In the order of ``after``; what is gone stands where it was.
    """
    partners = _partners(before, after)
    gone = [index for index in range(len(before)) if index not in partners.values()]
    pairs: list[_Pair] = []
    for index, segment in enumerate(after):
        there = partners.get(index)
        while gone and there is not None and gone[0] < there:
            pairs.append((before[gone.pop(0)], None))
        pairs.append((before[there] if there is not None else None, segment))
    return pairs + [(before[index], None) for index in gone]


def _partners(before: Sequence[Segment], after: Sequence[Segment]) -> dict[int, int]:
    """The index in ``before`` for each index in ``after`` that has one."""
    partners: dict[int, int] = {}
    alike: tuple[Callable[[Segment], object], ...] = (
        lambda segment: (segment.kind, segment.title),
        lambda segment: segment.title,
        lambda segment: (segment.kind, segment.body),
        lambda segment: segment.kind,
    )
    for key in alike:
        old = [index for index in range(len(before)) if index not in partners.values()]
        new = [index for index in range(len(after)) if index not in partners]
        keys = [key(before[index]) for index in old], [key(after[index]) for index in new]
        for block in SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                partners[new[block.b + step]] = old[block.a + step]
        if key is alike[0]:
            _pair_moved(before, after, partners)
    return partners


def _pair_moved(before: Sequence[Segment], after: Sequence[Segment], partners: dict[int, int]) -> None:
    """A segment that only changed its place is still the same one."""
    free = {
        (segment.kind, segment.title): index for index, segment in enumerate(before) if index not in partners.values()
    }
    for index, segment in enumerate(after):
        if index not in partners and (there := free.pop((segment.kind, segment.title), None)) is not None:
            partners[index] = there


def _about_order(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[str]:
    partners = sorted(_partners(before, after).items())
    stayed = _in_order([there for _, there in partners])
    for index, there in partners:
        if there not in stayed:
            yield f"{_name(after[index])} has moved."


def _in_order(places: Sequence[int]) -> set[int]:
    """The most of these different places that follow one another upwards: those that did not have to move.

    Of several such, what comes first stays.
    """
    ends: list[int] = []
    following: list[int] = []
    for place in reversed(places):
        number = bisect_left(ends, -place)
        ends[number : number + 1] = [-place]
        following.append(number)
    stayed: set[int] = set()
    wanted = len(ends) - 1
    for place, number in zip(places, reversed(following), strict=True):
        if number == wanted:
            stayed.add(place)
            wanted -= 1
    return stayed


def _about_segment(old: Segment | None, new: Segment | None) -> Iterator[str]:
    if old is None:
        assert new is not None
        yield f"New: {_name(new)}, {new.minutes} min."
        return
    if new is None:
        yield f"Taken out: {_name(old)}, {old.minutes} min."
        return
    if (old.kind, old.title) != (new.kind, new.title):
        yield f"{_name(old)} is now {_name(new)}."
    for sentence in _inside(old, new):
        yield f"{_name(new)}: {sentence}"


def _inside(old: Segment, new: Segment) -> Iterator[str]:
    if old.minutes != new.minutes:
        yield f"{old.minutes} → {new.minutes} min."
    for name, (on, off) in SWITCHES.items():
        if getattr(old, name) != getattr(new, name):
            yield f"{on if getattr(new, name) else off}."
    if not _looks_alike(old.body, old.html, new.body, new.html):
        yield _screen(old.body, new.body)
    yield from _about_things("Question", old.prompts, new.prompts, _question)
    yield from _about_things("Exercise", old.exercises, new.exercises, _exercise)
    for kind, label in LABELS.items():
        yield from _about_lines(label, _of(kind, old.cues), _of(kind, new.cues))


def _looks_alike(old: str, old_html: str, new: str, new_html: str) -> bool:
    """Whether nobody would see a difference: what is between words is one space on a screen."""
    return old.split() == new.split() and old_html.split() == new_html.split()


def _screen(old: str, new: str) -> str:
    if old.split() == new.split():
        return "The same words on the screen, set out in another way."
    lines = [[" ".join(line.split()) for line in text.split("\n") if line.strip()] for text in (old, new)]
    if not lines[0]:
        return "Words on the screen, where there were none."
    if not lines[1]:
        return "Nothing on the screen any more."
    return f"Other words on the screen ({_change(*lines)})."


def _about_things(
    what: str, old: Sequence[_Thing], new: Sequence[_Thing], named: Callable[[_Thing], str]
) -> Iterator[str]:
    """What of several things is new, gone, changed under the same words, or in another order."""
    was, now = _by_name(old, named), _by_name(new, named)
    for name in was:
        if name not in now:
            yield f"{what} taken out: '{name}'."
    for name, each in now.items():
        if name not in was:
            yield f"{what} added: '{name}'."
        elif _but_id(each) != _but_id(was[name]):
            yield f"{what} changed: '{name}'."
    if [name for name in was if name in now] != [name for name in now if name in was]:
        yield f"{what}s in another order."


def _by_name(things: Sequence[_Thing], named: Callable[[_Thing], str]) -> dict[str, _Thing]:
    """Each thing by its words; the second of the same words has its number behind them."""
    by_name: dict[str, _Thing] = {}
    for each in things:
        name, number = named(each), 1
        while (key := name if number == 1 else f"{name} ({number})") in by_name:
            number += 1
        by_name[key] = each
    return by_name


def _about_lines(label: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if list(old) == list(new):
        return
    if len(old) != len(new) and (set(old) <= set(new) or set(new) <= set(old)):
        number, more = abs(len(new) - len(old)), len(new) > len(old)
        what = label if number == 1 else f"{label}s"
        yield f"{_number(number)} {what.lower()} {'more' if more else 'fewer'}."
    else:
        yield f"{label} changed." if len(new) == 1 else f"{label}s changed ({_change(old, new)})."


def _change(old: Sequence[str], new: Sequence[str]) -> str:
    """How many lines are new and how many are gone; one that was only reworded is both."""
    added = sum(line not in old for line in new)
    gone = sum(line not in new for line in old)
    parts = [f"{added} new"] * bool(added) + [f"{gone} gone"] * bool(gone)
    return ", ".join(parts) or "in another order"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _of(kind: CueKind, cues: Iterable[Cue]) -> list[str]:
    return [cue.text for cue in cues if cue.kind is kind]


def _question(prompt: Prompt) -> str:
    return prompt.text


def _exercise(exercise: Exercise) -> str:
    return f"{exercise.part.value}: {exercise.text}"


def _but_id(thing: object) -> object:
    """Ids are numbers in reading order; they change when something above comes or goes."""
    match thing:
        case Prompt():
            return replace(thing, id="")
        case Exercise():
            return replace(thing, id="", prompt=None)
        case _:
            return thing


def _name(segment: Segment) -> str:
    return f"{segment.kind.value.capitalize()} '{segment.title}'"
