"""Where a group is in the curriculum that it follows, and what could come next. Pure.

What was held ticks the steps of the curriculum, in whatever order it was held; when all are ticked, the next session
begins them again. A suggestion is one plan with its reasons in words. Nobody has to follow it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.model import Kind
from facilitator.records.local_time import short_day

WEEK_MS = 7 * 24 * 60 * 60 * 1000
# After this long, people who joined since are worth another welcome.
WELCOME_AGAIN_AFTER = 6 * WEEK_MS
STEPS_BEFORE, STEPS_SHOWN = 3, 8


@dataclass(frozen=True)
class Meeting:
    """A session of the group, held or to come. ``left_out``: kinds of segment of which nothing was run.

    ``running``: its doors are open.
    """

    session: str
    plan: str
    at: int
    left_out: frozenset[Kind] = frozenset()
    running: bool = False


@dataclass(frozen=True)
class Step:
    """One place of the curriculum. ``state`` is done, planned or open; ``meeting`` is the session that ticked it."""

    number: int
    plan: str
    state: str = "open"
    meeting: Meeting | None = None


@dataclass(frozen=True)
class Arc:
    """A curriculum as far as a group has come in it. ``cycle`` counts from 1 how often it has begun."""

    curriculum: Curriculum
    cycle: int
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many of its steps were held in this cycle."""
        return sum(step.state == "done" for step in self.steps)

    @property
    def around(self) -> tuple[Step, ...]:
        """The steps around the newest session that has a place here: what one look can take in."""
        ticked = [step for step in self.steps if step.meeting]
        newest = max(ticked, key=lambda step: step.meeting.at if step.meeting else 0).number if ticked else 1
        first = max(0, min(newest - 1 - STEPS_BEFORE, len(self.steps) - STEPS_SHOWN))
        return self.steps[first : first + STEPS_SHOWN]

    def step_of(self, session: str) -> Step | None:
        """The step that this session ticks, or None when its plan is not in the curriculum or was ticked already."""
        return next((step for step in self.steps if step.meeting and step.meeting.session == session), None)

    def place(self, session: str, plan: str) -> str:
        """Where a session of this plan stands in the curriculum, in words."""
        of = f"of {len(self.steps)} in “{self.curriculum.title}”"
        if step := self.step_of(session):
            return f"Step {step.number} {of}" + (f", round {self.cycle}" if self.cycle > 1 else "")
        again = next((step for step in self.steps if step.plan == plan), None)
        return f"Step {again.number} {of}, once more" if again else f"Not a step of “{self.curriculum.title}”"


@dataclass(frozen=True)
class Newcomers:
    """How many of the ``roster`` were not on it when the group last held a plan, at ``held_at`` (ms UTC)."""

    number: int
    held_at: int
    roster: int = 0


@dataclass(frozen=True)
class Suggestion:
    """What could come next, and why. ``instead`` is what the order says where that is another plan, or ""."""

    plan: str
    reasons: tuple[str, ...]
    instead: str = ""


def arc(curriculum: Curriculum, held: Sequence[Meeting], planned: Sequence[Meeting]) -> Arc:
    """The arc of a group that held and planned these sessions, the earliest first."""
    cycle, steps = 1, _fresh(curriculum)
    for meeting in held:
        if all(step.state == "done" for step in steps):
            cycle, steps = cycle + 1, _fresh(curriculum)
        _tick(steps, meeting, "done")
    if planned and all(step.state == "done" for step in steps):
        cycle, steps = cycle + 1, _fresh(curriculum)
    for meeting in planned:
        _tick(steps, meeting, "planned")
    return Arc(curriculum, cycle, tuple(steps))


def _fresh(curriculum: Curriculum) -> list[Step]:
    return [Step(number, plan) for number, plan in enumerate(curriculum.plans, start=1)]


def _tick(steps: list[Step], meeting: Meeting, state: str) -> None:
    for place, step in enumerate(steps):
        if step.plan == meeting.plan and step.state == "open":
            steps[place] = Step(step.number, step.plan, state, meeting)
            return


@dataclass(frozen=True)
class Situation:
    """What a suggestion is made from. ``runnable`` are the ids of the plans that there are; ``now`` is ms UTC."""

    arc: Arc | None
    curricula: Sequence[Curriculum]
    held: Sequence[Meeting]
    planned: Sequence[Meeting]
    runnable: Collection[str]
    newcomers: Newcomers | None
    now: int
    zone: ZoneInfo


def suggest(known: Situation) -> Suggestion | None:
    """What this group could do in its next session that is not planned yet, or None when nothing says so."""
    following = _in_order(known)
    again = _again(known)
    if again and again.plan in known.runnable:
        instead = following.plan if following and following.plan != again.plan else ""
        return Suggestion(again.plan, again.reasons, instead)
    return following


