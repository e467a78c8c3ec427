"""What a session is at one moment. Pure: the standard library, the plan and nothing else.

All durations are whole milliseconds, all instants milliseconds UTC. A timer is an instant, never a tick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from facilitator.curricula.model import Plan
from facilitator.realtime.commands import AnyCommand, Person
from facilitator.realtime.tally import are_cards

MINUTE = 60_000
HOUR = 60 * MINUTE
ENDS_BY_ITSELF_AFTER = 2 * HOUR
REOPEN_WITHIN = 10 * MINUTE
UNDO_WITHIN = 2 * MINUTE
ESCALATE_AFTER = 10 * MINUTE
SENT_TWICE_WITHIN = MINUTE // 2
SEGMENT_MARKS = ("covered", "shortened", "adapted", "skipped")
ATTENDANCE_MARKS = ("present", "late", "left_early", "absent", "excused")


@dataclass(frozen=True)
class Timer:
    """``planned_ms`` is what it was set to in all. It runs to ``ends_at``, or stands with ``remaining_ms`` left."""

    planned_ms: int = 0
    ends_at: int | None = None
    remaining_ms: int | None = None

    def left(self, now: int) -> int:
        """What is left at ``now``; negative when the segment runs over; 0 without a segment."""
        if self.ends_at is not None:
            return self.ends_at - now
        return self.remaining_ms or 0

    def stopped(self, now: int) -> Timer:
        """The same timer, standing."""
        return replace(self, ends_at=None, remaining_ms=self.left(now))

    def running(self, now: int) -> Timer:
        """The same timer, running on from what was left."""
        return replace(self, ends_at=now + self.left(now), remaining_ms=None)


@dataclass(frozen=True)
class Run:
    """One stay in a segment. A segment that was come back to has several."""

    segment: int
    entered_at: int
    left_at: int | None = None
    pauses: tuple[tuple[int, int | None], ...] = ()
    added_ms: int = 0

    def lasted_ms(self, now: int) -> int:
        """How long the stay was, pauses included; up to ``now`` when it goes on."""
        return (self.left_at or now) - self.entered_at

    def paused_ms(self, now: int) -> int:
        """How long its timer stood."""
        return sum((until or self.left_at or now) - since for since, until in self.pauses)


@dataclass(frozen=True)
class Doing:
    """An exercise that the room does: its id, the step it is at (from 0), and that step's timer, if it has a time."""

    exercise: str
    step: int
    timer: Timer | None = None

    def left(self, now: int) -> int:
        """What its step has left at ``now``, never less than nothing."""
        return max(0, self.timer.left(now)) if self.timer else 0

    def stopped(self, now: int) -> Doing:
        """The same, standing."""
        return replace(self, timer=self.timer and self.timer.stopped(now))

    def running(self, now: int) -> Doing:
        """The same, running on."""
        return replace(self, timer=self.timer and self.timer.running(now))


@dataclass(frozen=True)
class CheckIn:
    """One asking of a prompt. ``tally`` is there once it is closed: what staff may see, and nothing more."""

    id: str
    prompt: str
    floor: int
    opened_at: int
    closed_at: int | None = None
    tally: Mapping[str, Any] | None = None

    @property
    def state(self) -> str:
        """open or closed."""
        return "open" if self.closed_at is None else "closed"

    @property
    def has_cards(self) -> bool:
        """Whether it left cards that staff read one by one."""
        return are_cards(self.tally)


@dataclass(frozen=True)
class Card:
    """A card that staff decided on: approved with its words, or left out (None). ``seen``: the group saw it."""

    check_in: str
    text: str | None
    seen: bool = False


@dataclass(frozen=True)
class Attendance:
    """A member's mark, when it was given, and the marks before it."""

    mark: str
    at: int
    history: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Note:
    """A private note. Struck: entered in error, kept in the log."""

    id: str
    at: int
    by: str | None
    text: str
    segment: int | None
    struck: bool = False


@dataclass(frozen=True)
class StaffRequest:
    """Somebody asked to talk, by the name they gave ("": none). Open until ``outcome`` says what was done."""

    id: str
    name: str
    at: int
    escalated_at: int | None = None
    outcome: str | None = None
    handled_at: int | None = None
    handled_by: str | None = None


@dataclass(frozen=True)
class Undoable:
    """The command that takes a person's last action back, and when that action was."""

    at: int
    command: AnyCommand


@dataclass(frozen=True)
class Live:
    """One session, whole: its frozen plan, and everything that its log says."""

    plan: Plan
    scheduled_at: int
    cancelled: bool = False
    state: str = "scheduled"
    rev: int = 0
    last_at: int = 0
    opened_at: int | None = None
    started_at: int | None = None
    ended_at: int | None = None
    reopened_at: int | None = None
    ended_by_itself: bool = False
    segment: int | None = None
    timer: Timer = Timer()
    timers_left: Mapping[int, Timer] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    # Its timer stands and runs with the segment's.
    exercise: Doing | None = None
    # Every exercise that was started, in order; one that was taken back at once was not.
    exercised: tuple[str, ...] = ()
    blank: bool = False
    # What Unblank and Reopen bring back: whether the timer was running.
    was_running: bool = False
    join_shown: bool = False
    locked: bool = False
    check_ins: Mapping[str, CheckIn] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    shown: str | None = None
    asked_aloud: str | None = None
    roster: tuple[tuple[str, str], ...] = ()
    guests: Mapping[str, str] = field(default_factory=dict)
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    marks: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    requests: Mapping[str, StaffRequest] = field(default_factory=dict)
    controller: Person | None = None
    undoable: Mapping[str, Undoable] = field(default_factory=dict)

    @property
    def open_check_in(self) -> CheckIn | None:
        """The check-in that phones can answer now, or None."""
        return next((one for one in self.check_ins.values() if one.state == "open"), None)

    def approved(self, check_in: str) -> list[Card]:
        """The cards of a check-in that the group may see, by their random ids, which is no order of anything."""
        cards = [self.cards[card] for card in sorted(self.cards)]
        return [card for card in cards if card.check_in == check_in and card.text is not None]

    @property
    def open_requests(self) -> tuple[StaffRequest, ...]:
        """Everybody who asked to talk and of whom nobody has said what was done, the longest waiting first."""
        return tuple(request for request in self.requests.values() if request.outcome is None)

    @property
    def escalates_at(self) -> int | None:
        """When the supervisors on duty must be told of a request, or None when they know of all that wait."""
        untold = [request.at for request in self.open_requests if request.escalated_at is None]
        return min(untold) + ESCALATE_AFTER if untold else None

    @property
    def planned_end(self) -> int:
        """When the session should end: its length after the schedule, or after a later start."""
        began = max(self.scheduled_at, self.started_at or self.opened_at or 0)
        return began + self.plan.minutes * MINUTE

    @property
    def ends_by_itself_at(self) -> int | None:
        """When the clock ends it, or None when no door is open. Who continues it late has as long again."""
        if self.state not in ("doors_open", "live"):
            return None
        return max(self.planned_end, self.reopened_at or 0) + ENDS_BY_ITSELF_AFTER

    @property
    def reopen_until(self) -> int | None:
        """Until when End can be taken back, or None."""
        return self.ended_at + REOPEN_WITHIN if self.state == "ended" and self.ended_at is not None else None

    def actual_ms(self, segment: int, now: int) -> int | None:
        """How long a segment was run in all its stays, or None when it never was."""
        stays = [run.lasted_ms(now) for run in self.runs if run.segment == segment]
        return sum(stays) if stays else None
