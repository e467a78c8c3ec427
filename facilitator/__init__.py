"""A group therapy session facilitation toolkit. ``create_app`` joins the rooms of the house; nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from facilitator.settings import Settings

__version__ = "0.1.0"


def create_app(settings: Settings, clock: Callable[[], int] | None = None) -> Flask:
    """The whole application on ``settings``; ``clock`` gives milliseconds UTC (the wall clock when None).

    The database is brought up to date first. Raises storage.problems.Unavailable when it cannot be used, TooNew when a
    later version made it.
    """
    # Nothing is imported at the top: the runtime must prepare the process before any third party is (runtime.py).
    from flask import Flask

    from facilitator import pages, runtime
    from facilitator.house import open_house, wall_clock
    from facilitator.pages import areas, gate, origins, places
    from facilitator.people.access import NotYours, Unknown, Verb, session_for
    from facilitator.people.staff import signed_in
    from facilitator.realtime.audience import Audience
    from facilitator.realtime.showing import Shower
    from facilitator.realtime.sockets import Sockets

    house = open_house(settings, clock or wall_clock)
    hub, now = house.hub, house.clock
    hub.tidy_keys()
    hub.expire(now())

    app = Flask(__name__, static_folder=None, template_folder=str(places.folder("templates")))
    app.extensions["facilitator"] = house
    pages.install(app)
    for blueprint in areas.blueprints():
        app.register_blueprint(blueprint)

    def may_lead(sign_in: str, session_id: str) -> str | None:
        with house.db.read() as reading:
            staff = signed_in(reading, sign_in, now())
            if staff is None:
                return None
            try:
                session_for(reading, staff, session_id, Verb.LEAD)
            except (NotYours, Unknown):
                return None
        return staff.id

    audience = Audience()
    sockets = Sockets(
        app,
        hub,
        Shower(hub, audience, now, runtime.sleep),
        audience,
        mode=settings.async_mode,
        clock=now,
        sign_in=gate.sign_in_token,
        may_lead=may_lead,
        is_ours=lambda origin, port: origins.is_ours(origin, settings.url, port),
    )
    if runtime.is_started():
        # Not only with the first socket: a session that nobody watches ends by the clock as well.
        sockets.begin()
    return app
