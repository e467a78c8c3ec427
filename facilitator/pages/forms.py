"""Reading what a form or a script sent. What is wrong is said in a sentence, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from flask import request
from werkzeug.exceptions import UnprocessableEntity

from facilitator.people.problems import FieldProblem
from facilitator.realtime.reading import Malformed
from facilitator.text import BadText, clean, clean_line


class Form:
    """The fields of one posted form. Reading never fails: ``problems`` holds a sentence for each field.

    ``values`` are the fields as they were typed, to be shown again.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.values = dict(fields)
        self.problems: dict[str, str] = {}

    def line(self, field: str, name: str, *, longest: int, missing: str = "") -> str:
        """What fits on one line. ``missing`` is the sentence when it is empty; without it, empty is all right."""
        return self._read(field, lambda text: clean_line(text, longest=longest, name=name), missing)

    def words(self, field: str, name: str, *, longest: int, missing: str = "") -> str:
        """Text of any number of lines."""
        return self._read(field, lambda text: clean(text, longest=longest, name=name), missing)

    def secret(self, field: str) -> str:
        """A password exactly as it was typed, spaces and all; it is never shown again."""
        return self.values.pop(field, "")

    def choice(self, field: str, options: Iterable[str], missing: str) -> str:
        """One of ``options``, or "" and a problem."""
        value = self.values.get(field, "")
        if value in options:
            return value
        self.problems[field] = missing
        return ""

    @contextmanager
    def taking_problems(self) -> Iterator[None]:
        """Note a FieldProblem raised inside as a problem of this form."""
        try:
            yield
        except FieldProblem as problem:
            self.problems[problem.field] = str(problem)

    def _read(self, field: str, cleaned: Callable[[str], str], missing: str) -> str:
        try:
            text = cleaned(self.values.get(field, ""))
        except BadText as problem:
            self.problems[field] = str(problem)
            return ""
        if missing and not text:
            self.problems[field] = missing
        return text


def posted() -> Form:
    """The form that this request sent."""
    return Form(request.form)


def json_body() -> object:
    """The JSON that this request sent. Raises UnprocessableEntity, also for what only breaks a parser."""
    try:
        return json.loads(request.get_data().decode(), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UnprocessableEntity("That could not be read. Load the page again and try once more.") from error


def pressed() -> object:
    """The command of a pressed button, which is JSON itself, over the words typed beside it. Raises Malformed."""
    words = {name: value for name, value in request.form.items() if name not in ("csrf_token", "command")}
    try:
        return {**words, **json.loads(request.form.get("command", ""))}
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("That button cannot be used now.") from error


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number")
