"""Every table, and nothing else. All instants are integer milliseconds UTC; ids are random, never counted.

Answers and seats are kept so that a copy of the file tells nothing: ballots are ciphertext, seats are digests, and
neither has a time, an order or a column that meets a person (``docs/anonymity.md``).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def _instant(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_type=BigInteger, nullable=nullable)


class Staff(SQLModel, table=True):
    """Somebody who signs in. ``role`` is facilitator, supervisor or administrator."""

    __tablename__ = "staff"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    password_hash: str
    active: bool = True
    created_at: int = _instant()
    on_duty_since: int | None = _instant(nullable=True)


class SignIn(SQLModel, table=True):
    """One browser session of one staff member, by the SHA-256 of its token."""

    __tablename__ = "sign_in"
    digest: str = Field(primary_key=True)
    staff_id: str = Field(foreign_key="staff.id", index=True)
    expires_at: int = _instant()


class Group(SQLModel, table=True):
    """A therapy group. ``curriculum`` is the id of the one that it follows, if any."""

    __tablename__ = "therapy_group"
    id: str = Field(primary_key=True)
    name: str
    active: bool = True
    curriculum: str | None = None


class GroupStaff(SQLModel, table=True):
    """Who may schedule and lead a group."""

    __tablename__ = "group_staff"
    group_id: str = Field(primary_key=True, foreign_key="therapy_group.id")
    staff_id: str = Field(primary_key=True, foreign_key="staff.id")


class Member(SQLModel, table=True):
    """A name on a group's roster. Only staff see it; no phone is ever linked to it."""

    __tablename__ = "member"
    id: str = Field(primary_key=True)
    group_id: str = Field(foreign_key="therapy_group.id", index=True)
    name: str
    active: bool = True


class GroupSession(SQLModel, table=True):
    """One meeting. ``plan_text`` is the whole plan as it is run; ``state`` repeats what the session log says.

    ``plan_read`` is that text as it was read when it was frozen (``curricula.stored``), None before version 0002 of the
    tables; ``plan_edition`` is the edition that it came from. ``plan_fit``: None as it was written, else how many
    ``minutes`` that was, for how many each segment was ``written`` (None: a new break), and what fitting it changed, in
    words (``changes``, ``warnings``).
    """

    __tablename__ = "session"
    id: str = Field(primary_key=True)
    group_id: str = Field(foreign_key="therapy_group.id", index=True)
    facilitator_id: str = Field(foreign_key="staff.id", index=True)
    co_facilitator_id: str | None = Field(default=None, foreign_key="staff.id", index=True)
    plan_id: str
    plan_title: str
    plan_version: str
    plan_text: str = Field(sa_type=Text)
    plan_minutes: int
    scheduled_at: int = _instant()
    state: str = Field(default="scheduled", index=True)
    screen_token: str = Field(unique=True)
    join_code: str = Field(index=True)
    plan_sha256: str = Field(default="", sa_column_kwargs={"server_default": ""})
    plan_read: str | None = Field(default=None, sa_type=Text)
    plan_edition: str | None = None
    plan_fit: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class PlanEdition(SQLModel, table=True):
    """One published version of a session plan, never changed. Without ``author_id`` it came with the product.

    ``segments`` are its kinds and minutes in order, ``kinds`` the same names once each, ``parts`` the kinds of its
    exercises, both written ``|one|two|`` so that any database can look through them. ``plan_read`` is the text as it
    was read and rendered at publishing (``curricula.stored``); ``words`` its words as they are looked for
    (``curricula.words``).
    """

    __tablename__ = "plan_edition"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)
    id: str = Field(primary_key=True)
    plan_id: str
    version: str
    title: str
    track: str
    language: str
    minutes: int
    segments: list[tuple[str, int]] = Field(sa_type=JSON)
    kinds: str
    parts: str
    text: str = Field(sa_type=Text)
    sha256: str = Field(index=True)
    plan_read: str = Field(sa_type=Text)
    author_id: str | None = Field(default=None, foreign_key="staff.id")
    published_at: int = _instant()
    note: str = Field(default="", sa_type=Text)
    words: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class PlanShelf(SQLModel, table=True):
    """Which edition of a plan is the one to run now."""

    __tablename__ = "plan_shelf"
    plan_id: str = Field(primary_key=True)
    edition_id: str = Field(foreign_key="plan_edition.id")


