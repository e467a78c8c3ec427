"""Pages packed for a phone on a slow network."""

from __future__ import annotations

import gzip

from flask import Response, request

WORTH_IT = 1_000
"""Bytes. Below this, packing saves nothing that anybody would notice."""


def pack(response: Response) -> Response:
    """``response`` as gzip, if it is a page of some size and the browser takes it.

    A packed page's length can tell a listener about a secret in it, once strangers choose words of the same page. So
    only for pages that give back nothing of what an address or a foreign form brought.
    """
    if response.mimetype != "text/html" or response.is_streamed or len(response.get_data()) < WORTH_IT:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
