"""One session as people see it: Fern's console, the screen on the wall, and what is on the phones."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from facilitator.pages.qr import join_url
from tests.chromium.windows import LAPTOP, WALL, Size, Windows
from tests.evening import PLAN, Evening
from tests.server import Served


class Room(Evening):
    """A session with windows. What is not looked at goes over HTTP and plain sockets, which is quicker."""

    def __init__(self, windows: Windows, site: Served, text: str = PLAN) -> None:
        super().__init__(site, text)
        self.windows = windows
        self.console_path = f"/sessions/{self.id}/console"

    def console_window(self, by: str = "fern", size: Size = LAPTOP) -> Page:
        """The console on the laptop of ``by``."""
        return self.windows.laptop(self.console_path, by=by, size=size)

    def wall(self, beside: Page | None = None) -> Page:
        """The projector's window, on a device of its own or ``beside`` the console."""
        path = f"/p/{self.session.screen_token}"
        if beside:
            return self.windows.beside(beside, path)
        page = self.windows.device(WALL).new_page()
        page.goto(path)
        return page

    def hand(self, **settings: object) -> Page:
        """A phone that is in: it opened the address of the QR code, and then one tap. Its scripts are at work."""
        page = self.windows.phone(join_url("", self.code), **settings)
        button(page, "Join quietly").tap()
        plain = settings.get("java_script_enabled") is False
        at_work = page.get_by_role("link", name="Refresh") if plain else page.get_by_text("Connected", exact=True)
        expect(at_work).to_be_visible()
        return page


def button(page: Page | Locator, name: str) -> Locator:
    """The button whose name begins like this."""
    return page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))


def heading(page: Page | Locator, name: str) -> Locator:
    """The heading of exactly this name."""
    return page.get_by_role("heading", name=name, exact=True)


def answer(phone: Page, *choices: str) -> None:
    """Tap these choices of the open check-in, and Send."""
    for choice in choices:
        name = re.compile(rf"^{re.escape(choice)}\b")
        phone.get_by_role("radio", name=name).or_(phone.get_by_role("checkbox", name=name)).tap()
    button(phone, "Send").tap()


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form."""
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    button(page, "Sign in").click()
