"""Reading what a form or a script sent."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import UnprocessableEntity

from facilitator.pages.forms import Form, json_body
from facilitator.people.problems import FieldProblem


def test_a_form_reads_its_fields_and_says_what_is_missing_beside_each() -> None:
    form = Form({"name": "  Noor ", "role": "owner", "note": "one\r\ntwo"})

    assert form.line("name", "Name", longest=80, missing="Write the name.") == "Noor"
    assert form.words("note", "Note", longest=80) == "one\ntwo"
    assert form.line("title", "Title", longest=80) == ""
    assert form.line("email", "Email", longest=80, missing="Write the email.") == ""
    assert form.choice("role", ["facilitator"], "Choose what this person does.") == ""
    assert form.problems == {"email": "Write the email.", "role": "Choose what this person does."}


def test_what_cannot_be_taken_is_a_problem_and_comes_back_as_it_was_typed() -> None:
    form = Form({"name": "No\0or"})

    assert form.line("name", "Name", longest=80) == ""
    assert form.problems == {"name": "Name: has a character that cannot be shown. Type it again by hand."}
    assert form.values["name"] == "No\0or"


def test_a_password_is_read_as_it_is_and_never_shown_again() -> None:
    form = Form({"password": "  two spaces first"})

    assert form.secret("password") == "  two spaces first"
    assert "password" not in form.values and form.secret("password") == ""


def test_a_problem_raised_while_saving_stands_at_its_field() -> None:
    form = Form({})
    with form.taking_problems():
        raise FieldProblem("email", "Somebody with this email is on the list already.")

    assert form.problems == {"email": "Somebody with this email is on the list already."}


BROKEN = [
    b"",
    b"{",
    b"nonsense",
    b'{"a": NaN}',
    b"[Infinity]",
    b"9" * 5_000,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"\xff\xfe",
    b'"\xed\xa0\x80"',
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_json_that_cannot_be_read_is_malformed_and_breaks_nothing(app: Flask, body: bytes) -> None:
    request = app.test_request_context("/", method="POST", data=body)
    with request, pytest.raises(UnprocessableEntity, match="That could not be read"):
        json_body()


def test_json_is_read_whatever_it_calls_itself(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data=b'{"command": "Start"}', content_type="text/plain"):
        assert json_body() == {"command": "Start"}
