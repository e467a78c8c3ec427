"""What can be wrong with a database, said for people. Imports nothing, so that whoever catches these stays light."""

from __future__ import annotations

NOT_NOW = "Saving is not possible right now. Nothing was lost. Try again in a moment."


class Unavailable(Exception):
    """The database cannot be used now: locked, full, read-only or gone. Nothing was changed."""

    def __init__(self, said: str = NOT_NOW) -> None:
        super().__init__(said)


class CannotOpen(Unavailable):
    """There is no database to begin with. The text says which one, and why."""

    def __init__(self, which: str, reason: str) -> None:
        super().__init__(f"{which} cannot be opened: {reason}. DATABASE_URL says which database is used.")


class TooNew(Exception):
    """The database was made by a later version of this program."""

    def __init__(self) -> None:
        super().__init__("This database was made by a later version of Facilitator. Install that version.")
