"""What queued for one room, stored together in one transaction.

Each piece of work is refused or accepted for itself; what is accepted is stored with its neighbours. Memory changes
only in ``settle``, after the transaction: a batch that failed leaves no trace.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime import store
from facilitator.realtime.ballots import BallotBox
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.keys import Keys
from facilitator.realtime.live import Refused, decide, fold
from facilitator.realtime.room import Room
from facilitator.realtime.seats import digest_of, new_id, new_token
from facilitator.realtime.state import CheckIn
from facilitator.realtime.tally import CARDS, UNCOUNTED, count
from facilitator.realtime.work import Answering, Asking, Joining, Leaving, Seated, Waiting, Work
from facilitator.storage.engine import Session, Unavailable

log = logging.getLogger(__name__)

CLOSED = "This check-in is closed."
NOT_HERE = "This phone is not in the group any more. Join again with the code on the screen."
# A tally that says something, and so could be compared with another one of the same prompt.
CAN_BE_SEEN = ("shown", "similar")
DOORS_CLOSED = "The doors are closed. Ask the facilitator."


class Batch:
    """One transaction's work on one room."""

    def __init__(
        self,
        room: Room,
        works: list[Work],
        keys: Keys,
        settings: HubSettings,
        handed: Handed,
        now: int,
    ) -> None:
        self.changed = False
        self.presence_changed = False
        self.cards_gone = False
        self._room = room
        self._works = works
        self._keys = keys
        self._settings = settings
        self._handed = handed
        self._now = now
        self._refused: dict[int, Refused] = {}
        self._made_keys: list[str] = []
        self._spent_keys: list[str] = []
        self._ballots: dict[str, bytes] = {}
        self._skips: set[str] = set()
        self._withdrawn: set[str] = set()
        self._seats: set[str] = set()
        self._left: set[str] = set()

    def carry_out(self, db: Session) -> None:
        """Do all the work within the caller's transaction."""
        self._live = self._room.known
        self._open = self._live.open_check_in
        self._hold_open_check_in(db)
        self._places = self._count_free_places(db)
        self._sitting = self._find_seats(db)
        for index, work in enumerate(self._works):
            try:
                self._do(work, db)
            except Refused as refused:
                self._refused[index] = refused
            work.rev = self._live.rev
        self._put_ballots(db)
        store.add_seats(db, self._room.session_id, self._seats)

    def _hold_open_check_in(self, db: Session) -> None:
        """With answers in the batch, keep other processes from closing the check-in under them."""
        if self._open is None or not any(isinstance(work, Answering) for work in self._works):
            return
        if not store.is_open(db, self._open.id):
            self._open = None

    def settle(self) -> None:
        """The transaction is on disk: remember it, destroy spent keys, and let everybody go on."""
        room = self._room
        self.changed = self._live.rev != room.known.rev
        self.presence_changed |= bool(self._ballots or self._skips or self._withdrawn) or self.changed
        room.live = self._live
        room.seats = set() if self._live.state == "ended" else (room.seats | self._seats) - self._left
        room.forget(None if self._live.state == "ended" else self._left)
        room.answered = (room.answered | self._ballots.keys()) - self._skips - self._withdrawn
        room.skipped = (room.skipped | self._skips) - self._ballots.keys() - self._withdrawn
        room.follow_check_in(self._keys, lambda _check_in: set())
        if self.changed or self._live.locked:
            room.read_at = float("-inf")
        self._destroy(self._spent_keys)
        for index, work in enumerate(self._works):
            work.error = self._refused.get(index)
            work.done = True

    def undo(self) -> None:
        """The transaction failed: the keys made for it open nothing."""
        self._destroy(self._made_keys)

    def _destroy(self, check_ins: list[str]) -> None:
        for check_in in check_ins:
            try:
                self._keys.destroy(check_in)
            except Unavailable:
                # What is stored is stored, and the hub tidies again soon.
                log.exception("A check-in's key could not be destroyed.")

    # -- each kind of work ------------------------------------------------------------------------------------------

    def _do(self, work: Work, db: Session) -> None:
        match work:
            case Answering():
                self._answer(work)
            case Joining():
                self._join(work, db)
            case Leaving():
                self._leave(work, db)
            case Asking():
                self._ask(work, db)

    def _answer(self, work: Answering) -> None:
        check_in = self._open
        if work.seat_digest not in self._sitting:
            raise Refused(NOT_HERE)
        if check_in is None or check_in.id != work.check_in:
            raise Refused(CLOSED if work.check_in in self._live.check_ins else "There is no such check-in.")
        if self._room.check_in != check_in.id:
            raise Refused(str(Unavailable()))
        if self._room.box is None:
            raise Refused("This check-in could not be kept. Please wait until it is asked again.")
        responder = self._room.box.responder(work.seat_digest)
        if work.value is None:
            self._ballots.pop(responder, None)
            self._skips.add(responder)
            return
        prompt = self._live.plan.prompt(check_in.prompt)
        assert prompt is not None
        if not prompt.accepts(work.value):
            raise Refused("That is not one of the answers. Please choose again.")
        self._skips.discard(responder)
        self._ballots[responder] = self._room.box.seal(responder, work.value)

    def _join(self, work: Joining, db: Session) -> None:
        if self._live.state not in ("doors_open", "live"):
            raise Refused(DOORS_CLOSED)
        if work.seat and digest_of(work.seat) in self._sitting:
            work.place = Seated(work.seat)
            return
        if self._live.locked and not self._was_admitted(work, db):
            work.place = self._wait(work, db)
            return
        if self._places < 1:
            raise Refused("This group has no free place for another phone. You can take part without one.")
        if work.ticket:
            store.drop_knock(db, digest_of(work.ticket))
        self._places -= 1
        seat = new_token()
        self._seats.add(digest_of(seat))
        work.place = Seated(seat)

    def _was_admitted(self, work: Joining, db: Session) -> bool:
        return bool(work.ticket and store.knock_state(db, self._room.session_id, digest_of(work.ticket)))

    def _wait(self, work: Joining, db: Session) -> Waiting:
        ticket = work.ticket
        if ticket is None or store.knock_state(db, self._room.session_id, digest_of(ticket)) is None:
            if store.count_waiting(db, self._room.session_id) >= self._settings.seats:
                raise Refused("Too many phones are waiting at the door. Ask the facilitator.")
            ticket = new_token()
            store.knock(db, self._room.session_id, digest_of(ticket), self._now)
            self.presence_changed = True
        return Waiting(ticket)

    def _leave(self, work: Leaving, db: Session) -> None:
        """The answer to the open check-in goes too: whoever joins again could otherwise answer twice."""
        store.drop_seat(db, self._room.session_id, work.seat_digest)
        self._left.add(work.seat_digest)
        if self._open is not None and self._room.box is not None and self._room.check_in == self._open.id:
            responder = self._room.box.responder(work.seat_digest)
            self._ballots.pop(responder, None)
            self._skips.discard(responder)
            self._withdrawn.add(responder)

    def _ask(self, work: Asking, db: Session) -> None:
        if self._live.state == "ended" and store.is_signed(db, self._room.session_id):
            raise Refused("This note is signed. Add an addendum instead.")
        events = self._decide(work, db)
        if not events:
            return
        for event in events:
            self._take_effect(event, db)
        store.append(db, self._room.session_id, self._live.rev, events)
        before, self._live = self._live, fold(self._live, events)
        self._open = self._live.open_check_in
        if self._live.state != before.state:
            store.set_state(db, self._room.session_id, self._live.state)

    def _decide(self, work: Asking, db: Session) -> list[e.Event]:
        """Ballots are opened only for a command that is allowed, so it is decided once without their tally."""
        command = self._complete(work.command, db)
        events = decide(self._live, command, self._now, work.by)
        if self._open is None or not any(isinstance(event, e.CheckInClosed) for event in events):
            return events
        assert isinstance(command, c.CloseCheckIn | c.End | c.EndByItself)
        # Cards that nobody can read any more are not even laid down.
        counted = replace(command, tally=self._count(self._open, db, keep=isinstance(command, c.CloseCheckIn)))
        return decide(self._live, counted, self._now, work.by)

    def _complete(self, command: c.AnyCommand, db: Session) -> c.AnyCommand:
        """The command with what only the house knows: ids, floors, the roster, how many wait."""
        match command:
            case c.OpenDoors():
                return replace(command, roster=self._handed.roster(db, self._room.session_id))
            case c.OpenCheckIn():
                told = self._settings
                return replace(
                    command,
                    check_in=new_id(),
                    floor=told.floor,
                    sensitive_floor=told.sensitive_floor,
                    wall_cards=told.wall_cards,
                )
            case c.CloseCheckIn() | c.End() | c.EndByItself():
                return replace(command, tally=UNCOUNTED)
            case c.ApproveCard(card=card):
                check_in, words = store.card_of(db, self._room.session_id, card)
                return replace(command, check_in=check_in, text=words)
            case c.LeaveOutCard(card=card):
                return replace(command, check_in=store.card_of(db, self._room.session_id, card)[0])
            case c.Admit():
                return replace(command, waiting=store.count_waiting(db, self._room.session_id))
            case c.AddGuest():
                return replace(command, guest=new_id())
            case c.AddNote():
                return replace(command, note=new_id())
            case _:
                return command

    def _take_effect(self, event: e.Event, db: Session) -> None:
        """What an event changes beside the log."""
        match event:
            case e.CheckInOpened(check_in=check_in):
                # On disk before the event commits: an open check-in without a key could not be answered.
                self._made_keys.append(check_in)
                self._keys.make(check_in)
                store.open_check_in(db, self._room.session_id, check_in)
            case e.CardApproved(card=card):
                store.decide_on_card(db, card, "approved")
            case e.CardLeftOut(card=card):
                store.decide_on_card(db, card, "left_out")
            case e.CardPutBack(card=card):
                store.decide_on_card(db, card, "waiting")
            case e.Admitted():
                store.admit_longest(db, self._room.session_id)
            case e.Unlocked():
                store.admit_all(db, self._room.session_id)
            case e.RequestRaised() | e.RequestEscalated() | e.RequestHandled():
                asked = self._live.requests.get(event.request)
                self._handed.at_request(db, self._room.session_id, event, asked.at if asked else event.at)
            case e.Ended():
                store.empty_room(db, self._room.session_id)
                self.cards_gone = any(check_in.has_cards for check_in in self._live.check_ins.values())
                self._handed.at_end(db, self._room.session_id, self._now)

    # -- ballots and seats ------------------------------------------------------------------------------------------

    def _count(self, check_in: CheckIn, db: Session, *, keep: bool) -> Mapping[str, Any]:
        """Open the ballots and count them, once. Without the key, or with a spoiled ballot, no tally is guessed.

        Of a question for a few words, what was written is kept for staff to read, with ``keep`` and enough answers.
        """
        self._put_ballots(db)
        self._ballots.clear()
        self._skips.clear()
        self._withdrawn.clear()
        ballots = store.close_check_in(db, check_in.id)
        self._spent_keys.append(check_in.id)
        box = self._room.box if self._room.check_in == check_in.id else self._keys.box(check_in.id)
        prompt = self._live.plan.prompt(check_in.prompt)
        if box is None or prompt is None:
            return UNCOUNTED
        try:
            answers = [box.open(responder, sealed) for responder, sealed in ballots]
        except ValueError:
            return UNCOUNTED
        counted = count(prompt, answers, check_in.floor, self._newcomers(box, prompt.id, ballots, db))
        if counted["state"] in CAN_BE_SEEN:
            store.remember_room(db, self._room.session_id, prompt.id)
        if counted == CARDS and keep:
            store.put_cards(db, check_in.id, map(str, answers))
        return counted

    def _newcomers(
        self, box: BallotBox, prompt: str, ballots: Sequence[tuple[str, bytes]], db: Session
    ) -> int | None:
        """How many answers are of phones that came after this prompt was last seen counted; None the first time."""
        asked = {box.responder(digest) for digest in store.seats_asked(db, self._room.session_id, prompt)}
        return sum(responder not in asked for responder, _ in ballots) if asked else None

    def _put_ballots(self, db: Session) -> None:
        if self._open is not None:
            store.put_ballots(db, self._open.id, self._ballots, self._skips | self._withdrawn)

    def _find_seats(self, db: Session) -> set[str]:
        """Which of the seats that this batch speaks of are seats of this session."""
        asked = {work.seat_digest for work in self._works if isinstance(work, Answering)}
        asked |= {digest_of(work.seat) for work in self._works if isinstance(work, Joining) and work.seat}
        return (asked & self._room.seats) | store.known_seats(db, self._room.session_id, asked - self._room.seats)

    def _count_free_places(self, db: Session) -> int:
        if not any(isinstance(work, Joining) for work in self._works):
            return 0
        return self._settings.seats - store.count_seats(db, self._room.session_id)
