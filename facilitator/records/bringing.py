"""Plans from elsewhere: each becomes a draft, unless the very text is published, or somebody's draft, already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from facilitator.curricula.library import FOLDER
from facilitator.curricula.packs import CURRICULUM, PLAN
from facilitator.records import drafts, editions
from facilitator.storage.tables import PlanDraft, PlanEdition, PlanShelf, Staff


@dataclass(frozen=True)
class Brought:
    """What became of one file: a new draft, one that there was (``draft``), or an edition that there is already."""

    name: str
    title: str
    draft: str = ""
    is_new: bool = False
    edition: PlanEdition | None = None


def bring_in(s: Session, staff: Staff, now: int, texts: Iterable[tuple[str, str]]) -> list[Brought]:
    """Make drafts of these (name, text). The same again makes no more of them."""
    return [_brought(s, staff, now, name, text) for name, text in texts]


def _brought(s: Session, staff: Staff, now: int, name: str, text: str) -> Brought:
    title = drafts.title_in(text)
    edition = s.exec(select(PlanEdition).where(PlanEdition.sha256 == editions.sha256(text))).first()
    if edition is not None:
        return Brought(name, title, edition=edition)
    there = s.exec(select(PlanDraft.id).where(PlanDraft.text == drafts.plain_text(text))).first()
    if there is not None:
        return Brought(name, title, draft=there)
    return Brought(name, title, draft=drafts.start(s, staff, now, text).id, is_new=True)


def twins(plans: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of these files (name, plan id), those whose id another one has: nobody could say which of them is meant."""
    first: dict[str, str] = {}
    return [
        (name, f"The id '{plan_id}' is also in {first[plan_id]}. Give one of them another.")
        for name, plan_id in plans
        if plan_id and first.setdefault(plan_id, name) != name
    ]


def to_take_along(s: Session, plan_id: str | None = None) -> Mapping[str, str]:
    """The texts of every plan that can be run, or of one, by the names of their files, with the ordered curricula."""
    query = select(PlanEdition).join(PlanShelf, PlanShelf.edition_id == PlanEdition.id)  # type: ignore[arg-type]
    if plan_id is not None:
        query = query.where(PlanEdition.plan_id == plan_id)
    files = {f"{_folder(edition)}/{edition.plan_id}{PLAN}": edition.text for edition in s.exec(query)}
    if plan_id is None:
        files |= {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob(f"*{CURRICULUM}")}
    return files


def _folder(edition: PlanEdition) -> str:
    return edition.track.replace(" ", "-")
