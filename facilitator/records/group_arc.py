"""A group's arc, read from its sessions: what came before, what is planned, the home practice, what could come next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.model import Kind, Segment
from facilitator.people.groups import roster
from facilitator.records import editions
from facilitator.records.agenda import RUNNING, not_held
from facilitator.records.arc import Arc, Meeting, Newcomers, Situation, Suggestion, arc, more_reasons, suggest
from facilitator.records.editions import Listed
from facilitator.records.record import WITHOUT_TEXTS, Record, began_of, load, roster_of
from facilitator.records.scheduling import Clinic
from facilitator.storage.tables import Group, GroupSession, PlanEdition, PlanShelf

SHOWN_BEFORE = 3


@dataclass(frozen=True)
class Before:
    """A session that the group held: when, which plan, and the titles of what was left out of it."""

    session: str
    at: int
    plan: str
    title: str
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Practice:
    """The home practice that was set last time, in the words of that session's own plan. ``set_then``: it was run."""

    session: str
    at: int
    plan: str
    segment: Segment
    set_then: bool


@dataclass(frozen=True)
class GroupArc:
    """Where a group is. ``titles`` are those of the plans by id, ``before`` the newest sessions first; ``last`` is the
    record of the newest.

    ``arc`` is None for a group that follows no curriculum; ``suggestion`` is None when nothing says what could be next,
    and ``suggested`` is its plan.
    """

    arc: Arc | None
    titles: Mapping[str, str]
    before: tuple[Before, ...]
    last: Record | None
    practice: Practice | None
    planned: tuple[Meeting, ...]
    suggestion: Suggestion | None
    suggested: Listed | None


def curriculum_of(group: Group, curricula: Sequence[Curriculum]) -> Curriculum | None:
    """The curriculum that a group follows, or None: it follows none, or one that is no longer there."""
    return next((one for one in curricula if one.id == group.curriculum), None)


def arc_of(s: Session, group: Group, clinic: Clinic, known: Iterable[Record] = ()) -> GroupArc:
    """The arc of ``group`` as it is now. ``known``: records of its sessions that were read already."""
    sessions, began = _sessions(s, group.id), began_of(s, group.id)
    return _arc(
        s,
        group,
        clinic,
        [session for session in sessions if _was_held(session, began)],
        [session for session in sessions if _is_to_come(session, clinic.now)],
        {record.session.id: record for record in known},
    )


def arc_before(s: Session, session: GroupSession, clinic: Clinic) -> GroupArc:
    """The arc of a session's group as it comes in to that session: what was held before it, and what is planned."""
    sessions, began = _sessions(s, session.group_id), began_of(s, session.group_id)
    ended = [one for one in sessions if _was_held(one, began) and one.scheduled_at < session.scheduled_at]
    to_come = [one for one in sessions if one.id == session.id or _is_to_come(one, clinic.now)]
    return _arc(s, s.get_one(Group, session.group_id), clinic, ended, to_come, {})


def _was_held(session: GroupSession, began: Collection[str]) -> bool:
    """Whether the group had something of it. One that was ended before it began ticks no step."""
    return session.state == "ended" and session.id in began


def _is_to_come(session: GroupSession, now: int) -> bool:
    """Whether it runs, or still can. One whose doors stayed shut that day plans nothing any more."""
    return session.state in RUNNING or (session.state == "scheduled" and not not_held(session, now))


def _sessions(s: Session, group_id: str) -> list[GroupSession]:
    query = select(GroupSession).where(GroupSession.group_id == group_id).options(*WITHOUT_TEXTS)
    return list(s.exec(query.order_by(col(GroupSession.scheduled_at), col(GroupSession.id))))


