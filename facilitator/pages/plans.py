"""The library of session plans, to read and to print."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.library import PlanFile
from facilitator.curricula.model import Kind
from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.pages.plan_page import in_print, on_screen
from facilitator.people.access import Role, Unknown, groups_of
from facilitator.records import shelf
from facilitator.records.scheduling import groups_to_lead

LONGEST_SEARCH = 200

blueprint = Blueprint("plans", __name__)


@blueprint.get("/plans")
def index() -> ResponseReturnValue:
    """Every plan, or those that fit what is looked for; beside them what one group has had."""
    staff, kept = me(), house().library.plans()
    with house().db.read() as s:
        groups = [] if staff.role == Role.ADMINISTRATOR else [one for one in groups_of(s, staff) if one.active]
        group = next((one for one in groups if one.id == request.args.get("group")), None)
        had = shelf.had(s, group.id, house().clock()) if group else shelf.Had()
    tracks, minutes, kinds = shelf.counts(kept)
    looked = _looked()
    return render_template(
        "plans/index.html",
        plans=shelf.look(kept, looked),
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
    )


@blueprint.get("/plans/<plan_id>")
def show(plan_id: str) -> ResponseReturnValue:
    """One plan: what each audience sees, segment by segment."""
    kept, staff = _kept(plan_id), me()
    with house().db.read() as s:
        runs = shelf.runs(s, staff, plan_id, house().clock())
        leads = bool(groups_to_lead(s, staff))
    return on_screen(kept.plan, runs=runs, leads=leads)


@blueprint.get("/plans/<plan_id>/print")
def print_out(plan_id: str) -> ResponseReturnValue:
    """One plan on paper, with its handouts."""
    return in_print(_kept(plan_id).plan)


def _kept(plan_id: str) -> PlanFile:
    kept = house().library.get(plan_id)
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
