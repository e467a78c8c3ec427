"""Sealed ballots: an answer as ciphertext that only the check-in's key opens, and the place where that key lives.

The database holds ``(check-in, responder, sealed)`` while a check-in is open and nothing afterwards. The key lives
where nothing is kept, so a copy of the database, its journal or a backup tells nothing (``docs/anonymity.md``).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from facilitator.storage.problems import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12
# One length for every answer, so that the length of a ciphertext says nothing.
PADDED_BYTES = 128
FORGET_UNKNOWN_AFTER_S = 5 * 60


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
        plain = json.dumps(answer, separators=(",", ":")).encode().ljust(PADDED_BYTES)
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


class KeyFolder:
    """Check-in keys as files that only this user reads, in a folder that no backup keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, check_in: str) -> BallotBox:
        """A new key, on disk before this returns, and the box that it opens. Raises Unavailable."""
        key = secrets.token_bytes(KEY_BYTES)
        try:
            # A runtime folder can go while we run: with the login session, or with what tidies temporary folders.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._path(check_in), key)
        except OSError as error:
            with contextlib.suppress(OSError):
                self._path(check_in).unlink()
            raise Unavailable from error
        return BallotBox(check_in, key)

    def _write(self, path: Path, key: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self._folder)

    def box(self, check_in: str) -> BallotBox | None:
        """The box of an open check-in, or None when its key is lost."""
        try:
            key = self._path(check_in).read_bytes()
        except FileNotFoundError:
            return None
        return BallotBox(check_in, key) if len(key) == KEY_BYTES else None

    def destroy(self, check_in: str) -> None:
        """Overwrite and remove a key. A key that is not there is no error."""
        path = self._path(check_in)
        with contextlib.suppress(FileNotFoundError):
            with path.open("r+b") as file:
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            _sync_folder(self._folder)

    def tidy(self, open_check_ins: set[str], known: set[str]) -> None:
        """Destroy the keys of closed check-ins, and unknown ones after five minutes.

        An unknown key may belong to a check-in that another process is opening at this moment.
        """
        for path in self._folder.glob("*.key"):
            check_in = path.stem
            if check_in in open_check_ins:
                continue
            with contextlib.suppress(FileNotFoundError):
                if check_in in known or time.time() - path.stat().st_mtime > FORGET_UNKNOWN_AFTER_S:
                    self.destroy(check_in)

    def _path(self, check_in: str) -> Path:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", check_in):
            raise ValueError("not a check-in's id")
        return self._folder / f"{check_in}.key"


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"facilitator check-in " + purpose).derive(key)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
