"""A group's arc on its pages: where it is, what was left out, the home practice, and what comes next."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from facilitator.curricula.curriculum import Curriculum
from facilitator.curricula.library import Library
from facilitator.people import groups
from facilitator.realtime.store import plan_of
from facilitator.records.group_arc import GroupArc, arc_before, arc_of
from facilitator.records.left_over import left_over
from facilitator.records.record import load
from facilitator.records.scheduling import Clinic as Desk
from facilitator.storage.tables import Audit, Group, GroupSession, ProgressNote
from tests.conftest import MINUTE_MS, TUESDAY_AT_SIX, ZONE, Clinic, SettableClock, csrf_token
from tests.desk import SignInAs
from tests.story import Archive, as_planned

TEXT = next(kept.text for kept in Library().plans() if kept.plan.id == "T04")
CRAVINGS = Curriculum("addiction", "Cravings", "addiction", ("T01", "T04", "T98", "T17", "T32"))
SUGGESTED = (
    "T04 Riding out cravings 60 min · Addiction · 8 segments The exercise of T04 was left out on Nov 17. Or go on"
)
WEEK = 7 * 24 * 60 * MINUTE_MS


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(clinic.cast.fern)


def follows(clinic: Clinic, curriculum: str | None = "addiction") -> None:
    with clinic.db.write() as s:
        groups.follow(s, clinic.group.id, curriculum)


def arc_now(clinic: Clinic) -> GroupArc:
    with clinic.db.read() as s:
        return arc_of(s, s.get_one(Group, clinic.group.id), Desk((CRAVINGS,), ZONE, clinic.clock()))


def told(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def skipped(clinic: Clinic) -> GroupSession:
    """Last week's session of T04: from the teaching straight to the closing."""
    archive = Archive(clinic)
    story = archive.story(day=17, text=TEXT).start()
    for time, segment in (("18:03", 1), ("18:11", 2), ("18:16", 3), ("18:50", 7)):
        story.enter(time, segment)
    return archive.keep(story.end("18:55"))


def test_what_was_left_out_is_read_from_the_log(clinic: Clinic, skipped: GroupSession) -> None:
    follows(clinic)

    found = arc_now(clinic)

    assert found.arc is not None
    assert [(step.plan, step.state) for step in found.arc.steps] == [
        ("T01", "open"), ("T04", "done"), ("T17", "open"), ("T32", "open"),
    ]  # fmt: skip
    [before] = found.before
    assert before.left_out == ("Ride one small wave", "What did you notice?", "Surf one urge")
    assert found.practice is not None
    assert (found.practice.segment.title, found.practice.set_then) == ("Surf one urge", False)
    assert "One small urge, one time, before we meet" in found.practice.segment.html
    assert found.suggestion is not None
    assert (found.suggestion.plan, found.suggestion.instead) == ("T04", "T17")


def test_what_never_began_ticks_no_step_and_what_was_never_opened_plans_none(clinic: Clinic) -> None:
    follows(clinic)
    archive = Archive(clinic)
    archive.keep(archive.story(day=17, text=TEXT).doors().end("18:20"))
    clinic.session("T01", at=TUESDAY_AT_SIX - WEEK)

    found = arc_now(clinic)

    assert found.arc is not None and {step.state for step in found.arc.steps} == {"open"}
    assert (found.before, found.practice, found.planned) == ((), None, ())
    assert found.suggestion is not None and found.suggestion.reasons[0] == "First in “Cravings”."


def test_home_practice_comes_from_the_text_that_was_run(clinic: Clinic) -> None:
    """The library may have another edition since."""
    archive = Archive(clinic)
    archive.keep(as_planned(archive.story(day=17)))

    practice = arc_now(clinic).practice

    assert practice is not None
    assert (practice.plan, practice.set_then) == ("T90", True)
    assert "Ride one small urge. Write down when." in practice.segment.html


