"""One Socket.IO client on one green socket: as little as a phone, a projector or a console needs.

The same client loads every server, so that what it costs itself is the same in all figures.
"""

from __future__ import annotations

import http.client
import json
import select
from typing import Any

import websocket

TIMEOUT_S = 120


class Client:
    """A client of one namespace at ``host:port``."""

    def __init__(self, port: int, namespace: str, auth: object, headers: dict[str, str] | None = None) -> None:
        self.namespace = namespace
        self.largest_view = 0
        self._wire = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            header=headers or {},
            timeout=TIMEOUT_S,
            enable_multithread=False,
        )
        self._wire.recv()
        self._wire.send(f"40{namespace},{json.dumps(auth)}")
        self._wait_for("40")

    def emit(self, event: str, data: object) -> Any:
        """Send an event and wait for its acknowledgement. Views that come before it are dropped."""
        self._wire.send(f"42{self.namespace},1{json.dumps([event, data])}")
        return self._wait_for("43")

    def view(self) -> dict[str, Any]:
        """The next view."""
        found = self._wait_for("42")
        return dict(found[1])

    def stay(self) -> None:
        """Answer the pings that have come. What else has come is dropped, as nobody waits for it."""
        while select.select([self._wire.sock], [], [], 0)[0]:
            if self._wire.recv() == "2":
                self._wire.send("3")

    def _wait_for(self, kind: str) -> Any:
        while True:
            packet = self._wire.recv()
            if packet == "2":
                self._wire.send("3")
            elif packet.startswith("44"):
                raise ConnectionError(packet)
            if packet.startswith("42"):
                self.largest_view = max(self.largest_view, len(packet))
            if packet.startswith(kind):
                return json.loads(packet.split(",", 1)[1].lstrip("0123456789") or "null")

    def close(self) -> None:
        """Go away."""
        self._wire.close()


def request(port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> str:
    """One HTTP request on a connection of its own; the text of its answer."""
    return exchange(port, method, path, body, headers)[0]


def exchange(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[str, str]:
    """Like ``request``; the answer's text and the cookie that it sets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    sent = None if body is None else json.dumps(body)
    content = {"Content-Type": "application/json", "Accept": "application/json"} if sent else {}
    connection.request(method, path, sent, {**content, **(headers or {})})
    answer = connection.getresponse()
    text = answer.read().decode()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    connection.close()
    if answer.status >= 400:
        raise ConnectionError(f"{method} {path}: {answer.status} {text[:200]}")
    return text, cookie
