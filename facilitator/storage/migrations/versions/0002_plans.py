"""Plans in the database: published editions and drafts; and each session keeps its plan as it was read."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEVER_CHANGED = "plan_edition"


def upgrade() -> None:
    """Make the tables; give sessions their new columns, and those that there are the digest of their text."""
    _editions()
    _drafts()
    op.add_column("session", sa.Column("plan_sha256", sa.String(), nullable=False, server_default=""))
    op.add_column("session", sa.Column("plan_read", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("plan_edition", sa.String(), nullable=True))
    _digest_texts()
    if op.get_bind().dialect.name == "sqlite":
        _only_append_on_sqlite()
    else:
        _only_append_on_postgresql()


def _editions() -> None:
    op.create_table(
        "plan_edition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("plan_read", sa.Text(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_edition"),
        sa.UniqueConstraint("plan_id", "version", name="uq_plan_edition_plan_id"),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_plan_edition_author_id"),
    )
    op.create_index("ix_plan_edition_sha256", "plan_edition", ["sha256"])
    op.create_table(
        "plan_shelf",
        sa.Column("plan_id", sa.String(), nullable=False),
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["plan_edition.id"], name="fk_plan_shelf_edition_id"),
        sa.PrimaryKeyConstraint("plan_id", name="pk_plan_shelf"),
    )


def _drafts() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("of_edition", sa.String(), nullable=True),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["of_edition"], ["plan_edition.id"], name="fk_plan_draft_of_edition"),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name="fk_plan_draft_started_by"),
        sa.ForeignKeyConstraint(["saved_by"], ["staff.id"], name="fk_plan_draft_saved_by"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_draft"),
    )


def _digest_texts() -> None:
    connection = op.get_bind()
    session = sa.table("session", sa.column("id"), sa.column("plan_text"), sa.column("plan_sha256"))
    for session_id, text in connection.execute(sa.select(session.c.id, session.c.plan_text)).all():
        digest = hashlib.sha256(text.encode()).hexdigest()
        connection.execute(session.update().where(session.c.id == session_id).values(plan_sha256=digest))


def _only_append_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {NEVER_CHANGED}_no_{verb.lower()} BEFORE {verb} ON {NEVER_CHANGED} "
            f"BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED} is append-only'); END"
        )


def _only_append_on_postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {NEVER_CHANGED}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {NEVER_CHANGED} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )
