"""The gate before every page: who is asking, may they, and does the form come from our own page."""

from __future__ import annotations

from flask import Flask, flash, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import NotFound, Unauthorized
from werkzeug.wrappers import Response

from facilitator.pages import asks, house
from facilitator.people import staff as people
from facilitator.people.access import RULES, NotYours, Role, may_enter
from facilitator.storage.tables import Staff

# Phones have no session of ours to protect: their routes ask for the seat itself, or for our own Origin.
WITHOUT_TOKEN = frozenset({"phone"})
HOMES = {Role.FACILITATOR: "/sessions", Role.SUPERVISOR: "/review", Role.ADMINISTRATOR: "/staff"}
PLACES = (
    ("Sessions", "/sessions", "sessions.index"),
    ("Groups", "/groups", "groups.index"),
    ("Plans", "/plans", "plans.index"),
    ("Review", "/review", "review.index"),
    ("Staff", "/staff", "staff.index"),
)

csrf = CSRFProtect()


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """One browser session of one member of staff; its id is the sign-in's token."""

    def __init__(self, token: str, staff: Staff) -> None:
        self.id = token
        self.staff = staff


class SignIns(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Whose browser session this is. Nobody is remembered beyond it."""

    def _load_user_from_remember_cookie(self, _cookie: str) -> None:
        """Not read at all: Flask-Login would, whoever wrote the cookie, and breaks on letters that are not ASCII."""


def install(app: Flask) -> None:
    """Ask at the gate before every request of ``app``."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    manager = SignIns()
    # A clinic laptop changes networks during a session; the sign-in must not end for that.
    manager.session_protection = None
    manager.user_loader(_find)
    # Not init_app: its hooks look at the browser session on every answer, phones' and static files' too.
    app.login_manager = manager  # type: ignore[attr-defined]  # Flask-Login looks for it there
    app.before_request(_ask)
    app.jinja_env.globals.update(signed_in=signed_in, home_of=home_of, places_for=places_for)


def signed_in() -> Staff | None:
    """Who is asking, or None. Reads the database once a request, and again at every socket event."""
    return current_user.staff if current_user.is_authenticated else None


def sign_in_token() -> str | None:
    """The sign-in behind this request's cookie, to be asked about again when the request is over."""
    token: str | None = current_user.get_id()
    return token


def me() -> Staff:
    """Who is asking, on a page that only staff reach."""
    staff = signed_in()
    if staff is None:
        raise Unauthorized
    return staff


def home_of(staff: Staff) -> str:
    """Where ``staff`` starts."""
    return HOMES[Role(staff.role)]


def places_for(staff: Staff) -> list[tuple[str, str]]:
    """The bar's items for ``staff``: name and address."""
    return [(name, address) for name, address, endpoint in PLACES if may_enter(Role(staff.role), endpoint)]


def _find(token: str) -> SignedIn | None:
    with house().db.read() as s:
        staff = people.signed_in(s, token, house().clock())
    return SignedIn(token, staff) if staff else None


def _ask() -> Response | None:
    if request.endpoint is None:
        return None
    if "\0" in request.path:
        # Nothing has such an address, and PostgreSQL cannot even be asked.
        raise NotFound
    if not may_enter(None, request.endpoint):
        staff = signed_in()
        if staff is None and RULES.get(request.endpoint) is not None:
            return _to_sign_in()
        if staff is None or not may_enter(Role(staff.role), request.endpoint):
            raise NotYours("This page is not for your role.")
    if request.blueprint not in WITHOUT_TOKEN:
        csrf.protect()
    return None


def _to_sign_in() -> Response:
    if asks.for_json():
        raise Unauthorized
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("staff.sign_in", next=request.full_path.rstrip("?")), 303)
    flash("You were signed out, and this was not saved. Sign in and do it once more.")
    return redirect(url_for("staff.sign_in"), 303)
