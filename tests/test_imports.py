"""The fences of the house, read from the source: imports go one way, and third parties stay where they belong."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "facilitator"
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# Each area, and what it may know beside itself and the modules at the bottom.
BOTTOM = {"addresses", "runtime", "settings", "text"}
BELOW = {
    "storage": set(),
    "people": {"storage"},
    "curricula": set(),
    "realtime": {"curricula", "storage"},
    "records": {"curricula", "people", "realtime", "storage"},
    "pages": {"curricula", "people", "realtime", "records", "storage", "house"},
}
ABOVE = {"__init__.py", "__main__.py", "cli.py", "house.py", "demo"}

FENCES = {
    "flask": ("__init__.py", "cli.py", "pages/", "realtime/sockets.py"),
    "flask_login": ("pages/",),
    "flask_socketio": ("__init__.py", "realtime/sockets.py"),
    "flask_wtf": ("pages/",),
    "sqlmodel": ("storage/", "people/", "records/", "realtime/store.py"),
    "alembic": ("storage/",),
    "markdown": ("curricula/html.py",),
    "nh3": ("curricula/html.py",),
    "yaml": ("curricula/",),
    "cryptography": ("realtime/ballots.py",),
    "redis": ("realtime/redis_keys.py",),
    "pwdlib": ("people/passwords.py",),
    "eventlet": ("runtime.py",),
    "gevent": ("runtime.py",),
    "socketio": ("demo/phones.py", "realtime/wire.py"),
    "click": ("cli.py", "demo/"),
}

ENGINE = ("commands", "events", "state", "evolve", "tally", "refusing", "asking", "exercising")
PURE = {
    f"realtime/{name}.py": {"facilitator.curricula.model"}
    | {f"facilitator.realtime.{other}" for other in ENGINE}
    for name in ("live", *ENGINE)
} | {"curricula/model.py": set()}


def imported(file: str, *, top: bool = False) -> Iterator[str]:
    """The full names of the modules that ``file`` imports; with ``top``, only what comes with importing it."""
    tree = ast.parse((PACKAGE / file).read_text())
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports in full."
            module = node.module or ""
            for alias in node.names:
                is_module = (PACKAGE.parent / module.replace(".", "/") / f"{alias.name}.py").exists()
                is_package = (PACKAGE.parent / module.replace(".", "/") / alias.name / "__init__.py").exists()
                yield f"{module}.{alias.name}" if is_module or is_package else module


def third_parties(file: str) -> set[str]:
    names = {name.split(".")[0] for name in imported(file)}
    return names - {"facilitator"} - sys.stdlib_module_names


@pytest.mark.parametrize("file", [file for file in FILES if file.split("/")[0] in BELOW])
def test_imports_go_one_way(file: str) -> None:
    area = file.split("/")[0]
    ours = {name.split(".")[1] for name in imported(file) if name.startswith("facilitator.")}

    assert ours - {area} - BOTTOM <= BELOW[area]


def test_every_file_has_a_place_in_the_house() -> None:
    tops = {file.split("/")[0] for file in FILES}

    assert tops == BELOW.keys() | ABOVE | {f"{name}.py" for name in BOTTOM}


@pytest.mark.parametrize("file", sorted(f"{name}.py" for name in BOTTOM))
def test_the_bottom_knows_nothing_of_the_house(file: str) -> None:
    assert not {name for name in imported(file) if name.startswith("facilitator")}


@pytest.mark.parametrize(("party", "places"), FENCES.items())
def test_third_parties_stay_behind_their_fence(party: str, places: tuple[str, ...]) -> None:
    users = {file for file in FILES if party in third_parties(file)}

    assert users, f"Nothing uses {party} any more."
    assert {file for file in users if not file.startswith(places)} == set()


@pytest.mark.parametrize(("file", "allowed"), PURE.items())
def test_the_engine_and_the_model_are_pure(file: str, allowed: set[str]) -> None:
    assert third_parties(file) == set()
    assert {name for name in imported(file) if name.startswith("facilitator")} <= allowed


@pytest.mark.parametrize("file", ["__init__.py", "__main__.py", "runtime.py"])
def test_nothing_foreign_is_imported_before_the_runtime_has_started(file: str) -> None:
    names = {name.split(".")[0] for name in imported(file, top=True)}

    assert names <= sys.stdlib_module_names | {"facilitator"}


def test_the_package_itself_imports_nothing_at_its_top() -> None:
    assert set(imported("__init__.py", top=True)) <= {"__future__", "typing"}


def test_no_test_brings_its_own_idea_of_the_package() -> None:
    """The tests try the tree that they lie in, wherever else a copy of the package is installed."""
    import facilitator

    assert Path(facilitator.__file__).is_relative_to(ROOT)
