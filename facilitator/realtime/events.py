"""What can have happened in a session: one frozen dataclass an event, and their form in the session log.

Pure: the standard library only. ``at`` is milliseconds UTC, ``by`` the staff member's id (None: a phone or the clock),
``undoes`` says that this event took the same person's last one back. Events are never changed once stored; a field
added later needs a default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

STAMP = ("at", "by")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, and was stored."""

    at: int
    by: str | None = None
    undoes: bool = False


@dataclass(frozen=True, kw_only=True)
class DoorsOpened(Event):
    """Phones may come in. ``roster``: member id and name of everybody expected, as it was then."""

    roster: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """The session went live."""


@dataclass(frozen=True, kw_only=True)
class SegmentEntered(Event):
    """A segment began, or was come back to with what was left of its time."""

    segment: int
    planned_ms: int
    remaining_ms: int


@dataclass(frozen=True, kw_only=True)
class TimerPaused(Event):
    """The timer stopped where it was."""


@dataclass(frozen=True, kw_only=True)
class TimerResumed(Event):
    """The timer runs on."""


@dataclass(frozen=True, kw_only=True)
class TimeAdded(Event):
    """The segment got more time, or less. ``remaining_ms`` is what the timer shows from now."""

    ms: int
    remaining_ms: int


@dataclass(frozen=True, kw_only=True)
class CheckInOpened(Event):
    """A prompt was put on the phones. ``floor``: how many answers its tally needs."""

    check_in: str
    prompt: str
    floor: int


@dataclass(frozen=True, kw_only=True)
class CheckInClosed(Event):
    """An asking ended with this tally: only what staff may see, the raw counts are kept nowhere."""

    check_in: str
    tally: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CardApproved(Event):
    """Staff read a card, and the group may see it. Its words are kept here and nowhere else."""

    card: str
    check_in: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CardLeftOut(Event):
    """Staff read a card and kept it from the group. What was on it is not kept."""

    card: str
    check_in: str


@dataclass(frozen=True, kw_only=True)
class CardPutBack(Event):
    """A card waits again to be read."""

    card: str
    check_in: str


@dataclass(frozen=True, kw_only=True)
class TallyShown(Event):
    """A tally is on projector and phones."""

    check_in: str


@dataclass(frozen=True, kw_only=True)
class TallyHidden(Event):
    """The tally, or the prompt asked aloud, left the screens."""


@dataclass(frozen=True, kw_only=True)
class AskedAloud(Event):
    """A prompt is on the projector only."""

    prompt: str


@dataclass(frozen=True, kw_only=True)
class ExerciseStarted(Event):
    """An exercise began, or came back as it was. ``planned_ms`` is how long this step takes; 0: as long as it takes."""

    exercise: str
    step: int
    planned_ms: int
    remaining_ms: int


@dataclass(frozen=True, kw_only=True)
class ExerciseStepped(Event):
    """The exercise that runs came to another step."""

    exercise: str
    step: int
    planned_ms: int
    remaining_ms: int


@dataclass(frozen=True, kw_only=True)
class ExerciseStopped(Event):
    """The exercise left the screens. Entering another segment, and the end, do the same by themselves."""

    exercise: str


@dataclass(frozen=True, kw_only=True)
class Blanked(Event):
    """Projector and phones went calm."""


@dataclass(frozen=True, kw_only=True)
class Unblanked(Event):
    """Everything came back as it was."""


@dataclass(frozen=True, kw_only=True)
class JoinShown(Event):
    """The join page is on the projector."""


@dataclass(frozen=True, kw_only=True)
class JoinHidden(Event):
    """The join page left the projector."""


@dataclass(frozen=True, kw_only=True)
class Locked(Event):
    """New phones wait."""


@dataclass(frozen=True, kw_only=True)
class Unlocked(Event):
    """New phones come in."""


@dataclass(frozen=True, kw_only=True)
class Admitted(Event):
    """One waiting phone was let in. Which one is not kept."""


@dataclass(frozen=True, kw_only=True)
class SegmentMarked(Event):
    """How a segment went. An empty mark takes an earlier one back."""

    segment: int
    mark: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AttendanceMarked(Event):
    """A mark on the roster. An empty mark takes an earlier one back."""

    member: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class GuestAdded(Event):
    """Somebody who is not on the roster is in the room."""

    guest: str
    name: str


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    """A private note. ``segment`` is where the session stood, or None before the start."""

    note: str
    text: str
    segment: int | None


@dataclass(frozen=True, kw_only=True)
class Struck(Event):
    """A note or a guest was entered in error."""

    what: str


@dataclass(frozen=True, kw_only=True)
class RequestRaised(Event):
    """A phone asked for staff, with the name its owner gave ("" for none) and an id of the request's own."""

    request: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RequestEscalated(Event):
    """Nobody said in time what was done, or nobody leads any more: the supervisors on duty are told."""

    request: str


@dataclass(frozen=True, kw_only=True)
class RequestHandled(Event):
    """Staff said what was done."""

    request: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ControlTaken(Event):
    """Somebody leads from now on."""

    staff_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Ended(Event):
    """The session ended; ``by_itself``: by the clock."""

    by_itself: bool = False


@dataclass(frozen=True, kw_only=True)
class Reopened(Event):
    """The session goes on."""


RequestEvent = RequestRaised | RequestEscalated | RequestHandled
EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


def to_row(event: Event) -> tuple[str, dict[str, Any]]:
    """The event's name and its data, without the stamp, as stored in the session log."""
    data = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in STAMP}
    if not data["undoes"]:
        del data["undoes"]
    return type(event).__name__, data


def from_row(name: str, data: Mapping[str, Any], *, at: int, by: str | None) -> Event:
    """The stored event. Raises KeyError or TypeError for a row that this version does not know."""
    known = dict(data)
    if name == DoorsOpened.__name__:
        known["roster"] = tuple((member, called) for member, called in known["roster"])
    return EVENTS[name](at=at, by=by, **known)
