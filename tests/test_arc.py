"""Where a group is in its curriculum, and what it is advised to do next, told as tables."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.model import Kind
from facilitator.records.arc import Arc, Meeting, Newcomers, Situation, Suggestion, arc, more_reasons, suggest
from tests.conftest import TUESDAY_AT_SIX

ZONE = ZoneInfo("America/Chicago")
WEEK = 7 * 24 * 60 * 60 * 1000
CRAVINGS = Curriculum("addiction", "Cravings", "addiction", ("T01", "T03", "T42", "T04", "T42"))
MOOD = Curriculum("mood", "Mood", "mental health", ("T01", "T17", "T18"))
EXERCISE, PRACTICE = Kind.EXERCISE, Kind.HOME_PRACTICE


def held(*plans: str, left_out: Sequence[Kind] = ()) -> list[Meeting]:
    """One session a week, the last one a week ago; what was left out there."""
    first = TUESDAY_AT_SIX - len(plans) * WEEK
    meetings = [Meeting(f"s{number}", plan, first + number * WEEK) for number, plan in enumerate(plans)]
    if meetings:
        last = meetings[-1]
        meetings[-1] = Meeting(last.session, last.plan, last.at, frozenset(left_out))
    return meetings


def planned(*plans: str) -> list[Meeting]:
    return [Meeting(f"p{number}", plan, TUESDAY_AT_SIX + number * WEEK) for number, plan in enumerate(plans)]


def states(arc: Arc) -> str:
    """One letter a step: done, planned or open."""
    return "".join(step.state[0] for step in arc.steps)


@pytest.mark.parametrize(
    ("before", "to_come", "cycle", "wanted"),
    [
        ([], [], 1, "ooooo"),
        (["T01", "T03"], ["T42"], 1, "ddpoo"),
        # Plans may be held in another order, more than once, or from elsewhere.
        (["T04", "T01", "T01", "T17"], [], 1, "doodo"),
        # What recurs is ticked one after the other.
        (["T42", "T42", "T42"], [], 1, "oodod"),
        (["T01", "T03", "T42", "T04", "T42"], [], 1, "ddddd"),
        (["T01", "T03", "T42", "T04", "T42"], ["T01"], 2, "poooo"),
        (["T01", "T03", "T42", "T04", "T42", "T03"], [], 2, "odooo"),
    ],
)
def test_sessions_tick_the_steps_of_a_curriculum(
    before: list[str], to_come: list[str], cycle: int, wanted: str
) -> None:
    found = arc(CRAVINGS, held(*before), planned(*to_come))

    assert (found.cycle, states(found)) == (cycle, wanted)
    assert found.done == wanted.count("d")


def test_a_session_knows_its_step() -> None:
    found = arc(CRAVINGS, held("T01", "T17"), planned("T03"))

    step = found.step_of("p0")
    assert step is not None and (step.number, step.plan) == (2, "T03")
    assert found.step_of("s1") is None, "T17 is not in this curriculum."
    assert found.place("p0", "T03") == "Step 2 of 5 in “Cravings”"
    assert found.place("p9", "T01") == "Step 1 of 5 in “Cravings”, once more"
    assert found.place("s1", "T17") == "Not a step of “Cravings”"
    again = arc(CRAVINGS, held("T01", "T03", "T42", "T04", "T42"), planned("T01"))
    assert again.place("p0", "T01") == "Step 1 of 5 in “Cravings”, round 2"


def advised(
    before: list[Meeting],
    to_come: Sequence[Meeting] = (),
    *,
    follows: Curriculum | None = CRAVINGS,
    newcomers: Newcomers | None = None,
    without: str = "",
) -> Suggestion | None:
    return suggest(
        Situation(
            arc=arc(follows, before, to_come) if follows else None,
            curricula=(CRAVINGS, MOOD),
            held=before,
            planned=to_come,
            runnable={"T01", "T03", "T04", "T17", "T18", "T42"} - {without},
            newcomers=newcomers,
            now=TUESDAY_AT_SIX,
            zone=ZONE,
        )
    )


NEXT = "Next in “Cravings”, after T01 on Nov 17."
ONE_NEW = Newcomers(1, TUESDAY_AT_SIX - 6 * WEEK)


@pytest.mark.parametrize(
    ("before", "to_come", "plan", "reason"),
    [
        ([], [], "T01", "First in “Cravings”."),
        (held("T01"), [], "T03", NEXT),
        (held("T01"), planned("T03"), "T42", "Next in “Cravings”, after T03 on Nov 24."),
        # A detour, and a topic that was held once more, lead back to where the order was left.
        (held("T01", "T17"), [], "T03", "Next in “Cravings”, after T01 on Nov 10."),
        (held("T01", "T04", "T17"), [], "T42", "Next in “Cravings”, after T04 on Nov 10."),
        (held("T01", "T42", "T01"), [], "T04", "Next in “Cravings”, after T42 on Nov 10."),
        ([], planned("T01", "T17"), "T03", "Next in “Cravings”, after T01 on Nov 24."),
        (held("T17"), [], "T01", "First in “Cravings”."),
        (held("T03", "T42", "T04", "T42"), [], "T01", "The first in “Cravings” that this group has passed over."),
        (held("T01", "T03", "T42", "T04", "T42"), [], "T01", "This group has had all 5 of “Cravings”. It begins"),
        (held("T01", "T03", "T42", "T04"), planned("T42"), "T01", "This group has had or planned all 5 of “Cravings”."),
        (held("T01", "T03", "T42", "T04"), planned("T42", "T01"), "T03", "This group has had or planned all 5 of"),
        (held("T01", "T03", "T42"), planned("T01", "T04", "T42"), "T01", "This group has had or planned all 5 of"),
    ],
)
def test_the_order_of_the_curriculum_says_what_comes_next(
    before: list[Meeting], to_come: list[Meeting], plan: str, reason: str
) -> None:
    suggestion = advised(before, to_come)

    assert suggestion is not None
    assert suggestion.plan == plan
    assert suggestion.reasons[0].startswith(reason)
    assert not suggestion.instead


def test_an_exercise_that_was_left_out_is_worth_another_hour() -> None:
    skipped = held("T01", "T03", left_out=[EXERCISE])

    assert advised(skipped) == Suggestion("T03", ("The exercise of T03 was left out on Nov 17.",), "T42")
    assert advised(skipped, planned("T03")) == Suggestion("T42", ("Next in “Cravings”, after T03 on Nov 17.",))
    assert advised(skipped, without="T03") == Suggestion("T42", ("Next in “Cravings”, after T03 on Nov 17.",))


def test_home_practice_that_was_left_out_is_said_beside_what_comes_next() -> None:
    suggestion = advised(held("T01", left_out=[PRACTICE]))

    assert suggestion is not None and suggestion.plan == "T03"
    assert suggestion.reasons[0] == NEXT
    assert suggestion.reasons[1].startswith("Home practice of T01 was left out last time:")
    later = advised(held("T01", left_out=[PRACTICE]), planned("T03"))
    assert later is not None and later.reasons == ("Next in “Cravings”, after T03 on Nov 24.",), "T03 sets its own."


def told_of(
    plan: str, before: list[Meeting], *, review: int = 0, joined: Newcomers | None = None, to_come: int = 0
) -> str:
    situation = Situation(
        arc=arc(CRAVINGS, before, ()),
        curricula=(CRAVINGS,),
        held=before,
        planned=planned(*["T03"] * to_come),
        runnable={"T01"},
        newcomers=None,
        now=TUESDAY_AT_SIX,
        zone=ZONE,
    )
    return " ".join(more_reasons(situation, plan, review, joined))


def test_what_else_speaks_for_a_plan_is_said_in_numbers() -> None:
    went_past_review = held("T01", "T42", left_out=[Kind.REVIEW])
    since = Newcomers(3, TUESDAY_AT_SIX - WEEK, 9)
    review = "Takes 5 min for the review of home practice, which was left out last time."

    assert told_of("T03", []) == ""
    assert told_of("T03", held("T01")) == "New to this group."
    assert told_of("T42", held("T01", "T42"), joined=since) == (
        "3 of the 9 people on the roster joined after T42 on Nov 17."
    )
    assert told_of("T01", held("T01"), joined=since) == "", "A welcome says so itself."
    assert told_of("T42", held("T01", "T42"), joined=Newcomers(0, TUESDAY_AT_SIX, 9)) == ""
    assert told_of("T42", went_past_review, review=5) == review
    assert told_of("T42", went_past_review) == "", "It has none itself."
    assert told_of("T42", went_past_review, review=5, to_come=1) == "", "What is planned comes back to it first."
    assert told_of("T42", held("T01", "T42"), review=5) == ""


def test_people_who_joined_long_after_the_welcome_are_worth_another() -> None:
    six_weeks = held("T01", "T03", "T42", "T04")
    wanted = "A member of this group joined since; T01 was 6 weeks ago."

    assert advised(six_weeks, newcomers=ONE_NEW) == Suggestion("T01", (wanted,), "T42")
    many = advised(six_weeks, newcomers=Newcomers(3, TUESDAY_AT_SIX - 8 * WEEK))
    assert many is not None and many.reasons == ("3 members of this group joined since; T01 was 8 weeks ago.",)


@pytest.mark.parametrize(
    ("newcomers", "to_come"),
    [
        (None, []),
        (Newcomers(0, TUESDAY_AT_SIX - 9 * WEEK), []),
        (Newcomers(2, TUESDAY_AT_SIX - 5 * WEEK), []),
        (ONE_NEW, planned("T01")),
    ],
)
def test_nobody_is_welcomed_twice_without_need(newcomers: Newcomers | None, to_come: list[Meeting]) -> None:
    suggestion = advised(held("T01", "T03", "T42", "T04"), to_come, newcomers=newcomers)

    assert suggestion is not None and suggestion.plan == "T42"


def test_a_group_that_follows_no_curriculum_is_shown_what_follows_its_last_plan() -> None:
    suggestion = advised(held("T17"), follows=None)

    assert suggestion is not None and suggestion.plan == "T18"
    assert "after T17 (Nov 17) in “Mood”" in suggestion.reasons[0]
    assert advised([], follows=None) is None
    assert advised(held("T18"), follows=None) is None
    assert advised(held("T17"), follows=None, without="T18") is None


def test_without_a_curriculum_nothing_is_suggested_that_is_planned_or_was_had() -> None:
    past_what_is_planned = advised(held("T01"), planned("T03", "T01"), follows=None)
    assert past_what_is_planned is not None and past_what_is_planned.plan == "T42"
    # What recurs counts from where it was held, not from its first place.
    assert advised(held("T01", "T03", "T42", "T04", "T42"), follows=None) is None


def test_a_plan_that_is_gone_is_passed_over() -> None:
    suggestion = advised(held("T01"), without="T03")

    assert suggestion is not None and suggestion.plan == "T42"
