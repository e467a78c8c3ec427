"""What staff do at a desk: fill in a form and send it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.storage.tables import Staff
from tests.conftest import PASSWORD, csrf_token

SignInAs = Callable[[Staff], FlaskClient]


def form_token(client: FlaskClient) -> str:
    """The token of the sign-in form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    return found[1] if found else ""


def enter(client: FlaskClient, email: str, password: str = PASSWORD, going_on_to: str = "") -> TestResponse:
    """Fill in the sign-in form and send it."""
    fields = {"email": email, "password": password, "next": going_on_to, "csrf_token": form_token(client)}
    return client.post("/sign-in", data=fields)


def add(client: FlaskClient, **changed: str) -> TestResponse:
    """Add Noor, a facilitator, with whatever a story changes."""
    noor = {"name": "Noor", "email": "noor@clinic.example", "role": "facilitator", "password": "four heavy blue doors"}
    return post(client, "/staff/add", **(noor | changed))


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a form of a page that an administrator has open."""
    return client.post(address, data=fields | {"csrf_token": csrf_token(client, "/staff")})
