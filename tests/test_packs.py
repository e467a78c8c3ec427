"""Packs of plans: what is taken along comes back to the letter, and nothing in a hostile zip does any harm."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import select

from facilitator.curricula.keeper import Keeper
from facilitator.curricula.library import FOLDER
from facilitator.curricula.packs import SUMS, pack, unpack
from facilitator.records import editions
from facilitator.records.bringing import TOO_MUCH, NotBrought, bring_in, read_file_of_plans
from facilitator.storage.tables import PlanDraft
from tests.conftest import Clinic, csrf_token
from tests.desk import SignInAs
from tests.test_parse import PLAN

GOOD = {"a/T99.md": PLAN}
T04 = (FOLDER / "addiction" / "T04.md").read_text()


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A zip as anybody could make it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def lying(data: bytes) -> bytes:
    """A zip whose directory says that its file is one byte long."""
    at = data.index(b"PK\x01\x02") + 24
    return data[:at] + (1).to_bytes(4, "little") + data[at + 4 :]


def with_password(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01\x00" + data[at + 2 :]


def by_lzma(content: bytes) -> bytes:
    """A zip of a.md packed by LZMA, with ``content`` behind the two heads: of the file, and of LZMA."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.md", PLAN)
    data, head = made.getvalue(), 30 + len("a.md") + 9
    return data[:head] + content + data[head + len(content) :]


def of_version(data: bytes, version: int) -> bytes:
    """A zip whose directory says that it takes this version to open it."""
    at = data.index(b"PK\x01\x02") + 6
    return data[:at] + bytes([version]) + data[at + 1 :]


def sums(**wrong: str) -> bytes:
    digest = hashlib.sha256(PLAN.encode()).hexdigest()
    return "".join(f"{each}  {name}.md\n" for name, each in {"a": digest, **wrong}.items()).encode()


A = ("a.md", PLAN.encode())


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "", "not a zip file"),
        (b"PK\x03\x04 and nothing", "", "not a zip file"),
        (zipped(A)[:-30], "", "not a zip file"),
        (b"PK" + b"x" * 3_000_000, "", "at most 2 MB"),
        (zipped(), "", "no plan in this"),
        (zipped(("../T99.md", b"x")), "../T99.md", "leads out of the pack"),
        (zipped(("a/../../T99.md", b"x")), "a/../../T99.md", "leads out of the pack"),
        (zipped(("/etc/T99.md", b"x")), "/etc/T99.md", "leads out of the pack"),
        (zipped(("..\\T99.md", b"x")), "..\\T99.md", "another system"),
        (zipped(("C:/T99.md", b"x")), "C:/T99.md", "another system"),
        (zipped(("a\u202eb.md", b"x")), "a\u202eb.md", "cannot be used"),
        (zipped(("x" * 300 + ".md", b"x")), "x" * 300 + ".md", "cannot be used"),
        (zipped((link("T99.md"), b"/etc/passwd")), "T99.md", "a link"),
        (zipped(("more.zip", zipped(A))), "more.zip", "inside a pack"),
        (zipped(("run.exe", b"x")), "run.exe", "no plan"),
        (zipped(("big.md", b"0" * 200_000_000)), "big.md", "too large"),
        (lying(zipped(("a.md", b"0" * 5_000_000))), "a.md", "broken in the pack"),
        (zipped(*((f"{n}.md", bytes(250_000)) for n in range(40))), "", "too much text"),
        (zipped(*((f"{n}.md", b"") for n in range(501))), "", "at most 500"),
        (with_password(zipped(A)), "a.md", "has a password"),
        (by_lzma(b"\xff" * 40), "a.md", "broken in the pack"),
        (of_version(zipped(A), 93), "", "not a zip file that can be opened"),
        (zipped(A, (SUMS, sums(a="0" * 64))), "a.md", "not what its checksum says"),
        (zipped(A, ("b.md", b""), (SUMS, sums())), "b.md", f"not in {SUMS}"),
        (zipped(A, (SUMS, sums(b="0" * 64))), "b.md", "missing from the pack"),
        (zipped(A, (SUMS, b"no sum\n")), SUMS, "no checksum"),
        (zipped(A, (SUMS, sums().decode().encode("utf-16"))), SUMS, "not saved as plain text"),
        (zipped(A, (SUMS, sums() + sums(a="0" * 64))), SUMS, "two different checksums for 'a.md'"),
    ],
)  # fmt: skip
def test_a_pack_that_is_none_is_refused_in_a_sentence(data: bytes, name: str, said: str) -> None:
    problems = unpack(data).problems

    assert any(file == name and said in sentence for file, sentence in problems), problems
    assert all(sentence.endswith(".") for _, sentence in problems)


