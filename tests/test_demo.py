"""The sample clinic: real logs of invented people, the same clinic at every start, and always a session tonight."""

from __future__ import annotations

import json
import shutil
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from facilitator.demo.cast import FERN, HARBOR, LANTERN, MEADOW, SOL, STAFF, THEO
from facilitator.demo.command import sample_settings
from facilitator.demo.folder import DemoFolder, Kept, NotADemo
from facilitator.demo.phones import Pace, take_part
from facilitator.demo.tonight import tonight
from facilitator.house import House, open_house, wall_clock
from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.realtime import commands as c
from facilitator.records import notes
from facilitator.records.group_arc import arc_of
from facilitator.records.record import Record, load
from facilitator.records.scheduling import Clinic
from facilitator.records.verify import first_bad_entry
from facilitator.settings import Settings
from facilitator.storage.tables import Group, GroupSession
from tests.browser import Browser
from tests.conftest import SettableClock
from tests.program import PATIENCE_S, Program, get
from tests.server import Served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A sample clinic, made once for all these stories."""
    folder = tmp_path_factory.mktemp("clinic")
    environ = {"FACILITATOR_RUNTIME": str(folder / "runtime"), "FACILITATOR_ASYNC_MODE": "threading"}
    settings = sample_settings(environ, "http://127.0.0.1:8000", folder / "data")
    DemoFolder(settings).open()
    return settings


@pytest.fixture
def house(folder: Settings) -> Iterator[House]:
    house = open_house(folder, SettableClock(wall_clock()))
    yield house
    house.db.close()


@pytest.fixture
def records(house: House) -> list[Record]:
    with house.db.read() as s:
        ended = s.exec(select(GroupSession).where(GroupSession.state == "ended").order_by(GroupSession.scheduled_at))
        return [load(s, session, house.clock()) for session in ended]


def test_there_are_three_groups_of_plainly_invented_people(house: House) -> None:
    with house.db.read() as s:
        rosters = [[one.name for one in groups.roster(s, group)] for group in s.exec(select(Group.id))]

    assert sorted(len(names) for names in rosters) == [4, 6, 9]
    for first, last in (name.split() for names in rosters for name in names):
        assert first[0] == last[0]


def test_two_facilitators_a_supervisor_and_an_administrator_can_sign_in(house: House, folder: Settings) -> None:
    kept = DemoFolder(folder).open()

    roles = Counter(str(one.role) for one in STAFF)
    assert roles == {"facilitator": 2, "supervisor": 1, "administrator": 1}
    for one in (FERN, SOL):
        assert people.recognise(house.db, one.email, kept.passwords[one.key]) is not None


def test_eight_sessions_of_every_sort_lie_behind(records: list[Record]) -> None:
    assert len(records) == 8
    assert any(record.timeline.skipped for record in records)
    assert any(row.over_ms > 5 * 60_000 for record in records for row in record.timeline.rows)
    assert any(row.mark == "shortened" for record in records for row in record.timeline.rows)
    assert any(record.live.ended_by_itself for record in records)
    assert any(record.attendance.unmarked for record in records)
    tallies = {one.tally["state"] for record in records for one in record.live.check_ins.values()}
    assert {"shown", "withheld"} <= tallies
    marks = {one.mark for record in records for one in record.live.attendance.values()}
    assert marks == {"present", "late", "left_early", "absent", "excused"}
    requests = [one for record in records for one in record.live.requests.values()]
    assert [one.outcome is not None for one in requests] == [True]


def test_every_group_goes_through_its_curriculum_in_order(house: House) -> None:
    tonight(house, "")
    desk = Clinic(house.curricula, house.settings.time_zone, house.clock())
    with house.db.read() as s:
        arcs = {group.name: arc_of(s, group, desk) for group in s.exec(select(Group))}

    ways = {name: "".join(step.state[0] for step in found.arc.steps if found.arc) for name, found in arcs.items()}
    assert {name: way.rstrip("o") for name, way in ways.items()} == {
        LANTERN.name: "ddddp", HARBOR.name: "ddd", MEADOW.name: "d",
    }  # fmt: skip
    lantern, harbor = arcs[LANTERN.name], arcs[HARBOR.name]
    assert lantern.practice is not None and (lantern.practice.plan, lantern.practice.set_then) == ("T03", True)
    assert [meeting.plan for meeting in lantern.planned] == ["T04"]
    assert lantern.suggestion is not None and lantern.suggestion.reasons[0].startswith("Next in")
    assert harbor.suggestion is not None and (harbor.suggestion.plan, harbor.suggestion.instead) == ("T02", "T07")


def test_notes_are_in_every_state(house: House, records: list[Record]) -> None:
    with house.db.read() as s:
        statuses = Counter(notes.note_of(s, record.session.id).status for record in records)
        steps = Counter(step.kind for record in records for step in notes.steps_of(s, record.session.id))

    assert statuses == {"co-signed": 5, "signed": 1, "returned": 1, "draft": 1}
    assert steps["addendum"] == 1


def test_every_log_is_a_real_one(house: House) -> None:
    assert first_bad_entry(house.db) is None


def test_no_answer_and_no_phone_is_left_behind(house: House) -> None:
    with house.db.read() as s:
        for table in ("ballot", "seat", "knock"):
            assert s.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0  # noqa: S608 - ours


def test_it_is_made_once(folder: Settings) -> None:
    before = (folder.data / "facilitator.db").stat().st_ino

    first, again = DemoFolder(folder).open(), DemoFolder(folder).open()

    assert first == again
    assert (folder.data / "facilitator.db").stat().st_ino == before
    assert stat.S_IMODE((folder.data / "demo.json").stat().st_mode) == 0o600


def test_a_real_clinics_folder_is_left_alone(settings: Settings) -> None:
    (settings.data / "facilitator.db").write_text("precious")

    for fresh in (False, True):
        with pytest.raises(NotADemo, match="Choose another"):
            DemoFolder(settings).open(fresh=fresh)

    assert (settings.data / "facilitator.db").read_text() == "precious"


def test_a_real_clinics_database_is_never_used(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://clinic@db/clinic", "FACILITATOR_RUNTIME": str(tmp_path / "runtime")}

    settings = sample_settings(environ, "http://127.0.0.1:8000", tmp_path / "data")

    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'facilitator.db'}"
    assert settings.demo


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"passwords": {"fern": "a"}}', '{"passwords": []}'])
def test_a_damaged_list_of_passwords_is_said(settings: Settings, content: str) -> None:
    (settings.data / "facilitator.db").touch()
    (settings.data / "demo.json").write_text(content)

    with pytest.raises(NotADemo, match="--fresh"):
        DemoFolder(settings).open()


def test_a_making_that_was_cut_short_is_begun_anew(settings: Settings) -> None:
    (settings.data / "making.db").write_text("half a clinic")
    (settings.data / "demo.json").write_text("{")

    kept = DemoFolder(settings).open()

    assert set(kept.passwords) == {one.key for one in STAFF}
    assert not list(settings.data.glob("making*"))


class TestTonight:
    """Whatever happened since, there is a session a few minutes away or running."""

    def test_a_session_begins_in_a_few_minutes(self, house: House) -> None:
        session = tonight(house, "")

        assert 3 * 60_000 < session.scheduled_at - house.clock() <= 5 * 60_000
        assert session.state == "scheduled"

    def test_one_that_was_never_opened_moves_along(self, house: House) -> None:
        first = tonight(house, "")
        house.clock.forward(hours=30)

        again = tonight(house, first.id)

        assert again.id == first.id
        assert again.scheduled_at > house.clock()

    def test_one_that_is_running_goes_on_and_one_that_ended_is_followed_by_another(self, house: House) -> None:
        session = tonight(house, "")
        with house.db.read() as s:
            fern = people.find(s, FERN.email)
        leader = c.Person(fern.id, fern.name)
        house.hub.run(session.id, c.OpenDoors(), leader)
        house.hub.run(session.id, c.Start(), leader)

        running = tonight(house, session.id)
        assert (running.id, running.scheduled_at) == (session.id, session.scheduled_at)

        house.hub.run(session.id, c.End(), leader)
        assert tonight(house, session.id).id != session.id

    @pytest.fixture
    def tried_out(self, folder: Settings, tmp_path: Path) -> Iterator[House]:
        """A copy of the clinic, which its administrator may change."""
        shutil.copytree(folder.data, tmp_path / "data")
        copy = replace(folder, data=tmp_path / "data", database_url=f"sqlite:///{tmp_path / 'data' / 'facilitator.db'}")
        house = open_house(copy, SettableClock(wall_clock()))
        yield house
        house.db.close()

    def test_whatever_was_changed_in_the_clinic_there_is_one(self, tried_out: House) -> None:
        with tried_out.db.write() as s:
            people.switch_off(s, people.find(s, THEO.email).id)
            lantern = s.exec(select(Group).where(Group.name == LANTERN.name)).one()
            groups.rename_group(s, lantern.id, "Moonlight group")
        first = tonight(tried_out, "")
        # Which is in the way a minute later.
        tried_out.clock.forward(minutes=1)
        second = tonight(tried_out, "")

        assert second.id != first.id
        assert first.co_facilitator_id is second.co_facilitator_id is None

    def test_when_there_can_be_none_it_says_so(self, tried_out: House) -> None:
        with tried_out.db.write() as s:
            people.change_role(s, people.find(s, FERN.email).id, "supervisor")
            for group in s.exec(select(Group.id)):
                groups.set_group_active(s, group, False)

        with pytest.raises(NotADemo, match="--fresh"):
            tonight(tried_out, "")


def test_the_program_tells_where_everything_is(tmp_path: Path) -> None:
    with Program("demo", "--json", "--port", "0", "--data", str(tmp_path / "data"), "--phones", "2") as program:
        told = program.told()
        assert set(told) == {
            *("url", "facilitator", "supervisor", "administrator", "session"),
            *("console", "projector", "phone", "join_code"),
        }
        (phones,) = children_of(program.process.pid)

        fern = Browser(told["url"]).sign_in(**told["facilitator"])
        assert "invented people" in fern.get("/sessions").text
        for place in ("console", "projector"):
            assert fern.get(told[place].removeprefix(told["url"])).status_code == 200
        assert get(told["phone"])[0] == 404, "The doors are not open yet."
        assert program.end() == (0, "")

    assert not Path(f"/proc/{phones}").exists()
    kept = Kept(**json.loads((tmp_path / "data" / "demo.json").read_text()))
    assert kept.session == told["session"]
    assert kept.passwords[FERN.key] == told["facilitator"]["password"]


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_simulated_phones_wait_join_answer_and_leave(served: Served) -> None:
    session = served.clinic.session("T01")
    pace = Pace(looks_every=0.05, comes_within=0.1, answers_after=(0.0, 0.3))
    crowd = threading.Thread(target=take_part, args=(served.url, session.screen_token, session.join_code, 5, pace))
    crowd.start()
    fern = Browser(served.url).sign_in(served.cast.fern.email)

    def view_when(holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_S
        while not holds(view := fern.get(f"/sessions/{session.id}/view").json()):
            assert time.monotonic() < until, view
            time.sleep(0.05)
        return view

    for name, fields in (("OpenDoors", {}), ("Start", {}), ("EnterSegment", {"segment": 1})):
        assert fern.command(session.id, name, **fields).status_code == 200
    view_when(lambda view: view["phones"] == 5)
    fern.command(session.id, "OpenCheckIn")
    asked = view_when(lambda view: view["check_in"] is not None and view["check_in"]["progress"] == "everyone")
    fern.command(session.id, "CloseCheckIn", check_in=asked["check_in"]["id"])
    fern.command(session.id, "End")

    crowd.join(PATIENCE_S)
    assert not crowd.is_alive()
