"""The hub with a real database file: racing phones, a store that fails, and a restart that changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from facilitator.people.groups import expected
from facilitator.realtime import commands as c
from facilitator.realtime import store
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.hub import Hub, Refused, Seated, Waiting
from facilitator.realtime.keys import KeyFolder
from facilitator.realtime.live import fold, scheduled
from facilitator.realtime.seats import digest_of
from facilitator.records.requests import trace
from facilitator.settings import Settings
from facilitator.storage.engine import Database, Session, Unavailable
from facilitator.storage.tables import Ballot, GroupSession, Seat, SessionEvent
from tests.conftest import Clinic, SettableClock


class Room:
    """One session of the Tuesday group and a hub that runs it."""

    def __init__(self, db: Database, settings: Settings, clock: SettableClock, clinic: Clinic) -> None:
        self.db, self.settings, self.clock = db, settings, clock
        self.session: GroupSession = clinic.session("T04")
        self.fern = c.Person(clinic.cast.fern.id, "Fern")
        self.hub = self.another_hub()

    def another_hub(
        self,
        at_end: Callable[[Session, str, int], None] = lambda _db, _session_id, _now: None,
        breathe: Callable[[], object] = lambda: None,
    ) -> Hub:
        """A hub that knows only what is on disk: a restart, or a second process."""
        return Hub(
            self.db,
            KeyFolder(self.settings.runtime),
            self.clock,
            HubSettings(5, 7, 60, "localhost"),
            Handed(roster=expected, at_end=at_end, at_request=trace, breathe=breathe),
        )

    def do(self, *commands: c.AnyCommand) -> int:
        return [self.hub.run(self.session.id, command, self.fern) for command in commands][-1]

    def go_live(self, phones: int = 0) -> list[str]:
        self.do(c.OpenDoors(), c.Start())
        return [self.join() for _ in range(phones)]

    def join(self) -> str:
        place = self.hub.take_seat(self.session.id, None, None)
        assert isinstance(place, Seated)
        return place.seat

    def open(self, prompt: str = "q2") -> str:
        self.do(c.OpenCheckIn(prompt))
        is_open = self.hub.live(self.session.id).open_check_in
        assert is_open is not None
        return is_open.id

    def answer(self, seat: str, check_in: str, value: object) -> None:
        self.hub.answer(self.session.id, seat, check_in, value)

    def ballots(self) -> list[Ballot]:
        with self.db.read() as db:
            return list(db.exec(select(Ballot)))

    def tally(self, check_in: str) -> dict[str, object]:
        found = self.hub.live(self.session.id).check_ins[check_in].tally
        assert found is not None
        return dict(found)


@pytest.fixture
def room(db: Database, settings: Settings, clock: SettableClock, clinic: Clinic) -> Room:
    return Room(db, settings, clock, clinic)


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do all of it in threads, and give back what each gave or raised."""

    def attempt(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(attempt, acts))


def counts(tally: dict[str, object]) -> list[str]:
    bands = tally["bands"]
    assert isinstance(bands, list)
    return [band["staff"] for band in bands]


def test_racing_phones_lose_no_answer_and_count_once(room: Room) -> None:
    seats = room.go_live(phones=9)
    check_in = room.open()
    acts = [lambda seat=seat: room.answer(seat, check_in, 0) for seat in seats for _ in range(4)]
    assert at_once(acts) == [None] * 36
    assert len(room.ballots()) == 9
    room.do(c.CloseCheckIn(check_in))
    assert counts(room.tally(check_in))[0] == "9"
    assert room.ballots() == []


def test_a_second_answer_from_one_phone_replaces_the_first(room: Room) -> None:
    seats = room.go_live(phones=8)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    room.answer(seats[0], check_in, 1)
    room.do(c.CloseCheckIn(check_in))
    assert counts(room.tally(check_in))[:2] == ["7", "1\u20132"]


