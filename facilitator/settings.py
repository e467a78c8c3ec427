"""Settings, read once from the environment. A bad or missing value stops the start with a sentence that names it."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

MODES = ("eventlet", "gevent", "threading")
SWITCH = ("on", "off")
MINIMUM_SECRET = 32
LONGEST_NAME = 80
# A name or number that every browser writes the same way: it is compared with what they send as their Origin.
WEB_ADDRESS = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?/?", re.IGNORECASE)


class SettingsError(ValueError):
    """A setting that cannot be used. The text names the variable and says what to write."""


@dataclass(frozen=True)
class Settings:
    """What one clinic's installation is told. Every field has an environment variable of its name; see README."""

    data: Path
    database_url: str
    runtime: Path
    runtime_warning: str
    async_mode: str
    secret_key: str
    url: str
    time_zone: ZoneInfo
    redis_url: str = ""
    clinic: str = "Facilitator"
    crisis_line: str = "988"
    emergency_line: str = "911"
    floor: int = 5
    sensitive_floor: int = 7
    seats: int = 60
    wall_cards: bool = False
    quick_leave: str = ""
    """Where a phone goes at Quick leave; our own page with the time when empty."""
    demo: bool = False

    @property
    def https(self) -> bool:
        """Whether phones and staff reach us over TLS; cookies follow this."""
        return self.url.startswith("https://")

    @property
    def on_loopback(self) -> bool:
        """Whether the shown address cannot be opened from another machine."""
        return urlsplit(self.url).hostname in {"localhost", "127.0.0.1", "::1"}

    @property
    def address(self) -> str:
        """The address as people type it: no scheme, no closing slash."""
        return self.url.split("://", 1)[1].rstrip("/")


def read_settings(
    environ: Mapping[str, str] | None = None, *, url: str, data: Path | None = None, demo: bool = False
) -> Settings:
    """Read ``environ`` (the process's own when None). ``url`` is used when FACILITATOR_URL is not set.

    Makes the data folder and, when none is given, a secret key kept in it. Raises SettingsError.
    """
    env = os.environ if environ is None else environ
    folder = data or _data_folder(env)
    _make_private_folder(folder, "--data" if data else "FACILITATOR_DATA")
    folder = folder.resolve()
    runtime, warning = _runtime_folder(env, folder)
    database_url = _database_url(env, folder)
    return Settings(
        data=folder,
        database_url=database_url,
        runtime=runtime,
        runtime_warning=warning,
        async_mode=_one_of(env, "FACILITATOR_ASYNC_MODE", MODES, "eventlet"),
        secret_key=_secret_key(env, folder),
        url=_url(env.get("FACILITATOR_URL", url)),
        time_zone=_time_zone(env),
        redis_url=_redis_url(env, database_url),
        clinic=_name(env, "FACILITATOR_CLINIC", "Facilitator"),
        crisis_line=_phone_number(env, "FACILITATOR_CRISIS_LINE", "988"),
        emergency_line=_phone_number(env, "FACILITATOR_EMERGENCY_LINE", "911"),
        floor=_whole(env, "FACILITATOR_FLOOR", 5, 4, 12),
        sensitive_floor=_whole(env, "FACILITATOR_SENSITIVE_FLOOR", 7, 7, 12),
        seats=_whole(env, "FACILITATOR_SEATS", 60, 4, 2000),
        wall_cards=_one_of(env, "FACILITATOR_WALL_CARDS", SWITCH, "off") == "on",
        quick_leave=_page(env, "FACILITATOR_QUICK_LEAVE"),
        demo=demo,
    )


def _data_folder(env: Mapping[str, str]) -> Path:
    name = env.get("FACILITATOR_DATA", "facilitator-data")
    if not name.strip():
        # Path("") is the folder that one happens to be in.
        raise SettingsError("FACILITATOR_DATA: write the name of a folder.")
    return Path(name)


def _make_private_folder(folder: Path, variable: str) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".write-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or "it is not a folder"
        raise SettingsError(f"{variable}: cannot write in the folder {folder}: {reason}.") from error


