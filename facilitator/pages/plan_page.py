"""One plan as staff read it, segment by segment: from the library, or as it is frozen into a session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import render_template, request

from facilitator.curricula.fit import LENGTHS, Fitted
from facilitator.curricula.model import CueKind, Plan, Segment
from facilitator.pages import house, sheets
from facilitator.pages.console_parts import PromptRow, prompts
from facilitator.pages.cues import Lines, by_kind
from facilitator.pages.exercise_rows import ExerciseRow, exercises
from facilitator.people.access import Role, may_enter
from facilitator.records import drafts, editions
from facilitator.records.drafts import Listed as Draft
from facilitator.records.record import Record
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession, PlanEdition, Staff

HEADINGS = {
    CueKind.SAY: "Say",
    CueKind.CUE: "Cue for you",
    CueKind.SAFETY: "Safety for you",
    CueKind.OPT_OUT: "Opt out",
    CueKind.REMOTE: "Remote",
    CueKind.HANDOUT: "Handout",
}


@dataclass(frozen=True)
class Part:
    """A segment with its questions, exercises and private lines: of each kind its heading and lines."""

    segment: Segment
    prompts: tuple[PromptRow, ...]
    exercises: tuple[ExerciseRow, ...]
    cues: tuple[tuple[str, str, Lines], ...]

    @property
    def handouts(self) -> Lines:
        """What is given out on paper."""
        return next((lines for kind, _, lines in self.cues if kind == CueKind.HANDOUT), ())


@dataclass(frozen=True)
class Published:
    """What is said of an edition beside its words: who published it, the drafts of the next, what may be done.

    ``twins``: plans of an older library whose ids differ from this one's by capital letters alone.
    """

    edition: PlanEdition
    author: str
    in_use: bool
    drafts: tuple[Draft, ...] = ()
    twins: tuple[str, ...] = ()
    may_write: bool = False


def about(s: Session, staff: Staff, edition: PlanEdition) -> Published:
    """What ``staff`` is told of ``edition``."""
    newest, may_write = editions.newest(s, edition.plan_id), may_enter(Role(staff.role), "plans.start")
    return Published(
        edition,
        author=editions.authors(s, [edition])[edition.id],
        in_use=newest is not None and newest.id == edition.id,
        drafts=tuple(drafts.listed(s, staff, edition.plan_id)) if may_write else (),
        twins=tuple(editions.twins(s, edition.plan_id)),
        may_write=may_write,
    )


def on_screen(
    plan: Plan,
    session: GroupSession | None = None,
    *,
    published: Published | None = None,
    runs: Iterable[Record] = (),
    leads: bool = False,
    fitted: Fitted | None = None,
) -> str:
    """The plan's page. ``session``: the one it is frozen into; ``runs``: where it was run; ``leads``: may schedule;
    ``fitted``: the plan at the length that somebody looks at."""
    shown = fitted.plan if fitted else plan
    return render_template(
        "plans/show.html",
        plan=shown,
        shape=[(segment.kind, segment.minutes) for segment in shown.segments],
        parts=_parts(shown),
        written=_written(shown, _minutes_before(plan, session, fitted)),
        session=session,
        published=published,
        runs=list(runs),
        leads=leads,
        fitted=fitted,
        written_for=plan.minutes,
        lengths=LENGTHS,
    )


def _minutes_before(plan: Plan, session: GroupSession | None, fitted: Fitted | None) -> Sequence[int | None]:
    """How long each segment was before it was fitted, None if it was added; nothing of a plan as it is written."""
    if fitted:
        return [None if source is None else plan.segments[source].minutes for source in fitted.sources]
    return (session.plan_fit or {}).get("written", ()) if session else ()


def _written(shown: Plan, minutes: Sequence[int | None]) -> list[str]:
    """What stands beside each segment of a fitted plan: how long it was, that it was added, or nothing."""
    pairs = zip(shown.segments, minutes, strict=False)
    return ["added" if was is None else "" if was == segment.minutes else f"was {was}" for segment, was in pairs]


def in_print(plan: Plan, session: GroupSession | None = None) -> str:
    """The plan on paper: everything that only staff see, then handouts and exercises on pages of their own.

    Asked ``?for=group``, it is those pages alone, without a quiz's answers.
    """
    return render_template(
        "plans/print.html",
        plan=plan,
        parts=_parts(plan),
        session=session,
        for_group=request.args.get("for") == "group",
        pacer=sheets.pacer,
        chart=sheets.chart,
        turns=sheets.turns,
        scenes_of=sheets.scenes,
        is_number=sheets.is_number,
        days=sheets.DAYS,
    )


def _parts(plan: Plan) -> list[Part]:
    asked, done = prompts(plan, house().settings), exercises(plan)
    return [
        Part(
            segment,
            tuple(prompt for prompt in asked if prompt.segment == index),
            tuple(exercise for exercise in done if exercise.segment == index),
            tuple((kind.value, HEADINGS[kind], lines) for kind, lines in by_kind(segment.cues).items()),
        )
        for index, segment in enumerate(plan.segments)
    ]