def test_a_skip_takes_an_earlier_answer_out_and_is_not_kept(room: Room) -> None:
    seats = room.go_live(phones=5)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    room.answer(seats[0], check_in, None)
    assert len(room.ballots()) == 4
    assert room.hub.phone_view(room.session.id, seats[0])["check_in"]["answered"]
    room.do(c.CloseCheckIn(check_in))
    assert room.tally(check_in) == {"state": "withheld", "bands": []}


def test_nobody_is_told_that_it_is_stored_when_the_thread_that_stores_for_all_is_ended(room: Room) -> None:
    both_queued = threading.Barrier(2)

    def ended(_db: Session, _session_id: str, _now: int) -> None:
        raise SystemExit

    room.go_live()
    before = room_log(room)
    room.hub = room.another_hub(at_end=ended, breathe=both_queued.wait)
    with ThreadPoolExecutor(max_workers=2) as pool:
        acts = [pool.submit(room.do, command) for command in (c.End(), c.AddNote("Lost?"))]
    assert {type(act.exception()) for act in acts} <= {SystemExit, Unavailable}
    assert room_log(room) == before


def test_two_facilitators_who_race_never_skip_a_segment(room: Room) -> None:
    room.go_live()
    acts = [lambda index=index: room.do(c.EnterSegment(index)) for index in (1, 1, 1, 2, 2, 2)]
    at_once(acts)
    entered = [line.event.segment for line in room_log(room) if hasattr(line.event, "remaining_ms")]
    assert entered[0] == 0 and all(one != two for one, two in pairwise(entered))


def room_log(room: Room) -> list[store.Logged]:
    with room.db.read() as db:
        return store.log_of(db, room.session.id)


def test_two_processes_on_one_session_keep_one_log(room: Room) -> None:
    room.go_live()
    other = room.another_hub()
    for index in range(10):
        hub = (room.hub, other)[index % 2]
        hub.run(room.session.id, c.AddNote(f"note {index}"), room.fern)
    assert room.hub.live(room.session.id) == other.live(room.session.id)
    assert [line.seq for line in room_log(room)] == list(range(1, len(room_log(room)) + 1))


def test_two_processes_racing_lose_no_line(room: Room) -> None:
    room.go_live()
    hubs = [room.hub, room.another_hub(), room.another_hub()]
    acts = [
        lambda hub=hubs[index % 3], index=index: hub.run(room.session.id, c.AddNote(f"note {index}"), room.fern)
        for index in range(30)
    ]
    at_once(acts)
    assert len(room.hub.live(room.session.id).notes) == 30


def test_a_restart_changes_nothing(room: Room) -> None:
    seats = room.go_live(phones=6)
    room.clock.forward(minutes=2)
    room.do(c.EnterSegment(1), c.AddTime(60), c.AddNote("Quiet."), c.Blank(), c.Unblank())
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    again = room.another_hub()
    assert again.live(room.session.id) == room.hub.live(room.session.id)
    assert again.phone_view(room.session.id, seats[0]) == room.hub.phone_view(room.session.id, seats[0])
    again.run(room.session.id, c.CloseCheckIn(check_in), room.fern)
    assert again.live(room.session.id).check_ins[check_in].tally == {
        "state": "shown",
        "bands": [
            {"label": label, "word": word, "staff": word}
            for label, word in zip(
                room.hub.live(room.session.id).plan.prompt("q2").options,
                ["most or all", "few or none", "few or none", "few or none"],
                strict=True,
            )
        ],
    }


def test_replaying_the_log_equals_the_live_state(room: Room) -> None:
    room.go_live()
    room.do(c.EnterSegment(2), c.PauseTimer(), c.MarkSegment(1, "skipped"), c.End(), c.Reopen())
    live = room.hub.live(room.session.id)
    begin = scheduled(live.plan, room.session.scheduled_at)
    assert fold(begin, [line.event for line in room_log(room)]) == live


