"""The cast, a clinic and a clock that every story shares. Real parts only: a SQLite file, Flask's own client."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from facilitator import create_app
from facilitator.curricula.keeper import Keeper
from facilitator.curricula.library import FOLDER, Library, frozen
from facilitator.curricula.stored import to_stored
from facilitator.house import House
from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.people.access import Role
from facilitator.people.passwords import Hashed, hashed
from facilitator.realtime.codes import new_code
from facilitator.records import audit
from facilitator.records.editions import sha256
from facilitator.records.shipped import publish_shipped
from facilitator.settings import Settings, read_settings
from facilitator.storage.engine import Database
from facilitator.storage.migrate import migrate
from facilitator.storage.tables import GroupSession, Member, Staff

if TYPE_CHECKING:
    from tests.building import Building
    from tests.server import Served

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "seven blue teapots sing"
ZONE = ZoneInfo("America/Chicago")
TUESDAY_AT_SIX = int(datetime(2026, 11, 24, 18, tzinfo=ZONE).timestamp() * 1000)
MINUTE_MS = 60_000
# What waits stands between what computes, so that neither waits for the other.
LONGEST = (
    "test_survives.py",
    "test_session.py",
    "test_relinker.py",
    "test_wire.py",
    "test_bad_input.py",
    "test_without_demo.py",
    "test_access_matrix.py",
    "test_exercises.py",
    "test_postgresql.py",
    "test_accessibility.py",
    "test_demo.py",
    "test_phones.py",
    "test_runtime.py",
)
ROSTER = ("Robin", "Sasha", "Lee", "Noa", "Uma", "Kit")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what needs a real server is tried."""
    parser.addoption("--full", action="store_true", help="500 kills instead of 20, and ten times as many attacks.")
    parser.addoption("--gevent", action="store_true", help="Serve in gevent too, not only in eventlet and threads.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, or the last of them would run alone. A file's own order stays."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of a real server pass in every async mode."""
    if "served" in metafunc.fixturenames:
        modes = ["eventlet", "threading"] + ["gevent"] * metafunc.config.getoption("--gevent")
        metafunc.parametrize("served", modes, indirect=True, scope="module")


class SettableClock:
    """Milliseconds UTC that move only when told."""

    def __init__(self, at: int = TUESDAY_AT_SIX) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def forward(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> int:
        """Let time pass; the new time."""
        self.at += round(((hours * 60 + minutes) * 60 + seconds) * 1000)
        return self.at


@dataclass(frozen=True)
class Cast:
    """Fern facilitates the Tuesday group. Sol supervises. Max facilitates elsewhere. Ada administers."""

    fern: Staff
    sol: Staff
    max: Staff
    ada: Staff


class Clinic:
    """The Tuesday group, which Fern leads, and whatever sessions a story needs."""

    def __init__(self, db: Database, cast: Cast, clock: Callable[[], int]) -> None:
        self.db, self.cast, self.clock = db, cast, clock
        with db.write() as s:
            self.group = groups.add_group(s, "Tuesday group")
            self.roster: list[Member] = [groups.add_member(s, self.group.id, name) for name in ROSTER]
            groups.assign(s, self.group.id, cast.fern.id)
            groups.assign(s, self.group.id, cast.sol.id)

    def session(
        self,
        plan: str = "T01",
        *,
        text: str | None = None,
        at: int | None = None,
        facilitator: Staff | None = None,
        co_facilitator: Staff | None = None,
    ) -> GroupSession:
        """A session at ``at`` (ms UTC; now) of the library's ``plan``, or of the plan written in ``text``."""
        if text is None:
            kept = Library().get(plan)
            assert kept is not None, f"The library has no plan {plan}."
            text = kept.text
        read = frozen(text)
        session = GroupSession(
            id=secrets.token_urlsafe(12),
            group_id=self.group.id,
            facilitator_id=(facilitator or self.cast.fern).id,
            co_facilitator_id=co_facilitator.id if co_facilitator else None,
            plan_id=read.id,
            plan_title=read.title,
            plan_version=read.version,
            plan_text=text,
            plan_sha256=sha256(text),
            plan_read=to_stored(read),
            plan_minutes=read.minutes,
            scheduled_at=self.clock() if at is None else at,
            screen_token=secrets.token_urlsafe(24),
            join_code=new_code(),
        )
        with self.db.write() as s:
            s.add(session)
        return session


@pytest.fixture
def clock() -> SettableClock:
    """Six o'clock on a Tuesday evening."""
    return SettableClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One clinic's settings, with its data and its keys in ``tmp_path``."""
    environ = {
        "FACILITATOR_ASYNC_MODE": "threading",
        "FACILITATOR_RUNTIME": str(tmp_path / "runtime"),
        "FACILITATOR_TIME_ZONE": ZONE.key,
        "FACILITATOR_WALL_CARDS": "on",
    }
    return read_settings(environ, url="http://localhost", data=tmp_path / "data")


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, with the plans that come with the product; a copy is ten times quicker."""
    file = tmp_path_factory.mktemp("database") / "empty.db"
    db = Database(f"sqlite:///{file}")
    migrate(db, lambda s: publish_shipped(s, TUESDAY_AT_SIX, FOLDER))
    db.close()
    return file


@pytest.fixture
def db(settings: Settings, _empty_database: Path) -> Iterator[Database]:
    """An empty database, at the place where ``app`` looks for it. Its copy needs no bringing up to date."""
    shutil.copy(_empty_database, settings.data / "facilitator.db")
    db = Database(settings.database_url)
    audit.seal_with(db, settings.secret_key)
    yield db
    db.close()


@pytest.fixture(scope="session")
def _password() -> Hashed:
    """Everybody's; hashing takes a tenth of a second."""
    return hashed(PASSWORD)


@pytest.fixture
def cast(db: Database, clock: SettableClock, _password: Hashed) -> Cast:
    """Four people who can sign in with PASSWORD."""
    return hire(db, _password, clock())


def hire(db: Database, password: Hashed, now: int) -> Cast:
    """Add the cast to ``db`` at ``now`` (ms UTC)."""

    def join(name: str, role: Role) -> Staff:
        return people.add_staff(s, f"{name.lower()}@clinic.example", name, role, password, now)

    with db.write() as s:
        return Cast(
            fern=join("Fern", Role.FACILITATOR),
            sol=join("Sol", Role.SUPERVISOR),
            max=join("Max", Role.FACILITATOR),
            ada=join("Ada", Role.ADMINISTRATOR),
        )


@pytest.fixture
def clinic(db: Database, cast: Cast, clock: SettableClock) -> Clinic:
    """One group of six, led by Fern and supervised by Sol."""
    return Clinic(db, cast, clock)


@pytest.fixture(scope="session")
def _worker() -> Iterator[Keeper]:
    """One process that reads texts for all applications; it keeps nothing of any."""
    with closing(Keeper()) as keeper:
        yield keeper


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The pages' templates, compiled once for all applications: that takes longer than most requests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    settings: Settings, db: Database, clock: SettableClock, _worker: Keeper, _templates: BytecodeCache
) -> Iterator[Flask]:
    """The whole application on ``db`` and ``clock``."""
    app = create_app(settings, clock)
    app.jinja_env.bytecode_cache = _templates
    house: House = app.extensions["facilitator"]
    app.extensions["facilitator"] = replace(house, worker=_worker)
    yield app
    house.close()


