"""The same product on PostgreSQL: the same tables, the same promises, one evening from doors to note."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, select, text

from facilitator.curricula.parse import parse_plan
from facilitator.house import House, open_database, open_house
from facilitator.people import groups
from facilitator.people.passwords import Hashed
from facilitator.realtime import commands as c
from facilitator.realtime.hub import Seated
from facilitator.realtime.live import Refused
from facilitator.records import audit, drafts, editions, notes, requests, review, shelf
from facilitator.records.group_arc import arc_of
from facilitator.records.review import Filter, State
from facilitator.records.scheduling import Clinic as Desk
from facilitator.records.scheduling import Wanted, schedule
from facilitator.records.verify import first_bad_entry
from facilitator.settings import Settings
from facilitator.storage.backup import CannotCopy, back_up
from facilitator.storage.engine import Database, Unavailable
from facilitator.storage.migrate import migrate
from facilitator.storage.tables import Group, GroupSession, ProgressNote, Staff
from facilitator.text import BadText
from tests.cards import CARD, SIX, WITH_CARD
from tests.conftest import Clinic, SettableClock, hire
from tests.postgresql import cluster, empty_database
from tests.program import Program, get
from tests.test_parse import PLAN

WRITTEN = {"done": "We began.", "response": "Warm and careful.", "incidents": "none"}
APPEND_ONLY = ("session_event", "note_step", "audit")


class Evening:
    """A session of six people with phones, led by Fern."""

    def __init__(self, settings: Settings, db: Database, clock: SettableClock, password: Hashed) -> None:
        self.house: House = open_house(settings, clock)
        self.clinic = Clinic(db, hire(db, password, clock()), clock)
        self.session_id = self.clinic.session("T01").id
        self.fern = c.Person(self.clinic.cast.fern.id, "Fern")
        self.do(c.OpenDoors())
        self.seats = [self._seat() for _ in range(6)]
        self.do(c.Start())

    def do(self, command: c.Command) -> None:
        self.house.hub.run(self.session_id, command, self.fern)

    def ask(self) -> str:
        self.do(c.EnterSegment(1))
        self.do(c.OpenCheckIn("q1"))
        check_in = self.house.hub.live(self.session_id).open_check_in
        assert check_in is not None
        return check_in.id

    def _seat(self) -> str:
        place = self.house.hub.take_seat(self.session_id, None, None)
        assert isinstance(place, Seated)
        return place.seat


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with cluster() as address:
        yield address


@pytest.fixture
def url(server: str) -> str:
    """An empty database."""
    return empty_database(server)


@pytest.fixture
def on_postgresql(settings: Settings, url: str) -> Settings:
    return replace(settings, database_url=url)


@pytest.fixture
def db(on_postgresql: Settings) -> Iterator[Database]:
    db = open_database(on_postgresql)
    yield db
    db.close()


@pytest.fixture
def evening(on_postgresql: Settings, db: Database, clock: SettableClock, _password: Hashed) -> Iterator[Evening]:
    evening = Evening(on_postgresql, db, clock, _password)
    yield evening
    evening.house.db.close()


def test_a_migrated_database_is_what_the_tables_say(db: Database) -> None:
    with db.engine.connect() as connection:
        migrated = MigrationContext.configure(connection)
        assert compare_metadata(migrated, SQLModel.metadata) == []


def test_of_several_processes_that_start_at_once_one_migrates(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    threads = [threading.Thread(target=migrate, args=[db]) for db in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for db in databases:
        with db.read() as s:
            assert s.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0
        db.close()


def _somebody_waits(db: Database) -> bool:
    with db.read() as s:
        return bool(s.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def test_who_publishes_second_knows_of_the_first(evening: Evening, db: Database) -> None:
    """Or an older version would be run, and two plans would differ by capital letters alone."""
    later, lower = PLAN.replace("version: 1.10", "version: 1.11"), PLAN.replace("id: T99", "id: t99")
    author = evening.clinic.cast.sol.id

    def publish() -> str:
        with db.write() as s:
            return editions.publish(s, lower, parse_plan(lower), author=author, now=4).plan_id

    with ThreadPoolExecutor(max_workers=1) as pool:
        with db.write() as s:
            editions.publish(s, later, parse_plan(later), author=evening.clinic.cast.fern.id, now=3)
            second = pool.submit(publish)
            while not _somebody_waits(db):
                time.sleep(0.01)
        with pytest.raises(editions.NotPublished, match=r"Version 1\.10 comes before 1\.11"):
            second.result()


def test_plans_are_written_published_and_found(evening: Evening, db: Database) -> None:
    with db.write() as s:
        fern = s.exec(select(Staff)).first()
        assert fern is not None
        draft = drafts.start(s, fern, 1, PLAN)
        drafts.save(s, fern, draft.id, PLAN.replace("Feet", "Hands"), 0, 2)
        editions.publish(s, draft.text, parse_plan(draft.text), author=fern.id, now=3)
        with pytest.raises(editions.NotPublished):
            editions.publish(s, PLAN, parse_plan(PLAN), author=fern.id, now=4)
    with db.read() as s:
        assert {"T04", "T99"} <= editions.newest_of_all(s).keys()
        newest = editions.newest(s, "T99")
        assert newest is not None and newest.segments[0] == ["opening", 3]
    with pytest.raises(DBAPIError, match="plan_edition is append-only"), db.write() as s:
        s.execute(text("UPDATE plan_edition SET text = ''"))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET at = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_record_is_never_changed(db: Database, table: str, change: str) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is append-only"), db.write() as s:
        s.execute(text(change.format(table)))


def test_text_with_a_nul_is_refused_here_as_on_sqlite(db: Database) -> None:
    with pytest.raises(BadText), db.read() as s:
        s.get(Group, "g\0")
    with pytest.raises(BadText), db.write() as s:
        s.add(Group(id="g1", name="Tuesday\0group"))
        s.flush()


def test_a_reader_sees_one_moment_while_others_write(db: Database) -> None:
    with db.read() as s:
        before = s.execute(text("SELECT count(*) FROM therapy_group")).scalar_one()
        with db.write() as other:
            other.add(Group(id="g1", name="Tuesday group"))
        after = s.execute(text("SELECT count(*) FROM therapy_group")).scalar_one()

    assert (before, after) == (0, 0)


def test_an_evening_is_run_counted_and_verified(evening: Evening, db: Database) -> None:
    check_in = evening.ask()
    for seat, value in zip(evening.seats, (2, 3, 5, 8, 9, 10), strict=True):
        evening.house.hub.answer(evening.session_id, seat, check_in, value)
    evening.do(c.CloseCheckIn(check_in))
    evening.do(c.End())

    assert evening.house.hub.live(evening.session_id).check_ins[check_in].tally["state"] == "shown"
    with db.read() as s:
        assert s.execute(text("SELECT count(*) FROM ballot")).scalar_one() == 0
        assert s.execute(text("SELECT count(*) FROM seat")).scalar_one() == 0
    assert first_bad_entry(db) is None


def test_plans_are_found_and_fitted_as_on_sqlite(evening: Evening, db: Database) -> None:
    house, clinic = evening.house, evening.clinic
    text_of_ours = PLAN.replace("Riding out cravings", "Über den Fluß")
    wanted = Wanted(clinic.group.id, "T99", "2026-12-01", "18:00", length="120")
    with db.write() as s:
        editions.publish(s, text_of_ours, parse_plan(text_of_ours), author=None, now=clinic.clock())
        groups.follow(s, clinic.group.id, "addiction")
        desk = Desk(house.curricula, house.settings.time_zone, clinic.clock())
        session = schedule(s, clinic.cast.fern, wanted, desk).session

    with db.read() as s:
        found = shelf.look(house.shelf.stock(s).plans, shelf.Looked(words="UBER fluss"), shelf.Had())
        kept = s.get_one(GroupSession, session.id)
        arc = arc_of(s, s.get_one(Group, clinic.group.id), desk)
    assert [plan.id for plan in found.plans] == ["T99"]
    assert kept.plan_fit is not None and kept.plan_fit["length"] == kept.plan_minutes == 120
    assert arc.arc is not None and arc.suggestion is not None


def test_who_waits_too_long_is_told_once_seen_once_and_handled(evening: Evening, db: Database) -> None:
    hub, cast, clock = evening.house.hub, evening.clinic.cast, evening.clinic.clock
    assert isinstance(clock, SettableClock)
    hub.ask_for_staff(evening.session_id, evening.seats[0], "")
    (request,) = hub.live(evening.session_id).requests
    clock.forward(minutes=10)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: hub.expire(clock()), range(2)))

    def sees(_: int) -> None:
        with db.write() as s:
            requests.saw(s, cast.sol, [request], clock())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sees, range(2)))
    with pytest.raises(Refused, match="1 person still waits"):
        evening.do(c.End())
    with db.read() as s:
        assert [one.request for one in requests.told(s, cast.sol, clock()).waiting] == [request]
        actions = s.execute(text("SELECT action FROM audit WHERE action LIKE 'request.%' ORDER BY seq")).scalars().all()
    assert actions == ["request.raised", "request.escalated", "request.seen"]
    evening.do(c.HandleRequest(request, "Said to the room where I am"))
    evening.do(c.End())
    assert first_bad_entry(db) is None


def test_a_note_is_signed_and_returned_signed_and_co_signed(evening: Evening, db: Database) -> None:
    evening.do(c.End())
    cast, now = evening.clinic.cast, evening.clinic.clock()
    for member in evening.clinic.roster:
        evening.do(c.MarkAttendance(member.id, "present"))

    def sign(s: Session, session: GroupSession) -> None:
        note = notes.save(s, session, cast.fern, WRITTEN, edition=edition(s), seen=99, now=now)
        notes.sign(s, session, cast.fern, edition=note.edition, time_zone="UTC", now=now)

    def edition(s: Session) -> int:
        return s.get_one(ProgressNote, evening.session_id).edition

    for decide in (
        sign,
        lambda s, session: notes.give_back(s, session, cast.sol, "Say more.", edition=edition(s), now=now),
        sign,
        lambda s, session: notes.co_sign(s, session, cast.sol, "", edition=edition(s), now=now),
    ):
        with db.write() as s:
            decide(s, s.get_one(GroupSession, evening.session_id))

    with db.read() as s:
        steps = [step.kind for step in notes.steps_of(s, evening.session_id)]
        waiting = review.desk(s, cast.sol, Filter(), now)
        done = review.desk(s, cast.sol, Filter(state=State.CO_SIGNED), now)
    assert steps == ["signed", "returned", "signed", "co-signed"]
    assert (len(waiting.entries), len(done.entries)) == (0, 1)
    assert first_bad_entry(db) is None


def test_no_line_is_stored_beside_a_signature(evening: Evening, db: Database) -> None:
    for member in evening.clinic.roster:
        evening.do(c.MarkAttendance(member.id, "present"))
    evening.do(c.End())
    fern, now = evening.clinic.cast.fern, evening.clinic.clock()

    with ThreadPoolExecutor(1) as elsewhere:
        with db.write() as s:
            session = s.get_one(GroupSession, evening.session_id)
            note = notes.save(s, session, fern, WRITTEN, edition=0, seen=99, now=now)
            notes.sign(s, session, fern, edition=note.edition, time_zone="UTC", now=now)
            late = elsewhere.submit(evening.do, c.AddNote("One more thing."))
            with pytest.raises(TimeoutError):
                late.result(timeout=0.3)
        with pytest.raises(Refused):
            late.result(timeout=10)


def test_audit_writers_at_the_same_time_never_fork_the_chain(db: Database) -> None:
    def write_ten() -> None:
        for number in range(10):
            with db.write() as s:
                audit.write(s, None, "record.read", f"session-{number}", {}, 1)

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(write_ten) for _ in range(6)]:
            done.result()

    assert audit.verify(db) is None
    with db.read() as s:
        assert audit.head(s).seq == 60


def test_answers_that_race_with_the_closing_are_counted_or_refused(evening: Evening) -> None:
    check_in = evening.ask()
    acknowledged: list[str] = []

    def answer(seat: str) -> None:
        try:
            evening.house.hub.answer(evening.session_id, seat, check_in, 5)
            acknowledged.append(seat)
        except Exception as refusal:
            assert "closed" in str(refusal)

    threads = [threading.Thread(target=answer, args=[seat]) for seat in evening.seats]
    for thread in threads:
        thread.start()
    evening.do(c.CloseCheckIn(check_in))
    for thread in threads:
        thread.join()

    tally = evening.house.hub.live(evening.session_id).check_ins[check_in].tally
    assert tally["state"] == ("shown" if len(acknowledged) >= 5 else "withheld")


def test_asked_again_of_the_same_phones_it_is_not_shown_again(evening: Evening) -> None:
    for expected in ({"state": "shown"}, {"state": "withheld", "reason": "again"}):
        check_in = evening.ask()
        for seat in evening.seats:
            evening.house.hub.answer(evening.session_id, seat, check_in, 5)
        evening.do(c.CloseCheckIn(check_in))
        tally = evening.house.hub.live(evening.session_id).check_ins[check_in].tally
        assert tally is not None and tally.items() >= expected.items()


def test_cards_are_laid_down_read_and_gone_at_the_end(evening: Evening, db: Database) -> None:
    hub = evening.house.hub
    evening.session_id = evening.clinic.session(text=WITH_CARD).id
    for command in (c.OpenDoors(), c.Start(), c.OpenCheckIn(CARD)):
        evening.do(command)
    (check_in,) = hub.live(evening.session_id).check_ins
    for words in SIX:
        place = hub.take_seat(evening.session_id, None, None)
        hub.answer(evening.session_id, place.seat, check_in, words)
    evening.do(c.CloseCheckIn(check_in))
    cards = {card.text: card.id for card in hub.cards(evening.session_id)}
    assert set(cards) == set(SIX) and list(cards.values()) == sorted(cards.values())
    evening.do(c.ApproveCard(cards["It passes"]))
    evening.do(c.ShowTally(check_in))
    assert hub.projector_view(evening.session_id)["tally"]["cards"] == ["It passes"]
    evening.do(c.End())
    with db.read() as s:
        assert s.execute(text("SELECT count(*) FROM wall_card")).scalar_one() == 0
    assert first_bad_entry(db) is None


@pytest.mark.parametrize("mode", ["eventlet", "threading", "gevent"])
def test_a_server_starts_on_it_in_every_mode(url: str, mode: str, tmp_path: Path) -> None:
    environ = {"FACILITATOR_ASYNC_MODE": mode, "FACILITATOR_DATA": str(tmp_path / "data")}
    environ["DATABASE_URL"] = url.replace("+psycopg", "")
    with Program("serve", "--port", "0", environ=environ) as server:
        address = server.line().split()[3].rstrip(".")

        assert get(f"{address}/healthz")[0] == 200
        assert server.end() == (0, "")


def test_a_database_that_is_gone_is_unavailable_and_says_so() -> None:
    gone = Database("postgresql+psycopg://postgres@127.0.0.1:9/clinic?connect_timeout=2")

    with pytest.raises(Unavailable, match="Try again in a moment"), gone.read() as s:
        s.execute(text("SELECT 1"))
    assert not gone.is_well()


def test_a_backup_is_left_to_postgresqls_own_tool(url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotCopy, match="pg_dump --exclude-table-data=ballot"):
        back_up(url, tmp_path / "copy")
