"""The library on the web: finding a plan, reading it, printing it with its handouts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.curricula.library import Library
from facilitator.curricula.model import Exercise, Kind, Part, Plan, Segment
from facilitator.curricula.words import searched, words_of
from facilitator.people import groups
from facilitator.realtime import commands as c
from facilitator.records import editions, shelf
from facilitator.storage.tables import PlanEdition, PlanShelf
from tests.all_parts import ALL_PARTS
from tests.conftest import MINUTE_MS, TUESDAY_AT_SIX, Clinic
from tests.desk import SignInAs

PLANS = Library().plans()


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """The facilitator's browser."""
    return sign_in(clinic.cast.fern)


def listed(page: str) -> list[str]:
    """The codes of the plans in the table."""
    return re.findall(r'data-column="Code">([A-Z]\d+)<', page)


def test_the_library_lists_every_plan_with_its_shape(fern: FlaskClient) -> None:
    page = fern.get("/plans").text

    assert listed(page) == [kept.plan.id for kept in PLANS]
    assert "Riding out cravings" in page and "Most: exercise 18, teaching 12" in page


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("words=t17", lambda plan: plan.id == "T17"),
        ("words=RIDING%20cravings%20T04", lambda plan: plan.id == "T04"),
        ("track=family", lambda plan: plan.track == "family"),
        ("minutes=50&minutes=90", lambda plan: plan.minutes in (50, 90)),
        ("track=both&minutes=60", lambda plan: (plan.track, plan.minutes) == ("both", 60)),
        ("words=nosuchword", lambda plan: False),
        ("track=%00&minutes=x", lambda plan: False),
    ],
)
def test_plans_are_found_by_words_track_and_length(
    fern: FlaskClient, query: str, fits: Callable[[Plan], bool]
) -> None:
    wanted = [kept.plan.id for kept in PLANS if fits(kept.plan)]

    assert listed(fern.get(f"/plans?{query}").text) == wanted[: shelf.A_PAGE]


def test_a_plan_needs_every_kind_that_is_ticked(clinic: Clinic) -> None:
    with clinic.db.read() as s:
        plans = shelf.Shelf().stock(s).plans
    wanted = {"review", "exercise"}
    found = shelf.look(plans, shelf.Looked(kinds=frozenset(wanted)), shelf.Had()).plans

    assert found and all(wanted <= {kind for kind, _ in plan.segments} for plan in found)


@pytest.mark.parametrize("words", ["uber den fluss", "ÜBER", "Über den Fluß", "smorrebrod", "naive-te FLUß", "ueb"])
def test_letters_are_folded_and_the_beginning_of_a_word_is_enough(words: str) -> None:
    kept = " " + " ".join(sorted(words_of("X1 Über den Fluß: naïve Té, Smørrebrød. s")))

    assert finds(words, kept) == (words != "ueb")
    assert not finds("den luss", kept), "It is not enough that a word ends so."


def finds(looked_for: str, words: str) -> bool:
    """Whether a search finds a plan with these words."""
    return all(any(form in words for form in forms) for forms in searched(looked_for))


@pytest.mark.parametrize(
    ("looked_for", "text", "found"),
    [
        ("cravings", "a craving", True),
        ("craving", "cravings", True),
        ("families", "the family", True),
        ("boundary", "boundaries", True),
        ("day", "daies", False),
        ("boxes", "one box", True),
        ("losses", "a loss", True),
        ("stress", "stres", False),
        ("crisis", "a cris", False),
        ("the group's", "the group", True),
        ("can\u2019t", "can", True),
        ("T4", "T04", True),
        ("t4", "T40", True),
        ("t14", "T04", False),
        ("“riding-out”", "riding out", True),
        ("crav%", "a craving", True),
        ("cra_ing", "a craving", False),
        ("cravigns", "a craving", False),
    ],
)
def test_a_word_is_found_in_one_number_and_in_many(looked_for: str, text: str, found: bool) -> None:
    assert finds(looked_for, " " + " ".join(sorted(words_of(text)))) == found


