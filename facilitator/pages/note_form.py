"""The fields of a progress note's form: reading them, showing them again, setting two people's texts side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from facilitator.pages import house
from facilitator.pages.forms import Form
from facilitator.pages.gate import me
from facilitator.realtime.commands import HandleRequest, MarkAttendance, Person
from facilitator.realtime.state import ATTENDANCE_MARKS
from facilitator.records.document import Document
from facilitator.records.draft import INCIDENT, INTERVENTIONS, NO_INCIDENT, drafted
from facilitator.records.notes import sections_of
from facilitator.records.record import Record
from facilitator.storage.tables import ProgressNote

LONGEST = 10_000
LONGEST_OUTCOME = 300
NO_EDITION = -1
WORDS = {
    "done": "What was done",
    "response": "How the group responded",
    "incident": "What happened",
    "next": "Plan for the next session",
}
TICKS = ("objectives", "interventions")
SECTIONS = (*WORDS, *TICKS, "incidents")


@dataclass(frozen=True)
class Choice:
    """One box to tick."""

    words: str
    ticked: bool


def edition_of(form: Form) -> int:
    """The edition of the note that the page was made of; one that no note has when the field is no number."""
    return _whole(form.values.get("edition", ""))


def seen_of(form: Form) -> int:
    """How long the session log was when the page was made."""
    return max(0, _whole(form.values.get("seen", "")))


def read_sections(record: Record, form: Form) -> dict[str, str]:
    """What was written and ticked, section by section; a text that cannot be taken is a problem and left out."""
    by_log = drafted(record)
    # What the log wrote from many notes may be long, and is no reason to refuse the whole form.
    words = {
        field: form.words(field, name, longest=max(LONGEST, len(by_log[field])))
        for field, name in WORDS.items()
        if field in form.values
    }
    written = {field: text for field, text in words.items() if field not in form.problems}
    for field in TICKS:
        ticked = request.form.getlist(field)
        written[field] = "\n".join(words for words in _options(record, field) if words in ticked)
        form.values[field] = written[field]
    if form.values.get("incidents") in (NO_INCIDENT, INCIDENT):
        written["incidents"] = form.values["incidents"]
    return written


def settle(record: Record, form: Form) -> None:
    """Attendance marks and staff requests that were still open go into the session log, as from the console."""
    by = Person(me().id, me().name)
    for person in record.attendance.unmarked:
        mark = form.values.get(f"mark-{person.id}", "")
        if mark in ATTENDANCE_MARKS:
            house().hub.run(record.session.id, MarkAttendance(person.id, mark), by)
    for pin in record.timeline.requests:
        field = f"request-{pin.id}"
        outcome = form.line(field, "What was done", longest=LONGEST_OUTCOME) if field in form.values else ""
        if pin.is_open and outcome:
            house().hub.run(record.session.id, HandleRequest(pin.id, outcome), by)


def shown(record: Record, note: ProgressNote, form: Form) -> dict[str, str]:
    """Every section as the page shows it: what was just typed, else what is kept."""
    typed = {field: form.values[field] for field in SECTIONS if field in form.values}
    return sections_of(note, record) | typed


def choices(record: Record, sections: dict[str, str]) -> dict[str, list[Choice]]:
    """The boxes of the sections that are ticked."""
    return {
        field: [Choice(words, words in sections[field].splitlines()) for words in _options(record, field)]
        for field in TICKS
    }


def both_texts(record: Record, note: ProgressNote, form: Form) -> dict[str, str]:
    """What somebody else saved in the sections that were changed on both sides.

    A section that only the other one changed shows their text, and one that only I changed shows mine; the page
    carries the digest of what it showed me (``was-…``), which tells the two apart.
    """
    theirs, conflicts = sections_of(note, record), {}
    for field in SECTIONS:
        mine, was = _typed(form, field), form.values.get(f"was-{field}", "")
        if digest(mine) == was:
            form.values[field] = theirs[field]
        elif theirs[field] != mine and digest(theirs[field]) != was:
            conflicts[field] = theirs[field]
    return conflicts


def unsaved(form: Form, signed: Document | None) -> dict[str, str]:
    """What I wrote, by the field's name, and is neither what the page showed me nor in the note that was signed."""
    kept = signed["sections"] if signed else {}
    written = {field: _typed(form, field) for field in WORDS}
    return {
        WORDS[field]: text
        for field, text in written.items()
        if text and text != kept.get(field) and digest(text) != form.values.get(f"was-{field}")
    }


def _typed(form: Form, field: str) -> str:
    return form.values.get(field, "").replace("\r\n", "\n").strip()


def digests(record: Record, note: ProgressNote) -> dict[str, str]:
    """What the page carries of each section's text as it is kept now."""
    kept = sections_of(note, record)
    return {field: digest(kept[field]) for field in SECTIONS}


def digest(text: str) -> str:
    """A short stand-in for a text that was shown."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _options(record: Record, field: str) -> Sequence[str]:
    return record.plan.objectives if field == "objectives" else tuple(INTERVENTIONS.values())


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NO_EDITION
