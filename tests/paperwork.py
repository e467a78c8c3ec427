"""The record in a browser: how forms are sent back, and the evenings that the tests of the record tell."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.pages.note_form import SECTIONS
from facilitator.realtime import commands as c
from facilitator.storage.tables import GroupSession, ProgressNote
from tests.conftest import PASSWORD, Clinic, csrf_token
from tests.story import Story

WRITTEN = {"done": "We practised.", "response": "The room warmed up.", "incidents": "none", "next": "Again."}


def everybody_here(story: Story, time: str) -> Story:
    for member, _ in story.live.roster:
        story.mark(time, member, "present")
    return story


def eventful(story: Story, *, handled: bool = True) -> Story:
    """Over time, a skipped segment, a withheld tally, somebody who asked to talk."""
    everybody_here(story.start("18:02"), "18:03").enter("18:08", 1).note("18:09", "Quiet <room>.")
    story.check_in("q1", [1, 2, 5, 7, 8, 9, 10]).check_in("q2", [0, 1]).asks_to_talk("18:20", "Bo")
    if handled:
        story.at("18:31").do(c.HandleRequest("bo", "We spoke outside."))
    story.enter("18:32", 2).enter("18:52", 4).enter("18:56", 5)
    # Nobody can press End over somebody who waits.
    return story.end("19:02") if handled else story.left()


def note_path(session: GroupSession) -> str:
    return f"/sessions/{session.id}/note"


def post(browser: FlaskClient, page: str, path: str, fields: dict[str, object]) -> TestResponse:
    return browser.post(path, data={"csrf_token": csrf_token(browser, page), **fields})


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"The page has no field {name}."
    return found[1]


def texts_of(page: str) -> dict[str, str]:
    """What stands in each field for words."""
    found = re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>([^<]*)</textarea>', page)
    return {name: unescape(text) for name, text in found}


def as_shown(browser: FlaskClient, session: GroupSession) -> dict[str, object]:
    """The note's form as a browser would send it back untouched."""
    page = browser.get(note_path(session)).text
    ticked = re.findall(r'type="checkbox"[^>]* name="(\w+)" value="([^"]*)" checked', page)
    fields: dict[str, object] = {**texts_of(page)}
    for name in ("objectives", "interventions"):
        fields[name] = [unescape(value) for key, value in ticked if key == name]
    carried = ("edition", "seen", *(f"was-{field}" for field in SECTIONS))
    return fields | {name: hidden(page, name) for name in carried}


def sign(browser: FlaskClient, session: GroupSession, **changes: object) -> TestResponse:
    fields = {**as_shown(browser, session), **WRITTEN, "password": PASSWORD, **changes}
    return post(browser, note_path(session), f"{note_path(session)}/sign", fields)


def status(clinic: Clinic, session: GroupSession) -> str:
    with clinic.db.read() as s:
        return s.get_one(ProgressNote, session.id).status
