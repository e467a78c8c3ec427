"""The wheel, installed somewhere else and not editable, is the whole product: pages, looks, plans and migrations."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.program import Program, get


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the tree, with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python elsewhere that has the wheel, and the libraries of this one."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # Afterwards, or pip would find that a facilitator of this version is there already.
    (packages,) = home.glob("lib/python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "libraries.pth").write_text(f"{libraries}\n")
    return python


@pytest.fixture(scope="module")
def demo(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """``facilitator demo`` of the installed one, from a folder without our tree."""
    elsewhere = tmp_path_factory.mktemp("home")
    with Program("demo", "--json", "--port", "0", python=python, cwd=elsewhere) as program:
        yield program.told()
        assert program.end() == (0, "")


def files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_that_belongs_to_the_product_is_packed(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shipped = {path for path in tracked.split("\0") if path.startswith(("facilitator/", "templates/", "static/"))}
    wanted = {path if path.startswith("facilitator/") else f"facilitator/{path}" for path in shipped}

    assert wanted - files(wheel) == set()


def test_nothing_else_is_packed(wheel: Path) -> None:
    tops = {file.split("/")[0] for file in files(wheel)}

    assert {top for top in tops if not re.fullmatch(r"facilitator(-[\d.]+\.dist-info)?", top)} == set()
    assert not any("__pycache__" in file for file in files(wheel))


def test_the_script_is_there(python: Path) -> None:
    said = subprocess.run([python.with_name("facilitator"), "--version"], capture_output=True, text=True, check=True)

    assert said.stdout.startswith("facilitator, version ")


def test_the_installed_one_is_what_runs(python: Path, tmp_path: Path) -> None:
    where = [python, "-c", "import facilitator; print(facilitator.__file__)"]
    said = subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert Path(said.stdout.strip()).is_relative_to(python.parent.parent)


def test_its_pages_come_with_their_looks(demo: dict[str, str]) -> None:
    for address in (demo["url"], f"{demo['url']}/sign-in", demo["projector"], f"{demo['url']}/private"):
        status, page = get(address)
        assert status == 200, address

        for asset in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
            assert get(demo["url"] + asset)[0] == 200, asset


def test_it_is_healthy(demo: dict[str, str]) -> None:
    assert get(f"{demo['url']}/healthz")[0] == 200