def _arc(
    s: Session,
    group: Group,
    clinic: Clinic,
    ended: Sequence[GroupSession],
    to_come: Sequence[GroupSession],
    known: Mapping[str, Record],
) -> GroupArc:
    curricula = editions.respelled(s, clinic.curricula)
    newest = reversed(ended[-SHOWN_BEFORE:])
    records = [known.get(session.id) or load(s, session, clinic.now) for session in newest]
    last = records[0] if records else None
    held = [_meeting(session) for session in ended]
    if last:
        held[-1] = _meeting(last.session, _kinds_left_out(last))
    planned = [_meeting(session) for session in to_come]
    titles = _titles(s, {meeting.plan for meeting in (*held, *planned)}.union(*(one.plans for one in curricula)))
    follows = _as_far_as_there_is(curriculum_of(group, curricula), titles)
    found = arc(follows, held, planned) if follows else None
    situation = Situation(
        arc=found,
        curricula=curricula,
        held=held,
        planned=planned,
        runnable=titles.keys(),
        newcomers=_newcomers(s, group, follows.plans[0], ended) if follows else None,
        now=clinic.now,
        zone=clinic.zone,
    )
    suggestion = suggest(situation)
    suggested = _on_shelf(s, suggestion.plan) if suggestion else None
    if suggestion and suggested:
        review = sum(minutes for kind, minutes in suggested.segments if kind == Kind.REVIEW)
        joined = _newcomers(s, group, suggestion.plan, ended)
        more = more_reasons(situation, suggestion.plan, review, joined)
        suggestion = replace(suggestion, reasons=(*suggestion.reasons, *more))
    return GroupArc(
        arc=found,
        titles=titles,
        before=tuple(_before(record) for record in records),
        last=last,
        practice=_practice(last) if last else None,
        planned=tuple(planned),
        suggestion=suggestion,
        suggested=suggested,
    )


def _meeting(session: GroupSession, left_out: frozenset[Kind] = frozenset()) -> Meeting:
    return Meeting(session.id, session.plan_id, session.scheduled_at, left_out, session.state in RUNNING)


def _titles(s: Session, plans: Collection[str]) -> dict[str, str]:
    """The titles of those plans that can be run."""
    query = select(PlanShelf.plan_id, PlanEdition.title).join(PlanEdition, col(PlanShelf.edition_id) == PlanEdition.id)
    return dict(s.exec(query.where(col(PlanShelf.plan_id).in_(plans))).all())


def _as_far_as_there_is(curriculum: Curriculum | None, runnable: Collection[str]) -> Curriculum | None:
    """The curriculum without the plans that the library does not have: nobody can be waiting for those."""
    plans = tuple(plan for plan in curriculum.plans if plan in runnable) if curriculum else ()
    return replace(curriculum, plans=plans) if curriculum and plans else None


def _kinds_left_out(record: Record) -> frozenset[Kind]:
    """The kinds of segment of which nothing was run."""
    run = {row.kind for row in record.timeline.rows if not row.skipped}
    return frozenset(segment.kind for segment in record.plan.segments) - run


def _before(record: Record) -> Before:
    left_out = tuple(row.title for row in record.timeline.skipped)
    return Before(record.session.id, record.session.scheduled_at, record.plan.id, record.plan.title, left_out)


def _practice(last: Record) -> Practice | None:
    place = next((row for row in last.timeline.rows if row.kind is Kind.HOME_PRACTICE), None)
    if place is None:
        return None
    segment = last.plan.segments[place.index]
    return Practice(last.session.id, last.session.scheduled_at, last.plan.id, segment, not place.skipped)


def _on_shelf(s: Session, plan: str) -> Listed | None:
    shelf = s.get(PlanShelf, plan)
    return next((listed for listed, _ in editions.listed(s, [shelf.edition_id])), None) if shelf else None


def _newcomers(s: Session, group: Group, plan: str, ended: Sequence[GroupSession]) -> Newcomers | None:
    """Who is on the roster today and was not when ``plan`` was held last. An unknown roster says nothing."""
    with_it = [session for session in ended if session.plan_id == plan]
    if not with_it:
        return None
    then = roster_of(s, with_it[-1].id)
    today = roster(s, group.id)
    joined = [member for member in today if member.id not in then]
    return Newcomers(len(joined), with_it[-1].scheduled_at, len(today)) if then else None