def test_a_session_comes_in_to_what_was_before_it(clinic: Clinic, skipped: GroupSession) -> None:
    later, earlier = clinic.session("T17", at=TUESDAY_AT_SIX), clinic.session("T01", at=TUESDAY_AT_SIX - 5 * WEEK)
    follows(clinic)

    with clinic.db.read() as s:
        desk = Desk((CRAVINGS,), ZONE, clinic.clock())
        now, then = arc_before(s, later, desk), arc_before(s, earlier, desk)

    assert [one.session for one in now.before] == [skipped.id]
    assert now.arc is not None and now.arc.place(later.id, "T17") == "Step 3 of 4 in “Cravings”"
    assert then.before == () and then.practice is None


def test_who_joined_since_the_welcome_is_known_from_its_own_roster(clinic: Clinic, clock: SettableClock) -> None:
    follows(clinic)
    archive = Archive(clinic)
    welcome = next(kept.text for kept in Library().plans() if kept.plan.id == "T01")
    story = archive.story(day=1, text=welcome).start()
    for segment in range(1, len(story.live.plan.segments)):
        story.enter(f"18:{5 * segment:02}", segment)
    archive.keep(story.end("19:00"))
    clock.forward(hours=24 * 40)
    suggestion = arc_now(clinic).suggestion
    assert suggestion is not None and suggestion.plan == "T04"

    with clinic.db.write() as s:
        groups.add_member(s, clinic.group.id, "Wren")

    suggestion = arc_now(clinic).suggestion
    assert suggestion is not None
    assert (suggestion.plan, suggestion.instead) == ("T01", "T04")
    assert suggestion.reasons == ("A member of this group joined since; T01 was 9 weeks ago.",)


def test_the_groups_page_shows_its_way_and_leaves_the_choice(
    clinic: Clinic, fern: FlaskClient, skipped: GroupSession
) -> None:
    follows(clinic)

    page = fern.get(f"/groups/{clinic.group.id}").text

    words = told(page)
    assert "Cravings, thoughts and support , 1 of" in words
    assert f"Suggested next {SUGGESTED}" in words
    assert "Left over from session 1 The note is not signed yet" in words
    assert "Left out: Ride one small wave , What did you notice? , Surf one urge" in words
    assert "Home practice from last time Surf one urge T04, Tue, Nov 17, left out that day" in words
    assert f'href="/sessions/schedule?group={clinic.group.id}&amp;plan=T04"' in page
    assert "Choose another" in words


def test_what_is_left_over_is_told_to_whoever_may_read_the_record(
    clinic: Clinic, fern: FlaskClient, sign_in: SignInAs
) -> None:
    archive = Archive(clinic)
    story = archive.story(day=17, text=TEXT).start().asks_to_talk("18:10", "Robin").left()
    session = archive.keep(story)
    with clinic.db.write() as s:
        groups.assign(s, clinic.group.id, clinic.cast.max.id)
        note = s.get_one(ProgressNote, session.id)
        note.status, note.signed_text = "signed", {"sections": {"next": "Begin with <the> wave."}}
        note.signed_by, note.signed_at = clinic.cast.fern.id, clinic.clock()

    page = fern.get(f"/groups/{clinic.group.id}").text

    left = told(page.split('<div class="left-over">')[1].split("</div>")[0])
    assert left == (
        "Left over from session 1 Somebody asked to talk , and nobody has said what was done "
        "The note waits for co-signing For next time, from the note: “ Begin with <the> wave. ”"
    )
    assert "Robin" not in left and f'href="/sessions/{session.id}/ended">Somebody' in page
    assert f'href="/review/{session.id}">Somebody' in sign_in(clinic.cast.sol).get(f"/groups/{clinic.group.id}").text
    assert "Left over" not in sign_in(clinic.cast.max).get(f"/groups/{clinic.group.id}").text
    with clinic.db.read() as s:
        record = load(s, session, clinic.clock())
        assert left_over(s, clinic.cast.max, record) is None
        assert left_over(s, clinic.cast.ada, record) is None


