"""Random names: a seat's secret token, the digest under which it is stored, and ids that say nothing."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 24
ID_BYTES = 8


def new_token() -> str:
    """A secret that cannot be guessed: a seat, or a ticket at a locked door."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_id() -> str:
    """A random id: for a check-in, a note, a guest, a request."""
    return secrets.token_hex(ID_BYTES)


def digest_of(token: str) -> str:
    """How a seat or a ticket is stored: the SHA-256 of its token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
