"""Passwords: the rule for a new one, and argon2id off the event loop (``run_blocking`` does two at a time)."""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from facilitator.runtime import run_blocking

Hashed = NewType("Hashed", str)

SHORTEST = 15
LONGEST = 200
LONGEST_PATTERN = 4
# What guessers try first, alone or in a row, with digits between (SP 800-63B compares whole passwords, not parts).
COMMON = frozenset(
    "1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm abc access account admin administrator asdfgh asdfghjkl autumn baseball "
    "basketball batman changeme charlie cheese clinic computer correcthorsebatterystaple default dragon facilitator "
    "flower football freedom ginger google group hannah hello hockey iloveyou internet jennifer jessica jordan killer "
    "letmein login loveme maggie master michael michelle monkey mustang nicole ninja passphrase passw0rd password "
    "pepper princess purple qazwsx qwerty qwertyuiop recovery root samantha secret shadow soccer spring starwars "
    "summer sunshine superman supervisor tigger trustno welcome whatever winter zaqxsw zxcvbn zxcvbnm".split()
)
DIGITS = frozenset("0123456789")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)

# The hash of a random secret that nobody kept, with today's settings: what the password of nobody is compared with.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$kfWDjpiXtZx27P+3uF596Q$n9Nw4bbQwnarWQo7pmuywoir5jljYsQnbrxm+9LR9jk"

_argon2 = PasswordHash((Argon2Hasher(),))


class WeakPassword(ValueError):
    """A password that cannot be used. The text says what to do instead."""


def accept(password: str, *about: str) -> None:
    """Check a new password. ``about`` is what others know of the person: name, email. Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"Use at least {SHORTEST} characters. A few words that only you would join are good.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Use at most {LONGEST} characters.")
    if _is_easy(password, frozenset(word for text in about for word in _letters(text).split())):
        raise WeakPassword("This password is too easy to guess. Use a few words that do not belong together.")


def hashed(password: str) -> Hashed:
    """The argon2id hash of ``password``. Takes about an eighth of a second: never inside a transaction."""
    return Hashed(run_blocking(lambda: _argon2.hash(_bytes(password))))


def verified(password: str, known: str | None) -> tuple[bool, Hashed | None]:
    """Whether ``password`` has the hash ``known``, and a new hash when ``known`` is of older settings.

    None takes the same time and is never right, so that nobody learns by waiting who has an account.
    """
    right, newer = run_blocking(lambda: _argon2.verify_and_update(_bytes(password), known or NOBODY))
    return right and known is not None, Hashed(newer) if newer and known is not None else None


def _bytes(password: str) -> bytes:
    # One keyboard sends "é" as one character, another as two.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _is_easy(password: str, about: frozenset[str]) -> bool:
    core = re.sub(r"[\W_]", "", password.casefold())
    if len(_repeated_unit(core)) <= LONGEST_PATTERN:
        return True
    if not core.isdigit() and _is_made_of(core, COMMON | about | DIGITS):
        return True
    return any(core in row or core in row[::-1] for row in ROWS)


def _repeated_unit(text: str) -> str:
    """The shortest piece that ``text`` is made of by repeating it, the last time perhaps cut off."""
    for length in range(1, len(text)):
        unit = text[:length]
        if (unit * (len(text) // length + 1)).startswith(text):
            return unit
    return text


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether ``text`` is some of ``words`` in a row, the last one perhaps cut off."""
    ends = {0}
    for start in range(len(text)):
        if start in ends:
            rest = text[start:]
            ends |= {start + min(len(word), len(rest)) for word in words if rest.startswith(word[: len(rest)])}
    return len(text) in ends


def _letters(text: str) -> str:
    return re.sub(r"[\W_\d]+", " ", text.casefold())
