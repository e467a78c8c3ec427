"""A plan's Markdown as HTML: a segment's private lines kind by kind, and any text that was frozen with a session."""

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
        lines[cue.kind] = (*lines.get(cue.kind, ()), _shown(cue))
    return {kind: lines[kind] for kind in CueKind if kind in lines}


def _shown(cue: Cue) -> Markup:
    """As it was rendered when its plan was read."""
    return Markup(cue.html) if cue.html else as_html(cue.text)  # noqa: S704 - ``to_html`` cleaned it


@lru_cache(maxsize=2_000)
def as_html(text: str) -> Markup:
    """Markdown as a page shows it."""
    return Markup(to_html(text))  # noqa: S704 - ``to_html`` cleans what it gives, whoever wrote it
