"""How each event changes a session. Pure, total, and without judgement: what was stored did happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.state import Attendance, Card, CheckIn, Doing, Live, Note, Run, StaffRequest, Timer, Undoable

K = TypeVar("K")
V = TypeVar("V")


def evolve(live: Live, event: e.Event) -> Live:
    """The session after ``event``; its ``rev`` is one higher."""
    after = CHANGES[type(event)](live, event)
    return replace(after, rev=live.rev + 1, last_at=event.at, undoable=_undoable(live, event))


def _undoable(live: Live, event: e.Event) -> Mapping[str, Undoable]:
    """Each person's last action that can be taken back. Taking one back leaves nothing more to take back."""
    if event.by is None or isinstance(event, e.ControlTaken):
        return live.undoable
    others = {person: one for person, one in live.undoable.items() if person != event.by}
    over = OVER_WITH.get(type(event), ())
    others = {person: one for person, one in others.items() if not isinstance(one.command, over)}
    inverse = None if event.undoes else _inverse(live, event)
    return others if inverse is None else _with(others, event.by, Undoable(event.at, inverse))


def _inverse(live: Live, event: e.Event) -> c.AnyCommand | None:
    match event:
        case e.SegmentEntered() if live.segment is not None:
            return _as_it_was(live, event.at) or c.EnterSegment(live.segment)
        case e.ExerciseStarted() | e.ExerciseStepped() | e.ExerciseStopped():
            return _as_it_was(live, event.at) or c.StopExercise()
        case e.TimeAdded(ms=ms):
            return c.AddTime(-ms // 1000)
        case e.AttendanceMarked(member=member):
            before = live.attendance.get(member)
            return c.MarkAttendance(member, before.mark if before else "")
        case e.SegmentMarked(segment=segment):
            return c.MarkSegment(segment, *live.marks.get(segment, ("", "")))
        case e.NoteAdded(note=what) | e.GuestAdded(guest=what):
            return c.Strike(what)
        case e.TallyHidden() if live.shown is not None:
            return c.ShowTally(live.shown)
        case e.CardApproved() | e.CardLeftOut():
            return _decided_before(live, event)
        case _:
            return OPPOSITES.get(type(event))


def _as_it_was(live: Live, now: int) -> c.AnyCommand | None:
    """What brings back the exercise that runs now, or None when none does."""
    doing = live.exercise
    if doing is None or live.segment is None:
        return None
    return c.PutExerciseBack(doing.exercise, doing.step, doing.left(now), live.segment)


def _decided_before(live: Live, event: e.CardApproved | e.CardLeftOut) -> c.AnyCommand:
    before = live.cards.get(event.card)
    if before is None:
        return c.PutCardBack(event.card, event.check_in)
    if before.text is None:
        return c.LeaveOutCard(event.card, event.check_in)
    return c.ApproveCard(event.card, event.check_in, before.text)


# Whoever comes to another segment may not have it changed by what was done in the last one, and at the end every card
# is gone.
EXERCISING = (c.StopExercise, c.PutExerciseBack)
OVER_WITH: Mapping[type[e.Event], tuple[type[Any], ...]] = {
    e.SegmentEntered: (c.EnterSegment, c.AddTime, c.PauseTimer, c.ResumeTimer, *EXERCISING),
    e.ExerciseStarted: EXERCISING,
    e.ExerciseStepped: EXERCISING,
    e.ExerciseStopped: EXERCISING,
    e.Ended: (c.ApproveCard, c.LeaveOutCard, c.PutCardBack),
}
OPPOSITES: Mapping[type[e.Event], c.AnyCommand] = {
    e.TimerPaused: c.ResumeTimer(),
    e.TimerResumed: c.PauseTimer(),
    e.Blanked: c.Unblank(),
    e.Unblanked: c.Blank(),
    e.JoinShown: c.HideJoin(),
    e.JoinHidden: c.ShowJoin(),
    e.Locked: c.Unlock(),
    e.Unlocked: c.Lock(),
    e.TallyShown: c.HideTally(),
    e.AskedAloud: c.HideTally(),
}


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {one: value for one, value in mapping.items() if one != key}


def _doors_opened(live: Live, event: e.DoorsOpened) -> Live:
    return replace(live, state="doors_open", opened_at=event.at, roster=event.roster)


def _started(live: Live, event: e.Started) -> Live:
    return replace(live, state="live", started_at=event.at)


def _segment_entered(live: Live, event: e.SegmentEntered) -> Live:
    timers = live.timers_left
    if live.segment is not None:
        timers = _with(timers, live.segment, live.timer.stopped(event.at))
    return replace(
        _left(live, event.at),
        segment=event.segment,
        timers_left=timers,
        timer=Timer(event.planned_ms, ends_at=event.at + event.remaining_ms),
        runs=(*_left(live, event.at).runs, Run(event.segment, event.at)),
        exercise=None,
        shown=None,
        asked_aloud=None,
        join_shown=False,
    )


def _left(live: Live, at: int) -> Live:
    """The session with the current stay ended."""
    return _change_run(live, lambda run: replace(run, left_at=at, pauses=_pause_ended(run, at)))


def _change_run(live: Live, change: Callable[[Run], Run]) -> Live:
    if not live.runs or live.runs[-1].left_at is not None:
        return live
    return replace(live, runs=(*live.runs[:-1], change(live.runs[-1])))


def _pause_ended(run: Run, at: int) -> tuple[tuple[int, int | None], ...]:
    return tuple((since, at if until is None else until) for since, until in run.pauses)


def _stop(live: Live, at: int) -> Live:
    if live.timer.ends_at is None:
        return live
    stopped = _change_run(live, lambda run: replace(run, pauses=(*run.pauses, (at, None))))
    return replace(stopped, timer=live.timer.stopped(at), exercise=live.exercise and live.exercise.stopped(at))


def _go_on(live: Live, at: int) -> Live:
    if live.timer.remaining_ms is None:
        return live
    going = _change_run(live, lambda run: replace(run, pauses=_pause_ended(run, at)))
    return replace(going, timer=live.timer.running(at), exercise=live.exercise and live.exercise.running(at))


def _time_added(live: Live, event: e.TimeAdded) -> Live:
    timer = Timer(live.timer.planned_ms + event.ms, remaining_ms=event.remaining_ms)
    if live.timer.ends_at is not None:
        timer = timer.running(event.at)
    added = _change_run(live, lambda run: replace(run, added_ms=run.added_ms + event.ms))
    return replace(added, timer=timer)


def _exercise_at(live: Live, event: e.ExerciseStarted | e.ExerciseStepped) -> Doing:
    doing = Doing(event.exercise, event.step)
    if event.planned_ms:
        doing = replace(doing, timer=Timer(event.planned_ms, remaining_ms=event.remaining_ms))
    return doing if live.timer.ends_at is None else doing.running(event.at)


def _exercise_started(live: Live, event: e.ExerciseStarted) -> Live:
    begun = live.exercised if event.undoes else (*live.exercised, event.exercise)
    # What a mistake put in its place was not done.
    begun = begun[:-1] if event.undoes and live.exercise else begun
    now = _exercise_at(live, event)
    return replace(live, exercise=now, exercised=begun, shown=None, asked_aloud=None, join_shown=False)


def _exercise_stopped(live: Live, event: e.ExerciseStopped) -> Live:
    return replace(live, exercise=None, exercised=live.exercised[:-1] if event.undoes else live.exercised)


def _blanked(live: Live, event: e.Blanked) -> Live:
    return replace(_stop(live, event.at), blank=True, was_running=live.timer.ends_at is not None)


def _unblanked(live: Live, event: e.Unblanked) -> Live:
    back = _go_on(live, event.at) if live.was_running else live
    return replace(back, blank=False, was_running=False)


def _check_in_opened(live: Live, event: e.CheckInOpened) -> Live:
    opened = CheckIn(event.check_in, event.prompt, event.floor, event.at)
    return replace(
        live,
        check_ins=_with(live.check_ins, event.check_in, opened),
        shown=None,
        asked_aloud=None,
        join_shown=False,
    )


def _check_in_closed(live: Live, event: e.CheckInClosed) -> Live:
    closed = replace(live.check_ins[event.check_in], closed_at=event.at, tally=event.tally)
    return replace(live, check_ins=_with(live.check_ins, event.check_in, closed))


def _card_approved(live: Live, event: e.CardApproved) -> Live:
    card = Card(event.check_in, event.text, seen=live.shown == event.check_in)
    return replace(live, cards=_with(live.cards, event.card, card))


def _card_left_out(live: Live, event: e.CardLeftOut) -> Live:
    return replace(live, cards=_with(live.cards, event.card, Card(event.check_in, None)))


def _tally_shown(live: Live, event: e.TallyShown) -> Live:
    cards = {
        key: replace(card, seen=card.seen or (card.check_in == event.check_in and card.text is not None))
        for key, card in live.cards.items()
    }
    return replace(live, cards=cards, shown=event.check_in, asked_aloud=None)


def _attendance_marked(live: Live, event: e.AttendanceMarked) -> Live:
    if not event.mark:
        return replace(live, attendance={key: one for key, one in live.attendance.items() if key != event.member})
    before = live.attendance.get(event.member)
    history = before.history if before else ()
    if event.undoes and [mark for _, mark in history[-2:-1]] == [event.mark]:
        # What is taken back was never true: the mark before it keeps the time when it was given.
        history = history[:-1]
    else:
        history = (*history, (event.at, event.mark))
    at = history[-1][0]
    return replace(live, attendance=_with(live.attendance, event.member, Attendance(event.mark, at, history)))


def _guest_added(live: Live, event: e.GuestAdded) -> Live:
    here = Attendance("present", event.at, ((event.at, "present"),))
    return replace(
        live,
        guests=_with(live.guests, event.guest, event.name),
        attendance=_with(live.attendance, event.guest, here),
    )


def _segment_marked(live: Live, event: e.SegmentMarked) -> Live:
    if not event.mark:
        return replace(live, marks={key: mark for key, mark in live.marks.items() if key != event.segment})
    return replace(live, marks=_with(live.marks, event.segment, (event.mark, event.reason)))


def _note_added(live: Live, event: e.NoteAdded) -> Live:
    note = Note(event.note, event.at, event.by, event.text, event.segment)
    return replace(live, notes=_with(live.notes, event.note, note))


def _struck(live: Live, event: e.Struck) -> Live:
    if event.what in live.notes:
        return replace(live, notes=_with(live.notes, event.what, replace(live.notes[event.what], struck=True)))
    return replace(
        live,
        guests={key: name for key, name in live.guests.items() if key != event.what},
        attendance={key: one for key, one in live.attendance.items() if key != event.what},
    )


def _request_raised(live: Live, event: e.RequestRaised) -> Live:
    raised = StaffRequest(event.request, event.name, event.at)
    return replace(live, requests=_with(live.requests, event.request, raised))


def _request_escalated(live: Live, event: e.RequestEscalated) -> Live:
    escalated = replace(live.requests[event.request], escalated_at=event.at)
    return replace(live, requests=_with(live.requests, event.request, escalated))


def _request_handled(live: Live, event: e.RequestHandled) -> Live:
    handled = replace(live.requests[event.request], outcome=event.outcome, handled_at=event.at, handled_by=event.by)
    return replace(live, requests=_with(live.requests, event.request, handled))


def _ended(live: Live, event: e.Ended) -> Live:
    stopped = _left(_stop(live, event.at), event.at)
    return replace(
        stopped,
        state="ended",
        ended_at=event.at,
        ended_by_itself=event.by_itself,
        was_running=live.was_running or live.timer.ends_at is not None,
        exercise=None,
        blank=False,
        shown=None,
        asked_aloud=None,
        join_shown=False,
        locked=False,
    )


def _reopened(live: Live, event: e.Reopened) -> Live:
    again = replace(live, ended_at=None, reopened_at=event.at, ended_by_itself=False, was_running=False)
    if live.segment is None:
        return replace(again, state="doors_open")
    timer = live.timer.running(event.at) if live.was_running else live.timer
    pauses: tuple[tuple[int, int | None], ...] = () if live.was_running else ((event.at, None),)
    stay = Run(live.segment, event.at, pauses=pauses)
    return replace(again, state="live", timer=timer, runs=(*live.runs, stay))


CHANGES: Mapping[type[e.Event], Callable[[Live, Any], Live]] = {
    e.DoorsOpened: _doors_opened,
    e.Started: _started,
    e.SegmentEntered: _segment_entered,
    e.TimerPaused: lambda live, event: _stop(live, event.at),
    e.TimerResumed: lambda live, event: _go_on(live, event.at),
    e.TimeAdded: _time_added,
    e.CheckInOpened: _check_in_opened,
    e.CheckInClosed: _check_in_closed,
    e.CardApproved: _card_approved,
    e.CardLeftOut: _card_left_out,
    e.CardPutBack: lambda live, event: replace(live, cards=_without(live.cards, event.card)),
    e.TallyShown: _tally_shown,
    e.TallyHidden: lambda live, _: replace(live, shown=None, asked_aloud=None),
    e.AskedAloud: lambda live, event: replace(live, asked_aloud=event.prompt, shown=None),
    e.ExerciseStarted: _exercise_started,
    e.ExerciseStepped: lambda live, event: replace(live, exercise=_exercise_at(live, event)),
    e.ExerciseStopped: _exercise_stopped,
    e.Blanked: _blanked,
    e.Unblanked: _unblanked,
    e.JoinShown: lambda live, _: replace(live, join_shown=True),
    e.JoinHidden: lambda live, _: replace(live, join_shown=False),
    e.Locked: lambda live, _: replace(live, locked=True),
    e.Unlocked: lambda live, _: replace(live, locked=False),
    e.Admitted: lambda live, _: live,
    e.SegmentMarked: _segment_marked,
    e.AttendanceMarked: _attendance_marked,
    e.GuestAdded: _guest_added,
    e.NoteAdded: _note_added,
    e.Struck: _struck,
    e.RequestRaised: _request_raised,
    e.RequestEscalated: _request_escalated,
    e.RequestHandled: _request_handled,
    e.ControlTaken: lambda live, event: replace(live, controller=c.Person(event.staff_id, event.name)),
    e.Ended: _ended,
    e.Reopened: _reopened,
}
