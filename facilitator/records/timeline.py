"""What happened when: planned over actual for every segment, with notes and staff requests in their place. Pure.

All instants are milliseconds UTC, all lengths milliseconds. A segment's actual time includes pauses, because the room
sat through them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from facilitator.curricula.model import Kind
from facilitator.realtime.state import HOUR, MINUTE, Live, Run
from facilitator.records.attendance import Span, counted_spans

# A run past its end by less than this is on time.
OVER_TIME_FROM = 5 * MINUTE
# A segment left within this time, and within this share of its minutes, was not run: somebody looked at it or passed
# through on the way to another one. Both, because half a minute is a look at an exercise of 20 minutes, and a sixth of
# a closing of 3, in which something was said.
LOOKED_AT, LOOKED_AT_SHARE = MINUTE, 0.1
# From there on, and below this share of its minutes, it counts as shortened. All of this until somebody says otherwise.
SHORTENED_BELOW = 0.75
NAMELESS = "Somebody who gave no name"
# A session that began this far from its schedule is drawn against its own beginning.
OFF_SCHEDULE = HOUR


@dataclass(frozen=True)
class Row:
    """One segment: what was planned, and what was.

    ``pieces`` are its stays, ``pauses`` the times its timer stood, ``over`` what lay past its planned length.
    ``mark`` is covered, shortened, adapted or skipped ("" while the session is live and nobody said);
    ``guessed``: it comes from the clock, nobody marked it.
    """

    index: int
    title: str
    kind: Kind
    planned: Span
    pieces: tuple[Span, ...]
    pauses: tuple[Span, ...]
    over: tuple[Span, ...]
    added_ms: int
    mark: str
    reason: str
    guessed: bool

    @property
    def planned_ms(self) -> int:
        """How long it should take."""
        return self.planned[1] - self.planned[0]

    @property
    def actual_ms(self) -> int:
        """How long it took, all stays together."""
        return _length(self.pieces)

    @property
    def paused_ms(self) -> int:
        """How long its timer stood."""
        return _length(self.pauses)

    @property
    def over_ms(self) -> int:
        """How far past its planned length it went."""
        return _length(self.over)

    @property
    def skipped(self) -> bool:
        """Whether it was not done."""
        return self.mark == "skipped"


@dataclass(frozen=True)
class Pin:
    """A note or a staff request in its place in time, numbered in the order of the log.

    For a request ``text`` is the name that was given ("": none), ``outcome`` what was done (None: still open), and
    ``escalated_at`` when the supervisors on duty were told.
    """

    number: int
    id: str
    kind: str
    at: int
    segment: int | None
    text: str
    by: str | None
    struck: bool = False
    outcome: str | None = None
    handled_at: int | None = None
    escalated_at: int | None = None

    @property
    def who(self) -> str:
        """What to call the person who asked to talk."""
        return self.text or NAMELESS

    @property
    def is_request(self) -> bool:
        """Whether somebody asked to talk; otherwise it is a note."""
        return self.kind == "request"

    @property
    def is_open(self) -> bool:
        """Whether somebody asked to talk and nobody has said yet what was done."""
        return self.is_request and self.outcome is None


@dataclass(frozen=True)
class Timeline:
    """A whole session. ``actual`` is None when it never began; ``closed_ms``: from an end until it was reopened."""

    planned: Span
    actual: Span | None
    ended: bool
    rows: tuple[Row, ...]
    pins: tuple[Pin, ...]
    net_ms: int
    break_ms: int
    closed_ms: int
    late_ms: int

    @property
    def done(self) -> int:
        """How many segments were not skipped."""
        return sum(not row.skipped for row in self.rows)

    @property
    def planned_ms(self) -> int:
        """The length of the plan, breaks included."""
        return sum(row.planned_ms for row in self.rows)

    @property
    def actual_ms(self) -> int:
        """How long all segments took, breaks included."""
        return sum(row.actual_ms for row in self.rows)

    @property
    def over_time(self) -> bool:
        """Whether it ended late enough to be worth a supervisor's look."""
        return self.ended and self.late_ms >= OVER_TIME_FROM

    @property
    def skipped(self) -> tuple[Row, ...]:
        """The segments that were not done."""
        return tuple(row for row in self.rows if row.skipped)

    @property
    def notes(self) -> tuple[Pin, ...]:
        """The notes that stand; those entered in error are left out."""
        return tuple(pin for pin in self.pins if not pin.is_request and not pin.struck)

    @property
    def requests(self) -> tuple[Pin, ...]:
        """Everybody who asked to talk."""
        return tuple(pin for pin in self.pins if pin.is_request)


