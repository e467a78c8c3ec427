"""The library of session plans, to read and to print."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.model import Kind, Plan
from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.pages.plan_page import in_print, on_screen
from facilitator.people.access import Role, Unknown, groups_of
from facilitator.records import editions, shelf
from facilitator.records.scheduling import groups_to_lead
from facilitator.storage.engine import Session

LONGEST_SEARCH = 200

blueprint = Blueprint("plans", __name__)


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
    )


@blueprint.get("/plans/<plan_id>")
def show(plan_id: str) -> ResponseReturnValue:
    """One plan: what each audience sees, segment by segment."""
    staff = me()
    with house().db.read() as s:
        plan = _kept(s, plan_id)
        runs = shelf.runs(s, staff, plan_id, house().clock())
        leads = bool(groups_to_lead(s, staff))
    return on_screen(plan, runs=runs, leads=leads)


@blueprint.get("/plans/<plan_id>/print")
def print_out(plan_id: str) -> ResponseReturnValue:
    """One plan on paper, with its handouts."""
    with house().db.read() as s:
        return in_print(_kept(s, plan_id))


def _kept(s: Session, plan_id: str) -> Plan:
    kept = editions.newest(s, plan_id)
    if kept is None:
        raise Unknown("There is no such plan in the library.")
    return editions.plan_in(kept)


def _looked() -> shelf.Looked:
    asked = request.args
    return shelf.Looked(
        words=asked.get("words", "")[:LONGEST_SEARCH],
        tracks=frozenset(asked.getlist("track")),
        minutes=frozenset(asked.getlist("minutes")),
        kinds=frozenset(asked.getlist("kind")),
    )
