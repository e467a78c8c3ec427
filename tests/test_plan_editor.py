"""Writing a plan in the browser: drafts that always save, live looks, publishing with its differences, versions."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from facilitator.curricula.parse import parse_plan
from facilitator.records import drafts, editions
from facilitator.storage.tables import PlanDraft, PlanEdition, PlanShelf
from tests.conftest import Clinic, csrf_token
from tests.desk import SignInAs
from tests.test_parse import PLAN

BROKEN = PLAN.replace("## Exercise:", "## Exersise:")


@pytest.fixture
def fern(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """A facilitator's browser."""
    return sign_in(clinic.cast.fern)


@pytest.fixture
def sol(clinic: Clinic, sign_in: SignInAs) -> FlaskClient:
    """A supervisor's browser."""
    return sign_in(clinic.cast.sol)


def post(browser: FlaskClient, address: str, **fields: str) -> str:
    """What comes after a form was sent: the page, or the one that it leads to."""
    answer = browser.post(address, data={"csrf_token": csrf_token(browser, "/plans"), **fields}, follow_redirects=True)
    assert answer.status_code < 500
    return answer.text


def ask(browser: FlaskClient, address: str, body: object) -> tuple[int, dict[str, object]]:
    """What a script is answered."""
    answer = browser.post(address, json=body, headers={"X-CSRF-Token": csrf_token(browser, "/plans")})
    return answer.status_code, answer.get_json()


def draft_of(clinic: Clinic, text: str) -> PlanDraft:
    """A draft that Fern began."""
    with clinic.db.write() as s:
        return drafts.start(s, clinic.cast.fern, clinic.clock(), text)


def newest_on(browser: FlaskClient, draft: PlanDraft) -> str:
    """The edition in use, as the page that asks before publishing knows it."""
    found = re.search(r'name="newest" value="([^"]*)"', browser.get(f"/plans/drafts/{draft.id}/publish").text)
    return found[1] if found else "not on the page"


def kept(clinic: Clinic, draft: PlanDraft) -> PlanDraft:
    with clinic.db.read() as s:
        return drafts.one(s, draft.id)


def test_a_plan_is_written_from_a_good_beginning_and_saved_with_its_mistakes(clinic: Clinic, fern: FlaskClient) -> None:
    page = post(fern, "/plans/drafts")
    draft_id = re.search(r'action="/plans/drafts/([^"]+)"', page)
    assert draft_id and "id: W01" in page and "No errors" in page

    page = post(fern, f"/plans/drafts/{draft_id[1]}", text=BROKEN, edition="0")

    assert "The draft is saved." in page and "1 error" in page and "Did you mean &#39;Exercise&#39;?" in page
    assert "Publish: fix 1 error first" in page
    assert "Riding out cravings" in fern.get("/plans/drafts").text


def test_the_text_is_saved_while_it_is_typed(clinic: Clinic, fern: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)

    status, told = ask(fern, f"/plans/drafts/{draft.id}/save", {"text": "one\r\ntwo", "edition": 0})

    assert (status, told) == (200, {"edition": 1, "saved": "6:00 pm"})
    assert kept(clinic, draft).text == "one\ntwo"


def test_two_who_write_one_draft_lose_nothing(clinic: Clinic, fern: FlaskClient, sol: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)
    address = f"/plans/drafts/{draft.id}"
    ask(sol, f"{address}/save", {"text": PLAN + "\nSol's line\n", "edition": 0})

    status, told = ask(fern, f"{address}/save", {"text": PLAN + "\nFern's line\n", "edition": 0})
    assert status == 409 and "Sol saved this draft" in str(told["message"])
    page = post(fern, address, text=PLAN + "\nFern's line\n", edition="0")
    assert "What stands here is not saved. Last saved 6:00 pm by <bdi>Sol</bdi>" in page
    assert page.count("Sol&#39;s line") == 2 and "Fern&#39;s line" in page and 'name="edition" value="1"' in page
    assert "Sol's line" in kept(clinic, draft).text

    assert "Sol saved this draft" in post(fern, address, text="long " * 60_000, edition="0")
    post(fern, address, text=PLAN + "\nBoth lines\n", edition="1")
    assert "Both lines" in kept(clinic, draft).text


def test_a_look_says_what_is_wrong_and_shows_the_segment_at_the_cursor(fern: FlaskClient) -> None:
    line = BROKEN.split("\n").index("- I did some") + 1

    status, told = ask(fern, "/plans/drafts/look", {"text": BROKEN, "line": line})

    assert status == 200 and told["summary"] == "1 error"
    assert told["errors"] == [{"line": 36, "message": told["errors"][0]["message"]}]
    views = str(told["views"])
    assert "Segment 2 of 6" in views and "Home practice since last time" in views and "I did some" in views
    assert "Read the room" in views and "<script" not in views


