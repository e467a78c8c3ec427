"""The process that reads people's texts: real children that hang, eat memory and die; and the next text is answered."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from facilitator.curricula.keeper import BUSY, NOT_STARTED, TOO_LARGE, TOO_LONG, CannotRead, Keeper
from facilitator.curricula.parse import PlanError, parse_plan
from facilitator.curricula.stored import from_stored
from tests.conftest import ROOT
from tests.test_parse import PLAN

LIMIT_S = 0.3


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    """A worker as it is served."""
    with closing(Keeper()) as keeper:
        yield keeper


@pytest.fixture(scope="module")
def troubled() -> Iterator[Keeper]:
    """One with jobs that make trouble, and little patience."""
    with closing(Keeper(limit_s=LIMIT_S, module="tests.slow_worker")) as keeper:
        yield keeper


def is_alive(pid: int | None) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid or 0, 0)
        return pid is not None
    return False


def test_a_text_is_read_as_the_reader_reads_it(keeper: Keeper) -> None:
    assert from_stored(keeper.ask("read", text=PLAN)["stored"]) == parse_plan(PLAN)


def test_mistakes_come_back_with_their_lines(keeper: Keeper) -> None:
    with pytest.raises(PlanError) as refused:
        keeper.ask("read", text=PLAN.replace("title:", "titel:"))

    assert [problem.line for problem in refused.value.problems][-1] == 3
    assert keeper.ask("check", text=PLAN.replace("title:", "titel:"))["plan"] is None


def test_the_segment_around_a_line_is_there_although_another_has_mistakes(keeper: Keeper) -> None:
    broken = PLAN.replace("## Check-in", "## Chekc-in")
    line = broken.split("\n").index("1. Pick a mild urge, 4 or less") + 1

    seen = keeper.ask("look", text=broken, line=line)

    assert seen["errors"] and not seen["around"]["mistakes"]
    assert seen["around"]["segment"]["title"] == "Ride one small wave"
    assert "<strong>your</strong>" in seen["around"]["segment"]["html"]


@pytest.mark.parametrize("line", [-5, 0, 1, 3, 10**9])
@pytest.mark.parametrize("text", ["", "\n", "---", "## ", PLAN, "\x00", "\ud800", "x" * 5000])
def test_any_line_of_any_text_can_be_looked_at(keeper: Keeper, text: str, line: int) -> None:
    assert keeper.ask("look", text=text, line=line)["errors"] or text == PLAN


def test_a_text_that_hangs_is_given_up_and_the_next_one_is_answered(troubled: Keeper) -> None:
    started, before = time.monotonic(), (troubled.ask("clean", text="a"), troubled.pid)[1]

    with pytest.raises(CannotRead, match=TOO_LONG):
        troubled.ask("hang")

    assert time.monotonic() - started < LIMIT_S + 2
    assert not is_alive(before)
    # The next one does not wait for somebody's text.
    assert is_alive(troubled.pid)
    assert troubled.ask("clean", text="b")["text"] == "b"


def test_an_answer_that_came_too_late_is_nobody_elses(troubled: Keeper) -> None:
    with pytest.raises(CannotRead, match=TOO_LONG):
        troubled.ask("answer_late", text="somebody's words", seconds=LIMIT_S + 0.05)

    assert [troubled.ask("clean", text=text)["text"] for text in ("one", "two")] == ["one", "two"]


@pytest.mark.parametrize(("job", "arguments"), [("eat", {"megabytes": 2000}), ("end", {}), ("no such job", {})])
def test_a_text_that_ends_the_process_ends_nothing_else(troubled: Keeper, job: str, arguments: dict[str, int]) -> None:
    with pytest.raises(CannotRead, match=TOO_LARGE):
        troubled.ask(job, **arguments)

    assert troubled.ask("clean", text="b")["text"] == "b"


def test_a_process_that_was_ended_from_outside_is_replaced_and_nobody_notices(troubled: Keeper) -> None:
    troubled.ask("clean", text="a")
    assert troubled.pid is not None
    os.kill(troubled.pid, 9)

    assert troubled.ask("clean", text="b")["text"] == "b"


def test_a_text_in_whose_middle_the_process_was_ended_is_read_by_the_next(troubled: Keeper, tmp_path: Path) -> None:
    assert troubled.ask("end_once", place=str(tmp_path / "ended")) == "read"


def test_texts_wait_their_turn_but_not_for_ever() -> None:
    with closing(Keeper(limit_s=1, turn_s=0.05, module="tests.slow_worker")) as keeper:
        keeper.ask("clean", text="a")
        slow = threading.Thread(target=keeper.ask, args=["answer_late"], kwargs={"text": "", "seconds": 0.4})
        slow.start()
        while not keeper.is_busy:
            time.sleep(0.001)
        with pytest.raises(CannotRead, match=BUSY):
            keeper.ask("clean", text="b")
        slow.join()
        assert keeper.ask("clean", text="c")["text"] == "c"


def test_the_process_is_told_none_of_our_secrets(troubled: Keeper) -> None:
    os.environ["FACILITATOR_SECRET_KEY"] = "a secret that a text must never reach"
    try:
        troubled.close()
        assert "FACILITATOR_SECRET_KEY" not in troubled.ask("environment")
    finally:
        del os.environ["FACILITATOR_SECRET_KEY"]


def test_a_process_that_cannot_start_is_said() -> None:
    with pytest.raises(CannotRead, match=NOT_STARTED):
        Keeper(module="tests.no_such_module").ask("clean", text="")


def test_the_process_ends_with_the_server(tmp_path: Path) -> None:
    program = (
        "import os; from facilitator.curricula.keeper import Keeper; keeper = Keeper(); keeper.ask('clean', text='');"
        "print(keeper.pid, flush=True); os._exit(1)"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    pid = int(told.stdout)
    for _ in range(500):
        if not is_alive(pid):
            break
        time.sleep(0.01)
    assert not is_alive(pid)


# 20 kB of [ take the Markdown library 15 s, and its other weaknesses are like that one.
@pytest.mark.parametrize("weight", ["[", "![", "*_", "`", "<a "])
@pytest.mark.parametrize("place", ["Feet on the floor", '"Welcome."', "Strongest craving in the last day", "TIP 47"])
def test_no_text_takes_long(keeper: Keeper, weight: str, place: str) -> None:
    text = PLAN.replace(place, weight * (200_000 // len(weight)), 1)

    assert keeper.ask("look", text=text, line=20)["errors"]


@pytest.mark.parametrize("minutes", ["-5", "NaN", "1000000000", "0", "1e9", "\u0665"])
def test_no_timer_is_taken_that_no_room_could_run(keeper: Keeper, minutes: str) -> None:
    assert keeper.ask("check", text=PLAN.replace("(18 min", f"({minutes} min"))["errors"]


@pytest.mark.parametrize("setting", ["id", "title", "track", "version", "length"])
def test_a_missing_setting_is_named(keeper: Keeper, setting: str) -> None:
    text = "\n".join(line for line in PLAN.split("\n") if not line.startswith(f"{setting}:"))

    assert f"The setting '{setting}' is missing." in [said for _, said in keeper.ask("check", text=text)["errors"]]


@pytest.mark.parametrize("plan_id", ["../T99", "CON", "lpt1", "a" * 65, "T 99", "T99\u202e", "T99.md", "\uff34"])
def test_an_id_that_could_be_another_file_is_refused(keeper: Keeper, plan_id: str) -> None:
    assert keeper.ask("check", text=PLAN.replace("id: T99", f"id: {plan_id}"))["errors"]


def test_ten_megabytes_and_a_bomb_of_aliases_are_refused_in_a_sentence(keeper: Keeper) -> None:
    [[line, said]] = keeper.ask("check", text="x" * 10_000_000)["errors"]
    assert line == 1 and "too large" in said
    aliases = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    bomb = PLAN.replace("language: en", f"a0: &a0 [x]\n{aliases}")
    assert keeper.ask("check", text=bomb)["errors"]
