"""Who was in the room and for how long, from the marks in the session log. Pure.

A mark is what staff said; the times come from when they said it. Nothing is guessed: somebody without a mark stays
without one, and a "late" or "left early" that was marked after the end has no time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from facilitator.curricula.model import Kind
from facilitator.realtime.events import AttendanceMarked, Event, GuestAdded
from facilitator.realtime.state import MINUTE, Live

# Marks are given by tapping through them, so one that was replaced within this time was never meant.
SETTLES_AFTER = MINUTE
# Somebody back within this time was never really gone (clinical rule: only longer gaps count).
SHORT_ABSENCE = 10 * MINUTE
HERE = frozenset({"present", "late", "left_early"})
LABELS: Mapping[str, str] = {
    "": "Not marked",
    "present": "Present",
    "late": "Late",
    "left_early": "Left early",
    "absent": "Absent",
    "excused": "Excused",
}

Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """One mark as it was given: when, by which staff member, and which."""

    at: int
    by: str | None
    mark: str

    @property
    def label(self) -> str:
        """The mark in words."""
        return LABELS[self.mark]


@dataclass(frozen=True)
class Attendee:
    """One person on tonight's roster, or a guest.

    ``stays`` are the times in the room, ``net_ms`` their length without breaks. ``timed`` is False when the mark says
    that somebody came late or left early and nobody knows when; then there are no stays.
    """

    id: str
    name: str
    guest: bool
    mark: str
    marks: tuple[Marked, ...]
    stays: tuple[Span, ...]
    net_ms: int
    timed: bool = True

    @property
    def here(self) -> bool:
        """Whether they were in the room for any of it."""
        return self.mark in HERE

    @property
    def label(self) -> str:
        """The mark in words; two stays with a real gap read "In and out"."""
        return "In and out" if len(self.stays) > 1 else LABELS[self.mark]

    @property
    def corrected(self) -> bool:
        """Whether an earlier mark was replaced after it had settled."""
        return len(_settled(self.marks)) > 1


@dataclass(frozen=True)
class Attendance:
    """Everybody of one session, in roster order, then the guests."""

    people: tuple[Attendee, ...]

    @property
    def expected(self) -> int:
        """How many were on the roster when the doors opened."""
        return sum(not person.guest for person in self.people)

    @property
    def here(self) -> int:
        """How many of the roster came."""
        return sum(person.here and not person.guest for person in self.people)

    @property
    def guests(self) -> int:
        """How many were in the room without being on the roster."""
        return sum(person.here and person.guest for person in self.people)

    @property
    def unmarked(self) -> tuple[Attendee, ...]:
        """Those of whom nobody has said anything yet."""
        return tuple(person for person in self.people if not person.mark)

    def count(self, mark: str) -> int:
        """How many have this mark."""
        return sum(person.mark == mark for person in self.people)


def attendance(live: Live, events: Iterable[Event], now: int) -> Attendance:
    """The attendance of a session as its log tells it; while it is live, up to ``now``."""
    given = _given(events)
    counted = counted_spans(live, now)
    everybody = [*((*member, False) for member in live.roster), *((*guest, True) for guest in live.guests.items())]
    return Attendance(
        tuple(_attendee(live, who, name, guest, given.get(who, ()), counted) for who, name, guest in everybody)
    )


def counted_spans(live: Live, now: int) -> tuple[Span, ...]:
    """The stretches of the session that count as time in group: every stay in a segment that is no break."""
    segments = live.plan.segments
    return tuple(
        (run.entered_at, run.left_at or now) for run in live.runs if segments[run.segment].kind is not Kind.BREAK
    )


def _given(events: Iterable[Event]) -> Mapping[str, Sequence[Marked]]:
    """Each person's marks in order, without those that were taken back at once."""
    given: dict[str, list[Marked]] = {}
    for event in events:
        if isinstance(event, GuestAdded):
            given[event.guest] = [Marked(event.at, event.by, "present")]
        elif isinstance(event, AttendanceMarked):
            marks = given.setdefault(event.member, [])
            if event.undoes:
                _take_back(marks, event.mark)
            if (marks[-1].mark if marks else "") != event.mark:
                marks.append(Marked(event.at, event.by, event.mark))
    return given


def _take_back(marks: list[Marked], to: str) -> None:
    """Drop what came after the mark that an undo restores, so that it keeps the time when it was given."""
    earlier = [index for index, one in enumerate(marks[:-1]) if one.mark == to]
    if earlier or not to:
        del marks[earlier[-1] + 1 if earlier else 0 :]


def _attendee(
    live: Live, who: str, name: str, guest: bool, marks: Sequence[Marked], counted: Sequence[Span]
) -> Attendee:
    mark = live.attendance[who].mark if who in live.attendance else ""
    stays = _stays(_settled(marks), counted) if counted else ()
    timed = stays is not None
    net = sum(overlap_ms(stay, span) for stay in stays or () for span in counted)
    return Attendee(who, name, guest, mark, tuple(marks), stays or (), net, timed)


def _settled(marks: Sequence[Marked]) -> list[Marked]:
    """The marks that stood for a while, and the last one."""
    kept: list[Marked] = []
    for one, replaced_by in zip_longest(marks, marks[1:]):
        stood = replaced_by is None or replaced_by.at - one.at >= SETTLES_AFTER
        if stood and one.mark != (kept[-1].mark if kept else None):
            kept.append(one)
    return kept


def _stays(marks: Sequence[Marked], counted: Sequence[Span]) -> tuple[Span, ...] | None:
    """The times in the room that these marks tell, or None when one of them has no time."""
    began, ended = counted[0][0], counted[-1][1]
    stays: list[Span] = []
    since: int | None = None
    for marked in marks:
        if marked.mark in ("late", "left_early") and marked.at >= ended:
            return None
        at = max(marked.at, began)
        match marked.mark:
            case "present" | "late" if stays:
                since = since or (at if at - stays[-1][1] > SHORT_ABSENCE else stays.pop()[0])
            case "present":
                since = began
            case "late":
                since = at
            case "left_early":
                if since is not None or not stays:
                    stays.append((began if since is None else since, at))
                since = None
            case _:
                stays, since = [], None
    if since is not None:
        stays.append((since, ended))
    return tuple(stays)


def overlap_ms(one: Span, other: Span) -> int:
    """How long two stretches of time have in common."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
