"""The command line. Each command imports what it needs: checking a plan should not wait for the database."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from facilitator import __version__, runtime
from facilitator.addresses import shown_address
from facilitator.settings import Settings, SettingsError, read_settings
from facilitator.storage.problems import TooNew, Unavailable

if TYPE_CHECKING:
    import socket

    from facilitator.storage.engine import Database

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for phones.")
PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: a free one.")
FILE = click.Path(path_type=Path, dir_okay=False)
TAKEN = (errno.EADDRINUSE, errno.EACCES)
ROLES = ("facilitator", "supervisor", "administrator")


@click.group()
@click.version_option(__version__, prog_name="facilitator")
def cli() -> None:
    """Run therapy group sessions from written plans."""
    # A terminal that has no sign for somebody's letter shows another, and the rest is said.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@cli.command()
@HOST
@PORT
@click.option("--data", default=Path("facilitator-demo"), type=click.Path(path_type=Path, file_okay=False))
@click.option("--phones", default=0, type=click.IntRange(0, 60), help="Simulated phones that join and answer.")
@click.option("--fresh", is_flag=True, help="Make the sample clinic anew.")
@click.option("--json", "as_json", is_flag=True, help="Say where everything is as one line of JSON.")
def demo(host: str, port: int, data: Path, phones: int, fresh: bool, as_json: bool) -> None:
    """Serve a sample clinic of invented people, made once in the folder --data."""
    from facilitator.demo import command

    with listening(host, port) as address, refusing(command.NotADemo, SettingsError, TooNew, Unavailable):
        command.run(address, shown_address(host, address.getsockname()[1]), data, phones, fresh=fresh, as_json=as_json)


@cli.command()
@HOST
@PORT
def serve(host: str, port: int) -> None:
    """Serve the clinic that FACILITATOR_DATA and DATABASE_URL name."""
    from facilitator import create_app

    with listening(host, port) as address:
        settings = _settings(shown_address(host, address.getsockname()[1]))
        with refusing(SettingsError, TooNew, Unavailable):
            app = create_app(settings)
        runtime.serve(app, address, lambda: _say_where(settings))


@cli.group()
def staff() -> None:
    """People who sign in."""


@staff.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", default="", help="What colleagues call them; else the email's first part.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_staff(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Let somebody sign in with EMAIL and a password."""
    from facilitator.house import wall_clock
    from facilitator.people import passwords
    from facilitator.people import staff as people
    from facilitator.people.problems import FieldProblem
    from facilitator.records import audit
    from facilitator.text import BadText

    with _database(_settings()) as db, refusing(passwords.WeakPassword, FieldProblem, BadText):
        name = name or people.read_email(email).split("@")[0].replace(".", " ").title()
        password = _typed_password(from_input=password_stdin)
        passwords.accept(password, name, email)
        hashed, now = passwords.hashed(password), wall_clock()
        with db.write() as s:
            added = people.add_staff(s, email, name, role, hashed, now)
            audit.write(s, None, "staff.added", added.id, {"role": role}, now)
    click.echo(f"{name} can sign in as {added.email}.")


@cli.group()
def curriculum() -> None:
    """Session plans and the order they are held in."""


@curriculum.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
def check_curriculum(paths: tuple[Path, ...]) -> None:
    """Say what is wrong in plans (.md), curricula (.toml) and folders of them, with the line."""
    from facilitator.curricula.check import Level, check_paths

    findings = check_paths(paths)
    for finding in findings:
        click.echo(finding, err=finding.level is Level.ERROR)
    if any(finding.level is Level.ERROR for finding in findings):
        sys.exit(1)
    click.echo("These can be run.")


@curriculum.command("export")
@click.argument("file", type=FILE)
def export_curriculum(file: Path) -> None:
    """Pack every plan in use into the new FILE, a zip of Markdown with checksums."""
    from facilitator.curricula.packs import pack
    from facilitator.records.bringing import to_take_along

    with _database(_settings()) as db, db.read() as s:
        files = to_take_along(s)
    try:
        with file.open("xb") as packed:
            packed.write(pack(files))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror or error}. Try another name.") from error
    click.echo(f"Packed {len(files)} files into {file}.")


