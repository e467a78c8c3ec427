"""Windows of a real browser, each of somebody's own device, and a guard over whatever goes wrong in any of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebSocket

from tests.browser import Browser as Desk
from tests.conftest import ZONE

Size = tuple[int, int]
LAPTOP: Size = (1440, 900)
WALL: Size = (1280, 720)
PHONE: Size = (360, 740)
NETWORK = ("Failed to load resource", "WebSocket connection to")

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`Policy: ${event.violatedDirective} forbids ${event.blockedURI} in ${event.sourceFile}`);
});
"""


class Guard:
    """What no page may ever do: ask another host, break the policy, complain or throw. Asked at the end of a story."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._wrong: list[str] = []
        self._expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """From now on, in every page of ``context``."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._wrong.append(f"Thrown: {error.error}"))
        context.on("page", lambda page: page.on("websocket", self._asked))

    def expect(self, *words: str) -> None:
        """Complaints with these ``words`` belong to this story."""
        self._expected.extend(words)

    def nothing_went_wrong(self) -> None:
        """Raises AssertionError with everything that did."""
        wrong = [one for one in self._wrong if not any(words in one for words in self._expected)]
        assert not wrong, "\n".join(wrong)

    def _asked(self, asked: Request | WebSocket) -> None:
        address = urlsplit(asked.url)
        if address.netloc != self._host and address.scheme not in ("data", "blob"):
            self._wrong.append(f"Asked another host: {asked.url}")

    def _said(self, message: ConsoleMessage) -> None:
        """The browser notes every request that found no server, or no session any more: our scripts settle those.

        A file of ours that is missing is another matter.
        """
        of_the_network = message.text.startswith(NETWORK) and "/static/" not in message.location["url"]
        if message.type in ("error", "warning") and not of_the_network:
            self._wrong.append(f"{message.type}: {message.text} ({message.location['url']})")


class Windows:
    """All windows of one story, in one browser, onto the server at ``url``. ``desk``: where somebody has signed in."""

    def __init__(self, chromium: Browser, url: str, guard: Guard, desk: Callable[[str], Desk] | None = None) -> None:
        self._chromium, self._url, self._desk = chromium, url, desk
        self.guard = guard
        self._devices: list[BrowserContext] = []

    def device(self, size: Size = LAPTOP, *, by: str = "", **settings: Any) -> BrowserContext:
        """A device with cookies of its own; ``by``: one of the cast, who has signed in there."""
        width, height = size
        context = self._chromium.new_context(
            base_url=self._url,
            viewport={"width": width, "height": height},
            timezone_id=ZONE.key,
            **settings,
        )
        self._devices.append(context)
        self.guard.watch(context)
        if by:
            assert self._desk is not None
            kept = self._desk(by).http.cookies
            context.add_cookies([{"name": one.name, "value": str(one.value), "url": self._url} for one in kept])
        return context

    def laptop(self, path: str, *, by: str = "", size: Size = LAPTOP, **settings: Any) -> Page:
        """Somebody's laptop, at a page of ours."""
        return self._at(path, self.device(size, by=by, **settings))

    def phone(self, path: str = "/", **settings: Any) -> Page:
        """A participant's phone, at a page of ours."""
        size = settings.pop("size", PHONE)
        return self._at(path, self.device(size, is_mobile=True, has_touch=True, **settings))

    def beside(self, window: Page, path: str, size: Size = WALL) -> Page:
        """Another window of the same device."""
        page = window.context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(path)
        return page

    def close(self) -> None:
        """Close them all."""
        for context in self._devices:
            context.close()

    def _at(self, path: str, context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(path)
        return page
