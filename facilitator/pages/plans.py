"""The library of session plans, to read and to print; and the addresses of writing and publishing them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.model import Kind
from facilitator.pages import house, plan_drafts, plan_files, plan_publishing, plan_try
from facilitator.pages.gate import me
from facilitator.pages.plan_page import about, in_print, on_screen
from facilitator.people.access import Role, Unknown, groups_of, may_enter
from facilitator.records import editions, shelf
from facilitator.records.scheduling import groups_to_lead
from facilitator.storage.engine import Session
from facilitator.storage.tables import PlanEdition

LONGEST_SEARCH = 200

blueprint = Blueprint("plans", __name__)

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


@blueprint.get("/plans")
def index() -> ResponseReturnValue:
    """Every plan, or those that fit what is looked for; beside them what one group has had."""
    staff, looked = me(), _looked()
    with house().db.read() as s:
        kept = editions.on_shelf(s)
        groups = [] if staff.role == Role.ADMINISTRATOR else [one for one in groups_of(s, staff) if one.active]
        group = next((one for one in groups if one.id == request.args.get("group")), None)
        had = shelf.had(s, group.id, house().clock()) if group else shelf.Had()
        plans = shelf.look(s, kept, looked)
    tracks, minutes, kinds = shelf.counts(kept)
    return render_template(
        "plans/index.html",
        plans=plans,
        longest=max(minutes, default=0),
        total=len(kept),
        looked=looked,
        tracks=sorted(tracks.items()),
        minutes=sorted(minutes.items()),
        kinds=[(str(kind), kinds[kind]) for kind in Kind if kinds[kind]],
        most=shelf.most,
        groups=groups,
        group=group,
        had=had,
        may_write=may_enter(Role(staff.role), "plans.start"),
    )


@blueprint.get("/plans/<plan_id>")
def show(plan_id: str) -> ResponseReturnValue:
    """One plan: what each audience sees, segment by segment."""
    staff = me()
    with house().db.read() as s:
        kept = _kept(s, plan_id)
        published = about(s, staff, kept)
        runs = shelf.runs(s, staff, plan_id, house().clock())
        leads = bool(groups_to_lead(s, staff))
    return on_screen(editions.plan_in(kept), published=published, runs=runs, leads=leads)


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


def _looked() -> shelf.Looked:
    asked = request.args
    return shelf.Looked(
        words=asked.get("words", "")[:LONGEST_SEARCH],
        tracks=frozenset(asked.getlist("track")),
        minutes=frozenset(asked.getlist("minutes")),
        kinds=frozenset(asked.getlist("kind")),
    )
