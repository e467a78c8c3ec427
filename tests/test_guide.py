"""The guide for authors keeps its word: its examples run, its limits are the real ones, and it leaves nothing out."""

from __future__ import annotations

import re

import pytest

from facilitator.curricula import (
    advice,
    exercise_times,
    exercises,
    front_matter,
    headings,
    parse,
    questions,
    segments,
    text,
)
from facilitator.curricula.advice import advise
from facilitator.curricula.breaks import BREAK_MINUTES, breaks_in
from facilitator.curricula.curriculum import parse_curriculum
from facilitator.curricula.exercise_times import exercises_in
from facilitator.curricula.exercises import FORMS, with_time
from facilitator.curricula.fit import LENGTHS, MINIMUMS
from facilitator.curricula.model import LONGEST_CARD, Kind, Part
from facilitator.curricula.parse import PlanError, parse_plan, read_plan
from facilitator.curricula.private_lines import ALOUD, LABELS
from facilitator.curricula.screen_times import screen_in
from facilitator.curricula.weeks import OTHERS
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "curriculum.md").read_text()
LINES = " ".join(GUIDE.split())
WHOLE, *PIECES = re.findall(r"```markdown\n(.*?)```", GUIDE, re.S)
MISTAKES = re.search(r"\| you wrote \| it says \|\n\| --- \| --- \|\n((?:\|.*\n)+)", GUIDE)
TOP = "---\nid: W03\ntitle: Piece\ntrack: both\nversion: 1.0\nlength: 200 min\n---\n\n"
HEADING = "## Exercise: Piece (60 min)\n\n"


def piece(words: str) -> str:
    """A plan around a few lines of one."""
    return TOP + ("" if words.startswith("## ") else HEADING) + words


def test_the_whole_plan_runs_and_the_checker_has_nothing_to_say() -> None:
    reading = read_plan(WHOLE)
    assert reading.plan.minutes == 20
    assert advise(reading) == []


@pytest.mark.parametrize("words", PIECES)
def test_every_piece_can_stand_in_a_plan(words: str) -> None:
    assert parse_plan(piece(words)).segments


@pytest.mark.parametrize("part", Part)
def test_every_exercise_is_shown_by_the_sentence_that_the_checker_gives(part: Part) -> None:
    row = next((line for line in GUIDE.splitlines() if line.startswith(f"| `{FORMS[part].example}` |")), None)
    assert row is not None, f"Add a row for {FORMS[part].example}"
    assert ("Private" in row) == part.private


def test_every_kind_label_setting_option_and_track_is_named() -> None:
    wanted = [kind.value.capitalize() for kind in Kind]
    wanted += [f"`> {label.capitalize()}:`" for label in (*LABELS, ALOUD)]
    wanted += [f"| `{name}` | {'yes' if name in front_matter.NEEDED else 'no'} |" for name in front_matter.NAMES]
    wanted += [f"`{name}`" for name in (*headings.OPTIONS, *front_matter.TRACKS, questions.SENSITIVE)]
    assert [words for words in wanted if words not in LINES] == []


def test_every_limit_is_the_real_one() -> None:
    wanted = (
        f"up to {front_matter.LONGEST_TITLE} characters",
        f"{advice.SCREEN_LINES} short lines",
        f"from {advice.SCREEN_CHARACTERS} characters on",
        f"over {advice.SPOKEN_WORDS} words",
        f"at most {parse.MOST_SEGMENTS} segments",
        f"from 1 to {headings.LONGEST_SEGMENT} minutes",
        f"at most {questions.HIGHEST_TOP}, at least {questions.LOWEST_TOP + 1} points",
        f"{questions.FEWEST_OPTIONS} to {questions.MOST_OPTIONS} options",
        f"up to {LONGEST_CARD} characters",
        f"at most {segments.MOST_QUESTIONS} questions, a question at most {questions.LONGEST_QUESTION} characters",
        f"an option {questions.LONGEST_OPTION}",
        f"at most {segments.MOST_EXERCISES} exercises",
        f"{exercises.MOST_ITEMS} lines of up to {exercises.LONGEST_ITEM} characters",
        f"{exercises.MOST_CHARACTERS} in all",
        f"from {exercises.LEAST_S} seconds to {exercises.MOST_S // 60} minutes",
        f"at most {exercises.MOST_ROUNDS} rounds",
        f"up to {exercises.LONGEST_TEXT} characters, each choice between `/` marks {exercises.LONGEST_LABEL}",
        f"both ends have words, up to {questions.LONGEST_END} characters",
        f"at most {text.MAX_BYTES // 1024} kB and {text.MAX_LINES} lines",
        f"breaks included; at most {front_matter.LONGEST_PLAN}",
    )
    assert [words for words in wanted if words not in LINES] == []


def test_every_mistake_in_the_table_is_answered_as_it_says() -> None:
    assert MISTAKES is not None
    rows = re.findall(r"\| `(.+)` \| (.+) \|\n", MISTAKES[1])
    assert len(rows) == len(MISTAKES[1].splitlines())
    for wrote, says in rows:
        with pytest.raises(PlanError) as error:
            parse_plan(piece(wrote))
        assert any(says in problem.message for problem in error.value.problems), (wrote, error.value)


