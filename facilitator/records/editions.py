"""Published plans: each edition frozen with its text, its digest, its author and its time, and which one is run now.

An edition is read and rendered once, when it is published. Pages and scheduling take it from here as it was read then.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Text, cast
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.model import Kind, Plan
from facilitator.curricula.stored import from_stored, to_stored
from facilitator.curricula.words import words_of
from facilitator.records import audit
from facilitator.storage.tables import PlanEdition, PlanShelf, Staff

_log = logging.getLogger(__name__)

HIGHEST_PART = 9999
CHUNK = 500
_SHORT = (
    PlanEdition.id,
    PlanEdition.plan_id,
    PlanEdition.version,
    PlanEdition.title,
    PlanEdition.track,
    PlanEdition.language,
    PlanEdition.minutes,
    # As text: one row that is no JSON would stop the reading of all.
    cast(col(PlanEdition.segments), Text).label("segments"),
    PlanEdition.parts,
    PlanEdition.words,
)
PRODUCT = "Came with the product"
PUBLISHED_MEANWHILE = "Somebody published another version since you opened this page. Look at what changes now."
# Addresses below /plans that are no plan.
TAKEN = frozenset({"drafts", "import", "export", "tries"})


class NotPublished(ValueError):
    """It cannot be published like this. ``str(error)`` is a sentence for its author."""


@dataclass(frozen=True)
class Listed:
    """A plan on the shelf, without its words. ``segments``: kind and minutes in order; ``edition`` is the row's id."""

    edition: str
    id: str
    version: str
    title: str
    track: str
    language: str
    minutes: int
    segments: tuple[tuple[str, int], ...]
    parts: tuple[str, ...]


def sha256(text: str) -> str:
    """The digest of a plan's text, as its checksum file has it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def publish(
    s: Session, text: str, plan: Plan, *, author: str | None, now: int, note: str = "", seen: str | None = None
) -> PlanEdition:
    """Keep ``text``, which was read as ``plan``, as a new edition; the same text again is the edition that there is.

    ``author`` is a staff id, or None for what comes with the product: that never takes the place of a clinic's own
    newest edition. An id that differs from one in the library by its capital letters is that one. ``seen`` is the id of
    the edition that the author saw in use ("": there was none; None: nobody looked).
    Raises NotPublished when the version is not a new one, or another edition is in use than the author saw.
    """
    _wait_for_my_turn(s)
    plan = replace(plan, id=spelled(s, plan.id) or plan.id)
    there = editions_of(s, plan.id)
    digest = sha256(text)
    if same := next((edition for edition in there if edition.sha256 == digest), None):
        return same
    if refused := _refused(plan, there, only_new=author is None):
        raise NotPublished(refused)
    if seen is not None and seen != _in_use(s, plan.id):
        raise NotPublished(PUBLISHED_MEANWHILE)
    edition = _edition(text, plan, author, now, note)
    s.add(edition)
    try:
        s.flush()
        _put_on_shelf(s, edition)
    except IntegrityError:
        # Somebody else was a moment quicker.
        raise NotPublished(_published_already(plan.version, next_version(plan.version))) from None
    if author is not None:
        read = sha256(edition.plan_read)
        traced = {"plan": f"{plan.id} {plan.version}", "sha256": digest, "read": read}
        audit.write(s, author, "plan.published", edition.id, traced, now)
    return edition


def why_not(s: Session, text: str, plan: Plan) -> str:
    """Why somebody cannot publish ``text``, read as ``plan``, in a sentence; "" when they can."""
    plan = replace(plan, id=spelled(s, plan.id) or plan.id)
    there = editions_of(s, plan.id)
    if any(edition.sha256 == sha256(text) for edition in there):
        return f"This very text is published already, as version {plan.version}."
    return _refused(plan, there, only_new=False)


def authors(s: Session, there: Iterable[PlanEdition]) -> dict[str, str]:
    """Who published each of these editions: names by the edition's id."""
    names = dict(s.exec(select(Staff.id, Staff.name)).all())
    return {edition.id: names[edition.author_id] if edition.author_id else PRODUCT for edition in there}


