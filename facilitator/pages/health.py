"""Whether this installation is well, for whoever watches it."""

from __future__ import annotations

from flask import Blueprint

from facilitator.pages import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[dict[str, str], int]:
    """200 when the database answers, else 503."""
    if house().db.is_well():
        return {"status": "ok"}, 200
    return {"status": "the database does not answer"}, 503