def test_a_word_that_nothing_has_is_asked_back(fern: FlaskClient) -> None:
    page = fern.get("/plans?words=cravigns&track=addiction").text
    assert re.search(r'Did you mean <a href="/plans\?track=addiction&amp;words=craving\w*">craving', page)
    assert ">panic</a>?" in fern.get("/plans?words=panik").text, "More plans speak of panic than of a plank."
    assert "Did you mean" not in fern.get("/plans?words=cravigns&track=family&minutes=50").text
    for words in ("xqxqxq", "x" * 10_000, "cravings", "%00", "渴望"):
        assert "Did you mean" not in fern.get(f"/plans?words={words}").text


@pytest.mark.parametrize("words", ["%25", "_", "*", "'", "”", "%00", "%E2%80%AE", "%20"])
def test_signs_alone_leave_no_plan_out_and_say_so(fern: FlaskClient, words: str) -> None:
    page = fern.get(f"/plans?words={words}").text

    assert len(listed(page)) == len(PLANS)
    seen = words not in ("%00", "%E2%80%AE", "%20")
    assert ("has no letters and no digits to look for" in page) == seen and "\0" not in page and "\u202e" not in page


def test_plans_with_the_words_in_their_title_come_first(fern: FlaskClient) -> None:
    found = listed(fern.get("/plans?words=family").text)

    titles = {kept.plan.id: kept.plan.title.lower() for kept in PLANS}
    in_title = ["family" in titles[plan] or "families" in titles[plan] for plan in found]
    assert in_title == sorted(in_title, reverse=True) and any(in_title) and not all(in_title)
    by_title = listed(fern.get("/plans?words=family&sort=title").text)
    assert by_title == sorted(found, key=lambda plan: titles[plan])


@pytest.mark.parametrize("query", ["words=grief", "words=a+flat+stone", "words=naloxone&kind=teaching&minutes=90"])
def test_words_are_found_in_cues_as_well(fern: FlaskClient, query: str) -> None:
    assert listed(fern.get(f"/plans?{query}").text)


def test_a_group_that_is_closed_or_not_ones_own_is_no_choice(clinic: Clinic, sign_in: SignInAs) -> None:
    clinic.session("T04", at=TUESDAY_AT_SIX + 60 * MINUTE_MS)
    with clinic.db.write() as s:
        groups.set_group_active(s, clinic.group.id, active=False)

    page = sign_in(clinic.cast.fern).get(f"/plans?group={clinic.group.id}&state=planned").text

    assert "Tuesday group" not in page and len(listed(page)) == len(PLANS)


def shelved(*plans: Plan) -> list[shelf.Kept]:
    """These plans as they are looked through."""
    return [
        shelf.Kept(
            plan=editions.Listed(
                plan.id, plan.id, "1.0", plan.title, plan.track, "en", plan.minutes,
                tuple((str(segment.kind), segment.minutes) for segment in plan.segments),
                tuple(str(exercise.part) for _, exercise in plan.exercises()),
            ),
            words=" " + " ".join(sorted(words_of(plan.title))),
            kinds=frozenset(str(segment.kind) for segment in plan.segments),
            parts=frozenset(str(exercise.part) for _, exercise in plan.exercises()),
            title=plan.title.lower(),
            minutes=str(plan.minutes),
        )
        for plan in plans
    ]  # fmt: skip


ALONE = Segment("Write", Kind.EXERCISE, 30, exercises=(Exercise("x1", Part.SILENT_WRITING, "Write"),))
TOGETHER = Segment("Talk", Kind.EXERCISE, 60, exercises=(Exercise("x1", Part.PAIRS, "Talk"),))
WAVE = Plan("A1", "Riding a wave", "addiction", "1.0", 30, (ALONE,))
SHORE = Plan("A2", "From the shore", "both", "1.0", 60, (TOGETHER,))
TIDE = Plan("A3", "A wave and its tide", "both", "1.0", 60, (replace(TOGETHER, kind=Kind.PROCESS),))
SEA = shelved(WAVE, SHORE, TIDE)


