"""The rules of a session, told as short stories to the pure engine."""

from __future__ import annotations

import pytest

from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.events import from_row, to_row
from facilitator.realtime.live import Refused, fold
from facilitator.realtime.state import HOUR, MINUTE, Attendance
from tests.engine import FERN, GUS, NOON, PLAN, ROSTER, Story, going


def names(events: list[e.Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def refusal(story: Story, command: c.AnyCommand, by: c.Person = FERN) -> str:
    before = story.live
    with pytest.raises(Refused) as refused:
        story.do(command, by)
    assert story.live == before
    return str(refused.value)


def test_a_session_goes_from_scheduled_through_its_doors_to_live_and_ends() -> None:
    story = Story()
    assert names(story.do(c.OpenDoors())) == ["ControlTaken", "DoorsOpened"]
    assert story.live.state == "doors_open"
    assert names(story.do(c.Start())) == ["Started", "SegmentEntered"]
    assert (story.live.state, story.live.segment) == ("live", 0)
    assert names(story.do(c.End())) == ["Ended"]
    assert story.live.state == "ended"


@pytest.mark.parametrize("again", [c.OpenDoors(), c.EnterSegment(0), c.ResumeTimer(), c.Unblank(), c.HideTally()])
def test_what_changes_nothing_succeeds_and_leaves_no_trace(again: c.AnyCommand) -> None:
    story = going() if not isinstance(again, c.OpenDoors) else Story()
    if isinstance(again, c.OpenDoors):
        story.do(again)
    rev = story.live.rev
    assert story.do(again) == []
    assert story.live.rev == rev


def test_two_taps_on_next_land_in_the_same_place() -> None:
    story = going()
    story.do(c.EnterSegment(1))
    assert story.do(c.EnterSegment(1)) == []
    assert story.live.segment == 1


def test_a_segment_that_does_not_exist_is_refused() -> None:
    assert refusal(going(), c.EnterSegment(4)) == "This plan has 4 segments. There is no such one."
    assert refusal(going(), c.EnterSegment(-1)) == "This plan has 4 segments. There is no such one."


def test_nothing_starts_before_the_doors_open() -> None:
    story = Story()
    for command in (c.Start(), c.EnterSegment(1), c.Blank(), c.AddNote("x"), c.MarkAttendance("m1", "present")):
        assert refusal(story, command) in {"Open the doors first.", "Start the session first."}


def test_the_timer_runs_to_an_instant_and_stands_while_it_is_paused() -> None:
    story = going()
    assert story.live.timer.ends_at == NOON + 3 * MINUTE
    story.after(minutes=1).do(c.PauseTimer())
    assert story.live.timer.remaining_ms == 2 * MINUTE
    story.after(minutes=10).do(c.ResumeTimer())
    assert story.live.timer.ends_at == story.now + 2 * MINUTE
    assert story.live.runs[0].paused_ms(story.now) == 10 * MINUTE


def test_more_time_counts_from_now_once_a_segment_runs_over() -> None:
    story = going().after(minutes=5)
    story.do(c.AddTime(60))
    assert story.live.timer.left(story.now) == MINUTE


def test_less_time_never_takes_the_timer_below_now() -> None:
    story = going().after(minutes=2, seconds=30)
    story.do(c.AddTime(-60))
    assert story.live.timer.left(story.now) == 0
    assert story.do(c.AddTime(-60)) == []


def test_time_added_while_paused_stays_paused() -> None:
    story = going().after(minutes=1)
    story.do(c.PauseTimer())
    story.do(c.AddTime(300))
    assert story.live.timer.remaining_ms == 7 * MINUTE
    assert story.live.timer.ends_at is None


def test_going_back_finds_the_time_that_was_left() -> None:
    story = going()
    story.do(c.EnterSegment(1))
    story.after(minutes=2).do(c.EnterSegment(2))
    story.after(minutes=1).do(c.EnterSegment(1))
    assert story.live.timer.left(story.now) == 5 * MINUTE
    assert story.live.actual_ms(1, story.now + MINUTE) == 3 * MINUTE


def test_going_back_to_a_segment_that_ran_over_finds_no_time() -> None:
    story = going().after(minutes=9)
    story.do(c.EnterSegment(1))
    story.do(c.EnterSegment(0))
    assert story.live.timer.left(story.now) == 0


def test_blank_stops_the_timer_and_unblank_brings_back_exactly_what_was() -> None:
    story = going().after(minutes=1)
    story.do(c.Blank())
    assert story.live.blank and story.live.timer.remaining_ms == 2 * MINUTE
    story.after(minutes=30).do(c.Unblank())
    assert story.live.timer.ends_at == story.now + 2 * MINUTE


def test_unblank_leaves_a_paused_timer_paused() -> None:
    story = going()
    story.do(c.PauseTimer())
    story.do(c.Blank())
    story.do(c.Unblank())
    assert story.live.timer.ends_at is None


def test_nothing_moves_behind_a_blank_screen() -> None:
    story = going()
    story.do(c.Blank())
    for command in (c.EnterSegment(1), c.PauseTimer(), c.ResumeTimer(), c.AddTime(60), c.OpenCheckIn("q1")):
        assert refusal(story, command) == "The screens are blank. Bring them back first."


def test_one_check_in_is_open_at_a_time() -> None:
    story = going()
    story.do(c.OpenCheckIn("q1"))
    assert refusal(story, c.OpenCheckIn("q2")) == "A check-in is open. Close it first."
    assert story.do(c.OpenCheckIn("q1")) == []
    assert story.do(c.OpenCheckIn()) == []


def test_opening_without_a_prompt_asks_the_segments_next_unasked() -> None:
    story = going()
    assert refusal(story, c.OpenCheckIn()) == "This segment has no question."
    story.do(c.EnterSegment(1))
    for prompt in ("q1", "q2"):
        opened = story.do(c.OpenCheckIn())[0]
        assert isinstance(opened, e.CheckInOpened) and opened.prompt == prompt
        story.do(c.CloseCheckIn(opened.check_in))
    assert "asked" in refusal(story, c.OpenCheckIn())


def test_asking_again_is_a_new_check_in() -> None:
    story = going()
    first, second = (open_and_close(story, "q1") for _ in range(2))
    assert first != second and set(story.live.check_ins) == {first, second}


def open_and_close(story: Story, prompt: str) -> str:
    opened = story.do(c.OpenCheckIn(prompt))[-1]
    assert isinstance(opened, e.CheckInOpened)
    story.do(c.CloseCheckIn(opened.check_in))
    return opened.check_in


def test_a_sensitive_prompt_has_the_higher_floor() -> None:
    story = going()
    opened = story.do(c.OpenCheckIn("q3"))[-1]
    assert isinstance(opened, e.CheckInOpened) and opened.floor == 7


def test_entering_a_segment_leaves_the_check_in_open_and_end_closes_it() -> None:
    story = going()
    story.do(c.OpenCheckIn("q1"))
    story.do(c.EnterSegment(2))
    assert story.live.open_check_in is not None
    assert names(story.do(c.End())) == ["CheckInClosed", "Ended"]


def test_a_tally_is_shown_only_once_its_check_in_is_closed() -> None:
    story = going()
    opened = story.do(c.OpenCheckIn("q1"))[-1]
    assert isinstance(opened, e.CheckInOpened)
    assert "Close the check-in first" in refusal(story, c.ShowTally(opened.check_in))
    story.do(c.CloseCheckIn(opened.check_in))
    story.do(c.ShowTally(opened.check_in))
    assert story.live.shown == opened.check_in
    story.do(c.HideTally())
    assert story.live.shown is None
    story.do(c.ShowTally(opened.check_in))
    story.do(c.EnterSegment(1))
    assert story.live.shown is None


def test_closing_twice_counts_once() -> None:
    story = going()
    check_in = open_and_close(story, "q1")
    assert story.do(c.CloseCheckIn(check_in)) == []
    assert refusal(story, c.CloseCheckIn("c0")) == "There is no such check-in in this session."


def test_control_is_taken_by_the_first_leading_command_and_then_on_purpose() -> None:
    story = going()
    assert refusal(story, c.EnterSegment(1), GUS) == "Fern is running this. Take control?"
    assert names(story.do(c.TakeControl(), GUS)) == ["ControlTaken"]
    story.do(c.EnterSegment(1), GUS)
    assert refusal(story, c.EnterSegment(2), FERN) == "Gus is running this. Take control?"
    story.do(c.TakeControl(), c.Person("x", "Solveig Marchetti"))
    assert refusal(story, c.EnterSegment(2), GUS) == "Solveig is running this. Take control?"


def test_without_control_one_may_write_mark_handle_and_blank() -> None:
    story = going()
    story.do(c.RaiseRequest("r1", "Sam"), None)
    for command in (
        c.AddNote("Quiet start."),
        c.MarkAttendance("m1", "present"),
        c.AddGuest("Kim"),
        c.HandleRequest("r1", "Spoke outside"),
        c.Blank(),
        c.Unblank(),
    ):
        assert story.do(command, GUS)
    assert story.live.controller == FERN


def test_attendance_is_marked_changed_and_taken_back_with_its_times() -> None:
    story = going()
    story.do(c.MarkAttendance("m1", "present"))
    story.after(minutes=20).do(c.MarkAttendance("m1", "left_early"))
    mark = story.live.attendance["m1"]
    assert mark.history == ((NOON, "present"), (NOON + 20 * MINUTE, "left_early"))
    story.do(c.Undo())
    assert story.live.attendance["m1"].mark == "present"
    assert "roster" in refusal(story, c.MarkAttendance("nobody", "present"))
    assert refusal(story, c.MarkAttendance("m1", "gone")) == "A mark is present, late, left early, absent or excused."


def test_undo_takes_back_ones_own_last_action_for_two_minutes() -> None:
    story = going()
    story.do(c.EnterSegment(1))
    story.do(c.AddNote("Ben spoke first."), GUS)
    story.do(c.Undo())
    assert story.live.segment == 0
    assert refusal(story, c.Undo()) == "There is nothing of yours to undo."
    story.do(c.Undo(), GUS)
    assert [note.struck for note in story.live.notes.values()] == [True]
    story.do(c.Blank())
    story.after(minutes=3)
    assert refusal(story, c.Undo()) == "There is nothing of yours to undo."


def test_undo_reaches_nothing_in_a_segment_that_a_colleague_has_left() -> None:
    for last in (c.EnterSegment(1), c.AddTime(300), c.PauseTimer()):
        story = going()
        story.do(last)
        story.do(c.TakeControl(), GUS)
        story.do(c.EnterSegment(2), GUS)
        story.do(c.TakeControl())
        assert refusal(story, c.Undo()) == "There is nothing of yours to undo."
        assert story.live.segment == 2
        story.do(c.TakeControl(), GUS)
        story.do(c.Undo(), GUS)
        assert story.live.segment != 2


def test_a_mark_that_undo_brings_back_keeps_its_time() -> None:
    story = going()
    story.do(c.MarkAttendance("m1", "late"))
    came = story.now
    story.after(minutes=30).do(c.MarkAttendance("m1", "left_early"))
    story.after(seconds=20).do(c.Undo())
    assert story.live.attendance["m1"] == Attendance("late", came, ((came, "late"),))
    story.after(minutes=1).do(c.MarkAttendance("m1", "present"))
    assert story.live.attendance["m1"].at == story.now


def test_undo_says_in_the_log_that_it_was_one() -> None:
    story = going()
    story.do(c.MarkSegment(0, "skipped", "late bus"))
    undone = story.do(c.Undo())
    assert [event.undoes for event in undone] == [True]
    assert story.live.marks == {}


def test_a_request_stays_until_somebody_says_what_was_done() -> None:
    story = going()
    story.do(c.RaiseRequest("r1", "Sam"), None)
    assert story.do(c.RaiseRequest("r2", "Sam"), None) == []
    story.after(seconds=30).do(c.RaiseRequest("r3", "Sam"), None)
    assert set(story.live.requests) == {"r1", "r3"}
    story.after(minutes=4).do(c.HandleRequest("r1", "Talked in the hall"))
    assert story.live.requests["r1"].outcome == "Talked in the hall"
    assert story.do(c.HandleRequest("r1", "Again")) == []


def test_two_who_give_no_name_are_two() -> None:
    story = going()
    story.do(c.RaiseRequest("r1", ""), None)
    story.do(c.RaiseRequest("r2", ""), None)
    assert [request.name for request in story.live.open_requests] == ["", ""]


def test_the_clock_tells_once_of_those_who_wait_ten_minutes() -> None:
    story = going()
    story.do(c.RaiseRequest("r1", "Sam"), None)
    story.after(minutes=3).do(c.RaiseRequest("r2", ""), None)
    assert story.live.escalates_at == NOON + 10 * MINUTE
    assert story.after(minutes=6.9).do(c.EscalateRequests(), None) == []
    told = story.after(minutes=0.1).do(c.EscalateRequests(), None)
    assert told == [e.RequestEscalated(at=story.now, request="r1")]
    assert story.do(c.EscalateRequests(), None) == []
    story.do(c.HandleRequest("r2", "Talked"))
    assert story.live.escalates_at is None
    assert story.after(minutes=30).do(c.EscalateRequests(), None) == []


def test_a_session_is_not_ended_over_somebody_who_waits() -> None:
    story = going()
    story.do(c.RaiseRequest("r1", "Sam"), None)
    assert refusal(story, c.End()) == "1 person still waits to talk. Say what was done for each, then end."
    story.do(c.RaiseRequest("r2", ""), None)
    assert refusal(story, c.End()) == "2 people still wait to talk. Say what was done for each, then end."
    story.do(c.HandleRequest("r1", "Talked"))
    story.do(c.HandleRequest("r2", "Said to the room that we are here"))
    assert names(story.do(c.End())) == ["Ended"]


def test_the_clock_ends_a_session_and_leaves_who_waits_to_the_supervisors() -> None:
    story = going()
    story.after(minutes=149).do(c.RaiseRequest("r1", "Sam"), None)
    assert names(story.after(minutes=1).do(c.EndByItself(), None)) == ["RequestEscalated", "Ended"]
    assert [request.escalated_at for request in story.live.open_requests] == [story.now]
    assert story.do(c.HandleRequest("r1", "Called at home"), GUS)


def test_a_session_is_continued_within_ten_minutes_and_not_later() -> None:
    story = going().after(minutes=1)
    story.do(c.End())
    story.after(minutes=9).do(c.Reopen())
    assert story.live.state == "live"
    assert story.live.timer.left(story.now) == 2 * MINUTE
    assert story.live.actual_ms(0, story.now) == MINUTE
    story.do(c.End())
    story.after(minutes=11)
    assert "ten minutes" in refusal(story, c.Reopen())


def test_ending_a_blank_session_and_continuing_brings_the_running_timer_back() -> None:
    story = going().after(minutes=1)
    story.do(c.Blank())
    story.do(c.End())
    story.do(c.Reopen())
    assert not story.live.blank and story.live.timer.ends_at == story.now + 2 * MINUTE


def test_the_clock_ends_a_session_two_hours_after_its_planned_end() -> None:
    story = going().after(minutes=30 + 119)
    assert story.do(c.EndByItself(), None) == []
    story.after(minutes=1)
    assert names(story.do(c.EndByItself(), None)) == ["Ended"]
    assert story.live.ended_by_itself


def test_a_session_that_was_found_unended_in_the_morning_ended_the_evening_before() -> None:
    story = going()
    due = story.live.ends_by_itself_at
    assert [event.at for event in story.after(minutes=14 * 60).do(c.EndByItself(), None)] == [due]


def test_what_was_done_late_was_still_done_in_the_session() -> None:
    story = going()
    due = story.live.ends_by_itself_at
    assert due is not None
    story.after(minutes=30 + 121).do(c.PauseTimer())
    assert [event.at for event in story.after(minutes=60).do(c.EndByItself(), None)] == [due + MINUTE]


def test_who_continues_a_session_that_the_clock_ended_has_two_hours_more() -> None:
    story = going().after(minutes=30 + 120)
    story.do(c.EndByItself(), None)
    story.after(minutes=5).do(c.Reopen())
    story.after(minutes=119)
    assert story.do(c.EndByItself(), None) == []
    story.after(minutes=1)
    assert names(story.do(c.EndByItself(), None)) == ["Ended"]


def test_a_late_start_moves_the_end_by_itself() -> None:
    story = Story().after(minutes=60)
    story.do(c.OpenDoors())
    story.do(c.Start())
    assert story.live.ends_by_itself_at == NOON + HOUR + 30 * MINUTE + 2 * HOUR


def test_an_ended_session_takes_marks_and_notes_but_nothing_that_leads() -> None:
    story = going()
    story.do(c.End())
    for command in (c.EnterSegment(1), c.AddTime(60), c.OpenCheckIn("q1"), c.Blank(), c.Start(), c.Lock()):
        assert "ended" in refusal(story, command)
    for command in (c.MarkSegment(1, "skipped", "no time"), c.MarkAttendance("m2", "absent"), c.AddNote("Late.")):
        assert story.do(command, GUS)


def test_folding_the_stored_log_gives_the_live_state_back() -> None:
    story = going()
    story.do(c.MarkAttendance("m1", "late"))
    open_and_close(story, "q1")
    story.after(minutes=2).do(c.Blank())
    story.after(minutes=2).do(c.Unblank())
    story.do(c.EnterSegment(2))
    story.do(c.End())
    stored = [(*to_row(event), event.at, event.by) for event in story.log]
    read = [from_row(name, data, at=at, by=by) for name, data, at, by in stored]
    assert read == story.log
    assert fold(story.begin, read) == story.live
    assert story.live.roster == ROSTER and story.live.plan == PLAN