def test_a_plan_with_a_review_takes_up_the_one_that_was_left_out(clinic: Clinic) -> None:
    follows(clinic)
    archive = Archive(clinic)
    story = archive.story(day=17, text=TEXT).start()
    for time, segment in (("18:03", 1), ("18:11", 3), ("18:23", 4), ("18:41", 5), ("18:50", 6), ("18:53", 7)):
        story.enter(time, segment)
    archive.keep(story.end("18:57"))

    suggestion = arc_now(clinic).suggestion
    assert suggestion is not None
    assert (suggestion.plan, suggestion.reasons[1:]) == (
        "T17",
        ("New to this group.", "Takes 6 min for the review of home practice, which was left out last time."),
    )
    clinic.session("T17", at=TUESDAY_AT_SIX)
    suggestion = arc_now(clinic).suggestion
    assert suggestion is not None and suggestion.reasons[1:] == ("New to this group.",), "T17 comes back to it first."


def test_a_group_without_a_curriculum_has_no_way_to_show(clinic: Clinic, fern: FlaskClient) -> None:
    for curriculum in (None, "gone"):
        follows(clinic, curriculum)
        assert "The arc" not in fern.get(f"/groups/{clinic.group.id}").text


def test_administrators_see_which_curriculum_and_nothing_of_its_sessions(
    clinic: Clinic, sign_in: SignInAs, skipped: GroupSession
) -> None:
    follows(clinic)

    page = told(sign_in(clinic.cast.ada).get(f"/groups/{clinic.group.id}").text)

    assert "It follows Cravings, thoughts and support" in page
    assert "Riding out cravings" not in page and "Home practice" not in page


def test_an_administrator_chooses_what_a_group_follows(clinic: Clinic, sign_in: SignInAs) -> None:
    ada, address = sign_in(clinic.cast.ada), f"/groups/{clinic.group.id}/curriculum"
    token = {"csrf_token": csrf_token(ada, "/groups")}

    assert ada.post(address, data=token | {"curriculum": "family"}).status_code == 303
    assert curriculum_of(clinic) == "family"
    assert "Choose a curriculum from the list" in ada.post(address, data=token | {"curriculum": "../etc"}).text
    assert ada.post(address, data=token).status_code == 422
    assert curriculum_of(clinic) == "family"
    assert ada.post(address, data=token | {"curriculum": ""}).status_code == 303
    assert curriculum_of(clinic) is None
    made = ada.post("/groups/add", data=token | {"name": "Friday group", "curriculum": "mental-health"})
    assert made.status_code == 303
    with clinic.db.read() as s:
        assert s.exec(select(Group.curriculum).where(Group.name == "Friday group")).one() == "mental-health"
        assert "group.curriculum_set" in s.exec(select(Audit.action)).all()


def curriculum_of(clinic: Clinic) -> str | None:
    with clinic.db.read() as s:
        return s.get_one(Group, clinic.group.id).curriculum


def test_the_console_says_what_came_before_and_shows_the_practice_beside_the_review(
    clinic: Clinic, fern: FlaskClient, skipped: GroupSession
) -> None:
    follows(clinic)
    session = clinic.session("T17")

    page = fern.get(f"/sessions/{session.id}/console").text

    before = told(page.split('aria-labelledby="last-title"')[1].split("</section>")[0])
    assert re.search(r"Step \d+ of \d+ in “Cravings, thoughts and support” T04 Riding out cravings", before)
    assert "Left out: Ride one small wave" in before and "One small urge, one time, before we meet" in before
    cues = [told(part.split('<div class="cues-of"')[0]) for part in page.split('<div class="cues-of"')[1:]]
    assert "Last time: T04 Riding out cravings, some left out" in cues[0].replace(" ,", ",")
    assert ["Home practice from last time" in part for part in cues] == [False, False, True] + [False] * (len(cues) - 3)


