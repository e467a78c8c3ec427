"""Showing: after a stored change every screen of the session gets its view; presence alone waits for its second.

One background thread for all sessions. Changes that come within ten milliseconds are shown together, so a burst costs
one view for each screen and not one for each change.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from facilitator.realtime.audience import Audience
from facilitator.realtime.hub import Hub
from facilitator.storage.problems import Unavailable

log = logging.getLogger(__name__)

TOGETHER_S = 0.010
PRESENCE_MS = 1_000
LOOK_AGAIN_S = 0.25
EXPIRE_MS = 5_000
TIDY_MS = 60_000

Send = Callable[[str, dict[str, Any], Sequence[str]], None]


class Shower:
    """Pushes views. ``send(namespace, view, sockets)`` is how."""

    def __init__(self, hub: Hub, audience: Audience, clock: Callable[[], int], sleep: Callable[[float], None]) -> None:
        self._hub = hub
        self._audience = audience
        self._clock = clock
        self._sleep = sleep
        self._send: Send = lambda _namespace, _view, _sockets: None
        self._end_consoles: Callable[[], None] = lambda: None
        self._wake = threading.Condition()
        self._stored: set[str] = set()
        self._presence: set[str] = set()
        self._shown_at: dict[str, int] = {}
        self._last_phone_view: dict[str, str] = {}
        self._answered: dict[str, set[str]] = {}
        self._expired_at = 0
        self._tidied_at = clock()
        self._started = False

    def start(self, send: Send, end_consoles: Callable[[], None]) -> None:
        """Begin to show, and to end what time ends. A second call is no error."""
        with self._wake:
            self._send, self._end_consoles = send, end_consoles
            if not self._started:
                self._started = True
                threading.Thread(target=self._forever, name="shower", daemon=True).start()

    def changed(self, session_id: str, stored: bool) -> None:
        """The hub stored something for this session, or (not ``stored``) only presence changed."""
        with self._wake:
            (self._stored if stored else self._presence).add(session_id)
            if stored:
                self._wake.notify()

    def _forever(self) -> None:
        while True:
            with self._wake:
                if not self._stored:
                    self._wake.wait(LOOK_AGAIN_S)
            self._safely(self._round)

    def _safely(self, act: Callable[[], None]) -> None:
        """A screen that missed a view fetches the next; one session's fault may not cost the others theirs."""
        try:
            act()
        except Unavailable:
            # What could not be read now is read when it is fetched.
            return
        except Exception:
            log.exception("A view could not be shown.")

    def _round(self) -> None:
        now = self._clock()
        if abs(now - self._expired_at) >= EXPIRE_MS:
            self._expired_at = now
            self._safely(partial(self._hub.expire, now))
            self._safely(self._end_consoles)
        if abs(now - self._tidied_at) >= TIDY_MS:
            self._tidied_at = now
            self._safely(self._hub.tidy_keys)
        if self._stored:
            self._sleep(TOGETHER_S)
        with self._wake:
            stored, self._stored = self._stored, set()
            due = {one for one in self._presence if self._may_show_presence(one, now)} - stored
            self._presence -= due | stored
        for session_id in stored:
            self._safely(partial(self._show, session_id, stored=True))
        for session_id in due:
            self._safely(partial(self._show, session_id, stored=False))

    def _may_show_presence(self, session_id: str, now: int) -> bool:
        return abs(now - self._shown_at.get(session_id, 0)) >= PRESENCE_MS

    def _show(self, session_id: str, *, stored: bool) -> None:
        self._shown_at[session_id] = self._clock()
        if consoles := self._audience.consoles(session_id):
            self._send("/console", self._hub.console_view(session_id), consoles)
        if projectors := self._audience.projectors(session_id):
            self._send("/projector", self._hub.projector_view(session_id), projectors)
        if phones := self._audience.phones(session_id):
            self._show_phones(session_id, phones, stored=stored)
        else:
            self._last_phone_view.pop(session_id, None)
            self._answered.pop(session_id, None)
        if self._hub.word_will_change(session_id):
            self.changed(session_id, False)

    def _show_phones(self, session_id: str, phones: dict[str, str], *, stored: bool) -> None:
        before, after, has_answered = self._hub.phone_views(session_id)
        told = json.dumps({**before, "server_now": 0})
        is_news = stored or told != self._last_phone_view.get(session_id)
        answered = {sid for sid, digest in phones.items() if has_answered(digest)}
        # An answer by itself is news for the phone that gave it only: it may be open in a second tab.
        sockets = phones.keys() if is_news else phones.keys() & (answered ^ self._answered.get(session_id, set()))
        self._last_phone_view[session_id], self._answered[session_id] = told, answered
        for view, whose in ((before, sockets - answered), (after, sockets & answered)):
            if whose:
                self._send("/phone", view, list(whose))