@pytest.fixture
def sign_in(app: Flask, db: Database, clock: SettableClock) -> Callable[[Staff], FlaskClient]:
    """A browser in which somebody has signed in, without the tenth of a second that the form takes."""

    def signed_in(staff: Staff) -> FlaskClient:
        client = app.test_client()
        with db.write() as s:
            token = people.open_sign_in(s, staff.id, clock())
        with client.session_transaction() as browser:
            browser["_user_id"] = token
        return client

    return signed_in


def csrf_token(client: FlaskClient, page: str) -> str:
    """The token that ``page`` carries for its forms and commands."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found is not None, f"{page} carries no CSRF token."
    return found[1]


@pytest.fixture
def building(
    app: Flask, clinic: Clinic, settings: Settings, sign_in: Callable[[Staff], FlaskClient]
) -> Iterator[Building]:
    """The clinic with a browser for every role, and one session."""
    from tests.building import Building

    with closing(Building(app, clinic, settings, sign_in)) as building:
        yield building


@pytest.fixture(scope="module")
def served(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    _empty_database: Path,
    _password: Hashed,
) -> Iterator[Served]:
    """A clinic behind a real server, one for all stories of a file in one async mode."""
    from tests.server import serving

    folder = tmp_path_factory.mktemp(request.param)
    with serving(request.param, folder, _empty_database, _password, FACILITATOR_WALL_CARDS="on") as served:
        yield served