def test_every_list_and_every_choice_has_the_length_that_is_told() -> None:
    needed = {part: form.items for part, form in FORMS.items() if form.items[0]}
    least = {part: items[0] for part, items in needed.items() if items[0] != 2}
    assert least == {Part.RANK: 3, Part.VALUES_CARDS: 4} and "`rank` needs 3, `values cards` 4" in LINES
    assert {part for part, items in needed.items() if items[1] == 10} == {Part.QUIZ}
    assert "a quiz has at most 10" in LINES
    free = {part.value for part, form in FORMS.items() if form.items == (0, exercises.MOST_ITEMS)}
    assert free == {"ladder", "week grid", "role-play", "silent writing", "thought record"}
    assert "A ladder, a week grid, a role-play, silent writing and a thought record may have a list or none" in LINES
    labels = {part: form.labels for part, form in FORMS.items() if form.labels[1]}
    assert labels == {
        Part.SORT_CARDS: (2, 4),
        Part.SCENARIO_CARDS: (2, 4),
        Part.ROLE_PLAY: (3, 3),
        Part.WEEK_GRID: (1, 6),
        Part.DECISION_GRID: (2, 2),
    }
    assert "2 to 4 piles, 2 to 4 choices in scenarios, exactly 3 roles, 1 to 6 rows of a week" in LINES
    assert "and two times two for a decision" in LINES


def test_what_is_said_of_quotes_ids_handouts_and_other_names_holds() -> None:
    title = re.search(r'`(title: ".+: .+")`', GUIDE)
    assert title is not None
    assert parse_plan(piece("Words").replace("title: Piece", title[1])).title.count(":") == 1
    for plan_id in ("CON", "nul"):
        with pytest.raises(PlanError, match="Windows"):
            parse_plan(piece("Words").replace("id: W03", f"id: {plan_id}"))
    private = "> Handout: one\n> and on\n> Handout: two\n\n!!! cue\n    Wait.\n\n"
    [segment] = parse_plan(piece(f"{private}Ask (word): One?\n\nAsk (text): Two?")).segments
    assert [(cue.kind.value, cue.text) for cue in segment.cues] == [
        ("handout", "one and on"),
        ("handout", "two"),
        ("cue", "Wait."),
    ]
    assert {prompt.kind.value for prompt in segment.prompts} == {"words"}


def test_the_exercises_that_may_have_a_time_take_one() -> None:
    timed = {part for part in Part if "lasts" in FORMS[part].takes - FORMS[part].needs}
    assert timed == {Part.LADDER, Part.DECISION_GRID, Part.WEEK_GRID, Part.THOUGHT_RECORD, Part.PLAN_BUILDER}
    assert "A ladder, a grid, a thought record and a plan builder may have a time, too" in LINES


def test_what_the_browser_calls_things_is_what_the_guide_calls_them() -> None:
    screens = " ".join(path.read_text() for path in (ROOT / "templates" / "plans").glob("*.html")).casefold()
    section = GUIDE.split("## In the browser\n")[1].split("\n## ")[0]
    names = re.findall(r"\*\*(.+?)\*\*|(?<!\*)\*([A-Z].+?)\*", section)
    named = {(bold or slanted).casefold() for bold, slanted in names}
    assert {"write a plan", "try it", "take along"} <= named
    assert [name for name in named if name not in screens and name not in ("plans", "paste", "line 29")] == []


def test_the_lengths_and_their_rule_are_the_real_ones() -> None:
    *first, last = map(str, LENGTHS)
    assert f"{', '.join(first)} or {last} minutes" in LINES
    rows = re.findall(r"\| ([A-Z][a-z -]+) \| ([0-9]+) \|", GUIDE)
    assert {kind: int(least) for kind, least in rows} == {kind.capitalize(): least for kind, least in MINIMUMS.items()}
    assert [breaks_in(length) for length in LENGTHS] == [0, 0, 0, 1, 2, 2]
    assert f"one break of {BREAK_MINUTES} minutes" in LINES


def test_the_times_in_the_guide_become_what_it_says() -> None:
    table = GUIDE.split("| in 19 min | in 14 min |\n| --- | --- |\n")[1].split("\n\n")[0]
    rows = re.findall(r"\| `(.+)` \| `(.+)` \|", table)
    assert len(rows) == len(table.splitlines())
    *steps, call = (before for before, _ in rows)
    lines = "\n".join(steps)
    segment = parse_plan(piece(f"## Exercise: Try it (19 min)\n\n{lines}\n\n{call}\n- What\n- When")).segments[0]

    screen = screen_in(segment, 14)
    [exercise] = exercises_in(segment, 14, screen.steps)

    assert [*screen.body.splitlines(), with_time(call, exercise.each_s)] == [after for _, after in rows]
    assert sum(step.was for step in screen.steps) == 19 * 60
    assert sum(step.now for step in screen.steps) == 14 * 60


def test_what_is_said_of_times_at_another_length_is_true() -> None:
    left = re.findall("`(.+?)`", GUIDE.split("All else is left: ")[1].split("\n\n")[0])
    assert len(left) == 3
    for words in left:
        segment = parse_plan(piece(f"## Exercise: Try it (20 min)\n\n- {words}")).segments[0]
        assert screen_in(segment, 10).body == f"- {words}"
    assert f"longer than {exercise_times.TIMES_AS_LONG} times what you wrote" in LINES
    assert f"longer than {exercise_times.LONGEST_TURN_S} seconds" in LINES
    assert f"as long as {exercises.LEAST_S} seconds for each step are enough" in LINES


def test_the_curriculum_in_the_guide_adds_up() -> None:
    example = re.search(r"```toml\n(.*?)```", GUIDE, re.S)
    assert example is not None
    [week] = parse_curriculum(example[1], "guide").weeks
    assert week.net == 390
    assert all(f"`{name}`" in LINES for name in OTHERS)
