"""Counting a check-in, once: answers in, and out only what may be shown. Pure.

The display rule (``docs/anonymity.md``): below the floor nothing, not even how many. A scale has three bands. The room
reads one of three words at three lengths below 13 answers, and one of five from 13 on. Staff read the same words below
8 answers, and from 8 on counts, one and two as one range, without a total. On a sensitive prompt, answers that are
all alike are only called very similar. A prompt that is asked again of nearly the same phones is not shown again.

``read`` is the only way to what a tally says. Every screen, page, document and file asks it, so that none can disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from facilitator.curricula.model import Prompt, PromptKind, Scale

FIVE_WORDS_FROM = 13
COUNTS_FROM = 8
# (below or at this share of the answers, the word); the last word is for all that is more.
THREE_WORDS = ((Fraction(1, 3), "few or none"), (Fraction(2, 3), "about half"))
FIVE_WORDS = (
    (Fraction(1, 5), "few or none"),
    (Fraction(2, 5), "some"),
    (Fraction(3, 5), "about half"),
    (Fraction(4, 5), "many"),
)
MOST = "most or all"
# One and two, with the en dash of a range.
FEW = "1\u20132"
PAIR = 2
UNCOUNTED: dict[str, Any] = {"state": "uncounted", "bands": []}
# Enough people wrote a card. How many is not said: the cards are read one by one, and each is shown or left out.
CARDS: dict[str, Any] = {"state": "shown", "reason": "cards", "bands": []}
# A file leaves the programme: what is in it must be known to be of so many.
FLOOR_OF_FILES = 11
BANDS_OF_FILES = 4


class Reader(StrEnum):
    """For whom a tally is read. A file says the room's words: it may lie beside a count of those who were present."""

    ROOM = "word"
    STAFF = "staff"
    FILE = "file"


@dataclass(frozen=True)
class Band:
    """One line of a tally: its label, and the word or number that its reader may have."""

    label: str
    word: str


@dataclass(frozen=True)
class Reading:
    """A tally as somebody may have it. ``state`` is shown, withheld, similar or uncounted; only shown has bands.

    ``why`` is the state, or the reason for it when that has a sentence of its own: "again", or "file".
    """

    state: str
    why: str
    bands: tuple[Band, ...] = ()


def count(prompt: Prompt, answers: Sequence[object], floor: int, newcomers: int | None = None) -> dict[str, Any]:
    """The tally of ``answers`` (skips left out): ``{"state", "bands": [{"label", "word", "staff"}]}``.

    The state is shown, withheld (fewer than ``floor`` answers) or similar. ``newcomers``: when this prompt was seen
    counted before in the session, how many of the answers are of phones that were not there. With fewer than ``floor``
    of them the two tallies, put side by side, could tell one person's change, and the new one is withheld with
    ``"reason": "again"``. Nothing else about the answers is in it; of cards, nothing at all.
    """
    if newcomers is not None and newcomers < floor:
        return {"state": "withheld", "reason": "again", "bands": []}
    if len(answers) < floor:
        return {"state": "withheld", "bands": []}
    if prompt.kind is PromptKind.WORDS:
        return CARDS
    labels, picked = _bands(prompt, answers)
    if prompt.sensitive and len(set(picked)) == 1:
        return {"state": "similar", "bands": []}
    counts = [sum(index in one for one in picked) for index in range(len(labels))]
    one_of = 1 if prompt.kind is PromptKind.CHOICES else len(labels)
    return {
        "state": "shown",
        "bands": [
            {
                "label": label,
                "word": room_word(number, len(answers), one_of),
                "staff": staff_word(number, len(answers), one_of),
            }
            for label, number in zip(labels, counts, strict=True)
        ],
    }


def are_cards(tally: Mapping[str, Any] | None) -> bool:
    """Whether what was counted are cards, to be read one by one."""
    return tally is not None and tally.get("reason") == CARDS["reason"]


def read(prompt: Prompt, tally: Mapping[str, Any], reader: Reader) -> Reading:
    """What ``tally`` says to ``reader``."""
    state = tally["state"]
    if reader is Reader.FILE and state != UNCOUNTED["state"] and _answers_known(prompt, tally) < FLOOR_OF_FILES:
        return Reading("withheld", "file")
    word = Reader.ROOM if reader is Reader.FILE else reader
    bands = tuple(Band(band["label"], band[word]) for band in tally["bands"])
    return Reading(state, tally.get("reason") or state, bands)


def _answers_known(prompt: Prompt, tally: Mapping[str, Any]) -> int:
    """How many have answered at least, as far as staff can work it out from what they read.

    A mark kept beside the tally would know it better and say too much: with 8, 1-2 and 1-2 in the bands, "fewer than
    11" would mean that two people stand alone. Among many bands even this says too much to somebody who knows the
    number (3, 3, 3 and two more are eleven only if those two stand alone), so there nothing is known of ones and twos.
    """
    staff = [band["staff"] for band in tally["bands"]]
    if len(staff) > BANDS_OF_FILES and FEW in staff:
        return 0
    numbers = [_at_least(word) for word in staff]
    return max([-(-sum(numbers) // prompt.most), *numbers])


def _at_least(staff: str) -> int:
    if staff == FEW:
        return 1
    return int(staff) if staff.isdigit() else 0


def room_word(number: int, answers: int, one_of: int = 1) -> str:
    """The word that the room reads for ``number`` of ``answers``. ``one_of``: among how many bands each answer chose.

    Where "few or none" means two at most, an odd number of answers that all read so has somebody alone among them. If
    there are bands enough for that, three are few as well.
    """
    words = THREE_WORDS if answers < FIVE_WORDS_FROM else FIVE_WORDS
    share = Fraction(number, answers)
    *lower, highest = words
    if number == PAIR + 1 and answers % 2 and PAIR * one_of >= answers and int(lower[0][0] * answers) == PAIR:
        return lower[0][1]
    for limit, word in lower:
        if share <= limit:
            return word
    return highest[1] if share < highest[0] else MOST


def staff_word(number: int, answers: int, one_of: int = 1) -> str:
    """What staff read: the room's word below 8 answers; then the number, one and two as one range."""
    if answers < COUNTS_FROM:
        return room_word(number, answers, one_of)
    return FEW if number in (1, PAIR) else str(number)


def _bands(prompt: Prompt, answers: Iterable[object]) -> tuple[Sequence[str], list[frozenset[int]]]:
    """The labels, and for each answer the bands that it falls in."""
    if prompt.kind is PromptKind.SCALE:
        assert prompt.scale is not None
        scale = prompt.scale
        return _scale_labels(scale), [frozenset({_third(scale, _whole(answer))}) for answer in answers]
    return prompt.options, [frozenset(answer if isinstance(answer, list) else [answer]) for answer in answers]


def _whole(answer: object) -> int:
    assert isinstance(answer, int)
    return answer


def _third(scale: Scale, answer: int) -> int:
    """0, 1 or 2: of 0 to 10 the low third is 0 to 3 and the high third 7 to 10."""
    place = Fraction(answer - scale.low, scale.high - scale.low)
    if place < Fraction(7, 20):
        return 0
    return 1 if place <= Fraction(13, 20) else 2


def _scale_labels(scale: Scale) -> Sequence[str]:
    bands: list[list[int]] = [[], [], []]
    for answer in range(scale.low, scale.high + 1):
        bands[_third(scale, answer)].append(answer)
    return [
        f"{name}, {band[0]} to {band[-1]}" if band[0] != band[-1] else f"{name}, {band[0]}"
        for name, band in zip(("Low", "In between", "High"), bands, strict=True)
    ]
