"""The clinic with everybody who could knock at its doors, and what each form needs to be accepted."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.people import staff as people
from facilitator.people.access import Role
from facilitator.realtime import commands as c
from facilitator.realtime.hub import Hub, Seated
from facilitator.records import drafts, notes
from facilitator.settings import Settings
from facilitator.storage.tables import GroupSession, ProgressNote, Staff
from tests import access_matrix as matrix
from tests.conftest import PASSWORD, Clinic
from tests.test_parse import PLAN

OURS = "http://localhost"
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
STATE_FOR = {
    "review.handle": "asking",
    "review.co_sign": "signed",
    "review.give_back": "signed",
    "review.add_to_note": "signed",
}
ENDED = ("review.", "sessions.ended", "sessions.settle")
SCHEDULED = ("sessions.change", "sessions.cancel")


class Building:
    """The clinic with everybody who could knock: each role with a browser of its own, and one session."""

    def __init__(self, app: Flask, clinic: Clinic, settings: Settings, sign_in: Callable[[Staff], FlaskClient]) -> None:
        self.app, self.clinic, self.settings = app, clinic, settings
        cast, now = clinic.cast, clinic.clock()
        with clinic.db.write() as s:
            hash_ = cast.fern.password_hash
            gus = people.add_staff(s, "gus@clinic.example", "Gus", Role.FACILITATOR, hash_, now)
            self.spare = people.add_staff(s, "kit@clinic.example", "Kit", Role.FACILITATOR, hash_, now)
        self.session = clinic.session("T01", co_facilitator=gus)
        with clinic.db.write() as s:
            self.draft = drafts.start(s, cast.fern, now, PLAN)
        self.hub: Hub = app.extensions["facilitator"].hub
        self.fern = c.Person(cast.fern.id, "Fern")
        self.browsers = {
            "stranger": app.test_client(),
            "phone": app.test_client(),
            "facilitator": sign_in(cast.fern),
            "co_facilitator": sign_in(gus),
            "elsewhere": sign_in(cast.max),
            "supervisor": sign_in(cast.sol),
            "administrator": sign_in(cast.ada),
            "switched_off": sign_in(self.spare),
        }
        with clinic.db.write() as s:
            people.switch_off(s, self.spare.id)
        self.seat = ""
        # SQLite tells a connection whether another one has written since: what nobody touched is not read again.
        self._reading = sqlite3.connect(settings.data / "facilitator.db")
        self._read_version, self._digests = -1, dict[str, str]()

    def close(self) -> None:
        """Let go of the file."""
        self._reading.close()

    def reach(self, state: str) -> None:
        """Bring the session to ``scheduled``, ``live``, ``asking`` (somebody waits), ``ended`` or ``signed``."""
        if state == "scheduled":
            return
        for command in (c.OpenDoors(), c.Start()):
            self.hub.run(self.session.id, command, self.fern)
        place = self.hub.take_seat(self.session.id, None, None)
        assert isinstance(place, Seated)
        self.seat = place.seat
        self.hub.run(self.session.id, c.OpenCheckIn("q1"), self.fern)
        if state == "asking":
            self.hub.ask_for_staff(self.session.id, self.seat, "Sam")
            return
        if state == "live":
            return
        self.hub.run(self.session.id, c.End(), self.fern)
        if state == "signed":
            self._sign()

    def _sign(self) -> None:
        with self.clinic.db.write() as s:
            note, session = s.get(ProgressNote, self.session.id), s.get(GroupSession, self.session.id)
            assert note is not None and session is not None
            note.status, note.signed_text = "signed", {}
            note.signed_by, note.signed_at = self.clinic.cast.fern.id, self.clinic.clock()
            assert notes.note_of(s, session.id) is note

    def fingerprint(self, *, without: str = "-") -> str:
        """A digest of everything in the database, but for the rows of the table ``without``."""
        [version] = self._reading.execute("PRAGMA data_version").fetchone()
        if version != self._read_version:
            self._read_version, self._digests = version, {}
        if without not in self._digests:
            self._digests[without] = digest_of(self._reading, without)
        return self._digests[without]

    def address(self, rule: Any) -> str:
        """The rule's address with real ids in it."""
        places = {
            "session_id": self.session.id,
            "group_id": self.clinic.group.id,
            "member_id": self.clinic.roster[0].id,
            "staff_id": self.spare.id,
            "plan_id": "T01",
            "curriculum_id": "addiction",
            "token": self.session.screen_token,
            "code": self.session.join_code,
            "version": "1.0",
            "draft_id": self.draft.id,
            "path": "shared/base.css",
        }
        with self.app.test_request_context():
            built = self.app.url_map.bind("localhost").build(
                rule.endpoint, {name: places[name] for name in rule.arguments}
            )
        return str(built)

    def knock(self, role: str, method: str, address: str, fields: dict[str, Any]) -> TestResponse:
        """What ``role`` gets with the best credentials that it has."""
        browser = self.browsers[role]
        headers = {"Origin": OURS}
        if role == "phone":
            headers["X-Seat"] = self.seat
        if method == "POST":
            fields = {**fields, "csrf_token": self.token(role)}
        return browser.open(address, method=method, data=fields if method == "POST" else None, headers=headers)

    def rule(self, endpoint: str) -> Any:
        """The address rule of an endpoint."""
        return next(rule for rule in self.app.url_map.iter_rules() if rule.endpoint == endpoint)

    def token(self, role: str) -> str:
        """A CSRF token of that browser's own."""
        page = "/groups" if role in matrix.STAFF else "/sign-in"
        found = TOKEN.search(self.browsers[role].get(page).text)
        assert found is not None
        return found[1]