@pytest.mark.parametrize(
    "told",
    [
        sums().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + sums(),
        sums().replace(b" a", b" ./a"),
        sums().replace(b"  a", b" *a") * 2,
    ],
)
def test_checksums_from_any_system_are_read(told: bytes) -> None:
    unpacked = unpack(zipped(A, (SUMS, told)))

    assert (unpacked.plans, unpacked.problems) == ({"a.md": PLAN.encode()}, [])


def test_a_name_whose_letters_were_taken_apart_is_the_same_name() -> None:
    told = sums().replace(b"a.md", "\u00fc.md".encode())

    assert unpack(zipped(("u\u0308.md", PLAN.encode()), (SUMS, told))).problems == []


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_one_name_for_two_files_is_refused() -> None:
    assert "2 files of this name" in unpack(zipped(A, A)).problems[0][1]


def test_what_other_systems_leave_is_passed_over() -> None:
    unpacked = unpack(zipped(("__MACOSX/._a.md", b"\xff"), ("a/.DS_Store", b"\xff"), ("a/", b""), A))

    assert (unpacked.plans, unpacked.problems) == ({"a.md": PLAN.encode()}, [])


def test_a_pack_that_was_opened_and_packed_again_from_its_folder_is_the_same() -> None:
    again = zipped(("plans/", b""), ("plans/a.md", PLAN.encode()), (f"plans/{SUMS}", sums()))
    unpacked = unpack(again)

    assert (unpacked.plans, unpacked.problems) == ({"a.md": PLAN.encode()}, [])
    assert unpack(zipped(("../a.md", PLAN.encode()), (f"../{SUMS}", sums()))).problems


def test_a_name_in_large_letters_and_what_a_mac_puts_beside_it_do_no_harm() -> None:
    unpacked = unpack(zipped(("T99.MD", PLAN.encode()), ("._T99.MD", b"\x00\x05\x16\x07"), ("A.TOML", b"")))

    assert (list(unpacked.plans), unpacked.curricula, unpacked.problems) == (["T99.MD"], ["A.TOML"], [])


def test_a_pack_that_takes_too_long_is_given_up() -> None:
    data = zipped(("T98.md", PLAN.replace("T99", "T98").encode()), ("T99.md", PLAN.encode()))

    with closing(Keeper()) as worker, pytest.raises(NotBrought, match=TOO_MUCH):
        read_file_of_plans(worker, "pack.zip", data, patience_s=0)