def test_answers_that_come_together_share_a_commit(room: Room) -> None:
    seats = room.go_live(phones=30)
    check_in, commits = room.open(), []
    event.listen(room.db.engine, "commit", lambda _connection: commits.append(1))
    with ThreadPoolExecutor(len(seats)) as pool:
        # While somebody else writes, the first waits for the database and the others behind the first.
        with room.db.write():
            given = [pool.submit(room.answer, seat, check_in, 3) for seat in seats]
            while len(room.hub._rooms[room.session.id].queue) < len(seats) - 1:
                time.sleep(0.01)
        assert [one.result() for one in given] == [None] * len(seats)
    assert len(room.ballots()) == len(seats)
    assert len(commits) == len(("somebody else", "the first", "all others"))


def test_a_lost_key_ends_the_check_in_without_a_guess(room: Room) -> None:
    seats = room.go_live(phones=6)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    KeyFolder(room.settings.runtime).destroy(check_in)
    again = room.another_hub()
    with pytest.raises(Refused, match="could not be kept"):
        again.answer(room.session.id, seats[0], check_in, 1)
    again.run(room.session.id, c.CloseCheckIn(check_in), room.fern)
    assert again.live(room.session.id).check_ins[check_in].tally == {"state": "uncounted", "bands": []}
    assert room.ballots() == []


def test_a_runtime_folder_that_went_away_is_made_again(room: Room) -> None:
    room.go_live()
    shutil.rmtree(room.settings.runtime)
    check_in = room.open()
    assert [path.stem for path in room.settings.runtime.iterdir()] == [check_in]


def test_without_a_place_for_its_key_no_check_in_opens(room: Room) -> None:
    room.go_live()
    shutil.rmtree(room.settings.runtime)
    room.settings.runtime.write_text("No folder.")
    before = room_log(room)
    with pytest.raises(Unavailable):
        room.open()
    assert room_log(room) == before
    room.settings.runtime.unlink()
    assert room.open()


def test_a_key_that_cannot_be_destroyed_is_tidied_later(room: Room, tmp_path: Path) -> None:
    room.go_live()
    check_in = room.open()
    room.settings.runtime.rename(tmp_path / "aside")
    room.settings.runtime.write_text("No folder.")
    room.do(c.CloseCheckIn(check_in))
    assert room.tally(check_in)["state"] == "withheld"
    room.settings.runtime.unlink()
    (tmp_path / "aside").rename(room.settings.runtime)
    room.hub.tidy_keys()
    assert list(room.settings.runtime.iterdir()) == []


def test_a_refused_close_opens_no_ballot(room: Room) -> None:
    seats = room.go_live(phones=5)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    with pytest.raises(Refused, match="Take control"):
        room.hub.run(room.session.id, c.CloseCheckIn(check_in), c.Person("gus", "Gus"))
    assert len(room.ballots()) == 5
    room.answer(seats[0], check_in, 1)


@pytest.mark.parametrize("value", [11, -1, 3.5, True, "0", [0], [], {}, 10**30])
def test_what_is_no_answer_is_refused_and_keeps_the_earlier_one(room: Room, value: object) -> None:
    (seat,) = room.go_live(phones=1)
    check_in = room.open("q1")
    room.answer(seat, check_in, 4)
    before = [ballot.sealed for ballot in room.ballots()]
    with pytest.raises(Refused, match="not one of the answers"):
        room.answer(seat, check_in, value)
    assert [ballot.sealed for ballot in room.ballots()] == before


def test_a_foreign_or_made_up_seat_answers_nothing(room: Room, clinic: Clinic) -> None:
    room.go_live(phones=1)
    check_in = room.open()
    elsewhere = clinic.session("T04")
    room.hub.run(elsewhere.id, c.OpenDoors(), room.fern)
    foreign = room.hub.take_seat(elsewhere.id, None, None)
    assert isinstance(foreign, Seated)
    for seat in (foreign.seat, "made-up", ""):
        with pytest.raises(Refused, match="not in the group"):
            room.answer(seat, check_in, 0)
    assert room.ballots() == []


