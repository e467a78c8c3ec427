"""The rules of a session: what may happen now, and what then has happened.

``decide(live, command, now) -> events`` or raises ``Refused``; ``evolve(live, event) -> live``. Pure: the standard
library, the plan and this engine's own parts beside it. A command that changes
nothing gives no events and succeeds, so a double tap does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from facilitator.curricula.model import Plan
from facilitator.realtime import asking, exercising
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.evolve import evolve
from facilitator.realtime.refusing import Refused, doors_are_open, doors_were_opened, must_be_live, not_blank
from facilitator.realtime.state import (
    ATTENDANCE_MARKS,
    ESCALATE_AFTER,
    MINUTE,
    SEGMENT_MARKS,
    SENT_TWICE_WITHIN,
    UNDO_WITHIN,
    Live,
)

__all__ = ["Live", "Refused", "decide", "evolve", "fold", "scheduled"]

Events = list[e.Event]


def scheduled(plan: Plan, scheduled_at: int, *, cancelled: bool = False) -> Live:
    """A session before anything has happened. A cancelled one stays there."""
    return Live(plan, scheduled_at, cancelled)


def fold(live: Live, events: Iterable[e.Event]) -> Live:
    """The session after all these events."""
    return reduce(evolve, events, live)


def decide(live: Live, command: c.AnyCommand, now: int, by: c.Person | None = None) -> Events:
    """The events that ``command`` causes at ``now`` (milliseconds UTC), given by ``by`` (None: a phone or the clock).

    Raises Refused with a sentence for the person.
    """
    if live.cancelled:
        raise Refused("This session was cancelled. Schedule a new one.")
    if isinstance(command, c.Undo):
        return _undo(live, now, by)
    if isinstance(command, c.TakeControl):
        return _take_control(live, now, by)
    events = RULES[type(command)](live, command, now)
    if by is None or not events:
        return events
    if _is_free(live, command):
        return _stamped(events, by)
    if live.controller is not None and live.controller.id != by.id:
        raise Refused(f"{live.controller.first_name} is running this. Take control?")
    taken: Events = [] if live.controller else [e.ControlTaken(at=now, staff_id=by.id, name=by.name)]
    return _stamped([*taken, *events], by)


def _is_free(live: Live, command: c.AnyCommand) -> bool:
    """Whether it needs no control. Once the session has ended, whoever writes the note marks its segments."""
    return isinstance(command, c.FREE) or (isinstance(command, c.MarkSegment) and live.state == "ended")


def _stamped(events: Events, by: c.Person) -> Events:
    return [replace(event, by=by.id) for event in events]


def _undo(live: Live, now: int, by: c.Person | None) -> Events:
    last = live.undoable.get(by.id) if by else None
    if by is None or last is None or now - last.at > UNDO_WITHIN:
        raise Refused("There is nothing of yours to undo.")
    return [replace(event, undoes=True) for event in decide(live, last.command, now, by)]


def _open_doors(live: Live, command: c.OpenDoors, now: int) -> Events:
    if live.state == "doors_open":
        return []
    if live.state != "scheduled":
        raise Refused("The doors of this session were opened before.")
    return [e.DoorsOpened(at=now, roster=command.roster)]


def _start(live: Live, _: c.Start, now: int) -> Events:
    if live.state == "live":
        return []
    if live.state == "scheduled":
        raise Refused("Open the doors first.")
    if live.state == "ended":
        raise Refused("This session has ended.")
    not_blank(live)
    return [e.Started(at=now), _entering(live, 0, now)]


def _enter_segment(live: Live, command: c.EnterSegment, now: int) -> Events:
    must_be_live(live)
    _segment_exists(live, command.segment)
    if command.segment == live.segment:
        return []
    not_blank(live)
    return [_entering(live, command.segment, now)]


def _put_exercise_back(live: Live, command: c.PutExerciseBack, now: int) -> Events:
    """Whoever went to another segment comes back to the one where the exercise ran."""
    back = _enter_segment(live, c.EnterSegment(command.segment), now)
    return [*back, *exercising.put_exercise_back(fold(live, back), command, now)]


def _entering(live: Live, segment: int, now: int) -> e.SegmentEntered:
    """A segment that was left with time on its clock is come back to with that time."""
    before = live.timers_left.get(segment)
    planned = before.planned_ms if before else live.plan.segments[segment].minutes * MINUTE
    remaining = max(0, before.left(now)) if before else planned
    return e.SegmentEntered(at=now, segment=segment, planned_ms=planned, remaining_ms=remaining)


def _pause(live: Live, _: c.PauseTimer, now: int) -> Events:
    must_be_live(live)
    not_blank(live)
    return [e.TimerPaused(at=now)] if live.timer.ends_at is not None else []


def _resume(live: Live, _: c.ResumeTimer, now: int) -> Events:
    must_be_live(live)
    not_blank(live)
    return [e.TimerResumed(at=now)] if live.timer.ends_at is None else []


def _add_time(live: Live, command: c.AddTime, now: int) -> Events:
    """More time counts from now when the segment runs over; less time never takes the timer below now."""
    must_be_live(live)
    not_blank(live)
    left = live.timer.left(now)
    remaining = max(left, 0) + command.seconds * 1000 if command.seconds > 0 else max(left + command.seconds * 1000, 0)
    if command.seconds == 0 or (command.seconds < 0 and left <= 0):
        return []
    return [e.TimeAdded(at=now, ms=remaining - max(left, 0), remaining_ms=remaining)]


def _blank(live: Live, _: c.Blank, now: int) -> Events:
    doors_are_open(live)
    return [] if live.blank else [e.Blanked(at=now)]


def _unblank(live: Live, _: c.Unblank, now: int) -> Events:
    doors_are_open(live)
    return [e.Unblanked(at=now)] if live.blank else []


def _show_join(live: Live, _: c.ShowJoin, now: int) -> Events:
    doors_are_open(live)
    return [] if live.join_shown else [e.JoinShown(at=now)]


def _hide_join(live: Live, _: c.HideJoin, now: int) -> Events:
    return [e.JoinHidden(at=now)] if live.join_shown else []


def _lock(live: Live, _: c.Lock, now: int) -> Events:
    doors_are_open(live)
    return [] if live.locked else [e.Locked(at=now)]


def _unlock(live: Live, _: c.Unlock, now: int) -> Events:
    doors_are_open(live)
    return [e.Unlocked(at=now)] if live.locked else []


def _admit(live: Live, command: c.Admit, now: int) -> Events:
    doors_are_open(live)
    if command.waiting < 1:
        raise Refused("Nobody is waiting at the door.")
    return [e.Admitted(at=now)]


def _mark_segment(live: Live, command: c.MarkSegment, now: int) -> Events:
    if live.state not in ("live", "ended"):
        raise Refused("Start the session first.")
    _segment_exists(live, command.segment)
    if command.mark and command.mark not in SEGMENT_MARKS:
        raise Refused("A segment is covered, shortened, adapted or skipped.")
    if live.marks.get(command.segment, ("", "")) == (command.mark, command.reason):
        return []
    return [e.SegmentMarked(at=now, segment=command.segment, mark=command.mark, reason=command.reason)]


def _mark_attendance(live: Live, command: c.MarkAttendance, now: int) -> Events:
    doors_were_opened(live)
    if command.member not in dict(live.roster) and command.member not in live.guests:
        raise Refused("This person is not on tonight's roster. Add them as a guest.")
    if command.mark and command.mark not in ATTENDANCE_MARKS:
        raise Refused("A mark is present, late, left early, absent or excused.")
    before = live.attendance.get(command.member)
    if (before.mark if before else "") == command.mark:
        return []
    return [e.AttendanceMarked(at=now, member=command.member, mark=command.mark)]


def _add_guest(live: Live, command: c.AddGuest, now: int) -> Events:
    doors_were_opened(live)
    return [e.GuestAdded(at=now, guest=command.guest, name=command.name)]


def _add_note(live: Live, command: c.AddNote, now: int) -> Events:
    doors_were_opened(live)
    return [e.NoteAdded(at=now, note=command.note, text=command.text, segment=live.segment)]


def _strike(live: Live, command: c.Strike, now: int) -> Events:
    note = live.notes.get(command.what)
    if (note and not note.struck) or command.what in live.guests:
        return [e.Struck(at=now, what=command.what)]
    return []


def _raise_request(live: Live, command: c.RaiseRequest, now: int) -> Events:
    if live.state == "ended":
        raise Refused("This session has ended. Speak to staff in the room, or call the crisis line.")
    doors_are_open(live)
    for request in live.open_requests:
        # Sent twice. Later it is somebody else of that name, or somebody who is still waiting. Of two without a name
        # nobody knows whether they are one person: each is kept, so that nobody is lost.
        if command.name and request.name == command.name and now - request.at < SENT_TWICE_WITHIN:
            return []
    return [e.RequestRaised(at=now, request=command.request, name=command.name)]


def _escalate_requests(live: Live, _: c.EscalateRequests, now: int) -> Events:
    return [
        e.RequestEscalated(at=now, request=request.id)
        for request in live.open_requests
        if request.escalated_at is None and now - request.at >= ESCALATE_AFTER
    ]


def _handle_request(live: Live, command: c.HandleRequest, now: int) -> Events:
    request = live.requests.get(command.request)
    if request is None:
        raise Refused("There is no such request in this session.")
    if request.outcome is not None:
        return []
    return [e.RequestHandled(at=now, request=request.id, outcome=command.outcome)]


def _take_control(live: Live, now: int, by: c.Person | None) -> Events:
    if by is None or by == live.controller:
        return []
    return [e.ControlTaken(at=now, by=by.id, staff_id=by.id, name=by.name)]


def _end(live: Live, command: c.End, now: int) -> Events:
    if live.state == "ended":
        return []
    doors_are_open(live)
    if waiting := len(live.open_requests):
        people = "1 person still waits" if waiting == 1 else f"{waiting} people still wait"
        raise Refused(f"{people} to talk. Say what was done for each, then end.")
    return [*_closing(live, command.tally, now), e.Ended(at=now)]


def _end_by_itself(live: Live, command: c.EndByItself, now: int) -> Events:
    due = live.ends_by_itself_at
    if due is None or now < due:
        return []
    # Not when a server that was down all night found out. What was done after it was due was done in the session.
    at = max(due, live.last_at)
    # Whoever leads has gone, so a request that nobody has spoken for waits for them no longer.
    untold = [request.id for request in live.open_requests if request.escalated_at is None]
    escalated = [e.RequestEscalated(at=at, request=request) for request in untold]
    return [*_closing(live, command.tally, at), *escalated, e.Ended(at=at, by_itself=True)]


def _closing(live: Live, tally: Mapping[str, Any] | None, now: int) -> Events:
    check_in = live.open_check_in
    return asking.close_check_in(live, c.CloseCheckIn(check_in.id, tally), now) if check_in else []


def _reopen(live: Live, _: c.Reopen, now: int) -> Events:
    if live.state in ("doors_open", "live"):
        return []
    if live.reopen_until is None:
        raise Refused("This session has not begun yet.")
    if now > live.reopen_until:
        raise Refused("A session can be continued for ten minutes after its end. This one ended before that.")
    return [e.Reopened(at=now)]


def _segment_exists(live: Live, segment: int) -> None:
    if not 0 <= segment < len(live.plan.segments):
        raise Refused(f"This plan has {len(live.plan.segments)} segments. There is no such one.")


RULES: Mapping[type[Any], Callable[[Live, Any, int], Events]] = {
    c.OpenDoors: _open_doors,
    c.Start: _start,
    c.EnterSegment: _enter_segment,
    c.PauseTimer: _pause,
    c.ResumeTimer: _resume,
    c.AddTime: _add_time,
    c.OpenCheckIn: asking.open_check_in,
    c.CloseCheckIn: asking.close_check_in,
    c.ShowTally: asking.show_tally,
    c.ApproveCard: asking.approve_card,
    c.LeaveOutCard: asking.leave_out_card,
    c.PutCardBack: asking.put_card_back,
    c.HideTally: asking.hide_tally,
    c.AskAloud: asking.ask_aloud,
    c.StartExercise: exercising.start_exercise,
    c.StepExercise: exercising.step_exercise,
    c.StopExercise: exercising.stop_exercise,
    c.PutExerciseBack: _put_exercise_back,
    c.Blank: _blank,
    c.Unblank: _unblank,
    c.ShowJoin: _show_join,
    c.HideJoin: _hide_join,
    c.Lock: _lock,
    c.Unlock: _unlock,
    c.Admit: _admit,
    c.MarkSegment: _mark_segment,
    c.MarkAttendance: _mark_attendance,
    c.AddGuest: _add_guest,
    c.AddNote: _add_note,
    c.Strike: _strike,
    c.RaiseRequest: _raise_request,
    c.EscalateRequests: _escalate_requests,
    c.HandleRequest: _handle_request,
    c.End: _end,
    c.EndByItself: _end_by_itself,
    c.Reopen: _reopen,
}
