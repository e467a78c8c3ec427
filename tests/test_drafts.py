"""Drafts of plans: kept whatever is wrong in them, and two people who write one lose nothing."""

from __future__ import annotations

import pytest

from facilitator.curricula.parse import parse_plan
from facilitator.people.access import Unknown
from facilitator.records import drafts, editions
from facilitator.storage.engine import Database
from tests.conftest import Cast
from tests.test_parse import PLAN

NOW = 1_000


def test_a_draft_is_kept_with_all_its_mistakes(db: Database, cast: Cast) -> None:
    with db.write() as s:
        draft = drafts.start(s, cast.fern, NOW, "No plan\r\nat all\r\x00\ud800")
        assert (draft.text, draft.title) == ("No plan\nat all\n\ufffd\ufffd", "Without a title")
        saved = drafts.save(s, cast.fern, draft.id, 'title: "Waves"\n', 0, NOW + 5)
        assert (saved.title, saved.edition, saved.saved_at) == ("Waves", 1, NOW + 5)


def test_the_second_of_two_who_write_is_told_and_the_first_is_kept(db: Database, cast: Cast) -> None:
    with db.write() as s:
        draft = drafts.start(s, cast.fern, NOW, "one")
        drafts.save(s, cast.sol, draft.id, "Sol's words", 0, NOW)
        with pytest.raises(drafts.Stale, match="Sol saved this draft") as told:
            drafts.save(s, cast.fern, draft.id, "Fern's words", 0, NOW)
        assert told.value.draft.text == "Sol's words"
        assert drafts.save(s, cast.fern, draft.id, "Sol's words", 0, NOW).edition == 1
        assert drafts.save(s, cast.fern, draft.id, "Both words", 1, NOW).edition == 2


def test_a_change_starts_from_the_newest_edition_with_the_next_version(db: Database, cast: Cast) -> None:
    with db.write() as s:
        draft = drafts.start_change(s, cast.fern, NOW, "T04")
        plan = parse_plan(draft.text)
        assert (plan.id, plan.version, draft.title) == ("T04", "1.1", "Riding out cravings")
        assert drafts.start_change(s, cast.fern, NOW, "T04").id == draft.id
        assert drafts.start_change(s, cast.sol, NOW, "T04").id != draft.id
        assert [one.started_by for one in drafts.listed(s, cast.fern, "T04")] == ["Fern", "Sol"]
        with pytest.raises(Unknown):
            drafts.start_change(s, cast.fern, NOW, "T99")


def test_a_new_plan_has_an_id_of_its_own(db: Database, cast: Cast) -> None:
    with db.write() as s:
        first = drafts.start_new(s, cast.fern, NOW)
        editions.publish(s, first.text, parse_plan(first.text), author=cast.fern.id, now=NOW)
        second = drafts.start_new(s, cast.fern, NOW)
        assert (parse_plan(first.text).id, parse_plan(second.text).id) == ("W01", "W02")


def test_a_draft_that_is_too_large_or_gone_is_said(db: Database, cast: Cast) -> None:
    with db.write() as s:
        draft = drafts.start(s, cast.fern, NOW, PLAN)
        with pytest.raises(drafts.TooLarge, match="at most 256 kB"):
            drafts.save(s, cast.fern, draft.id, "é" * 140_000, 0, NOW)
        drafts.throw_away(s, draft.id)
        with pytest.raises(Unknown, match="thrown away"):
            drafts.save(s, cast.fern, draft.id, "more", 0, NOW)
        assert drafts.listed(s, cast.fern) == []
