"""A plan's exercises as staff read them: on the console, on the plan's page and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facilitator.curricula.model import Exercise, Part, Plan
from facilitator.curricula.steps import WITHOUT_PHONES, held_words, length_words, next_words, step_words
from facilitator.realtime.exercise_view import item_at


@dataclass(frozen=True)
class Item:
    """A step, card, box or statement of an exercise; a statement with whether it is true, and why."""

    words: str
    truth: str = ""
    why: str = ""


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise that can be led. Of each step: its name, what leads on from it, and what is said when it is over.

    ``at`` is the item that a step shows (-1: all of them, or none). A go-round is ``open``: its first step stands for
    all that follow. ``prompt`` is the id of the question that it leads to ("": none).
    """

    id: str
    segment: int
    text: str
    part: str
    about: tuple[str, ...]
    private: bool
    open: bool
    without_phones: str
    items: tuple[Item, ...]
    steps: tuple[str, ...]
    next: tuple[str, ...]
    held: tuple[str, ...]
    at: tuple[int, ...]
    prompt: str


def exercises(plan: Plan) -> list[ExerciseRow]:
    """Every exercise of the plan, in reading order."""
    return [_exercise(index, exercise) for index, exercise in plan.exercises()]


def _exercise(segment: int, exercise: Exercise) -> ExerciseRow:
    steps = range(exercise.most_steps or 1)
    return ExerciseRow(
        id=exercise.id,
        segment=segment,
        text=exercise.text,
        part=exercise.part.value,
        about=tuple(_about(exercise)),
        private=exercise.part.private,
        open=exercise.part is Part.GO_ROUND,
        without_phones=WITHOUT_PHONES[exercise.part],
        items=tuple(_items(exercise)),
        steps=tuple(step_words(exercise, step) for step in steps),
        next=tuple(next_words(exercise, step) for step in steps),
        held=tuple(held_words(exercise, step) for step in steps),
        at=tuple(item_at(exercise, step) for step in steps),
        prompt=exercise.prompt or "",
    )


def _about(exercise: Exercise) -> Iterator[str]:
    yield exercise.part.capitalize()
    if length := length_words(exercise):
        yield length
    if exercise.breath:
        hold = f"hold {exercise.breath.hold}, " if exercise.breath.hold else ""
        yield f"in {exercise.breath.into}, {hold}out {exercise.breath.out}"
    if exercise.most:
        yield {Part.LADDER: "{} rungs", Part.RANK: "top {}"}.get(exercise.part, "keep {}").format(exercise.most)
    for labels in (exercise.labels, exercise.columns):
        if labels:
            yield (" to " if exercise.part is Part.LADDER else " / ").join(labels)


def _items(exercise: Exercise) -> Iterator[Item]:
    for index, words in enumerate(exercise.items):
        if exercise.part is Part.QUIZ:
            yield Item(words, "True" if exercise.truths[index] else "False", exercise.reasons[index])
        else:
            yield Item(words)
