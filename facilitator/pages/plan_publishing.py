"""Publishing a draft: what changed, a note, and from then on the text is frozen. Also a plan's history."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.curricula.differences import differences
from facilitator.curricula.keeper import CannotRead
from facilitator.curricula.model import Plan
from facilitator.curricula.problems import PlanError
from facilitator.curricula.stored import from_stored
from facilitator.pages import house
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.pages.plan_drafts import to_drafts
from facilitator.pages.plan_editor import Finding
from facilitator.pages.plan_page import about, in_print, on_screen
from facilitator.people.access import Unknown
from facilitator.records import drafts, editions
from facilitator.records.editions import NotPublished
from facilitator.storage.engine import Session
from facilitator.storage.tables import PlanDraft, PlanEdition

LONGEST_NOTE = 500
NO_PLAN = "There is no such plan in the library."
NO_VERSION = "This plan has no such version."
CHANGED_MEANWHILE = "The draft was saved again since you opened this page. Look at what changes now, then publish."


@dataclass(frozen=True)
class Reviewed:
    """A draft as it would be published: the plan, or else why it cannot be. ``changes`` is None for a new plan.

    ``twins``: plans of an older library whose ids differ from this one's by capital letters alone.
    """

    plan: Plan | None = None
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    refused: str = ""
    newest: PlanEdition | None = None
    twins: tuple[str, ...] = ()
    changes: tuple[str, ...] | None = None


def confirm(draft_id: str) -> ResponseReturnValue:
    """What publishing would change."""
    with house().db.read() as s:
        draft = drafts.one(s, draft_id)
    return _confirm_page(draft, Form({}))


def publish(draft_id: str) -> ResponseReturnValue:
    """Freeze the draft's text as the next edition of its plan; the draft is done with."""
    form = posted()
    note = form.words("note", "What changed", longest=LONGEST_NOTE, missing="Say in a few words what changed, and why.")
    try:
        with house().db.read() as s:
            draft = drafts.one(s, draft_id)
    except Unknown as gone:
        # Pressed twice, or two people at once: what was published is published.
        return to_drafts(str(gone))
    reviewed = _review(draft)
    if request.form.get("edition") != str(draft.edition):
        form.problems[""] = CHANGED_MEANWHILE
    if form.problems or reviewed.plan is None or reviewed.refused:
        return _confirm_page(draft, form, reviewed), 422
    try:
        with house().db.write() as s:
            if drafts.one(s, draft_id, to_write=True).edition != draft.edition:
                raise NotPublished(CHANGED_MEANWHILE)
            now = house().clock()
            seen = request.form.get("newest")
            kept = editions.publish(s, draft.text, reviewed.plan, author=me().id, now=now, note=note, seen=seen)
            drafts.throw_away(s, draft_id)
    except Unknown as gone:
        return to_drafts(str(gone))
    except NotPublished as error:
        form.problems[""] = str(error)
        return _confirm_page(draft, form), 409
    flash(f"Version {kept.version} is published. New sessions run it; those that are scheduled keep theirs.")
    return redirect(url_for("plans.show", plan_id=kept.plan_id), 303)


def history(plan_id: str) -> ResponseReturnValue:
    """Every edition of a plan, and what is different between any two."""
    with house().db.read() as s:
        there = _editions(s, plan_id)
        authors = editions.authors(s, there)
        newest = editions.newest(s, plan_id)
    by_version = {edition.version: edition for edition in there}
    after = by_version.get(request.args.get("after", ""), there[0])
    default = there[min(there.index(after) + 1, len(there) - 1)]
    before = by_version.get(request.args.get("before", ""), default)
    return render_template(
        "plans/history.html",
        editions=there,
        authors=authors,
        newest=newest,
        before=before,
        after=after,
        changes=differences(editions.plan_in(before), editions.plan_in(after)),
    )


def version(plan_id: str, version: str) -> ResponseReturnValue:
    """One edition of a plan, to read."""
    with house().db.read() as s:
        kept = _edition(s, plan_id, version)
        published = about(s, me(), kept)
    return on_screen(editions.plan_in(kept), published=published)


def version_print_out(plan_id: str, version: str) -> ResponseReturnValue:
    """One edition of a plan on paper."""
    with house().db.read() as s:
        return in_print(editions.plan_in(_edition(s, plan_id, version)))


def _confirm_page(draft: PlanDraft, form: Form, reviewed: Reviewed | None = None) -> str:
    return render_template(
        "plans/publish.html",
        draft=draft,
        reviewed=reviewed or _review(draft),
        form=form,
        problems=form.problems,
    )


def _review(draft: PlanDraft) -> Reviewed:
    try:
        told = house().worker.ask("read", by=me().id, text=draft.text)
    except PlanError as error:
        return Reviewed(errors=tuple(Finding(problem.line, problem.message) for problem in error.problems))
    except CannotRead as error:
        return Reviewed(refused=str(error))
    plan, warnings = from_stored(told["stored"]), tuple(Finding(*each) for each in told["warnings"])
    with house().db.read() as s:
        newest = editions.newest(s, plan.id)
        refused = editions.why_not(s, draft.text, plan)
        twins = tuple(editions.twins(s, newest.plan_id if newest else plan.id))
    changes = tuple(differences(editions.plan_in(newest), plan)) if newest else None
    return Reviewed(plan, (), warnings, refused, newest, twins, changes)


def _editions(s: Session, plan_id: str) -> list[PlanEdition]:
    there = editions.editions_of(s, plan_id)
    if not there:
        raise Unknown(NO_PLAN)
    return there


def _edition(s: Session, plan_id: str, version: str) -> PlanEdition:
    found = next((edition for edition in _editions(s, plan_id) if edition.version == version), None)
    if found is None:
        raise Unknown(NO_VERSION)
    return found
