"""The web: one Blueprint per area, and what all of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

if TYPE_CHECKING:
    from facilitator.house import House
    from facilitator.records.scheduling import Clinic


def house() -> House:
    """The installation that answers this request."""
    return cast("House", current_app.extensions["facilitator"])


def the_clinic() -> Clinic:
    """What scheduling needs to know, now."""
    from facilitator.records.scheduling import Clinic

    return Clinic(house().curricula, house().settings.time_zone, house().clock())


def install(app: Flask) -> None:
    """Give ``app`` what every area relies on: headers, the gate, calm errors, assets, times.

    ``app.extensions["facilitator"]`` must be the House already.
    """
    from facilitator.pages import assets, cookies, cues, errors, gate, headers, review_requests, times

    settings = cast("House", app.extensions["facilitator"]).settings
    cookies.install(app, settings)
    headers.install(app, settings)
    gate.install(app)
    errors.install(app)
    times.install(app, settings.time_zone)
    review_requests.install(app)
    app.register_blueprint(assets.blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["as_html"] = cues.as_html
    app.jinja_env.globals.update(asset=assets.asset, settings=settings)
