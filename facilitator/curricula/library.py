"""The plans and curricula in a folder: by default those that come with the product."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from facilitator.curricula.curriculum import Curriculum, parse_curriculum
from facilitator.curricula.model import Plan
from facilitator.curricula.parse import parse_plan
from facilitator.curricula.problems import PlanError
from facilitator.curricula.text import read_file

FOLDER = Path(__file__).parent / "library"
PLAN, CURRICULUM = ".md", ".toml"

_Read = TypeVar("_Read")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlanFile:
    """A plan with the whole text that it was read from, which is what a session freezes."""

    plan: Plan
    text: str
    path: Path


class Library:
    """The plans and curricula in files, read when asked for. A file with mistakes is left out and named in the log.

    An installation runs what was published from these files (``records.editions``), and never reads them for a page.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or FOLDER

    @cached_property
    def _plans(self) -> dict[str, PlanFile]:
        plans: dict[str, PlanFile] = {}
        for path in files_in(self._folder, PLAN):
            if file := _read(path, _plan_file):
                plans.setdefault(file.plan.id.lower(), file)
        return plans

    def plans(self) -> list[PlanFile]:
        """Every plan, by id. Of two files with one id, capital letters aside, the first by path counts."""
        return [self._plans[plan_id] for plan_id in sorted(self._plans)]

    def get(self, plan_id: str) -> PlanFile | None:
        """The plan of this id, or None."""
        return self._plans.get(plan_id.lower())

    def curricula(self) -> list[Curriculum]:
        """Every ordered curriculum, by file name."""
        curricula = (_read(path, _curriculum) for path in files_in(self._folder, CURRICULUM, deep=False))
        return [curriculum for curriculum in curricula if curriculum]


def files_in(folder: Path, *suffixes: str, deep: bool = True) -> list[Path]:
    """The files in ``folder``, and with ``deep`` in those below it, that end so, in whichever letters."""
    return sorted(path for path in (folder.rglob("*") if deep else folder.glob("*")) if path.suffix.lower() in suffixes)


@lru_cache(maxsize=128)
def frozen(text: str) -> Plan:
    """The plan in a session's own copy of its text, parsed once for all who ask. Raises PlanError."""
    return parse_plan(text)


def _read(path: Path, reader: Callable[[Path], _Read]) -> _Read | None:
    try:
        return reader(path)
    except PlanError as error:
        _log.error("Left out of the library: %s\n%s", path, error)
        return None


def _plan_file(path: Path) -> PlanFile:
    text = read_file(path)
    return PlanFile(frozen(text), text, path)


def _curriculum(path: Path) -> Curriculum:
    return parse_curriculum(read_file(path), path.stem)