def test_a_phone_that_asks_again_keeps_its_seat(room: Room) -> None:
    (seat,) = room.go_live(phones=1)
    places = at_once([lambda: room.hub.take_seat(room.session.id, seat, None) for _ in range(10)])
    assert places == [Seated(seat)] * 10
    with room.db.read() as db:
        assert [row.digest for row in db.exec(select(Seat))] == [digest_of(seat)]


def test_whoever_leaves_and_joins_again_answers_once(room: Room) -> None:
    seats = room.go_live(phones=8)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 0)
    room.hub.leave(room.session.id, seats[0])
    assert len(room.ballots()) == 7
    room.answer(room.join(), check_in, 0)
    room.do(c.CloseCheckIn(check_in))
    assert counts(room.tally(check_in))[0] == "8"


def test_a_full_room_says_so(room: Room) -> None:
    room.hub.settings = replace(room.hub.settings, seats=2)
    room.go_live(phones=2)
    with pytest.raises(Refused, match="no free place"):
        room.join()


def test_a_locked_door_lets_in_who_waited_longest(room: Room) -> None:
    room.go_live()
    room.do(c.Lock())
    tickets = []
    for _ in range(3):
        place = room.hub.take_seat(room.session.id, None, None)
        assert isinstance(place, Waiting)
        tickets.append(place.ticket)
        room.clock.forward(seconds=1)
    assert room.hub.console_view(room.session.id)["waiting"] == 3
    room.do(c.Admit())
    assert isinstance(room.hub.take_seat(room.session.id, None, tickets[1]), Waiting)
    assert isinstance(room.hub.take_seat(room.session.id, None, tickets[0]), Seated)
    room.do(c.Unlock())
    assert isinstance(room.hub.take_seat(room.session.id, None, tickets[2]), Seated)
    room.do(c.Lock())
    with pytest.raises(Refused, match="Nobody is waiting"):
        room.do(c.Admit(), c.Admit())


def test_unlocking_lets_in_everybody_who_waits(room: Room) -> None:
    room.go_live()
    room.do(c.Lock())
    waiting = room.hub.take_seat(room.session.id, None, None)
    assert isinstance(waiting, Waiting)
    room.do(c.Unlock(), c.Lock())
    assert room.hub.console_view(room.session.id)["waiting"] == 0
    assert isinstance(room.hub.take_seat(room.session.id, None, waiting.ticket), Seated)


def test_end_keeps_no_seat_no_ballot_and_no_key(room: Room) -> None:
    seats = room.go_live(phones=5)
    check_in = room.open()
    for seat in seats:
        room.answer(seat, check_in, 2)
    room.do(c.End())
    assert counts(room.tally(check_in))
    with room.db.read() as db:
        assert db.exec(select(Seat)).all() == [] and db.exec(select(Ballot)).all() == []
    assert list(Path(room.settings.runtime).glob("*.key")) == []
    assert room.hub.session_of_seat(seats[0]) is None


def test_what_could_not_be_stored_was_not_done(room: Room) -> None:
    (seat,) = room.go_live(phones=1)
    check_in = room.open()
    told: list[str] = []
    room.hub.listen(lambda session_id, stored: told.append(session_id), lambda staff_id: None)
    with locked_by_somebody_else(room.settings), pytest.raises(Unavailable):
        room.answer(seat, check_in, 0)
    assert told == [] and room.ballots() == []
    assert not room.hub.phone_view(room.session.id, seat)["check_in"]["answered"]
    room.answer(seat, check_in, 0)
    assert len(room.ballots()) == 1


class locked_by_somebody_else:
    """Another process holds SQLite's write lock for longer than we wait."""

    def __init__(self, settings: Settings) -> None:
        self.other = sqlite3.connect(settings.data / "facilitator.db", isolation_level=None)

    def __enter__(self) -> None:
        self.other.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self.other.execute("ROLLBACK")
        self.other.close()


