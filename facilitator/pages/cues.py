"""A segment's private lines as HTML, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from facilitator.curricula.html import to_html
from facilitator.curricula.model import Cue, CueKind

Lines = tuple[Markup, ...]


def by_kind(cues: Iterable[Cue]) -> dict[CueKind, Lines]:
    """The kinds that are there, in the order in which they are needed in the room."""
    lines: dict[CueKind, Lines] = {}
    for cue in cues:
        lines[cue.kind] = (*lines.get(cue.kind, ()), _html(cue.text))
    return {kind: lines[kind] for kind in CueKind if kind in lines}


@lru_cache(maxsize=2_000)
def _html(text: str) -> Markup:
    # ``to_html`` cleans what it gives, whoever wrote the plan.
    return Markup(to_html(text))  # noqa: S704
