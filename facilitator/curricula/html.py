"""What the room reads, as HTML: a few kinds of Markdown, rendered and then cleaned.

The only file that names Markdown. The library is slow on hostile text (20 kB of ``[`` take it 15 s) and passes raw HTML
through, so whatever a screen has no use for is taken out of it: links, pictures, raw HTML, headings, quotes, code, and
lists inside lists. What is left comes out as paragraphs, lists and bold words, without any attribute but the first
number of a list, so that the strict content policy has nothing to refuse.
"""

from __future__ import annotations

import re
import threading

import markdown
import nh3

from facilitator.curricula.text import without_hidden

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em"}
ATTRIBUTES = {"ol": {"start"}}

_INLINE = (
    "backtick",
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "html",
)
_BLOCKS = ("indent", "code", "hashheader", "setextheader", "hr", "quote", "reference")

_MARKER = r"(?:[-*+]|[0-9]{1,3}[.)])"
_MARKED = re.compile(r"[*_\\&<>]|^(?:[-*+]|[0-9]{1,3}[.)])$")
_ITEM = re.compile(rf"({_MARKER})\s+(?:{_MARKER}\s+)*(.*)")

_own = threading.local()


def to_html(text: str) -> str:
    """``text`` as clean HTML. One line of text is one line on the screen; a list needs no empty line above it."""
    if is_plain(text):
        # Most lines for the facilitator: a hundred times quicker.
        return f"<p>{text.strip()}</p>"
    html = _converted("\n".join(_lines(text)))
    # Cleaning turns a character that is spelt out by its number (&#8238;) into itself.
    return without_hidden(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel=None)).strip()


def is_plain(text: str) -> bool:
    """Whether the words of one line are all that there is to show of it."""
    line = text.strip()
    return bool(line) and line.isprintable() and not _MARKED.search(line) and not _ITEM.match(line)


def _converted(text: str) -> str:
    """Rendered by this thread's own renderer: one is not safe to share, and takes longer to make than a short text."""
    renderer: markdown.Markdown = getattr(_own, "renderer", None) or _renderer()
    # One that was stopped in the middle is never used again.
    _own.renderer = None
    html = renderer.reset().convert(text)
    _own.renderer = renderer
    return html


def _renderer() -> markdown.Markdown:
    renderer = markdown.Markdown(extensions=["sane_lists", "nl2br"])
    renderer.preprocessors.deregister("html_block")
    for name in _INLINE:
        renderer.inlinePatterns.deregister(name)
    for name in _BLOCKS:
        renderer.parser.blockprocessors.deregister(name)
    return renderer


def _lines(text: str) -> list[str]:
    """The lines without indentation, an empty one above each list, and one marker for each item."""
    lines: list[str] = []
    listing = False
    for line in (line.strip() for line in text.split("\n")):
        item = _ITEM.fullmatch(line)
        if item and not listing and lines and lines[-1]:
            lines.append("")
        lines.append(f"{item[1]} {item[2]}" if item else line)
        listing = bool(item) or (listing and bool(line))
    return lines
