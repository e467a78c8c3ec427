"""Records as files that leave the programme: first who took them, when and of what, then counts and minutes. Pure.

No participant is named, no note is in them, and a tally only when it is known that enough answered (``check_ins``). One
table holds everything, with a line for the session, each segment and each band, so that any spreadsheet can filter it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from facilitator.realtime.state import MINUTE
from facilitator.records.check_ins import Asked
from facilitator.records.record import Record

Row = Sequence[str | int]
HEADINGS = (
    "Session", "Held", "Plan", "Version", "Line", "Name", "Planned min", "Actual min", "Mark", "Present", "Expected",
    "Guests", "Band", "Answers",
)  # fmt: skip
# A cell that begins like this is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# So that spreadsheets read it as UTF-8.
BYTE_ORDER_MARK = "\ufeff"
LONGEST_NAME = 100
PART_2 = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


@dataclass(frozen=True)
class Taken:
    """Who takes a file, when (ms UTC, written in ``zone``), and of what: the filter, in words."""

    by: str
    at: int
    what: str
    zone: ZoneInfo


def as_csv(taken: Taken, records: Sequence[Record]) -> bytes:
    """The file."""
    out = io.StringIO()
    writer = csv.writer(out)
    notice = (PART_2,) if any(record.plan.track == "addiction" for record in records) else ()
    rows = (row for record in records for row in _rows(record, taken.zone))
    for row in ((*_head(taken), *notice), (), HEADINGS, *rows):
        writer.writerow([_cell(value) for value in row])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def file_name(*parts: str) -> str:
    """A name that no file system stumbles over: the words of ``parts``, joined by dashes."""
    words = re.findall(r"[^\W_]+", " ".join(parts))
    return f"{'-'.join(words)[:LONGEST_NAME] or 'record'}.csv"


def _head(taken: Taken) -> Row:
    at = datetime.fromtimestamp(taken.at / 1000, taken.zone)
    return "Taken by", taken.by, "On", f"{at:%Y-%m-%d %H:%M} {taken.zone.key}", "Of", taken.what


def _rows(record: Record, zone: ZoneInfo) -> Iterator[Row]:
    held = datetime.fromtimestamp(record.session.scheduled_at / 1000, zone)
    about = (record.number, f"{held:%Y-%m-%d}", f"{record.plan.id} {record.plan.title}", record.plan.version)
    timeline, people = record.timeline, record.attendance
    minutes = (_minutes(timeline.planned_ms), _minutes(timeline.actual_ms))
    segments = f"{timeline.done} of {len(timeline.rows)} segments"
    yield *about, "session", record.group, *minutes, segments, people.here, people.expected, people.guests, "", ""
    for row in timeline.rows:
        minutes = (_minutes(row.planned_ms), _minutes(row.actual_ms))
        yield *about, "segment", row.title, *minutes, row.mark, "", "", "", "", ""
    for asked in record.check_ins:
        for band, answers in _answers(asked):
            yield *about, "check-in", asked.prompt, "", "", "", "", "", "", band, answers


def _answers(asked: Asked) -> Iterable[tuple[str, str]]:
    return [(band.label, band.word) for band in asked.file_bands] or [("", asked.file_message)]


def _minutes(length: int) -> int:
    return (length + MINUTE // 2) // MINUTE


def _cell(value: str | int) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
