"""Plans as their authors write them: whole, with each kind of mistake, and as no author would."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.advice import advise
from facilitator.curricula.model import Cue, CueKind, Kind, PromptKind, Scale
from facilitator.curricula.parse import PlanError, parse_plan, read_plan

PLAN = """---
id: T99
title: Riding out cravings
track: addiction
version: 1.10
length: 46 min
language: en
objectives:
  - Ride one urge without acting on it
sources: TIP 47
licence: CC BY 4.0
---

Words while people arrive.

## Opening: Arrive and settle (3 min)

Feet on the floor

> Say: "Welcome."
> and welcome back

## Check-in: How I am arriving (8 min)

Ask (scale 0-10, none to the strongest I have felt, sensitive): Strongest craving in the last day
> Aloud: "Think of your number."

Ask (choose one): Home practice since last time
- I did it
- I did some
- Not this time
> Aloud: "Answer inside your head."

> Cue: Read the room's picture as "some of us".

## Exercise: Ride one small wave (18 min, chime, overtime ok)

1. Pick a mild urge, 4 or less
2. Find where it sits in **your** body

> Safety: If someone *tells you* 7 or more, ask again in private.
> Opt out: Cool water.
> Remote: Cameras may be off.
> Handout: Wave sheet

## Break (10 min, silent, no timer)

## Home practice: Surf one urge (3 min)

Ask (choose up to 2): What could get in the way?
- Time
- People
- Mood
> Aloud: "Name one to yourself."

## Closing: One steady breath (4 min)

