"""Static files, read once. One hash of the whole tree is in every address, so a browser may keep them for ever.

The hash is of the tree and not of each file, because modules and styles name each other by relative addresses.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from facilitator.pages import places

# What is not listed is not served: licences and notes lie beside the files they belong to.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
PACKED_ALREADY = frozenset({".png", ".woff2"})
FOR_EVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file. ``packed`` is its gzip form, or None where that saves nothing."""

    body: bytes
    packed: bytes | None
    type: str


@dataclass(frozen=True)
class Assets:
    """A tree of static files by their paths from its top, and the version that names this state of it."""

    version: str
    files: dict[str, Asset]


@cache
def read_assets(top: Path) -> Assets:
    """Everything below ``top`` that may be served, packed once."""
    digest = hashlib.sha256()
    files = {}
    for path in sorted(path for path in top.rglob("*") if path.suffix in TYPES and path.is_file()):
        name, body = path.relative_to(top).as_posix(), path.read_bytes()
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
        files[name] = Asset(body, _packed(body, path.suffix), TYPES[path.suffix])
    return Assets(digest.hexdigest()[:16], files)


def asset(path: str) -> str:
    """The address of a static file, for templates. Raises LookupError for a file that is not there."""
    assets = read_assets(places.folder("static"))
    if path not in assets.files:
        raise LookupError(f"There is no static file {path}.")
    return f"/static/{assets.version}/{path}"


@blueprint.get("/static/<version>/<path:path>")
def file(version: str, path: str) -> BaseResponse:
    """One static file; an address from before an upgrade is sent on to the file of today."""
    assets = read_assets(places.folder("static"))
    found = assets.files.get(path)
    if found is None:
        raise NotFound
    if version != assets.version:
        return redirect(asset(path))
    return _answer(found)


def _answer(found: Asset) -> Response:
    headers = {"Cache-Control": FOR_EVER, "Content-Type": found.type}
    if found.packed is None:
        return Response(found.body, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if not request.accept_encodings["gzip"]:
        return Response(found.body, headers=headers)
    return Response(found.packed, headers=headers | {"Content-Encoding": "gzip"})


def _packed(body: bytes, suffix: str) -> bytes | None:
    if suffix in PACKED_ALREADY:
        return None
    packed = gzip.compress(body, mtime=0)
    return packed if len(packed) < len(body) else None
