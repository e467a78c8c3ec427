"""The plans on the shelf, looked through by topic and shape, and what one group has had of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from facilitator.people.access import Verb, may
from facilitator.records.editions import Listed
from facilitator.records.record import Record, load
from facilitator.storage.tables import GroupSession, PlanEdition, PlanShelf, Staff

RUNS_SHOWN = 5


@dataclass(frozen=True)
class Looked:
    """What somebody looks for; an empty field does not matter."""

    words: str = ""
    tracks: frozenset[str] = frozenset()
    minutes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Had:
    """When a group last did each plan, and when it is to do it next (plan id to ms UTC)."""

    done: Mapping[str, int] = field(default_factory=dict)
    coming: Mapping[str, int] = field(default_factory=dict)


def look(s: Session, plans: Iterable[Listed], looked: Looked) -> list[Listed]:
    """The plans that fit, in the library's order."""
    said = _with_words(s, looked.words) if looked.words.split() else None
    return [plan for plan in plans if (said is None or plan.edition in said) and _fits(plan, looked)]


def counts(plans: Iterable[Listed]) -> tuple[Counter[str], Counter[int], Counter[str]]:
    """How many plans there are of each track, each length in minutes, and with each kind of segment."""
    all_of_them = list(plans)
    return (
        Counter(plan.track for plan in all_of_them),
        Counter(plan.minutes for plan in all_of_them),
        Counter(kind for plan in all_of_them for kind in {kind for kind, _ in plan.segments}),
    )


def most(plan: Listed) -> list[tuple[str, int]]:
    """The two kinds of segment that take most of its minutes."""
    minutes: Counter[str] = Counter()
    for kind, length in plan.segments:
        minutes[kind] += length
    return minutes.most_common(2)


def had(s: Session, group_id: str, now: int) -> Had:
    """What a group has had, and what is scheduled for it."""
    columns = (GroupSession.plan_id, GroupSession.scheduled_at, GroupSession.state)
    done: dict[str, int] = {}
    coming: dict[str, int] = {}
    for plan_id, at, state in s.exec(
        select(*columns).where(GroupSession.group_id == group_id).order_by(col(GroupSession.scheduled_at))
    ):
        if state == "ended":
            done[plan_id] = at
        elif state != "cancelled" and at >= now:
            coming.setdefault(plan_id, at)
    return Had(done, coming)


def runs(s: Session, staff: Staff, plan_id: str, now: int) -> list[Record]:
    """The newest sessions with this plan that ``staff`` may read."""
    ended = select(GroupSession).where(GroupSession.plan_id == plan_id, GroupSession.state == "ended")
    newest = s.exec(ended.order_by(col(GroupSession.scheduled_at).desc()))
    readable = [session for session in newest if may(staff, session, Verb.READ)][:RUNS_SHOWN]
    return [load(s, session, now) for session in readable]


def _with_words(s: Session, words: str) -> set[str]:
    """The editions on the shelf whose text has all the words."""
    wanted = words.casefold().split()
    texts = select(PlanEdition.id, PlanEdition.text).join(PlanShelf, col(PlanShelf.edition_id) == PlanEdition.id)
    return {edition for edition, text in s.exec(texts) if all(word in text.casefold() for word in wanted)}


def _fits(plan: Listed, looked: Looked) -> bool:
    return (
        (not looked.tracks or plan.track in looked.tracks)
        and (not looked.minutes or str(plan.minutes) in looked.minutes)
        and looked.kinds <= {kind for kind, _ in plan.segments}
    )
