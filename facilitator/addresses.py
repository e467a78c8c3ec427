"""Where a server can be reached: the address that QR codes, the projector and the terminal show."""

from __future__ import annotations

import socket

# Reserved for documentation: no packet is ever sent there, the system only says which way it would go.
ELSEWHERE = ("192.0.2.1", 9)


def shown_address(host: str, port: int) -> str:
    """The address for people when ``host`` is listened on: itself, or this machine's own on the local network."""
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - asked for by whoever starts the server
        host = _on_the_network()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def local_address(listening: socket.socket) -> str:
    """Where a process on this machine reaches the server."""
    host, port = listening.getsockname()[:2]
    return shown_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104 - compared only


def _on_the_network() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
