"""A real browser, a clinic that is served to it, and windows that end with their story."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from facilitator.people.passwords import Hashed
from tests.chromium.room import Room
from tests.chromium.windows import Guard, Windows
from tests.server import Served, serving

CHROMIUM = Path("/usr/bin/chromium")
MISSING = "The browser tests need Chromium: apt-get install chromium, or run .ci/run, which installs it."
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all stories."""
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, _empty_database: Path, _password: Hashed) -> Iterator[Served]:
    """The clinic behind a real server. Four answers are enough here, so that four phones fill a room."""
    folder = tmp_path_factory.mktemp("site")
    told = {"FACILITATOR_FLOOR": "4", "FACILITATOR_WALL_CARDS": "on"}
    with serving("eventlet", folder, _empty_database, _password, **told) as site:
        yield site


@pytest.fixture
def guard(site: Served) -> Guard:
    """Where a story says which complaints belong to it."""
    return Guard(site.url)


@pytest.fixture
def windows(chromium: Browser, site: Served, guard: Guard) -> Iterator[Windows]:
    """The windows of one story. At its end nothing may have gone wrong in any of them."""
    windows = Windows(chromium, site.url, guard, site.desk)
    yield windows
    windows.close()
    guard.nothing_went_wrong()


@pytest.fixture
def room(windows: Windows, site: Served) -> Iterator[Room]:
    """A session of the Tuesday group, ready for tonight."""
    room = Room(windows, site)
    yield room
    room.close()
