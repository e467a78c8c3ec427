"""What ``test_runtime.py`` asks of one async mode, in a process of its own. Prints one line of JSON."""

from __future__ import annotations

import ctypes
import json
import sys
import threading

from facilitator import runtime

runtime.start(sys.argv[1])

import time  # noqa: E402 - nothing is imported before the mode is chosen

# linux/prctl.h
PR_GET_DUMPABLE = 3


class Counting:
    """Work that keeps a core busy for a while, and how many were at it together."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def work(self) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        until = time.perf_counter() + 0.15
        while time.perf_counter() < until:
            pass
        self.now -= 1
        return "done"


def main() -> None:
    counting, results, ticks = Counting(), [], 0
    threads = [threading.Thread(target=lambda: results.append(runtime.run_blocking(counting.work))) for _ in range(6)]
    for thread in threads:
        thread.start()
    while len(results) < len(threads):
        runtime.sleep(0.005)
        ticks += 1
    for thread in threads:
        thread.join()
    try:
        runtime.run_blocking(lambda: 1 // 0)
    except ZeroDivisionError as error:
        raised = str(error)
    runtime.leave_no_core()
    told = {"most": counting.most, "results": results, "ticks": ticks, "raised": raised, "order": order()}
    print(json.dumps(told | {"dumpable": ctypes.CDLL(None).prctl(PR_GET_DUMPABLE)}))


def order() -> list[str]:
    """Two that take turns by breathing."""
    said: list[str] = []

    def speak(name: str) -> None:
        for _ in range(3):
            said.append(name)
            runtime.breathe()

    threads = [threading.Thread(target=speak, args=[name]) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


main()
