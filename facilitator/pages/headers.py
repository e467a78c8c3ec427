"""The headers of every response: what a page may load, who may frame it, what a browser may keep."""

from __future__ import annotations

from flask import Flask, Response, request

from facilitator.settings import Settings

# What a browser asks only of a page, which a style, a script or a typeface never is. A picture of ours can be opened as
# one, so it keeps everything. Each phone fetches a dozen such files, and pays for every header of each.
OF_A_PAGE = frozenset({"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"})
NO_PAGES = frozenset({"text/css", "text/javascript", "font/woff2"})
YEAR_S = 365 * 24 * 3600
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every response of ``app``; on parts of a page, those that mean something there."""
    fixed = headers(settings)
    of_a_file = {name: value for name, value in fixed.items() if name not in OF_A_PAGE}

    @app.after_request
    def _add(response: Response) -> Response:
        is_part = request.blueprint == "assets" and response.mimetype in NO_PAGES
        response.headers.update(of_a_file if is_part else fixed)
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
