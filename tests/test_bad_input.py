"""Bad input, from one table, on every route, command and event: a sentence, nothing changed, nothing lost."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask_socketio import SocketIO
from werkzeug.test import TestResponse

from facilitator.realtime import commands as c
from facilitator.realtime.hub import Seated
from facilitator.realtime.wire import Unreadable
from tests import access_matrix as matrix
from tests.building import OURS, Building, fields_for, state_for
from tests.test_access_matrix import COMMAND_FIELDS

BAD_TEXTS = {
    "nul": "a\x00b",
    "escape": "a\x1b[31mb",
    "override": "a\u202eb",
    "isolate": "a\u2066b",
    "marks": "a" + "\u0301" * 40,
    "huge": "x" * 20_000,
}
BAD_CODES = ["O0I1LB", "CDFGH", "CDFGHJK", "------", "x" * 5_000, "%00", "..%2f..", "ÄÖÜßéè", "🙂🙂🙂🙂🙂🙂"]
BAD_JSON = {
    "nothing": b"",
    "cut off": b'{"command": "Start"',
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "text": b'"Start"',
    "not a number": b'{"command": "AddTime", "seconds": NaN}',
    "endless": b'{"command": "AddTime", "seconds": 1e999}',
    "five thousand digits": b'{"command": "AddTime", "seconds": ' + b"9" * 5_000 + b"}",
    "nested": b'{"command": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "bad utf-8": b'{"command": "AddNote", "text": "\xff\xfe"}',
    "lone surrogate": b'{"command": "AddNote", "text": "a\\ud800b"}',
    "nul": b'{"command": "AddNote", "text": "a\\u0000b"}',
    "huge": b'{"command": "AddNote", "text": "' + b"x" * 1_000_000 + b'"}',
}
WRONG_VALUES: list[Any] = [None, True, 3.5, -1, 10**30, "", "x" * 5_000, "a\x00b", [], {}, [[]], {"a": 1}]
# What reads nothing of a form means the same whatever is in it. A group without leaders is a form without fields.
WITHOUT_FIELDS = {
    "staff.sign_out", "staff.switch_off", "staff.switch_on", "groups.switch_off", "groups.switch_on", "groups.take_off",
    "groups.put_back", "groups.assign", "plans.start", "plans.discard_now",
    "sessions.cancel_now", "phone.seat", "phone.leave", "phone.forget",
}  # fmt: skip
FORMS = sorted(endpoint for endpoint, method in matrix.ROUTES if method == "POST")


def role_for(endpoint: str) -> str:
    """Somebody who may: what is refused is the input and not the person."""
    allowed = matrix.ROUTES[endpoint, "POST"]
    return next(role for role in ("facilitator", "administrator", "supervisor", "phone") if role in allowed)


def kept(building: Building) -> str:
    """Everything in the database but the audit, which also says who read a record."""
    return building.fingerprint(without="audit")


def is_calm(response: TestResponse) -> None:
    """Whatever was sent: no failure of ours, no traceback, and a refusal that says something."""
    # A pack of plans is no text.
    text = response.get_data().decode("utf-8", "replace")
    assert response.status_code < 500, text[:500]
    assert "Traceback" not in text and "werkzeug" not in text
    if response.status_code >= 400 and response.is_json:
        assert response.get_json()["message"].rstrip()[-1] in ".?"


@pytest.mark.parametrize("endpoint", [one for one in FORMS if one not in WITHOUT_FIELDS])
def test_a_form_with_bad_text_in_any_field_changes_nothing(building: Building, endpoint: str) -> None:
    building.reach(state_for(endpoint))
    address, role = building.address(building.rule(endpoint)), role_for(endpoint)
    building.token(role)
    before = kept(building)
    good = fields_for(endpoint, building)
    for field in good:
        for kind, text in BAD_TEXTS.items():
            response = building.knock(role, "POST", address, {**good, field: text})
            is_calm(response)
            assert kept(building) == before, f"{field}, {kind}: {response.status}"


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_that_is_no_form_changes_nothing(building: Building, endpoint: str) -> None:
    building.reach(state_for(endpoint))
    address, role = building.address(building.rule(endpoint)), role_for(endpoint)
    token = building.token(role)
    before = kept(building)
    headers = {"Origin": OURS, "X-CSRF-Token": token}
    bodies: list[tuple[bytes, str]] = [
        (b"x=%ED%A0%80&%FF=%FF", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"&" * 5_000, "application/x-www-form-urlencoded"),
        (b"x" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"\x00\x01", "application/octet-stream"),
        (BAD_JSON["nested"], "application/json"),
        (BAD_JSON["cut off"], "application/json"),
    ]
    if endpoint in WITHOUT_FIELDS:
        bodies = bodies[3:4]
    for body, kind in bodies:
        response = building.browsers[role].post(address, data=body, content_type=kind, headers=headers)
        is_calm(response)
        assert kept(building) == before, f"{kind}, {body[:20]!r}: {response.status}"


@pytest.mark.parametrize("endpoint", [one for one in FORMS if one not in WITHOUT_FIELDS | {"staff.sign_in_now"}])
def test_a_form_with_a_field_missing_says_so_or_changes_nothing(building: Building, endpoint: str) -> None:
    building.reach(state_for(endpoint))
    address, role = building.address(building.rule(endpoint)), role_for(endpoint)
    building.token(role)
    before = kept(building)
    response = building.knock(role, "POST", address, {})
    is_calm(response)
    if fields_for(endpoint, building) and endpoint not in {"groups.assign", "review.sign_note"}:
        assert kept(building) == before, response.status


@pytest.mark.parametrize("kind", sorted(BAD_JSON))
def test_a_command_that_is_no_command_is_malformed(building: Building, kind: str) -> None:
    building.reach("live")
    token = building.token("facilitator")
    before = kept(building)
    response = building.browsers["facilitator"].post(
        f"/sessions/{building.session.id}/commands",
        data=BAD_JSON[kind],
        content_type="application/json",
        headers={"X-CSRF-Token": token, "Origin": OURS},
    )
    is_calm(response)
    assert response.status_code in {400, 413, 422} and response.get_json()["message"]
    assert kept(building) == before


@pytest.mark.parametrize("command", sorted(matrix.COMMANDS))
def test_a_command_with_a_field_wrong_missing_or_extra_is_malformed(building: Building, command: str) -> None:
    building.reach("live")
    headers = {"X-CSRF-Token": building.token("facilitator"), "Origin": OURS}
    before = kept(building)
    good = {"command": command, **COMMAND_FIELDS.get(command, {})}
    bodies = [{**good, "extra": 1}, {**good, "roster": []}, {**good, "tally": {"state": "shown"}}]
    bodies += [{key: value for key, value in good.items() if key != field} for field in COMMAND_FIELDS.get(command, {})]
    bodies += [{**good, field: value} for field in COMMAND_FIELDS.get(command, {}) for value in WRONG_VALUES]
    for body in bodies:
        if body.get("seconds") == -1:
            continue
        response = building.browsers["facilitator"].post(
            f"/sessions/{building.session.id}/commands", json=body, headers=headers
        )
        is_calm(response)
        assert response.status_code in {409, 422}, f"{body}: {response.status}"
        assert kept(building) == before, str(body)[:200]


def test_an_unknown_command_is_malformed(building: Building) -> None:
    building.reach("live")
    headers = {"X-CSRF-Token": building.token("facilitator")}
    ours = ("EndByItself", "RaiseRequest", "Strike", "PutCardBack")
    for name in ("", "Explode", *ours, "__init__", 7, None, ["End"], {"a": 1}):
        response = building.browsers["facilitator"].post(
            f"/sessions/{building.session.id}/commands", json={"command": name}, headers=headers
        )
        assert response.status_code == 422 and response.get_json()["message"] == "This command is not known."


@pytest.mark.parametrize("code", BAD_CODES)
def test_a_code_that_is_none_leads_to_a_calm_page(building: Building, code: str) -> None:
    building.reach("live")
    before = kept(building)
    phone = building.app.test_client()
    for answer in (
        phone.get(f"/j/{code}"),
        phone.get(f"/j/{code}/view", headers={"X-Seat": "x"}),
        phone.post(f"/j/{code}/seat", json={}, headers={"Origin": OURS}),
        phone.post(f"/j/{code}/answer", json={"check_in": "x", "value": 1}, headers={"X-Seat": "x"}),
        phone.post("/", data={"code": code}, headers={"Origin": OURS}),
    ):
        is_calm(answer)
        assert answer.status_code in {200, 303, 308, 400, 403, 404, 409, 410, 422}
    assert kept(building) == before


def test_a_code_whose_doors_are_closed_takes_no_seat(building: Building) -> None:
    code, phone = building.session.join_code, building.app.test_client()
    for state in ("scheduled", "ended"):
        if state == "ended":
            building.reach("ended")
        before = kept(building)
        answer = phone.post(f"/j/{code}/seat", json={}, headers={"Origin": OURS, "Accept": "application/json"})
        assert 400 <= answer.status_code < 500 and answer.get_json()["message"]
        assert kept(building) == before


@pytest.mark.parametrize("value", [*WRONG_VALUES[1:], "3", [0], [1, 1], 11])
def test_an_answer_that_is_none_is_refused_by_form_and_by_socket(building: Building, value: object) -> None:
    building.reach("live")
    check_in = building.hub.live(building.session.id).open_check_in
    assert check_in is not None
    before = kept(building)
    body = {"check_in": check_in.id, "value": value}
    answer = building.app.test_client().post(
        f"/j/{building.session.join_code}/answer", json=body, headers={"X-Seat": building.seat}
    )
    is_calm(answer)
    assert answer.status_code in {409, 422}, answer.status
    for data in (body, {**body, "extra": 1}, {"value": value}, {"check_in": 7, "value": 3}, [], value):
        ack = sent(building, "answer", data)
        assert ack["ok"] is False and ack["message"].rstrip()[-1] in ".?"
    assert kept(building) == before


def sent(building: Building, event: str, *data: object) -> dict[str, Any]:
    """What a phone's socket is answered."""
    io: SocketIO = building.app.extensions["socketio"]
    phone = io.test_client(building.app, namespace="/phone", auth={"seat": building.seat}, headers={"Origin": OURS})
    ack = phone.emit(event, *data, namespace="/phone", callback=True)
    phone.disconnect("/phone")
    assert isinstance(ack, dict)
    return ack


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("answer", ()),
        ("answer", ({"check_in": "x", "value": 1}, 2)),
        ("ask_for_staff", ()),
        ("ask_for_staff", ({"name": None},)),
        ("ask_for_staff", ({"name": "a\x00b"},)),
        ("ask_for_staff", ({"name": "x" * 5_000},)),
        ("ask_for_staff", ({"name": ["Sam"]},)),
        ("ask_for_staff", ({"name": "Sam", "seat": "x"},)),
        ("view", ({},)),
        ("End", ({},)),
        ("connect_error", ("x",)),
    ],
)
def test_an_event_with_wrong_data_is_answered_with_a_sentence(
    building: Building, event: str, data: tuple[object, ...]
) -> None:
    building.reach("live")
    before = kept(building)
    ack = sent(building, event, *data)
    assert ack["ok"] is False and ack["message"].rstrip()[-1] in ".?"
    assert kept(building) == before


