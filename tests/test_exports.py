"""Records as files: what is in them, who may take them, and that it is written down."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from facilitator.people import groups
from facilitator.records import audit
from facilitator.records.exports import Taken, as_csv, file_name
from facilitator.records.record import load
from facilitator.storage.tables import Audit, Group, GroupSession, Staff
from tests.conftest import ZONE, Cast, Clinic
from tests.paperwork import eventful
from tests.story import PLAN_TEXT, Archive, as_planned

SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    """It is ten at night, after Tuesday's group."""
    clinic.clock.forward(hours=4)
    return Archive(clinic)


def record_of(session: GroupSession) -> str:
    return f"/review/{session.id}/record.csv"


def rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def exported(clinic: Clinic) -> list[tuple[str | None, str, str]]:
    with clinic.db.read() as s:
        found = s.exec(select(Audit).where(col(Audit.action).endswith(".exported")).order_by(col(Audit.seq)))
        return [(row.staff_id, row.action, row.target) for row in found]


def test_a_file_says_first_who_took_it_when_and_of_what(archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    session = archive.keep(eventful(archive.story()))

    answer = sign_in(cast.sol).get(record_of(session))

    assert answer.data.startswith(b"\xef\xbb\xbfTaken by,")
    assert rows(answer.data)[0] == [
        "Taken by", "Sol (supervisor)", "On", "2026-11-24 22:00 America/Chicago",
        "Of", f"Tuesday group, session 1, record {session.id}",
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
    ]  # fmt: skip
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=Tuesday-group-session-1.csv"
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_has_minutes_counts_of_people_and_tallies(archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    story = eventful(archive.story())
    session = archive.keep(story)

    _, empty, headings, *lines = rows(sign_in(cast.sol).get(record_of(session)).data)
    found = [dict(zip(headings, line, strict=True)) for line in lines]

    assert empty == []
    assert [line["Line"] for line in found] == ["session", *["segment"] * 6, *["check-in"] * 2]
    assert [found[0][name] for name in ("Planned min", "Actual min", "Present", "Expected", "Guests")] == [
        "50", "60", "6", "6", "0",
    ]  # fmt: skip
    assert [(line["Name"], line["Planned min"], line["Actual min"], line["Mark"]) for line in found[1:4]] == [
        ("Arrive and settle", "5", "6", "covered"),
        ("How I am arriving", "10", "24", "covered"),
        ("Ride one small wave", "20", "20", "covered"),
    ]
    assert {line["Answers"] for line in found[7:]} == {
        "Withheld: a file says only what is known to be of 11 answers or more."
    }


def test_nobody_is_named_and_no_note_is_in_it(archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    session = archive.keep(eventful(archive.story()))

    for address in (record_of(session), f"/review/groups/{session.group_id}/sessions.csv"):
        file = sign_in(cast.sol).get(address).text
        for words in ("Fern", "Quiet", "Bo,", "We spoke", *(member.name for member in archive.clinic.roster)):
            assert words not in file


def test_every_file_is_in_the_audit_before_it_leaves(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
) -> None:
    session = archive.keep(as_planned(archive.story()))

    sign_in(cast.sol).get(record_of(session))
    sign_in(cast.fern).get(record_of(session))
    sign_in(cast.sol).get(f"/review/groups/{clinic.group.id}/sessions.csv")

    assert exported(clinic) == [
        (cast.sol.id, "record.exported", session.id),
        (cast.fern.id, "record.exported", session.id),
        (cast.sol.id, "group.exported", clinic.group.id),
    ]
    assert audit.verify(clinic.db) is None
    assert "as a file" in sign_in(cast.sol).get(f"/review/{session.id}").text


def test_who_may_not_read_takes_no_file(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    session = archive.keep(as_planned(archive.story()))
    group = f"/review/groups/{clinic.group.id}/sessions.csv"

    for staff in (cast.max, cast.ada):
        assert sign_in(staff).get(record_of(session)).status_code == 403
    for staff in (cast.fern, cast.max, cast.ada):
        assert sign_in(staff).get(group).status_code == 403
    assert sign_in(cast.sol).get("/review/groups/nothing/sessions.csv").status_code == 404
    assert exported(clinic) == []


def test_a_running_session_is_no_file_yet(clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast) -> None:
    session = archive.keep(archive.story().start())

    assert sign_in(cast.sol).get(record_of(session)).status_code == 404
    assert exported(clinic) == []


def test_a_groups_file_has_its_ended_sessions_in_order(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
) -> None:
    for day in (17, 10):
        archive.keep(as_planned(archive.story(day=day)))
    archive.keep(archive.story(day=24).start())

    head, _, headings, *lines = rows(
        sign_in(cast.sol).get(f"/review/groups/{clinic.group.id}/sessions.csv").data
    )

    assert head[4:6] == ["Of", "Tuesday group, ended sessions: 2"]
    held = [line[:3] for line in lines if line[headings.index("Line")] == "session"]
    assert held == [
        ["1", "2026-11-10", "T90 Riding out cravings"],
        ["2", "2026-11-17", "T90 Riding out cravings"],
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(clinic: Clinic, archive: Archive, begins: str) -> None:
    text = PLAN_TEXT.replace("Break (5 min)", "Break: =1+1 (5 min)").replace("Home practice since", "=HYPERLINK(1)")
    session = archive.keep(as_planned(archive.story(text=text)))
    with clinic.db.write() as s:
        group = s.get_one(Group, clinic.group.id)
        group.name = f"{begins}cmd|' /C calc'!A0"
    with clinic.db.read() as s:
        record = load(s, session, clinic.clock())

    found = rows(as_csv(Taken(f"{begins}1", clinic.clock(), f"{begins}2", ZONE), [record]))

    assert not [cell for row in found for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any("'=1+1" in row for row in found)


def test_words_in_any_language_come_back_as_they_were(
    clinic: Clinic, archive: Archive, sign_in: SignIn, cast: Cast
) -> None:
    with clinic.db.write() as s:
        groups.rename_group(s, clinic.group.id, 'Grüße, "Ñandú" 組')
    session = archive.keep(as_planned(archive.story()))

    answer = sign_in(cast.sol).get(record_of(session))

    assert 'Grüße, "Ñandú" 組' in [cell for row in rows(answer.data) for cell in row]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=Grue-Nandu--session-1.csv; "
        "filename*=UTF-8''Gr%C3%BC%C3%9Fe-%C3%91and%C3%BA-%E7%B5%84-session-1.csv"
    )


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("../../etc/passwd",), "etc-passwd.csv"),
        (('a"b\r\nX: 1', "session 1"), "a-b-X-1-session-1.csv"),
        (("x" * 300,), "x" * 100 + ".csv"),
        (("🜁",), "record.csv"),
    ],
)
def test_a_files_name_is_harmless(parts: tuple[str, ...], name: str) -> None:
    assert file_name(*parts) == name
