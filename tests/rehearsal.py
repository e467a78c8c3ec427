"""A plan run from start to end in the pure engine: every segment, every exercise, every question answered by eight."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.curricula.model import Plan, Prompt, PromptKind
from facilitator.realtime import commands as c
from facilitator.realtime import tally
from facilitator.realtime.events import Event
from facilitator.realtime.live import Live, decide, fold, scheduled
from facilitator.realtime.state import MINUTE
from tests.engine import FERN, NOON, ROSTER

PHONES = 8


def rehearse(plan: Plan) -> tuple[Live, list[Event]]:
    """The session as it stands after End, and everything that happened."""
    live, now = scheduled(plan, NOON), NOON
    log: list[Event] = []
    for command in _story(plan):
        now += MINUTE // 10
        happened = decide(live, command, now, FERN)
        live = fold(live, happened)
        log += happened
    return live, log


def _story(plan: Plan) -> Iterator[c.AnyCommand]:
    yield c.OpenDoors(ROSTER)
    yield c.Start()
    for index, segment in enumerate(plan.segments):
        yield c.EnterSegment(index)
        for exercise in segment.exercises:
            yield c.StartExercise(exercise.id)
            for step in range(1, exercise.steps or len(ROSTER)):
                yield c.StepExercise(exercise.id, step)
            yield c.StopExercise()
        for prompt in segment.prompts:
            yield c.OpenCheckIn(prompt.id, f"asked-{prompt.id}", 5, 7, wall_cards=True)
            yield c.CloseCheckIn(f"asked-{prompt.id}", tally.count(prompt, list(_answers(prompt)), 7))
            yield c.ShowTally(f"asked-{prompt.id}")
    yield c.End({"state": "withheld", "bands": []})


def _answers(prompt: Prompt) -> Iterator[object]:
    """Eight answers that differ, each of which the question accepts."""
    for phone in range(PHONES):
        value: object = phone % max(len(prompt.options), 1)
        if prompt.kind is PromptKind.SCALE and prompt.scale:
            value = prompt.scale.low + phone % (prompt.scale.high - prompt.scale.low + 1)
        elif prompt.kind is PromptKind.CHOICES:
            value = [value]
        elif prompt.kind is PromptKind.WORDS:
            value = "One word"
        assert prompt.accepts(value), (prompt, value)
        yield value
