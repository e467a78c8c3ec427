"""Keys: wherever they live, one that is gone stays gone, and nothing that stays behind holds one."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from facilitator.realtime import commands as c
from facilitator.realtime.ballots import KEY_BYTES, BallotBox
from facilitator.realtime.hub import Refused
from facilitator.realtime.keys import FORGET_UNKNOWN_AFTER_S, KeyFolder, Keys
from facilitator.realtime.redis_keys import PREFIX, RedisKeys
from facilitator.settings import Settings, SettingsError
from facilitator.storage.engine import Database
from facilitator.storage.problems import Unavailable
from tests import redis_server
from tests.asked import MOOD, Asked, hub_with, ready
from tests.conftest import Clinic, SettableClock


@pytest.fixture(scope="module")
def kept() -> Iterator[redis_server.Running]:
    with redis_server.running(*redis_server.WITHOUT_A_DISK) as server:
        yield server


@pytest.fixture
def redis_url(kept: redis_server.Running) -> str:
    return kept.address


@pytest.fixture
def in_redis(redis_url: str) -> Iterator[redis.Redis]:
    """What somebody sees who looks into that Redis."""
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection


@pytest.fixture(params=["folder", "redis"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Keys:
    if request.param == "folder":
        return KeyFolder(tmp_path)
    request.getfixturevalue("in_redis")
    return RedisKeys(request.getfixturevalue("redis_url"))


def test_one_key_opens_what_it_sealed_until_it_is_destroyed(keys: Keys) -> None:
    keys.make("c1")
    box, again = keys.box("c1"), keys.box("c1")
    assert box is not None and again is not None
    assert again.open("r1", box.seal("r1", 3)) == 3
    keys.destroy("c1")
    keys.destroy("c1")
    assert keys.box("c1") is None


def test_every_check_in_has_a_key_of_its_own(keys: Keys) -> None:
    for check_in in ("c1", "c2"):
        keys.make(check_in)
    one, other = keys.box("c1"), keys.box("c2")
    assert one is not None and other is not None
    assert one.responder("seat") != other.responder("seat")


def test_a_check_ins_id_cannot_name_anything_else(keys: Keys) -> None:
    for name in ("../secret-key", "a key", "c1\n", "*", ""):
        with pytest.raises(ValueError, match="not a check-in"):
            keys.box(name)


def test_a_key_is_a_file_that_only_we_can_read(tmp_path: Path) -> None:
    KeyFolder(tmp_path).make("c1")
    file = tmp_path / "c1.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size == KEY_BYTES


def test_tidying_a_folder_destroys_closed_ones_and_unknown_ones_after_five_minutes(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    for check_in in ("open", "closed", "new", "old"):
        keys.make(check_in)
    os.utime(tmp_path / "old.key", (0, 0))
    keys.tidy({"open"}, {"open", "closed"})
    assert {path.stem for path in tmp_path.iterdir()} == {"open", "new"}


def test_tidying_a_redis_destroys_closed_ones_and_unknown_ones_after_five_minutes(
    in_redis: redis.Redis, redis_url: str
) -> None:
    keys = RedisKeys(redis_url)
    for check_in in ("open", "closed", "new", "old"):
        keys.make(check_in)
    long_ago = in_redis.time()[0] - FORGET_UNKNOWN_AFTER_S - 1
    in_redis.set(f"{PREFIX}old", bytes(KEY_BYTES) + long_ago.to_bytes(8, "big"))
    in_redis.set("of somebody else", "stays")
    keys.tidy({"open"}, {"open", "closed"})
    assert set(in_redis.keys()) == {f"{PREFIX}open".encode(), f"{PREFIX}new".encode(), b"of somebody else"}


def test_a_spoiled_key_is_no_key(tmp_path: Path, in_redis: redis.Redis, redis_url: str) -> None:
    (tmp_path / "c1.key").write_bytes(b"short")
    in_redis.set(f"{PREFIX}c1", b"short")
    assert KeyFolder(tmp_path).box("c1") is None
    assert RedisKeys(redis_url).box("c1") is None


@pytest.mark.parametrize("options", [("--save", "60 1", "--appendonly", "no"), ("--save", "", "--appendonly", "yes")])
def test_a_redis_that_writes_to_disk_is_refused(options: tuple[str, ...]) -> None:
    with redis_server.running(*options) as server, pytest.raises(SettingsError, match=r"REDIS_URL: .* Start it with"):
        RedisKeys(server.address)


def test_a_redis_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(Unavailable):
        RedisKeys("redis://127.0.0.1:1/0")


def test_after_closing_nothing_in_the_process_refers_to_the_key(
    settings: Settings, db: Database, clinic: Clinic, clock: SettableClock
) -> None:
    asked = Asked(hub_with(KeyFolder(settings.runtime), db, clock), clinic)
    asked.all_answer()
    assert boxes_of(asked.check_in), "While it is open the room holds the box."

    assert asked.tally() == "shown"

    gc.collect()
    assert boxes_of(asked.check_in) == []
    assert list(settings.runtime.iterdir()) == []


def boxes_of(check_in: str) -> list[BallotBox]:
    """Every box of this check-in that is alive."""
    return [one for one in gc.get_objects() if type(one) is BallotBox and one._check_in == check_in]


def test_while_the_keys_are_out_of_reach_the_session_goes_on_and_nothing_is_lost(
    db: Database, clinic: Clinic, clock: SettableClock, kept: redis_server.Running
) -> None:
    first = Asked(hub_with(RedisKeys(kept.address, patience_s=0.1), db, clock), clinic)
    first.all_answer()
    another = hub_with(RedisKeys(kept.address, patience_s=0.1), db, clock)
    fern = c.Person(clinic.cast.fern.id, "Fern")

    with kept.away():
        assert another.run(first.session_id, c.PauseTimer(), fern) > 0
        with pytest.raises(Refused, match="Nothing was lost"):
            another.answer(first.session_id, first.seats[0], first.check_in, 9)
        with pytest.raises(Unavailable):
            another.run(first.session_id, c.CloseCheckIn(first.check_in), fern)
        with pytest.raises(Unavailable):
            another.run(ready(another, clinic, fern), c.OpenCheckIn(MOOD), fern)
        # Whoever has the box in memory can still count.
        assert first.tally() == "shown"


def test_a_key_that_could_not_be_destroyed_goes_as_soon_as_it_can_be_reached(
    settings: Settings, db: Database, clinic: Clinic, clock: SettableClock, tmp_path: Path
) -> None:
    asked = Asked(hub_with(KeyFolder(settings.runtime), db, clock), clinic)
    asked.all_answer()
    file = settings.runtime / f"{asked.check_in}.key"
    file.rename(tmp_path / "elsewhere")
    file.mkdir()
    assert asked.tally() == "shown"
    file.rmdir()
    (tmp_path / "elsewhere").rename(file)

    asked.hub.tidy_keys()

    assert list(settings.runtime.iterdir()) == []
