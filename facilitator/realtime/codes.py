"""Join codes: six characters that a room reads off a screen and types on a phone.

Pure: the standard library only. Which code belongs to which session is kept with the session.
"""

from __future__ import annotations

import secrets

# Without look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B, U V), and without the vowels that make words.
ALPHABET = "CDFGHJKMNPQRTVWXY34679"
LENGTH = 6
# More than any way of writing a code takes; a longer text is no code, and is not worth reading.
LONGEST_WRITTEN = 32
# What people put between the halves: spaces, and every kind of dash that a phone's keyboard offers.
BETWEEN = str.maketrans("", "", " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212")


def new_code() -> str:
    """A code by chance, as it is stored: six characters, no dash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that somebody wrote, whatever the case, spaces and dashes; None when it cannot be one."""
    if len(text) > LONGEST_WRITTEN:
        return None
    code = text.translate(BETWEEN).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def shown(code: str) -> str:
    """A stored code as people see it: ``CDF-GHJ``."""
    half = LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