def test_a_length_can_be_looked_at_before_anything_is_saved(clinic: Clinic, fern: FlaskClient) -> None:
    token = {"csrf_token": csrf_token(fern, "/sessions/schedule")}
    wanted = {"group": clinic.group.id, "plan": "T04", "length": "50", "date": "2026-12-01", "time": "18:00"}

    looked = fern.post("/sessions/schedule", data=token | wanted | {"look": "look"})
    as_address = fern.get("/sessions/schedule?plan=T04&length=50")

    for page in (looked, as_address):
        assert page.status_code == 200
        assert "Exercise 18 → 14 min" in page.text
        assert "In Exercise: steps 3, 3, 2, 6, 4 → 2, 2, 2, 5, 3 min; urge wave 6 → 5 min" in page.text
    assert sessions_of(clinic) == []
    assert "Choose a length from the list." in fern.get("/sessions/schedule?plan=T04&length=55").text
    assert fern.post("/sessions/schedule", data=token | wanted).status_code == 303
    [session] = sessions_of(clinic)
    assert session.plan_minutes == 50


def sessions_of(clinic: Clinic) -> list[GroupSession]:
    with clinic.db.read() as s:
        return list(_sessions(s, clinic.group.id))


def _sessions(s: Session, group_id: str) -> list[GroupSession]:
    return list(s.exec(select(GroupSession).where(GroupSession.group_id == group_id)))


def test_what_fitting_cut_is_told_wherever_the_session_is_read(clinic: Clinic, fern: FlaskClient) -> None:
    token = {"csrf_token": csrf_token(fern, "/sessions/schedule")}
    wanted = {"group": clinic.group.id, "plan": "T04", "length": "120", "date": "2026-11-24", "time": "18:00"}
    fern.post("/sessions/schedule", data=token | wanted)
    [session] = sessions_of(clinic)

    console = told(fern.get(f"/sessions/{session.id}/console").text)
    assert console.count("Fitted from 60 to 120 min") == 2
    assert "A break of 10 min after Teaching" in console
    assert "120 min, fitted from 60" in told(fern.get(f"/sessions/{session.id}").text)
    assert "Fitted from 60 to 120 min" in told(fern.get(f"/sessions/{session.id}/plan").text)
    assert 'value="120" selected' in fern.get(f"/sessions/{session.id}/change").text
    archived(clinic, session)
    assert "Plan T04, version 1.0, fitted from 60 to 120 min" in told(fern.get(f"/review/{session.id}").text)


def test_every_cue_of_a_fitted_segment_stands_under_the_minutes_that_it_was_written_for(
    clinic: Clinic, fern: FlaskClient
) -> None:
    token = {"csrf_token": csrf_token(fern, "/sessions/schedule")}
    wanted = {"group": clinic.group.id, "plan": "T22", "length": "120", "date": "2026-11-24", "time": "18:00"}
    fern.post("/sessions/schedule", data=token | wanted)
    [session] = sessions_of(clinic)
    assert session.plan_fit is not None
    minutes = [segment.minutes for segment in plan_of(session).segments]
    said = [
        f"Fitted from {was} to {now} min. Times in these words were meant for {was}." if was and was != now else ""
        for was, now in zip(session.plan_fit["written"], minutes, strict=True)
    ]
    assert said.count("") == 1

    page = fern.get(f"/sessions/{session.id}/console").text
    cues = [told(part) for part in page.split('<div class="cues-of"')[1:]]
    rows = [told(part) for part in page.split('<tr data-segment="')[1:]]
    for sentence, was, panel, row in zip(said, session.plan_fit["written"], cues, rows, strict=True):
        assert sentence in panel and ("meant for" in panel) == bool(sentence)
        assert (f" was {was} " in row) == bool(sentence)
    on_paper = told(fern.get(f"/sessions/{session.id}/plan/print").text)
    assert all(sentence.replace("these words", "the cues") in on_paper for sentence in said)
    shown = told(fern.get(f"/sessions/{session.id}/plan").text)
    assert len(re.findall(r"\b[0-9]+ min was [0-9]+", shown)) == len(said) - 1


def archived(clinic: Clinic, session: GroupSession) -> None:
    """The session, held."""
    archive = Archive(clinic)
    archive.go_on(session, archive.story(text=session.plan_text).start().end("20:00"))


def test_the_summary_of_an_ended_session_says_what_could_come_next(
    clinic: Clinic, fern: FlaskClient, skipped: GroupSession
) -> None:
    follows(clinic)

    page = told(fern.get(f"/sessions/{skipped.id}/ended").text)

    assert f"Suggested next {SUGGESTED}" in page