class PlanDraft(SQLModel, table=True):
    """A plan that somebody is writing, mistakes and all.

    ``edition`` counts its saves; ``of_edition`` is the published one that it changes.
    """

    __tablename__ = "plan_draft"
    id: str = Field(primary_key=True)
    title: str
    text: str = Field(sa_type=Text)
    edition: int = 0
    of_edition: str | None = Field(default=None, foreign_key="plan_edition.id")
    started_by: str = Field(foreign_key="staff.id")
    started_at: int = _instant()
    saved_by: str = Field(foreign_key="staff.id")
    saved_at: int = _instant()


class SessionEvent(SQLModel, table=True):
    """A line of the session log. Append-only; folding the log gives the session back."""

    __tablename__ = "session_event"
    session_id: str = Field(primary_key=True, foreign_key="session.id")
    seq: int = Field(primary_key=True)
    at: int = _instant()
    staff_id: str | None = None
    name: str
    data: dict[str, Any] = Field(sa_type=JSON)


class CheckInRow(SQLModel, table=True):
    """One asking of a prompt: open or closed. Its row is what an answer locks."""

    __tablename__ = "check_in"
    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    state: str


class Ballot(SQLModel, table=True):
    """One sealed answer while a check-in is open. Deleted at closing, in the transaction that counts."""

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}
    check_in_id: str = Field(primary_key=True, foreign_key="check_in.id")
    responder: str = Field(primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class WallCard(SQLModel, table=True):
    """A few words that somebody wrote, from closing until the end. ``state`` is waiting, approved or left_out.

    Nothing leads from it to a phone, and its random id says nothing of an order.
    """

    __tablename__ = "wall_card"
    __table_args__ = {"sqlite_with_rowid": False}
    id: str = Field(primary_key=True)
    check_in_id: str = Field(foreign_key="check_in.id", index=True)
    text: str = Field(sa_type=Text)
    state: str


class Seat(SQLModel, table=True):
    """A phone's place in one session, by the SHA-256 of its token: in random order and without a time."""

    __tablename__ = "seat"
    __table_args__ = {"sqlite_with_rowid": False}
    digest: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", index=True)


class AskedSeat(SQLModel, table=True):
    """A seat that was in the room when a prompt was counted. Whether it answered is not said. Deleted at End."""

    __tablename__ = "asked_seat"
    __table_args__ = {"sqlite_with_rowid": False}
    session_id: str = Field(primary_key=True, foreign_key="session.id")
    prompt: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)


class Knock(SQLModel, table=True):
    """A phone that waits at a locked door, by the SHA-256 of its ticket. Gone once it is let in, or at End."""

    __tablename__ = "knock"
    digest: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    knocked_at: int = _instant()
    admitted: bool = False


class Escalation(SQLModel, table=True):
    """Somebody asked to talk, and nobody has said in time what was done. Gone once somebody has.

    It repeats what the session log says, where every supervisor's page finds it. ``seen_by``: ids of supervisors.
    """

    __tablename__ = "escalation"
    request_id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    asked_at: int = _instant()
    escalated_at: int = _instant()
    seen_by: list[str] = Field(default_factory=list, sa_type=JSON)


class ProgressNote(SQLModel, table=True):
    """The note of one session. ``sections`` holds what a person wrote; ``signed_text`` is frozen at signing.

    ``status`` is draft, returned, signed or co-signed.
    """

    __tablename__ = "progress_note"
    session_id: str = Field(primary_key=True, foreign_key="session.id")
    status: str = "draft"
    sections: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    edition: int = 0
    signed_text: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    signed_by: str | None = Field(default=None, foreign_key="staff.id")
    signed_at: int | None = _instant(nullable=True)
    co_signed_by: str | None = Field(default=None, foreign_key="staff.id")
    co_signed_at: int | None = _instant(nullable=True)


class NoteStep(SQLModel, table=True):
    """What happened to a note, never overwritten: signed, returned (with the reason), co-signed, addendum."""

    __tablename__ = "note_step"
    id: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    at: int = _instant()
    staff_id: str = Field(foreign_key="staff.id")
    kind: str
    text: str = Field(default="", sa_type=Text)
    signed_text: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class Audit(SQLModel, table=True):
    """Who did or read what. Each row carries a keyed hash over itself and the row before."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: int = _instant()
    staff_id: str | None = None
    action: str
    target: str
    details: dict[str, Any] = Field(sa_type=JSON)
    previous: str
    hash: str


# SQLModel adds ``__table__`` without telling its type.
Index("ix_session_scheduled_at", GroupSession.__table__.c.scheduled_at)  # type: ignore[attr-defined]
