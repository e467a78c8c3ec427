"""The baseline: a bare Flask-SocketIO server that answers the same requests, keeps no rule and stores nothing."""

from __future__ import annotations

import os
import sys

from facilitator import runtime


def main(mode: str) -> None:
    """Serve on a free loopback port and print it."""
    runtime.start(mode)
    import secrets

    from flask import Flask, jsonify
    from flask_socketio import SocketIO

    app = Flask(__name__)
    io = SocketIO(app, async_mode=mode, async_handlers=False, cors_allowed_origins="*")

    @app.get("/j/<code>")
    def page(code: str) -> str:
        return "<!doctype html><title>Group</title>" + "<p>A page of about the same size.</p>" * 120

    @app.post("/j/<code>/seat")
    def seat(code: str) -> object:
        return jsonify(seat=secrets.token_urlsafe(24))

    @io.on("connect", namespace="/phone")
    @io.on("connect", namespace="/projector")
    @io.on("connect", namespace="/console")
    def connect(auth: object = None) -> bool:
        return True

    @io.on("answer", namespace="/phone")
    def answer(data: object) -> dict[str, bool]:
        io.emit("view", {"check_in": "answered"}, namespace="/projector")
        return {"ok": True}

    @io.on("show", namespace="/console")
    def show(data: object) -> dict[str, bool]:
        io.emit("view", data, namespace="/projector")
        io.emit("view", data, namespace="/phone")
        return {"ok": True}

    listening = runtime.listen("127.0.0.1", 0)
    runtime.serve(app, listening, lambda: print(listening.getsockname()[1], os.getpid(), flush=True))


if __name__ == "__main__":
    main(sys.argv[1])
