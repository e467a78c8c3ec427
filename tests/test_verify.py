"""Verifying: whoever gets round the triggers and changes what was written is found, by the entry."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from facilitator.house import House, open_house
from facilitator.realtime import commands as c
from facilitator.records import audit, notes
from facilitator.records.verify import first_bad_entry
from facilitator.settings import Settings
from facilitator.storage.tables import GroupSession
from tests.conftest import Clinic, SettableClock


@pytest.fixture
def written_up(settings: Settings, clinic: Clinic, clock: SettableClock) -> Iterator[House]:
    """A short evening with a signed note."""
    house = open_house(settings, clock)
    fern = clinic.cast.fern
    session = clinic.session("T01")
    by = c.Person(fern.id, fern.name)
    roster = [member.id for member in clinic.roster]
    for command in (c.OpenDoors(), c.Start(), c.EnterSegment(1), *(c.MarkAttendance(one, "present") for one in roster)):
        house.hub.run(session.id, command, by)
    clock.forward(minutes=60)
    rev = house.hub.run(session.id, c.End(), by)
    with house.db.write() as s:
        row = s.get_one(GroupSession, session.id)
        written = {"response": "Warm and careful.", "incidents": "none", "done": "We began."}
        note = notes.save(s, row, fern, written, edition=0, seen=rev, now=clock())
        notes.sign(s, row, fern, edition=note.edition, time_zone="America/Chicago", now=clock())
    yield house
    house.db.close()


def behind_our_back(house: House, change: str) -> None:
    """What somebody with the file and time would do."""
    with closing(sqlite3.connect(house.settings.data / "facilitator.db", isolation_level=None)) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(change)


def test_what_was_not_touched_is_as_it_was_written(written_up: House) -> None:
    assert first_bad_entry(written_up.db) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit SET staff_id = NULL WHERE seq = 2", "Audit entry 2"),
        ("DELETE FROM audit WHERE seq = 1", "Audit entry 1"),
        ("DELETE FROM session_event WHERE seq = 3", "log entry 3 is missing"),
        ("UPDATE session_event SET name = 'Wished' WHERE seq = 2", "log entry 2 cannot be read"),
        ("UPDATE session_event SET data = '{}' WHERE name = 'SegmentEntered'", "log entry"),
        ("DELETE FROM session_event WHERE name = 'Ended'", "its log ends live, and its row says ended"),
        ("UPDATE session SET state = 'live'", "its log ends ended, and its row says live"),
        ("UPDATE session SET plan_text = 'nothing'", "its plan is not the text that was kept with it"),
        ("UPDATE session SET plan_read = 'nothing'", "its plan cannot be read"),
        ("UPDATE session SET plan_read = replace(plan_read, 'Welcome', 'Farewell')", "its log is not as it was"),
        ("UPDATE session SET plan_read = NULL", "its log is not as it was"),
        ("UPDATE plan_edition SET text = text || ' ' WHERE plan_id = 'T04'", "Plan T04, version 1.0, is not as it was"),
        ("UPDATE plan_edition SET author_id = (SELECT id FROM staff WHERE name = 'Max')", "is not as it was published"),
        ("UPDATE note_step SET text = 'Never happened.'", "note.signed"),
        ("DELETE FROM note_step", "note.signed"),
        (
            "INSERT INTO note_step SELECT 'forged', session_id, at, staff_id, 'co-signed', '', NULL FROM note_step",
            "nobody wrote",
        ),
        ("UPDATE progress_note SET signed_text = '{}'", "is not the one that was signed"),
        ("UPDATE progress_note SET status = 'draft'", "is not the one that was signed"),
        ("UPDATE progress_note SET status = 'co-signed'", "is not the one that was signed"),
        ("UPDATE progress_note SET signed_by = (SELECT id FROM staff WHERE name = 'Max')", "not the one that was"),
        ("UPDATE progress_note SET signed_at = signed_at - 1", "is not the one that was signed"),
        ("UPDATE progress_note SET co_signed_by = signed_by, co_signed_at = 1", "is not the one that was signed"),
        ("""UPDATE progress_note SET sections = '{"done": "More."}'""", "not as it was saved"),
        ("DELETE FROM progress_note", "its note is missing"),
        ("UPDATE note_step SET staff_id = (SELECT id FROM staff WHERE name = 'Max')", "note.signed"),
        ("UPDATE note_step SET at = at - 86400000", "note.signed"),
        ("UPDATE session_event SET at = at - 1 WHERE seq = 2", "its log is not as it was when its note was drafted"),
        ("UPDATE session_event SET staff_id = NULL WHERE name = 'Ended'", "when its note was signed"),
        (
            "UPDATE session_event SET data = replace(data, 'present', 'absent') WHERE name = 'AttendanceMarked'",
            "its log is not as it was when its note was drafted",
        ),
        ("UPDATE session SET facilitator_id = (SELECT id FROM staff WHERE name = 'Max')", "its log is not as it was"),
        ("UPDATE session SET plan_text = replace(plan_text, ': 1.0', ': 1.1')", "its plan is not the text"),
    ],
)
def test_what_was_changed_is_named(written_up: House, change: str, said: str) -> None:
    behind_our_back(written_up, change)

    found = first_bad_entry(written_up.db)

    assert found is not None
    assert said in found


def test_another_key_proves_nothing(written_up: House) -> None:
    """Whoever has the database and not the secret cannot write a chain that fits."""
    audit.seal_with(written_up.db, "another secret of at least thirty-two characters")

    assert first_bad_entry(written_up.db) == "Audit entry 1 is not as it was written."
