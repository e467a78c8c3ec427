"""What the tables could tell, read from the tables as they are written and from the migrated database itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine, text
from sqlmodel import SQLModel

from facilitator.storage.engine import Database
from facilitator.storage.migrate import migrate
from tests.attacks.ground import Ground, Grounds
from tests.attacks.naive import naive_store

# The whole of what is kept of phones and their answers. A tally is a line of the session log (test_permutation.py).
ALLOWED = {
    "ballot": {"check_in_id", "responder", "sealed"},
    "check_in": {"id", "session_id", "state"},
    "seat": {"digest", "session_id"},
    "asked_seat": {"session_id", "prompt", "digest"},
    "wall_card": {"id", "check_in_id", "text", "state"},
}
MAY_REFER_TO = {
    "ballot": {"check_in"},
    "check_in": {"session"},
    "seat": {"session"},
    "asked_seat": {"session"},
    "wall_card": {"check_in"},
}
# A name with one of these in it says who, from where or when, and a counted number says in which order.
TELLING = (
    "address agent at author browser client created cookie date device email ip knocked member mobile moment name "
    "nickname number order participant people person phone position roster seat seq serial socket staff time token "
    "updated user when"
).split()


def telling(tables: MetaData, names: Iterable[str]) -> Iterator[str]:
    """Every column of ``names`` that tells who, when or in which order, and every key that leads to somebody."""
    for name in names:
        table = tables.tables[name]
        for column in table.columns:
            counted = column.primary_key and column.autoincrement is True
            if set(column.name.split("_")) & set(TELLING) or counted or column.type.python_type is int:
                yield f"{name}.{column.name}"
        for key in table.foreign_keys:
            if key.column.table.name not in MAY_REFER_TO.get(name, ()):
                yield f"{name} -> {key.column.table.name}"


def reflected(engine: Engine) -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    found.reflect(engine)
    return found


@pytest.fixture
def migrated(ground: tuple[Ground, Path]) -> Iterator[Database]:
    """The newest tables, made as an installation makes them."""
    db = Database(ground[0].url)
    migrate(db)
    yield db
    db.close()


def test_the_tables_as_written_tell_nothing() -> None:
    assert list(telling(SQLModel.metadata, ALLOWED)) == []
    for name, columns in ALLOWED.items():
        assert set(SQLModel.metadata.tables[name].columns.keys()) == columns


def test_the_migrated_database_tells_nothing(migrated: Database) -> None:
    tables = reflected(migrated.engine)
    assert list(telling(tables, ALLOWED)) == []
    for name, columns in ALLOWED.items():
        assert set(tables.tables[name].columns.keys()) == columns


def test_nothing_else_refers_to_a_phone_or_an_answer(migrated: Database) -> None:
    """No table leads to a ballot or a seat, and no column anywhere else is called after one."""
    for name, table in reflected(migrated.engine).tables.items():
        assert not {key.column.table.name for key in table.foreign_keys} & {"ballot", "seat"}, name
        if name not in ALLOWED:
            words = {word for column in table.columns.keys() for word in column.split("_")}
            assert not words & {"answer", "ballot", "responder", "seat"}, name


def test_no_trigger_and_no_view_copies_an_answer(migrated: Database) -> None:
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT definition FROM pg_views WHERE schemaname = 'public'",
    }
    with migrated.read() as db:
        written = [row for (row,) in db.connection().execute(text(queries[migrated.engine.dialect.name]))]
    assert written and not [one for one in written if "ballot" in one or "seat" in one or "check_in" in one]


def test_on_sqlite_ballots_and_seats_have_no_rowid(grounds: Grounds) -> None:
    with grounds.empty("SQLite") as (ground, _):
        db = Database(ground.url)
        migrate(db)
        db.close()
        assert without_rowid(ground) == {"ballot", "seat", "asked_seat", "wall_card"}


def without_rowid(ground: Ground) -> set[str]:
    """The tables in which SQLite counts nothing."""
    return {
        name for name, hides in ground.rows("SELECT name, wr FROM pragma_table_list WHERE :check_in = ''", "") if hides
    }


def test_the_naive_tables_tell_a_lot(ground: tuple[Ground, Path]) -> None:
    with naive_store(ground[0]):
        engine = create_engine(ground[0].url)
        found = set(telling(reflected(engine), ("answer", "receipt")))
        engine.dispose()
    assert found >= {"answer.seat", "answer.created_at", "receipt.seat", "receipt.number"}
    assert ground[0].name == "PostgreSQL" or not without_rowid(ground[0]) & {"answer", "receipt", "queue"}
