"""The join address as a QR code, drawn here, so that no page asks another host for it."""

from __future__ import annotations

import io

import segno
from flask import Response

DARK = "#14262E"
LIGHT = "#FFFFFF"
QUIET_ZONE = 4


def join_url(url: str, code: str) -> str:
    """The address that a phone opens for a join code (``CDF-GHJ`` or plain); ``url`` is FACILITATOR_URL."""
    return f"{url}/j/{code.replace('-', '')}"


def picture(text: str) -> Response:
    """``text`` as an SVG that fills the place it is given. Dark on light in every theme: many phones read no other."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=QUIET_ZONE, dark=DARK, light=LIGHT, xmldecl=False, omitsize=True, nl=False
    )
    return Response(out.getvalue(), mimetype="image/svg+xml")
