"""Scheduling, changing and cancelling sessions, told on a real database without the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import col, select

from facilitator.curricula.curriculum import Curriculum, parse_curriculum
from facilitator.curricula.library import Library
from facilitator.curricula.parse import parse_plan
from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.realtime.codes import ALPHABET
from facilitator.realtime.store import plan_of
from facilitator.records import editions, scheduling
from facilitator.records.group_arc import arc_of
from facilitator.records.next_time import next_time
from facilitator.records.scheduling import AS_SCHEDULED, Unschedulable, Wanted
from facilitator.records.seal import seal_of_log
from facilitator.storage.tables import Audit, GroupSession, Staff
from tests.conftest import MINUTE_MS, TUESDAY_AT_SIX, ZONE, Clinic
from tests.test_parse import PLAN

CURRICULA = tuple(Library().curricula())
DAY_MS = 24 * 60 * MINUTE_MS
WEEK_MS = 7 * DAY_MS


@pytest.fixture
def wanted(clinic: Clinic) -> Wanted:
    """Riding out cravings with the Tuesday group, next Tuesday at six."""
    return Wanted(group=clinic.group.id, plan="T04", date="2026-12-01", time="18:00")


def put_on(clinic: Clinic, wanted: Wanted, *, by: Staff | None = None) -> GroupSession:
    with clinic.db.write() as s:
        return scheduling.schedule(s, by or clinic.cast.fern, wanted, desk(clinic)).session


def alter(clinic: Clinic, session: GroupSession, wanted: Wanted) -> GroupSession:
    with clinic.db.write() as s:
        kept = s.get_one(GroupSession, session.id)
        return scheduling.change(s, clinic.cast.fern, kept, wanted, desk(clinic)).session


def desk(clinic: Clinic, curricula: Sequence[Curriculum] = CURRICULA) -> scheduling.Clinic:
    return scheduling.Clinic(curricula, ZONE, clinic.clock())


def every_session(clinic: Clinic) -> list[GroupSession]:
    with clinic.db.read() as s:
        return list(s.exec(select(GroupSession)))


def problems(clinic: Clinic, wanted: Wanted) -> dict[str, str]:
    with pytest.raises(Unschedulable) as refused:
        put_on(clinic, wanted)
    assert every_session(clinic) == []
    return refused.value.problems


def test_a_scheduled_session_carries_the_whole_plan_and_its_own_secrets(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)

    kept = Library().get("T04")
    assert kept is not None
    assert (session.plan_text, session.plan_title, session.plan_version) == (
        kept.text,
        kept.plan.title,
        kept.plan.version,
    )
    assert session.scheduled_at == TUESDAY_AT_SIX + WEEK_MS
    assert (session.facilitator_id, session.co_facilitator_id) == (clinic.cast.fern.id, None)
    assert session.state == "scheduled"
    assert len(session.screen_token) == 32
    assert len(session.join_code) == 6 and set(session.join_code) <= set(ALPHABET)


def test_a_form_sent_twice_schedules_one_session(clinic: Clinic, wanted: Wanted) -> None:
    first, second = put_on(clinic, wanted), put_on(clinic, wanted)

    assert first.id == second.id
    assert len(every_session(clinic)) == 1


def test_a_group_is_in_one_room_at_a_time(clinic: Clinic, wanted: Wanted) -> None:
    put_on(clinic, wanted)

    with pytest.raises(Unschedulable, match="already meets then: Riding out cravings"):
        put_on(clinic, replace(wanted, plan="T01", time="18:30"))
    assert put_on(clinic, replace(wanted, plan="T01", time="19:00"))


def test_a_cancelled_session_takes_no_time(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)
    with clinic.db.write() as s:
        scheduling.cancel(s, clinic.cast.fern, s.get_one(GroupSession, session.id), clinic.clock())

    assert put_on(clinic, wanted).id != session.id


def test_every_mistake_is_told_at_once_beside_its_field(clinic: Clinic) -> None:
    assert problems(clinic, Wanted(co_facilitator="nobody")) == {
        "group": "Choose a group.",
        "plan": "Choose a plan.",
        "date": "Write the date, like 2026-11-24.",
        "time": "Write the time, like 6:00 pm.",
        "co_facilitator": "Choose somebody from the list, or nobody.",
    }


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-22", "This day is past. Choose today or a later day."),
        ("2027-12-01", "This is more than a year away. Check the year."),
        ("0001-01-01", "This day is past. Choose today or a later day."),
        ("9999-12-31", "This is more than a year away. Check the year."),
    ],
)
def test_a_day_out_of_reach_is_most_likely_a_mistake(clinic: Clinic, wanted: Wanted, day: str, sentence: str) -> None:
    assert problems(clinic, replace(wanted, date=day)) == {"date": sentence}


def test_a_session_can_be_entered_while_the_group_already_sits(clinic: Clinic, wanted: Wanted) -> None:
    assert put_on(clinic, replace(wanted, date="2026-11-24", time="17:30"))


def test_an_hour_that_the_clocks_leave_out_is_refused_with_the_hour_to_write(clinic: Clinic, wanted: Wanted) -> None:
    assert problems(clinic, replace(wanted, date="2027-03-14", time="02:30")) == {
        "time": "The clocks go forward then, and this time is left out. Write 03:30 or another time."
    }


def test_an_hour_that_comes_twice_is_taken_the_first_time_and_said(clinic: Clinic, wanted: Wanted) -> None:
    clinic.clock.at = TUESDAY_AT_SIX - 30 * DAY_MS

    with clinic.db.write() as s:
        twice = replace(wanted, date="2026-11-01", time="01:30")
        assert scheduling.schedule(s, clinic.cast.fern, twice, desk(clinic)).twice


def test_nobody_schedules_for_a_group_they_do_not_lead(clinic: Clinic, wanted: Wanted) -> None:
    for stranger in (clinic.cast.max, clinic.cast.ada):
        with pytest.raises(Unschedulable, match=r"Choose a group\."):
            put_on(clinic, wanted, by=stranger)


def test_nothing_is_scheduled_for_a_group_that_is_switched_off(clinic: Clinic, wanted: Wanted) -> None:
    with clinic.db.write() as s:
        groups.set_group_active(s, clinic.group.id, False)

    assert problems(clinic, wanted) == {"group": "Choose a group."}


def test_the_co_facilitator_is_another_clinician_who_can_sign_in(clinic: Clinic, wanted: Wanted) -> None:
    fern, ada, max_ = clinic.cast.fern, clinic.cast.ada, clinic.cast.max
    assert problems(clinic, replace(wanted, co_facilitator=fern.id)) == {
        "co_facilitator": "Choose somebody other than the facilitator, or nobody."
    }
    assert problems(clinic, replace(wanted, co_facilitator=ada.id)) == {
        "co_facilitator": "Choose somebody from the list, or nobody."
    }

    assert put_on(clinic, replace(wanted, co_facilitator=max_.id)).co_facilitator_id == max_.id


def test_plan_time_and_people_change_until_the_doors_open(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)

    changed = alter(
        clinic,
        session,
        replace(wanted, plan="T17", time="19:15", facilitator=clinic.cast.sol.id, co_facilitator=clinic.cast.max.id),
    )

    assert (changed.plan_id, changed.plan_title) == ("T17", "Catching and testing thoughts")
    assert changed.scheduled_at == TUESDAY_AT_SIX + WEEK_MS + 75 * MINUTE_MS
    assert (changed.facilitator_id, changed.co_facilitator_id) == (clinic.cast.sol.id, clinic.cast.max.id)
    assert (changed.join_code, changed.screen_token) == (session.join_code, session.screen_token)


def test_only_somebody_who_leads_the_group_can_become_its_facilitator(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)

    with pytest.raises(Unschedulable, match="leads this group"):
        alter(clinic, session, replace(wanted, facilitator=clinic.cast.max.id))


@pytest.mark.parametrize("state", ["doors_open", "live", "ended", "cancelled"])
def test_afterwards_nothing_is_changed_or_cancelled(clinic: Clinic, wanted: Wanted, state: str) -> None:
    session = put_on(clinic, wanted)
    with clinic.db.write() as s:
        s.get_one(GroupSession, session.id).state = state

    with pytest.raises(Unschedulable):
        alter(clinic, session, replace(wanted, plan="T17"))

    assert every_session(clinic)[0].plan_id == "T04"
    if state != "cancelled":
        with pytest.raises(Unschedulable), clinic.db.write() as s:
            scheduling.cancel(s, clinic.cast.fern, s.get_one(GroupSession, session.id), clinic.clock())
        assert every_session(clinic)[0].state == state


def test_the_clock_of_a_doubled_hour_stays_where_it_was_when_only_the_plan_changes(
    clinic: Clinic, wanted: Wanted
) -> None:
    clinic.clock.at = TUESDAY_AT_SIX - 30 * DAY_MS
    twice = replace(wanted, date="2026-11-01", time="01:30")
    session = put_on(clinic, twice)
    with clinic.db.write() as s:
        s.get_one(GroupSession, session.id).scheduled_at += 60 * MINUTE_MS

    changed = alter(clinic, session, replace(twice, plan="T17"))

    assert changed.scheduled_at == session.scheduled_at + 60 * MINUTE_MS


def test_a_newer_edition_changes_nothing_until_somebody_chooses_it(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)
    newer = session.plan_text.replace("version: 1.0", "version: 1.1")
    with clinic.db.write() as s:
        assert not scheduling.newer_text(s, session)
        editions.publish(s, newer, parse_plan(newer), author=clinic.cast.sol.id, now=clinic.clock())
        assert scheduling.newer_text(s, session)

    assert alter(clinic, session, replace(wanted, plan=AS_SCHEDULED)).plan_version == "1.0"
    assert alter(clinic, session, wanted).plan_version == "1.1"


def test_what_was_scheduled_changed_and_cancelled_is_traced(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)
    alter(clinic, session, wanted)
    alter(clinic, session, replace(wanted, time="18:30"))
    for _ in range(2):
        with clinic.db.write() as s:
            scheduling.cancel(s, clinic.cast.fern, s.get_one(GroupSession, session.id), clinic.clock())

    with clinic.db.read() as s:
        traces = s.exec(select(Audit.action).where(Audit.target == session.id).order_by(col(Audit.seq))).all()
    assert traces == ["session.scheduled", "session.changed", "session.cancelled"]


def test_the_next_session_is_guessed_a_week_on_at_the_same_hour(clinic: Clinic, wanted: Wanted) -> None:
    put_on(clinic, replace(wanted, co_facilitator=clinic.cast.sol.id))

    with clinic.db.read() as s:
        guess = next_time(s, clinic.group.id, clinic.cast.fern.id, desk(clinic))
        by_sol = next_time(s, clinic.group.id, clinic.cast.sol.id, desk(clinic))
        by_max = next_time(s, clinic.group.id, clinic.cast.max.id, desk(clinic))

    assert (guess.date, guess.time, guess.co_facilitator) == ("2026-12-08", "18:00", clinic.cast.sol.id)
    assert by_sol.co_facilitator == clinic.cast.fern.id
    assert by_max.co_facilitator == ""


def test_a_group_that_paused_is_guessed_to_go_on_this_week(clinic: Clinic, wanted: Wanted) -> None:
    put_on(clinic, wanted)
    clinic.clock.forward(hours=24 * 30)

    with clinic.db.read() as s:
        guess = next_time(s, clinic.group.id, clinic.cast.fern.id, desk(clinic))

    assert guess.date == "2026-12-29"


def test_the_guessed_plan_follows_the_last_one_in_its_curriculum(clinic: Clinic, wanted: Wanted) -> None:
    put_on(clinic, wanted)
    evenings = parse_curriculum('title = "Evenings"\ntrack = "both"\nplans = ["T01", "T04", "T17"]\n', "evenings")

    with clinic.db.read() as s:
        suggested = arc_of(s, clinic.group, desk(clinic, [evenings])).suggestion
        guess = next_time(s, clinic.group.id, clinic.cast.fern.id, desk(clinic, [evenings]), suggested)

    assert guess.plan == "T17"


def test_somebody_switched_off_stays_named_until_somebody_else_is_chosen(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, replace(wanted, co_facilitator=clinic.cast.max.id))
    with clinic.db.write() as s:
        people.switch_off(s, clinic.cast.max.id)

    changed = alter(clinic, session, replace(wanted, plan="T17", co_facilitator=clinic.cast.max.id))

    assert changed.co_facilitator_id == clinic.cast.max.id


def test_a_plan_is_frozen_at_the_length_that_was_chosen(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, replace(wanted, length="90"))

    plan = plan_of(session)
    assert (session.plan_minutes, plan.minutes) == (90, 90)
    assert parse_plan(session.plan_text) == plan
    assert session.plan_sha256 == editions.sha256(session.plan_text)
    assert session.plan_fit is not None
    assert (session.plan_fit["length"], session.plan_fit["minutes"]) == (90, 60)
    assert "Exercise 18 → 25 min" in session.plan_fit["changes"]
    assert session.plan_fit["written"] == [3, 8, 5, 12, 18, 7, 3, 4]
    with clinic.db.read() as s:
        assert not scheduling.newer_text(s, session)
        [trace] = s.exec(select(Audit.details).where(Audit.target == session.id))
    assert (trace["edition"], trace["minutes"], trace["written_for"]) == (session.plan_edition, 90, 60)
    # A weekly group meets as long as it did last time.
    with clinic.db.read() as s:
        assert next_time(s, clinic.group.id, clinic.cast.fern.id, desk(clinic)).length == "90"


def test_a_session_can_be_given_another_length_until_its_doors_open(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, wanted)

    longer = alter(clinic, session, replace(wanted, length="120"))
    assert (longer.plan_minutes, longer.plan_fit and longer.plan_fit["length"]) == (120, 120)

    moved = alter(clinic, longer, replace(wanted, plan=AS_SCHEDULED, time="19:00", length="120"))
    assert (moved.plan_text, moved.plan_fit) == (longer.plan_text, longer.plan_fit)

    written = alter(clinic, moved, replace(wanted, plan=AS_SCHEDULED))
    assert (written.plan_minutes, written.plan_fit) == (60, None)
    assert written.plan_text == session.plan_text


def test_a_text_from_before_lengths_is_not_fitted_and_that_is_said(clinic: Clinic, wanted: Wanted) -> None:
    session = clinic.session(text=PLAN, at=TUESDAY_AT_SIX + WEEK_MS)
    keep = replace(wanted, plan=AS_SCHEDULED, time="19:00")

    with pytest.raises(Unschedulable, match="before lengths could be chosen"):
        alter(clinic, session, replace(keep, length="90"))
    assert alter(clinic, session, keep).plan_text == PLAN
    assert alter(clinic, session, replace(wanted, length="90")).plan_minutes == 90


@pytest.mark.parametrize("length", ["55", "-90", "9" * 400, "٩٠", "90 min"])
def test_a_length_that_is_not_offered_is_refused(clinic: Clinic, wanted: Wanted, length: str) -> None:
    assert problems(clinic, replace(wanted, length=length)) == {"length": "Choose a length from the list."}


def test_a_fitted_session_is_sealed_with_what_was_cut(clinic: Clinic, wanted: Wanted) -> None:
    session = put_on(clinic, replace(wanted, length="90"))
    with clinic.db.read() as s:
        before = seal_of_log(s, session.id)
    with clinic.db.write() as s:
        s.get_one(GroupSession, session.id).plan_fit = {"length": 90, "minutes": 60, "changes": [], "warnings": []}
    with clinic.db.read() as s:
        assert seal_of_log(s, session.id) != before