def timeline(live: Live, now: int) -> Timeline:
    """The timeline of a session as its log tells it; while it is live, up to ``now``."""
    counted = _length(counted_spans(live, now))
    all_of_it = sum(run.lasted_ms(now) for run in live.runs)
    actual = (live.started_at, live.ended_at or now) if live.started_at is not None else None
    return Timeline(
        planned=(live.scheduled_at, live.scheduled_at + live.plan.minutes * MINUTE),
        actual=actual,
        ended=live.state == "ended",
        rows=tuple(_rows(live, now)),
        pins=tuple(_pins(live)),
        net_ms=counted,
        break_ms=all_of_it - counted,
        closed_ms=actual[1] - actual[0] - all_of_it if actual else 0,
        late_ms=(live.ended_at or now) - live.planned_end if live.started_at is not None else 0,
    )


def _rows(live: Live, now: int) -> Iterable[Row]:
    minutes = [segment.minutes for segment in live.plan.segments]
    for index, before in enumerate(accumulate(minutes[:-1], initial=0)):
        segment = live.plan.segments[index]
        starts = _drawn_from(live) + before * MINUTE
        runs = [run for run in live.runs if run.segment == index]
        pieces = tuple((run.entered_at, run.left_at or now) for run in runs)
        mark, reason = live.marks.get(index, ("", ""))
        yield Row(
            index=index,
            title=segment.title,
            kind=segment.kind,
            planned=(starts, starts + segment.minutes * MINUTE),
            pieces=pieces,
            pauses=tuple(_pauses(runs, now)),
            over=tuple(_past(segment.minutes * MINUTE, pieces)),
            added_ms=sum(run.added_ms for run in runs),
            mark=mark or _mark_by_the_clock(live, _length(pieces), segment.minutes * MINUTE),
            reason=reason,
            guessed=not mark,
        )


def _pauses(runs: Iterable[Run], now: int) -> Iterable[Span]:
    """The times the timer stood. Ending a session stops it too; that is no pause."""
    for run in runs:
        for since, until in run.pauses:
            if (until or run.left_at or now) > since:
                yield since, until or run.left_at or now


def _drawn_from(live: Live) -> int:
    """Where the plan is drawn to begin: at its schedule, or at its own start when that was another time of day."""
    if live.started_at is not None and abs(live.started_at - live.scheduled_at) > OFF_SCHEDULE:
        return live.started_at
    return live.scheduled_at


def _past(planned_ms: int, pieces: Sequence[Span]) -> Iterable[Span]:
    """What of the stays lies past the planned length."""
    left = planned_ms
    for since, until in pieces:
        if until - since > left:
            yield since + left, until
        left = max(0, left - (until - since))


def _mark_by_the_clock(live: Live, actual_ms: int, planned_ms: int) -> str:
    if live.state != "ended":
        return ""
    if actual_ms < min(LOOKED_AT, planned_ms * LOOKED_AT_SHARE):
        return "skipped"
    return "shortened" if actual_ms < planned_ms * SHORTENED_BELOW else "covered"


def _pins(live: Live) -> Iterable[Pin]:
    notes = [Pin(0, n.id, "note", n.at, n.segment, n.text, n.by, struck=n.struck) for n in live.notes.values()]
    requests = [
        Pin(
            number=0,
            id=r.id,
            kind="request",
            at=r.at,
            segment=_segment_at(live, r.at),
            text=r.name,
            by=r.handled_by,
            outcome=r.outcome,
            handled_at=r.handled_at,
            escalated_at=r.escalated_at,
        )
        for r in live.requests.values()
    ]
    for number, pin in enumerate(sorted([*notes, *requests], key=lambda pin: pin.at), start=1):
        yield replace(pin, number=number)


def _segment_at(live: Live, at: int) -> int | None:
    entered = [run.segment for run in live.runs if run.entered_at <= at]
    return entered[-1] if entered else None


def _length(spans: Iterable[Span]) -> int:
    return sum(until - since for since, until in spans)
