"""Trying a plan: a session with eight made-up phones, of which nothing is kept. The page carries all that was done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.curricula.keeper import CannotRead
from facilitator.curricula.model import Plan
from facilitator.curricula.problems import PlanError
from facilitator.curricula.stored import from_stored
from facilitator.pages import house
from facilitator.pages.console_parts import prompts
from facilitator.pages.cues import by_kind
from facilitator.pages.exercise_rows import exercises
from facilitator.pages.gate import me
from facilitator.pages.plan_page import HEADINGS
from facilitator.people.access import Unknown
from facilitator.realtime.live import Refused
from facilitator.realtime.reading import Malformed, read_command
from facilitator.realtime.rehearsal import KNOWN, Floors, Rehearsal, Step, rehearse
from facilitator.realtime.screens import console_view, phone_view, projector_view
from facilitator.records import drafts, editions

FIX_FIRST = "Fix the errors first. Then this plan can be tried."
CHANGED = "The text was changed, and what was done does not fit it any more. This begins again."
NOT_UNDERSTOOD = "That could not be read. Begin again."
PROGRESS = {
    "waiting": "Take your time.",
    "some": "Some have answered.",
    "most": "Most have answered.",
    "everyone": "Everyone has answered.",
}


@dataclass(frozen=True)
class _Tried:
    """What is tried: a draft, or a plan of the library. ``here`` is the address of the room, ``back`` of the text."""

    plan: Plan
    here: str
    back: str


def begin(draft_id: str) -> ResponseReturnValue:
    """The rehearsal room of a draft as the doors open."""
    return go_on(draft_id)


def go_on(draft_id: str) -> ResponseReturnValue:
    """The room after one more command; without one, as time has gone by. What is refused is said, and not done."""
    back = url_for("plans.edit", draft_id=draft_id)
    with house().db.read() as s:
        draft = drafts.one(s, draft_id)
    try:
        plan = from_stored(house().worker.ask("read", by=me().id, text=draft.text)["stored"])
    except (PlanError, CannotRead) as error:
        flash(FIX_FIRST if isinstance(error, PlanError) else str(error))
        return redirect(back, 303)
    return _answer(_Tried(plan, url_for("plans.go_on", draft_id=draft_id), back))


def begin_plan(plan_id: str) -> ResponseReturnValue:
    """The rehearsal room of a plan in the library as the doors open."""
    return go_on_plan(plan_id)


def go_on_plan(plan_id: str) -> ResponseReturnValue:
    """As ``go_on``."""
    with house().db.read() as s:
        kept = editions.newest(s, plan_id)
    if kept is None:
        raise Unknown("There is no such plan in the library.")
    here, back = url_for("plans.go_on_plan", plan_id=plan_id), url_for("plans.show", plan_id=plan_id)
    return _answer(_Tried(editions.plan_in(kept), here, back))


def _answer(tried: _Tried) -> str:
    steps, pressed = _steps(request.form.get("log", "[]")), request.form.get("command")
    settings, now = house().settings, house().clock()
    floors, refused = Floors(settings.floor, settings.sensitive_floor), ""
    more = [_step(now, _json(pressed))] if pressed else []
    try:
        stands = rehearse(tried.plan, [*steps, *more], now, floors)
        steps = [*steps, *more]
    except Refused as refusal:
        refused = str(refusal)
        try:
            stands = rehearse(tried.plan, steps, now, floors)
        except Refused:
            stands, steps, refused = rehearse(tried.plan, [], now, floors), [], CHANGED
    return _page(tried, stands, steps, now, refused)


def _page(tried: _Tried, stands: Rehearsal, steps: Sequence[Step], now: int, refused: str) -> str:
    live, plan = stands.live, tried.plan
    segment = plan.segments[live.segment] if live.segment is not None else None
    asked = [prompt for prompt in prompts(plan, house().settings) if prompt.segment == live.segment]
    return render_template(
        "plans/try.html",
        tried=tried,
        plan=plan,
        log=json.dumps([[step.at, _told(step)] for step in steps]),
        refused=refused,
        console=console_view(live, stands.presence, now),
        wall=projector_view(live, stands.presence, None, now),
        phone=phone_view(live, stands.presence, now, answered=stands.answered),
        segment=segment,
        cues=[(kind.value, HEADINGS[kind], lines) for kind, lines in by_kind(segment.cues).items()] if segment else [],
        asked=asked,
        exercises=[exercise for exercise in exercises(plan) if exercise.segment == live.segment],
        progress=PROGRESS,
        now=now,
    )


def _steps(log: str) -> list[Step]:
    """What was done so far, as the page carries it. Raises Malformed."""
    try:
        steps = [_step(at, command) for at, command in _json(log)]
    except (ValueError, TypeError) as error:
        raise Malformed(NOT_UNDERSTOOD) from error
    times = [step.at for step in steps]
    if times != sorted(times) or (times and times[-1] > house().clock()):
        raise Malformed(NOT_UNDERSTOOD)
    return steps


def _step(at: object, told: object) -> Step:
    command = read_command(told)
    if not isinstance(at, int) or isinstance(at, bool) or at < 0 or not isinstance(command, KNOWN):
        raise Malformed(NOT_UNDERSTOOD)
    return Step(at, command)


def _told(step: Step) -> dict[str, object]:
    handed_in = getattr(step.command, "handed_in", ())
    given = {name: value for name, value in asdict(step.command).items() if name not in handed_in}
    return {"command": type(step.command).__name__, **given}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(NOT_UNDERSTOOD) from error
