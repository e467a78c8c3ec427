"""Times in proportion and in words: what the minutes and seconds in a plan become at another length. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

LEAST_S, MOST_S = 5, 60 * 60
"""The least and the most that a plan can give to a turn, a round or a step of an exercise, in seconds."""

# What a clock on a wall is read in: below a minute, below two, and above.
_FINE, _COARSE, _MINUTE = 5, 15, 60


def in_proportion(seconds: int, share: Fraction, *, least: int, most: int, grain: int = 0, down: bool = False) -> int:
    """``seconds`` times ``share``, from ``least`` to ``most``, rounded to what can be read from a clock.

    Whole minutes stay whole from two minutes on; else it goes by 15 s, and below a minute by 5 s; ``grain``: always by
    so much. ``down`` never rounds up. A longer share never makes it shorter, nor a shorter one longer.
    """
    wanted = min(seconds * share, Fraction(most))
    if wanted == seconds:
        return seconds
    grain = grain or _grain(seconds, wanted)
    found = int(wanted / grain + (0 if down else Fraction(1, 2))) * grain
    found = max(found, seconds) if wanted > seconds else min(found, seconds)
    return max(least, found if found <= most else found - grain)


def _grain(seconds: int, wanted: Fraction) -> int:
    if wanted >= 2 * _MINUTE and seconds % _MINUTE == 0:
        return _MINUTE
    return _COARSE if wanted >= _MINUTE else _FINE


def rounded(part: int, whole: int) -> int:
    """``part / whole``, halves up: 2.5 is 3 here, which ``round`` does not say."""
    return (2 * part + whole) // (2 * whole)


def shared_out(weights: Sequence[int], whole: int) -> list[int]:
    """``whole`` in parts like ``weights``, none under one; what rounding leaves over goes to the largest fractions.

    ``whole`` is at least as many as there are weights, and every weight is more than nothing.
    """
    total = sum(weights)
    parts = [max(1, weight * whole // total) for weight in weights]

    def missing(place: int) -> int:
        return weights[place] * whole - parts[place] * total

    while (over := whole - sum(parts)) != 0:
        places = range(len(parts)) if over > 0 else [place for place, part in enumerate(parts) if part > 1]
        place = max(places, key=missing) if over > 0 else min(places, key=missing)
        parts[place] += 1 if over > 0 else -1
    return parts


def time_words(seconds: int) -> str:
    """ "2 min", "90 s"."""
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def both_words(was: int, now: int) -> str:
    """ "7 → 5 min", "40 → 60 s", "2 min → 90 s"."""
    in_seconds = was % 60 or now % 60
    before, after = (f"{each} s" if in_seconds and each <= 60 else time_words(each) for each in (was, now))
    same = before.split()[1] == after.split()[1]
    return f"{before.split()[0] if same else before} → {after}"
