from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select, update

from facilitator.records import audit
from facilitator.storage.engine import Database
from facilitator.storage.tables import Audit

NOON = 1_795_521_600_000


@pytest.fixture
def chain(db: Database) -> Database:
    """A database whose audit has five rows."""
    with db.write() as s:
        for number in range(1, 6):
            audit.write(s, "fern", "record.read", f"session-{number}", {"role": "facilitator"}, NOON + number)
    return db


def behind_our_back(db: Database, *statements: str) -> None:
    """Change the file as somebody would who got hold of it: without our triggers."""
    assert db.engine.url.database
    with sqlite3.connect(db.engine.url.database) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_chain_as_it_was_written_is_whole(chain: Database):
    assert audit.verify(chain) is None


def test_every_row_follows_the_one_before(chain: Database):
    with chain.read() as s:
        rows = s.exec(select(Audit).order_by(col(Audit.seq))).all()

    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert (rows[0].staff_id, rows[0].action, rows[0].target) == ("fern", "record.read", "session-1")


@pytest.mark.parametrize(
    ("tampering", "first_bad"),
    [
        ("UPDATE audit SET staff_id = 'max' WHERE seq = 3", 3),
        ("UPDATE audit SET staff_id = NULL WHERE seq = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
        ("UPDATE audit SET action = 'record.seen' WHERE seq = 5", 5),
        ("UPDATE audit SET target = 'session-9' WHERE seq = 2", 2),
        ("UPDATE audit SET details = '{}' WHERE seq = 4", 4),
        ("UPDATE audit SET previous = hash WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("INSERT INTO audit SELECT 6, at, staff_id, action, target, details, hash, hash FROM audit WHERE seq = 5", 6),
    ],
)
def test_whoever_changes_the_file_is_found_at_the_first_bad_row(chain: Database, tampering: str, first_bad: int):
    behind_our_back(chain, tampering)

    assert audit.verify(chain) == first_bad


def test_two_rows_swapped_are_found(chain: Database):
    behind_our_back(
        chain,
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 99",
    )

    assert audit.verify(chain) == 2


def test_a_chain_rewritten_without_the_key_is_found(chain: Database):
    behind_our_back(chain, "UPDATE audit SET staff_id = 'max' WHERE seq = 1")
    with chain.read() as s:
        row = s.get_one(Audit, 1)
        forged = audit._hash(b"a key that somebody guessed", row)
    behind_our_back(chain, f"UPDATE audit SET hash = '{forged}' WHERE seq = 1")  # noqa: S608 - hex digits

    assert audit.verify(chain) == 1


def test_a_cut_tail_is_found_with_a_head_that_was_printed(chain: Database):
    with chain.read() as s:
        printed = audit.head(s)
    behind_our_back(chain, "DELETE FROM audit WHERE seq > 3")

    assert audit.verify(chain) is None
    assert audit.verify(chain, printed) == 4


def test_a_printed_head_may_be_short_and_old(chain: Database):
    with chain.read() as s:
        printed = audit.Head(5, audit.head(s).hash[:8])
    with chain.write() as s:
        audit.write(s, None, "note.drafted", "session-6", {}, NOON + 6)

    assert audit.verify(chain, printed) is None
    assert audit.verify(chain, audit.Head(5, "00000000")) == 5


@pytest.mark.parametrize("attempt", [update(Audit).values(action="nothing"), delete(Audit)])
def test_the_database_itself_refuses_to_change_a_row(chain: Database, attempt: object):
    with pytest.raises(DBAPIError), chain.write() as s:
        s.exec(attempt)

    assert audit.verify(chain) is None


def test_a_deed_that_is_not_stored_leaves_no_trace(chain: Database):
    def deed(s: Session) -> None:
        audit.write(s, "fern", "note.signed", "session-1", {}, NOON)
        raise RuntimeError

    with pytest.raises(RuntimeError), chain.write() as s:
        deed(s)

    with chain.read() as s:
        assert audit.head(s).seq == 5


def test_writers_at_the_same_time_never_fork_the_chain(chain: Database):
    def write_ten() -> None:
        for number in range(10):
            with chain.write() as s:
                audit.write(s, "sol", "record.read", f"session-{number}", {}, NOON)

    writers = [threading.Thread(target=write_ten) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with chain.read() as s:
        assert audit.head(s).seq == 85
    assert audit.verify(chain) is None


def test_names_with_line_ends_and_quotes_are_kept_as_they_are(chain: Database):
    details = {"name": 'Zoë "\n\x1b[31m\u2028', "numbers": (1, 2), "none": None}
    with chain.write() as s:
        audit.write(s, None, "staff.sign_in_failed", "…", details, NOON)

    assert audit.verify(chain) is None


def test_another_secret_reads_no_chain(chain: Database):
    audit.seal_with(chain, "not the secret of this installation")

    assert audit.verify(chain) == 1


def test_a_database_opened_without_its_key_says_so(chain: Database):
    opened_again = Database(str(chain.engine.url))

    with pytest.raises(audit.Unsealed), opened_again.write() as s:
        audit.write(s, None, "note.drafted", "session-6", {}, NOON)
    opened_again.close()