Ask (scale 1-5, not sure to very sure): How sure am I?
> Aloud: "Think of your number."
"""

# Words of the tools underneath. A clinician has never met them and never should.
TOOL_WORDS = re.compile(
    r"regex|pattern|pydantic|yaml|scalar|mapping|token|parse|string|boolean|none?type|exception|traceback|stream|"
    r"block|anchor|alias|\bnull\b|codec|byte|surrogate|\\|0x|expected|integer|toml|dict\b|\bkey\b",
    re.IGNORECASE,
)


def problems_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(PlanError) as caught:
        parse_plan(text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def line_of(words: str, text: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_whole_plan_says_who_it_is() -> None:
    plan = parse_plan(PLAN)

    assert (plan.id, plan.title, plan.track, plan.version) == ("T99", "Riding out cravings", "addiction", "1.10")
    assert (plan.minutes, plan.language, plan.licence, plan.sources) == (46, "en", "CC BY 4.0", "TIP 47")
    assert plan.objectives == ("Ride one urge without acting on it",)
    assert plan.welcome == "Words while people arrive."
    assert plan.welcome_html == "<p>Words while people arrive.</p>"


def test_segments_have_a_kind_a_time_and_options() -> None:
    plan = parse_plan(PLAN)

    assert [(segment.kind, segment.minutes) for segment in plan.segments] == [
        (Kind.OPENING, 3),
        (Kind.CHECK_IN, 8),
        (Kind.EXERCISE, 18),
        (Kind.BREAK, 10),
        (Kind.HOME_PRACTICE, 3),
        (Kind.CLOSING, 4),
    ]
    exercise, pause = plan.segments[2:4]
    assert (exercise.title, exercise.chime, exercise.overtime_ok, exercise.silent) == (
        "Ride one small wave",
        True,
        True,
        False,
    )
    assert (pause.title, pause.chime, pause.no_timer, pause.silent) == ("Break", False, True, True)


def test_the_room_sees_the_body_and_nothing_else() -> None:
    check_in, exercise = parse_plan(PLAN).segments[1:3]

    assert (check_in.body, check_in.html) == ("", "")
    assert exercise.body == "1. Pick a mild urge, 4 or less\n2. Find where it sits in **your** body"
    assert "<li>Find where it sits in <strong>your</strong> body</li>" in exercise.html


def test_private_lines_keep_their_purpose_and_go_on_below() -> None:
    opening, _, exercise, *_ = parse_plan(PLAN).segments

    assert opening.cues == (Cue(CueKind.SAY, words := '"Welcome." and welcome back', f"<p>{words}</p>"),)
    assert [cue.kind for cue in exercise.cues] == [
        CueKind.SAFETY,
        CueKind.OPT_OUT,
        CueKind.REMOTE,
        CueKind.HANDOUT,
    ]
    assert exercise.cues[0].text == "If someone *tells you* 7 or more, ask again in private."


def test_a_private_block_ends_where_its_indent_ends() -> None:
    text = PLAN.replace("> Cue: Read the room", "!!! cue\n    Read the room", 1).replace(
        "> Safety:", "!!! safety\n    Stay near.\n\n    Ask in private.\nLook around\n\n> Safety:", 1
    )

    check_in, exercise = parse_plan(text).segments[1:3]

    assert check_in.cues[0].text == "Read the room's picture as \"some of us\"."
    assert exercise.cues[0] == Cue(CueKind.SAFETY, "Stay near. Ask in private.", "<p>Stay near. Ask in private.</p>")
    assert exercise.body.endswith("\n\nLook around")


def test_questions_are_numbered_in_reading_order() -> None:
    plan = parse_plan(PLAN)
    craving, practice, hurdles, sure = (prompt for _, prompt in plan.prompts())

    assert [(index, prompt.id) for index, prompt in plan.prompts()] == [(1, "q1"), (1, "q2"), (4, "q3"), (5, "q4")]
    assert (craving.kind, craving.sensitive) == (PromptKind.SCALE, True)
    assert craving.scale == Scale(0, 10, "none", "the strongest I have felt")
    assert craving.aloud == '"Think of your number."'
    assert (practice.kind, practice.options) == (PromptKind.CHOICE, ("I did it", "I did some", "Not this time"))
    assert (hurdles.kind, hurdles.most, hurdles.sensitive) == (PromptKind.CHOICES, 2, False)
    assert sure.scale == Scale(1, 5, "not sure", "very sure")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("\n", "\r\n"),
        ("---\nid", "\ufeff---\nid"),
        ("Feet on the", "Feet\u00a0on\u2009the"),
        ("Feet on", "Fe\u200bet on"),
        ("> Say:", ">Say:"),
        ("> Say: ", "> Say:"),
        ("> Say:", "> SAY :"),
        ("## Exercise: Ride", "##exercise:  Ride"),
        ("(18 min, chime, overtime ok)", "(18 minutes,chime,  Overtime OK )"),
        ("- Time\n- People\n- Mood", "• Time\n•\tPeople\n\u25aa Mood"),
        ("(choose one):", "( Choose one ) :"),
        ("since last time\n- I", "since last time\n\n- I"),
        ("0-10, none to", "0 \u2013 10, none to"),
        ("> Opt out:", "> Opt-out:"),
        ('> Say: "Welcome."\n> and welcome back', '!!! say\n    "Welcome."\n\n    and welcome back\n'),
        ('> Say: "Welcome."\n> and welcome back', '> Say:\n> "Welcome."\n>\n> and welcome back'),
        ('> Say: "Welcome."\n> and welcome back', '  !!! say\n      "Welcome."\n      and welcome back'),
        ("title: Riding out cravings", 'title: "Riding out cravings"'),
        ("language: en\n", ""),
        ("title: Riding", "Title: Riding"),
        ("length: 46 min", "length: 46 Min"),
        ("  - Ride one urge", "  * Ride one urge"),
        ("  - Ride one urge", "  \u2013 Ride one urge"),
        ("- Time\n- People\n- Mood", "\u2013 Time\n\u00b7 People\n\uf0b7Mood"),
        ("- Time\n- People\n- Mood", "o\tTime\n\u00a7\tPeople\n\u25cf Mood"),
        ("- Not this time", "- Not this\n  time"),
        ("0-10, none to", "0\u201110, none to"),
        ("0-10, none to", "0 \u2212 10, none to"),
        ("Ask (choose one): Home practice", "**Ask (choose one):** Home practice"),
        ("## Check-in: How", "## Check\u2011in: How"),
        ("## Break (10 min, silent, no timer)", "## **Break (10 min, silent, no timer)**"),
        ("## Opening: Arrive and settle (3 min)", "## **Opening:** Arrive and settle (3 min) {#opening}"),
        ("## Opening: Arrive and settle (3 min)", "\\## Opening: Arrive and settle (3 min) ##"),
        ("> Say:", "> **Say:**"),
        ("> Safety:", "> *Safety* :"),
    ],
)
def test_what_word_processors_do_changes_nothing(written: str, instead: str) -> None:
    assert written in PLAN
    assert parse_plan(PLAN.replace(written, instead)) == parse_plan(PLAN)


SETTINGS = [
    ("title: Riding", "titel: Riding", "titel", "Did you mean 'title'?"),
    ("licence: CC", "license: CC", "license", "Did you mean 'licence'?"),
    ("id: T99\n", "", "---", "The setting 'id' is missing."),
    ("length: 46 min\n", "", "---", "The setting 'length' is missing."),
    ("id: T99", "id: T99\nid: T98", "id: T98", "'id' is set twice"),
    ("id: T99", "id: T 99", "id:", "An id is letters, digits and dashes"),
    ("title: Riding", "title: Riding: it", "title:", "second colon"),
    ("title: Riding", 'title: "Riding"', "title:", "after the closing quotation mark"),
    ("title: Riding", "title: 'Riding", "title:", "never closed"),
    ("title: Riding", "title Riding", "title Riding", "a name, a colon, a space and words"),
    ("title: Riding", "title:Riding", "title:Riding", "a name, a colon, a space and words"),
    ("title: Riding", "  title: Riding", "  title", "spaces in front"),
    ("title: Riding", "title: *Riding", "title:", "cannot start with &, * or !"),
    ("title: Riding", "title: &a Riding", "title:", "cannot start with &, * or !"),
    ("title: Riding", "title: !a Riding", "title:", "cannot start with &, * or !"),
    ("title: Riding", "title: @ Riding", "title:", "a mark that is not allowed"),
    ("title: Riding out cravings", "title:", "title:", "has no words"),
    ("title: Riding", "title: " + "Riding " * 12, "title:", "too long"),
    ("title: Riding out cravings", "title:\n  - one\n  - two", "title:", "without a list"),
    ("title: Riding out cravings", "title: {a: {b: c}}", "title:", "double quotes"),
    ("title: Riding", "title: > Riding", "title:", "a mark that is not allowed"),
    ("title: Riding out", 'title: "Riding\\q"', "title:", "a backslash"),
    ("title: Riding out", 'title: "Riding\\x1"', "title:", "a backslash"),
    ("title: Riding out cravings", 'title: "Riding\\0out"', "title:", "a backslash"),
    ("sources: TIP 47", 'sources: "TIP \\u202e47"', "sources:", "a backslash"),
    ("  - Ride one", '  - "\\ud800" # Ride one', '  - "', "a backslash"),
    ("track: addiction", "track: adiction", "track:", "Did you mean 'addiction'?"),
    ("version: 1.10", "version: newest", "version:", "A version is a number like 1.0"),
    ("length: 46 min", "length: 46", "length:", "in whole minutes, like 60 min"),
    ("length: 46 min", "length: 1 hour", "length:", "in whole minutes, like 60 min"),
    ("length: 46 min", "length: -46 min", "length:", "in whole minutes, like 60 min"),
    ("language: en", "language: English", "language:", "its short code"),
    ("  - Ride one", "  - Ride: one", "  - Ride", "a colon in this item"),
    ("  - Ride one", "  - - Ride one", "  - - Ride", "a list inside a list"),
    ("objectives:\n  - Ride", "objectives: Ride", "objectives:", "on a line of its own"),
    ("objectives:\n  - Ride", "objectives:\n  - x\n - Ride", " - Ride", "do not fit"),
    ("---\n\nWords", "Words", "---", "The settings have no end"),
    ("---\nid", "id", "id:", "A plan starts with its settings"),
    ("sources: TIP 47", "sources:\n" + "  - x\n" * 60, None, "This list is too long"),
]

HEADINGS = [
    ("(3 min)", "(3 mn)", "## Opening", "'3 mn' is not understood. Write it like (10 min)"),
    ("(3 min)", "(2.5 min)", "## Opening", "is not understood"),
    ("(3 min)", "(0 min)", "## Opening", "from 1 to 180 minutes"),
    ("(3 min)", "(900 min)", "## Opening", "from 1 to 180 minutes"),
    ("settle (3 min)", "settle", "## Opening", "Add a time"),
    ("settle (3 min)", "settle (3 min) now", "## Opening", "Add a time"),
    ("(18 min, chime,", "(18 min, chimes,", "## Exercise", "Did you mean 'chime'?"),
    ("## Exercise:", "## Exrcise:", "## Exrcise", "Did you mean 'Exercise'?"),
    ("## Exercise: Ride", "## Ride", "## Ride", "A segment starts with one of Opening, Check-in,"),
    ("## Exercise:", "### Exercise:", "### Exercise", "two #"),
    ("## Exercise:", "# Exercise:", "# Exercise", "two #"),
    ("## Exercise:", "Exercise:", "Exercise: Ride", "two #"),
    ("## Break (10", "**Break** (10", "**Break", "two #"),
    ("Feet on the floor", "# Feet on the floor", "# Feet", "Only a segment has a heading"),
    ("Feet on the floor", "### Feet", "### Feet", "Only a segment has a heading"),
    ("Arrive and settle", "Arrive " * 20, "## Opening", "too long"),
    ("Arrive and settle", "Arrive " * 40, "## Opening", "too long"),
]

SCALE = "Ask (scale 0-10, none to the strongest I have felt, sensitive)"
QUESTIONS = [
    (SCALE, "Ask (scale 0-10)", "Ask (scale", "what both ends of the scale mean"),
    (SCALE, "Ask (scale 0-10, sensitive)", "Ask (scale", "what both ends of the scale mean"),
    (SCALE, "Ask (scale 0-10, none to )", "Ask (scale", "what both ends of the scale mean"),
    (SCALE, "Ask (scale 0-10, near to far to me)", "Ask (scale", "Use 'to' only once"),
    (SCALE, f"Ask (scale 0-10, none to {'a lot ' * 9})", "Ask (scale", "to 40 characters"),
    (SCALE, "Ask (scale 1-4, none to a lot)", "Ask (scale", "at least 5 points"),
    (SCALE, "Ask (scale 0-11, none to a lot)", "Ask (scale", "at most 10"),
    (SCALE, "Ask (scale 2-9, none to a lot)", "Ask (scale", "from 0 or 1"),
    (SCALE, "Ask (scale 10-0, none to a lot)", "Ask (scale", "whole numbers"),
    (SCALE, "Ask (scale, none to a lot)", "Ask (scale", "like 0-10"),
    (SCALE, "Ask (a few wrds)", "Ask (a few", "'Ask (a few words): Text'"),
    (SCALE, "Ask (a few words, long)", "Ask (a few", "'long' is not understood"),
    (SCALE + ": Strongest craving", "Ask (text): A?\n- none\n\nAsk (text): B", "- none", "words has no options"),
    (SCALE, "Ask (mood)", "Ask (mood", "not a question I know"),
    (SCALE, "Ask", "Ask:", "not a question I know"),
    (SCALE, "Ask scale 0-10, none to a lot", "Ask scale", "not a question I know"),
    (SCALE, "Ask [scale 0-10, none to a lot]", "Ask [scale", "not a question I know"),
    (SCALE, "- Ask (scale 0-10, none to a lot)", "- Ask", "not a question I know"),
    (SCALE, "Ask (scale 0-10, none to a lot, sensative)", "Ask (scale", "Did you mean 'sensitive'?"),
    (SCALE + ":", SCALE, "Ask (scale", "not a question I know"),
    ("Strongest craving in the last day", "", "Ask (scale", "has no words"),
    ("Strongest craving in the last day", "long " * 50, "Ask (scale", "too long for a phone"),
    ("Strongest craving in the last day", "long " * 200, "Ask (scale", "too long"),
    ("last day\n> Aloud", "last day\n- none\n- some\n> Aloud", "- none", "A scale has no options"),
    ("choose one", "choose won", "Ask (choose won", "not a question I know"),
    ("choose one", "choose one, sensitiv", "Ask (choose one", "'sensitiv' is not understood"),
    ("choose up to 2", "choose up to 1", "Ask (choose up", "write 'choose one'"),
    ("choose up to 2", "choose up to 4", "Ask (choose up", "There are only 3 options"),
    ("- Time\n- People\n- Mood\n", "", "Ask (choose up", "2 to 8 options"),
    ("- Time\n- People\n- Mood\n", "- Time\n", "Ask (choose up", "2 to 8 options"),
    ("- Mood\n", "".join(f"- {n}\n" for n in range(7)), "Ask (choose up", "2 to 8 options"),
    ("- Mood", "- time", "- time", "'time' is there twice"),
    ("- Mood", "-", "-\n> Aloud", "This option has no words"),
    ("- Mood", "\n- Mood", "- Mood", "An empty line ended the options above"),
    ("- Mood", "- " + "Mood " * 20, "- Mood", "to 80 characters"),
    ("## Break", "Ask (choose one): A?\n- a\n- b\n" * 9 + "\n## Break", None, "at most 8 questions"),
    ("Words while", "Ask (choose one): Words while", "Ask (choose one): Words", "belong to a segment"),
]

PRIVATE = [
    ("> Cue:", "> Que:", "> Que", "Did you mean 'Cue'?"),
    ("> Cue:", "> Homework:", "> Homework", "starts with one of > Say:, > Cue:"),
    ("> Cue: Read", "> Read", "> Read", "starts with one of > Say:, > Cue:"),
    ("> Opt out: Cool water.", "> Opt out:", "> Opt out", "no words after its label"),
    ("> Cue: Read", "> Cue: " + "Read on. " * 300, "> Cue", "to 2000 characters"),
    ("> Cue: Read", "Cue: Read", "Cue: Read", "would be on the projector"),
    ("> Cue: Read", "**Cue:** Read", "**Cue", "would be on the projector"),
    ("> Cue: Read", "- > Cue: Read", "- > Cue", "would be on the projector"),
    ("> Cue: Read", "\\> Cue: Read", "\\> Cue", "would be on the projector"),
    ("> Cue: Read", "&gt; Cue: Read", "&gt; Cue", "would be on the projector"),
    ("> Cue: Read", "\u203a Read", "\u203a Read", "would be on the projector"),
    ("> Cue: Read", "\uff1eRead", "\uff1eRead", "would be on the projector"),
    ("> Cue: Read", "\u201cCue : Read", "\u201cCue", "would be on the projector"),
    ("> Cue: Read", "Facilitator note: Read", "Facilitator", "would be on the projector"),
    ("> Cue: Read", "!! cue\n    Read", "!! cue", "would be on the projector"),
    ("> Cue: Read", "???+ cue\n    Read", "???+ cue", "would be on the projector"),
    ("> Cue: Read", "!!!\n    Read", "!!!", "would be on the projector"),
    ("> Cue: Read", "<!-- Read -->", "<!-- Read", "would be on the projector"),
    ("> and welcome back", "and welcome back", "and welcome back", "right under a private one"),
    ('> Say: "Welcome."\n> and', "!!! say\nand", "and welcome back", "right under a private one"),
    ("- Mood", "- > Cue: Mood", "- > Cue: Mood", "would be on the projector"),
    ("> Cue: Read", "> Cue: " + "**Read** " * 30, "> Cue", "too many * or _"),
    ("Words while", "> Say: Words while", "> Say: Words", "belong to a segment"),
    ("Words while", "Safety: Words while", "Safety: Words", "belong to a segment"),
    ('> Say: "Welcome."', "> Aloud: Welcome", "> Aloud: Welcome", "there is no question above"),
    ('> Aloud: "Think', '> Aloud: Once\n> Aloud: "Think', '> Aloud: "Think', "already. Keep one"),
    ("> Remote:", "> Cue: x\n" * 60 + "> Remote:", None, "at most 60 lines"),
]

CHARACTERS = [
    ("Feet on", "Feet\x00 on", "Feet", "hidden control character"),
    ("Feet on", "Feet\x1b[31m on", "Feet", "hidden control character"),
    ("Feet on", "Feet\ron", "Feet", "hidden control character"),
    ("Feet on", "Feet\u202e on", "Feet", "turns the direction of writing"),
    ("Feet on", "Feet\ud800 on", "Feet", "half a letter"),
    ("Feet on", "Feet" + "\u0301" * 9 + " on", "Feet", "too many marks"),
    ("Feet on", "Feet " * 1000, "Feet", "This line is too long"),
    ("Feet on the floor", "Feet\n" * 50, "## Opening", "too many words below this line"),
    ("Feet on the floor", "**a** " * 50, "## Opening", "too many * or _"),
    ("Words while", "words\n" * 50, None, "too many words below this line"),
    ("title: Riding", "title: Rid\x00ing", "title", "hidden control character"),
]


@pytest.mark.parametrize(
    ("written", "instead", "where", "sentence"), [*SETTINGS, *HEADINGS, *QUESTIONS, *PRIVATE, *CHARACTERS]
)
def test_a_mistake_is_told_with_its_line(written: str, instead: str, where: str | None, sentence: str) -> None:
    assert written in PLAN
    text = PLAN.replace(written, instead, 1)

    found = problems_of(text)

    told = [line for line, message in found if sentence in message]
    assert told, found
    assert where is None or line_of(where, text) in told
    assert len(found) <= 3, found
    for _, message in found:
        assert not TOOL_WORDS.search(message), message


@pytest.mark.parametrize("text", ["", "\n", "   ", "---", "---\n---", "Hello", "\ufeff", "## Opening: Arrive (5 min)"])
def test_what_is_no_plan_at_all_is_told_so(text: str) -> None:
    for line, message in problems_of(text):
        assert 1 <= line <= max(1, len(text.splitlines()))
        assert not TOOL_WORDS.search(message)


def test_all_mistakes_come_at_once_in_the_order_of_the_lines() -> None:
    text = PLAN.replace("title:", "titel:").replace("(8 min)", "(8 mn)").replace("choose one", "choose won")

    lines = [line for line, _ in problems_of(text)]

    assert lines == sorted(lines)
    assert len(lines) == 4


def test_an_error_reads_like_a_list_for_an_editor() -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(PLAN.replace("version: 1.10", "version: x").replace("(18 min,", "(18 mn,"), "mine.md")

    assert str(caught.value).splitlines() == [
        "mine.md:5: 'x' is not understood. A version is a number like 1.0 or 1.10.",
        "mine.md:36: The time '18 mn' is not understood. Write it like (10 min) or (10 min, silent)."
        " Did you mean '18 min'?",
    ]


def test_a_hopeless_file_gets_fifty_mistakes_and_a_word() -> None:
    found = problems_of(PLAN + "Ask (nothing): x\n" * 5 + "## Nothing\n" * 20 + "> Nothing: x\n" * 90)

    assert len(found) == 51
    assert any("Mend these first" in message for _, message in found)


def test_a_file_that_is_too_large_is_told_so() -> None:
    assert problems_of(PLAN + "x" * 256 * 1024) == [(1, "This file is too large. A plan has at most 256 kB.")]
    assert "too long" in problems_of(PLAN + "\n" * 6000)[0][1]
    assert "at most 30 segments" in problems_of(PLAN + "## Process (1 min)\n" * 30)[0][1]


SLOW_PIECES = [*"[*>\\<\u0301", "![", "[a](", "*a", "*a*", "***a*", "_*", "&a ", "Ask (", "e\u0301", "- ", "1. "]
SLOW_LINES = ["- a\n", "a\n", "> Say: x\n", "Ask (choose one): x\n", "## Opening (1 min)\nx\n", "!!! cue\n  x\n"]


@pytest.mark.parametrize("piece", SLOW_PIECES + SLOW_LINES)
def test_no_text_takes_longer_than_a_second(piece: str) -> None:
    head = PLAN.split("## ", 1)[0]
    whole = head + "## Process (46 min)\n" + piece * ((200 * 1024) // len(piece.encode()))
    body = piece * (1100 // len(piece))
    screens = head + "".join(f"## Process (1 min)\n{body}\n" for _ in range(30))
    settings = "---\ntitle: " + "\n  ".join([piece.replace("\n", " ") * (3500 // len(piece))] * 4) + "\n---\n"

    for text in (whole, screens, settings):
        started = time.process_time()
        with suppress(PlanError):
            read_plan(text)
        assert time.process_time() - started < 1


def told_only_by_its_own_error(text: str) -> None:
    try:
        reading = read_plan(text)
    except PlanError as error:
        found = error.problems
    else:
        found = tuple(advise(reading))
        assert reading.plan.minutes == sum(segment.minutes for segment in reading.plan.segments)
    for problem in found:
        assert 1 <= problem.line <= max(1, len(text.splitlines()))


ANYTHING = st.text(st.characters(exclude_categories=())) | st.text("#>-*: \n\r()Ask0123456789,[]{}&!|\"'\\\x00")


@settings(max_examples=40, deadline=None)
@given(ANYTHING)
def test_any_text_is_a_plan_or_a_plan_error(text: str) -> None:
    told_only_by_its_own_error(text)
    told_only_by_its_own_error(f"---\n{text}\n---\n## Process (5 min)\n{text}")
    told_only_by_its_own_error(PLAN + text)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_plan_with_anything_anywhere_is_a_plan_or_a_plan_error(data: st.DataObject) -> None:
    lines = PLAN.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[where])))
        change = data.draw(st.sampled_from(["insert", "replace", "double", "drop", "move"]))
        if change == "insert":
            lines[where] = lines[where][:cut] + data.draw(ANYTHING) + lines[where][cut:]
        elif change == "replace":
            lines[where] = data.draw(ANYTHING)
        elif change == "double":
            lines.insert(where, lines[where])
        else:
            line = lines.pop(where)
            if change == "move":
                lines.insert(data.draw(st.integers(0, len(lines))), line)
    told_only_by_its_own_error("\n".join(lines))


WORDS = st.text("abcdefghij éñ", min_size=1, max_size=20).map(lambda words: " ".join(words.split())).filter(bool)
PIECES = st.tuples(st.sampled_from(list(Kind)), WORDS, st.integers(1, 90), st.booleans())


@settings(max_examples=25, deadline=None)
@given(WORDS, st.lists(PIECES, min_size=1, max_size=5), st.lists(WORDS, min_size=2, max_size=8, unique=True))
def test_what_is_written_is_what_is_read(
    title: str, pieces: list[tuple[Kind, str, int, bool]], options: list[str]
) -> None:
    length = sum(minutes for _, _, minutes, _ in pieces)
    text = f'---\nid: T1\ntitle: "{title}"\ntrack: both\nversion: 2\nlength: {length} min\n---\n'
    for kind, words, minutes, chime in pieces:
        option_words = ", chime" if chime else ""
        text += f"\n## {kind.value.capitalize()}: {words} ({minutes} min{option_words})\n{words}\n> Cue: {words}\n"
        text += "Ask (choose one):" + words + "\n" + "".join(f"- {option}\n" for option in options)
    if length > 480:
        assert "in whole minutes" in problems_of(text)[0][1]
        return

    plan = parse_plan(text)

    assert (plan.title, plan.minutes) == (title, length)
    assert [(s.kind, s.title, s.minutes, s.chime) for s in plan.segments] == pieces
    for segment, (_, words, _, _) in zip(plan.segments, pieces, strict=True):
        assert segment.html == f"<p>{words}</p>"
        assert [cue.text for cue in segment.cues] == [words]
        assert segment.prompts[0].options == tuple(options)
