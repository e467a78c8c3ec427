"""What people hold in their hands: a browser with cookies and forms, and a screen on a real socket that comes back."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import requests
import socketio

from tests.conftest import PASSWORD

View = dict[str, Any]
PATIENCE_S = 20.0
# As static/shared/live.js says it.
FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 1.5
LOOK_EVERY_S = 0.02


class Browser:
    """One browser: it keeps cookies, sends its own Origin, and carries the token of the page that is open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self._token = ""

    def get(self, path: str, **how: Any) -> requests.Response:
        """Open a page, and keep the token that it carries."""
        page = self.http.get(self.url + path, timeout=PATIENCE_S, **how)
        found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page.text)
        self._token = found[1] if found else self._token
        return page

    def view(self, path: str, **how: Any) -> View:
        """A view as JSON."""
        answer = self.get(path, **how)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **how: Any) -> requests.Response:
        """Send something from one of our own pages. Does not follow where it leads."""
        headers = {"Origin": self.url} | how.pop("headers", {})
        return self.http.post(self.url + path, headers=headers, timeout=PATIENCE_S, **{"allow_redirects": False, **how})

    def send(self, page: str, action: str, **filled: Any) -> requests.Response:
        """Open ``page``, fill in its form that leads to ``action``, and press its button."""
        shown = self.get(page)
        assert shown.status_code == 200, f"{page}: {shown.status_code}"
        fields = fields_of(shown.text, action)
        assert fields is not None, f"{page} has no form to {action}."
        return self.post(action, data=fields | filled)

    def sign_in(self, email: str, password: str = PASSWORD) -> Browser:
        """Through the form, as people do."""
        answer = self.send("/sign-in", "/sign-in", email=email, password=password)
        assert answer.status_code == 303, answer.text
        return self

    def command(self, session_id: str, name: str, /, **fields: Any) -> requests.Response:
        """Give a command as the console does."""
        if not self._token:
            assert self.get(f"/sessions/{session_id}/console").status_code == 200
        headers = {"X-CSRF-Token": self._token}
        return self.post(f"/sessions/{session_id}/commands", json={"command": name, **fields}, headers=headers)

    def cookies(self) -> str:
        """As a browser sends them along."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)


class Screen:
    """One Socket.IO client of one namespace. It keeps every view, and while ``comes_back`` it connects again.

    Raises ConnectionError when the server does not let it in at first.
    """

    def __init__(
        self,
        url: str,
        namespace: str,
        auth: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        *,
        comes_back: bool = False,
        transport: str = "websocket",
    ) -> None:
        self._url, self._namespace, self._auth, self._headers = url, namespace, dict(auth), dict(headers or {})
        self._transport = transport
        self._news = threading.Condition()
        self._views: list[tuple[float, View]] = []
        self._newest: View | None = None
        self._closed = threading.Event()
        self.connections = 0
        self._client = self._connected()
        self._keeper = threading.Thread(target=self._keep, daemon=True) if comes_back else None
        if self._keeper:
            self._keeper.start()

    @property
    def is_connected(self) -> bool:
        """Whether there is a line to the server, as far as this end knows."""
        return bool(self._client.connected and self._client.eio.state == "connected")

    @property
    def views(self) -> list[View]:
        """Every view so far."""
        with self._news:
            return [view for _, view in self._views]

    def shown(self) -> View:
        """What the screen draws: the newest view, whatever came last."""
        assert self._newest is not None
        return self._newest

    def until(self, holds: Callable[[View], object], within: float = PATIENCE_S, since: float = 0.0) -> View:
        """Wait for a view of which ``holds``, that came after ``since`` (of ``time.monotonic``)."""
        return self.moment(holds, within, since)[1]

    def moment(self, holds: Callable[[View], object], within: float, since: float) -> tuple[float, View]:
        """Like ``until``; also when it came."""

        def found() -> tuple[float, View] | None:
            return next((one for one in self._views if one[0] >= since and holds(one[1])), None)

        with self._news:
            self._news.wait_for(found, within)
            one = found()
            assert one is not None, f"No such view came to {self._namespace}; the last: {self._views[-1:]}"
            return one

    def emit(self, event: str, data: object, within: float = PATIENCE_S) -> Any:
        """Send an event and wait for its acknowledgement. Raises ConnectionError when the line breaks before."""
        client, heard = self._client, threading.Event()
        acks: list[Any] = []

        def acknowledged(*ack: Any) -> None:
            acks.extend(ack)
            heard.set()

        try:
            client.emit(event, data, namespace=self._namespace, callback=acknowledged)
        except socketio.exceptions.SocketIOError as error:
            raise ConnectionError("There is no line to the server.") from error
        give_up = time.monotonic() + within
        while not heard.wait(LOOK_EVERY_S):
            if not client.connected or time.monotonic() > give_up:
                raise ConnectionError("The line broke before the server said anything.")
        return acks[0] if acks else None

    def wait_until_hung_up(self, within: float = PATIENCE_S) -> bool:
        """Whether the server ends the line in time."""
        give_up = time.monotonic() + within
        while self.is_connected and time.monotonic() < give_up:
            time.sleep(LOOK_EVERY_S)
        return not self.is_connected

    def close(self) -> None:
        """Go away for good."""
        self._closed.set()
        if self._keeper:
            self._keeper.join(PATIENCE_S)
        self._hang_up(self._client)

    def _hang_up(self, client: socketio.Client) -> None:
        client.disconnect()
        # The library leaves the socket of a line that broke to the garbage.
        if client.eio.ws is not None:
            client.eio.ws.shutdown()

    def _connected(self) -> socketio.Client:
        # A client of its own for every connection: what one left half done cannot trouble the next.
        client = socketio.Client(
            reconnection=False, handle_sigint=False, websocket_extra_options={"suppress_origin": True}
        )
        answered = threading.Event()
        client.on("view", self._heard, namespace=self._namespace)
        client.on("connect", answered.set, namespace=self._namespace)
        client.on("connect_error", lambda *_: answered.set(), namespace=self._namespace)
        try:
            client.connect(
                self._url,
                headers=dict(self._headers),
                auth=self._auth,
                namespaces=[self._namespace],
                transports=[self._transport],
                wait=False,
            )
        except socketio.exceptions.ConnectionError as error:
            self._hang_up(client)
            raise ConnectionError(str(error)) from error
        # The library would wait all its time for a server that was killed before it answered.
        give_up = time.monotonic() + PATIENCE_S
        while not answered.wait(LOOK_EVERY_S) and client.eio.state == "connected" and time.monotonic() < give_up:
            pass
        if self._namespace not in client.namespaces:
            self._hang_up(client)
            raise ConnectionError(f"The server lets nobody in to {self._namespace}.")
        self.connections += 1
        return client

    def _keep(self) -> None:
        delay = FIRST_DELAY_S
        while not self._closed.wait(LOOK_EVERY_S if self.is_connected else delay):
            if self.is_connected:
                delay = FIRST_DELAY_S
                continue
            self._hang_up(self._client)
            try:
                self._client = self._connected()
            except ConnectionError:
                delay = min(2 * delay, LONGEST_DELAY_S)

    def _heard(self, view: View) -> None:
        with self._news:
            self._views.append((time.monotonic(), view))
            if self._newest is None or _age(view) >= _age(self._newest):
                self._newest = view
            self._news.notify_all()


def _age(view: View) -> tuple[int, int]:
    return view["rev"], view["server_now"]


class Phone:
    """A participant's phone: a seat of its own, taken over HTTP, and a line for answers."""

    def __init__(self, url: str, code: str) -> None:
        self.url, self.code = url, code
        self.browser = Browser(url)
        self.seat = self._join()
        self.screen: Screen | None = None

    def connect(self, *, comes_back: bool = False) -> Screen:
        """Open the line."""
        self.screen = Screen(self.url, "/phone", {"seat": self.seat}, comes_back=comes_back)
        return self.screen

    def answer(self, check_in: str, value: object) -> Any:
        """Answer over the socket; the acknowledgement."""
        assert self.screen is not None
        return self.screen.emit("answer", {"check_in": check_in, "value": value})

    def look(self) -> View:
        """Fetch the view by plain GET."""
        return self.browser.view(f"/j/{self.code}/view", headers={"X-Seat": self.seat})

    def sleep(self) -> None:
        """The line is gone, the seat is not."""
        if self.screen:
            self.screen.close()
            self.screen = None

    def _join(self) -> str:
        answer = self.browser.post(f"/j/{self.code}/seat", json={})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["seat"])


def fields_of(page: str, action: str) -> dict[str, list[str]] | None:
    """What a browser would send of the form that leads to ``action``, as the page filled it in; None without one."""
    reader = _FormReader()
    reader.feed(page)
    return next((fields for actions, fields in reader.forms if action in actions), None)


class _FormReader(HTMLParser):
    """Every form of a page: where its buttons lead, and its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[set[str], dict[str, list[str]]]] = []
        self._writing: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(({given.get("action", "")}, {}))
        if not self.forms:
            return
        actions, fields = self.forms[-1]
        if "formaction" in given:
            actions.add(given["formaction"])
        if "name" not in given:
            return
        if tag == "textarea":
            self._writing = fields[given["name"]] = [""]
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            fields.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._writing:
            self._writing[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._writing = None
