"""The sockets: three namespaces that push views, and the phones' three events. Everything else is refused.

Connecting does as little as possible, and every event looks its seat up again: what was true at connect may not be true
now. A handler never raises for what a stranger sent; it answers with a sentence.

Only a console has a browser session, so only its connecting is heard through Flask-SocketIO. All else goes by the
Socket.IO server itself: a Flask request around each answer would cost more than storing it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO

from facilitator.realtime import transport, wire
from facilitator.realtime.audience import Audience, Console
from facilitator.realtime.hub import Hub, Refused
from facilitator.realtime.reading import Malformed, read_answer, read_name
from facilitator.realtime.seats import digest_of
from facilitator.realtime.showing import Shower
from facilitator.storage.engine import Unavailable

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 16_384
PING_EVERY_S = 10
PING_LOST_AFTER_S = 10
Ack = dict[str, Any]


class Sockets:
    """All the sockets of one application.

    ``sign_in()`` is the sign-in behind the request's cookie, ``may_lead(sign-in, session id)`` whose it is if they may
    see that console now (their id, or None); ``is_ours(origin, port)`` says whether a web origin is our own.
    """

    def __init__(
        self,
        app: Flask,
        hub: Hub,
        shower: Shower,
        audience: Audience,
        *,
        mode: str,
        clock: Callable[[], int],
        sign_in: Callable[[], str | None],
        may_lead: Callable[[str, str], str | None],
        is_ours: Callable[[str | None, str], bool],
    ) -> None:
        self._hub = hub
        self._shower = shower
        self._audience = audience
        self._sign_in = sign_in
        self._may_lead = may_lead
        self._is_ours = is_ours
        self.io = SocketIO(
            app,
            async_mode=mode,
            # One thread an event would let one phone start thousands, and would shuffle its events.
            async_handlers=False,
            max_http_buffer_size=LARGEST_MESSAGE,
            ping_interval=PING_EVERY_S,
            ping_timeout=PING_LOST_AFTER_S,
            cors_allowed_origins=lambda origin, environ: is_ours(origin, environ.get("SERVER_PORT", "")),
            serve_client=False,
            manage_session=False,
            logger=wire.SILENT,
            engineio_logger=wire.SILENT,
            json=wire,
            serializer=wire.Packet,
        )
        transport.bound_messages(self.io.server.eio)
        transport.guard(self.io.server, wire.Limits(clock))
        # Flask itself says to wrap it like this; to the type checker it is a method.
        app.wsgi_app = transport.Doorkeeper(app.wsgi_app, LARGEST_MESSAGE)  # type: ignore[method-assign]
        self._listen()
        hub.listen(self._changed, self._disconnect_staff)

    def begin(self) -> None:
        """Begin with what happens by itself: showing, and ending sessions by the clock. Again is no error."""
        self._shower.start(self._send, self._end_consoles)

    def _listen(self) -> None:
        self.io.on_event("connect", lambda auth=None: False, namespace="/")
        self.io.on_event("connect", self._console, namespace="/console")
        self.io.on_error_default(lambda error: self._not_let_in(_sid(), error))
        on = self.io.server.on
        on("connect", self._connecting(self._projector), namespace="/projector")
        on("connect", self._connecting(self._phone), namespace="/phone")
        for namespace in ("/console", "/projector", "/phone"):
            on("disconnect", self._gone, namespace=namespace)
            on("*", self._unknown, namespace=namespace)
        on("answer", self._answer, namespace="/phone")
        on("ask_for_staff", self._ask_for_staff, namespace="/phone")
        on("leave", self._leave, namespace="/phone")

    # -- who comes --------------------------------------------------------------------------------------------------

    def _console(self, auth: object = None) -> bool:
        session_id = wire.text_of(auth, "session")
        origin = request.headers.get("Origin")
        if session_id is None or not self._is_ours(origin, request.environ.get("SERVER_PORT", "")):
            return False
        sign_in = self._sign_in()
        staff_id = self._may_lead(sign_in, session_id) if sign_in else None
        if sign_in is None or staff_id is None:
            return False
        self._audience.add_console(session_id, _sid(), Console(staff_id, sign_in))
        self._welcome("/console", self._hub.console_view(session_id), _sid())
        self._changed(session_id, False)
        return True

    def _connecting(self, let_in: Callable[[str, object], bool]) -> Callable[..., bool]:
        """The handler that lets in, or not. It may not raise: the library would try again without ``auth``."""

        def connect(sid: str, _environ: object, auth: object = None) -> bool:
            try:
                return let_in(sid, auth)
            except Exception as error:
                return self._not_let_in(sid, error)

        return connect

    def _projector(self, sid: str, auth: object) -> bool:
        token = wire.text_of(auth, "screen")
        session_id = self._hub.session_of_screen(token) if token else None
        if session_id is None:
            return False
        self._audience.add_projector(session_id, sid)
        self._welcome("/projector", self._hub.projector_view(session_id), sid)
        self._changed(session_id, False)
        return True

    def _phone(self, sid: str, auth: object) -> bool:
        seat = wire.text_of(auth, "seat")
        session_id = self._hub.session_of_seat(seat) if seat else None
        if seat is None or session_id is None:
            return False
        self._audience.add_phone(session_id, sid, digest_of(seat))
        self._hub.phones_changed(session_id, lambda: self._audience.seats(session_id))
        self._welcome("/phone", self._hub.phone_view(session_id, seat), sid)
        return True

    def _welcome(self, namespace: str, view: dict[str, Any], sid: str) -> None:
        self.begin()
        self._send(namespace, view, [sid])

    def _not_let_in(self, sid: str, error: Exception) -> bool:
        """A fault of ours, or a database that does not answer. The library says "disconnect" only of those let in."""
        self._note(error)
        self._gone(sid)
        return False

    def _gone(self, sid: str, *_: object) -> None:
        session_id = self._audience.drop(sid)
        if session_id is not None:
            self._hub.phones_changed(session_id, lambda: self._audience.seats(session_id))

    # -- what phones say --------------------------------------------------------------------------------------------

    def _answer(self, sid: str, *data: object) -> Ack:
        return self._heard(sid, lambda session, digest: self._hub.answer_from(session, digest, *read_answer(data)))

    def _ask_for_staff(self, sid: str, *data: object) -> Ack:
        return self._heard(sid, lambda session, digest: self._hub.ask_for_staff_from(session, digest, read_name(data)))

    def _leave(self, sid: str, *_: object) -> Ack:
        return self._heard(sid, self._hub.leave_from)

    def _unknown(self, *_: object) -> Ack:
        return {"ok": False, "message": "This is not something that can be sent here."}

    def _heard(self, sid: str, act: Callable[[str, str], None]) -> Ack:
        """Carry out what a phone asks for. Acknowledged means stored."""
        session_id, digest = self._audience.session_of(sid), self._audience.seat_of(sid)
        if session_id is None or digest is None:
            return {"ok": False, "message": "This phone is not in the group any more. Join again."}
        try:
            act(session_id, digest)
        except (Refused, Malformed, Unavailable) as error:
            return {"ok": False, "message": str(error)}
        except Exception as error:
            self._note(error)
            return {"ok": False, "message": str(Unavailable())}
        return {"ok": True}

    def _note(self, error: Exception) -> None:
        if not isinstance(error, Unavailable):
            log.error("A socket's event could not be answered.", exc_info=error)

    # -- what goes out ----------------------------------------------------------------------------------------------

    def _changed(self, session_id: str, stored: bool) -> None:
        """Something is to be shown. A new screen is a reason of its own: it must not wait for the next answer."""
        self._shower.changed(session_id, stored)

    def _send(self, namespace: str, view: dict[str, Any], sockets: Sequence[str]) -> None:
        self.io.emit("view", view, namespace=namespace, to=list(sockets))

    def _disconnect_staff(self, staff_id: str) -> None:
        for sid in self._audience.consoles_of(staff_id):
            self.io.server.disconnect(sid, namespace="/console")

    def _end_consoles(self) -> None:
        """End the consoles of those who may not lead any more: the twelve hours are over, or a colleague does it."""
        for session_id, sid, console in self._audience.all_consoles():
            if self._may_lead(console.sign_in, session_id) is None:
                self.io.server.disconnect(sid, namespace="/console")


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it
