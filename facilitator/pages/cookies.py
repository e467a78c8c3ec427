"""The browser session's cookie, and how much one request may send."""

from __future__ import annotations

from flask import Flask, request

from facilitator.settings import Settings

LARGEST_REQUEST = 300_000
"""Bytes. Everything but plans is far smaller."""
LARGER = {
    "plans.keep": 1_200_000,
    "plans.save": 1_200_000,
    "plans.look": 1_200_000,
    "plans.clean": 1_200_000,
    "plans.bring_now": 2_300_000,
}
"""Where a plan of 256 kB or a pack of 2 MB is sent, with room for what is said to be too large after it was read."""


def install(app: Flask, settings: Settings) -> None:
    """Configure ``app``. Over plain http a Secure cookie would never come back, so it follows the address."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-facilitator" if settings.https else "facilitator",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
    )
    app.before_request(_allow_more)


def _allow_more() -> None:
    if largest := LARGER.get(request.endpoint or ""):
        request.max_content_length = request.max_form_memory_size = largest