def newest(s: Session, plan_id: str) -> PlanEdition | None:
    """The edition of a plan that is run now, or None when there is no such plan."""
    meant = spelled(s, plan_id)
    return s.get_one(PlanEdition, s.get_one(PlanShelf, meant).edition_id) if meant else None


def spelled(s: Session, plan_id: str) -> str | None:
    """The id of the plan that is meant, as the library spells it, or None when there is no such plan.

    Capital letters make no other plan. A library from before that rule may hold both; then each is itself.
    """
    return spellings(s, [plan_id]).get(plan_id)


def spellings(s: Session, plan_ids: Collection[str]) -> Mapping[str, str]:
    """How the library spells these ids; those of no plan are left out."""
    exact = s.exec(select(PlanShelf.plan_id).where(col(PlanShelf.plan_id).in_(plan_ids)))
    found = {plan_id: plan_id for plan_id in exact}
    if missing := [plan_id for plan_id in plan_ids if plan_id not in found]:
        alike = {one.lower(): one for one in _alike(s, missing)}
        found |= {plan_id: alike[plan_id.lower()] for plan_id in missing if plan_id.lower() in alike}
    return found


def twins(s: Session, plan_id: str) -> list[str]:
    """Other plans whose ids differ from this one by capital letters alone. Only an older library has any."""
    return [one for one in _alike(s, [plan_id]) if one != plan_id]


def respelled(s: Session, curricula: Iterable[Curriculum]) -> list[Curriculum]:
    """These curricula with the ids of their plans, also in their weeks, as the library spells them."""
    curricula = list(curricula)
    known = spellings(s, {plan_id for one in curricula for plan_id in one.plans})
    return [one.spelled(known) for one in curricula]


def one(s: Session, edition_id: str) -> PlanEdition | None:
    """The edition of this id, or None."""
    return s.get(PlanEdition, edition_id)


def by_text(s: Session, texts: Iterable[str]) -> dict[str, PlanEdition]:
    """The editions that hold one of these texts to the letter, by the text."""
    digests = {sha256(text): text for text in texts}
    found = s.exec(select(PlanEdition).where(col(PlanEdition.sha256).in_(digests)))
    return {digests[edition.sha256]: edition for edition in found}


def editions_of(s: Session, plan_id: str) -> list[PlanEdition]:
    """Every edition of a plan, the highest version first."""
    found = s.exec(select(PlanEdition).where(PlanEdition.plan_id == (spelled(s, plan_id) or plan_id)))
    return sorted(found, key=lambda edition: _order(edition.version), reverse=True)


def newest_of_all(s: Session) -> dict[str, str]:
    """The id of the edition that is run now, for every plan by id, in the order of plans."""
    rows = s.exec(select(PlanShelf.plan_id, PlanShelf.edition_id).order_by(col(PlanShelf.plan_id)))
    return dict(rows.all())


def number_of_editions(s: Session) -> int:
    """How many editions there are. They are never taken away, so that while it is the same, so is the shelf."""
    return s.exec(select(func.count()).select_from(PlanEdition)).one()


def listed(s: Session, edition_ids: Sequence[str]) -> Iterator[tuple[Listed, str]]:
    """These editions without their text, by plan, and beside each its words as they are looked for."""
    rows: list[Any] = []
    for start in range(0, len(edition_ids), CHUNK):
        chunk = edition_ids[start : start + CHUNK]
        # SQLModel gives types to four columns at most.
        rows += s.exec(select(*_SHORT).where(col(PlanEdition.id).in_(chunk)))  # type: ignore[call-overload]
    for row in sorted(rows, key=lambda row: str(row.plan_id)):
        try:
            yield _short(row), str(row.words)
        except (TypeError, ValueError):
            _log.error("Left out of the library: the edition %s was not stored by this product.", row.id)


def plan_in(edition: PlanEdition) -> Plan:
    """The plan as it was read when it was published."""
    return from_stored(edition.plan_read)


def frozen_plan(edition: PlanEdition) -> dict[str, Any]:
    """The columns of a session that runs ``edition``: the whole plan, which it keeps whatever is published later."""
    return {
        "plan_id": edition.plan_id,
        "plan_title": edition.title,
        "plan_version": edition.version,
        "plan_minutes": edition.minutes,
        "plan_text": edition.text,
        "plan_sha256": edition.sha256,
        "plan_read": edition.plan_read,
        "plan_edition": edition.id,
    }


