"""What the hub reads and writes: the session log, open check-ins with their ballots, seats, and phones at the door.

Every function takes the database session of the caller's transaction; none commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, delete, func, select, update

from facilitator.curricula.library import frozen
from facilitator.curricula.model import Plan
from facilitator.curricula.stored import from_stored
from facilitator.realtime.events import Event, from_row, to_row
from facilitator.realtime.seats import new_id
from facilitator.storage.tables import (
    AskedSeat,
    Ballot,
    CheckInRow,
    GroupSession,
    Knock,
    ProgressNote,
    Seat,
    SessionEvent,
    WallCard,
)

CHUNK = 500
SIGNED = ("signed", "co-signed")
OPEN_STATES = ("doors_open", "live")


@dataclass(frozen=True)
class Logged:
    """One line of the session log."""

    seq: int
    at: int
    staff_id: str | None
    event: Event


def session_row(db: Session, session_id: str) -> GroupSession:
    """The session. Raises KeyError."""
    row = db.get(GroupSession, session_id)
    if row is None:
        raise KeyError(session_id)
    return row


def plan_of(row: GroupSession) -> Plan:
    """The plan that a session runs, as it was read when it was frozen into it. Raises PlanError.

    The log of a session from before plans were kept like that is read by today's reader.
    """
    return frozen(row.plan_text) if row.plan_read is None else from_stored(row.plan_read)


# Asked with every burst of phones, so written out: the statement builder would cost more than the database.
HEAD = text("SELECT max(seq) FROM session_event WHERE session_id = :session_id")
CHECK_IN_STATE = "SELECT state FROM check_in WHERE id = :check_in"
HOLD_CHECK_IN = {"sqlite": text(CHECK_IN_STATE), "postgresql": text(f"{CHECK_IN_STATE} FOR SHARE")}


SEAT_SESSION = text("SELECT session_id FROM seat WHERE digest = :digest")
SEATS_TAKEN = text("SELECT count(*) FROM seat WHERE session_id = :session_id")
CODE_SESSION = text("SELECT id FROM session WHERE join_code = :code AND state IN ('doors_open', 'live')")


def events_after(db: Session, session_id: str, seq: int) -> list[Logged]:
    """The log from the line after ``seq`` on, in order."""
    head = db.connection().execute(HEAD, {"session_id": session_id}).scalar()
    if head is None or head <= seq:
        return []
    rows = db.exec(
        select(SessionEvent)
        .where(SessionEvent.session_id == session_id, SessionEvent.seq > seq)
        .order_by(col(SessionEvent.seq))
    )
    return [
        Logged(row.seq, row.at, row.staff_id, from_row(row.name, row.data, at=row.at, by=row.staff_id)) for row in rows
    ]


def log_of(db: Session, session_id: str) -> list[Logged]:
    """The whole session log."""
    return events_after(db, session_id, 0)


def append(db: Session, session_id: str, rev: int, events: Iterable[Event]) -> None:
    """Write events behind line ``rev``. The database refuses a line number that another process took first."""
    for seq, event in enumerate(events, rev + 1):
        name, data = to_row(event)
        db.add(SessionEvent(session_id=session_id, seq=seq, at=event.at, staff_id=event.by, name=name, data=data))
    db.flush()


def set_state(db: Session, session_id: str, state: str) -> None:
    """Repeat the log's state in the session's row, where lists find it."""
    db.exec(update(GroupSession).where(col(GroupSession.id) == session_id).values(state=state))


def is_signed(db: Session, session_id: str) -> bool:
    """Whether the session's record is closed to every further line. Holds the note against signing until then.

    Otherwise a line could be stored beside a signature that froze the note without it.
    """
    note = db.get(ProgressNote, session_id, with_for_update={"read": True})
    return note is not None and note.status in SIGNED


def open_check_in(db: Session, session_id: str, check_in: str) -> None:
    """Let ballots in."""
    db.add(CheckInRow(id=check_in, session_id=session_id, state="open"))
    db.flush()


def is_open(db: Session, check_in: str) -> bool:
    """Whether ballots are let in. Holds the row against closing until this transaction ends.

    On SQLite the transaction itself, begun IMMEDIATE, holds everything.
    """
    connection = db.connection()
    held = connection.execute(HOLD_CHECK_IN[connection.dialect.name], {"check_in": check_in})
    return held.scalar() == "open"


def close_check_in(db: Session, check_in: str) -> list[tuple[str, bytes]]:
    """Let no more ballots in, and take out those that are there: (responder, sealed). They are deleted.

    The state changes first: an answer stored before is among those taken, one that comes later is refused.
    """
    db.exec(update(CheckInRow).where(col(CheckInRow.id) == check_in).values(state="closed"))
    ballots = [(row.responder, row.sealed) for row in db.exec(select(Ballot).where(Ballot.check_in_id == check_in))]
    db.exec(delete(Ballot).where(col(Ballot.check_in_id) == check_in))
    return ballots


PUT_CARD = text("INSERT INTO wall_card (id, check_in_id, text, state) VALUES (:id, :check_in_id, :text, 'waiting')")


def put_cards(db: Session, check_in: str, words: Iterable[str]) -> None:
    """Lay down what was written, shuffled, under random ids and in their order: nothing of any other order is left."""
    shuffled = list(words)
    secrets.SystemRandom().shuffle(shuffled)
    rows = [{"id": new_id(), "check_in_id": check_in, "text": one} for one in shuffled]
    db.connection().execute(PUT_CARD, sorted(rows, key=lambda row: row["id"]))


def cards_of(db: Session, session_id: str) -> list[WallCard]:
    """The cards of a session that are still here, by their random ids."""
    mine = select(WallCard).join(CheckInRow).where(CheckInRow.session_id == session_id)
    return list(db.exec(mine.order_by(col(WallCard.id))))


def card_of(db: Session, session_id: str, card: str) -> tuple[str, str]:
    """The check-in and the words of one card of this session; both empty when it is not here."""
    mine = select(WallCard).join(CheckInRow).where(WallCard.id == card, CheckInRow.session_id == session_id)
    found = db.exec(mine).first()
    return (found.check_in_id, found.text) if found else ("", "")


def decide_on_card(db: Session, card: str, state: str) -> None:
    """Keep what staff decided: approved, left_out, or waiting again."""
    db.exec(update(WallCard).where(col(WallCard.id) == card).values(state=state))


def cards_waiting(db: Session, session_id: str) -> dict[str, int]:
    """How many cards wait to be read, by their check-in."""
    waiting = (
        select(WallCard.check_in_id, func.count())
        .join(CheckInRow)
        .where(CheckInRow.session_id == session_id, WallCard.state == "waiting")
    )
    return dict(db.exec(waiting.group_by(WallCard.check_in_id)).all())


def responders(db: Session, check_in: str) -> set[str]:
    """Who answered, by the names that only this check-in's key can make."""
    return set(db.exec(select(Ballot.responder).where(Ballot.check_in_id == check_in)))