def test_the_clock_ends_a_forgotten_session(room: Room) -> None:
    room.go_live()
    room.hub.expire(room.clock.forward(hours=2, minutes=59))
    assert room.hub.live(room.session.id).state == "live"
    room.hub.expire(room.clock.forward(minutes=2))
    assert room.hub.live(room.session.id).ended_by_itself
    with room.db.read() as db:
        row = db.get(GroupSession, room.session.id)
        assert row is not None and row.state == "ended"


def test_a_session_that_cannot_be_read_keeps_no_other_open(room: Room, clinic: Clinic) -> None:
    broken = [clinic.session("T04") for _ in range(3)]
    room.go_live()
    for session in broken:
        room.hub.run(session.id, c.OpenDoors(), room.fern)
    with room.db.write() as db:
        for session in broken:
            session.plan_read, session.state = "This is no plan.", "live"
            db.merge(session)
    hub = room.another_hub()
    hub.expire(room.clock.forward(hours=4))
    assert hub.live(room.session.id).ended_by_itself


def test_a_session_that_is_over_is_forgotten_and_found_again(room: Room) -> None:
    (seat,) = room.go_live(phones=1)
    room.hub.phones_changed(room.session.id, lambda: {digest_of(seat)})
    room.do(c.End())
    ended = room.hub.live(room.session.id)
    room.hub.expire(room.clock())
    room.hub.phones_changed(room.session.id, set)
    room.hub.expire(room.clock())
    assert room.hub.live(room.session.id) == ended
    room.do(c.Reopen())
    assert room.hub.console_view(room.session.id)["phones"] == 0


def test_phones_that_come_without_a_socket_count_while_they_are_heard_of(room: Room) -> None:
    seats = room.go_live(phones=8)
    for seat in seats:
        room.hub.hear(room.session.id, seat)
    check_in = room.open()
    for seat in seats[:3]:
        room.answer(seat, check_in, 0)
    asked = room.hub.phone_view(room.session.id, seats[3])["check_in"]
    assert (asked["enough"], asked["progress"]) == (True, "some")
    room.hub.leave(room.session.id, seats[7])
    assert room.hub.console_view(room.session.id)["phones"] == 7
    room.hub.phones_changed(room.session.id, lambda: {digest_of(seats[0])})
    assert room.hub.console_view(room.session.id)["phones"] == 7
    room.hub.phones_changed(room.session.id, set)
    assert room.hub.console_view(room.session.id)["phones"] == 6
    room.clock.forward(minutes=2)
    assert room.hub.console_view(room.session.id)["phones"] == 0


def test_asking_to_talk_is_kept_with_the_name_and_not_with_the_seat(room: Room) -> None:
    (seat,) = room.go_live(phones=1)
    room.hub.ask_for_staff(room.session.id, seat, "Sam by the door")
    with room.db.read() as db:
        line = db.exec(select(SessionEvent).where(SessionEvent.name == "RequestRaised")).one()
    assert line.data["name"] == "Sam by the door" and line.staff_id is None
    assert digest_of(seat) not in str(line.data) and seat not in str(line.data)
    with pytest.raises(Refused, match="not in the group"):
        room.hub.ask_for_staff(room.session.id, "made-up", "Sam")


def test_the_progress_word_changes_at_most_once_in_three_seconds(room: Room) -> None:
    seats = room.go_live(phones=9)
    room.hub.phones_changed(room.session.id, lambda: {digest_of(seat) for seat in seats})
    check_in = room.open()
    words = []
    for seat in seats:
        room.answer(seat, check_in, 0)
        words.append(room.hub.projector_view(room.session.id)["check_in"]["progress"])
    assert words == ["waiting"] * 2 + ["some"] * 7
    room.clock.forward(seconds=3)
    assert room.hub.projector_view(room.session.id)["check_in"]["progress"] == "everyone"


def test_a_cancelled_session_opens_no_door(room: Room) -> None:
    with room.db.write() as db:
        session = db.get(GroupSession, room.session.id)
        assert session is not None
        session.state = "cancelled"
        db.add(session)
    with pytest.raises(Refused, match="cancelled"):
        room.do(c.OpenDoors())
    assert room_log(room) == []