def test_counts_say_what_each_option_would_leave() -> None:
    found = shelf.look(SEA, shelf.Looked(words="wave", tracks=frozenset({"both"})), shelf.Had(done={"A1": 1}))

    assert [plan.id for plan in found.plans] == ["A3"]
    assert found.counts["tracks"] == {"addiction": 1, "both": 1}, "Another track in its place would leave as many."
    assert found.counts["minutes"] == {"60": 1}
    assert found.counts["kinds"] == {"process": 1} and found.counts["parts"] == {"pairs": 1}
    assert found.counts["states"] == {"not yet": 1}
    assert found.without == {"tracks": 1, "words": 1}


@pytest.mark.parametrize(
    ("looked", "found"),
    [
        (shelf.Looked(parts=frozenset({"pairs"})), ["A2", "A3"]),
        (shelf.Looked(parts=frozenset({"pairs"}), kinds=frozenset({"process"})), ["A3"]),
        (shelf.Looked(states=frozenset({"done"})), ["A1"]),
        (shelf.Looked(states=frozenset({"done", "planned"})), ["A1", "A2"]),
        (shelf.Looked(states=frozenset({"not yet"})), ["A3"]),
        (shelf.Looked(sort="title"), ["A3", "A2", "A1"]),
    ],
)
def test_plans_are_found_by_exercise_and_by_what_a_group_has_had(looked: shelf.Looked, found: list[str]) -> None:
    had = shelf.Had(done={"A1": 1, "A2": 1}, coming={"A2": 2})

    assert [plan.id for plan in shelf.look(SEA, looked, had).plans] == found


def test_where_nothing_fits_it_is_said_what_to_loosen(fern: FlaskClient) -> None:
    page = fern.get("/plans?words=t17&track=family&sort=title").text

    assert "No plan fits all of this" in page
    assert 'href="/plans?words=t17&amp;sort=title">Any track: 1 plan<' in page
    assert "Without “t17”: " in page


def test_a_long_shelf_comes_in_pages_that_keep_what_was_asked(clinic: Clinic, fern: FlaskClient) -> None:
    with clinic.db.write() as s:
        for number in range(60):
            plan = replace(TIDE, id=f"Z{number:02}", title=f"Tide, number {number}")
            editions.publish(s, f"{plan.id} on tides", plan, author=None, now=clinic.clock())

    first = fern.get("/plans?words=tide&track=both").text
    assert listed(first) == [f"Z{number:02}" for number in range(50)]
    assert "1 to 50 of 60" in first and "The next 10" in first
    for page in ("2", "999999"):
        last = fern.get(f"/plans?words=tide&track=both&page={page}").text
        assert listed(last) == [f"Z{number:02}" for number in range(50, 60)]
    assert 'href="/plans?page=1&amp;track=both&amp;words=tide">The 50 before' in last
    for page in ("0", "-1", "x", "%00", "9" * 400):
        assert listed(fern.get(f"/plans?words=tide&page={page}").text)[0] == "Z00"


def test_a_plan_is_on_the_shelf_as_soon_as_it_is_published(clinic: Clinic, fern: FlaskClient) -> None:
    assert listed(fern.get("/plans?words=tide+number").text) == []
    with clinic.db.write() as s:
        editions.publish(s, "Tide number one", replace(TIDE, title="Tide number one"), author=None, now=1)
    assert listed(fern.get("/plans?words=tide+number").text) == ["A3"]

    with clinic.db.write() as s:
        newer = replace(TIDE, version="1.1", title="Ebb number one")
        editions.publish(s, "Ebb number one", newer, author=None, now=2)
    assert listed(fern.get("/plans?words=tide+number").text) == []
    assert listed(fern.get("/plans?words=ebb+number").text) == ["A3"]