@pytest.mark.parametrize(
    ("body", "status"),
    [({"text": "x"}, 422), ({"text": 5, "line": 1}, 422), ([], 422), ({"text": "x", "line": True}, 422),
     ({"text": "\ud800\x00", "line": 1}, 200), ({"text": "[" * 200_000, "line": 10**9}, 200)],
)  # fmt: skip
def test_a_look_at_anything_is_calm(fern: FlaskClient, body: object, status: int) -> None:
    answer, told = ask(fern, "/plans/drafts/look", body)

    assert answer == status and (told.get("errors") or str(told["message"]).endswith("."))


def test_a_draft_takes_any_text_and_says_when_it_is_too_much(clinic: Clinic, fern: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)
    for text in ("a\x00b", "a\u202eb", "a" + "\u0301" * 50, "<script>alert(1)</script>"):
        page = post(fern, f"/plans/drafts/{draft.id}", text=text, edition=str(kept(clinic, draft).edition))
        assert "The draft is saved." in page and "<script>alert" not in page
    before = kept(clinic, draft).text

    edition = kept(clinic, draft).edition
    page = post(fern, f"/plans/drafts/{draft.id}", text="long " * 60_000, edition=str(edition))

    assert "at most 256 kB" in page and "long long" in page and kept(clinic, draft).text == before
    told = ask(fern, f"/plans/drafts/{draft.id}/save", {"text": "é" * 140_000, "edition": edition})
    assert "at most 256 kB" in str(told)


def test_what_is_pasted_comes_back_clean(fern: FlaskClient) -> None:
    status, told = ask(fern, "/plans/drafts/clean", {"text": "“Hi”\r\n• one"})

    assert (status, told["text"]) == (200, '"Hi"\n- one')
    assert told["changes"] == ["1 bullet became a dash", "2 curly quotation marks became straight"]


def test_publishing_shows_what_changes_and_freezes_the_text(clinic: Clinic, fern: FlaskClient) -> None:
    page = post(fern, "/plans/drafts", plan="T04")
    address = str(re.search(r'action="(/plans/drafts/[^"]+)"', page)[1])
    with clinic.db.read() as s:
        text = drafts.one(s, address.split("/")[-1]).text.replace("(18 min", "(15 min", 1)
    page = post(fern, address, text=text, edition="0", then="publish")
    assert "Publish Riding out cravings, version 1.1?" in page
    assert "Exercise &#39;Ride one small wave&#39;: 18 → 15 min." in page

    assert "Say in a few words what changed" in post(fern, f"{address}/publish", edition="1")
    page = post(fern, f"{address}/publish", edition="1", note="Shorter waves for a late group.")

    assert "Version 1.1 is published." in page
    with clinic.db.read() as s:
        newest = editions.newest(s, "T04")
        assert newest is not None and newest.text == text and newest.author_id == clinic.cast.fern.id
        assert s.exec(select(PlanDraft)).all() == []
    history = fern.get("/plans/T04/versions").text
    assert "Shorter waves for a late group." in history and "18 → 15 min" in history
    assert "15 → 18 min" in fern.get("/plans/T04/versions?before=1.1&after=1.0").text
    assert "not the one in use" in fern.get("/plans/T04/versions/1.0").text
    assert fern.get("/plans/T04/versions/9.9").status_code == 404


def test_an_id_in_other_letters_is_the_same_plan_and_has_one_address(clinic: Clinic, fern: FlaskClient) -> None:
    text = str(fern.get("/plans/T04").text)
    for path, there in (("t04", "T04"), ("t04/versions?before=1.0", "T04/versions?before=1.0"), ("t04/try", "T04/try")):
        answer = fern.get(f"/plans/{path}")
        assert (answer.status_code, answer.location) == (302, f"/plans/{there}")
    assert "There is also" not in text and fern.get("/plans/t99").status_code == 404
    draft = draft_of(clinic, PLAN.replace("id: T99", "id: t04").replace("1.10", "3.0"))

    assert "What changes from version 1.0" in fern.get(f"/plans/drafts/{draft.id}/publish").text
    post(fern, f"/plans/drafts/{draft.id}/publish", edition="0", note="Mine.")
    with clinic.db.write() as s:
        assert {edition.plan_id for edition in editions.editions_of(s, "t04")} == {"T04"}
        s.add(PlanShelf(plan_id="t04", edition_id=editions.editions_of(s, "T04")[0].id))
    assert "only capital letters tell it from T04" in fern.get("/plans/T04").text


def test_what_cannot_be_published_says_why(clinic: Clinic, fern: FlaskClient) -> None:
    broken, same = draft_of(clinic, BROKEN), draft_of(clinic, PLAN)
    with clinic.db.write() as s:
        other = PLAN.replace("Feet on", "Hands on")
        editions.publish(s, other, parse_plan(other), author=clinic.cast.sol.id, now=1)

    page = post(fern, f"/plans/drafts/{broken.id}/publish", edition="0", note="x")
    assert "Line 36" in page and "cannot be published yet" in page
    page = post(fern, f"/plans/drafts/{same.id}/publish", edition="0", note="x")
    assert "Version 1.10 is published already. Change version to 1.11." in page
    reserved = draft_of(clinic, PLAN.replace("id: T99", "id: drafts"))
    assert "is a word of this app" in fern.get(f"/plans/drafts/{reserved.id}/publish").text
    with clinic.db.read() as s:
        assert {edition.plan_id for edition in s.exec(select(PlanEdition)) if edition.author_id} == {"T99"}