def _runtime_folder(env: Mapping[str, str], data: Path) -> tuple[Path, str]:
    """Where check-in keys live: a place that no backup keeps (design: sealed ballots)."""
    if given := env.get("FACILITATOR_RUNTIME"):
        folder = Path(given).resolve()
        if folder.is_relative_to(data):
            raise SettingsError("FACILITATOR_RUNTIME: choose a folder outside the data folder, which backups keep.")
        _make_private_folder(folder, "FACILITATOR_RUNTIME")
        return folder, ""
    name = f"facilitator-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
    for parent in (env.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108 - memory, which no backup keeps
        if parent and os.access(parent, os.W_OK):
            folder = Path(parent) / name
            _make_private_folder(folder, "FACILITATOR_RUNTIME")
            return folder, ""
    folder = Path(tempfile.gettempdir()) / name
    _make_private_folder(folder, "FACILITATOR_RUNTIME")
    warning = f"Check-in keys are kept in {folder}. Set FACILITATOR_RUNTIME to a folder in memory that no backup keeps."
    return folder, warning


def _database_url(env: Mapping[str, str], folder: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{folder / 'facilitator.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if not re.match(r"sqlite:///(?!:memory:)[^?]+$|postgresql\+psycopg://", url):
        raise SettingsError("DATABASE_URL: use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.")
    return url


def _redis_url(env: Mapping[str, str], database_url: str) -> str:
    url = env.get("REDIS_URL", "")
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("REDIS_URL: write redis://HOST:PORT/0.")
    # Asking Redis waits for the network, and whoever waits inside a transaction on SQLite holds up everybody.
    if url and database_url.startswith("sqlite:"):
        raise SettingsError("REDIS_URL: Redis is for several servers on one PostgreSQL. Set DATABASE_URL as well.")
    return url


def _secret_key(env: Mapping[str, str], folder: Path) -> str:
    if "FACILITATOR_SECRET_KEY" in env:
        key = env["FACILITATOR_SECRET_KEY"]
        if len(key) < MINIMUM_SECRET:
            raise SettingsError(f"FACILITATOR_SECRET_KEY: use at least {MINIMUM_SECRET} characters.")
        return key
    return _kept_secret(folder / "secret-key")


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _read_secret(path: Path) -> str:
    try:
        key = path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"The file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        key = ""
    if len(key) < MINIMUM_SECRET:
        raise SettingsError(
            f"The file {path} is damaged. Put back your copy of it. Without one, delete it: then everybody signs in "
            "again, and what was written until now can no longer be verified."
        )
    return key


def _url(url: str) -> str:
    if not WEB_ADDRESS.fullmatch(url) or not _can_be_split(url):
        raise SettingsError("FACILITATOR_URL: write the whole address, like https://group.example.org.")
    return url.lower().rstrip("/")


def _page(env: Mapping[str, str], variable: str) -> str:
    """The whole address of a page anywhere, or "" when none is given."""
    page = env.get(variable, "")
    if page and not (re.fullmatch(r"https?://[!-~]{1,300}", page) and _can_be_split(page) and urlsplit(page).hostname):
        raise SettingsError(f"{variable}: write the whole address of a page, like https://weather.example.org.")
    return page


def _can_be_split(url: str) -> bool:
    """Whether the port of ``url`` is one, and an address in brackets as well."""
    try:
        urlsplit(url).port  # noqa: B018 - looked at, because it raises
    except ValueError:
        return False
    return True


def _time_zone(env: Mapping[str, str]) -> ZoneInfo:
    name = env.get("FACILITATOR_TIME_ZONE") or _zone_of_this_machine()
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        raise SettingsError(f"FACILITATOR_TIME_ZONE: {name!r} is not known; write one like America/Chicago.") from error


def _zone_of_this_machine() -> str:
    """What the system's clock is set to: /etc/localtime leads to a file that is named for its zone."""
    _, _, name = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return name or "UTC"


def _one_of(env: Mapping[str, str], variable: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(variable, default)
    if value not in allowed:
        raise SettingsError(f"{variable}: {value!r} is not one of {', '.join(allowed)}.")
    return value


def _whole(env: Mapping[str, str], variable: str, default: int, low: int, high: int) -> int:
    text = env.get(variable, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{variable}: write a whole number from {low} to {high}.")
    return int(text)


def _name(env: Mapping[str, str], variable: str, default: str) -> str:
    name = env.get(variable, default).strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise SettingsError(f"{variable}: write a name of at most {LONGEST_NAME} characters, on one line.")
    return name


def _phone_number(env: Mapping[str, str], variable: str, default: str) -> str:
    number = env.get(variable, default)
    if len(number) > 20 or not set(number) <= set("0123456789 +-()") or len(re.findall(r"\d", number)) < 2:
        raise SettingsError(f"{variable}: write a telephone number, like 988 or +44 116 123.")
    return number
