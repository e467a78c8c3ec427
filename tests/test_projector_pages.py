"""The wall: whoever has its address may look, and finds what the room may see and nothing else."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
import segno
from flask import Flask

from facilitator.pages import qr
from facilitator.realtime import commands as c
from facilitator.realtime.codes import shown
from tests.conftest import ROSTER, Clinic
from tests.room import MOOD, Room


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    return Room(app, clinic)


def view_in(page: str) -> dict[str, Any]:
    """The view that the page was drawn with."""
    found = re.search(r'data-view="([^"]*)"', page)
    assert found is not None
    return dict(json.loads(unescape(found[1])))


def test_the_page_brings_the_view_of_now(room: Room) -> None:
    room.go_live()
    page = room.show(room.wall)
    assert page.status_code == 200 and "<title>Group</title>" in page.text
    assert view_in(page.text) == room.show(f"{room.wall}/view").get_json()
    assert view_in(page.text)["segment"]["title"] == "How I am arriving"


def test_the_wall_shows_no_name_no_cue_and_no_way_to_command(room: Room) -> None:
    room.go_live().ask(MOOD)
    room.do(c.AddNote("Robin was quiet"), c.AddGuest("Nicoletta"))
    room.hub.run(room.session.id, c.RaiseRequest("r1", "Sasha at the door"), None)
    page = room.show(room.wall).text
    for private in (*ROSTER, "Nicoletta", "Robin was quiet", "Sasha at the door", "last chair", "Fern"):
        assert private not in page
    assert "<form" not in page and "csrf" not in page


@pytest.mark.parametrize("page", ["", "/view", "/qr.svg"])
def test_an_address_that_is_not_known_is_told_so(room: Room, page: str) -> None:
    answer = room.show(f"/p/nowhere{page}")
    assert answer.status_code == 404 and "This screen is not known." in answer.get_data(as_text=True)


def test_the_square_opens_this_session_at_the_address_of_the_settings(room: Room) -> None:
    room.do(c.OpenDoors())
    square = room.show(f"{room.wall}/qr.svg")
    assert square.mimetype == "image/svg+xml"
    assert square.data == qr.picture(f"http://localhost/j/{room.code}").data
    assert qr.join_url("http://localhost", shown(room.code)) == f"http://localhost/j/{room.code}"


def test_the_square_is_small_enough_to_scan_from_the_chairs() -> None:
    code = segno.make(qr.join_url("https://group.example.org", "CDF-GHJ"), error="m", micro=False)
    assert code.version <= 3


def test_there_is_no_square_before_the_doors_open_or_while_the_screens_are_blank(room: Room) -> None:
    assert room.show(f"{room.wall}/qr.svg").status_code == 404
    room.go_live()
    room.do(c.Blank())
    assert room.show(f"{room.wall}/qr.svg").status_code == 404


def test_words_for_those_who_listen_come_only_three_times(room: Room) -> None:
    page = room.show(room.wall).text
    assert 'role="timer" aria-live="off"' in page
    assert page.count('aria-live="polite"') == 1


def test_the_wall_stays_after_the_end(room: Room) -> None:
    room.go_live()
    room.do(c.End())
    assert view_in(room.show(room.wall).text)["state"] == "ended"
