"""One set of tallies through every output: none ever disagrees with another, and none holds more than it may."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from facilitator.realtime import commands as c
from facilitator.realtime.screens import Door, Presence, console_view, phone_view, projector_view
from facilitator.realtime.tally import UNCOUNTED
from facilitator.storage.tables import Staff
from tests.conftest import ROOT, Cast, Clinic
from tests.paperwork import everybody_here, note_path, sign
from tests.story import Archive, Story, clock

FEW = "1\u20132"
NONE, HALF, MOST = "few or none", "about half", "most or all"
SCALE = "scale 0-10, low to high"
CHOICE, CHOICES = "choose one", "choose up to 3"
BANDS = ("Low, 0 to 3", "In between, 4 to 6", "High, 7 to 10")
OPTIONS = ("Tea", "Milk", "Water", "Juice")


@dataclass(frozen=True)
class Golden:
    """What was answered to the question ``text``, and what each reader may read of it; () is nothing."""

    text: str
    how: str
    answers: Sequence[object]
    state: str = "shown"
    room: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    file: tuple[str, ...] = ()
    newcomers: int | None = None
    labels: tuple[str, ...] = field(default=BANDS)


def of(low: int, middle: int, high: int) -> list[object]:
    return [0] * low + [5] * middle + [10] * high


GOLDEN = (
    Golden("below eight", SCALE, of(1, 2, 4), room=(NONE, NONE, HALF), staff=(NONE, NONE, HALF)),
    Golden("from eight", SCALE, of(1, 2, 5), room=(NONE, NONE, HALF), staff=(FEW, FEW, "5")),
    Golden("nobody in the middle", SCALE, of(5, 0, 4), room=(HALF, NONE, HALF), staff=("5", "0", "4")),
    Golden("ten", SCALE, of(3, 3, 4), room=(NONE, NONE, HALF), staff=("3", "3", "4")),
    Golden("eleven", SCALE, of(3, 3, 5), room=(NONE, NONE, HALF), staff=("3", "3", "5"), file=(NONE, NONE, HALF)),
    # Eleven answered, and nobody can know it: nine and two may be ten.
    Golden("eleven perhaps", SCALE, of(0, 2, 9), room=(NONE, NONE, MOST), staff=("0", FEW, "9")),
    Golden(
        "from thirteen", SCALE, of(2, 4, 8),
        room=(NONE, "some", HALF), staff=(FEW, "4", "8"), file=(NONE, "some", HALF),
    ),
    Golden("similar", f"{SCALE}, sensitive", of(0, 0, 12), "similar"),
    Golden("sensitive", f"{SCALE}, sensitive", of(0, 1, 12), room=(NONE, NONE, MOST), staff=("0", FEW, "12"),
           file=(NONE, NONE, MOST)),
    Golden("withheld", SCALE, of(1, 1, 2), "withheld"),
    Golden("sensitive and withheld", f"{SCALE}, sensitive", of(2, 2, 2), "withheld"),
    Golden("again", SCALE, of(4, 4, 5), "withheld", newcomers=4),
    Golden("uncounted", SCALE, (), "uncounted"),
    Golden("aloud", SCALE, (), "aloud"),
    Golden(
        "one of four", CHOICE, [0] * 3 + [1] * 2 + [2] + [3], labels=OPTIONS,
        room=(NONE, NONE, NONE, NONE), staff=(NONE, NONE, NONE, NONE),
    ),
    Golden(
        "one of four, by many", CHOICE, [0] * 9 + [1] * 3 + [2], labels=OPTIONS,
        room=("many", "some", NONE, NONE), staff=("9", "3", FEW, "0"), file=("many", "some", NONE, NONE),
    ),
    # Thirty picks in all, three at most by each: ten people are enough for them, and so they are no eleven.
    Golden("several", CHOICES, [[0, 1, 2]] * 10, labels=OPTIONS, room=(MOST, MOST, MOST, NONE),
           staff=("10", "10", "10", "0")),
    Golden("several by many", CHOICES, [[0], [0, 1]] * 6, labels=OPTIONS, room=(MOST, HALF, NONE, NONE),
           staff=("12", "6", "0", "0"), file=(MOST, HALF, NONE, NONE)),
)  # fmt: skip
HEAD = """---
id: T92
title: Every kind of tally
track: both
version: 1.0
length: 50 min
language: en
objectives:
  - Ask in every way
sources: our own words
licence: CC BY 4.0
---

Welcome.

## Opening: Arrive (10 min)

Feet on the floor

"""
TAIL = """## Closing: One word (10 min)

One word each
"""


A_SEGMENT = 6


def plan_of(golden: Sequence[Golden]) -> str:
    segments = (golden[start : start + A_SEGMENT] for start in range(0, len(golden), A_SEGMENT))
    asks = ("".join(map(question, some)) for some in segments)
    return HEAD + "".join(f"## Check-in: Questions (10 min)\n\n{some}" for some in asks) + TAIL


def question(one: Golden) -> str:
    options = "" if one.how.startswith("scale") else "".join(f"- {option}\n" for option in OPTIONS)
    return f'Ask ({one.how}): {one.text}\n{options}> Aloud: "Say it."\n\n'


Read = Mapping[str, tuple[str, ...]]
"""By the question's text, the words of its bands."""


