from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from facilitator.realtime import commands as c
from facilitator.records import review
from facilitator.records.review import Band, Desk, Filter, Reason
from facilitator.storage.tables import Staff
from tests.conftest import Cast, Clinic
from tests.paperwork import eventful, sign
from tests.story import Archive, as_planned

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    """It is ten at night, after Tuesday's group."""
    clinic.clock.forward(hours=4)
    return Archive(clinic)


def on_the_desk(clinic: Clinic, now: int, wanted: Filter | None = None, viewer: Staff | None = None) -> Desk:
    with clinic.db.read() as s:
        return review.desk(s, viewer or clinic.cast.sol, wanted or Filter(), now)


def test_an_empty_desk_says_why_it_is_empty(clinic: Clinic, sign_in: SignIn, cast: Cast):
    page = sign_in(cast.sol).get("/review").text

    assert "Nothing waits for you." in page
    assert "No session has been held yet" in page


def test_what_needs_a_person_comes_first_then_what_is_late_then_what_is_ready(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
):
    ready = archive.keep(as_planned(archive.story(day=16)))
    sign(sign_in(cast.fern), ready)
    late = archive.keep(as_planned(archive.story(day=17)))
    asked = archive.keep(eventful(archive.story(day=23), handled=False))
    writing = archive.keep(as_planned(archive.story(day=24)))

    desk = on_the_desk(clinic, clinic.clock.at)

    assert [(band, [entry.record.session.id for entry in entries]) for band, entries in desk.bands] == [
        (Band.PERSON, [asked.id]),
        (Band.LATE, [late.id]),
        (Band.READY, [ready.id]),
        (Band.WRITING, [writing.id]),
    ]
    assert desk.open_requests == 1


def test_within_a_band_the_oldest_comes_first(clinic: Clinic, archive: Archive):
    kept = [archive.keep(as_planned(archive.story(day=day))) for day in (12, 10, 11)]

    ids = [entry.record.session.id for entry in on_the_desk(clinic, clinic.clock.at).entries]

    assert ids == [kept[1].id, kept[2].id, kept[0].id]


def test_a_row_says_every_reason(clinic: Clinic, archive: Archive):
    archive.keep(eventful(archive.story()))

    (entry,) = on_the_desk(clinic, clinic.clock.at).entries

    assert [flag.words for flag in entry.flags] == [
        "Unsigned",
        "10 min over time",
        "1 skipped",
        "1 withheld",
        "Staff request, handled",
    ]


def test_what_the_clock_ended_and_who_was_not_marked_are_reasons(clinic: Clinic, archive: Archive):
    story = archive.story().start()
    story.at("20:50").do(c.EndByItself())
    archive.keep(story)

    (entry,) = on_the_desk(clinic, clinic.clock.at).entries

    assert {flag.words for flag in entry.flags} >= {"Ended by itself", "6 not marked"}


def test_a_session_that_still_runs_is_not_on_the_desk(clinic: Clinic, archive: Archive):
    archive.keep(archive.story().start().enter("18:10", 1))

    assert on_the_desk(clinic, clinic.clock.at).entries == ()


def test_the_filter_is_in_the_address(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast):
    plain = archive.keep(as_planned(archive.story(day=10)))
    over = archive.keep(eventful(archive.story(day=17)))
    browser = sign_in(cast.sol)

    def found(query: str) -> set[str]:
        page = browser.get(f"/review?{query}").text
        return {session.id for session in (plain, over) if f"/review/{session.id}" in page}

    assert found("") == {plain.id, over.id}
    assert found("reason=over-time&reason=returned") == {over.id}
    assert found("since=2026-11-11") == {over.id}
    assert found("until=2026-11-10") == {plain.id}
    assert found(f"group={clinic.group.id}") == {plain.id, over.id}
    assert found("group=another") == set()
    assert found(f"facilitator={cast.max.id}") == set()
    assert found("state=co-signed") == set()
    assert found("state=all") == {plain.id, over.id}


def test_whoever_only_co_led_can_be_chosen_too(clinic: Clinic, archive: Archive, cast: Cast):
    archive.keep(as_planned(archive.story()), co_facilitator=cast.max)

    with clinic.db.read() as s:
        _, facilitators = review.choices(s)

    assert [name for _, name in facilitators] == ["Fern", "Max"]


def test_counts_stand_beside_the_reasons(clinic: Clinic, archive: Archive):
    archive.keep(as_planned(archive.story(day=10)))
    archive.keep(eventful(archive.story(day=17)))

    counts = on_the_desk(clinic, clinic.clock.at, Filter(reasons=frozenset({Reason.WITHHELD}))).counts

    assert (counts[Reason.UNSIGNED], counts[Reason.WITHHELD], counts[Reason.RETURNED]) == (2, 1, 0)


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=99999-01-01", "since=0001-01-01", "reason=%00", "state=🜁", "group=%ud800"]
)
def test_a_filter_that_makes_no_sense_breaks_nothing(clinic: Clinic, sign_in: SignIn, cast: Cast, query: str):
    assert sign_in(cast.sol).get(f"/review?{query}").status_code == 200


def test_a_wrong_date_is_said_beside_the_field(clinic: Clinic, sign_in: SignIn, cast: Cast):
    page = sign_in(cast.sol).get("/review?since=yesterday").text

    assert page.count("Write the date, like 2026-11-24.") == 2


def test_the_next_sessions_are_announced_when_nothing_waits(clinic: Clinic, sign_in: SignIn, cast: Cast):
    clinic.session(at=clinic.clock.at + 24 * 3_600_000)

    assert "Coming next" in sign_in(cast.sol).get("/review").text


def test_facilitators_and_administrators_have_no_desk(clinic: Clinic, sign_in: SignIn, cast: Cast):
    for staff in (cast.fern, cast.max, cast.ada):
        assert sign_in(staff).get("/review").status_code == 403


def test_ones_own_session_is_marked(clinic: Clinic, archive: Archive, cast: Cast):
    archive.keep(as_planned(archive.story()), facilitator=cast.sol)

    (entry,) = on_the_desk(clinic, clinic.clock.at).entries

    assert entry.own
