"""Sealed ballots: an answer as ciphertext that only the check-in's key opens.

The database holds ``(check-in, responder, sealed)`` while a check-in is open and nothing afterwards. The key lives
where nothing is kept (``keys``), so a copy of the database, its journal or a backup tells nothing
(``docs/anonymity.md``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
# One length for every answer, so that the length of a ciphertext says nothing. A card of 120 characters fits.
PADDED_BYTES = 512


class BallotBox:
    """Seals and opens the ballots of one check-in. Both working keys come from the check-in's one key."""

    def __init__(self, check_in: str, key: bytes) -> None:
        self._check_in = check_in
        self._responder_key = _derived(key, b"responder")
        self._seal = AESGCM(_derived(key, b"seal"))

    def responder(self, seat_digest: str) -> str:
        """The name under which a seat's answer is kept in this check-in, and in no other."""
        return hmac.new(self._responder_key, seat_digest.encode(), hashlib.sha256).hexdigest()

    def seal(self, responder: str, answer: object) -> bytes:
        """The answer as ciphertext of one fixed length. Raises ValueError for an answer that does not fit."""
        plain = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode().ljust(PADDED_BYTES)
        if len(plain) > PADDED_BYTES:
            raise ValueError("answer too long to seal")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, plain, self._bound_to(responder))

    def open(self, responder: str, sealed: bytes) -> object:
        """The answer again. Raises ValueError when it was not sealed with this key for this responder."""
        try:
            plain = self._seal.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound_to(responder))
        except InvalidTag as error:
            raise ValueError("not a ballot of this check-in") from error
        return json.loads(plain)

    def _bound_to(self, responder: str) -> bytes:
        return f"{self._check_in}:{responder}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"facilitator check-in " + purpose).derive(key)
