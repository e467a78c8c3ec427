"""Calm answers when something does not work: a page for staff, a page for phones, a sentence for scripts."""

from __future__ import annotations

import re

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from facilitator.curricula.problems import PlanError
from facilitator.pages import asks
from facilitator.people.access import NotYours, Unknown
from facilitator.people.problems import FieldProblem
from facilitator.realtime.codes import read_code
from facilitator.realtime.live import Refused
from facilitator.realtime.reading import Malformed
from facilitator.storage.engine import Unavailable
from facilitator.text import BadText

RETRY_S = 2
STALE_FORM = "This form is from an older page. Go back, load the page again, and send it once more."
# For each status a title, and the sentence where nothing better is known.
WORDS = {
    400: ("That could not be read", "Go back, load the page again, and try once more."),
    401: ("Sign in first", "You are signed out. Sign in again to go on."),
    403: ("This is not open to you", "This is not yours to open."),
    404: ("Nothing is here", "Check the address, or the code on the screen, and try again."),
    405: ("This cannot be done from here", "Go back and use the buttons of the page."),
    409: ("That is not possible now", "Go back, load the page again, and look at what has changed."),
    410: ("This has ended", "There is nothing more to do here."),
    413: ("That is too large", "Send something shorter."),
    422: ("Something is missing or not right", "Go back and look at what you wrote."),
    429: ("Wait a little", "There were many tries at once. Try again in a minute."),
    500: ("Something went wrong here", "It is our fault, not yours. What was saved is safe. Try again in a moment."),
    503: ("Not possible right now", "Nothing was lost. Try again in a moment."),
}
# What the people of this house raise, and what it is over the web.
OURS: tuple[tuple[type[Exception], int], ...] = (
    (NotYours, 403),
    (Unknown, 404),
    (Refused, 409),
    (Malformed, 422),
    (BadText, 422),
    (FieldProblem, 422),
    (Unavailable, 503),
)
# Where the code of the address leads nowhere.
CODE_IS_WRONG = frozenset({404, 410})
# Whoever stands at a wrong address without having signed in is most likely somebody of the group with a phone.
STAFF_ADDRESS = re.compile(r"/(sign-in|sign-out|sessions|week|groups|plans|curricula|review|staff|p)(/|$)")


def install(app: Flask) -> None:
    """Answer every error of ``app`` in this way."""
    for kind, status in OURS:
        app.register_error_handler(kind, lambda error, status=status: answer(status, str(error)))
    # A plan that was kept in a form that cannot be read (any more): the rest of the product goes on.
    app.register_error_handler(PlanError, lambda error: answer(409, error.problems[0].message))
    app.register_error_handler(CSRFError, lambda error: answer(403, STALE_FORM))
    app.register_error_handler(HTTPException, _http)


def answer(status: int, sentence: str = "") -> ResponseReturnValue:
    """The answer of this status; without a sentence, the usual one."""
    title, usual = WORDS.get(status) or WORDS[400 if status < 500 else 500]
    headers = {"Retry-After": str(RETRY_S)} if status == 503 else {}
    if asks.for_json():
        return {"message": sentence or usual}, status, headers
    page = _staff_page if STAFF_ADDRESS.match(request.path) else _phone_page
    return page(status, title, sentence or usual), status, headers


def _staff_page(status: int, title: str, sentence: str) -> str:
    # The bar reads the database, which may be what does not work.
    without_bar = status >= 500
    return render_template(
        "errors/staff.html", status=status, title=title, sentence=sentence, without_bar=without_bar
    )


def _phone_page(status: int, title: str, sentence: str) -> str:
    given = (request.view_args or {}).get("code", "") if status not in CODE_IS_WRONG else ""
    return render_template("errors/phone.html", title=title, sentence=sentence, code=read_code(given))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    response = make_response(answer(error.code, _own_words(error)))
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _own_words(error: HTTPException) -> str:
    """The sentence given to ``abort``; never the framework's, which speaks of browsers and servers."""
    return str(vars(error).get("description") or "") if error.code not in {400, 415} else ""
