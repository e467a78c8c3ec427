"""Published plans: frozen, numbered upwards, the clinic's own before the product's, and kept by every session."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from facilitator.curricula.curriculum import parse_curriculum
from facilitator.curricula.library import FOLDER, Library, frozen
from facilitator.curricula.parse import PlanError, parse_plan
from facilitator.curricula.stored import to_stored
from facilitator.house import open_house
from facilitator.realtime import commands as c
from facilitator.records import editions, shipped
from facilitator.records.bringing import to_take_along
from facilitator.records.editions import NotPublished
from facilitator.records.record import load
from facilitator.records.shelf import Shelf
from facilitator.records.verify import first_bad_entry
from facilitator.settings import Settings
from facilitator.storage.engine import Database, Session
from facilitator.storage.tables import Audit, GroupSession, PlanEdition, PlanShelf, Staff
from tests.conftest import Cast, Clinic, SettableClock
from tests.test_parse import PLAN

NOW = 1_000
ORDER = """title = "Evenings"
track = "both"
plans = ["T01", "t99"]
[[weeks]]
title = "One"
hours = 1
days = ["Monday: T99 60"]
"""


def version(number: str, more: str = "") -> str:
    """The plan T99 in this version."""
    return PLAN.replace("version: 1.10", f"version: {number}") + more


def publish(s: Session, text: str, author: Staff | None = None) -> PlanEdition:
    return editions.publish(s, text, parse_plan(text), author=author.id if author else None, now=NOW)


def on_shelf(s: Session, plan_id: str) -> str:
    kept = editions.newest(s, plan_id)
    assert kept is not None
    return kept.version


def test_every_plan_of_the_product_is_published_and_read_once(db: Database) -> None:
    files = Library().plans()
    with db.read() as s:
        listed = [plan for plan, _ in editions.listed(s, list(editions.newest_of_all(s).values()))]
        kept = {plan.id: editions.newest(s, plan.id) for plan in listed}

    assert [plan.id for plan in listed] == [file.plan.id for file in files]
    for file in files:
        edition = kept[file.plan.id]
        assert edition is not None
        assert (edition.text, editions.plan_in(edition), edition.author_id) == (file.text, file.plan, None)
    assert listed[0].segments == tuple((segment.kind, segment.minutes) for segment in files[0].plan.segments)


def test_a_second_start_finds_nothing_new(db: Database) -> None:
    with db.write() as s:
        before = set(s.exec(select(PlanEdition.id)))
        shipped.publish_shipped(s, NOW, FOLDER)
        assert set(s.exec(select(PlanEdition.id))) == before
        assert not s.new and not s.dirty


def test_a_published_text_is_frozen_and_traced(db: Database, cast: Cast) -> None:
    with db.write() as s:
        edition = publish(s, version("1.0"), cast.fern)
        assert publish(s, version("1.0"), cast.sol).id == edition.id

    with db.read() as s:
        [trace] = s.exec(select(Audit).where(Audit.action == "plan.published"))
        assert (trace.staff_id, trace.target) == (cast.fern.id, edition.id)
        assert trace.details["plan"] == "T99 1.0" and trace.details["sha256"] == editions.sha256(version("1.0"))
    assert first_bad_entry(db) is None


@pytest.mark.parametrize(
    ("there", "new", "said"),
    [
        ("1.0", "1.0", "Version 1.0 is published already. Change version to 1.1."),
        ("1.9", "1.9", "Version 1.9 is published already. Change version to 1.10."),
        ("1.10", "1.9", "Version 1.9 comes before 1.10, which is published. Change version to 1.11."),
        ("2", "2.0", "Version 2.0 is published already. Change version to 3."),
        ("1.9999", "1.9999", "Version 1.9999 is published already. Change version to 2.0."),
    ],
)
def test_a_new_text_needs_a_new_version(db: Database, cast: Cast, there: str, new: str, said: str) -> None:
    with db.write() as s:
        publish(s, version(there), cast.fern)
        with pytest.raises(NotPublished) as refused:
            publish(s, version(new, "\nOne line more.\n"), cast.fern)
        assert str(refused.value) == said
        assert on_shelf(s, "T99") == there


@pytest.mark.parametrize("plan_id", ["Drafts", "IMPORT"])
def test_an_id_that_could_be_taken_for_another_is_refused(db: Database, cast: Cast, plan_id: str) -> None:
    with db.write() as s:
        publish(s, PLAN, cast.fern)
        other = PLAN.replace("id: T99", f"id: {plan_id}")
        with pytest.raises(NotPublished, match=f"'{plan_id}' is .* another"):
            publish(s, other, cast.fern)
        assert editions.why_not(s, other, parse_plan(other))


@pytest.mark.parametrize(
    "wrong",
    [{"segments": each} for each in ("no json", "7", '[["opening"]]', '[["overture", 5]]', '[[["a"], 1]]')]
    + [{"minutes": "many"}, {"plan_read": "no json"}, {"version": "x"}, {"track": "<b>"}],
    ids=str,
)
def test_a_row_that_this_product_never_wrote_leaves_the_library_as_it_is(db: Database, wrong: dict[str, str]) -> None:
    shelf = Shelf()
    with db.write() as s:
        before = len(shelf.stock(s).plans)
        values = {column: f"edition.{column}" for column in PlanEdition.model_fields} | {"id": ":id", "plan_id": "'ZZ'"}
        values |= {column: f":{column}" for column in wrong}
        columns, given = ", ".join(values), ", ".join(values.values())
        copied = f"INSERT INTO plan_edition ({columns}) SELECT {given} FROM plan_edition AS edition"  # noqa: S608 - ours
        s.execute(text(f"{copied} WHERE plan_id = 'T04'"), {"id": "by hand"} | wrong)
        s.add(PlanShelf(plan_id="ZZ", edition_id="by hand"))
        s.flush()

        there = [kept.plan.id for kept in shelf.stock(s).plans]
        assert set(there) >= {"T01", "T48"} and len(there) >= before
        assert "ZZ/" not in " ".join(to_take_along(s, "T01"))


def test_the_newest_edition_is_the_one_to_run_and_all_are_kept(db: Database, cast: Cast) -> None:
    with db.write() as s:
        for number in ("1.9", "1.10", "1.11", "2"):
            publish(s, version(number), cast.fern)
        assert [edition.version for edition in editions.editions_of(s, "T99")] == ["2", "1.11", "1.10", "1.9"]
        assert on_shelf(s, "T99") == "2"
        assert editions.newest(s, "T98") is None


def test_a_clinics_own_edition_stays_the_newest_when_the_product_brings_another(db: Database, cast: Cast) -> None:
    with db.write() as s:
        publish(s, version("1.0"))
        publish(s, version("1.1"))
        assert on_shelf(s, "T99") == "1.1"
        publish(s, version("1.2"), cast.fern)
        publish(s, version("1.3"))
        assert on_shelf(s, "T99") == "1.2"
        assert [edition.version for edition in editions.editions_of(s, "T99")] == ["1.3", "1.2", "1.1", "1.0"]


def test_a_file_of_the_product_that_was_changed_without_a_new_version_is_named(
    db: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changed = (FOLDER / "addiction" / "T04.md").read_text(encoding="utf-8") + "\n"
    (tmp_path / "T04.md").write_text(changed, encoding="utf-8")
    (tmp_path / "T98.md").write_text("This is no plan.", encoding="utf-8")
    (tmp_path / "T99.md").write_text(PLAN, encoding="utf-8")

    with caplog.at_level(logging.WARNING), db.write() as s:
        shipped.publish_shipped(s, NOW, tmp_path)
        kept = editions.newest(s, "T04")
        assert kept is not None and kept.text != changed
        assert on_shelf(s, "T99") == "1.10"

    assert "keeps the edition that it has" in caplog.text and "T04.md" in caplog.text and "T98.md" in caplog.text


def test_a_session_reads_for_ever_from_the_plan_as_it_was_read_then(
    settings: Settings, clinic: Clinic, clock: SettableClock
) -> None:
    """A later version of the product may not understand the text any more."""
    house, by = open_house(settings, clock), c.Person(clinic.cast.fern.id, "Fern")
    session, of_another_time = clinic.session("T04"), "A text in a form of long ago."
    with house.db.write() as s:
        row = s.get_one(GroupSession, session.id)
        row.plan_text, row.plan_sha256 = of_another_time, editions.sha256(of_another_time)
        s.add(row)
    with pytest.raises(PlanError):
        frozen(of_another_time)

    for command in (c.OpenDoors(), c.Start(), c.EnterSegment(1), c.End()):
        house.hub.run(session.id, command, by)

    with house.db.read() as s:
        record = load(s, s.get_one(GroupSession, session.id), clock())
    assert record.plan.title == "Riding out cravings" and record.plan.segments[1].html
    assert first_bad_entry(house.db) is None
    house.db.close()


def test_a_session_from_before_plans_were_kept_as_read_is_read_from_its_text(db: Database, clinic: Clinic) -> None:
    session = clinic.session("T04")
    with db.write() as s:
        row = s.get_one(GroupSession, session.id)
        row.plan_read = None
        s.add(row)

    with db.read() as s:
        record = load(s, s.get_one(GroupSession, session.id), NOW)
    assert to_stored(record.plan) == session.plan_read
    assert first_bad_entry(db) is None


def test_what_a_session_froze_is_the_edition_that_was_newest_then(db: Database, clinic: Clinic, cast: Cast) -> None:
    with db.write() as s:
        kept = publish(s, version("1.0"), cast.fern)
        session = GroupSession(id="s1", **editions.frozen_plan(kept))
        publish(s, version("1.1"), cast.fern)
        assert s.exec(select(PlanEdition).where(col(PlanEdition.id) == session.plan_edition)).one().version == "1.0"
    assert (session.plan_text, session.plan_sha256, session.plan_read) == (kept.text, kept.sha256, kept.plan_read)


def test_capital_letters_make_no_other_plan(db: Database, cast: Cast) -> None:
    with db.write() as s:
        before = publish(s, version("1.10"), cast.fern)
        after = publish(s, version("1.11").replace("id: T99", "id: t99"), cast.sol)
        assert (before.plan_id, after.plan_id, editions.plan_in(after).id) == ("T99", "T99", "T99")
        assert "id: t99" in after.text and on_shelf(s, "t99") == on_shelf(s, "T99") == "1.11"
        with pytest.raises(NotPublished, match=r"Version 1\.10 is published already"):
            publish(s, version("1.10", "\nMore\n").replace("id: T99", "id: t99"), cast.fern)
        with pytest.raises(NotPublished, match="a word of this app"):
            publish(s, PLAN.replace("T99", "Drafts"), cast.fern)
        assert editions.twins(s, "T99") == []
        [order] = editions.respelled(s, [parse_curriculum(ORDER, "order")])
        assert order.plans == ("T01", "T99") and order.weeks[0].days[0].items[0].name == "T99"


def test_a_library_that_has_both_keeps_both_and_says_which(db: Database, cast: Cast) -> None:
    with db.write() as s:
        publish(s, version("1.10"), cast.fern)
        # As an older version of the product put it there.
        text = version("2.0").replace("id: T99", "id: t99")
        s.add(PlanEdition(**{**publish(s, version("1.11"), cast.fern).model_dump(), "id": "x", "plan_id": "t99",
                             "version": "2.0", "text": text}))  # fmt: skip
        s.flush()
        s.add(PlanShelf(plan_id="t99", edition_id="x"))
        s.flush()
        assert (on_shelf(s, "T99"), on_shelf(s, "t99")) == ("1.11", "2.0")
        assert (editions.twins(s, "T99"), editions.twins(s, "t99")) == (["t99"], ["T99"])
        assert publish(s, text.replace("2.0", "2.1"), cast.sol).plan_id == "t99" and on_shelf(s, "T99") == "1.11"