@dataclass
class Outputs:
    """What each output said."""

    screens: dict[str, dict[str, tuple[str, ...]]]
    pages: dict[str, str]
    files: dict[str, str]


SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def outputs(clinic: Clinic, sign_in: SignIn, cast: Cast) -> Outputs:
    """The evening on which everything was asked, told once, and read everywhere."""
    clinic.clock.forward(hours=4)
    archive = Archive(clinic)
    story = everybody_here(archive.story(text=plan_of(GOLDEN)).start(), "18:01").enter("18:10", 1)
    screens: dict[str, dict[str, tuple[str, ...]]] = {"console": {}, "projector": {}, "phone": {}}
    for number, one in enumerate(GOLDEN, start=1):
        ask(story, one, f"q{number}", screens)
    kept = archive.keep(story.enter("18:40", 2).end("18:50"))
    supervisor, facilitator = sign_in(cast.sol), sign_in(cast.fern)
    record = f"/review/{kept.id}"
    pages = {"review": supervisor.get(record).text, "draft": supervisor.get(note_path(kept)).text}
    pages["writing"] = facilitator.get(note_path(kept)).text
    assert sign(facilitator, kept).status_code == 303
    pages["note"] = supervisor.get(note_path(kept)).text
    files = {
        "record": facilitator.get(f"{record}/record.csv"),
        "group": supervisor.get(f"/review/groups/{clinic.group.id}/sessions.csv"),
    }
    return Outputs(screens, pages, {name: file.get_data().decode("utf-8-sig") for name, file in files.items()})


def ask(story: Story, one: Golden, prompt: str, screens: dict[str, dict[str, tuple[str, ...]]]) -> None:
    if one.state == "aloud":
        story.do(c.AskAloud(prompt), c.HideTally())
        return
    if one.state == "uncounted":
        story.do(c.OpenCheckIn(prompt, prompt, 5, 7), c.CloseCheckIn(prompt, UNCOUNTED))
    else:
        story.check_in(prompt, one.answers, one.newcomers)
    asked = list(story.live.check_ins)[-1]
    story.do(c.ShowTally(asked))
    views: dict[str, dict[str, Any]] = {
        "console": console_view(story.live, Presence(), clock("18:20")),
        "projector": projector_view(story.live, Presence(), Door("", ""), clock("18:20")),
        "phone": phone_view(story.live, Presence(), clock("18:20")),
    }
    for screen, view in views.items():
        tally = view["tally"]
        assert (tally["prompt"], tally["state"]) == (one.text, one.state)
        assert not tally["bands"] or tuple(band["label"] for band in tally["bands"]) == one.labels
        screens[screen][one.text] = tuple(band["word"] for band in tally["bands"])
    story.do(c.HideTally())


def on_the_page(page: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for card in re.findall(r'<section class="card tally [\w-]+">(.*?)</section>', page, re.DOTALL):
        text = re.search(r"<h3>(.*?)</h3>", card)
        assert text
        yield text[1], tuple(re.findall(r'<td class="number">(.*?)</td>', card))


def on_paper(page: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    section = re.split(r"<h[23]>Check-ins</h[23]>", page)[1].split("</dl>")[0]
    for text, said in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", section, re.DOTALL):
        bands = [piece.split(": ") for piece in unescape(said).split("; ")]
        yield text, tuple(word for label, *words in bands for word in words if label in (*BANDS, *OPTIONS))


def in_the_file(file: str) -> dict[str, tuple[str, ...]]:
    rows = list(csv.DictReader(io.StringIO(file.split("\r\n", 2)[2])))
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row["Line"] == "check-in":
            words = (row["Answers"],) if row["Band"] else ()
            found[row["Name"]] = found.get(row["Name"], ()) + words
    return found


def spelled(words: tuple[str, ...]) -> tuple[str, ...]:
    """As pages and paper write what staff read."""
    return tuple({FEW: "1 or 2", "0": "none"}.get(word, word) for word in words)


def test_no_output_disagrees_with_another_or_says_more_than_it_may(outputs: Outputs) -> None:
    on_phones = [one for one in GOLDEN if one.state != "aloud"]
    staff = {one.text: one.staff for one in GOLDEN}

    assert outputs.screens["console"] == {one.text: one.staff for one in on_phones}
    assert outputs.screens["projector"] == outputs.screens["phone"] == {one.text: one.room for one in on_phones}
    assert dict(on_the_page(outputs.pages["review"])) == {text: spelled(words) for text, words in staff.items()}
    for paper in ("draft", "writing", "note"):
        assert dict(on_paper(outputs.pages[paper])) == {text: spelled(words) for text, words in staff.items()}
    for file in outputs.files.values():
        assert in_the_file(file) == {one.text: one.file for one in GOLDEN}
        assert FEW not in file
    assert all(one.file in ((), one.room) for one in GOLDEN)


def test_only_one_place_looks_into_a_tally() -> None:
    looks = re.compile(r"""tally(\[|\.get\()|\["(bands|staff)"\]|\.tally\b[^=]*\.get\(""")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "facilitator").rglob("*.py")
        if looks.search(path.read_text())
    }
    assert found == {"facilitator/realtime/tally.py"}