@curriculum.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "email", required=True, help="Whose drafts they become: the email of a member of staff.")
def import_curriculum(file: Path, email: str) -> None:
    """Bring the plans in FILE (.md or .zip) in. Everything that is new becomes a draft."""
    from facilitator.curricula.keeper import Keeper
    from facilitator.curricula.packs import LARGEST_PACK
    from facilitator.house import wall_clock
    from facilitator.people import staff as people
    from facilitator.people.access import CLINICIANS
    from facilitator.records.bringing import NotBrought, bring_in, read_file_of_plans, told

    try:
        # What is no file, like a pipe, may never end.
        if file.exists() and not file.is_file():
            raise click.ClickException(f"{file} cannot be read: it is no file.")
        with file.open("rb") as brought_along:
            data = brought_along.read(LARGEST_PACK + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror or error}.") from error
    with closing(Keeper()) as worker, _database(_settings()) as db, refusing(NotBrought):
        read = read_file_of_plans(worker, file.name, data)
        with db.write() as s:
            author = people.find(s, email)
            if author is None or not author.active or author.role not in CLINICIANS.roles:
                raise click.ClickException(f"Nobody who writes plans signs in as {email}.")
            brought = bring_in(s, author, wall_clock(), [(plan.name, plan.text) for plan in read.plans])
    for one in brought:
        click.echo(told(one))


@cli.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the database into the new FILE, which only you can read. Sessions may be running."""
    from facilitator.storage.backup import CannotCopy, back_up

    settings = _settings()
    with refusing(CannotCopy):
        back_up(settings.database_url, file)
    click.echo(f"Copied to {file}. Answers, phones and sign-ins are left out.")
    click.echo("Keep a copy of the file secret-key in another place: it proves that nobody changed the record.")


@cli.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of the database that is there now.")
def restore(file: Path, replace: bool) -> None:
    """Make the backup FILE the database. Stop the server first."""
    from facilitator.storage.backup import CannotCopy
    from facilitator.storage.backup import restore as put_back

    settings = _settings()
    with refusing(CannotCopy):
        put_back(file, settings.database_url, replace=replace)
    click.echo(f"Restored from {file}. Everybody signs in again.")
    click.echo(f"If this is another machine, put the secret-key of the first one into {settings.data} too.")


@cli.command()
def verify() -> None:
    """Check that the audit, every session's log and every signature are as they were written."""
    from facilitator.records.verify import first_bad_entry
    from facilitator.storage.engine import file_of, opening

    settings = _settings()
    with refusing(TooNew, Unavailable), opening(settings.database_url):
        # Not made for this: an empty one is as it was written, and would hide that another folder was meant.
        if (file := file_of(settings.database_url)) and not file.exists():
            raise click.ClickException(f"There is no database at {file} yet.")
        with _database(settings) as db:
            bad = first_bad_entry(db)
    if bad is not None:
        click.echo(bad, err=True)
        sys.exit(1)
    click.echo("Everything is as it was written.")


@contextmanager
def refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Turn errors that carry a sentence for people into a line on standard error and exit 1."""
    try:
        yield
    except kinds as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """The address to serve on, taken before anything else is done."""
    try:
        address = runtime.listen(host, port)
    except OSError as error:
        # The library adds the address once more, as it is written in Python.
        reason = (error.strerror or str(error)).partition(" (while")[0]
        other = "--port" if error.errno in TAKEN else "--host"
        raise click.ClickException(f"Cannot listen on {host} port {port}: {reason}. Try another {other}.") from error
    with address:
        yield address


def _settings(url: str = "http://127.0.0.1") -> Settings:
    with refusing(SettingsError):
        return read_settings(url=url)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from facilitator.house import open_database

    with refusing(TooNew, Unavailable), closing(open_database(settings)) as db:
        yield db


def _typed_password(*, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say_where(settings: Settings) -> None:
    click.echo(f"Facilitator is at {settings.url}. Ctrl+C ends it.")
    if not settings.https:
        click.echo("This is plain http: use it only on a network that you trust, or put it behind https.")
    if settings.runtime_warning:
        click.echo(settings.runtime_warning, err=True)
