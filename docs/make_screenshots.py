"""Make README's pictures from the demo: ``python docs/make_screenshots.py``. Needs Chromium and the extra ``test``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
COMMAND = """async (command) => {
  const address = location.pathname.replace("console", "commands");
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": token};
  const answer = await fetch(address, {method: "POST", headers, body: JSON.stringify(command)});
  if (!answer.ok) throw new Error(await answer.text());
}"""


@contextmanager
def demo() -> Iterator[dict[str, Any]]:
    """The sample clinic with eight simulated phones, on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "facilitator", "demo", "--json", "--port", "0", "--phones", "8"]
        process = subprocess.Popen([*command, "--data", folder], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(20)


def window(browser: Browser, width: int, height: int) -> Page:
    """A window of a device of its own."""
    return browser.new_context(viewport={"width": width, "height": height}).new_page()


def sign_in(page: Page, where: dict[str, Any], role: str) -> None:
    """As somebody of the cast."""
    page.goto(f"{where['url']}/sign-in")
    page.fill("[name=email]", where[role]["email"])
    page.fill("[name=password]", where[role]["password"])
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("link", name="Sign out").or_(page.get_by_role("button", name="Sign out"))).to_be_visible()


def keep(page: Page, name: str) -> None:
    """Write the picture."""
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Run a piece of a session, and keep its pictures."""
    FOLDER.mkdir(exist_ok=True)
    with demo() as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        console, wall, phone = window(browser, 1280, 800), window(browser, 1280, 720), window(browser, 390, 780)
        sign_in(console, where, "facilitator")
        console.goto(where["console"])
        console.evaluate(COMMAND, {"command": "OpenDoors"})
        # The console draws itself anew when the doors open.
        expect(console.get_by_role("button", name="Start")).to_be_visible()
        console.evaluate(COMMAND, {"command": "Start"})
        phone.goto(where["phone"])
        phone.get_by_role("button", name="Join quietly").click()
        expect(console.get_by_text("9 phones connected")).to_be_visible(timeout=30_000)
        unmarked = console.get_by_text("Mark here", exact=True).filter(visible=True)
        for left in range(unmarked.count(), 0, -1):
            unmarked.first.click()
            expect(unmarked).to_have_count(left - 1)
        console.evaluate(COMMAND, {"command": "EnterSegment", "segment": 1})
        console.evaluate(COMMAND, {"command": "OpenCheckIn"})
        expect(phone.get_by_role("button", name="Skip this one")).to_be_visible()
        keep(phone, "phone")
        console.goto(where["console"])
        keep(console, "console")
        console.evaluate(COMMAND, {"command": "EnterSegment", "segment": 4})
        wall.goto(where["projector"])
        view = console.evaluate("fetch(location.pathname.replace('console', 'view')).then((one) => one.json())")
        console.evaluate(COMMAND, {"command": "CloseCheckIn", "check_in": view["check_in"]["id"]})
        keep(wall, "projector")
        review = window(browser, 1280, 800)
        sign_in(review, where, "supervisor")
        review.locator("main a[href^='/review/']").last.click()
        review.wait_for_load_state()
        keep(review, "review")
        browser.close()


if __name__ == "__main__":
    main()
