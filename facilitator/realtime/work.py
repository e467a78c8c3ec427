"""What can queue for a room: a command, an answer, a phone that joins or leaves."""

from __future__ import annotations

from dataclasses import dataclass, field

from facilitator.realtime.commands import AnyCommand, Person


@dataclass(frozen=True)
class Seated:
    """A phone has a place. ``seat`` is its secret token."""

    seat: str


@dataclass(frozen=True)
class Waiting:
    """A phone waits at a locked door. ``ticket`` is how it asks again."""

    ticket: str


@dataclass
class Work:
    """Something to store, and how it went."""

    done: bool = field(default=False, init=False)
    error: Exception | None = field(default=None, init=False)
    rev: int = field(default=0, init=False)

    def fail(self, error: Exception) -> None:
        """It was not stored."""
        self.error = error
        self.done = True


@dataclass
class Asking(Work):
    """A command."""

    command: AnyCommand
    by: Person | None


@dataclass
class Answering(Work):
    """A phone's answer."""

    seat_digest: str
    check_in: str
    value: object


@dataclass
class Joining(Work):
    """A phone wants a place."""

    seat: str | None
    ticket: str | None
    place: Seated | Waiting | None = field(default=None, init=False)


@dataclass
class Leaving(Work):
    """A phone gives its place back."""

    seat_digest: str
