"""What may be said on a line: JSON that breaks nothing, packets as our screens send them, and only so many."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from socketio import packet

BURST = 60
PACKETS_A_SECOND = 10
DEEPEST_JSON = 8
LONGEST_TOKEN = 128
LIBRARY_EVENTS = frozenset({"connect", "disconnect", "*"})
UNREADABLE = "unreadable"
"""The event that stands for one that cannot be read; nobody listens to it, so the answer is the one for such events."""

# Their debug lines hold whole messages: seats and answers. Nothing of them may reach a log.
SILENT = logging.getLogger("facilitator.transport")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False
SILENT.setLevel(logging.CRITICAL + 1)


def dumps(value: object, **_: object) -> str:
    """JSON as small as it gets."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def loads(text: str | bytes, **_: object) -> Any:
    """Parsed JSON. Raises ValueError, and nothing else, for anything odd: too deep, NaN, numbers without end."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if _depth(value) > DEEPEST_JSON:
        raise ValueError("too deep")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _depth(value: object) -> int:
    deepest, layer = 0, [value]
    while layer and deepest <= DEEPEST_JSON:
        deepest += 1
        layer = [inner for outer in layer for inner in _inside(outer)]
    return deepest


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def text_of(auth: object, key: str) -> str | None:
    """A short text out of what a socket presented, or None."""
    value = auth.get(key) if isinstance(auth, dict) else None
    is_token = isinstance(value, str) and 0 < len(value) <= LONGEST_TOKEN and value.isascii() and value.isprintable()
    return value if is_token else None


class Unreadable(Exception):
    """A packet that no screen of ours sends."""


class Packet(packet.Packet):  # type: ignore[misc]  # Socket.IO has no types
    """A Socket.IO packet, as our screens send them: JSON without attachments, and no event of the library's own."""

    def decode(self, encoded_packet: Any) -> int:
        """Read what came in. Raises Unreadable, but for an event whose sender waits to be told."""
        try:
            attachments = super().decode(encoded_packet)
        except (ValueError, TypeError):
            attachments, self.data = 0, None
        if attachments or not self._is_ours():
            if attachments or self.packet_type != packet.EVENT or self.id is None:
                raise Unreadable
            self.data = [UNREADABLE]
        return 0

    def _is_ours(self) -> bool:
        if self.packet_type == packet.CONNECT:
            return self.data is None or isinstance(self.data, dict)
        if self.packet_type == packet.EVENT:
            name = self.data[0] if isinstance(self.data, list) and self.data else None
            return isinstance(name, str) and name not in LIBRARY_EVENTS
        return bool(self.packet_type == packet.DISCONNECT)


class Limits:
    """Ten packets a second on one line, sixty in a burst."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, int]] = {}

    def allow(self, line: str) -> bool:
        """Whether one more packet of this line is heard."""
        now = self._clock()
        left, since = self._left.get(line, (float(BURST), now))
        left = min(float(BURST), left + max(0, now - since) / 1000 * PACKETS_A_SECOND)
        self._left[line] = (max(0.0, left - 1), now)
        return left >= 1

    def forget(self, line: str) -> None:
        """The line is gone."""
        self._left.pop(line, None)
