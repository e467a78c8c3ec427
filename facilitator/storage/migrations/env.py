"""Alembic's way in. The connection, with its lock and its transaction, is handed in by ``migrate``."""

from __future__ import annotations

from alembic import context

from facilitator.storage.tables import Staff

context.configure(
    connection=context.config.attributes["connection"],
    # Its naming convention is what lets SQLite, which alters a table by making it anew, drop a constraint by name.
    target_metadata=Staff.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
