"""Plans from elsewhere: each becomes a draft, unless the very text is published, or somebody's draft, already."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from facilitator.curricula.keeper import CannotRead, Keeper
from facilitator.curricula.library import CURRICULUM, FOLDER, PLAN
from facilitator.curricula.packs import LARGEST_PACK, TOO_LARGE
from facilitator.curricula.text import TOO_LARGE_FOR_A_PLAN
from facilitator.records import drafts, editions
from facilitator.storage.tables import PlanEdition, PlanShelf, Staff

# A pack of five hundred good plans takes ten seconds.
PATIENCE_S = 30.0
TOO_MUCH = "The plans in this take too long to read. Bring them in in several parts."


class NotBrought(ValueError):
    """Nothing was brought in. ``problems``: the names of files, each with a sentence that says why."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{name}: {sentence}" for name, sentence in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class PlanRead:
    """A plan in a file: its id ("" when it has errors), how many errors, and what was mended on the way in."""

    name: str
    text: str
    id: str
    errors: int
    mended: tuple[str, ...]


@dataclass(frozen=True)
class FileRead:
    """The plans in a file, and the names of curricula in it, which are left out."""

    plans: tuple[PlanRead, ...]
    curricula: tuple[str, ...]


@dataclass(frozen=True)
class Brought:
    """What became of one file: a new draft, one that there was (``draft``), or an edition that there is already."""

    name: str
    title: str
    draft: str = ""
    is_new: bool = False
    edition: PlanEdition | None = None


def read_file_of_plans(
    worker: Keeper, name: str, data: bytes, *, by: str = "", patience_s: float = PATIENCE_S
) -> FileRead:
    """What is in a file, a plan or a pack, as ``worker`` reads it ``by`` somebody, in at most so many seconds.

    Raises NotBrought with all reasons why not.
    """
    if len(data) > LARGEST_PACK:
        raise NotBrought([(name, TOO_LARGE)])
    try:
        there = worker.ask("bring", by=by, name=name, data=b64encode(data).decode())
    except CannotRead as error:
        raise NotBrought([(name, str(error))]) from None
    problems = [(each[0] or name, each[1]) for each in there["problems"]]
    plans: list[PlanRead] = []
    until = time.monotonic() + patience_s
    for file in [] if problems else there["plans"]:
        if plans and time.monotonic() >= until:
            problems.append((name, TOO_MUCH))
            break
        plans.append(_plan(worker, file, problems, by))
    problems += _twins(plans)
    if problems:
        raise NotBrought(problems)
    return FileRead(tuple(plans), tuple(there["curricula"]))


def told(brought: Brought) -> str:
    """What became of a file, in a line."""
    if brought.edition:
        edition = brought.edition
        return f"{brought.name}: published already, as {edition.plan_id}, version {edition.version}. Nothing to do."
    return f"{brought.name}: a draft {'now' if brought.is_new else 'already'}, {brought.title}."


def _plan(worker: Keeper, file: dict[str, Any], problems: list[tuple[str, str]], by: str) -> PlanRead:
    """What one file holds; that it cannot be read at all is noted."""
    text = drafts.plain_text(file["text"])
    if drafts.is_too_large(text):
        problems.append((file["name"], TOO_LARGE_FOR_A_PLAN))
        return PlanRead(file["name"], text, "", 0, ())
    try:
        found = worker.ask("check", by=by, text=file["text"])
    except CannotRead as error:
        problems.append((file["name"], str(error)))
        found = {"plan": None, "errors": []}
    plan_id = found["plan"]["id"] if found["plan"] else ""
    return PlanRead(file["name"], file["text"], plan_id, len(found["errors"]), tuple(file["mended"]))


def bring_in(s: Session, staff: Staff, now: int, texts: Iterable[tuple[str, str]]) -> list[Brought]:
    """Make drafts of these (name, text). The same again makes no more of them."""
    plain = [(name, drafts.plain_text(text)) for name, text in texts]
    # A question to the database for each of five hundred would hold everybody up.
    published = editions.by_text(s, [text for _, text in plain])
    there = drafts.holding(s, [text for _, text in plain])
    brought = []
    for name, text in plain:
        title, edition = drafts.title_in(text), published.get(text)
        is_new = edition is None and text not in there
        if is_new:
            s.add(draft := drafts.made(staff, now, text))
            there[text] = draft.id
        brought.append(Brought(name, title, "" if edition else there[text], is_new, edition))
    s.flush()
    return brought


def _twins(plans: Iterable[PlanRead]) -> list[tuple[str, str]]:
    """Those whose id another one has, capital letters aside: nobody could say which of them is meant."""
    first: dict[str, str] = {}
    return [
        (plan.name, f"The id '{plan.id}' is also in {first[plan.id.casefold()]}. Give one of them another.")
        for plan in plans
        if plan.id and first.setdefault(plan.id.casefold(), plan.name) != plan.name
    ]


def to_take_along(s: Session, plan_id: str | None = None) -> Mapping[str, str]:
    """The texts of every plan that can be run, or of one, by the names of their files, with the ordered curricula."""
    columns = (PlanEdition.plan_id, PlanEdition.track, PlanEdition.text)
    query = select(*columns).join(PlanShelf, col(PlanShelf.edition_id) == PlanEdition.id)
    if plan_id is not None:
        query = query.where(PlanEdition.plan_id == (editions.spelled(s, plan_id) or plan_id))
    files = {f"{_folder(track)}/{one}{PLAN}": text for one, track, text in s.exec(query)}
    if plan_id is None:
        files |= {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob(f"*{CURRICULUM}")}
    return files


def _folder(track: str) -> str:
    return track.replace(" ", "-")