PUT_BALLOT = text(
    "INSERT INTO ballot (check_in_id, responder, sealed) VALUES (:check_in_id, :responder, :sealed) "
    "ON CONFLICT (check_in_id, responder) DO UPDATE SET sealed = excluded.sealed"
)


def put_ballots(db: Session, check_in: str, ballots: Mapping[str, bytes], skipped: Collection[str]) -> None:
    """Store sealed answers, each in place of the same phone's earlier one. A skip takes the earlier one out.

    Written in the order of the responders' names, which says nothing about the order of answering.
    """
    if ballots:
        rows = [
            {"check_in_id": check_in, "responder": responder, "sealed": ballots[responder]}
            for responder in sorted(ballots)
        ]
        db.connection().execute(PUT_BALLOT, rows)
    if skipped:
        db.exec(delete(Ballot).where(col(Ballot.check_in_id) == check_in, col(Ballot.responder).in_(skipped)))


def open_check_ins(db: Session) -> tuple[set[str], set[str]]:
    """The ids of the open check-ins, and of all."""
    rows = db.exec(select(CheckInRow.id, CheckInRow.state)).all()
    return {row for row, state in rows if state == "open"}, {row for row, _ in rows}


def session_of_seat(db: Session, digest: str) -> str | None:
    """The session in which a seat is, or None."""
    return _one_text(db.connection().execute(SEAT_SESSION, {"digest": digest}).scalar())


def known_seats(db: Session, session_id: str, digests: Iterable[str]) -> set[str]:
    """Those of ``digests`` that are seats of this session."""
    asked = sorted(set(digests))
    found: set[str] = set()
    for start in range(0, len(asked), CHUNK):
        found.update(
            db.exec(
                select(Seat.digest).where(
                    Seat.session_id == session_id, col(Seat.digest).in_(asked[start : start + CHUNK])
                )
            )
        )
    return found


