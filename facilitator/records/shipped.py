"""The plans that come with the product, published once into each installation's database."""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session, col, select

from facilitator.curricula.library import PLAN, files_in, frozen
from facilitator.curricula.problems import PlanError
from facilitator.curricula.text import read_file
from facilitator.records.editions import NotPublished, publish
from facilitator.storage.tables import PlanEdition

_log = logging.getLogger(__name__)


def publish_shipped(s: Session, now: int, folder: Path) -> None:
    """Publish every plan in ``folder`` whose very text is no edition yet. With nothing new, nothing is parsed.

    A text that says it is an edition that there is, and is another one, is named in the log and left out.
    """
    files = _files(folder)
    there = set(s.exec(select(PlanEdition.sha256).where(col(PlanEdition.sha256).in_(set(files.values())))))
    for path, digest in files.items():
        if digest not in there:
            _publish(s, path, now)


# Once a process: the files of a product do not change while it runs.
@lru_cache(maxsize=2)
def _files(folder: Path) -> dict[Path, str]:
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files_in(folder, PLAN)}


def _publish(s: Session, path: Path, now: int) -> None:
    try:
        text = read_file(path)
        publish(s, text, frozen(text), author=None, now=now)
    except PlanError as error:
        _log.error("Left out of the library: %s\n%s", path, error)
    except NotPublished as error:
        _log.warning("The library keeps the edition that it has. %s: %s", path, error)
