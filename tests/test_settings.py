"""Settings: read once, and a bad one stops the start with a sentence that names it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from facilitator.settings import Settings, SettingsError, read_settings

URL = "http://127.0.0.1:8000"


def settings_of(tmp_path: Path, **environ: str) -> Settings:
    given = {"FACILITATOR_DATA": str(tmp_path / "data"), "FACILITATOR_RUNTIME": str(tmp_path / "runtime"), **environ}
    return read_settings(given, url=URL)


def test_with_nothing_set_there_is_a_working_clinic(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    assert settings.async_mode == "eventlet"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'facilitator.db'}"
    assert (settings.floor, settings.sensitive_floor, settings.seats) == (5, 7, 60)
    assert settings.crisis_line == "988"
    assert settings.url == URL
    assert not settings.https


def test_the_secret_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    first, again = settings_of(tmp_path), settings_of(tmp_path)

    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600


def test_two_clinics_have_two_secret_keys(tmp_path: Path) -> None:
    assert settings_of(tmp_path / "one").secret_key != settings_of(tmp_path / "two").secret_key


def test_the_folders_are_for_us_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    assert stat.S_IMODE(settings.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(settings.runtime.stat().st_mode) == 0o700


def test_check_in_keys_live_in_memory_when_nothing_is_said(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    environ = {"FACILITATOR_DATA": str(tmp_path / "data"), "XDG_RUNTIME_DIR": str(memory)}

    settings = read_settings(environ, url=URL)

    assert settings.runtime.parent == memory
    assert settings.runtime_warning == ""


def test_a_postgresql_address_gets_its_driver(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, DATABASE_URL="postgresql://clinic:secret@db/clinic")

    assert settings.database_url == "postgresql+psycopg://clinic:secret@db/clinic"


@pytest.mark.parametrize("url", ["https://group.example.org/", "HTTPS://Group.Example.org"])
def test_https_follows_the_address(tmp_path: Path, url: str) -> None:
    settings = settings_of(tmp_path, FACILITATOR_URL=url)

    assert settings.https
    assert settings.url == "https://group.example.org"


@pytest.mark.parametrize(
    ("url", "alone"),
    [("http://127.0.0.1:8000", True), ("http://localhost", True), ("http://[::1]", True), ("http://10.1.1.7", False)],
)
def test_loopback_is_told_from_the_network(tmp_path: Path, url: str, alone: bool) -> None:
    assert settings_of(tmp_path, FACILITATOR_URL=url).on_loopback is alone


def test_the_time_zone_is_the_machines_own_unless_another_is_set(tmp_path: Path) -> None:
    own = Path("/etc/localtime").resolve()

    assert own.as_posix().endswith(settings_of(tmp_path).time_zone.key) or not own.exists()
    assert settings_of(tmp_path, FACILITATOR_TIME_ZONE="Asia/Tokyo").time_zone.key == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FACILITATOR_ASYNC_MODE", "asyncio"),
        ("FACILITATOR_SECRET_KEY", "short"),
        ("FACILITATOR_URL", "group.example.org"),
        ("FACILITATOR_URL", "https://group.example.org/clinic"),
        ("FACILITATOR_URL", ""),
        ("FACILITATOR_URL", "http://["),
        ("FACILITATOR_URL", "http://[:::]"),
        ("FACILITATOR_URL", "http://10.1.1.7:99999"),
        ("FACILITATOR_URL", "http://10.1.1.7:http"),
        ("FACILITATOR_URL", "http://10.1.1.7:0"),
        ("FACILITATOR_URL", "http://fern:secret@group.example.org"),
        ("FACILITATOR_URL", "http://group.example.org#join"),
        ("FACILITATOR_URL", "http://group.example.org\n"),
        ("FACILITATOR_URL", "http://our group"),
        ("FACILITATOR_URL", "http://grüppe.example"),
        ("FACILITATOR_CLINIC", ""),
        ("FACILITATOR_CLINIC", "Our\nclinic"),
        ("FACILITATOR_CLINIC", "Our \udcff clinic"),
        ("FACILITATOR_CLINIC", "a" * 81),
        ("FACILITATOR_DATA", ""),
        ("FACILITATOR_TIME_ZONE", "Middle/Earth"),
        ("FACILITATOR_TIME_ZONE", "../etc"),
        ("FACILITATOR_FLOOR", "3"),
        ("FACILITATOR_FLOOR", "five"),
        ("FACILITATOR_FLOOR", "²"),
        ("FACILITATOR_SENSITIVE_FLOOR", "6"),
        ("FACILITATOR_SEATS", "0"),
        ("FACILITATOR_CRISIS_LINE", "call me"),
        ("FACILITATOR_QUICK_LEAVE", "weather.example.org"),
        ("FACILITATOR_QUICK_LEAVE", "javascript:alert(1)"),
        ("FACILITATOR_QUICK_LEAVE", "https://"),
        ("FACILITATOR_QUICK_LEAVE", "https://weather example.org"),
        ("FACILITATOR_QUICK_LEAVE", "https://weather.example.org/\u202e"),
        ("FACILITATOR_CRISIS_LINE", "(-)"),
        ("FACILITATOR_EMERGENCY_LINE", "1"),
        ("DATABASE_URL", "mysql://clinic"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///clinic.db?mode=ro"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable) as refusal:
        settings_of(tmp_path, **{variable: value})

    assert "\n" not in str(refusal.value)


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(SettingsError, match="FACILITATOR_DATA"):
        settings_of(tmp_path)


@pytest.mark.parametrize("content", [b"", b"gone", b"\xff" * 64])
def test_a_damaged_secret_key_is_refused(tmp_path: Path, content: bytes) -> None:
    settings_of(tmp_path)
    (tmp_path / "data" / "secret-key").write_bytes(content)

    with pytest.raises(SettingsError, match="secret-key is damaged"):
        settings_of(tmp_path)


def test_a_secret_key_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data" / "secret-key").mkdir(parents=True)

    with pytest.raises(SettingsError, match="secret-key cannot be read"):
        settings_of(tmp_path)


def test_keys_never_live_where_backups_look(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FACILITATOR_RUNTIME: choose a folder outside"):
        settings_of(tmp_path, FACILITATOR_RUNTIME=str(tmp_path / "data" / "runtime"))


def test_redis_is_for_several_servers_on_one_postgresql(tmp_path: Path) -> None:
    postgresql = "postgresql://clinic@db.example/clinic"
    settings = settings_of(tmp_path, REDIS_URL="redis://10.0.0.5/0", DATABASE_URL=postgresql)
    assert settings.redis_url == "redis://10.0.0.5/0"
    with pytest.raises(SettingsError, match=r"REDIS_URL: .* Set DATABASE_URL as well"):
        settings_of(tmp_path, REDIS_URL="redis://10.0.0.5/0")
    with pytest.raises(SettingsError, match="REDIS_URL: write redis://"):
        settings_of(tmp_path, REDIS_URL="10.0.0.5", DATABASE_URL=postgresql)


def test_written_answers_are_off_until_somebody_switches_them_on(tmp_path: Path) -> None:
    assert settings_of(tmp_path).wall_cards is False
    assert settings_of(tmp_path, FACILITATOR_WALL_CARDS="on").wall_cards is True
    with pytest.raises(SettingsError, match="FACILITATOR_WALL_CARDS: 'yes' is not one of on, off"):
        settings_of(tmp_path, FACILITATOR_WALL_CARDS="yes")