def test_a_pack_is_brought_in_with_few_questions_to_the_database(clinic: Clinic) -> None:
    texts = [(f"{number}.md", f"title: {number % 3}\n{number}") for number in range(40)]
    asked: list[str] = []
    event.listen(clinic.db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    with clinic.db.write() as s:
        brought = bring_in(s, clinic.cast.fern, 0, [*texts, ("twin.md", texts[0][1]), ("T04.md", T04)])
        again = bring_in(s, clinic.cast.fern, 0, texts)

    assert [each.is_new for each in brought] == [True] * 40 + [False] * 2
    assert brought[-2].draft == brought[0].draft and brought[-1].edition is not None
    assert [each.draft for each in again] == [each.draft for each in brought[:40]]
    assert len([each for each in asked if each.startswith("SELECT")]) < 8


def test_the_same_plans_make_the_same_pack_and_come_back_to_the_letter() -> None:
    files = {**GOOD, "b/ü.md": "ü\n", "addiction.toml": "x"}

    unpacked = unpack(pack(files))

    assert pack(files) == pack(dict(reversed(files.items())))
    assert {name: data.decode() for name, data in unpacked.plans.items()} == {**GOOD, "b/ü.md": "ü\n"}
    assert (unpacked.curricula, unpacked.problems) == (["addiction.toml"], [])


@pytest.fixture
def bring(clinic: Clinic, sign_in: SignInAs) -> Callable[[str, bytes], str]:
    """Bring a file in, as Fern; the page that comes."""
    fern: FlaskClient = sign_in(clinic.cast.fern)

    def brought(name: str, data: bytes) -> str:
        # Written by hand: the client's own forms leave a file open when they are large.
        head = f'--x\r\nContent-Disposition: form-data; name="pack"; filename="{name}"\r\n\r\n'
        answer = fern.post(
            "/plans/import",
            data=head.encode() + data + b"\r\n--x--\r\n",
            content_type="multipart/form-data; boundary=x",
            headers={"X-CSRF-Token": csrf_token(fern, "/plans")},
        )
        assert answer.status_code in (200, 422)
        return answer.text

    return brought


def drafts_there(clinic: Clinic) -> list[str]:
    with clinic.db.read() as s:
        return [draft.text for draft in s.exec(select(PlanDraft))]


def test_everything_is_taken_along_and_brought_back_with_nothing_to_do(
    clinic: Clinic, sign_in: SignInAs, bring: Callable[[str, bytes], str]
) -> None:
    answer = sign_in(clinic.cast.ada).get("/plans/export")
    assert answer.mimetype == "application/zip" and "plans-2026-11-24.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {SUMS, "addiction/T04.md", "addiction.toml"} <= set(archive.namelist())
        listed = archive.read(SUMS).decode()
    with clinic.db.read() as s:
        for plan_id in editions.newest_of_all(s):
            kept = editions.newest(s, plan_id)
            assert kept is not None and kept.sha256 in listed

    page = bring("plans.zip", answer.data)

    assert page.count("Nothing to do.") == listed.count(".md") and "is a draft" not in page
    assert "addiction.toml" in page and drafts_there(clinic) == []


def test_what_is_brought_in_becomes_a_draft_once(clinic: Clinic, bring: Callable[[str, bytes], str]) -> None:
    broken = PLAN.replace("## Exercise", "## Exersise").replace("T99", "T98")
    data = pack({"T99.md": "\ufeff" + PLAN.replace("\n", "\r\n"), "T98.md": broken})

    page = bring("from a friend.zip", data)

    assert "is a draft now, with 1 error to fix first" in page and "line ends are plain now" in page
    assert sorted(drafts_there(clinic)) == sorted([PLAN, broken])
    assert "is a draft already" in bring("again.zip", data) and len(drafts_there(clinic)) == 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("T99.md", b"\xff\xfe", "not saved as plain text"),
        ("T99.md", b"x" * 300_000, "too large"),
        ("T99.md", b"\0" * 200_000, "too large"),
        ("T99.md", PLAN.encode("utf-16"), "not saved as plain text"),
        ("x.zip", pack({"a.md": PLAN, "b.md": PLAN.replace("title: R", "title: r")}), "also in a.md"),
        ("x.zip", pack({"a.md": PLAN, "b.MD": PLAN.replace("T99", "t99")}), "also in a.md"),
        ("x.zip", pack({"a.md": PLAN}) + b"x" * 2_200_000, "at most 2 MB"),
        ("x.zip", zipped(A, ("../b.md", b"x")), "leads out of the pack"),
        ("", b"", "Choose a file"),
    ],
)
def test_what_cannot_be_brought_in_changes_nothing(
    clinic: Clinic, bring: Callable[[str, bytes], str], name: str, data: bytes, said: str
) -> None:
    page = bring(name, data)

    assert said in page and "Nothing was brought in" in page
    assert drafts_there(clinic) == []


def test_one_plan_is_taken_along_alone(clinic: Clinic, sign_in: SignInAs) -> None:
    fern = sign_in(clinic.cast.fern)
    with zipfile.ZipFile(io.BytesIO(fern.get("/plans/export?plan=T04").data)) as archive:
        assert archive.namelist() == [SUMS, "addiction/T04.md"]
    assert fern.get("/plans/export?plan=T99").status_code == 404
