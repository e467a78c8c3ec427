"""The command line, as somebody at a terminal uses it."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from facilitator.addresses import local_address, shown_address
from facilitator.cli import ROLES, cli
from facilitator.people import staff as people
from facilitator.runtime import listen
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from tests.conftest import PASSWORD, ROOT
from tests.test_parse import PLAN

LIBRARY = ROOT / "facilitator" / "curricula" / "library"

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """``facilitator`` with these arguments, in the clinic of ``settings``."""
    environ = {"FACILITATOR_DATA": str(settings.data), "FACILITATOR_RUNTIME": str(settings.runtime)}

    def run(*arguments: str | Path, says: str = "", **more: str) -> Result:
        return CliRunner(env=environ | more).invoke(cli, [str(one) for one in arguments], input=says)

    return run


def add(run: Run, email: str, role: str = "facilitator", says: str = PASSWORD) -> Result:
    return run("staff", "add", email, "--role", role, "--password-stdin", says=f"{says}\n")


def test_the_first_administrator_is_added_and_can_sign_in(run: Run, settings: Settings) -> None:
    done = add(run, "Ada.Reed@clinic.example", "administrator")

    assert (done.exit_code, done.stdout) == (0, "Ada Reed can sign in as ada.reed@clinic.example.\n")
    db = Database(settings.database_url)
    ada = people.recognise(db, "ada.reed@clinic.example", PASSWORD)
    assert ada is not None
    assert (ada.name, ada.role) == ("Ada Reed", "administrator")
    db.close()


def test_a_password_can_be_typed_twice_instead(run: Run) -> None:
    done = run("staff", "add", "ada@clinic.example", "--role", "administrator", says=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0
    assert PASSWORD not in done.output


@pytest.mark.parametrize(
    ("email", "role", "password", "said"),
    [
        ("ada@clinic.example", "administrator", "short", "at least 15 characters"),
        ("ada@clinic.example", "administrator", "", "at least 15 characters"),
        ("ada", "administrator", PASSWORD, "Write an email like"),
        ("ada@clinic.example", "janitor", PASSWORD, "janitor"),
        ("fern@clinic.example", "facilitator", PASSWORD, "on the list already"),
    ],
)
def test_nobody_is_added_wrongly(run: Run, email: str, role: str, password: str, said: str) -> None:
    add(run, "fern@clinic.example")

    refused = add(run, email, role, password)

    assert refused.exit_code != 0
    assert said in refused.stderr
    assert "Traceback" not in refused.output


def test_the_plans_that_come_with_the_product_can_be_run(run: Run) -> None:
    done = run("curriculum", "check", LIBRARY)

    assert done.exit_code == 0
    assert done.stderr == ""


def test_a_mistake_in_a_plan_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "T01.md"
    lines = (LIBRARY / "both" / "T01.md").read_text().split("\n")
    line = next(number for number, text in enumerate(lines, start=1) if text.startswith("## Closing"))
    lines[line - 1] = lines[line - 1].replace("Closing", "Klosing")
    plan.write_text("\n".join(lines))

    done = run("curriculum", "check", plan)

    assert done.exit_code == 1
    assert f"{plan}:{line}: " in done.stderr


def test_a_terminal_without_a_sign_for_a_letter_is_told_the_rest(tmp_path: Path) -> None:
    plan = tmp_path / "\u5fc3.md"
    plan.write_text(PLAN.replace("sources: TIP 47\n", ""))
    command = [sys.executable, "-m", "facilitator", "curriculum", "check", plan]

    done = subprocess.run(command, env=os.environ | {"PYTHONIOENCODING": "latin-1"}, capture_output=True, check=True)

    assert b"?.md:2: warning: There is no 'sources'." in done.stdout and done.stderr == b""


def test_a_plan_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    done = run("curriculum", "check", tmp_path / "T99.md")

    assert done.exit_code == 1
    assert "T99.md:1: " in done.stderr


def test_a_backup_is_restored_elsewhere_and_verifies(run: Run, settings: Settings, tmp_path: Path) -> None:
    add(run, "ada@clinic.example", "administrator")
    copy, elsewhere = tmp_path / "copy.db", tmp_path / "elsewhere"

    assert run("backup", copy).exit_code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("backup", copy).exit_code == 1
    assert run("restore", copy, FACILITATOR_DATA=str(elsewhere)).exit_code == 0
    assert run("restore", copy, FACILITATOR_DATA=str(elsewhere)).exit_code == 1
    assert run("restore", copy, "--replace", FACILITATOR_DATA=str(elsewhere)).exit_code == 0

    without_the_key = run("verify", FACILITATOR_DATA=str(elsewhere))
    with_the_key = run("verify", FACILITATOR_DATA=str(elsewhere), FACILITATOR_SECRET_KEY=settings.secret_key)
    assert (without_the_key.exit_code, without_the_key.stderr) == (1, "Audit entry 1 is not as it was written.\n")
    assert with_the_key.exit_code == 0


@pytest.mark.parametrize("url", ["sqlite:////proc/clinic.db", "sqlite:////", "postgresql://fern:secret@:port/clinic"])
def test_a_database_that_cannot_be_opened_is_said(run: Run, url: str) -> None:
    done = run("staff", "add", "a@b.example", "--role", "facilitator", DATABASE_URL=url)

    assert done.exit_code == 1
    assert re.fullmatch(r"Error: The database .*cannot be opened: .*\n", done.stderr)
    assert "secret" not in done.stderr


@pytest.mark.parametrize("damaged", [b"no database at all", b"SQLite format 3\0" + b"\xee" * 8000])
def test_a_damaged_database_is_said(run: Run, settings: Settings, tmp_path: Path, damaged: bytes) -> None:
    file = settings.data / "facilitator.db"
    file.write_bytes(damaged)

    for command in (["verify"], ["backup", tmp_path / "copy.db"], ["staff", "add", "a@b.example", "--role", ROLES[0]]):
        done = run(*command)

        assert done.exit_code == 1
        assert re.fullmatch(rf"Error: The database {file} cannot be (opened|copied): .*\n", done.stderr)
    assert not (tmp_path / "copy.db").exists()


def test_there_is_nothing_to_verify_in_a_wrong_folder(run: Run, settings: Settings) -> None:
    done = run("verify")

    assert (done.exit_code, done.stderr) == (1, f"Error: There is no database at {settings.data}/facilitator.db yet.\n")
    assert not (settings.data / "facilitator.db").exists()


def test_a_bad_setting_stops_every_command_with_its_name(run: Run) -> None:
    for command in (["verify"], ["backup", "x"], ["staff", "add", "a@b.example", "--role", "facilitator"]):
        done = run(*command, FACILITATOR_FLOOR="2")

        assert done.exit_code == 1
        assert done.stderr == "Error: FACILITATOR_FLOOR: write a whole number from 4 to 12.\n"


def test_plans_are_packed_and_brought_in_as_drafts(run: Run, tmp_path: Path) -> None:
    pack, mine = tmp_path / "plans.zip", tmp_path / "T99.md"
    mine.write_text(PLAN, encoding="utf-8")
    add(run, "fern@clinic.example")

    assert re.fullmatch(r"Packed \d+ files into .*plans.zip.\n", run("curriculum", "export", pack).stdout)
    again = run("curriculum", "export", pack)
    assert (again.exit_code, "cannot be written" in again.stderr) == (1, True)
    back = run("curriculum", "import", pack, "--as", "fern@clinic.example")
    assert "addiction/T04.md: published already, as T04, version 1.0. Nothing to do." in back.stdout
    for when in ("now", "already"):
        brought = run("curriculum", "import", mine, "--as", "fern@clinic.example")
        assert brought.stdout == f"T99.md: a draft {when}, Riding out cravings.\n"


@pytest.mark.parametrize(
    ("name", "content", "as_", "said"),
    [
        ("T99.md", b"\xff", "fern@clinic.example", "T99.md: This file is not saved as plain text"),
        ("T99.zip", b"PK", "fern@clinic.example", "not a zip file"),
        ("T99.md", b"x", "ada@clinic.example", "Nobody who writes plans signs in as ada@clinic.example."),
        ("", b"", "fern@clinic.example", "cannot be read"),
    ],
)
def test_what_cannot_be_brought_in_is_explained(
    run: Run, tmp_path: Path, name: str, content: bytes, as_: str, said: str
) -> None:
    add(run, "fern@clinic.example")
    add(run, "ada@clinic.example", "administrator")
    file = tmp_path / (name or "nowhere.md")
    if name:
        file.write_bytes(content)

    done = run("curriculum", "import", file, "--as", as_)

    assert (done.exit_code, said in done.stderr, "Traceback" in done.output) == (1, True, False)


def test_what_is_no_file_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe.md")

    assert "it is no file" in run("curriculum", "import", pipe, "--as", "fern@clinic.example").stderr
    assert "There is no file here." in run("curriculum", "check", pipe).stderr


def test_a_wrong_command_line_is_explained(run: Run) -> None:
    assert "No such command" in run("dance").stderr
    assert run().exit_code == 2
    assert "demo" in run("--help").stdout


def test_help_is_printed_for_every_command(run: Run) -> None:
    plans = ("curriculum check", "curriculum export", "curriculum import")
    for command in ("demo", "serve", "staff add", *plans, "backup", "restore", "verify"):
        done = run(*command.split(), "--help")

        assert done.exit_code == 0
        assert "--help" in done.stdout


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("10.1.2.3", "http://10.1.2.3:80"),
    ],
)
def test_an_address_is_shown_as_it_was_asked_for(host: str, shown: str) -> None:
    assert shown_address(host, 80) == shown


def test_listening_everywhere_shows_the_address_on_the_network() -> None:
    assert "0.0.0.0" not in shown_address("0.0.0.0", 80)  # noqa: S104 - only shown


def test_listening_everywhere_is_reached_in_both_ways() -> None:
    with listen("::", 0) as listening:
        for here in ("127.0.0.1", "::1"):
            socket.create_connection((here, listening.getsockname()[1])).close()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", "Address already in use. Try another --port."),
        ("192.0.2.77", "Cannot assign requested address. Try another --host."),
        ("clinic.invalid", "Try another --host."),
    ],
)
def test_an_address_that_cannot_be_taken_is_said(run: Run, host: str, said: str) -> None:
    with listen("127.0.0.1", 0) as taken:
        done = run("serve", "--host", host, "--port", str(taken.getsockname()[1]))

    assert done.exit_code == 1
    assert said in done.stderr
    assert "(" not in done.stderr


def test_a_process_on_this_machine_finds_the_server() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert local_address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
