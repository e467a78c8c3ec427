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
        self._last: dict[str, dict[str, str]] = {}
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
        consoles, projectors = self._audience.consoles(session_id), self._audience.projectors(session_id)
        phones = self._audience.phones(session_id)
        if not (consoles or projectors or phones):
            for kept in (self._shown_at, self._last, self._answered):
                kept.pop(session_id, None)
            return
        self._shown_at[session_id] = self._clock()
        if consoles:
            self._show_all("/console", session_id, self._hub.console_view(session_id), consoles, stored=stored)
        if projectors:
            self._show_all("/projector", session_id, self._hub.projector_view(session_id), projectors, stored=stored)
        if phones:
            # What everybody reads is on its way before a room full of phones takes its time.
            self._sleep(0)
            self._show_phones(session_id, phones, stored=stored)
        if self._hub.word_will_change(session_id):
            self.changed(session_id, False)

    def _show_all(
        self, namespace: str, session_id: str, view: dict[str, Any], sockets: list[str], *, stored: bool
    ) -> None:
        if self._is_news(namespace, session_id, view, sorted(sockets)) or stored:
            self._send(namespace, view, sockets)

    def _is_news(self, namespace: str, session_id: str, view: dict[str, Any], sockets: Sequence[str] = ()) -> bool:
        """Whether it says anything new, or to anybody new.

        A view that comes with every answer and says what the one before said would still count the answers.
        """
        told = json.dumps([{**view, "server_now": 0}, sockets])
        last = self._last.setdefault(session_id, {})
        before, last[namespace] = last.get(namespace), told
        return told != before

    def _show_phones(self, session_id: str, phones: dict[str, str], *, stored: bool) -> None:
        before, after, has_answered = self._hub.phone_views(session_id)
        is_news = self._is_news("/phone", session_id, before) or stored
        answered = {sid for sid, digest in phones.items() if has_answered(digest)}
        # An answer by itself is news for the phone that gave it only: it may be open in a second tab.
        sockets = phones.keys() if is_news else phones.keys() & (answered ^ self._answered.get(session_id, set()))
        self._answered[session_id] = answered
        for view, whose in ((before, sockets - answered), (after, sockets & answered)):
            if whose:
                self._send("/phone", view, list(whose))
