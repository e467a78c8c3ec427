"""The one way in: decide, store in one transaction, evolve, then show.

Everything that changes a session goes through its room's queue. Whoever holds the room's lock takes all that queued
meanwhile and stores it in one transaction, so that a burst of answers costs a few commits and not one each. What failed
to store was never shown, and what was acknowledged is stored.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager, suppress

from sqlalchemy.exc import IntegrityError

from facilitator.realtime import screens, store
from facilitator.realtime.batch import Batch
from facilitator.realtime.codes import read_code, shown
from facilitator.realtime.commands import AnyCommand, EndByItself, EscalateRequests, Person, RaiseRequest
from facilitator.realtime.events import CheckInClosed
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.keys import Keys
from facilitator.realtime.live import Live, Refused, fold
from facilitator.realtime.live import scheduled as scheduled_live
from facilitator.realtime.room import Room
from facilitator.realtime.screens import Door, View
from facilitator.realtime.seats import digest_of, new_id
from facilitator.realtime.work import Answering, Asking, Joining, Leaving, Seated, Waiting, Work
from facilitator.storage.engine import Database, Session, Unavailable
from facilitator.storage.tables import WallCard

log = logging.getLogger(__name__)

RACES_LOST_AT_MOST = 10
QUIET_S = 60.0

__all__ = ["Hub", "Refused", "Seated", "Waiting"]


class Hub:
    """Runs the sessions of one process."""

    def __init__(
        self, db: Database, keys: Keys, clock: Callable[[], int], settings: HubSettings, handed: Handed
    ) -> None:
        self.db = db
        self.settings = settings
        self._keys = keys
        self._clock = clock
        self._handed = handed
        self._rooms: dict[str, Room] = {}
        self._rooms_lock = threading.Lock()
        self._listeners: list[Callable[[str, bool], None]] = []
        self._disconnect_staff: Callable[[str], None] = lambda _staff_id: None
        # At first, too: the process before this one may have ended before it could.
        self._left_in_journal = True

    # -- what changes a session -------------------------------------------------------------------------------------

    def run(self, session_id: str, command: AnyCommand, by: Person | None) -> int:
        """Carry out a command and return the session's ``rev``.

        Raises Refused with a sentence, Unavailable when it could not be stored, KeyError for no such session.
        """
        return self._do(session_id, Asking(command, by)).rev

    def answer(self, session_id: str, seat: str, check_in: str, value: object) -> None:
        """Store one phone's answer, sealed; ``None`` skips. Returns when it is on disk. Raises Refused, Unavailable."""
        self.answer_from(session_id, digest_of(seat), check_in, value)

    def answer_from(self, session_id: str, seat_digest: str, check_in: str, value: object) -> None:
        """Like ``answer``, for a socket, which knows only the digest of its seat."""
        self._do(session_id, Answering(seat_digest, check_in, value))

    def ask_for_staff(self, session_id: str, seat: str, name: str) -> None:
        """Somebody asks to talk, by name or without one ("" then). Neither the seat nor its digest is kept with it."""
        self.ask_for_staff_from(session_id, digest_of(seat), name)

    def ask_for_staff_from(self, session_id: str, seat_digest: str, name: str) -> None:
        """Like ``ask_for_staff``, for a socket."""
        if self._session_of_digest(seat_digest) != session_id:
            raise Refused("This phone is not in the group any more. Join again with the code on the screen.")
        self.run(session_id, RaiseRequest(new_id(), name), None)

    def take_seat(self, session_id: str, seat: str | None, ticket: str | None) -> Seated | Waiting:
        """A place for a phone: the same one again for its own seat, or a ticket while the door is locked.

        Raises Refused when the room is full or the doors are closed.
        """
        joining = Joining(seat, ticket)
        self._do(session_id, joining)
        assert joining.place is not None
        return joining.place

    def leave(self, session_id: str, seat: str) -> None:
        """Give a seat back. One that is not there is no error."""
        self.leave_from(session_id, digest_of(seat))

    def leave_from(self, session_id: str, seat_digest: str) -> None:
        """Like ``leave``, for a socket."""
        self._do(session_id, Leaving(seat_digest))

    def expire(self, now: int) -> None:
        """Do what the clock does: end sessions two hours over their planned end, tell of those who wait too long."""
        with self.db.read() as db:
            running = store.running_sessions(db)
        for session_id in running:
            try:
                self._expire(session_id, now)
            except Unavailable:
                continue
            except Exception:
                # One session that cannot be read may not keep the others open, nor the server from starting.
                log.exception("The clock could not do its part in a session.")
        self._forget_quiet_rooms()

    def _expire(self, session_id: str, now: int) -> None:
        live = self.live(session_id)
        if live.escalates_at is not None and now >= live.escalates_at:
            self.run(session_id, EscalateRequests(), None)
        if live.ends_by_itself_at is not None and now >= live.ends_by_itself_at:
            self.run(session_id, EndByItself(), None)

    def _forget_quiet_rooms(self) -> None:
        """What a room holds can be read again. Whoever still has a forgotten one stores through the database, too."""
        quiet_since = time.monotonic() - QUIET_S
        with self._rooms_lock:
            self._rooms = {key: room for key, room in self._rooms.items() if not room.is_quiet(quiet_since)}

    def tidy_keys(self) -> None:
        """Destroy the keys that a crash left behind, and what a journal still has of cards that are gone."""
        with self.db.read() as db:
            still_open, known = store.open_check_ins(db)
        self._keys.tidy(still_open, known)
        if self._left_in_journal:
            self._left_in_journal = not self.db.empty_journal()

    # -- what is read of it -----------------------------------------------------------------------------------------

    def live(self, session_id: str) -> Live:
        """The session now. Raises KeyError for no such session."""
        with self._looking(session_id, lately=False) as room:
            return room.known

    def console_view(self, session_id: str) -> View:
        """What the facilitators see now."""
        with self._looking(session_id) as room:
            now = self._clock()
            return screens.console_view(room.known, room.presence(now), now)

    def projector_view(self, session_id: str) -> View:
        """What the room sees now."""
        with self._looking(session_id) as room:
            now = self._clock()
            return screens.projector_view(room.known, room.presence(now), room.door, now)

    def phone_view(self, session_id: str, seat: str) -> View:
        """What this phone sees now."""
        with self._looking(session_id) as room:
            now = self._clock()
            answered = room.has_answered(digest_of(seat))
            return screens.phone_view(room.known, room.presence(now), now, answered=answered)

    def phone_views(self, session_id: str) -> tuple[View, View, Callable[[str], bool]]:
        """The two views that phones can have, before and after answering, and which seat digests have answered."""
        with self._looking(session_id) as room:
            now = self._clock()
            presence = room.presence(now)
            before = screens.phone_view(room.known, presence, now)
            after = screens.phone_view(room.known, presence, now, answered=True)
            return before, after, room.has_answered

    def cards(self, session_id: str) -> list[WallCard]:
        """The cards of this session that staff may still decide on, in no order that means anything."""
        with self.db.read() as db:
            return store.cards_of(db, session_id)

    def session_of_code(self, typed: str) -> str | None:
        """The session whose doors are open under a join code, however it was typed."""
        plain = read_code(typed)
        if plain is None:
            return None
        # A group that comes all at once asks a hundred times for what was read a moment ago.
        code, now = shown(plain), time.monotonic()
        for room in list(self._rooms.values()):
            if room.lets_in(code, now):
                return room.session_id
        with self.db.read() as db:
            return store.session_of_code(db, plain)

    def session_of_screen(self, token: str) -> str | None:
        """The session that a screen token shows."""
        with self.db.read() as db:
            return store.session_of_screen(db, token)

    def session_of_seat(self, seat: str) -> str | None:
        """The session in which a seat is; None once it has ended."""
        return self._session_of_digest(digest_of(seat))

    def _session_of_digest(self, digest: str) -> str | None:
        for room in list(self._rooms.values()):
            if digest in room.seats:
                return room.session_id
        with self.db.read() as db:
            return store.session_of_seat(db, digest)

    # -- who listens ------------------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[str, bool], None], disconnect_staff: Callable[[str], None]) -> None:
        """Tell ``listener(session id, True)`` after every stored change, ``False`` when only presence changed."""
        self._listeners.append(listener)
        self._disconnect_staff = disconnect_staff

    def disconnect_staff(self, staff_id: str) -> None:
        """End every console socket of somebody who signed out or lost the right to it."""
        self._disconnect_staff(staff_id)

    def phones_changed(self, session_id: str, connected: Callable[[], Set[str]]) -> None:
        """Sockets came or went; ``connected`` says which seats have one now."""
        room = self._room(session_id)
        with room.lock:
            # Asked here, so that of two changes at once the later one is not overwritten.
            room.connect(connected())
        self._tell(session_id, stored=False)

    def hear(self, session_id: str, seat: str) -> None:
        """A phone came by plain HTTP: without a socket, it counts as connected for a while."""
        room = self._room(session_id)
        with room.lock:
            is_new = room.hear(digest_of(seat), self._clock())
        if is_new:
            self._tell(session_id, stored=False)

    def word_will_change(self, session_id: str) -> bool:
        """Whether the progress word waits to change."""
        room = self._room(session_id)
        with room.lock:
            return room.word_will_change(self._clock())

    def _tell(self, session_id: str, *, stored: bool) -> None:
        for listener in self._listeners:
            listener(session_id, stored)

    # -- one room at a time -----------------------------------------------------------------------------------------

    def _do(self, session_id: str, work: Work) -> Work:
        room = self._room(session_id)
        room.queue.append(work)
        # Neighbours who are about to queue theirs do so now, and share the commit.
        self._handed.breathe()
        with room.lock:
            if not work.done:
                self._store(room)
        if work.error is not None:
            raise work.error
        return work

    def _store(self, room: Room) -> None:
        works = room.take_queue()
        try:
            batch = self._commit(room, works)
        except BaseException as error:
            # Also when this very thread is being ended: its neighbours may not take theirs for stored.
            for work in works:
                work.fail(error if isinstance(error, Exception) else Unavailable())
            if isinstance(error, Unavailable | KeyError):
                return
            raise
        batch.settle()
        if batch.cards_gone:
            self._left_in_journal = not self.db.empty_journal()
        if batch.changed or batch.presence_changed:
            self._tell(room.session_id, stored=batch.changed)

    def _commit(self, room: Room, works: list[Work]) -> Batch:
        """Store all of ``works`` in one transaction; again when another process wrote first."""
        for attempt in range(RACES_LOST_AT_MOST):
            batch = Batch(room, works, self._keys, self.settings, self._handed, self._clock())
            try:
                with self.db.write() as db:
                    self._catch_up(db, room)
                    batch.carry_out(db)
                return batch
            except IntegrityError:
                batch.undo()
                if attempt + 1 == RACES_LOST_AT_MOST:
                    raise
            except BaseException:
                batch.undo()
                raise
        raise AssertionError("unreachable")

    @contextmanager
    def _looking(self, session_id: str, *, lately: bool = True) -> Iterator[Room]:
        """The room, as the database had it now, or (``lately``) a moment ago."""
        room = self._room(session_id)
        with room.lock:
            if not (lately and room.is_fresh(time.monotonic())):
                with self.db.read() as db:
                    self._catch_up(db, room)
            yield room

    def _catch_up(self, db: Session, room: Room) -> None:
        """Fold what other processes wrote. Until the doors open the plan may still be changed, so it is read anew."""
        if room.live is None or room.live.state == "scheduled":
            row = store.session_row(db, room.session_id)
            room.set_door(row, Door(shown(row.join_code), self.settings.address))
            room.live = scheduled_live(store.plan_of(row), row.scheduled_at, cancelled=row.state == "cancelled")
        news = store.events_after(db, room.session_id, room.live.rev)
        room.live = fold(room.live, (line.event for line in news))
        if any(isinstance(line.event, CheckInClosed) and line.event.check_in == room.check_in for line in news):
            # Whoever closed it may have been killed, or cut off, before its key was destroyed. If not now: tidied soon.
            with suppress(Unavailable):
                self._keys.destroy(str(room.check_in))
        room.waiting = store.count_waiting(db, room.session_id) if room.live.locked else 0
        has_cards = any(check_in.has_cards for check_in in room.live.check_ins.values())
        room.cards = store.cards_waiting(db, room.session_id) if has_cards else {}
        room.follow_check_in(self._keys, lambda check_in: store.responders(db, check_in))
        room.read_at = time.monotonic()

    def _room(self, session_id: str) -> Room:
        with self._rooms_lock:
            return self._rooms.setdefault(session_id, Room(session_id))
