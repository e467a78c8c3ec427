"""How a live session holds up: 12, 200 and 1,000 phones against this product and against a bare server, in one run.

    python -m benchmarks.live [--mode eventlet] [--phones 12 200 1000] [--rounds 3]

Both servers get the same clients from this process, a load of its own, one server after the other in every round; the
figures are the medians of the rounds. What is measured, in seconds from the first send:

joining     each phone opens the page, takes a seat and connects its socket, all at once; until the last is in
answering   all phones answer at once; until the last acknowledgement (ours: sealed and on disk, synchronous=FULL)
showing     the same burst, until the projector shows its outcome (ours: check-in closed, counted, tally shown)
segment     one change of segment, until the last phone has it
memory      resident memory of the server for each phone that joined, in KiB
view        the largest view that a phone or the projector was sent, in bytes (to reach: 2,048)
"""

from __future__ import annotations

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.client import Client, exchange, request

LIMITS = {"joining": 2.5, "answering": 1.5, "showing": 1.5, "segment": 1.5, "memory": 1.3}
UNITS = {"memory": "KiB", "view": "B  "}
PAGE_BYTES = 4096
STAY_S = 10
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A server that runs as a child process, and how the load drives it."""

    port: int
    pid: int
    phone_auth: Callable[[str], object]
    projector_auth: object
    begin: Callable[[], str]
    finish: Callable[[str], None]
    change_segment: Callable[[], None]
    is_changed: Callable[[dict[str, Any]], bool]

    def memory_kib(self) -> float:
        """Resident memory now."""
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * PAGE_BYTES / 1024

    def cpu_s(self) -> float:
        """Processor seconds so far."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def child(*arguments: str) -> Iterator[str]:
    """A child process that prints one line when it is ready; ended by its own process id."""
    process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def bare(mode: str) -> Iterator[Server]:
    """The baseline."""
    with child("benchmarks.bare", mode) as line:
        port, pid = (int(part) for part in line.split())
        console = Client(port, "/console", {})

        def show(what: str) -> None:
            console.emit("show", {"shows": what})

        yield Server(
            port,
            pid,
            lambda seat: {"seat": seat},
            {},
            lambda: "c",
            show,
            lambda: show("segment"),
            lambda view: view["shows"] == "segment",
        )


@contextmanager
def ours(mode: str) -> Iterator[Server]:
    """The product, driven by its own commands."""
    with tempfile.TemporaryDirectory() as folder, child("benchmarks.ours", mode, folder) as line:
        told = json.loads(line)
        port = told["port"]
        page, cookie = exchange(port, "GET", "/sessions/benchmark/console", headers={"Cookie": told["cookie"]})
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token is not None
        headers = {"Cookie": cookie, "X-CSRF-Token": token[1]}
        sheet = json.loads(request(port, "GET", "/sessions/benchmark/view", headers=headers))["segments"]

        def command(name: str, **fields: object) -> None:
            request(port, "POST", "/sessions/benchmark/commands", {"command": name, **fields}, headers)

        def begin() -> str:
            command("OpenCheckIn", prompt="q1")
            view = json.loads(request(port, "GET", "/sessions/benchmark/view", headers=headers))
            return str(view["check_in"]["id"])

        def finish(check_in: str) -> None:
            command("CloseCheckIn", check_in=check_in)
            command("ShowTally", check_in=check_in)

        yield Server(
            port,
            told["pid"],
            lambda seat: {"seat": seat},
            {"screen": "benchmark-screen"},
            begin,
            finish,
            lambda: command("EnterSegment", segment=1),
            lambda view: bool(view["segment"] and view["segment"]["title"] == sheet[1]["title"]),
        )


def measure(server: Server, phones: int) -> dict[str, float]:
    """All figures of one server with so many phones."""
    pool = eventlet.GreenPool(phones + 10)
    projector = Client(server.port, "/projector", server.projector_auth)
    memory, cpu = server.memory_kib(), server.cpu_s()
    joined: list[Client] = []

    def join(_: int) -> Client:
        request(server.port, "GET", "/j/CDFGHJ")
        seat = json.loads(request(server.port, "POST", "/j/CDFGHJ/seat", {}))["seat"]
        joined.append(Client(server.port, "/phone", server.phone_auth(seat)))
        return joined[-1]

    start = time.perf_counter()
    with _staying(joined):
        room = list(pool.imap(join, range(phones)))
    figures = {"joining": time.perf_counter() - start, "joining cpu": server.cpu_s() - cpu}
    figures["memory"] = (server.memory_kib() - memory) / phones

    check_in = server.begin()
    eventlet.sleep(1.5)
    cpu = server.cpu_s()
    shown = eventlet.spawn(_until, projector, lambda view: view.get("tally") or view.get("shows") == check_in)
    start = time.perf_counter()
    acks = list(pool.imap(lambda one: one[1].emit("answer", _answer(check_in, one[0])), enumerate(room)))
    figures["answering"] = time.perf_counter() - start
    assert all(ack[0]["ok"] for ack in acks), next(ack for ack in acks if not ack[0]["ok"])
    server.finish(check_in)
    figures["showing"] = shown.wait() - start
    figures["answering cpu"] = server.cpu_s() - cpu

    eventlet.sleep(1.0)
    waiting = [pool.spawn(_until, phone, server.is_changed) for phone in room]
    eventlet.sleep(0.2)
    start = time.perf_counter()
    server.change_segment()
    figures["segment"] = max(one.wait() for one in waiting) - start
    figures["view"] = max(client.largest_view for client in (*room, projector))
    for client in (*room, projector):
        client.close()
    return figures


@contextmanager
def _staying(clients: list[Client]) -> Iterator[None]:
    """Meanwhile nobody of them is dropped for silence, however long the others take."""

    def stay() -> None:
        while True:
            eventlet.sleep(STAY_S)
            for client in tuple(clients):
                client.stay()

    staying = eventlet.spawn(stay)
    yield
    staying.kill()


def _answer(check_in: str, index: int) -> dict[str, object]:
    return {"check_in": check_in, "value": index % 11}


def _until(client: Client, is_it: Callable[[dict[str, Any]], object]) -> float:
    while not is_it(client.view()):
        pass
    return time.perf_counter()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Phones against this product and against a bare server.")
    parser.add_argument("--mode", default="eventlet", choices=["eventlet", "gevent", "threading"])
    parser.add_argument("--phones", type=int, nargs="+", default=[12, 200, 1000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for phones in given.phones:
        found: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
        for _ in range(given.rounds):
            for name, start in (("bare", bare), ("ours", ours)):
                with start(given.mode) as server:
                    found[name].append(measure(server, phones))
        print(f"\n{phones} phones, {given.mode}, median of {given.rounds}")
        for figure in found["bare"][0]:
            base, own = (statistics.median(one[figure] for one in found[name]) for name in ("bare", "ours"))
            unit = UNITS.get(figure, "s  ")
            ratio = own / base if base > 0 else float("nan")
            limit = f"  to reach: {LIMITS[figure]}" if figure in LIMITS else ""
            print(
                f"  {figure:14} bare {base:9.3f} {unit}  ours {own:9.3f} {unit}  ratio {ratio:5.2f}{limit}", flush=True
            )


if __name__ == "__main__":
    main()
