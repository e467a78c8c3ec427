"""An ordered curriculum: its plans in their order, and the sample weeks that they make up."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from facilitator.curricula.weeks import in_hours
from facilitator.pages import house
from facilitator.people.access import Unknown
from facilitator.records import editions

blueprint = Blueprint("curricula", __name__)


@blueprint.get("/curricula/<curriculum_id>")
def show(curriculum_id: str) -> ResponseReturnValue:
    """One curriculum, with every plan's length and every week's sum."""
    curriculum = next((one for one in house().curricula if one.id == curriculum_id), None)
    if curriculum is None:
        raise Unknown("There is no such curriculum.")
    with house().db.read() as s:
        [curriculum] = editions.respelled(s, [curriculum])
        listed = {kept.plan.id: kept.plan for kept in house().shelf.stock(s).plans if kept.plan.id in curriculum.plans}
    return render_template(
        "curricula/show.html",
        curriculum=curriculum,
        others=[one for one in house().curricula if one.id != curriculum.id],
        listed=listed,
        longest=max((plan.minutes for plan in listed.values()), default=0),
        in_hours=in_hours,
    )