def next_version(version: str) -> str:
    """The version after this one: 1.1 after 1.0, 1.10 after 1.9."""
    parts = [int(part) for part in version.split(".")]
    place = len(parts) - 1
    while place and parts[place] >= HIGHEST_PART:
        parts[place] = 0
        place -= 1
    parts[place] += 1
    return ".".join(map(str, parts))


def _wait_for_my_turn(s: Session) -> None:
    """One publishes at a time: two at once could each be later than what both saw. SQLite has one writer anyway."""
    if s.get_bind().dialect.name == "postgresql":
        s.execute(sql("LOCK TABLE plan_shelf IN SHARE ROW EXCLUSIVE MODE"))


def _in_use(s: Session, plan_id: str) -> str:
    shelf = s.get(PlanShelf, plan_id)
    return shelf.edition_id if shelf else ""


def _refused(plan: Plan, there: list[PlanEdition], *, only_new: bool) -> str:
    """Why this cannot be the next edition of those that there are; "" when it can."""
    if plan.id.lower() in TAKEN:
        return f"The id '{plan.id}' is a word of this app. Give the plan another, like W01."
    if not there:
        return ""
    version, highest = plan.version, there[0].version
    if any(_order(version) == _order(edition.version) for edition in there):
        return _published_already(version, next_version(highest))
    if not only_new and _order(version) < _order(highest):
        sentence = f"Version {version} comes before {highest}, which is published."
        return f"{sentence} Change version to {next_version(highest)}."
    return ""


def _published_already(version: str, after: str) -> str:
    return f"Version {version} is published already. Change version to {after}."


def _alike(s: Session, plan_ids: Collection[str]) -> Sequence[str]:
    """The ids on the shelf that are these but for capital letters, in order."""
    lowered = func.lower(PlanShelf.plan_id)
    alike = select(PlanShelf.plan_id).where(lowered.in_({plan_id.lower() for plan_id in plan_ids}))
    return s.exec(alike.order_by(col(PlanShelf.plan_id))).all()


def _order(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    return (*parts, 0, 0)[:3]


def _edition(text: str, plan: Plan, author: str | None, now: int, note: str) -> PlanEdition:
    kinds = dict.fromkeys(str(segment.kind) for segment in plan.segments)
    parts = dict.fromkeys(str(exercise.part) for _, exercise in plan.exercises())
    return PlanEdition(
        id=secrets.token_urlsafe(12),
        plan_id=plan.id,
        version=plan.version,
        title=plan.title,
        track=plan.track,
        language=plan.language,
        minutes=plan.minutes,
        segments=[(str(segment.kind), segment.minutes) for segment in plan.segments],
        kinds=_listed(kinds),
        parts=_listed(parts),
        text=text,
        sha256=sha256(text),
        plan_read=to_stored(plan),
        author_id=author,
        published_at=now,
        note=note,
        words=" ".join(sorted(words_of(f"{plan.id} {text}"))),
    )


def _put_on_shelf(s: Session, edition: PlanEdition) -> None:
    """The new edition is run from now on, unless it comes with the product and the clinic has one of its own."""
    shelf = s.get(PlanShelf, edition.plan_id)
    if shelf is None:
        s.add(PlanShelf(plan_id=edition.plan_id, edition_id=edition.id))
    else:
        now = s.get_one(PlanEdition, shelf.edition_id)
        is_later = _order(edition.version) > _order(now.version)
        if edition.author_id is not None or (now.author_id is None and is_later):
            shelf.edition_id = edition.id
    s.flush()


def _short(row: Any) -> Listed:
    return Listed(
        edition=row.id,
        id=row.plan_id,
        version=row.version,
        title=row.title,
        track=row.track,
        language=row.language,
        minutes=int(row.minutes),
        segments=tuple((Kind(kind).value, int(minutes)) for kind, minutes in json.loads(row.segments)),
        parts=_names(row.parts),
    )


def _listed(names: dict[str, None]) -> str:
    return "".join(f"|{name}" for name in names) + "|" * bool(names)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name for name in listed.split("|") if name)
