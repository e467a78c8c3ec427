"""The times at the ends of a screen's steps, at another length: what counts as a step, and what each step gets."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from facilitator.curricula.html import to_html
from facilitator.curricula.model import Kind, Segment
from facilitator.curricula.screen_times import Step, screen_in
from facilitator.curricula.segments import MOST_CHARACTERS


def shown(body: str, minutes: int, kind: Kind = Kind.EXERCISE) -> Segment:
    return Segment("Some steps", kind, minutes, body, to_html(body))


def fitted(body: str, was: int, now: int, kind: Kind = Kind.EXERCISE) -> str:
    screen = screen_in(shown(body, was, kind), now)
    assert screen.html == to_html(screen.body)
    return screen.body


LIST = "1. Look together: 3 min\n2. Try one, 4 min\n3. Ready? 3 min\n4. Your card: 7 min\n5. Read it (2 min)\n\nNow"


@pytest.mark.parametrize("kind", [Kind.EXERCISE, Kind.TEACHING, Kind.CLOSING, Kind.HOME_PRACTICE])
@pytest.mark.parametrize(
    ("now", "wanted"), [(14, (2, 3, 2, 5, 2)), (5, (1, 1, 1, 1, 1)), (6, (1, 1, 1, 2, 1)), (40, (6, 9, 6, 15, 4))]
)
def test_steps_that_fill_their_segment_fill_it_again(kind: Kind, now: int, wanted: tuple[int, ...]) -> None:
    body = fitted(LIST, 19, now, kind)

    assert tuple(map(int, re.findall("([0-9]+) min", body))) == wanted
    assert sum(wanted) == now
    assert re.sub("[0-9]+ min", "", body) == re.sub("[0-9]+ min", "", LIST)


def test_more_steps_than_minutes_keep_the_words_of_the_plan() -> None:
    screen = screen_in(shown(LIST, 19), 4)

    assert (screen.body, screen.steps) == (LIST, ())
    assert screen.left == ("3 min", "4 min", "3 min", "7 min", "2 min")


@pytest.mark.parametrize(
    ("line", "was", "now", "wanted"),
    [
        ("- Write: 1 min", 5, 10, "- Write: 2 min"),
        ("- Write: 1 minute", 5, 15, "- Write: 3 minutes"),
        ("- Write: 2 minutes", 10, 5, "- Write: 1 minute"),
        ("* Write:\t2 mins.", 10, 5, "* Write:\t1 min."),
        ("1) Write:5min", 20, 10, "1) Write:3min"),
        ("Be **kind** now\n- Write: 4 min", 10, 5, "Be **kind** now\n- Write: 2 min"),
        ("- **Write: 4 min**", 10, 5, "- **Write: 2 min**"),
        ("- Write: **4 min**", 10, 5, "- Write: **2 min**"),
        ("- **Write**, _4 min_", 10, 5, "- **Write**, _2 min_"),
        ("- Write \u2013 4 MIN", 10, 5, "- Write \u2013 2 MIN"),
        ("- Be still: 45 s", 10, 5, "- Be still: 25 s"),
        ("- Be still: 45 seconds", 10, 20, "- Be still: 90 seconds"),
        ("- Round two: 9 min, 3 each", 28, 18, "- Round two: 6 min, 2 each"),
        ("- Round two: 9 min, 3 min each", 28, 16, "- Round two: 5 min, 90 s each"),
        ("- Round two: 9 min (3 each)", 28, 50, "- Round two: 16 min (5 each)"),
        ("- Round two: **9 min**, 90 s each", 9, 18, "- Round two: **18 min**, 180 s each"),
    ],
)
def test_a_step_alone_keeps_its_share_and_its_words(line: str, was: int, now: int, wanted: str) -> None:
    assert fitted(line, was, now) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "- Wait 5 min",
        "- Around (5 min) the room",
        "- Talk for 5 min, then stop",
        "- Talk: 5 to 7 min",
        "- Talk: 5-7 min",
        "- Talk: 1.5 min",
        "- Talk: 1:30 min",
        "- In pairs: 2 x 3 min",
        "- In pairs: 3 min each",
        "- Walk, and come back at 5: 50 min",
        "- Nothing: 0 min",
        "Write: 5 min",
        "**Keep two anchors, give or take 30 min**",
    ],
)
def test_other_times_are_left_as_they_were_written(line: str) -> None:
    screen = screen_in(shown(f"{line}\n- Write: 4 min", 20), 10)

    assert screen.body == f"{line}\n- Write: 2 min"
    assert screen.html == to_html(screen.body)
    assert len(screen.left) == len(re.findall("min", line))


def test_a_time_without_a_mark_is_a_step_where_the_list_adds_up() -> None:
    assert fitted("1. Wait 5 min\n2. Write: 5 min", 10, 6) == "1. Wait 3 min\n2. Write: 3 min"
    # The marked ones fill the segment already.
    assert fitted("1. Wait 5 min\n2. Write: 10 min", 10, 6) == "1. Wait 5 min\n2. Write: 6 min"


def test_a_time_inside_a_step_stays() -> None:
    screen = screen_in(shown("1. Wait 5 min, then write: 4 min", 10), 5)

    assert (screen.body, screen.left) == ("1. Wait 5 min, then write: 2 min", ("5 min",))


def test_minutes_and_seconds_together_fill_their_segment_again() -> None:
    body = "- Settle: 45 s\n- Breathe: 45 s\n- Look: 30 s\n- Write: 3 min"

    assert screen_in(shown(body, 5), 7).steps == (Step(45, 70), Step(45, 65), Step(30, 45), Step(180, 240))
    for now in (2, 3, 4, 6, 7, 8, 30):
        assert sum(step.now for step in screen_in(shown(body, 5), now).steps) == now * 60
    assert fitted(body, 5, 1) == body


def test_steps_that_never_added_up_are_not_forced_to() -> None:
    assert fitted("- One: 6 min\n- Two: 11 min", 24, 12) == "- One: 3 min\n- Two: 6 min"
    assert fitted("- One: 5 min\n- Two: 9 min", 9, 90) == "- One: 50 min\n- Two: 90 min"
    # Longer than the whole segment: that is about something else.
    assert fitted("- One: 5 min\n- Two: 30 min", 9, 18) == "- One: 10 min\n- Two: 30 min"


def test_home_practice_names_times_of_the_days_to_come() -> None:
    assert fitted("- Each evening: 2 min", 5, 10, Kind.HOME_PRACTICE) == "- Each evening: 2 min"


def test_a_list_with_marks_that_make_nothing_bold_stays() -> None:
    assert fitted("1. Write: **5 min\n2. **Read: 5 min", 10, 20) == "1. Write: **5 min\n2. **Read: 5 min"


def test_a_screen_that_would_become_too_full_stays() -> None:
    full = f"{'word ' * 236}\n\n- Write: 9 min"
    full = "w" * (MOST_CHARACTERS - len(full)) + full

    assert fitted(full, 9, 10) == full
    assert fitted(full, 9, 8).endswith(": 8 min")


MARKS = st.sampled_from(["", "", "**", "_", "<b>", "</li>", "&", "&#53;", "\\", "(", "&nbsp;", "![a](b)", "# ", "\n"])
ENDS = ["5 min", "2 min", "12 minutes", "45 s", "9 min, 3 each", "1 minute", "0 min", "3 min each", "words"]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["- ", "1. ", "2) ", "* ", "  - ", "---", ""]),
        MARKS,
        st.sampled_from(["Write: ", "Write, ", "Write ", "", "(", "5 to "]),
        MARKS,
        st.sampled_from(ENDS),
        MARKS,
    ).map("".join),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@example(["1. Write: 5 min", "", "&nbsp;", "- 5 min"], 10, 20)
@given(LINES, st.integers(1, 30), st.integers(1, 60))
def test_whatever_is_written_the_screen_shows_the_text(lines: list[str], was: int, now: int) -> None:
    segment = shown("\n".join(lines).strip(), was)

    screen = screen_in(segment, now)

    assert screen.html == to_html(screen.body)
    if screen.steps and sum(step.was for step in screen.steps) == was * 60:
        assert sum(step.now for step in screen.steps) == now * 60
