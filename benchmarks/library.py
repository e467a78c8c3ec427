"""How the library holds up: pages with 50, 500 and 5,000 plans, and reading one plan, in one run.

    python -m benchmarks.library [--plans 50 500 5000] [--requests 30]

Each library is a real SQLite file, filled with copies of the plans that come with the product under other ids. Pages
are asked for through Flask's test client, signed in, so that what is measured is the server's own time; the figures
are medians in milliseconds. The first baseline is a page that knows no plans (the list of one group), the second is
the rendering of one plan's screens by Markdown alone.

bare page    the baseline
library      the first page of the library                       (to reach: 100 ms with 5,000 plans)
words        a search for two words                              (to reach: 100 ms)
misspelt     a search for two words that no plan has, and what may have been meant
filters      track, length, kind of segment and a group's state, by title
last page    the last fifty
plan         one plan's page
schedule     the form that schedules a session
after        the library again, right after one more plan was published
then         and a misspelt search, the first one since
starting     looking at every plan once, as a server does when it starts
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from facilitator import create_app
from facilitator.curricula.advice import advise
from facilitator.curricula.html import to_html
from facilitator.curricula.keeper import Keeper
from facilitator.curricula.library import Library, PlanFile
from facilitator.curricula.parse import read_plan
from facilitator.house import House
from facilitator.people import groups, staff
from facilitator.people.passwords import hashed
from facilitator.records import editions
from facilitator.records.shelf import Shelf
from facilitator.settings import read_settings

PAGES = {
    "bare page": "/groups",
    "library": "/plans",
    "words": "/plans?words=wave+breath",
    "misspelt": "/plans?words=wawe+braeth",
    "filters": "/plans?track=both&track=addiction&minutes=60&kind=review&group={group}&state=not+yet&sort=title",
    "last page": "/plans?page=999999",
    "plan": "/plans/T04",
    "schedule": "/sessions/schedule?plan=T04&length=90",
}
WAYS = (*PAGES, "after", "then", "starting")


@dataclass(frozen=True)
class Opened:
    """A library with its server and a browser that is signed in."""

    house: House
    browser: FlaskClient
    group: str
    author: str


def main() -> None:
    """Measure, and print a table of pages and one of readings."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--plans", type=int, nargs="+", default=[50, 500, 5000])
    reader.add_argument("--requests", type=int, default=30)
    asked = reader.parse_args()
    figures = {number: _pages(number, asked.requests) for number in asked.plans}
    _print_pages(figures)
    _print_readings(_readings(asked.requests))


def _pages(number: int, requests: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="library-") as folder:
        opened = _open(Path(folder), number)
        with closing(opened.house.db):
            figures = {
                name: _median(partial(_get, opened, address), requests)
                for name, address in PAGES.items()
            }
            _publish(opened, _copies(1, start=number))
            figures["after"] = _once(lambda: _get(opened, PAGES["library"]))
            figures["then"] = _once(lambda: _get(opened, PAGES["misspelt"]))
            figures["starting"] = _once(lambda: _look_at_all(opened.house))
    return figures


def _open(folder: Path, number: int) -> Opened:
    environ = {"FACILITATOR_ASYNC_MODE": "threading", "FACILITATOR_RUNTIME": str(folder / "runtime")}
    app = create_app(read_settings(environ, url="http://localhost", data=folder / "data"))
    house = app.extensions["facilitator"]
    with house.db.write() as db:
        fern = staff.add_staff(db, "fern@example.org", "Fern", "facilitator", hashed("a long enough password"), 0)
        group = groups.add_group(db, "Benchmark", curriculum="addiction")
        groups.assign(db, group.id, fern.id)
        token = staff.open_sign_in(db, fern.id, house.clock())
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    opened = Opened(house, browser, group.id, fern.id)
    with house.db.read() as db:
        there = len(editions.newest_of_all(db))
    _publish(opened, _copies(number - there))
    _get(opened, PAGES["library"])
    return opened


def _copies(number: int, start: int = 0) -> list[PlanFile]:
    """So many plans of the product under other ids and titles: of their size, and read once."""
    real = Library().plans()
    copies = []
    for place in range(start, start + number):
        file = real[place % len(real)]
        plan = replace(file.plan, id=f"X{place:05}", title=f"{file.plan.title}, {place}"[:80])
        text = file.text.replace(f"id: {file.plan.id}\n", f"id: {plan.id}\n", 1)
        copies.append(PlanFile(plan, text, file.path))
    return copies


def _publish(opened: Opened, files: list[PlanFile]) -> None:
    with opened.house.db.write() as db:
        for file in files:
            editions.publish(db, file.text, file.plan, author=None, now=opened.house.clock())


def _look_at_all(house: House) -> None:
    with house.db.read() as db:
        Shelf().stock(db)


def _get(opened: Opened, address: str) -> None:
    answer = opened.browser.get(address.format(group=opened.group))
    assert answer.status_code == 200, answer.status


def _readings(requests: int) -> dict[str, float]:
    """What reading the longest plan of the product takes."""
    text = max((file.text for file in Library().plans()), key=len)
    reading = read_plan(text)
    bodies = [segment.body for segment in reading.plan.segments]
    keeper = Keeper()
    keeper.ask("check", text=text)
    with closing(keeper):
        return {
            "bare Markdown": _median(lambda: [to_html(body) for body in bodies], requests),
            "checking": _median(lambda: advise(read_plan(text)), requests),
            "checking in the worker": _median(lambda: keeper.ask("check", text=text), requests),
            "preview in the worker": _median(lambda: keeper.ask("look", text=text, line=60), requests),
        }


def _median(do: Callable[[], Any], times: int) -> float:
    return statistics.median(_once(do) for _ in range(times))


def _once(do: Callable[[], Any]) -> float:
    """How long it takes, in milliseconds."""
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def _print_pages(figures: dict[int, dict[str, float]]) -> None:
    numbers = list(figures)
    print(f"{'ms, medians':<24}" + "".join(f"{number:>8} plans" for number in numbers) + "      growth  x bare page")
    for name in WAYS:
        row = [figures[number][name] for number in numbers]
        beside = row[-1] / figures[numbers[-1]]["bare page"]
        cells = "".join(f"{value:>14.1f}" for value in row)
        print(f"{name:<24}{cells}{row[-1] / row[0]:>12.1f}{beside:>13.1f}")


def _print_readings(figures: dict[str, float]) -> None:
    print(f"\n{'ms, one plan':<24}{'':>14}{'x bare Markdown':>18}")
    for name, value in figures.items():
        print(f"{name:<24}{value:>14.1f}{value / figures['bare Markdown']:>18.1f}")


if __name__ == "__main__":
    main()
