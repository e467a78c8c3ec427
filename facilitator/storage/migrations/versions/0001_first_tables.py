"""The first tables: who, the sessions and their logs, the room while it is open, the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("session_event", "note_step", "audit")


def upgrade() -> None:
    """Make every table; what is a record can then only be added to."""
    _people()
    _sessions()
    _room()
    _record()
    if op.get_bind().dialect.name == "sqlite":
        _only_append_on_sqlite()
    else:
        _only_append_on_postgresql()


def _people() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("on_duty_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("email", name="uq_staff_email"),
    )
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sign_in_staff_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_staff_id", "sign_in", ["staff_id"])
    op.create_table(
        "therapy_group",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_therapy_group"),
    )
    op.create_table(
        "group_staff",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["therapy_group.id"], name="fk_group_staff_group_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_group_staff_staff_id"),
        sa.PrimaryKeyConstraint("group_id", "staff_id", name="pk_group_staff"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["therapy_group.id"], name="fk_member_group_id"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_index("ix_member_group_id", "member", ["group_id"])


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("facilitator_id", sa.String(), nullable=False),
        sa.Column("co_facilitator_id", sa.String(), nullable=True),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("plan_title", sa.String(), nullable=False),
        sa.Column("plan_version", sa.String(), nullable=False),
        sa.Column("plan_text", sa.Text(), nullable=False),
        sa.Column("plan_minutes", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("screen_token", sa.String(), nullable=False),
        sa.Column("join_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["therapy_group.id"], name="fk_session_group_id"),
        sa.ForeignKeyConstraint(["facilitator_id"], ["staff.id"], name="fk_session_facilitator_id"),
        sa.ForeignKeyConstraint(["co_facilitator_id"], ["staff.id"], name="fk_session_co_facilitator_id"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("screen_token", name="uq_session_screen_token"),
    )
    op.create_index("ix_session_co_facilitator_id", "session", ["co_facilitator_id"])
    op.create_index("ix_session_facilitator_id", "session", ["facilitator_id"])
    op.create_index("ix_session_group_id", "session", ["group_id"])
    op.create_index("ix_session_join_code", "session", ["join_code"])
    op.create_index("ix_session_scheduled_at", "session", ["scheduled_at"])
    op.create_index("ix_session_state", "session", ["state"])
    op.create_table(
        "session_event",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_session_event_session_id"),
        sa.PrimaryKeyConstraint("session_id", "seq", name="pk_session_event"),
    )
    op.create_table(
        "escalation",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("escalated_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_by", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_escalation_session_id"),
        sa.PrimaryKeyConstraint("request_id", name="pk_escalation"),
    )
    op.create_index("ix_escalation_session_id", "escalation", ["session_id"])


def _room() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_check_in_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in"),
    )
    op.create_index("ix_check_in_session_id", "check_in", ["session_id"])
    op.create_table(
        "ballot",
        sa.Column("check_in_id", sa.String(), nullable=False),
        sa.Column("responder", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="fk_ballot_check_in_id"),
        sa.PrimaryKeyConstraint("check_in_id", "responder", name="pk_ballot"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wall_card",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check_in_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="fk_wall_card_check_in_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wall_card"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_wall_card_check_in_id", "wall_card", ["check_in_id"])
    op.create_table(
        "seat",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_seat_session_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_seat"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_seat_session_id", "seat", ["session_id"])
    op.create_table(
        "asked_seat",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_asked_seat_session_id"),
        sa.PrimaryKeyConstraint("session_id", "prompt", "digest", name="pk_asked_seat"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "knock",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("knocked_at", sa.BigInteger(), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_knock_session_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_knock"),
    )
    op.create_index("ix_knock_session_id", "knock", ["session_id"])


def _record() -> None:
    op.create_table(
        "progress_note",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("signed_text", sa.JSON(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("co_signed_by", sa.String(), nullable=True),
        sa.Column("co_signed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_progress_note_session_id"),
        sa.ForeignKeyConstraint(["signed_by"], ["staff.id"], name="fk_progress_note_signed_by"),
        sa.ForeignKeyConstraint(["co_signed_by"], ["staff.id"], name="fk_progress_note_co_signed_by"),
        sa.PrimaryKeyConstraint("session_id", name="pk_progress_note"),
    )
    op.create_table(
        "note_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signed_text", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name="fk_note_step_session_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_note_step_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note_step"),
    )
    op.create_index("ix_note_step_session_id", "note_step", ["session_id"])
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )


def _only_append_on_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _only_append_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
