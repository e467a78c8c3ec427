"""Plans that somebody is writing. A draft is kept whatever is wrong in it, and nobody's words replace another's unseen.

Every save says which edition of the draft it was made from, as progress notes do: who comes second is told.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from facilitator.curricula.snippets import NEW_PLAN
from facilitator.curricula.text import MAX_BYTES
from facilitator.people.access import Unknown
from facilitator.records import editions
from facilitator.storage.tables import PlanDraft, PlanEdition, PlanShelf, Staff

LONGEST_TITLE = 80
WITHOUT_TITLE = "Without a title"
A_FEW = 20
TOO_LARGE = f"A plan has at most {MAX_BYTES // 1024} kB. This was not saved: it stands below as you wrote it."

# A file whose lines end otherwise would be another text to every checksum; these two no database can keep.
_LINE_ENDS = re.compile("\r\n?")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_VERSION = re.compile(r"^version[ \t]*:.*$", re.MULTILINE | re.IGNORECASE)
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(.{0,200})", re.MULTILINE | re.IGNORECASE)


class Stale(ValueError):
    """Another text was saved meanwhile. ``who`` is a sentence, ``str(error)`` two; ``draft`` is what is kept.

    ``name``: of somebody else; "" when it was in another window of one's own.
    """

    def __init__(self, draft: PlanDraft, name: str) -> None:
        window = "This draft was saved in another window of yours while you were writing."
        self.who = f"{name} saved this draft while you were writing." if name else window
        super().__init__(f"{self.who} Nothing is lost: both texts are here.")
        self.draft = draft


class TooLarge(ValueError):
    """More than a plan can hold. ``str(error)`` is a sentence."""


@dataclass(frozen=True)
class Listed:
    """A draft without its words, with the names of who began and who saved it last."""

    id: str
    title: str
    started_by: str
    saved_by: str
    saved_at: int
    mine: bool


def plain_text(text: str) -> str:
    """``text`` with one kind of line end, and without what cannot be kept."""
    return _UNKEEPABLE.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def start(s: Session, staff: Staff, now: int, text: str, of: PlanEdition | None = None) -> PlanDraft:
    """A new draft with ``text``. Raises TooLarge."""
    draft = made(staff, now, text, of)
    s.add(draft)
    s.flush()
    return draft


def made(staff: Staff, now: int, text: str, of: PlanEdition | None = None) -> PlanDraft:
    """As ``start``, and it is for whoever calls to keep it."""
    text = _kept(text)
    return PlanDraft(
        id=secrets.token_urlsafe(12),
        title=title_in(text),
        text=text,
        edition=0,
        of_edition=of.id if of else None,
        started_by=staff.id,
        started_at=now,
        saved_by=staff.id,
        saved_at=now,
    )


def start_new(s: Session, staff: Staff, now: int) -> PlanDraft:
    """A draft of a plan that does not exist yet, with everything that a good one has."""
    return start(s, staff, now, NEW_PLAN.format(id=_unused_id(s)))


def start_change(s: Session, staff: Staff, now: int, plan_id: str) -> PlanDraft:
    """A draft of a plan's next version; the one that ``staff`` has already, if there is one. Raises Unknown."""
    newest = editions.newest(s, plan_id)
    if newest is None:
        raise Unknown("There is no such plan in the library.")
    mine = select(PlanDraft).where(PlanDraft.of_edition == newest.id, PlanDraft.started_by == staff.id)
    if there := s.exec(mine.order_by(col(PlanDraft.saved_at).desc())).first():
        return there
    highest = editions.editions_of(s, plan_id)[0].version
    return start(s, staff, now, with_version(newest.text, editions.next_version(highest)), newest)


def save(s: Session, staff: Staff, draft_id: str, text: str, edition: int, now: int) -> PlanDraft:
    """Keep ``text``, which was made from the draft's ``edition``. The same text again changes nothing.

    Raises Unknown, TooLarge, and Stale when somebody else saved other words meanwhile.
    """
    draft, text = one(s, draft_id, to_write=True), plain_text(text)
    if text == draft.text:
        return draft
    # First of all: who is told only that it is too much would shorten it, and save it over words never seen.
    if edition != draft.edition:
        raise Stale(draft, "" if draft.saved_by == staff.id else s.get_one(Staff, draft.saved_by).name)
    text = _kept(text)
    draft.text, draft.title = text, title_in(text)
    draft.edition += 1
    draft.saved_by, draft.saved_at = staff.id, now
    s.add(draft)
    s.flush()
    return draft


def one(s: Session, draft_id: str, *, to_write: bool = False) -> PlanDraft:
    """The draft; ``to_write``: nobody else can write it meanwhile. Raises Unknown."""
    draft = s.get(PlanDraft, draft_id, with_for_update=True if to_write else None)
    if draft is None:
        raise Unknown("There is no such draft. It was published or thrown away.")
    return draft


def holding(s: Session, texts: Iterable[str]) -> dict[str, str]:
    """The ids of drafts that hold one of these plain texts, by the text. No draft is read more than once."""
    wanted = set(texts)
    titles = {title_in(text) for text in wanted}
    found: dict[str, str] = {}
    rows = s.exec(select(PlanDraft.id, PlanDraft.text).where(col(PlanDraft.title).in_(titles)))
    for draft_id, text in rows.yield_per(A_FEW):
        if text in wanted:
            found.setdefault(text, draft_id)
    return found


def throw_away(s: Session, draft_id: str) -> None:
    """Delete a draft. Raises Unknown."""
    s.delete(one(s, draft_id))
    s.flush()


def listed(s: Session, staff: Staff, of_plan: str | None = None) -> list[Listed]:
    """Every draft, or those of one plan, the last saved first."""
    columns = (PlanDraft.id, PlanDraft.title, PlanDraft.started_by, PlanDraft.saved_by, PlanDraft.saved_at)
    # SQLModel gives types to four columns at most.
    query = select(*columns).order_by(col(PlanDraft.saved_at).desc())  # type: ignore[call-overload]
    if of_plan is not None:
        of_it = select(PlanEdition.id).where(PlanEdition.plan_id == (editions.spelled(s, of_plan) or of_plan))
        query = query.where(col(PlanDraft.of_edition).in_(of_it))
    names = dict(s.exec(select(Staff.id, Staff.name)).all())
    return [
        Listed(row.id, row.title, names[row.started_by], names[row.saved_by], row.saved_at, row.started_by == staff.id)
        for row in s.exec(query)
    ]


def with_version(text: str, version: str) -> str:
    """``text`` with this version in its settings."""
    return _VERSION.sub(f"version: {version}", text, count=1)


def title_in(text: str) -> str:
    """What the settings of ``text`` call it, as far as it can be told."""
    match = _TITLE.search(text)
    title = match[1].strip(" \"'\t")[:LONGEST_TITLE] if match else ""
    return title or WITHOUT_TITLE


def is_too_large(text: str) -> bool:
    """Whether a draft cannot hold ``text``, which is plain already."""
    return len(text.encode()) > MAX_BYTES


def _kept(text: str) -> str:
    text = plain_text(text)
    if is_too_large(text):
        raise TooLarge(TOO_LARGE)
    return text


def _unused_id(s: Session) -> str:
    """W01, W02 and so on: the first that is no plan's."""
    taken = {plan_id.upper() for plan_id in s.exec(select(PlanShelf.plan_id))}
    number = 1
    while f"W{number:02}" in taken:
        number += 1
    return f"W{number:02}"
