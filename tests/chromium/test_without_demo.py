"""From an empty folder to a co-signed note: the first administrator at a terminal, everything else in the browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium.room import answer, button, heading, sign_in
from tests.chromium.windows import Guard, Windows
from tests.conftest import PASSWORD, ROOT, ZONE
from tests.program import PATIENCE_S, Program

# A wrong password, a command without control, and a phone that asks once more after the end.
REFUSED = ("status of 422", "status of 409", "status of 410")
FIRST_PASSWORD = "nine green kettles hum"


@pytest.fixture
def windows(chromium: Browser, tmp_path: Path) -> Iterator[Windows]:
    """Windows onto ``facilitator serve`` on an empty folder, where one administrator was added."""
    environ = {
        "FACILITATOR_DATA": str(tmp_path / "data"),
        "FACILITATOR_RUNTIME": str(tmp_path / "runtime"),
        "FACILITATOR_TIME_ZONE": ZONE.key,
    }
    command = ["staff", "add", "ada@clinic.example", "--role", "administrator", "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "facilitator", *command],
        input=f"{PASSWORD}\n",
        env=dict(os.environ) | environ,
        cwd=ROOT,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    with Program("serve", "--port", "0", environ=environ) as serving:
        url = re.search(r"http://[\d.:]+\d", serving.line())
        assert url is not None
        windows = Windows(chromium, url[0], Guard(url[0]))
        yield windows
        windows.close()
        assert serving.end() == (0, "")
    windows.guard.nothing_went_wrong()


def test_a_clinic_begins_and_holds_its_first_session(windows: Windows) -> None:
    windows.guard.expect(*REFUSED)
    ada = windows.laptop("/sign-in")
    sign_in(ada, "ada@clinic.example", PASSWORD)
    staff_are_added(ada)
    group_is_made(ada)
    fern = somebody_gets_a_new_password(ada, windows)
    somebody_is_switched_off(ada, windows)
    sessions_are_scheduled(fern)
    one_is_cancelled(fern)
    plan_is_changed(fern)
    session_is_run(fern, windows)
    note_is_signed_twice(fern, windows)


def go_to(page: Page, place: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def staff_are_added(ada: Page) -> None:
    for name, role in (("Fern", "Facilitator"), ("Gus", "Facilitator"), ("Kit", "Facilitator"), ("Sol", "Supervisor")):
        go_to(ada, "Staff")
        ada.get_by_role("link", name="Add somebody").click()
        ada.get_by_label("Name").fill(name)
        ada.get_by_label("Email").fill(f"{name.lower()}@clinic.example")
        ada.get_by_role("radio", name=role).check()
        ada.get_by_label("First password").fill(FIRST_PASSWORD)
        button(ada, "Add to staff").click()
        expect(ada.get_by_role("row", name=f"{name} {name.lower()}@clinic.example {role} Yes")).to_be_visible()


def group_is_made(ada: Page) -> None:
    go_to(ada, "Groups")
    ada.get_by_role("link", name="Add a group").first.click()
    ada.get_by_label("Name").fill("Tuesday evening")
    button(ada, "Add the group").click()
    for name in ("Robin", "Sasha", "Lee"):
        ada.get_by_label("Add a name").fill(name)
        button(ada, "Add to the roster").click()
        expect(ada.get_by_role("link", name=name)).to_be_visible()
    ada.get_by_role("link", name="Choose who leads it").click()
    ada.get_by_label("Fern facilitator").check()
    button(ada, "Save who leads it").click()
    expect(ada.get_by_text("Led by Fern")).to_be_visible()


def somebody_gets_a_new_password(ada: Page, windows: Windows) -> Page:
    go_to(ada, "Staff")
    ada.get_by_role("link", name="Fern").click()
    ada.get_by_label("New password", exact=True).fill(PASSWORD)
    button(ada, "Set the password").click()
    expect(ada.get_by_role("status")).to_be_visible()
    fern = windows.laptop("/sign-in")
    sign_in(fern, "fern@clinic.example", FIRST_PASSWORD)
    expect(heading(fern, "There is a problem")).to_be_visible()
    sign_in(fern, "fern@clinic.example", PASSWORD)
    expect(heading(fern, "Nothing is scheduled yet")).to_be_visible()
    return fern


def somebody_is_switched_off(ada: Page, windows: Windows) -> None:
    kit = windows.laptop("/sign-in")
    sign_in(kit, "kit@clinic.example", FIRST_PASSWORD)
    expect(heading(kit, "You lead no group yet")).to_be_visible()
    go_to(ada, "Staff")
    ada.get_by_role("link", name="Kit").click()
    button(ada, "Switch off Kit").click()
    expect(ada.get_by_text("Switched off").first).to_be_visible()
    kit.goto("/sessions")
    expect(heading(kit, "Staff sign in")).to_be_visible()
    sign_in(kit, "kit@clinic.example", FIRST_PASSWORD)
    expect(heading(kit, "There is a problem")).to_be_visible()


def sessions_are_scheduled(fern: Page) -> None:
    soon = datetime.now(ZONE) + timedelta(minutes=10)
    for plan, at in (("T17", soon), ("T04", soon + timedelta(days=7))):
        fern.goto("/sessions")
        fern.get_by_role("link", name="Schedule a session").first.click()
        choose_plan(fern, plan)
        fern.get_by_label("Date").fill(f"{at:%Y-%m-%d}")
        fern.get_by_label("Time").fill(f"{at:%H:%M}")
        fern.get_by_label("Co-facilitator").select_option(label="Gus")
        button(fern, "Schedule it").click()
        expect(fern.get_by_text(f"{plan}, version")).to_be_visible()


def choose_plan(fern: Page, plan: str) -> None:
    fern.get_by_label("Plan").select_option(value=plan)


def one_is_cancelled(fern: Page) -> None:
    fern.get_by_role("link", name="Cancel this session").click()
    button(fern, "Cancel the session").click()
    fern.goto("/sessions")
    expect(fern.get_by_role("link", name="Get ready")).to_have_count(1)


def plan_is_changed(fern: Page) -> None:
    fern.get_by_role("link", name="Look at it or change it").click()
    fern.get_by_role("link", name="Change plan, time or people").click()
    choose_plan(fern, "T01")
    button(fern, "Save the changes").click()
    expect(fern.get_by_text("T01, version")).to_be_visible()


def session_is_run(fern: Page, windows: Windows) -> None:
    fern.get_by_role("link", name="Get ready").click()
    button(fern, "Open doors").click()
    code = fern.get_by_role("heading", name="The doors are open.").inner_text().split()[-1]
    phone = windows.phone(f"/j/{code.replace('-', '')}")
    button(phone, "Join quietly").tap()
    expect(heading(phone, "You are in")).to_be_visible()
    button(fern, "Start").click()
    expect(fern.get_by_text("You are running this")).to_be_visible()
    gus = somebody_else_takes_control(fern, windows)
    button(gus, "Next").click()
    button(gus, "Open on phones").click()
    answer(phone, "4")
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()
    for name in ("Robin", "Sasha", "Lee"):
        button(gus, f"Mark {name} here").click()
        expect(fern.get_by_label(re.compile(f"^{name}: Here"))).to_be_visible()
    gus.get_by_text("End session").first.click()
    button(gus.get_by_role("dialog"), "End session").click()
    expect(heading(phone, "This session has ended")).to_be_visible()


def somebody_else_takes_control(fern: Page, windows: Windows) -> Page:
    gus = windows.laptop("/sign-in")
    sign_in(gus, "gus@clinic.example", FIRST_PASSWORD)
    gus.get_by_role("link", name="Open the console").click()
    expect(gus.get_by_text("Fern is running this")).to_be_visible()
    button(gus, "Next").click()
    expect(gus.get_by_text("Fern is running this. Take control?")).to_be_visible()
    button(gus, "Take control").last.click()
    expect(gus.get_by_text("You are running this").first).to_be_visible()
    expect(fern.get_by_text("Gus is running this").first).to_be_visible()
    return gus


def note_is_signed_twice(fern: Page, windows: Windows) -> None:
    fern.get_by_role("link", name="See what happened, and write the note").click()
    fern.get_by_role("link", name="Write the group note").click()
    fern.get_by_label("How the group responded").fill("The group arrived.")
    fern.get_by_role("radio", name="None").check()
    fern.get_by_label("Your password", exact=True).fill(PASSWORD)
    button(fern, "Sign the note").click()
    expect(fern.get_by_text("Signed, to co-sign")).to_be_visible()
    sol = windows.laptop("/sign-in")
    sign_in(sol, "sol@clinic.example", FIRST_PASSWORD)
    sol.get_by_role("link", name="Co-sign Tuesday evening, session 1").click()
    sol.get_by_label("Your password, to co-sign", exact=True).fill(FIRST_PASSWORD)
    button(sol, "Co-sign and lock").click()
    expect(sol.get_by_text("Co-signed and locked").first).to_be_visible()
