"""The headers of every response: what a page may load, who may frame it, what a browser may keep."""

from __future__ import annotations

from flask import Flask, Response, request

from facilitator.settings import Settings

YEAR_S = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every response of ``app``."""
    fixed = headers(settings)

    @app.after_request
    def _add(response: Response) -> Response:
        response.headers.update(fixed)
        if request.blueprint != "assets" or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def headers(settings: Settings) -> dict[str, str]:
    """What every response says, whatever is in it."""
    # Older Safari does not count a WebSocket to the same host as 'self'.
    socket = "ws" + settings.url.removeprefix("http")
    fixed = {
        "Content-Security-Policy": POLICY.format(socket=socket),
        "X-Content-Type-Options": "nosniff",
        # With no-referrer, Chromium sends "Origin: null" on our own forms.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), screen-wake-lock=(self), fullscreen=(self)",
    }
    if settings.https:
        fixed["Strict-Transport-Security"] = f"max-age={YEAR_S}; includeSubDomains"
    return fixed