def test_the_words_that_there_are_go_with_the_plans_that_have_them(clinic: Clinic) -> None:
    kept = shelf.Shelf()
    for version, text in (("1.0", "Tide tide number"), ("1.1", "Ebb number")):
        with clinic.db.write() as s:
            before = kept.stock(s).words
            editions.publish(s, text, replace(TIDE, version=version, title=text), author=None, now=1)
            words = kept.stock(s).words
            assert words == shelf.Shelf().stock(s).words != before
    assert (words["ebb"], "tide" in words, words["number"]) == (1, before["tide"] > 1, before["number"])


def test_a_curriculum_shows_its_order_and_its_weeks(fern: FlaskClient) -> None:
    page = fern.get("/curricula/mental-health").text

    order = re.findall(r'<span class="muted small">(T\d+)</span>', page)
    assert order[0] == "T01" and order.count("T42") > 1
    assert "The week, breaks not counted" in page and "10 h</td>" in page and "6 h 30 min</td>" in page
    gone = fern.get("/curricula/nothing")
    assert gone.status_code == 404 and "Go to my start page" in gone.text, "This is no page for phones."


def test_a_plan_can_be_looked_at_in_another_length(fern: FlaskClient) -> None:
    page = fern.get("/plans/T04?length=50").text

    assert "Exercise 18 → 14 min" in page and "was 18" in page
    assert 'href="/sessions/schedule?plan=T04&amp;length=50"' in page
    for length in ("", "60", "55", "x", "%00"):
        assert "was 18" not in fern.get(f"/plans/T04?length={length}").text


def test_what_was_looked_for_stays_in_the_form(fern: FlaskClient) -> None:
    page = fern.get("/plans?words=%3Cxyz%3E&track=family").text

    assert 'value="&lt;xyz&gt;"' in page and 'value="family" checked' in page
    assert "No plan fits all of this" in page


def test_a_group_sees_what_it_has_had_and_what_comes(app: Flask, clinic: Clinic, fern: FlaskClient) -> None:
    hub, by = app.extensions["facilitator"].hub, c.Person(clinic.cast.fern.id, "Fern")
    past = clinic.session("T01")
    for command in (c.OpenDoors(), c.Start(), c.End()):
        hub.run(past.id, command, by)
    clinic.session("T04", at=TUESDAY_AT_SIX + 7 * 24 * 60 * MINUTE_MS)

    page = fern.get(f"/plans?group={clinic.group.id}").text

    assert "1 done with <bdi>Tuesday group</bdi>" in page
    assert "Done Nov 24" in page and "Dec 1" in page and "Not yet" in page
    assert f'href="/review/{past.id}"' in fern.get("/plans/T01").text


def test_what_runs_now_is_on_and_what_never_began_is_not_had(app: Flask, clinic: Clinic, fern: FlaskClient) -> None:
    hub, by = app.extensions["facilitator"].hub, c.Person(clinic.cast.fern.id, "Fern")
    live, at_the_door, never_began = clinic.session("T01"), clinic.session("T17"), clinic.session("T32")
    shut = clinic.session("T04", at=TUESDAY_AT_SIX - 24 * 60 * MINUTE_MS)
    hub.run(live.id, c.OpenDoors(), by)
    hub.run(live.id, c.Start(), by)
    hub.run(at_the_door.id, c.OpenDoors(), by)
    for command in (c.OpenDoors(), c.End()):
        hub.run(never_began.id, command, by)

    with clinic.db.read() as s:
        found = shelf.had(s, clinic.group.id, clinic.clock())
    states = {plan: found.state(plan) for plan in ("T01", "T17", "T32", "T04")}
    assert states == {"T01": "on now", "T17": "on now", "T32": "not yet", "T04": "not yet"}, shut.plan_id
    page = fern.get(f"/plans?group={clinic.group.id}&state=on+now").text
    assert listed(page) == ["T01", "T17"] and page.count("On now</span>") == 3, "The filter says it too."
    hub.run(live.id, c.End(), by)
    hub.run(at_the_door.id, c.End(), by)
    page = fern.get(f"/plans?group={clinic.group.id}").text
    assert "On now" not in page and "1 done with" in page


