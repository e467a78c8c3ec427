"""What can be asked of a session: one frozen dataclass a command.

Pure: the standard library only. A command names its destination (``EnterSegment(3)``), never a direction, so that a
double tap does no harm. Fields named in ``handed_in`` are filled by the hub, never by whoever sends the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Person:
    """The staff member who gives a command."""

    id: str
    name: str

    @property
    def first_name(self) -> str:
        """What the room and colleagues call them."""
        return self.name.split()[0]


@dataclass(frozen=True)
class OpenDoors:
    """Let phones in. ``roster`` is handed in by the hub: (member id, name) of everybody expected."""

    roster: tuple[tuple[str, str], ...] = ()
    handed_in: ClassVar = ("roster",)


@dataclass(frozen=True)
class Start:
    """Begin with the first segment."""


@dataclass(frozen=True)
class EnterSegment:
    """Go to the segment with this index, from 0."""

    segment: int


@dataclass(frozen=True)
class PauseTimer:
    """Stop the segment's timer where it is."""


@dataclass(frozen=True)
class ResumeTimer:
    """Let the timer run on."""


@dataclass(frozen=True)
class AddTime:
    """Give the segment more (or, negative, fewer) seconds."""

    seconds: int


@dataclass(frozen=True)
class OpenCheckIn:
    """Ask a prompt on the phones; without one, the segment's next unasked.

    The hub hands in the id, the floors, and whether phones may write a few words.
    """

    prompt: str | None = None
    check_in: str = ""
    floor: int = 0
    sensitive_floor: int = 0
    wall_cards: bool = False
    handed_in: ClassVar = ("check_in", "floor", "sensitive_floor", "wall_cards")


@dataclass(frozen=True)
class CloseCheckIn:
    """End one asking. The hub opens the ballots and hands the finished tally in."""

    check_in: str
    tally: Mapping[str, Any] | None = None
    handed_in: ClassVar = ("tally",)


@dataclass(frozen=True)
class ShowTally:
    """Put a closed check-in's tally on the projector and the phones."""

    check_in: str


@dataclass(frozen=True)
class ApproveCard:
    """Let the group see one card of a closed check-in. The hub hands in what is on it ("": there is no such card)."""

    card: str
    check_in: str = ""
    text: str = ""
    handed_in: ClassVar = ("check_in", "text")


@dataclass(frozen=True)
class LeaveOutCard:
    """Keep one card from the group, also after it was approved. ``check_in`` is handed in ("": no such card)."""

    card: str
    check_in: str = ""
    handed_in: ClassVar = ("check_in",)


@dataclass(frozen=True)
class HideTally:
    """Take a tally, or a prompt asked aloud, off the screens."""


@dataclass(frozen=True)
class AskAloud:
    """Put a prompt on the projector only, to be answered without phones."""

    prompt: str


@dataclass(frozen=True)
class StartExercise:
    """Have the room do an exercise of the plan. Another one that runs is replaced."""

    exercise: str


@dataclass(frozen=True)
class StepExercise:
    """Lead the exercise that runs to one of its steps, from 0: a turn, a round, a card, a statement or its answer."""

    exercise: str
    step: int


@dataclass(frozen=True)
class StopExercise:
    """Take the exercise off the screens."""


@dataclass(frozen=True)
class Blank:
    """Projector and phones to a calm screen; the timer stops."""


@dataclass(frozen=True)
class Unblank:
    """Everything back as it was."""


@dataclass(frozen=True)
class ShowJoin:
    """Put the full-screen join page on the projector."""


@dataclass(frozen=True)
class HideJoin:
    """Take the join page off the projector."""


@dataclass(frozen=True)
class Lock:
    """New phones wait outside."""


@dataclass(frozen=True)
class Unlock:
    """New phones come in by themselves again."""


@dataclass(frozen=True)
class Admit:
    """Let in the phone that waited longest. ``waiting`` is handed in by the hub."""

    waiting: int = 0
    handed_in: ClassVar = ("waiting",)


@dataclass(frozen=True)
class MarkSegment:
    """Say how a segment went: covered, shortened, adapted or skipped."""

    segment: int
    mark: str
    reason: str = ""


@dataclass(frozen=True)
class MarkAttendance:
    """Mark a member of tonight's roster: present, late, left_early, absent or excused."""

    member: str
    mark: str


@dataclass(frozen=True)
class AddGuest:
    """Somebody in the room who is not on the roster. The hub hands the id in."""

    name: str
    guest: str = ""
    handed_in: ClassVar = ("guest",)


@dataclass(frozen=True)
class AddNote:
    """A private note, kept with the time and the segment. The hub hands the id in."""

    text: str
    note: str = ""
    handed_in: ClassVar = ("note",)


@dataclass(frozen=True)
class HandleRequest:
    """Say what was done for somebody who asked to talk."""

    request: str
    outcome: str


@dataclass(frozen=True)
class Undo:
    """Take back one's own last action."""


@dataclass(frozen=True)
class TakeControl:
    """Lead this session from now on."""


@dataclass(frozen=True)
class End:
    """End the session. An open check-in is closed; the hub hands its tally in."""

    tally: Mapping[str, Any] | None = None
    handed_in: ClassVar = ("tally",)


@dataclass(frozen=True)
class Reopen:
    """Continue a session that was ended less than ten minutes ago."""


@dataclass(frozen=True)
class EndByItself:
    """The clock ends a session two hours after its planned end. No person can send this."""

    tally: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class EscalateRequests:
    """The clock tells the supervisors on duty of those who asked to talk and still wait. No person can send this."""


@dataclass(frozen=True)
class Strike:
    """Take back a note or a guest by id: what ``Undo`` does with them. It stays in the log, entered in error."""

    what: str


@dataclass(frozen=True)
class PutCardBack:
    """Have a card wait again to be read: what ``Undo`` does with the first decision on it."""

    card: str
    check_in: str


@dataclass(frozen=True)
class PutExerciseBack:
    """Have an exercise go on as it was: what ``Undo`` does with its stop or step, or with the way to another segment.

    ``segment`` is where it ran, ``remaining_ms`` what its step had left.
    """

    exercise: str
    step: int
    remaining_ms: int
    segment: int


@dataclass(frozen=True)
class RaiseRequest:
    """A phone asks for staff, with the name its owner gives, or none. No staff member can send this."""

    request: str
    name: str


Command = (
    OpenDoors | Start | EnterSegment | PauseTimer | ResumeTimer | AddTime
    | OpenCheckIn | CloseCheckIn | ApproveCard | LeaveOutCard | ShowTally | HideTally | AskAloud
    | StartExercise | StepExercise | StopExercise
    | Blank | Unblank | ShowJoin | HideJoin | Lock | Unlock | Admit
    | MarkSegment | MarkAttendance | AddGuest | AddNote | HandleRequest
    | Undo | TakeControl | End | Reopen
)  # fmt: skip
AnyCommand = Command | EndByItself | EscalateRequests | RaiseRequest | Strike | PutCardBack | PutExerciseBack
# Without control one may still write notes, mark attendance, handle requests, undo one's own, and blank.
FREE = (MarkAttendance, AddGuest, AddNote, Strike, HandleRequest, Blank, Unblank, Undo, TakeControl)
