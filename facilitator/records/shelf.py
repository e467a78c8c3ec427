"""The plans on the shelf, looked through by words, topic and shape, and what one group has had of them.

Each process keeps what it needs to look through (no texts, their words once each), so that a page is not slower with
5,000 plans than with 50; it asks the database each time whether anything was published since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from itertools import chain

from sqlmodel import Session, col, select

from facilitator.curricula.words import folded, searched, typed, words_of
from facilitator.people.access import Verb, may
from facilitator.records import editions
from facilitator.records.agenda import RUNNING, not_held
from facilitator.records.editions import Listed
from facilitator.records.record import WITHOUT_TEXTS, Record, began_of, load
from facilitator.storage.tables import GroupSession, Staff

RUNS_SHOWN = 5
A_PAGE = 50
# How near a word of the library must be to one that nothing has: as difflib counts, and in letters more or fewer.
NEAR, NEAR_LENGTH = 0.75, 2
MOST_AS_NEAR = 5
# Each costs a look through every word.
MOST_NEAR = 6
DONE, ON_NOW, PLANNED, NOT_YET = "done", "on now", "planned", "not yet"
STATES = (NOT_YET, ON_NOW, DONE, PLANNED)


@dataclass(frozen=True)
class Kept:
    """A plan as it is looked through. ``words`` begin with a space, each."""

    plan: Listed
    words: str
    kinds: frozenset[str]
    parts: frozenset[str]
    title: str
    minutes: str

    @cached_property
    def title_words(self) -> str:
        """The words of its title, as ``words``."""
        return "".join(f" {word}" for word in words_of(self.title))


@dataclass(frozen=True)
class Looked:
    """What somebody looks for; an empty field does not matter. ``words`` may be the beginnings of words."""

    words: str = ""
    tracks: frozenset[str] = frozenset()
    minutes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    sort: str = "code"

    @cached_property
    def beginnings(self) -> tuple[tuple[str, ...], ...]:
        """The words as they are looked for, each in its forms."""
        return tuple(searched(self.words))


@dataclass(frozen=True)
class Had:
    """When a group last did each plan, when it is to do it next, and since when it runs now (plan id to ms UTC)."""

    done: dict[str, int] = field(default_factory=dict)
    coming: dict[str, int] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)

    def state(self, plan_id: str) -> str:
        """Which one of STATES a plan is in for the group. What is, counts before what comes, and that before what was.
        """
        if plan_id in self.running:
            return ON_NOW
        return PLANNED if plan_id in self.coming else DONE if plan_id in self.done else NOT_YET


@dataclass(frozen=True)
class Found:
    """What was found. ``counts``: for each kind of filter, how many plans each of its options would leave, the others
    staying as they are. ``without``: how many there would be without that filter, where there are some."""

    plans: Sequence[Listed]
    counts: Mapping[str, Counter[str]]
    without: Mapping[str, int]


@dataclass(frozen=True)
class Stock:
    """Everything that can be run, by id. ``options``: what there is to choose from, for each kind of filter;
    ``words``: every word that there is, and how many plans have it."""

    plans: tuple[Kept, ...]
    options: Mapping[str, frozenset[str]]
    longest: int
    words: Counter[str]


class Shelf:
    """Every plan that can be run, kept in memory. Safe to share: what it gives out is never changed."""

    def __init__(self) -> None:
        self._kept: tuple[Mapping[str, Kept], Stock, int] = ({}, _stock((), Counter()), -1)

    def stock(self, s: Session) -> Stock:
        """What there is now."""
        number = editions.number_of_editions(s)
        # Taken once: another thread may put newer ones in their place meanwhile.
        before, stock, number_before = self._kept
        if number != number_before:
            now = editions.newest_of_all(s)
            new = {kept.plan.edition: kept for kept in _read(s, [one for one in now.values() if one not in before])}
            found = {edition: new.get(edition) or before.get(edition) for edition in now.values()}
            kept = {edition: one for edition, one in found.items() if one}
            gone = [one for edition, one in before.items() if edition not in kept]
            stock = _stock(tuple(kept.values()), _recounted(stock.words, gone, new.values()))
            self._kept = (kept, stock, number)
        return stock


def _stock(plans: tuple[Kept, ...], words: Counter[str]) -> Stock:
    options = {
        "tracks": frozenset(kept.plan.track for kept in plans),
        "minutes": frozenset(kept.minutes for kept in plans),
        "states": frozenset(STATES),
        "kinds": frozenset(kind for kept in plans for kind in kept.kinds),
        "parts": frozenset(part for kept in plans for part in kept.parts),
    }
    return Stock(plans, options, max((kept.plan.minutes for kept in plans), default=0), words)


def _recounted(words: Counter[str], gone: Iterable[Kept], new: Iterable[Kept]) -> Counter[str]:
    """The words after these plans went and those came. Counting all of them anew takes half a second for 5,000."""
    counted = words.copy()
    for kept in new:
        counted.update(kept.words.split())
    for kept in gone:
        counted.subtract(kept.words.split())
    return +counted


def look(plans: Iterable[Kept], looked: Looked, had: Had) -> Found:
    """The plans that fit, in the order that was asked for; by code, those with the words in their title come first."""
    found: list[Kept] = []
    near: dict[str, list[Kept]] = {}
    for kept in plans:
        missed = _missed(kept, looked, had)
        if not missed:
            found.append(kept)
        elif len(missed) == 1:
            near.setdefault(missed[0], []).append(kept)
    if looked.sort == "title":
        found.sort(key=lambda kept: kept.title)
    elif looked.beginnings:
        found.sort(key=lambda kept: not _has_words(looked.beginnings, kept.title_words))
    return Found(
        plans=[kept.plan for kept in found],
        counts={
            # Of these a plan has one, so that another option in its place leaves others.
            "tracks": Counter(kept.plan.track for kept in (*found, *near.get("tracks", ()))),
            "minutes": Counter(kept.minutes for kept in (*found, *near.get("minutes", ()))),
            "states": Counter(had.state(kept.plan.id) for kept in (*found, *near.get("states", ()))),
            # Of these it has many, and one more can only leave fewer.
            "kinds": Counter(chain.from_iterable(kept.kinds for kept in found)),
            "parts": Counter(chain.from_iterable(kept.parts for kept in found)),
        },
        without={name: len(some) for name, some in near.items()},
    )


def finds_any(plans: Iterable[Kept], looked: Looked, had: Had) -> bool:
    """Whether any plan fits. Quicker than ``look`` where one does."""
    return any(not _missed(kept, looked, had) for kept in plans)


def _missed(kept: Kept, looked: Looked, had: Had) -> list[str]:
    """What of it all a plan does not fit."""
    missed = []
    if looked.tracks and kept.plan.track not in looked.tracks:
        missed.append("tracks")
    if looked.minutes and kept.minutes not in looked.minutes:
        missed.append("minutes")
    if looked.states and had.state(kept.plan.id) not in looked.states:
        missed.append("states")
    if not looked.kinds <= kept.kinds:
        missed.append("kinds")
    if not looked.parts <= kept.parts:
        missed.append("parts")
    if not _has_words(looked.beginnings, kept.words):
        missed.append("words")
    return missed


def _has_words(beginnings: Iterable[tuple[str, ...]], words: str) -> bool:
    return all(any(form in words for form in forms) for forms in beginnings)


def meant(stock: Stock, words: str) -> str:
    """What somebody may have meant by words that no plan has, or "" when nothing is near."""
    written = typed(words)
    near = [_nearest(stock, word) for word in written[:MOST_NEAR]] + written[MOST_NEAR:]
    return " ".join(near) if near != written else ""


def _nearest(stock: Stock, word: str) -> str:
    (forms,) = searched(word)
    if any(f" {other}".startswith(forms) for other in stock.words):
        return word
    alike = [other for other in stock.words if other[0] == word[0] and abs(len(other) - len(word)) <= NEAR_LENGTH]
    near = get_close_matches(word, alike, n=MOST_AS_NEAR, cutoff=NEAR)
    # Of those that are as near, what more plans speak of: "panik" is panic, and no plank.
    return max(near, key=lambda other: (_likeness(word, other), stock.words[other], other), default=word)


def _likeness(word: str, other: str) -> float:
    # The second is the one that the matcher of get_close_matches looks for.
    return SequenceMatcher(None, other, word).ratio()


def most(plan: Listed) -> list[tuple[str, int]]:
    """The two kinds of segment that take most of its minutes."""
    minutes: Counter[str] = Counter()
    for kind, length in plan.segments:
        minutes[kind] += length
    return minutes.most_common(2)


def had(s: Session, group_id: str, now: int) -> Had:
    """What a group has had, what it is at, and what is scheduled for it.

    A session that never began gave nobody its plan, whether it was ended in an empty room or its doors stayed shut.
    """
    found = Had()
    began = began_of(s, group_id)
    query = select(GroupSession).where(GroupSession.group_id == group_id, GroupSession.state != "cancelled")
    for session in s.exec(query.order_by(col(GroupSession.scheduled_at)).options(*WITHOUT_TEXTS)):
        plan, at = session.plan_id, session.scheduled_at
        if session.state in RUNNING:
            found.running[plan] = at
        elif session.state == "ended" and session.id in began:
            found.done[plan] = at
        elif session.state == "scheduled" and not not_held(session, now):
            found.coming.setdefault(plan, at)
    return found


def runs(s: Session, staff: Staff, plan_id: str, now: int) -> list[Record]:
    """The newest sessions with this plan that ``staff`` may read."""
    ended = select(GroupSession).where(GroupSession.plan_id == plan_id, GroupSession.state == "ended")
    newest = s.exec(ended.order_by(col(GroupSession.scheduled_at).desc()).options(*WITHOUT_TEXTS))
    readable = [session for session in newest if may(staff, session, Verb.READ)][:RUNS_SHOWN]
    return [load(s, session, now) for session in readable]


def _read(s: Session, edition_ids: Sequence[str]) -> Iterable[Kept]:
    for plan, words in editions.listed(s, edition_ids):
        yield Kept(
            plan=plan,
            words=f" {words or _words_of(s, plan)}",
            kinds=frozenset(kind for kind, _ in plan.segments),
            parts=frozenset(plan.parts),
            title=folded(plan.title),
            minutes=str(plan.minutes),
        )


def _words_of(s: Session, plan: Listed) -> str:
    """The words of an edition that was published before they were kept."""
    edition = editions.one(s, plan.edition)
    return " ".join(sorted(words_of(f"{plan.id} {edition.text}"))) if edition else ""
