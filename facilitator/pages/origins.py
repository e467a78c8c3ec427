"""Which web origins are our own. Pages ask before they trust a cookie, sockets before they let a browser in."""

from __future__ import annotations

from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def ours(url: str, port: int | str) -> frozenset[str]:
    """Every origin of ours: that of ``url`` (FACILITATOR_URL), and this machine's own names at the server's ``port``.

    A page opened on the server's own machine is ours too: a projector runs best from http://localhost.
    """
    own = origin(url)
    local = {origin(f"http://{name}:{port}") for name in THIS_MACHINE}
    return frozenset({own, *local} - {""})


def origin(url: str) -> str:
    """The origin of ``url`` as browsers write it: small letters, no default port. Empty when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORTS or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, DEFAULT_PORTS[parts.scheme]) else "")


def is_ours(sent: str | None, url: str, port: int | str) -> bool:
    """Whether ``sent``, an Origin header, is one of ours. None (no header) and ``null`` are not."""
    return sent is not None and sent in ours(url, port)