def test_a_draft_that_was_saved_meanwhile_is_not_published_unseen(clinic: Clinic, fern: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)
    with clinic.db.write() as s:
        drafts.save(s, clinic.cast.sol, draft.id, PLAN.replace("Feet", "Hands"), 0, 1)

    assert "was saved again since" in post(fern, f"/plans/drafts/{draft.id}/publish", edition="0", note="x")
    with clinic.db.read() as s:
        assert editions.newest(s, "T99") is None


def test_what_somebody_else_published_meanwhile_is_not_undone_unseen(clinic: Clinic, fern: FlaskClient) -> None:
    """The page said what changes from the version before theirs."""
    mine, theirs = PLAN.replace("version: 1.10", "version: 2.0"), PLAN.replace("version: 1.10", "version: 1.11")
    draft, author = draft_of(clinic, mine), clinic.cast.sol.id
    with clinic.db.write() as s:
        editions.publish(s, PLAN, parse_plan(PLAN), author=author, now=1)
    seen = newest_on(fern, draft)
    with clinic.db.write() as s:
        editions.publish(s, theirs, parse_plan(theirs), author=author, now=2)

    address = f"/plans/drafts/{draft.id}/publish"
    assert "What changes from version 1.11" in (page := post(fern, address, edition="0", note="x", newest=seen))
    assert "Somebody published another version since you opened this page." in page
    assert "Version 2.0 is published." in post(fern, address, edition="0", note="x", newest=newest_on(fern, draft))


def test_two_who_publish_one_draft_at_once_are_both_led_on(clinic: Clinic, fern: FlaskClient, sol: FlaskClient) -> None:
    draft, at_once = draft_of(clinic, PLAN), Barrier(2)
    tokens = {browser: csrf_token(browser, "/plans") for browser in (fern, sol)}

    def publish(browser: FlaskClient) -> int:
        fields = {"csrf_token": tokens[browser], "edition": "0", "note": "x"}
        at_once.wait()
        return browser.post(f"/plans/drafts/{draft.id}/publish", data=fields).status_code

    with ThreadPoolExecutor(max_workers=2) as pool:
        assert list(pool.map(publish, (fern, sol))) == [303, 303]
    with clinic.db.read() as s:
        assert len(editions.editions_of(s, "T99")) == 1


def test_a_draft_is_thrown_away_after_asking_once(clinic: Clinic, fern: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)
    assert "Throw this draft away?" in fern.get(f"/plans/drafts/{draft.id}/discard").text

    assert "No drafts" in post(fern, f"/plans/drafts/{draft.id}/discard")
    assert fern.get(f"/plans/drafts/{draft.id}").status_code == 404


def test_words_for_a_draft_that_is_gone_become_another(clinic: Clinic, fern: FlaskClient, sol: FlaskClient) -> None:
    draft = draft_of(clinic, PLAN)
    post(sol, f"/plans/drafts/{draft.id}/discard")

    status, told = ask(fern, f"/plans/drafts/{draft.id}/save", {"text": PLAN + "\nMine\n", "edition": 0})
    assert status == 404 and "Press Save" in str(told["message"])
    for _ in range(2):
        page = post(fern, f"/plans/drafts/{draft.id}", text=PLAN + "\nMine\n", edition="0")
        assert "Your words are kept in this new one." in page and "\nMine\n" in page
    with clinic.db.read() as s:
        assert len(s.exec(select(PlanDraft)).all()) == 1
    both = {"text": PLAN + "\nMine\n", "take": "together", "together": PLAN + "\nMine and hers\n"}
    assert "\nMine and hers\n" in post(fern, f"/plans/drafts/{draft.id}", edition="0", **both)
    assert "at most 256 kB" in post(fern, f"/plans/drafts/{draft.id}", text="long " * 60_000, edition="0")


def test_the_next_version_is_filled_in_however_the_setting_is_written(clinic: Clinic, fern: FlaskClient) -> None:
    text = PLAN.replace("version:", "Version :").replace("title:", "Title:")
    with clinic.db.write() as s:
        editions.publish(s, text, parse_plan(text), author=clinic.cast.sol.id, now=1)

    page = post(fern, "/plans/drafts", plan="T99")

    assert "version: 1.11\n" in page and "<h1>Riding out cravings</h1>" in page


def test_administrators_read_and_do_not_write(app: Flask, clinic: Clinic, sign_in: SignInAs) -> None:
    ada = sign_in(clinic.cast.ada)

    assert "Change this plan" not in ada.get("/plans/T04").text and "Write a plan" not in ada.get("/plans").text
    assert ada.get("/plans/drafts").status_code == 403 and ada.get("/plans/T04/versions").status_code == 200