def digest_of(connection: sqlite3.Connection, without: str) -> str:
    """Every table and every row of it, but for the rows of ``without``."""
    digest = hashlib.sha256()
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall():
        digest.update(repr((kind, name, sql)).encode())
        if kind == "table" and name != without:
            for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  # A name out of the file itself.
                digest.update(repr(row).encode())
    return digest.hexdigest()


def fields_for(endpoint: str, building: Building) -> dict[str, Any]:
    """What a form that would be accepted sends."""
    open_check_in = building.hub.live(building.session.id).open_check_in
    return {
        "staff.sign_in_now": {"email": "fern@clinic.example", "password": PASSWORD},
        "staff.add_now": {
            "name": "New",
            "email": "new@clinic.example",
            "role": "facilitator",
            "password": "green lamps in the hall",
        },
        "staff.change_role": {"role": "supervisor"},
        "staff.set_password": {"password": "green lamps in the hall"},
        "groups.add_now": {"name": "Friday group", "curriculum": "addiction"},
        "groups.follow": {"curriculum": "addiction"},
        "groups.rename": {"name": "Friday group"},
        "groups.assign": {"leaders": [building.clinic.cast.fern.id]},
        "groups.add_member": {"name": "Somebody"},
        "groups.rename_member": {"name": "Somebody"},
        "sessions.schedule_now": {
            "group": building.clinic.group.id,
            "plan": "T01",
            "length": "90",
            "date": "2026-12-01",
            "time": "18:00",
        },
        "sessions.change_now": {
            "plan": "T04",
            "length": "50",
            "date": "2026-12-01",
            "time": "18:00",
            "co_facilitator": building.session.co_facilitator_id,
        },
        "plans.start": {"plan": "T04"},
        "plans.publish": {"edition": "0", "note": "A new plan."},
        "sessions.settle": {"command": '{"command": "AddNote", "text": "x"}'},
        "console.command": {"command": '{"command": "AddNote", "text": "x"}'},
        "review.save_note": {"edition": "0"},
        "review.sign_note": {"edition": "0"},
        "review.duty": {"duty": "on"},
        "review.handle": {"request": next(iter(building.hub.live(building.session.id).requests), ""), "outcome": "x"},
        "review.co_sign": {"edition": "0", "comment": "Read."},
        "review.give_back": {"edition": "0", "comment": "Please add the minutes."},
        "review.add_to_note": {"kind": "addendum", "text": "More was said."},
        "phone.join": {"code": building.session.join_code},
        "phone.answer": {"check_in": open_check_in.id if open_check_in else "", "value": "3"},
        "phone.ask_for_staff": {"name": "Sam"},
    }.get(endpoint, {})


def state_for(endpoint: str) -> str:
    if endpoint in STATE_FOR:
        return STATE_FOR[endpoint]
    if endpoint.startswith(ENDED):
        return "ended"
    return "scheduled" if endpoint.startswith(SCHEDULED) else "live"
