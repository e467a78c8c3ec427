"""The seat of a phone, as it comes with a request: in the body, in ``X-Seat``, or in a cookie of the browser session.

A seat that was written into the request needs nothing else. A cookie comes along by itself, so what it allows to change
also needs an Origin of ours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Response, request
from werkzeug.exceptions import Forbidden

from facilitator.pages import forms, house, origins
from facilitator.realtime.reading import Malformed

UNREADABLE = "That could not be read. Load the page again and try once more."


@dataclass(frozen=True)
class Sent:
    """What a phone posted: its seat, its ticket at a locked door, and the other fields of the form or JSON object."""

    seat: str | None
    ticket: str | None
    fields: dict[str, object]


def read(allowed: Collection[str] = (), *, lists: Collection[str] = (), needs_origin: bool = True) -> Sent:
    """Read what was posted: ``allowed`` fields and no others. Of a form, ``lists`` are those that come several times.

    Raises Malformed, and Forbidden when another site may have sent the cookie. Without ``needs_origin`` a request that
    says nothing about where it comes from may use the cookie too.
    """
    fields = _json_fields() if request.is_json else _form_fields(lists)
    if not fields.keys() <= {"seat", "ticket", *allowed}:
        raise Malformed(UNREADABLE)
    seat = _token(fields.pop("seat", None)) or request.headers.get("X-Seat")
    ticket = _token(fields.pop("ticket", None))
    if seat or ticket:
        return Sent(seat, ticket, fields)
    _refuse_foreign(kept() is not None and needs_origin)
    return Sent(kept(), kept_ticket(), fields)


def shown() -> str | None:
    """The seat of a request that only reads: the header's, or the cookie's."""
    return request.headers.get("X-Seat") or kept()


def kept() -> str | None:
    """The seat in the cookie."""
    return request.cookies.get(_name("seat")) or None


def kept_ticket() -> str | None:
    """The ticket in the cookie."""
    return request.cookies.get(_name("ticket")) or None


def keep(response: Response, *, seat: str | None = None, ticket: str | None = None) -> Response:
    """Let the browser keep this seat or ticket until it is closed, and forget what it had."""
    https = house().settings.https
    # A browser takes a __Host- cookie for the whole host only.
    path = "/" if https else "/j/"
    for name, value in (("seat", seat), ("ticket", ticket)):
        if value is not None:
            response.set_cookie(_name(name), value, secure=https, httponly=True, samesite="Lax", path=path)
        elif _name(name) in request.cookies:
            response.delete_cookie(_name(name), secure=https, httponly=True, samesite="Lax", path=path)
    return response


def _name(name: str) -> str:
    return f"__Host-{name}" if house().settings.https else name


def _refuse_foreign(needed: bool) -> None:
    sent = request.headers.get("Origin")
    if sent is None and not needed:
        return
    settings = house().settings
    if not origins.is_ours(sent, settings.url, request.environ["SERVER_PORT"]):
        raise Forbidden(f"This page was opened from another address. Open {settings.address} and try again.")


def _token(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Malformed(UNREADABLE)
    return value or None


def _json_fields() -> dict[str, object]:
    payload = forms.json_body() if request.get_data() else {}
    if not isinstance(payload, dict):
        raise Malformed(UNREADABLE)
    return payload


def _form_fields(lists: Collection[str]) -> dict[str, object]:
    return {name: values if name in lists else values[-1] for name, values in request.form.lists()}
