"""The library of session plans, to read and to print; and the addresses of writing and publishing them."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.curricula.fit import Fitted, fit
from facilitator.curricula.model import Plan
from facilitator.pages import house, plan_drafts, plan_files, plan_finding, plan_publishing, plan_try
from facilitator.pages.gate import me
from facilitator.pages.plan_page import about, in_print, on_screen
from facilitator.people.access import Unknown
from facilitator.records import editions, shelf
from facilitator.records.scheduling import groups_to_lead, read_length
from facilitator.storage.engine import Session
from facilitator.storage.tables import PlanEdition

blueprint = Blueprint("plans", __name__)

blueprint.get("/plans")(plan_finding.index)
blueprint.get("/plans/drafts", endpoint="drafts")(plan_drafts.index)
blueprint.post("/plans/drafts", endpoint="start")(plan_drafts.start)
blueprint.post("/plans/drafts/look")(plan_drafts.look)
blueprint.post("/plans/drafts/clean")(plan_drafts.clean)
blueprint.get("/plans/drafts/<draft_id>")(plan_drafts.edit)
blueprint.post("/plans/drafts/<draft_id>")(plan_drafts.keep)
blueprint.post("/plans/drafts/<draft_id>/save")(plan_drafts.save)
blueprint.get("/plans/drafts/<draft_id>/discard")(plan_drafts.discard)
blueprint.post("/plans/drafts/<draft_id>/discard")(plan_drafts.discard_now)
blueprint.get("/plans/drafts/<draft_id>/publish")(plan_publishing.confirm)
blueprint.post("/plans/drafts/<draft_id>/publish")(plan_publishing.publish)
blueprint.get("/plans/drafts/<draft_id>/try")(plan_try.begin)
blueprint.post("/plans/drafts/<draft_id>/try")(plan_try.go_on)
blueprint.get("/plans/export")(plan_files.export)
blueprint.get("/plans/import")(plan_files.bring)
blueprint.post("/plans/import")(plan_files.bring_now)
blueprint.get("/plans/<plan_id>/try")(plan_try.begin_plan)
blueprint.post("/plans/<plan_id>/try")(plan_try.go_on_plan)
blueprint.get("/plans/<plan_id>/versions")(plan_publishing.history)
blueprint.get("/plans/<plan_id>/versions/<version>")(plan_publishing.version)
blueprint.get("/plans/<plan_id>/versions/<version>/print")(plan_publishing.version_print_out)


@blueprint.before_request
def _as_the_library_spells_it() -> ResponseReturnValue | None:
    """An address whose capital letters differ leads to the one address that a plan has."""
    plan_id = (request.view_args or {}).get("plan_id")
    if plan_id is None or request.method not in {"GET", "HEAD"}:
        return None
    with house().db.read() as s:
        spelled = editions.spelled(s, plan_id)
    if spelled is None or spelled == plan_id:
        return None
    there = url_for(str(request.endpoint), **{**(request.view_args or {}), "plan_id": spelled})
    return redirect(f"{there}?{request.query_string.decode()}".rstrip("?"), 302)


@blueprint.get("/plans/<plan_id>")
def show(plan_id: str) -> ResponseReturnValue:
    """One plan: what each audience sees, segment by segment; at another length, what that changes."""
    staff = me()
    with house().db.read() as s:
        kept = _kept(s, plan_id)
        published = about(s, staff, kept)
        runs = shelf.runs(s, staff, plan_id, house().clock())
        leads = bool(groups_to_lead(s, staff))
    plan = editions.plan_in(kept)
    return on_screen(plan, published=published, runs=runs, leads=leads, fitted=_at_length(plan))


@blueprint.get("/plans/<plan_id>/print")
def print_out(plan_id: str) -> ResponseReturnValue:
    """One plan on paper, with its handouts."""
    with house().db.read() as s:
        return in_print(editions.plan_in(_kept(s, plan_id)))


def _kept(s: Session, plan_id: str) -> PlanEdition:
    kept = editions.newest(s, plan_id)
    if kept is None:
        raise Unknown("There is no such plan in the library.")
    return kept


def _at_length(plan: Plan) -> Fitted | None:
    """The plan at the length that the address asks for; None when it asks for none, or for one that cannot be."""
    try:
        length = read_length(request.args.get("length", ""))
        return fit(plan, length) if length else None
    except ValueError:
        return None
