"""A session with all eighteen exercises, and how one of them comes to the screens."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from facilitator.curricula.model import Part
from tests.chromium.room import Room, heading
from tests.chromium.windows import Windows
from tests.eighteen import IDS, PLAN, large_words
from tests.server import Served


def with_eighteen(windows: Windows, site: Served) -> Room:
    """A live session with all eighteen, in its first segment."""
    room = Room(windows, site, PLAN)
    room.do("OpenDoors")
    room.do("Start")
    return room


def scene(page: Page) -> Locator:
    """Where a screen shows the exercise that runs."""
    return page.locator('[data-scene="exercise"]')


def start(room: Room, part: Part, *pages: Page) -> None:
    """Begin this exercise, and wait until all of these show it."""
    room.do("StartExercise", exercise=IDS[part])
    for page in pages:
        expect(heading(scene(page), large_words(part))).to_be_visible()
