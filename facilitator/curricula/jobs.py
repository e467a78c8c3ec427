"""What can be done with a text that somebody wrote or pasted. All of it happens in the worker (``worker.py``).

Arguments and results are plain JSON. A job raises PlanError for a text that cannot be read.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from facilitator.curricula.advice import advise
from facilitator.curricula.merging import merged
from facilitator.curricula.packs import Unpacked, unpack
from facilitator.curricula.parse import read_plan
from facilitator.curricula.pasted import cleaned
from facilitator.curricula.preview import around
from facilitator.curricula.problems import PlanError, Problem
from facilitator.curricula.stored import tell, to_stored
from facilitator.curricula.text import MAX_BYTES, TOO_LARGE_FOR_A_PLAN, decode

ZIP = b"PK"


def check(text: str) -> dict[str, Any]:
    """Everything there is to say about a text: its mistakes, or else the advice; with its settings once it is whole.

    ``errors`` and ``warnings`` are lines with sentences.
    """
    try:
        reading = read_plan(text)
    except PlanError as error:
        return {"errors": [[problem.line, problem.message] for problem in error.problems], "warnings": [], "plan": None}
    plan = reading.plan
    return {
        "errors": [],
        "warnings": [[advice.line, advice.message] for advice in advise(reading)],
        "plan": {"id": plan.id, "title": plan.title, "version": plan.version, "minutes": plan.minutes},
    }


def look(text: str, line: int) -> dict[str, Any]:
    """What ``check`` says, and the segment around a line (``preview.Around``; None when nothing can be read)."""
    seen = around(text, line)
    return {**check(text), "around": tell(seen) if seen else None}


def read(text: str) -> dict[str, Any]:
    """The plan in a text, as it is kept (``stored``), and the advice there is on it. Raises PlanError."""
    reading = read_plan(text)
    advice = [[each.line, each.message] for each in advise(reading)]
    return {"stored": to_stored(reading.plan), "warnings": advice}


def clean(text: str) -> dict[str, Any]:
    """What was pasted, with what a word processor left in it mended, and what was changed, in sentences."""
    text, changes = cleaned(text)
    return {"text": text, "changes": changes}


def merge(base: str, mine: str, theirs: str) -> dict[str, Any]:
    """Two changes of one text in one; ``text`` is None where they touch the same lines."""
    return {"text": merged(base, mine, theirs)}


def bring(name: str, data: str) -> dict[str, Any]:
    """What is in a file that somebody brings (``data`` in Base64): a pack, or one plan.

    ``plans``: for each its name, its text, and what was mended in it. ``curricula``: names that are left out.
    ``problems``: names with sentences; with any, nothing should be brought in.
    """
    content = b64decode(data)
    if content.startswith(ZIP) or name.lower().endswith(".zip"):
        unpacked = unpack(content)
    else:
        unpacked = Unpacked(plans={name: content})
    plans = [plan for file, each in unpacked.plans.items() if (plan := _brought(file, each, unpacked))]
    return {"plans": plans, "curricula": unpacked.curricula, "problems": unpacked.problems}


def _brought(name: str, content: bytes, unpacked: Unpacked) -> dict[str, Any] | None:
    try:
        if len(content) > MAX_BYTES:
            raise PlanError([Problem(1, TOO_LARGE_FOR_A_PLAN)])
        text = decode(content)
    except PlanError as error:
        unpacked.refuse(name, error.problems[0].message)
        return None
    mended = []
    if text.startswith("\ufeff"):
        text = text[1:]
        mended.append("a mark at its beginning was taken out")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        mended.append("its line ends are plain now")
    return {"name": name, "text": text, "mended": mended}


JOBS: Mapping[str, Callable[..., Any]] = {
    "check": check,
    "look": look,
    "read": read,
    "clean": clean,
    "merge": merge,
    "bring": bring,
}
