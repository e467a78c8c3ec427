"""Where the keys of open check-ins live: a place that nothing keeps. One small interface, two places.

A folder in memory does for one machine (``KeyFolder``); several machines share a Redis without persistence
(``redis_keys``). A key is there before its check-in opens and is destroyed once that is closed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from pathlib import Path
from typing import Protocol

from facilitator.realtime.ballots import KEY_BYTES, BallotBox
from facilitator.storage.problems import Unavailable

FORGET_UNKNOWN_AFTER_S = 5 * 60


class Keys(Protocol):
    """Makes, finds and destroys the keys of check-ins.

    Everything raises ValueError for what is no check-in's id, and may raise Unavailable, and nothing else.
    """

    def make(self, check_in: str) -> None:
        """Make a key. It is safe where it lives before this returns."""

    def box(self, check_in: str) -> BallotBox | None:
        """The box that a check-in's key opens, or None when the key is lost."""

    def destroy(self, check_in: str) -> None:
        """Make a key unreadable, and remove it. A key that is not there is no error."""

    def tidy(self, open_check_ins: set[str], known: set[str]) -> None:
        """Destroy the keys of closed check-ins, and unknown ones after five minutes.

        An unknown key may belong to a check-in that another process is opening at this moment.
        """


def checked(check_in: str) -> str:
    """``check_in``, which can be part of a name. Raises ValueError for anything that is no check-in's id."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", check_in):
        raise ValueError("not a check-in's id")
    return check_in


class KeyFolder:
    """Check-in keys as files that only this user reads, in a folder that no backup keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, check_in: str) -> None:
        """Like ``Keys.make``: on disk before this returns."""
        path = self._path(check_in)
        try:
            # A runtime folder can go while we run: with the login session, or with what tidies temporary folders.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(self._folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink()
            raise Unavailable from error

    def box(self, check_in: str) -> BallotBox | None:
        """Like ``Keys.box``."""
        try:
            key = self._path(check_in).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable from error
        return BallotBox(check_in, key) if len(key) == KEY_BYTES else None

    def destroy(self, check_in: str) -> None:
        """Like ``Keys.destroy``: overwritten first."""
        path = self._path(check_in)
        try:
            with path.open("r+b") as file:
                file.write(bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            _sync_folder(self._folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable from error

    def tidy(self, open_check_ins: set[str], known: set[str]) -> None:
        """Like ``Keys.tidy``."""
        for path in self._folder.glob("*.key"):
            check_in = path.stem
            if check_in in open_check_ins:
                continue
            with contextlib.suppress(FileNotFoundError):
                if check_in in known or time.time() - path.stat().st_mtime > FORGET_UNKNOWN_AFTER_S:
                    self.destroy(check_in)

    def _path(self, check_in: str) -> Path:
        return self._folder / f"{checked(check_in)}.key"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
