"""The exercises of a session as its log tells them: which were done, where, and how far they were led. Pure.

Who did one, and what they made of it, is nowhere: nothing comes back from any phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from facilitator.curricula.model import Exercise, Plan
from facilitator.curricula.steps import step_words
from facilitator.realtime import events as e


@dataclass(frozen=True)
class Done:
    """One exercise that ran in ``segment``, from ``started_at`` to ``ended_at`` (ms UTC; None: it still runs).

    ``steps`` are the moments at which it came to a step, with the step.
    """

    exercise: Exercise
    segment: int
    started_at: int
    steps: tuple[tuple[int, int], ...]
    ended_at: int | None = None

    @property
    def name(self) -> str:
        """ "Read it out (pairs)"."""
        return f"{self.exercise.text} ({self.exercise.part})"

    @property
    def reached(self) -> str:
        """The furthest step in words; "" for what has one only."""
        return step_words(self.exercise, max(step for _, step in self.steps))

    @property
    def told(self) -> tuple[tuple[int, str], ...]:
        """Its lines of the session log, each with its moment."""
        steps = [(at, step_words(self.exercise, step)) for at, step in self.steps[1:]]
        end = [(self.ended_at, "Exercise stopped")] if self.ended_at is not None else []
        return ((self.started_at, f"Exercise started: {self.exercise.text}"), *steps, *end)


def done(plan: Plan, events: Iterable[e.Event]) -> tuple[Done, ...]:
    """Every exercise that ran, in the order of the log. One that was taken back at once did not."""
    telling = _Telling(plan)
    for event in events:
        telling.hear(event)
    return tuple(telling.done)


class _Telling:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._segment = 0
        self.done: list[Done] = []

    def hear(self, event: e.Event) -> None:
        match event:
            case e.ExerciseStarted():
                self._start(event)
            case e.ExerciseStepped(undoes=True) if self._runs():
                self.done[-1] = replace(self.done[-1], steps=self.done[-1].steps[:-1])
            case e.ExerciseStepped(at=at, step=step) if self._runs():
                self.done[-1] = replace(self.done[-1], steps=(*self.done[-1].steps, (at, step)))
            case e.ExerciseStopped(undoes=True):
                self.done.pop()
            case e.ExerciseStopped(at=at):
                self._end(at)
            case e.SegmentEntered(at=at, segment=segment):
                self._end(at)
                self._segment = segment
            case e.Ended(at=at):
                self._end(at)

    def _start(self, event: e.ExerciseStarted) -> None:
        exercise = self._plan.exercise(event.exercise)
        if exercise is None:
            return
        if event.undoes and self._runs():
            # It took the place of the one that comes back, by mistake.
            self.done.pop()
        if event.undoes and self.done and self.done[-1].exercise == exercise:
            self.done[-1] = replace(self.done[-1], ended_at=None)
            return
        self._end(event.at)
        self.done.append(Done(exercise, self._segment, event.at, ((event.at, event.step),)))

    def _end(self, at: int) -> None:
        if self._runs():
            self.done[-1] = replace(self.done[-1], ended_at=at)

    def _runs(self) -> bool:
        return bool(self.done) and self.done[-1].ended_at is None