@pytest.mark.parametrize(
    "auth", [None, "x", 7, [], {}, {"seat": 7}, {"seat": None}, {"seat": "x" * 5_000}, {"seat": "é"}]
)
def test_a_socket_with_a_wrong_credential_is_not_let_in(building: Building, auth: object) -> None:
    building.reach("live")
    io: SocketIO = building.app.extensions["socketio"]
    for namespace in ("/phone", "/projector", "/console"):
        try:
            client = io.test_client(building.app, namespace=namespace, auth=auth, headers={"Origin": OURS})
        except Unreadable:
            # A packet that no screen of ours sends: a real server hangs up (test_wire.py).
            continue
        assert not client.is_connected(namespace)


def test_a_seat_of_another_session_is_worth_nothing_here(building: Building) -> None:
    building.reach("live")
    other = building.clinic.session("T04")
    building.hub.run(other.id, c.OpenDoors(), building.fern)
    foreign = building.hub.take_seat(other.id, None, None)
    assert isinstance(foreign, Seated)
    before = kept(building)
    check_in = building.hub.live(building.session.id).open_check_in
    assert check_in is not None
    code = building.session.join_code
    for seat in (foreign.seat, "forged", ""):
        answer = building.app.test_client().post(
            f"/j/{code}/answer", json={"check_in": check_in.id, "value": 3}, headers={"X-Seat": seat}
        )
        is_calm(answer)
        assert 400 <= answer.status_code < 500
        assert 400 <= building.app.test_client().get(f"/j/{code}/view", headers={"X-Seat": seat}).status_code < 500
    assert kept(building) == before


