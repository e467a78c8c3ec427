"""What can be wrong with a database, said for people. Imports nothing, so that whoever catches these stays light."""

from __future__ import annotations


class Unavailable(Exception):
    """The database cannot be used now: locked, full, read-only or gone. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Saving is not possible right now. Nothing was lost. Try again in a moment.")


class TooNew(Exception):
    """The database was made by a later version of this program."""

    def __init__(self) -> None:
        super().__init__("This database was made by a later version of Facilitator. Install that version.")
