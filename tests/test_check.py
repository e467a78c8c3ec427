"""What an author is told of files and folders before a plan is run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from facilitator.curricula.advice import advise
from facilitator.curricula.check import Finding, Level, check_paths
from facilitator.curricula.library import FOLDER
from facilitator.curricula.parse import read_plan
from tests.test_parse import PLAN, TOOL_WORDS

ORDER = 'title = "Evenings"\ntrack = "both"\nplans = ["T01", "T99"]\n'


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(*paths: Path) -> list[str]:
    return [f"{finding.line}: {finding.level}: {finding.message}" for finding in check_paths(paths)]


def test_the_plans_of_the_product_have_no_mistakes() -> None:
    assert [str(finding) for finding in check_paths([FOLDER])] == []


def test_a_good_plan_needs_no_words(tmp_path: Path) -> None:
    assert check_paths([written(tmp_path, "any.md", PLAN)]) == []


def test_a_mistake_is_one_line_for_an_editor(tmp_path: Path) -> None:
    path = written(tmp_path, "T99.md", PLAN.replace("title:", "titel:"))

    missing, unknown = check_paths([path])

    assert unknown == Finding(path, 3, Level.ERROR, "There is no setting 'titel'. Did you mean 'title'?")
    assert str(unknown) == f"{path}:3: error: There is no setting 'titel'. Did you mean 'title'?"
    assert str(missing) == f"{path}:1: error: The setting 'title' is missing."


ADVICE = [
    ("title: Riding out cravings", "title: Riding #3", "3: warning: The words after # are left out"),
    ("length: 46 min", "length: 60 min", "6: warning: The segments add up to 46 min, but the length is 60 min"),
    ("objectives:\n  - Ride one urge without acting on it\n", "", "2: warning: There are no objectives"),
    ("sources: TIP 47\n", "", "2: warning: There is no 'sources'. Say where the facts come from"),
    ("licence: CC BY 4.0\n", "", "2: warning: There is no 'licence'. Say whose words these are"),
    ("## Closing:", "## Review:", "56: warning: There is no Closing"),
    ("breath (4 min)", "breath (3 min)\n## Review: One (1 min)", "57: warning: The Closing is not the last segment"),
    ("Feet on the floor", "a\nb\nc\nd\n\ne\nf\ng", "25: warning: There are 7 lines on this screen"),
    ("Words while", "Words " * 12 + "while", "14: warning: This line is long for a screen"),
    ("Feet on the floor", "![feet](feet.png)", "18: warning: Pictures are not shown"),
    ("Feet on the floor", "[feet](feet.html)", "18: warning: Links are not shown"),
    ("Feet on the floor", "Put [feet](feet.html)", "18: warning: Links are not shown"),
    ("Feet on the floor", "Put ![feet](feet.png)", "18: warning: Pictures are not shown"),
    ("Feet on the floor", "[feet]: feet.html", "18: warning: Links are not shown"),
    ("Feet on the floor", "Feet <b>on</b>", "18: warning: The room would see these marks"),
    ("Feet on the floor", "Feet\n```", "19: warning: The room would see this row of marks"),
    ("Feet on the floor", "<b>Feet</b>", "18: warning: The room would see these marks"),
    ("Feet on the floor", "| Feet | floor |", "18: warning: Tables are not shown"),
    ("Feet on the floor", "Feet\n\n-----", "20: warning: The room would see this row of marks"),
    ('> Aloud: "Answer inside your head."\n', "", "28: warning: There is no '> Aloud:' line"),
    ('"Welcome."', '"' + "and welcome " * 30 + '"', "20: warning: A sentence of"),
    ("Feet on the floor", "How not to relapse", "18: warning: 'relapse' comes up here"),
    ("Strongest craving in", "Any substance use in", "25: warning: 'substance use' comes up in this question"),
    ("Feet on the floor", "If you want to hurt yourself", "18: warning: 'hurt yourself' comes up here"),
]


@pytest.mark.parametrize(("there", "instead", "advice"), ADVICE)
def test_advice_comes_with_its_line_and_stops_nothing(there: str, instead: str, advice: str, tmp_path: Path) -> None:
    assert there in PLAN

    [line] = told(written(tmp_path, "plan.md", PLAN.replace(there, instead, 1)))

    assert line.startswith(advice)
    assert not TOOL_WORDS.search(line)


def test_what_needs_help_is_not_asked_of_everyone_at_once(tmp_path: Path) -> None:
    asked = 'Ask (choose one): Thoughts of suicide today?\n- yes\n- no\n> Aloud: "Ask in private."\n\n'
    text = PLAN.replace("> Safety:", asked + "> Safety:")

    [line] = told(written(tmp_path, "plan.md", text))

    assert line == (
        "41: warning: 'suicide' comes up in this question. "
        "Nobody can tell whose answer it is, so nobody can help. Ask this in private instead."
    )


def test_long_rows_of_full_stops_are_read_soon() -> None:
    head = PLAN.split("## ", 1)[0]
    text = head + "".join("## Process (1 min)\n" + f"> Say: {'.' * 1990}\n\n" * 4 for _ in range(29))
    started = time.process_time()

    advise(read_plan(text))

    assert time.process_time() - started < 1


def test_a_safety_line_answers_a_risky_word(tmp_path: Path) -> None:
    text = PLAN.replace("Feet on the floor", "How not to relapse\n\n> Safety: Stay near.")

    assert told(written(tmp_path, "plan.md", text)) == []


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    latin = written(tmp_path, "latin.md", PLAN.replace("Feet", "Füße").encode("latin-1"))
    large = written(tmp_path, "large.md", PLAN + "é" * 150_000)

    assert told(latin)[0].startswith("18: error: This file is not saved as plain text in UTF-8.")
    assert told(large) == ["1: error: This file is too large. A plan has at most 256 kB."]
    assert told(written(tmp_path, "mac.md", PLAN.replace("\n", "\r"))) == []
    assert told(tmp_path / "none.md") == ["1: error: There is no file here."]
    assert told(tmp_path / ("long" * 80)) == ["1: error: This file cannot be opened."]


def test_a_name_cannot_order_the_terminal_about(tmp_path: Path) -> None:
    [missing] = check_paths([tmp_path / "a\x1b[2J\n\udcff.md"])

    assert str(missing).endswith("a\ufffd[2J\ufffd\ufffd.md:1: error: There is no file here.")


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    written(tmp_path / "both", "T99.md", PLAN)
    written(tmp_path / "both", "T98.MD", PLAN.replace("T99", "T98").replace("(18 min,", "(18 mn,"))
    written(tmp_path, "Evenings.Toml", ORDER.replace("T99", "t99"))
    written(tmp_path, "notes.txt", "not a plan")

    assert [(finding.path.name, finding.line) for finding in check_paths([tmp_path])] == [("T98.MD", 36)]


def test_a_folder_is_no_plan_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("T01.md", "evenings.toml", ".git"):
        (tmp_path / name).mkdir()
    written(tmp_path / "T01.md", "T99.MD", PLAN.replace("(18 min,", "(18 mn,"))
    written(tmp_path / ".git", "T98.md", "no plan of anybody's")
    written(tmp_path, "._T99.md", b"\x00\x05\x16\x07")

    assert [(finding.path.name, finding.line) for finding in check_paths([tmp_path])] == [("T99.MD", 36)]


def test_a_folder_that_cannot_be_opened_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "T99.md", PLAN)
    (tmp_path / "closed").mkdir(mode=0)
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    me = os.geteuid()
    # Whoever may do everything is let in everywhere.
    os.seteuid(me or 65534)
    try:
        found = check_paths([Path()])
    finally:
        os.seteuid(me)

    assert [str(each) for each in found] == ["closed:1: error: This folder cannot be opened."]


def test_a_folder_without_plans(tmp_path: Path) -> None:
    assert told(tmp_path) == ["1: error: There are no plans in this folder."]


def test_two_plans_cannot_share_an_id(tmp_path: Path) -> None:
    first, second = written(tmp_path, "T99.md", PLAN), written(tmp_path, "copy.md", PLAN)

    assert told(first, first) == []
    assert told(first, second) == [f"2: error: The id 'T99' is taken by {first}. Give this plan another."]


def test_two_ids_cannot_differ_in_large_and_small_letters_alone(tmp_path: Path) -> None:
    first, second = written(tmp_path, "a.md", PLAN), written(tmp_path, "b.md", PLAN.replace("id: T99", "id: t99"))

    [said] = told(first, second)
    assert said == f"2: error: The id 't99' is taken by {first}, as 'T99'. Give this plan another."


def test_a_file_in_a_folder_is_named_by_its_plan(tmp_path: Path) -> None:
    written(tmp_path, "cravings.md", PLAN)

    assert told(tmp_path) == ["2: warning: This plan's id is 'T99'. Name its file T99.md."]


ORDERS = [
    ('title = "Evenings"\n', "", "1: error: The setting 'title' is missing."),
    ("plans", "plan", "3: error: There is no setting 'plan'. Did you mean 'plans'?"),
    ('"T99"', '"T98"', "3: error: There is no plan 'T98' here. Did you mean 'T99'?"),
    ('"Evenings"', "Evenings", "1: error: This line is not understood."),
    ('"Evenings"', "5", "1: error: Write 'title' as words"),
    ('"Evenings"', '""', "1: error: A title has from 1 to 80 characters."),
    ('"both"', '"bath"', "2: error: 'bath' is not a track."),
    ('"both"', '"both"\n[x]\ny = 1', "3: error: There is no setting 'x'."),
    ('"Evenings"\ntrack = "both"', '"The track"\ntrack = "bath"', "2: error: 'bath' is not a track."),
    ('Evenings"\ntrack = "both"\nplans = ["T01"', 'T98, again"\ntrack = "both"\nplans = ["T98"', "3: error: There is"),
    ('["T01", "T99"]', "5", "3: error: Write the plans as a list of their ids"),
    ('["T01", "T99"]', "[]", "3: error: Write the plans as a list of their ids"),
    ('["T01", "T99"]', '["../T01"]', "3: error: Write the plans as a list of their ids"),
    ('["T01", "T99"]', "[" * 3000, "3: error: This line is not understood."),
    ('["T01", "T99"]', "x = " * 900, "3: error: This line is not understood."),
    ('"both"', '"both"\nlanguage = "English"', "3: error: 'English' is not understood."),
    ("Evenings", "Even\\u0000ings", "1: error: There is a backslash in this file that spells out a hidden character."),
    ("Evenings", "Even\x00ings", "1: error: This line holds a hidden control character."),
    ("plans = ", "about = 0" + "9" * 3900 + "\nplans = ", "3: error: This line is not understood."),
    ("plans = ", ("# and so on" * 300 + "\n") * 6 + "plans = ", "1: error: This file is too long."),
    ("Evenings", "Evenings " * 2000, "1: error: This line is too long."),
]


@pytest.mark.parametrize(("there", "instead", "sentence"), ORDERS)
def test_a_mistake_in_the_order_of_plans(there: str, instead: str, sentence: str, tmp_path: Path) -> None:
    written(tmp_path, "T99.md", PLAN)
    path = written(tmp_path, "evenings.toml", ORDER.replace(there, instead, 1))

    lines = told(path)

    assert any(sentence in line for line in lines), lines
    assert not any(TOOL_WORDS.search(line) for line in lines)
