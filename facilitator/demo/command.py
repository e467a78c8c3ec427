"""``facilitator demo``: the sample clinic, a server, and where everything is."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import segno

from facilitator import runtime
from facilitator.addresses import local_address
from facilitator.demo.cast import ADA, FERN, SOL, STAFF, Character
from facilitator.demo.folder import DemoFolder, Kept, NotADemo
from facilitator.realtime.codes import shown
from facilitator.settings import Settings, read_settings

if TYPE_CHECKING:
    from facilitator.house import House
    from facilitator.storage.tables import GroupSession

__all__ = ["NotADemo", "run"]

QUIT_WITHIN_S = 5


def run(listening: socket.socket, url: str, data: Path, phones: int, *, fresh: bool, as_json: bool) -> None:
    """Serve the sample clinic in the folder ``data`` on ``listening`` until told to stop.

    Raises NotADemo and settings.SettingsError.
    """
    settings = sample_settings(os.environ, url, data)
    folder = DemoFolder(settings)
    kept = folder.open(fresh=fresh)
    # Imported after the folder was opened, which has something better to do meanwhile.
    from facilitator import create_app
    from facilitator.demo.tonight import tonight

    app = create_app(settings)
    house: House = app.extensions["facilitator"]
    session = tonight(house, kept.session)
    kept = replace(kept, session=session.id)
    folder.keep(kept)

    def ready() -> None:
        click.echo(json.dumps(_as_data(settings, kept, session)) if as_json else _as_text(settings, kept, session))

    with _simulated_phones(phones, local_address(listening), session):
        runtime.serve(app, listening, ready)


def sample_settings(environ: Mapping[str, str], url: str, data: Path) -> Settings:
    """The settings of a sample clinic: never a real clinic's database, whatever the environment names."""
    own = {name: value for name, value in environ.items() if name != "DATABASE_URL"}
    return read_settings({"FACILITATOR_CLINIC": "Sample clinic", **own}, url=url, data=data, demo=True)


@contextmanager
def _simulated_phones(number: int, url: str, session: GroupSession) -> Iterator[None]:
    """Phones in a process of their own. It ends when this one does, however that ends: its standard input closes."""
    if not number:
        yield
        return
    arguments = ["-m", "facilitator.demo.phones", url, session.screen_token, session.join_code, str(number)]
    # In a session of its own, so that Ctrl+C reaches the server alone.
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as child:  # noqa: S603 - our module
        try:
            yield
        finally:
            assert child.stdin is not None
            child.stdin.close()
            child.wait(QUIT_WITHIN_S)


def _places(settings: Settings, session: GroupSession) -> dict[str, str]:
    return {
        "console": f"{settings.url}/sessions/{session.id}/console",
        "projector": f"{settings.url}/p/{session.screen_token}",
        "phone": f"{settings.url}/j/{session.join_code}",
    }


def _as_data(settings: Settings, kept: Kept, session: GroupSession) -> dict[str, object]:
    def sign_in(one: Character) -> dict[str, str]:
        return {"email": one.email, "password": kept.passwords[one.key]}

    return {
        "url": settings.url,
        "facilitator": sign_in(FERN),
        "supervisor": sign_in(SOL),
        "administrator": sign_in(ADA),
        "session": session.id,
        **_places(settings, session),
        "join_code": session.join_code,
    }


def _as_text(settings: Settings, kept: Kept, session: GroupSession) -> str:
    people = [f"  {one.role:<14} {one.email:<22} {kept.passwords[one.key]}" for one in STAFF]
    places = [f"  {name:<14} {place}" for name, place in _places(settings, session).items()]
    return "\n".join(
        [
            f"A sample clinic of invented people is at {settings.url}. Ctrl+C ends it.",
            "",
            "Who can sign in:",
            *people,
            "",
            f"Tonight: {session.plan_title}. Code for phones: {shown(session.join_code)}, once the doors are open.",
            *places,
            "",
            _qr_code(_places(settings, session)["phone"]),
            *_hints(settings),
        ]
    )


def _qr_code(address: str) -> str:
    with io.StringIO() as drawn:
        segno.make(address, error="m").terminal(drawn, compact=True)
        return drawn.getvalue()


def _hints(settings: Settings) -> Iterator[str]:
    if settings.on_loopback:
        yield "Phones on your network cannot open this address. For them, start again with --host 0.0.0.0."
