"""A signature: the person who is signed in types their password again, so that the name under a text is theirs."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from facilitator.pages import house
from facilitator.pages.forms import Form
from facilitator.pages.gate import me
from facilitator.pages.staff import LIMIT
from facilitator.pages.times import clock_time
from facilitator.people import staff as people
from facilitator.people.attempts import SignInLimit, TooMany

MISSING = "Type your password to sign."
NOT_RIGHT = "This is not your password. Type it again."
ROUND_UP = 59_999


def check(form: Form) -> None:
    """Look whether the field ``password`` holds the signer's own password; if not, ``form`` has the problem.

    Wrong tries count together with those at the sign-in.
    """
    password = form.secret("password")
    if not password:
        form.problems["password"] = MISSING
        return
    limit, email = cast(SignInLimit, current_app.extensions[LIMIT]), me().email
    address, now = request.remote_addr or "", house().clock()
    try:
        limit.count(email, address, now)
    except TooMany as refusal:
        when = clock_time(refusal.until + ROUND_UP, house().settings.time_zone)
        form.problems["password"] = f"There were too many wrong tries. You can sign at {when}. What you wrote is kept."
        return
    if people.recognise(house().db, email, password) is None:
        form.problems["password"] = NOT_RIGHT
    else:
        limit.forgive(email, address)