@pytest.mark.parametrize("token", ["x", "x" * 5_000, "%00", "..%2fstaff", "é"])
def test_a_screen_token_that_is_none_shows_nothing(building: Building, token: str) -> None:
    for page in ("", "/view", "/qr.svg"):
        answer = building.app.test_client().get(f"/p/{token}{page}")
        assert answer.status_code == 404
        is_calm(answer)


@pytest.mark.parametrize("cookie", ["x", "x" * 4_000, "a.b.c", "\u00e9", ".eJ.x.y"])
def test_a_forged_cookie_is_nobodys(building: Building, cookie: str) -> None:
    browser = building.app.test_client()
    for name in ("session", "seat", "ticket"):
        browser.set_cookie(name, cookie, domain="localhost")
    for page in ("/sessions", "/", f"/j/{building.session.join_code}"):
        answer = browser.get(page)
        is_calm(answer)
        assert answer.status_code in {200, 303, 404, 410}


@pytest.mark.parametrize("cookie", ["x", "x|y", "x|\u00e9", "|", "\u00e9"])
def test_nobody_is_remembered_beyond_the_browser_session(building: Building, cookie: str) -> None:
    browser = building.app.test_client()
    browser.set_cookie("remember_token", cookie, domain="localhost")
    for page, status in (("/sessions", 303), ("/sign-in", 200), (f"/review/{building.session.id}", 303)):
        assert browser.get(page).status_code == status


