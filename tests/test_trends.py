"""What a group answered over several sessions: only what was shown, gaps that stay gaps, and nobody in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from facilitator.pages.trends_drawing import PLOT, draw
from facilitator.realtime import commands as c
from facilitator.realtime.tally import UNCOUNTED
from facilitator.records.record import held
from facilitator.records.trends import Trend, trends
from facilitator.storage.tables import Audit, GroupSession, Staff
from tests.conftest import Cast, Clinic
from tests.paperwork import everybody_here
from tests.story import PLAN_TEXT, Archive, Story

SignIn = Callable[[Staff], FlaskClient]
CALM = "How calm does my body feel?"
ASK = f'Ask (scale 0-10, not at all to very): {CALM}\n> Aloud: "Low, middle or high?"\n\n'
TEXT = PLAN_TEXT.replace("Ask (scale", f"{ASK}Ask (scale", 1).replace(
    "## Break (5 min)", f"## Closing: How I leave (5 min)\n\n{ASK}"
)
ARRIVING, LEAVING = "q1", "q4"
NONE, HALF, MOST = "few or none", "about half", "most or all"


def of(low: int, middle: int, high: int) -> list[object]:
    return [0] * low + [5] * middle + [10] * high


SEVEN = of(1, 2, 4)


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    clinic.clock.forward(hours=4)
    return Archive(clinic)


def told(archive: Archive, day: int, *answers: Sequence[object], prompt: str = ARRIVING) -> GroupSession:
    """A session on that day of November in which ``prompt`` was asked once for each of ``answers``."""
    story = everybody_here(archive.story(day=day, text=TEXT).start(), "18:01").enter("18:05", 1)
    for given in answers:
        ask(story, prompt, given)
    return archive.keep(story.end("18:50"))


def ask(story: Story, prompt: str, given: Sequence[object]) -> None:
    if given == ["aloud"]:
        story.do(c.AskAloud(prompt), c.HideTally())
    elif given == ["lost"]:
        story.do(c.OpenCheckIn(prompt, prompt, 5, 7), c.CloseCheckIn(prompt, UNCOUNTED))
    else:
        story.check_in(prompt, given)


def found(clinic: Clinic, most: int = 12) -> tuple[Trend, ...]:
    with clinic.db.read() as s:
        return trends(held(s, clinic.group.id, clinic.clock(), most))


def states(trend: Trend) -> list[str]:
    return [point.state for point in trend.points]


def test_a_question_in_the_same_words_is_followed_from_session_to_session(clinic: Clinic, archive: Archive) -> None:
    for day, given in ((3, SEVEN), (10, of(2, 2, 5)), (17, of(0, 1, 12))):
        told(archive, day, given)

    (trend,) = found(clinic)

    assert (trend.question.text, trend.place) == (CALM, "On arriving")
    assert trend.labels == ("Low, 0 to 3", "In between, 4 to 6", "High, 7 to 10")
    assert [(point.number, point.words) for point in trend.points] == [
        (1, (NONE, NONE, HALF)), (2, (NONE, NONE, HALF)), (3, (NONE, NONE, MOST)),
    ]  # fmt: skip
    assert trend.is_drawn


def test_what_was_kept_back_is_a_gap_with_its_word(clinic: Clinic, archive: Archive) -> None:
    for day, given in enumerate((SEVEN, of(1, 1, 1), ["lost"], ["aloud"], SEVEN), start=2):
        told(archive, day, given)
    told(archive, 8)
    told(archive, 9, SEVEN)

    (trend,) = found(clinic)

    assert states(trend) == ["shown", "withheld", "uncounted", "aloud", "shown", "not asked", "shown"]
    assert all(not point.words for point in trend.points if point.state != "shown")


def test_a_sensitive_question_whose_answers_were_alike_is_a_gap(clinic: Clinic, archive: Archive) -> None:
    for day, given in enumerate((of(0, 0, 8), of(2, 3, 4)), start=3):
        told(archive, day, given, prompt="q2")

    assert [states(trend) for trend in found(clinic)] == [["similar", "shown"]]


def test_arriving_and_leaving_are_two_trends(clinic: Clinic, archive: Archive) -> None:
    for day in (3, 10):
        story = archive.story(day=day, text=TEXT).start().enter("18:05", 1)
        story.check_in(ARRIVING, SEVEN).check_in(LEAVING, of(1, 1, 5))
        archive.keep(story.end("18:50"))

    assert [(trend.question.text, trend.place) for trend in found(clinic)] == [
        (CALM, "On arriving"), (CALM, "On leaving"),
    ]  # fmt: skip


def test_other_answers_to_choose_from_are_another_question(clinic: Clinic, archive: Archive) -> None:
    told(archive, 3, SEVEN)
    story = archive.story(day=10, text=TEXT.replace("scale 0-10, not at all", "scale 0-5, not at all")).start()
    archive.keep(story.check_in(ARRIVING, [0, 1, 2, 3, 4, 5, 5]).end("18:50"))

    assert found(clinic) == ()


def test_what_was_asked_once_is_no_trend(clinic: Clinic, archive: Archive) -> None:
    told(archive, 3, SEVEN)
    told(archive, 10, ["aloud"])

    assert found(clinic) == ()


def test_asked_again_in_one_evening_the_first_tally_that_was_shown_counts(clinic: Clinic, archive: Archive) -> None:
    told(archive, 3, of(1, 1, 1), SEVEN, of(9, 0, 0))
    told(archive, 10, SEVEN)

    assert [point.words for point in found(clinic)[0].points] == [(NONE, NONE, HALF), (NONE, NONE, HALF)]


def test_only_the_newest_sessions_are_drawn(clinic: Clinic, archive: Archive) -> None:
    for day in range(2, 7):
        told(archive, day, SEVEN)

    assert [point.number for point in found(clinic, most=3)[0].points] == [3, 4, 5]


def test_no_line_crosses_a_gap_and_the_highest_band_is_on_top(clinic: Clinic, archive: Archive) -> None:
    for day, given in enumerate((SEVEN, SEVEN, of(1, 1, 1), SEVEN), start=3):
        told(archive, day, given)

    picture = draw(found(clinic)[0])

    assert [lane.label for lane in picture.lanes] == ["High, 7 to 10", "In between, 4 to 6", "Low, 0 to 3"]
    for lane in picture.lanes:
        assert [(one.middle, other.middle) for one, other in lane.lines] == [(12.5, 37.5)]
        assert (len(lane.bars), [gap.middle for gap in lane.gaps]) == (3, [62.5])
    assert {bar.height for bar in picture.lanes[0].bars} == {PLOT * 0.5}


def page(browser: FlaskClient, group: str = "") -> str:
    answer = browser.get(f"/review/trends?group={group}")
    assert answer.status_code == 200
    return answer.text


def test_every_point_of_the_picture_is_in_the_table(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
) -> None:
    for day, given in enumerate((SEVEN, of(1, 1, 1), SEVEN, SEVEN), start=3):
        told(archive, day, given)

    shown = page(sign_in(cast.sol), clinic.group.id)
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown.split('<table class="table folds twin">')[1])

    assert "3 of 4 sessions have a tally here." in shown
    assert shown.count('class="share"') == 9
    assert shown.count('class="trend-line"') == 3
    assert shown.count('class="gap-word"') == 3
    assert cells == [
        "Few or none", "Few or none", "About half",
        "Withheld: too few answered, or it was asked again of the same phones",
        *["Few or none", "Few or none", "About half"] * 2,
    ]  # fmt: skip


def test_two_points_are_no_trend(archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    for day in (3, 10):
        told(archive, day, SEVEN)

    shown = page(sign_in(cast.sol))

    assert "Two sessions have a tally here that was shown." in unescape(shown)
    assert "<svg width" not in shown and "About half" in shown


def test_an_empty_page_says_what_would_bring_something_here(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
) -> None:
    browser = sign_in(cast.sol)
    assert "No session has been held yet" in page(browser)
    assert "This group has ended no session yet" in page(browser, clinic.group.id)

    told(archive, 3, SEVEN)

    assert "No question has been asked twice yet" in page(browser)


def test_nobody_is_on_the_page_and_nobody_who_led(archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    for day in (3, 10, 17):
        told(archive, day, SEVEN)

    shown = page(sign_in(cast.sol))

    assert not [name for name in ("Fern", *(member.name for member in archive.clinic.roster)) if name in shown]
    assert "1\u20132" not in shown


def test_trends_are_for_supervisors_and_are_in_the_audit(clinic: Clinic, sign_in: SignIn, cast: Cast) -> None:
    for staff in (cast.fern, cast.max, cast.ada):
        assert sign_in(staff).get(f"/review/trends?group={clinic.group.id}").status_code == 403
    browser = sign_in(cast.sol)

    assert browser.get("/review/trends?group=nothing").status_code == 404
    assert f'/review/trends?group={clinic.group.id}"' in browser.get(f"/review?group={clinic.group.id}").text
    assert f"/review/groups/{clinic.group.id}/sessions.csv" not in page(browser, clinic.group.id)
    with clinic.db.read() as s:
        read = s.exec(select(Audit.staff_id, Audit.target).where(Audit.action == "trends.read")).all()
    assert read == [(cast.sol.id, clinic.group.id)]


@pytest.mark.parametrize("group", ["%00", "%ud800", "x" * 3000, "🜁"])
def test_a_group_that_makes_no_sense_breaks_nothing(sign_in: SignIn, cast: Cast, group: str) -> None:
    assert 400 <= sign_in(cast.sol).get(f"/review/trends?group={group}").status_code < 500
