"""Evenings in a process of their own, in which every random id and every key comes from dice that always fall alike.

So an attack's figure is the same in every run, and two clinics can be compared to the last byte. The process that tests
is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

from facilitator.people.passwords import NOBODY, Hashed
from tests.attacks.ground import Ground, Grounds
from tests.attacks.naive import naive_store
from tests.attacks.ours import our_store
from tests.attacks.relinker import night
from tests.conftest import ROOT

Rows = dict[str, list[list[list[str]]]]


def ask(job: str, *told: Any) -> Any:
    """Have ``job`` done with loaded dice, and give back what it tells."""
    command = [sys.executable, "-m", "tests.attacks.loaded_dice", job, json.dumps(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0 and done.stderr == b"", done.stderr.decode()
    return json.loads(done.stdout)


def load(name: str) -> None:
    """From now on everything falls as it fell the last time under this ``name``."""
    dice = Random(f"secrets {name}")
    secrets.token_bytes, secrets.choice = dice.randbytes, dice.choice


def attacked(engine: str, server: str, sessions: int) -> dict[str, Any]:
    """What the attackers find in either store in so many sessions."""
    grounds = Grounds(lambda: server)
    with grounds.empty(engine) as (ground, _), naive_store(ground) as naive:
        caught = night(naive, ground, sessions)
    with grounds.empty(engine) as (ground, folder):
        load(engine)
        with our_store(folder, ground, Hashed(NOBODY)) as ours:
            guessed = night(ours, ground, sessions)
    return {"naive": caught.told(), "ours": guessed.told()}


def lived(engine: str, server: str, said: Sequence[int], turns: Sequence[int]) -> dict[str, Any]:
    """What is kept of one evening while open, after closing and after the session; ``said`` by phone.

    ``file``: the hash of SQLite's own file after closing, with all that lies about in its pages.
    """
    kept, file = [], ""
    with Grounds(lambda: server).empty(engine) as (ground, folder):
        load(engine)
        with our_store(folder, ground, Hashed(NOBODY)) as store:
            # The evening wants it in the order of answering.
            sitting = store.evening(0, [said[phone] for phone in turns], turns)
            kept.append(rows_of(ground, list(SQLModel.metadata.tables)))
            store.close(sitting)
            kept.append(rows_of(ground, list(SQLModel.metadata.tables)))
            if engine == "SQLite":
                file = hashlib.sha256(ground.pages(()).content).hexdigest()
            store.end(sitting)
            kept.append(rows_of(ground, list(SQLModel.metadata.tables)))
    return {"kept": kept, "file": file}


def rows_of(ground: Ground, tables: Sequence[str]) -> Rows:
    """Every row of every table, sorted; ciphertext left out."""
    engine = create_engine(ground.url)
    kept: Rows = {}
    with engine.connect() as db:
        for table in tables:
            rows = db.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 - our own names
            kept[table] = sorted(
                sorted([name, str(value)] for name, value in row.items() if name != "sealed") for row in rows
            )
    engine.dispose()
    return kept


JOBS = {"night": attacked, "evening": lived}


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*json.loads(sys.argv[2]))))
