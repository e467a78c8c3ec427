"""A session that is only tried: the real rules, eight made-up phones, and nothing kept anywhere.

Whoever tries a plan holds what was done so far, as commands with their times; all of it is done again for each answer.
So there is no room to remember, none to forget, and no trace. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from facilitator.curricula.model import Plan, Prompt, PromptKind
from facilitator.realtime import commands as c
from facilitator.realtime.live import Refused, decide, fold, scheduled
from facilitator.realtime.progress import word_for
from facilitator.realtime.screens import Presence
from facilitator.realtime.state import CheckIn, Live
from facilitator.realtime.tally import count

PHONES = 8
MOST_STEPS = 300
SECOND = 1000
ANSWERS_FROM, ANSWERS_UNTIL = 2 * SECOND, 15 * SECOND
ONE_IN_SKIPS = 9
NO_CARDS = "Written answers are not tried here. Ask this one aloud."
TOO_MANY = "This has been tried for long enough. Begin again."
KNOWN = (
    c.Start, c.EnterSegment, c.PauseTimer, c.ResumeTimer, c.AddTime, c.OpenCheckIn, c.CloseCheckIn, c.ShowTally,
    c.HideTally, c.AskAloud, c.StartExercise, c.StepExercise, c.StopExercise, c.Blank, c.Unblank, c.End,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One command, and when it was given (ms UTC)."""

    at: int
    command: c.Command


@dataclass(frozen=True)
class Floors:
    """From how many answers a tally is shown, as in this clinic's rooms."""

    floor: int
    sensitive_floor: int


@dataclass(frozen=True)
class Rehearsal:
    """How it stands. ``answered``: whether the phone that is looked at has answered the open check-in."""

    live: Live
    presence: Presence
    answered: bool


def rehearse(plan: Plan, steps: Sequence[Step], now: int, floors: Floors) -> Rehearsal:
    """The session after ``steps``, at ``now``, with its doors open from the first of them. Raises Refused."""
    if len(steps) > MOST_STEPS:
        raise Refused(TOO_MANY)
    begins = steps[0].at if steps else now
    live = scheduled(plan, begins)
    live = fold(live, decide(live, c.OpenDoors(), begins))
    for step in steps:
        live = fold(live, decide(live, _handed(live, step, floors), step.at))
    return Rehearsal(live, *_phones(live, now))


def _handed(live: Live, step: Step, floors: Floors) -> c.Command:
    """The command with what the hub would hand in."""
    match step.command:
        case c.OpenCheckIn() as command:
            prompt = live.plan.prompt(command.prompt) if command.prompt else None
            if prompt and prompt.kind is PromptKind.WORDS:
                raise Refused(NO_CARDS)
            return replace(command, check_in=f"c{len(live.check_ins) + 1}", **vars(floors))
        case c.CloseCheckIn() as command:
            return replace(command, tally=_tally(live, live.check_ins.get(command.check_in), step.at))
        case c.End() as command:
            return replace(command, tally=_tally(live, live.open_check_in, step.at))
        case command:
            return command


def _tally(live: Live, check_in: CheckIn | None, now: int) -> dict[str, Any] | None:
    if check_in is None:
        return None
    prompt = _prompt(live, check_in)
    was_counted = any(one.prompt == check_in.prompt and one.tally for one in live.check_ins.values())
    answers = [value for at, value in _answers(live, check_in) if at <= now and value is not None]
    return count(prompt, answers, check_in.floor, newcomers=0 if was_counted else None)


def _phones(live: Live, now: int) -> tuple[Presence, bool]:
    check_in = live.open_check_in
    if check_in is None:
        return Presence(PHONES), False
    times = [at for at, _ in _answers(live, check_in)]
    done = sum(at <= now for at in times)
    return Presence(PHONES, progress=word_for(done, PHONES)), times[0] <= now


def _answers(live: Live, check_in: CheckIn) -> list[tuple[int, object]]:
    """When each phone answers, and what: always the same for one opening. None: it skips."""
    random = Random(f"{check_in.id} {check_in.opened_at}")  # noqa: S311 - invented answers
    prompt = _prompt(live, check_in)
    return [
        (
            check_in.opened_at + random.randint(ANSWERS_FROM, ANSWERS_UNTIL),
            None if random.randrange(ONE_IN_SKIPS) == 0 else _answer(prompt, random),
        )
        for _ in range(PHONES)
    ]


def _answer(prompt: Prompt, random: Random) -> object:
    if prompt.scale:
        return round(random.triangular(prompt.scale.low, prompt.scale.high))
    options = range(len(prompt.options))
    if prompt.kind is PromptKind.CHOICES:
        return random.sample(options, random.randint(1, prompt.most))
    return random.choice(options)


def _prompt(live: Live, check_in: CheckIn) -> Prompt:
    prompt = live.plan.prompt(check_in.prompt)
    assert prompt is not None
    return prompt
