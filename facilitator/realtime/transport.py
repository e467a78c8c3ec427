"""What guards the lines that sockets run on: bounded messages, no compression, a hang-up for what cannot be read.

The libraries below hand a stranger's bytes on as they come. What is wrong with them is settled here, without a
traceback and without a line in any log.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote

from facilitator.realtime.wire import Limits, Unreadable

# What the first character of every packet says: opening, closing, ping, pong, message, upgrade, nothing.
KINDS = frozenset("0123456")
SOCKETS = "/socket.io/"
MOST_WAITING = 50


class Doorkeeper:
    """WSGI middleware before ``app``: who asks for a line does it as RFC 6455 says, or posts at most ``largest`` bytes.

    The libraries would answer a handshake that is none with a fault of theirs, or speak protocols older than that,
    which bound nothing.
    """

    def __init__(self, app: Callable[..., Any], largest: int) -> None:
        self._app = app
        self._largest = largest

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        # No WebSocket extension is agreed on: with compression, a small frame could become a huge message.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        # Servers hand on bytes after the question mark that no browser leaves bare; Werkzeug breaks on them.
        environ["QUERY_STRING"] = quote(environ.get("QUERY_STRING", ""), string.punctuation, "latin-1")
        if environ["PATH_INFO"].startswith(SOCKETS) and not (self._is_small(environ) and _shakes_hands(environ)):
            start_response("400 Bad Request", [("Content-Length", "0")])
            return [b""]
        return self._app(environ, start_response)

    def _is_small(self, environ: dict[str, Any]) -> bool:
        length = environ.get("CONTENT_LENGTH") or "0"
        return re.fullmatch("[0-9]{1,9}", length) is not None and int(length) <= self._largest


def _shakes_hands(environ: dict[str, Any]) -> bool:
    if "HTTP_UPGRADE" not in environ:
        return True
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    return environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13" and re.fullmatch("[A-Za-z0-9+/]{22}==", key) is not None


def bound_messages(engine: Any) -> None:
    """Have the WebSocket driver of ``engine`` (Engine.IO's server) hang up on what is too large while it comes in."""
    driver = engine._async["websocket"]
    bounded = _eventlet if driver.__module__.endswith(".eventlet") else _simple_websocket
    engine._async = {**engine._async, "websocket": bounded(driver)}


def guard(server: Any, limits: Limits) -> None:
    """Have ``server`` (Socket.IO's) hang up on a line that says more than ``limits`` allow, or what nobody can read."""
    read, gone = server._handle_eio_message, server._handle_eio_disconnect

    def hear(line: str, packet: Any) -> None:
        # What still comes in after a hang-up was sent before it.
        if line not in server.environ:
            return
        try:
            if not limits.allow(line):
                raise Unreadable
            read(line, packet)
        except Unreadable:
            hang_up(line)

    def forget(line: str, reason: str) -> None:
        limits.forget(line)
        gone(line, reason)

    def hang_up(line: str) -> None:
        # Engine.IO would wait until all is sent: who reads nothing would keep us here for ever.
        if line in server.eio.sockets:
            server.eio.sockets[line].close(wait=False)

    server.eio.disconnect = hang_up
    server.eio.on("message", hear)
    server.eio.on("disconnect", forget)


def _simple_websocket(driver: Any) -> Any:
    class Bounded(driver):  # type: ignore[misc]  # the driver is the async mode's
        """simple-websocket (threads, gevent) takes messages of any size, and any number before the first is heard."""

        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(lambda line: handler(line._with_few_waiting()), server)
            self.server_args["max_message_size"] = server.max_http_buffer_size

        def _with_few_waiting(self) -> Bounded:
            self.ws.input_buffer = Waiting(self.ws.input_buffer)
            return self

        def wait(self) -> str | None:
            return _packet(super().wait())

    return Bounded


def _eventlet(driver: Any) -> Any:
    class Bounded(driver):  # type: ignore[misc]  # the driver is the async mode's
        """eventlet bounds every frame, but not how many of them make a message."""

        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(lambda line: handler(_bounded(line)), server)

    return Bounded


def _bounded(line: Any) -> Any:
    """An eventlet WebSocket that hangs up on messages that are too long."""
    wait = line.wait
    line.wait = lambda: _packet(wait())
    line.Message = _bounded_message(line.Message)
    line.log = Nowhere()
    return line


@cache
def _bounded_message(message: Any) -> Any:
    class Bounded(message):  # type: ignore[misc]  # eventlet is named in runtime.py only
        """A message that comes in frame by frame."""

        length = 0

        def push(self, data: bytes, final: bool = False) -> None:
            # An empty frame counts as well: it is kept too.
            self.length += max(len(data), 1)
            if self.length > self.max_frame_length:
                raise ValueError("This message is too long.")
            super().push(data, final)

    return Bounded


class Waiting(list[Any]):
    """The messages of one line that came in and were not heard yet."""

    def append(self, message: Any) -> None:
        """Take one more in. Raises OSError when too many wait, for which simple-websocket hangs up."""
        if len(self) >= MOST_WAITING:
            raise OSError("Too many messages wait.")
        super().append(message)


class Nowhere:
    """Where eventlet writes about broken lines, with the addresses of phones."""

    def write(self, text: str) -> None:
        """Keep nothing."""


def _packet(received: object) -> str | None:
    """What came in if it can be a packet; None hangs up. Our screens send text only."""
    return received if isinstance(received, str) and received[:1] in KINDS else None
