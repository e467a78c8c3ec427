"""What remains possible, for scales, choices and several choices of 4 to 16 answers: measured, and written down.

The room must never read that somebody is alone from seven answers on. Whatever else the counting finds stands in the
tables of docs/anonymity.md, which are compared here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from facilitator.curricula.questions import FEWEST_OPTIONS, MOST_OPTIONS
from facilitator.realtime.tally import COUNTS_FROM, FLOOR_OF_FILES
from tests.conftest import ROOT
from tests.outcomes import (
    SCALE,
    Question,
    one_of,
    remains,
    remains_unknown,
    somebody_is_alone,
    up_to,
    words,
)

ANSWERS = range(4, 17)
PROMISED = range(7, 17)
SINGLE = [SCALE, *(one_of(options) for options in range(FEWEST_OPTIONS, MOST_OPTIONS + 1))]
SEVERAL = [*(up_to(most, options) for options in range(2, 6) for most in range(2, options + 1)), up_to(3, 6)]
SHOWN = [SCALE, one_of(2), one_of(4), one_of(8), up_to(2, 4), up_to(4, 4)]
COUNTED = [SCALE, one_of(2), one_of(4), one_of(8)]


@pytest.mark.parametrize("question", [*SINGLE, *SEVERAL], ids=lambda one: one.name)
def test_from_seven_answers_on_the_room_never_reads_that_somebody_is_alone(question: Question) -> None:
    assert [remains(question, answers, "word").alone for answers in PROMISED] == [0] * len(PROMISED)


@pytest.mark.parametrize("question", [SCALE, one_of(2), one_of(4), up_to(2, 3), up_to(3, 4)], ids=lambda one: one.name)
def test_nor_by_what_a_sensitive_tally_leaves_out(question: Question) -> None:
    """What is only called similar is no longer among the outcomes that a shown tally may stand for."""
    for answers in range(7, 11):
        safe: dict[tuple[str, ...], bool] = {}
        for outcome in question.outcomes(answers):
            read = tuple(sorted(question.read(outcome, answers, "word", sensitive=True)))
            safe[read] = safe.get(read, False) or not somebody_is_alone(outcome, answers)
        assert all(safe.values()), answers


@pytest.mark.parametrize("question", [SCALE, one_of(4), up_to(2, 4)], ids=lambda one: one.name)
@pytest.mark.parametrize("key", ["word", "staff"])
def test_a_whole_tally_reads_as_its_bands_do_one_by_one(question: Question, key: str) -> None:
    for answers in (4, 7, 8, 13):
        for outcome in question.outcomes(answers):
            read = words(question, answers, key)
            assert question.read(outcome, answers, key) == ("shown", *(read[number] for number in outcome))


def test_staff_who_do_not_know_how_many_answered_prove_nobody_alone_by_their_own_reading() -> None:
    for question in (SCALE, one_of(2), one_of(4)):
        assert [remains_unknown(question, answers, ["staff"]).alone for answers in ANSWERS] == [0] * len(ANSWERS)


@pytest.mark.parametrize("question", [*SINGLE, up_to(2, 3), up_to(2, 4), up_to(2, 5)], ids=lambda one: one.name)
def test_nor_does_a_file_say_it_by_what_it_holds_or_by_what_it_withholds(question: Question) -> None:
    """For somebody who knows how many answered: the file says how many were present."""
    for answers in ANSWERS:
        safe: dict[tuple[str, ...], bool] = {}
        for outcome in question.outcomes(answers):
            said = question.on_file(outcome, answers)
            assert said == ("withheld",) or answers >= FLOOR_OF_FILES
            safe[said] = safe.get(said, False) or not somebody_is_alone(outcome, answers)
        assert all(safe.values()), answers


def room_table() -> Iterator[str]:
    yield row("answers", *(question.name for question in SHOWN))
    for answers in ANSWERS:
        yield row(answers, *(remains(question, answers, "word") for question in SHOWN))


def staff_table() -> Iterator[str]:
    yield row("answers", *(f"{one.name}, known" for one in COUNTED), *(f"{one.name}, unknown" for one in COUNTED[:3]))
    for answers in (one for one in ANSWERS if one >= COUNTS_FROM):
        known = (remains(question, answers, "staff") for question in COUNTED)
        unknown = (remains_unknown(question, answers, ["staff", "word"]).alone for question in COUNTED[:3])
        yield row(answers, *known, *unknown)


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


@pytest.mark.parametrize("table", [room_table, staff_table])
def test_the_document_says_exactly_what_remains(table: Callable[[], Iterator[str]]) -> None:
    document = (ROOT / "docs" / "anonymity.md").read_text()
    measured = list(table())
    missing = [line for line in measured if line not in document]
    assert not missing, "docs/anonymity.md should say:\n" + "\n".join(measured)
