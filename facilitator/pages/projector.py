"""The shared screen. Whoever has its token may look; nothing can be changed from here."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from facilitator.pages import house, qr
from facilitator.people.access import Unknown

NO_SCREEN = "This screen is not known. Open it again from the console."
DOORS_CLOSED = "The doors are not open."

blueprint = Blueprint("projector", __name__)


@blueprint.get("/p/<token>")
def show(token: str) -> ResponseReturnValue:
    """The page on the wall, with the view of now; its script goes on from there."""
    return render_template("projector/show.html", token=token, view=house().hub.projector_view(_session(token)))


@blueprint.get("/p/<token>/view")
def view(token: str) -> ResponseReturnValue:
    """What the room sees now, as JSON."""
    return house().hub.projector_view(_session(token))


@blueprint.get("/p/<token>/qr.svg", endpoint="qr")
def code(token: str) -> ResponseReturnValue:
    """The join address as a QR code, while the doors are open."""
    join = house().hub.projector_view(_session(token))["join"]
    if join is None:
        abort(404, DOORS_CLOSED)
    return qr.picture(qr.join_url(house().settings.url, join["code"]))


def _session(token: str) -> str:
    session_id = house().hub.session_of_screen(token)
    if session_id is None:
        raise Unknown(NO_SCREEN)
    return session_id
