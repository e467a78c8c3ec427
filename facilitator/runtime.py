"""The async mode of this process: eventlet, gevent or threads. The only file that names eventlet or gevent.

``start`` comes before any third party is imported: patching late leaves locks that block the whole process. After it
the standard library itself is green, so that everything else is written as if there were only threads.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol, TypeVar, cast

T = TypeVar("T")
Wsgi = Callable[..., Any]

# Hashing takes a whole core for a tenth of a second: more at once would stall every page.
BLOCKING_AT_ONCE = 2
BACKLOG = 1024
MOST_CONNECTIONS = 10_000
# How long a request that is being answered may go on after the server was told to stop.
GRACE_S = 1.0
IDLE_S = 75
# linux/prctl.h
PR_SET_DUMPABLE = 4


class Mode(Protocol):
    """What differs between the modes. Making one prepares the process for it."""

    def run_blocking(self, work: Callable[[], T]) -> T: ...

    def serve(self, app: Wsgi, listening: socket.socket) -> None: ...

    def stop(self) -> None:
        """Let ``serve`` raise _Stopped. A signal calls this in the middle of whatever runs in the main thread."""


class Threads:
    """One thread for each request and each socket."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(BLOCKING_AT_ONCE)

    def run_blocking(self, work: Callable[[], T]) -> T:
        with self._turns:
            return work()

    def serve(self, app: Wsgi, listening: socket.socket) -> None:
        from urllib.parse import urlsplit

        from werkzeug.serving import WSGIRequestHandler, make_server

        class Quiet(WSGIRequestHandler):
            """No log, because it would join an address with an answer; no version of ours for strangers."""

            def log(self, type: str, message: str, *args: object) -> None: ...

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...

            def version_string(self) -> str:
                return "facilitator"

            def run_wsgi(self) -> None:
                try:
                    urlsplit(self.path)
                except ValueError:
                    # Werkzeug would let it through to standard error.
                    return self.send_error(HTTPStatus.BAD_REQUEST)
                super().run_wsgi()
                # What still comes in after a WebSocket ended is no request.
                self.close_connection |= "Upgrade" in self.headers

        host, port = listening.getsockname()[:2]
        with make_server(host, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno()) as server:
            server.serve_forever()

    def stop(self) -> None:
        raise _Stopped


class Eventlet:
    """Green threads by eventlet, with its own server."""

    def __init__(self) -> None:
        # psycopg's own wait would block every green thread; it reads this when it is imported.
        os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
        # This server looks no names up. Its green resolver takes as long to import as the rest of eventlet.
        os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
        # EventletDeprecationWarning, by its text: the class exists only after the import that gives the warning.
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated", category=Warning)
        import eventlet
        from eventlet import tpool

        eventlet.monkey_patch()
        tpool.set_num_threads(BLOCKING_AT_ONCE)
        self._execute = tpool.execute
        self._main = eventlet.getcurrent()

    def run_blocking(self, work: Callable[[], T]) -> T:
        result: T = self._execute(work)
        return result

    def serve(self, app: Wsgi, listening: socket.socket) -> None:
        import eventlet
        from eventlet import wsgi

        class Pool(eventlet.GreenPool):  # type: ignore[misc]  # eventlet has no types
            """An open socket never ends by itself, so the server may not wait for all of them."""

            def waitall(self) -> None:
                with eventlet.Timeout(GRACE_S, exception=False):
                    super().waitall()

        class Quiet(wsgi.HttpProtocol):  # type: ignore[misc]  # eventlet has no types
            """No word on standard error about requests that cannot be read; no version of ours for strangers."""

            def log_message(self, format: str, *args: object) -> None: ...

            def version_string(self) -> str:
                return "facilitator"

        wsgi.server(
            listening,
            app,
            custom_pool=Pool(MOST_CONNECTIONS),
            protocol=Quiet,
            keepalive=IDLE_S,
            log_output=False,
            debug=False,
        )

    def stop(self) -> None:
        from eventlet import getcurrent, hubs

        hub = hubs.get_hub()
        if getcurrent() is hub.greenlet:
            raise _Stopped
        # A handler of somebody's socket is running, and libraries catch everything there.
        hub.schedule_call_global(0, self._main.throw, _Stopped)


class Gevent:
    """Green threads by gevent, with its own server."""

    def __init__(self) -> None:
        from gevent import monkey

        monkey.patch_all()
        from gevent import getcurrent
        from gevent.threadpool import ThreadPool

        self._pool = ThreadPool(BLOCKING_AT_ONCE)
        self._main = getcurrent()

    def run_blocking(self, work: Callable[[], T]) -> T:
        # The pool would print what is raised in it, also when the caller expects it.
        result, error = self._pool.apply(_attempt, (work,))
        if error is not None:
            raise error
        return cast(T, result)

    def serve(self, app: Wsgi, listening: socket.socket) -> None:
        from gevent.pywsgi import WSGIServer

        server = WSGIServer(listening, app, log=None, error_log=None)
        server.stop_timeout = GRACE_S
        server.serve_forever()

    def stop(self) -> None:
        from gevent import get_hub

        get_hub().loop.run_callback_threadsafe(self._main.throw, _Stopped)


def _attempt(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return work(), None
    except Exception as error:
        return None, error


MODES: dict[str, Callable[[], Mode]] = {"eventlet": Eventlet, "gevent": Gevent, "threading": Threads}
_mode: Mode | None = None


def start(mode: str) -> None:
    """Prepare this process for ``mode``, once and for good. Raises KeyError for a mode that does not exist."""
    global _mode
    assert _mode is None, "The async mode is chosen once in the life of a process."
    _mode = MODES[mode]()


def is_started() -> bool:
    """Whether this process has its async mode, and so is one that serves."""
    return _mode is not None


def run_blocking(work: Callable[[], T]) -> T:
    """Call ``work``, which keeps a core busy, without stopping the others; two at a time. Before ``start``: call it."""
    return _mode.run_blocking(work) if _mode else work()


def sleep(seconds: float) -> None:
    """Wait, and let the others run."""
    time.sleep(seconds)


def breathe() -> None:
    """Let everybody else who is ready run first."""
    time.sleep(0)


def listen(host: str, port: int) -> socket.socket:
    """Take the address, so that connections wait from now on; port 0 takes a free one. Comes after ``start``.

    Raises OSError when the address is in use or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # "::" is everywhere, as "0.0.0.0" is: the address that phones are shown is mostly of the older kind.
    both = host == "::" and socket.has_dualstack_ipv6()
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    # Taken over by every connection: a screen that gets two small frames in a row would wait 40 ms for the second.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def leave_no_core() -> None:
    """Have this process never dump its memory into a file or a debugger: the keys of open check-ins are in it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit alone does not hold where the kernel hands dumps on to a program.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def serve(app: Wsgi, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve ``app`` until SIGINT or SIGTERM, in the main thread. ``ready`` is called when the server answers."""
    assert _mode is not None, "runtime.start comes first."
    leave_no_core()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _stop)
    # What is there now stays. From here on the collector looks only at what comes and goes.
    gc.collect()
    gc.freeze()
    gc.enable()
    with listening:
        try:
            ready()
            _mode.serve(app, listening)
        except _Stopped:
            return


class _Stopped(SystemExit):
    """The way out of every server's loop, which none of them takes for an error."""


def _stop(_signal: int, _frame: object) -> None:
    assert _mode is not None
    _mode.stop()
