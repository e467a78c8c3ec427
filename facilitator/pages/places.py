"""Where the templates and the static files lie: beside the package in the source tree, inside it once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def folder(name: str) -> Path:
    """The folder ``static`` or ``templates``. Raises FileNotFoundError when the installation lacks it."""
    # Inside the package first: beside an installed package lie other projects' folders.
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if (place / "shared").is_dir() or (place / "staff").is_dir():
            return place
    raise FileNotFoundError(f"The folder {name} is missing from this installation. Install it again.")