@pytest.mark.parametrize(
    "query", ["code=\xff&said=\xfe", "next=/\xe9", "\xff", "\x00=\x80", "earlier=\xb2", "day=\xb2\xff", "%ff=%", "&&=&"]
)
def test_bare_bytes_in_an_address_are_read_like_any_others(building: Building, query: str) -> None:
    for role in ("stranger", "facilitator", "supervisor"):
        for page in ("/", "/sign-in", "/sessions", "/sessions/schedule", "/week", "/review", "/private", "/nowhere"):
            answer = building.browsers[role].get(page, environ_overrides={"QUERY_STRING": query})
            is_calm(answer)


def test_a_nul_never_reaches_the_database(building: Building) -> None:
    before = kept(building)
    for role in ("stranger", "facilitator", "supervisor", "administrator"):
        for rule in building.app.url_map.iter_rules():
            address = re.sub("<[^>]+>", "a%00b", rule.rule)
            answer = building.browsers[role].get(address)
            is_calm(answer)
            assert "%00" not in address or answer.status_code in {404, 405}, address
    is_calm(building.browsers["supervisor"].get("/review?group=%00&facilitator=%00"))
    is_calm(building.knock("stranger", "POST", "/sign-in", {"email": "fern\0@clinic.example", "password": "\0"}))
    is_calm(building.knock("administrator", "POST", f"/groups/{building.clinic.group.id}/leaders", {"leaders": "\0"}))
    assert kept(building) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X"])
def test_a_method_that_no_route_has_is_refused(building: Building, method: str) -> None:
    before = kept(building)
    for endpoint in {endpoint for endpoint, _ in matrix.ROUTES}:
        answer = building.browsers["facilitator"].open(building.address(building.rule(endpoint)), method=method)
        is_calm(answer)
        assert answer.status_code in {403, 404, 405}
    assert kept(building) == before


@pytest.mark.parametrize(
    "address", ["/nowhere", "/sessions/x/console", "/review/x", "/groups/x", "/plans/x", "/staff/x", "/static/../x",
                "/static/x/..%2f..%2fpyproject.toml", "/sessions/%00/view", "/plans/T01%00", "/plans/..%2fT01"]
)  # fmt: skip
def test_an_address_that_leads_nowhere_says_so(building: Building, address: str) -> None:
    for role in ("stranger", "facilitator", "administrator", "supervisor"):
        answer = building.browsers[role].get(address)
        is_calm(answer)
        assert answer.status_code in {303, 401, 403, 404}


def test_what_is_said_back_is_never_the_markup_that_was_sent(building: Building) -> None:
    building.reach("live")
    nasty = "<script>alert(1)</script>"
    answer = building.knock("administrator", "POST", "/groups/add", {"name": nasty})
    page = building.browsers["administrator"].get("/groups")
    for text in (answer.text, page.text, json.dumps(building.hub.console_view(building.session.id))):
        assert nasty not in text