def count_seats(db: Session, session_id: str) -> int:
    """How many seats are taken."""
    return int(db.connection().execute(SEATS_TAKEN, {"session_id": session_id}).scalar_one())


def add_seats(db: Session, session_id: str, digests: Iterable[str]) -> None:
    """Take seats. Written in the order of their digests, which says nothing about the order of joining."""
    rows = [{"digest": digest, "session_id": session_id} for digest in sorted(digests)]
    if rows:
        db.connection().execute(text("INSERT INTO seat (digest, session_id) VALUES (:digest, :session_id)"), rows)


def drop_seat(db: Session, session_id: str, digest: str) -> None:
    """Give one seat back."""
    db.exec(delete(Seat).where(col(Seat.session_id) == session_id, col(Seat.digest) == digest))


REMEMBER_ROOM = text(
    "INSERT INTO asked_seat (session_id, prompt, digest) "
    "SELECT session_id, :prompt, digest FROM seat WHERE session_id = :session_id ORDER BY digest "
    "ON CONFLICT (session_id, prompt, digest) DO NOTHING"
)


def remember_room(db: Session, session_id: str, prompt: str) -> None:
    """A prompt's tally can be seen now: keep which seats are in the room. Which of them answered is not kept."""
    db.connection().execute(REMEMBER_ROOM, {"session_id": session_id, "prompt": prompt})


def seats_asked(db: Session, session_id: str, prompt: str) -> set[str]:
    """The digests of all seats that were in the room when this prompt's tally came to be seen."""
    asked = select(AskedSeat.digest).where(AskedSeat.session_id == session_id, AskedSeat.prompt == prompt)
    return set(db.exec(asked))


def empty_room(db: Session, session_id: str) -> None:
    """At End: no seat, no waiting phone and no card is kept. What the group saw of the cards is in the log."""
    asked = select(CheckInRow.id).where(CheckInRow.session_id == session_id)
    db.exec(delete(WallCard).where(col(WallCard.check_in_id).in_(asked)))
    db.exec(delete(Seat).where(col(Seat.session_id) == session_id))
    db.exec(delete(AskedSeat).where(col(AskedSeat.session_id) == session_id))
    db.exec(delete(Knock).where(col(Knock.session_id) == session_id))


def knock(db: Session, session_id: str, digest: str, now: int) -> None:
    """A phone waits at a locked door."""
    db.add(Knock(digest=digest, session_id=session_id, knocked_at=now, admitted=False))
    db.flush()


def knock_state(db: Session, session_id: str, digest: str) -> bool | None:
    """Whether a waiting phone was admitted; None when it does not wait here."""
    return db.exec(select(Knock.admitted).where(Knock.digest == digest, Knock.session_id == session_id)).first()


def drop_knock(db: Session, digest: str) -> None:
    """A phone no longer waits."""
    db.exec(delete(Knock).where(col(Knock.digest) == digest))


def count_waiting(db: Session, session_id: str) -> int:
    """How many phones wait to be admitted."""
    waiting = select(func.count()).select_from(Knock)
    return db.exec(waiting.where(Knock.session_id == session_id, col(Knock.admitted).is_(False))).one()


def admit_longest(db: Session, session_id: str) -> None:
    """Let in the phone that waited longest."""
    first = db.exec(
        select(Knock)
        .where(Knock.session_id == session_id, col(Knock.admitted).is_(False))
        .order_by(col(Knock.knocked_at), col(Knock.digest))
    ).first()
    if first is not None:
        first.admitted = True
        db.add(first)
        db.flush()


def admit_all(db: Session, session_id: str) -> None:
    """The door is unlocked: everybody who waits may come in."""
    db.exec(update(Knock).where(col(Knock.session_id) == session_id).values(admitted=True))


def session_of_code(db: Session, code: str) -> str | None:
    """The session whose doors are open under this join code, or None."""
    return _one_text(db.connection().execute(CODE_SESSION, {"code": code}).scalar())


def session_of_screen(db: Session, token: str) -> str | None:
    """The session that a screen token shows, or None."""
    return db.exec(select(GroupSession.id).where(GroupSession.screen_token == token)).first()


def running_sessions(db: Session) -> list[str]:
    """Every session whose doors are open."""
    return list(db.exec(select(GroupSession.id).where(col(GroupSession.state).in_(OPEN_STATES))))


def _one_text(found: object) -> str | None:
    return found if isinstance(found, str) else None