def test_a_session_that_is_due_is_planned_until_it_is_too_late(clinic: Clinic) -> None:
    clinic.session("T04", at=TUESDAY_AT_SIX)
    with clinic.db.read() as s:
        for minutes, state in ((10, "planned"), (179, "planned"), (181, "not yet")):
            had = shelf.had(s, clinic.group.id, TUESDAY_AT_SIX + minutes * MINUTE_MS)
            assert had.state("T04") == state, minutes


def test_nobody_learns_what_a_group_that_is_not_theirs_has_had(clinic: Clinic, sign_in: SignInAs) -> None:
    clinic.session("T04", at=TUESDAY_AT_SIX + 60 * MINUTE_MS)

    for stranger in (clinic.cast.max, clinic.cast.ada):
        page = sign_in(stranger).get(f"/plans?group={clinic.group.id}").text
        assert "Tuesday group" not in page and "Nov 24" not in page


def test_a_plan_shows_what_each_audience_sees(fern: FlaskClient) -> None:
    page = fern.get("/plans/T04").text

    for words in ("Projector", "Phone", "Say", "Cue for you", "Safety for you", "Opt out", "Handout"):
        assert f"<dt>{words}</dt>" in page
    assert "My strongest craving or urge in the last 24 hours" in page
    assert "shown from 7 answers" in page and "Shown from 5 answers" in page
    assert "Schedule it" in page


def test_every_plan_can_be_read_and_printed(fern: FlaskClient) -> None:
    for kept in PLANS:
        for address in (f"/plans/{kept.plan.id}", f"/plans/{kept.plan.id}/print"):
            page = fern.get(address)
            assert page.status_code == 200 and "<script>" not in page.text and " style=" not in page.text, address


def test_each_handout_has_a_page_of_its_own_in_print(fern: FlaskClient) -> None:
    page = fern.get("/plans/T04/print").text
    handouts = page.split('class="handout"')[1:]

    assert len(handouts) == 3
    assert "A blank hill" in handouts[0] and "988" in handouts[0]
    assert "A blank hill" not in page.split('class="handout"')[0]


def test_a_session_prints_the_plan_that_is_frozen_into_it(clinic: Clinic, fern: FlaskClient) -> None:
    text = next(kept.text for kept in PLANS if kept.plan.id == "T04")
    session = clinic.session(text=text.replace("title: Riding out cravings", "title: Riding out an older craving"))

    for address in (f"/sessions/{session.id}/plan", f"/sessions/{session.id}/plan/print"):
        page = fern.get(address).text
        assert "Riding out an older craving" in page
    assert "6:03 pm" in page, "The run sheet says when each segment begins."


def test_each_exercise_has_a_sheet_of_its_own_in_print_and_a_quiz_its_answers_behind(
    clinic: Clinic, fern: FlaskClient
) -> None:
    page = fern.get(f"/sessions/{clinic.session(text=ALL_PARTS).id}/plan/print").text
    plan, *sheets = page.split('<section class="paper-sheet ')

    assert len(sheets) == 20, "18 sheets, cards to cut out, and answers"
    assert plan.count('class="run-exercise"') == 18
    assert "A craving grows until you give in. <strong>False:</strong>" in plan
    quiz, answers = (sheet for sheet in sheets if "A craving grows until you give in" in sheet)
    assert "half an hour" not in quiz and "half an hour" in answers
    assert "It rose and fell" in next(sheet for sheet in sheets if sheet.startswith("urge-wave"))
    play = next(sheet for sheet in sheets if sheet.startswith("role-play"))
    assert "after observer comes second observer, then speaker." in play
    assert "<strong>2</strong> Ask for a quiet hour at home" in play
    assert '<h2 id="sheet-x1" dir="auto">' in sheets[0], "a plan may be in a language that runs from right to left"
    meter = fern.get("/plans/T31/print").text
    assert '<span class="small">hottest</span>' in meter and '<span class="small">coolest</span>' in meter


