"""What the screens may see of the exercise that runs: to the room its words, to the console where it stands. Pure.

Nothing that anybody does in an exercise is in here, because none of it ever leaves the phone where it is done.
"""

from __future__ import annotations

from typing import Any

from facilitator.curricula.model import Exercise, Part
from facilitator.realtime.state import Doing, Live, Timer

View = dict[str, Any]
# Led step by step: the room sees one item at a time.
LED = frozenset({Part.GROUNDING_STEPS, Part.BODY_SCAN, Part.SCENARIO_CARDS, Part.ROLE_PLAY, Part.QUIZ})


def for_console(live: Live) -> View | None:
    """Where the exercise stands; the console knows its words."""
    doing, exercise = live.exercise, running(live)
    if doing is None or exercise is None:
        return None
    return {"id": exercise.id, "step": doing.step, "steps": exercise.steps, "timer": _timer(doing)}


def for_room(live: Live) -> View | None:
    """What projector and phones show alike, or None when no exercise runs or the screens are blank."""
    doing, exercise = live.exercise, running(live)
    if doing is None or exercise is None or live.blank:
        return None
    return _seen(exercise, doing.step, _timer(doing))


def at_first(exercise: Exercise) -> View:
    """What the room would see at the instant 0, were the exercise begun there: for a picture without a session."""
    length = exercise.each_s * 1000
    return _seen(exercise, 0, timer_view(Timer(length, ends_at=length)) if length else None)


def running(live: Live) -> Exercise | None:
    """The exercise that runs, as the plan has it."""
    return live.plan.exercise(live.exercise.exercise) if live.exercise else None


def asking(live: Live, prompt_id: str) -> str | None:
    """The id of the exercise that leads to this question, or None."""
    return next((one.id for _, one in live.plan.exercises() if one.prompt == prompt_id), None)


def timer_view(timer: Timer) -> View:
    """A timer as every screen reads it."""
    standing = timer.remaining_ms
    return {
        "planned_s": timer.planned_ms // 1000,
        "ends_at": timer.ends_at,
        "remaining_s": None if standing is None else round(standing / 1000),
    }


def _seen(exercise: Exercise, step: int, timer: View | None) -> View:
    breath = exercise.breath
    return {
        "id": exercise.id,
        "part": exercise.part,
        "text": exercise.text,
        "private": exercise.part.private,
        "step": step,
        "steps": exercise.steps,
        "timer": timer,
        "item": _item(exercise, step),
        "items": [] if exercise.part in LED else list(exercise.items),
        "labels": list(exercise.labels),
        "columns": list(exercise.columns),
        "most": exercise.most,
        "breath": breath and {"in": breath.into, "hold": breath.hold, "out": breath.out},
        "answer": _answer(exercise, step),
        "prompt": exercise.prompt,
    }


def _timer(doing: Doing) -> View | None:
    return timer_view(doing.timer) if doing.timer else None


def item_at(exercise: Exercise, step: int) -> int:
    """Which item a step shows, from 0; -1 when it shows them all, or there are none."""
    if exercise.part not in LED or not exercise.items:
        return -1
    if exercise.part is Part.QUIZ:
        return step // 2
    # A role-play with fewer scenes than rounds begins again with the first.
    return step % len(exercise.items)


def _item(exercise: Exercise, step: int) -> str | None:
    index = item_at(exercise, step)
    return exercise.items[index] if index >= 0 else None


def _answer(exercise: Exercise, step: int) -> View | None:
    if exercise.part is not Part.QUIZ or step % 2 == 0:
        return None
    return {"true": exercise.truths[step // 2], "why": exercise.reasons[step // 2]}