def more_reasons(known: Situation, plan: str, review: int, joined: Newcomers | None) -> tuple[str, ...]:
    """What else speaks for a suggested plan. ``review``: how many minutes it has for the home practice from last time;
    ``joined``: who came after the group had this plan. Numbers only: nobody is named, and nobody compared.
    """
    last, welcome = known.held[-1] if known.held else None, known.arc.curriculum.plans[0] if known.arc else ""
    more = []
    if last and plan not in {meeting.plan for meeting in known.held}:
        more.append("New to this group.")
    if joined and joined.number and plan != welcome:
        day = short_day(joined.held_at, known.zone)
        more.append(f"{joined.number} of the {joined.roster} people on the roster joined after {plan} on {day}.")
    # What is planned before it comes back to the home practice first.
    if last and review and Kind.REVIEW in last.left_out and not known.planned:
        more.append(f"Takes {review} min for the review of home practice, which was left out last time.")
    return tuple(more)


def _again(known: Situation) -> Suggestion | None:
    """A plan that is worth holding once more before the order goes on."""
    planned = {meeting.plan for meeting in known.planned}
    last = known.held[-1] if known.held else None
    if last and Kind.EXERCISE in last.left_out and last.plan not in planned:
        day = short_day(last.at, known.zone)
        return Suggestion(last.plan, (f"The exercise of {last.plan} was left out on {day}.",))
    if known.arc is None or known.newcomers is None or not known.newcomers.number:
        return None
    welcome, waited = known.arc.curriculum.plans[0], known.now - known.newcomers.held_at
    if waited < WELCOME_AGAIN_AFTER or welcome in planned:
        return None
    joined = known.newcomers.number
    who = "A member of this group" if joined == 1 else f"{joined} members of this group"
    return Suggestion(welcome, (f"{who} joined since; {welcome} was {waited // WEEK_MS} weeks ago.",))


def _in_order(known: Situation) -> Suggestion | None:
    if known.arc is None:
        return _in_any_order(known)
    title, steps = known.arc.curriculum.title, known.arc.steps
    # A plan from elsewhere, or one that was held once more, is a detour: the order goes on from where it was left.
    last = _newest(meeting for meeting in (*known.held, *known.planned) if known.arc.step_of(meeting.session))
    came_from = known.arc.step_of(last.session) if last else None
    number = came_from.number if came_from else 0
    wanted = [step for step in (*steps[number:], *steps[:number]) if step.plan in known.runnable]
    step = next((step for step in wanted if step.state == "open"), None)
    if step is None and not wanted:
        return None
    if step is None:
        had = "has had or planned" if known.planned else "has had"
        reason = f"This group {had} all {len(steps)} of “{title}”. It begins again."
        return Suggestion(_of_next_round(known, wanted).plan, (reason, *_practice(known)))
    if last is None:
        why = f"First in “{title}”."
    elif step.number > number:
        why = f"Next in “{title}”, after {last.plan} on {short_day(last.at, known.zone)}."
    else:
        why = f"The first in “{title}” that this group has passed over."
    return Suggestion(step.plan, (why, *_practice(known)))


def _of_next_round(known: Situation, wanted: Sequence[Step]) -> Step:
    """Where all steps are had or planned: the first one that is not planned again behind them already."""
    assert known.arc is not None
    whole_at = max(step.meeting.at for step in known.arc.steps if step.meeting)
    again = arc(known.arc.curriculum, (), [meeting for meeting in known.planned if meeting.at > whole_at])
    in_order = sorted(wanted, key=lambda step: step.number)
    return next((step for step in in_order if again.steps[step.number - 1].state == "open"), in_order[0])


def _in_any_order(known: Situation) -> Suggestion | None:
    """For a group that follows no curriculum: what it has not had of what follows in one that has its last plan."""
    last = _newest((*known.held, *known.planned))
    for curriculum in known.curricula if last else ():
        assert last is not None
        if last.plan not in curriculum.plans:
            continue
        way = arc(curriculum, known.held, known.planned)
        came_from = way.step_of(last.session)
        number = came_from.number if came_from else curriculum.plans.index(last.plan) + 1
        following = [step.plan for step in way.steps[number:] if step.state == "open" and step.plan in known.runnable]
        if following:
            after = f"{last.plan} ({short_day(last.at, known.zone)})"
            why = f"Comes after {after} in “{curriculum.title}”. This group follows no curriculum of its own."
            return Suggestion(following[0], (why, *_practice(known)))
    return None


def _newest(meetings: Iterable[Meeting]) -> Meeting | None:
    return max(meetings, key=lambda meeting: meeting.at, default=None)


def _practice(known: Situation) -> tuple[str, ...]:
    last = known.held[-1] if known.held else None
    # What is planned before it sets its own.
    if last is None or Kind.HOME_PRACTICE not in last.left_out or known.planned:
        return ()
    return (f"Home practice of {last.plan} was left out last time: nothing was set that a review could come back to.",)
