"""Files that were not written here are exactly those of the registry, and are all listed."""

from __future__ import annotations

import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


def listed() -> dict[str, dict[str, str]]:
    rows = [line for line in (VENDOR / "VENDOR.md").read_text().splitlines() if line.startswith("|")]
    heads, _, *bodies = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {cells[0]: dict(zip(heads, cells, strict=True)) for cells in bodies}


def test_every_vendored_file_is_listed_and_nothing_else_is():
    there = {path.name for path in VENDOR.iterdir()} - {"VENDOR.md"}
    assert there == set(listed())


def test_every_vendored_file_is_the_one_of_the_registry():
    for name, row in listed().items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == row["sha256"], name


def test_every_vendored_package_brings_its_licence():
    packages = {row["package"] for row in listed().values()}
    with_licence = {row["package"] for name, row in listed().items() if name.startswith("LICENSE")}
    assert packages == with_licence
    assert all(row["licence"] and row["version"] for row in listed().values())