def test_what_the_group_gets_prints_without_cues_and_answers(clinic: Clinic, fern: FlaskClient) -> None:
    lines = "Feet on the floor\n\n> Cue: Watch the door.\n> Handout: A page to keep."
    text = ALL_PARTS.replace("Feet on the floor", lines)
    address = f"/sessions/{clinic.session(text=text).id}/plan/print"
    group = fern.get(f"{address}?for=group").text

    assert "A page to keep" in group and group.count('<section class="paper-sheet ') == 19
    assert "Watch the door" not in group and "half an hour" not in group
    assert fern.get("/plans/T32/print?for=group").status_code == 200
    assert fern.get(f"{address}?for=%00nobody").text == fern.get(address).text


def test_the_page_of_a_plan_has_its_exercises_with_what_is_in_them(clinic: Clinic, fern: FlaskClient) -> None:
    page = fern.get(f"/sessions/{clinic.session(text=ALL_PARTS).id}/plan").text

    assert page.count("<dt>Exercise</dt>") == 18 and page.count("glance-exercise") == 18
    assert "Ladder · 6 rungs. Stays on people" in page


def test_administrators_may_read_plans_and_schedule_none(clinic: Clinic, sign_in: SignInAs) -> None:
    page = sign_in(clinic.cast.ada).get("/plans/T04").text

    assert "Riding out cravings" in page and "Schedule it" not in page


def test_a_page_shows_a_plan_as_it_was_rendered_when_it_was_published(clinic: Clinic, fern: FlaskClient) -> None:
    once = "<p>As it was rendered then.</p>"

    def then(segment: Segment) -> Segment:
        cues = tuple(replace(cue, html=once) for cue in segment.cues)
        return replace(segment, html=once if segment.html else "", cues=cues)

    file = next(file for file in PLANS if file.plan.id == "T04")
    plan = replace(file.plan, id="ONCE", welcome_html=once, segments=tuple(map(then, file.plan.segments)))
    with clinic.db.write() as s:
        editions.publish(s, "Other words.", plan, author=None, now=0)
    shown = sum(len(segment.cues) + bool(segment.html) for segment in plan.segments)

    assert fern.get("/plans/ONCE").text.count(once) == shown + 1
    assert fern.get("/plans/ONCE/versions/1.0").text.count(once) == shown + 1
    assert fern.get("/plans/ONCE/print").text.count(once) >= shown


def test_a_plan_that_cannot_be_read_any_more_is_said_calmly(clinic: Clinic, fern: FlaskClient) -> None:
    with clinic.db.write() as s:
        there = editions.newest(s, "T04")
        assert there is not None
        other = {"id": "from elsewhere", "plan_id": "OLD", "plan_read": '{"format": 0}'}
        same = {name: getattr(there, name) for name in PlanEdition.model_fields}
        s.add(PlanEdition(**same | other))
        s.flush()
        s.add(PlanShelf(plan_id="OLD", edition_id="from elsewhere"))

    assert fern.get("/plans").status_code == 200
    for address in ("/plans/OLD", "/plans/OLD/print", "/plans/OLD/versions", "/plans/OLD/try"):
        page = fern.get(address)
        assert (page.status_code, "in a form that this version" in page.text) == (409, True), address


def test_a_plan_that_is_not_there_is_said_calmly(fern: FlaskClient) -> None:
    for address in ("/plans/T99", "/plans/T99/print", "/plans/..%2f..%2fetc", "/plans/" + "x" * 500):
        assert fern.get(address).status_code == 404
