"""What ``facilitator curriculum check`` says of files and folders: mistakes, which stop a plan, and advice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from facilitator.curricula.advice import advise
from facilitator.curricula.curriculum import line_of_plan, parse_curriculum
from facilitator.curricula.library import CURRICULUM, FOLDER, PLAN, files_in
from facilitator.curricula.parse import Reading, read_plan
from facilitator.curricula.problems import PlanError, did_you_mean
from facilitator.curricula.text import read_file

# Each id as it was first written, and where, by the id in small letters.
_Seen = dict[str, tuple[str, Path]]


class Level(StrEnum):
    """Whether what was found stops a plan from being run."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing found in a file. As text it is ``file:line: error: what is wrong``, so that editors can jump to it."""

    path: Path
    line: int
    level: Level
    message: str

    def __str__(self) -> str:
        # A name may hold a line end, or what a terminal takes for an order.
        name = "".join(each if each.isprintable() else "\ufffd" for each in str(self.path))
        return f"{name}:{self.line}: {self.level}: {self.message}"


def check_paths(paths: Sequence[Path]) -> list[Finding]:
    """Everything there is to say about these plans, curricula and folders of them, file by file."""
    seen: _Seen = {}
    found = [finding for path in paths for file in _files(path) for finding in _check(file, _is_folder(path), seen)]
    return found + [finding for path in paths if _is_folder(path) for finding in _in_no_curriculum(path, seen)]


def _in_no_curriculum(folder: Path, plans: _Seen) -> Iterator[Finding]:
    """Plans that are in none of the curricula beside them. Where there is no curriculum, nothing is missing."""
    ordered: set[str] = set()
    files = [file for file in _files(folder) if file.suffix.lower() == CURRICULUM]
    for file in files:
        try:
            ordered.update(plan_id.casefold() for plan_id in parse_curriculum(read_file(file), str(file)).plans)
        except PlanError:
            return
    for folded, (plan_id, path) in plans.items():
        if files and folded not in ordered and path.is_relative_to(folder):
            yield Finding(path, 1, Level.WARNING, f"'{plan_id}' is in no curriculum. Write its id into one.")


def _is_folder(path: Path) -> bool:
    """Whether there is a folder here that can be seen. A name that no file can have is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _files(path: Path) -> list[Path]:
    """The file, or every plan and curriculum in the folder, beside each folder in it that cannot be opened.

    With nothing of all that, the folder itself. What other systems hide in folders, with a dot in front, is no plan.
    """
    if not _is_folder(path):
        return [path]
    found: list[Path] = []
    closed: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in names if _is_ours(name)]
    return sorted([*found, *(Path(error.filename) for error in closed)]) or [path]


def _is_ours(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in (PLAN, CURRICULUM)


def _check(path: Path, in_folder: bool, seen: _Seen) -> Iterator[Finding]:
    try:
        if _is_folder(path):
            yield Finding(path, 1, Level.ERROR, _about_folder(path))
        elif path.suffix.lower() == CURRICULUM:
            yield from _check_curriculum(path)
        else:
            reading = read_plan(read_file(path), str(path))
            yield from _check_id(path, reading, in_folder, seen)
            yield from (Finding(path, advice.line, Level.WARNING, advice.message) for advice in advise(reading))
    except PlanError as error:
        yield from (Finding(path, problem.line, Level.ERROR, problem.message) for problem in error.problems)


def _about_folder(path: Path) -> str:
    try:
        os.scandir(path).close()
    except OSError:
        return "This folder cannot be opened."
    return "There are no plans in this folder."


def _check_id(path: Path, reading: Reading, in_folder: bool, seen: _Seen) -> Iterator[Finding]:
    plan_id, line = reading.plan.id, reading.front_matter.line("id")
    # Some systems take T04.md and t04.md for one file, and so may a reader.
    there, first = seen.setdefault(plan_id.casefold(), (plan_id, path))
    if first.resolve() != path.resolve():
        written = "" if there == plan_id else f", as '{there}'"
        sentence = f"The id '{plan_id}' is taken by {first}{written}. Give this plan another."
        yield Finding(path, line, Level.ERROR, sentence)
    if in_folder and path.stem != plan_id:
        yield Finding(path, line, Level.WARNING, f"This plan's id is '{plan_id}'. Name its file {plan_id}.md.")


def _check_curriculum(path: Path) -> Iterator[Finding]:
    text = read_file(path)
    curriculum = parse_curriculum(text, str(path))
    known = {file.stem for folder in (path.parent, FOLDER) for file in files_in(folder, PLAN)}
    folded = {stem.casefold() for stem in known}
    for plan_id in curriculum.plans:
        if plan_id.casefold() not in folded:
            sentence = f"There is no plan '{plan_id}' here.{did_you_mean(plan_id, sorted(known))}"
            yield Finding(path, line_of_plan(plan_id, text), Level.ERROR, sentence)
