"""The async modes: whichever is chosen, the server starts silently, serves, and ends when it is told to."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from facilitator import runtime
from tests.conftest import ROOT
from tests.program import Program, get

MODES = ("eventlet", "threading", "gevent")


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(mode: str, tmp_path: Path) -> Iterator[Program]:
    """``facilitator serve`` on a free port and an empty folder."""
    environ = {"FACILITATOR_ASYNC_MODE": mode, "FACILITATOR_DATA": str(tmp_path / "data")}
    with Program("serve", "--port", "0", environ=environ) as server:
        yield server


def address_of(server: Program) -> str:
    line = server.line()
    assert line.startswith("Facilitator is at http://127.0.0.1:")
    return line.split()[3].rstrip(".")


def test_a_server_starts_answers_and_ends_without_a_word_on_standard_error(server: Program) -> None:
    address = address_of(server)
    status, _ = get(f"{address}/healthz")

    assert status == 200
    assert "plain http" in server.line()
    assert server.end(signal.SIGTERM) == (0, "")


def test_a_server_never_dumps_its_memory(server: Program) -> None:
    address_of(server)
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"^Max core file size +0 +0 ", limits, re.M)


def test_a_server_ends_although_a_socket_is_open_and_another_broke_off(server: Program) -> None:
    address = address_of(server)
    phone = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        phone.connect(address, namespaces=["/phone"], auth={"seat": "forged"}, transports=["websocket"])
    with socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\n")

        assert server.end(signal.SIGINT) == (0, "")


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_never_idle_ends_as_well(mode: str, told: signal.Signals) -> None:
    child = [sys.executable, "-m", "tests.busy_child", mode]
    with subprocess.Popen(child, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            assert {server.stdout.readline(), server.stdout.readline()} == {b"ready\n", b"busy\n"}
            server.send_signal(told)
            assert server.communicate(timeout=20) == (b"", b"")
        finally:
            server.kill()
    assert server.returncode == 0


def test_ctrl_c_while_it_starts_ends_it_without_a_word(tmp_path: Path) -> None:
    with Program("serve", "--port", "0", environ={"FACILITATOR_DATA": str(tmp_path / "data")}) as server:
        while not (tmp_path / "data").exists():
            time.sleep(0.01)

        # As the signal says, or in order when it was quicker than we are.
        assert server.end(signal.SIGINT) in [(-signal.SIGINT, ""), (0, "")]


def test_a_port_in_use_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environ = {"FACILITATOR_DATA": str(tmp_path / "data")}
        with Program("serve", "--port", port, environ=environ) as server:
            code, errors = server.wait()

    assert code == 1
    assert f"Cannot listen on 127.0.0.1 port {port}" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "data").exists()


def test_hard_work_is_done_two_at_a_time_while_others_go_on(mode: str) -> None:
    said = asked_of(mode)

    assert said["most"] == 2
    assert said["results"] == ["done"] * 6
    assert said["ticks"] >= 3
    assert said["raised"] == "integer division or modulo by zero"
    assert said["dumpable"] == 0
    # Threads take turns as the system likes; green ones only where they breathe.
    assert mode == "threading" or said["order"].index("b") < 3, "Nobody else spoke before the first had finished."


def asked_of(mode: str) -> dict[str, Any]:
    child = [sys.executable, "-m", "tests.runtime_child", mode]
    answer = subprocess.run(child, cwd=ROOT, capture_output=True, timeout=60, check=True)
    assert answer.stderr == b""
    said: dict[str, Any] = json.loads(answer.stdout)
    return said


def test_before_the_start_hard_work_is_simply_done() -> None:
    assert runtime.run_blocking(lambda: 6 * 7) == 42


def test_small_frames_are_sent_at_once() -> None:
    with runtime.listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
