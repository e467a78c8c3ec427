"""Finding plans by their words, what curriculum a group follows, and how a session's plan was fitted to its length."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Editions that there are keep no words: they are never changed, and read when looked through."""
    op.add_column("therapy_group", sa.Column("curriculum", sa.String(), nullable=True))
    op.add_column("session", sa.Column("plan_fit", sa.JSON(), nullable=True))
    op.add_column("plan_edition", sa.Column("words", sa.Text(), nullable=False, server_default=""))
