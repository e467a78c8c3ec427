"""Every route, method, command and socket event against every role; what is denied changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.test import TestResponse

from facilitator.people.access import RULES
from facilitator.realtime.reading import COMMANDS as KNOWN_COMMANDS
from tests import access_matrix as matrix
from tests.building import OURS, Building, fields_for, state_for


def is_let_in(response: TestResponse) -> bool:
    """Whether the answer is the thing itself: neither a refusal nor the way to the sign-in page."""
    if response.status_code in {301, 302, 303, 307, 308}:
        return "/sign-in" not in response.headers["Location"]
    return response.status_code not in {401, 403, 404, 405, 500}


def test_the_matrix_names_every_route_and_method_and_no_other(app: Flask) -> None:
    served = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served == set(matrix.ROUTES)
    assert set(RULES) == {endpoint for endpoint, _ in matrix.ROUTES}


@pytest.mark.parametrize(("endpoint", "method"), sorted(matrix.ROUTES))
def test_each_role_reaches_what_the_matrix_says_and_a_denied_one_changes_nothing(
    building: Building, endpoint: str, method: str
) -> None:
    building.reach(state_for(endpoint))
    rule = building.rule(endpoint)
    address, fields = building.address(rule), fields_for(endpoint, building)
    allowed = matrix.ROUTES[endpoint, method]
    for role in matrix.ROLES:
        building.token(role)
    before = building.fingerprint()
    for role in matrix.ROLES:
        if role not in allowed:
            response = building.knock(role, method, address, fields)
            assert response.status_code >= 400 or not is_let_in(response), f"{role} was let in: {response.status}"
            assert building.fingerprint() == before, f"{role} changed something"
    for role in sorted(allowed, key=matrix.ROLES.index):
        response = building.knock(role, method, address, fields)
        if endpoint not in {"assets.file", "staff.sign_out"}:
            assert is_let_in(response), f"{role} was not let in: {response.status} {response.text[:300]}"


@pytest.mark.parametrize("state", ["scheduled", "live", "ended", "signed"])
def test_reading_with_head_or_asking_for_options_changes_nothing(building: Building, state: str) -> None:
    building.reach(state)
    for role in matrix.ROLES:
        building.token(role)
    before = building.fingerprint()
    for endpoint in sorted({endpoint for endpoint, method in matrix.ROUTES if method == "GET"}):
        address = building.address(building.rule(endpoint))
        for role in ("stranger", "phone", "elsewhere", "switched_off"):
            for method in ("HEAD", "OPTIONS"):
                building.knock(role, method, address, {})
        assert building.fingerprint() == before, endpoint


COMMAND_FIELDS: dict[str, dict[str, object]] = {
    "EnterSegment": {"segment": 2},
    "AddTime": {"seconds": 60},
    "CloseCheckIn": {"check_in": ""},
    "ApproveCard": {"card": "0"},
    "LeaveOutCard": {"card": "0"},
    "ShowTally": {"check_in": ""},
    "AskAloud": {"prompt": "q1"},
    "StartExercise": {"exercise": "x1"},
    "StepExercise": {"exercise": "x1", "step": 1},
    "MarkSegment": {"segment": 0, "mark": "covered"},
    "MarkAttendance": {"member": "", "mark": "present"},
    "AddGuest": {"name": "Kim"},
    "AddNote": {"text": "Quiet."},
    "HandleRequest": {"request": "", "outcome": "Talked."},
}


def test_the_matrix_names_every_command() -> None:
    assert set(KNOWN_COMMANDS) == matrix.COMMANDS


@pytest.mark.parametrize("command", sorted(matrix.COMMANDS))
def test_a_command_is_for_those_who_lead_the_session_and_for_nobody_else(building: Building, command: str) -> None:
    building.reach("live")
    building.hub.ask_for_staff(building.session.id, building.seat, "Sam")
    live = building.hub.live(building.session.id)
    ids = {
        "check_in": next(iter(live.check_ins)),
        "member": live.roster[0][0],
        "request": next(iter(live.requests)),
    }
    fields = {key: ids.get(key, value) for key, value in COMMAND_FIELDS.get(command, {}).items()}
    body = {"command": command, **fields}
    tokens = {role: building.token(role) for role in matrix.ROLES}
    before = building.fingerprint()
    for role in matrix.ROLES:
        if role in matrix.LEADS:
            continue
        response = give(building, role, tokens[role], body)
        assert response.status_code in {401, 403}, f"{role}: {response.status}"
        assert building.fingerprint() == before, f"{role} changed something"
    for role in ("facilitator", "co_facilitator"):
        response = give(building, role, tokens[role], body)
        assert response.status_code in {200, 409}, f"{role}: {response.status} {response.text}"
        assert set(response.get_json()) <= {"rev", "message"}


def give(building: Building, role: str, token: str, body: dict[str, object]) -> TestResponse:
    headers = {"X-CSRF-Token": token, "Origin": OURS, "X-Seat": building.seat}
    return building.browsers[role].post(f"/sessions/{building.session.id}/commands", json=body, headers=headers)


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_a_command_without_its_own_token_changes_nothing(building: Building, token: str | None) -> None:
    building.reach("live")
    before = building.fingerprint()
    headers = {} if token is None else {"X-CSRF-Token": token}
    response = building.browsers["facilitator"].post(
        f"/sessions/{building.session.id}/commands", json={"command": "Blank"}, headers=headers
    )
    assert response.status_code == 403 and "message" in response.get_json()
    assert building.fingerprint() == before


def test_every_form_of_staff_asks_for_its_token(building: Building) -> None:
    for endpoint, method in matrix.ROUTES:
        if method != "POST" or endpoint.startswith("phone."):
            continue
        rule = building.rule(endpoint)
        before = building.fingerprint()
        role = "administrator" if "administrator" in matrix.ROUTES[endpoint, method] else "facilitator"
        role = "supervisor" if matrix.ROUTES[endpoint, method] == matrix.SUPERVISOR else role
        response = building.browsers[role].post(building.address(rule), data=fields_for(endpoint, building))
        assert response.status_code == 403, f"{endpoint}: {response.status}"
        assert building.fingerprint() == before


def test_the_matrix_names_every_socket_event(app: Flask) -> None:
    io: SocketIO = app.extensions["socketio"]
    heard = {(namespace, event) for namespace, handlers in io.server.handlers.items() for event in handlers}
    assert heard == matrix.EVENTS
    assert not io.server.namespace_handlers, "a class that hears events would be missing from the list"


@pytest.mark.parametrize("namespace", sorted(matrix.NAMESPACES))
def test_a_namespace_lets_in_only_whom_the_matrix_names(building: Building, namespace: str) -> None:
    building.reach("live")
    io: SocketIO = building.app.extensions["socketio"]
    before = building.fingerprint()
    for role in (*matrix.ROLES, "screen"):
        browser = building.browsers.get(role, building.browsers["stranger"])
        auth = {"session": building.session.id}
        if role == "phone":
            auth["seat"] = building.seat
        if role == "screen":
            auth["screen"] = building.session.screen_token
        client = io.test_client(
            building.app, namespace=namespace, flask_test_client=browser, headers={"Origin": OURS}, auth=auth
        )
        let_in = client.is_connected(namespace)
        assert let_in == (role in matrix.NAMESPACES[namespace]), role
        if let_in:
            client.emit("End", {}, namespace=namespace)
            client.disconnect(namespace)
    assert building.fingerprint() == before
