"""The browser session's cookie, and how much one request may send."""

from __future__ import annotations

from flask import Flask

from facilitator.settings import Settings

LARGEST_REQUEST = 300_000
"""Bytes. A plan may have 256 kB; everything else is far smaller."""


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
