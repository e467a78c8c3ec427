"""The rules of exercises: one runs at a time, step by step, and only a person leads it on. Pure."""

from __future__ import annotations

from facilitator.curricula.model import Exercise
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.refusing import Refused, must_be_live, not_blank
from facilitator.realtime.state import Live

Events = list[e.Event]
# More turns than a room has people.
MOST_TURNS = 200


def start_exercise(live: Live, command: c.StartExercise, now: int) -> Events:
    """Begin an exercise at its first step. Any exercise of the plan may be done in any segment."""
    must_be_live(live)
    if live.exercise is not None and live.exercise.exercise == command.exercise:
        return []
    not_blank(live)
    length = _step_ms(_exercise(live, command.exercise))
    return [e.ExerciseStarted(at=now, exercise=command.exercise, step=0, planned_ms=length, remaining_ms=length)]


def step_exercise(live: Live, command: c.StepExercise, now: int) -> Events:
    """Lead the exercise that runs to a step, which has its whole time again."""
    must_be_live(live)
    exercise = _exercise(live, command.exercise)
    if live.exercise is None or live.exercise.exercise != exercise.id:
        raise Refused("This exercise is not running. Start it first.")
    if not 0 <= command.step < (exercise.most_steps or MOST_TURNS):
        raise Refused("This exercise has no such step.")
    if command.step == live.exercise.step:
        return []
    not_blank(live)
    length = _step_ms(exercise)
    return [
        e.ExerciseStepped(at=now, exercise=exercise.id, step=command.step, planned_ms=length, remaining_ms=length)
    ]


def stop_exercise(live: Live, _: c.StopExercise, now: int) -> Events:
    """Take the exercise off the screens."""
    if live.exercise is None:
        return []
    not_blank(live)
    return [e.ExerciseStopped(at=now, exercise=live.exercise.exercise)]


def put_exercise_back(live: Live, command: c.PutExerciseBack, now: int) -> Events:
    """Have an exercise go on at a step with what that had left."""
    must_be_live(live)
    not_blank(live)
    length = _step_ms(_exercise(live, command.exercise))
    goes_on = live.exercise is not None and live.exercise.exercise == command.exercise
    kind = e.ExerciseStepped if goes_on else e.ExerciseStarted
    return [
        kind(
            at=now,
            exercise=command.exercise,
            step=command.step,
            planned_ms=length,
            remaining_ms=command.remaining_ms,
        )
    ]


def _exercise(live: Live, exercise_id: str) -> Exercise:
    exercise = live.plan.exercise(exercise_id)
    if exercise is None:
        raise Refused("This plan has no such exercise.")
    return exercise


def _step_ms(exercise: Exercise) -> int:
    return exercise.each_s * 1000
