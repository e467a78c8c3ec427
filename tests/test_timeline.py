from __future__ import annotations

import pytest

from facilitator.realtime import commands as c
from facilitator.records.exercises import done
from facilitator.records.timeline import Timeline, timeline
from tests.story import JONAH, PLAN_TEXT, Story, as_planned, clock

MINUTE = 60_000


def told(story: Story) -> Timeline:
    return timeline(story.live, story.now)


def test_a_session_as_planned_has_planned_and_actual_in_the_same_places():
    whole = told(as_planned())

    assert [row.pieces for row in whole.rows] == [(row.planned,) for row in whole.rows]
    assert [row.mark for row in whole.rows] == ["covered"] * 6
    assert all(row.guessed and not row.over for row in whole.rows)
    assert (whole.planned_ms, whole.actual_ms) == (50 * MINUTE, 50 * MINUTE)
    assert whole.late_ms == 0
    assert not whole.over_time


def test_breaks_do_not_count():
    whole = told(as_planned())

    assert (whole.net_ms, whole.break_ms) == (45 * MINUTE, 5 * MINUTE)


def test_a_segment_past_its_minutes_shows_where_and_how_far():
    story = Story().start().enter("18:08", 1).enter("18:18", 2).end("18:38")

    opening = told(story).rows[0]

    assert (opening.actual_ms, opening.over_ms) == (8 * MINUTE, 3 * MINUTE)
    assert opening.over == ((clock("18:05"), clock("18:08")),)


def test_a_segment_that_was_come_back_to_has_two_pieces_and_runs_over_in_the_second():
    story = Story().start().enter("18:04", 1).enter("18:10", 0).enter("18:13", 2).end("18:30")

    opening = told(story).rows[0]

    assert opening.pieces == ((clock("18:00"), clock("18:04")), (clock("18:10"), clock("18:13")))
    assert opening.over == ((clock("18:11"), clock("18:13")),)


def test_pauses_are_drawn_and_counted_in_the_time_that_the_room_sat_through():
    story = Story().start().at("18:02").do(c.PauseTimer()).at("18:04").do(c.ResumeTimer())
    story.enter("18:07", 1).end("18:20")

    opening = told(story).rows[0]

    assert opening.pauses == ((clock("18:02"), clock("18:04")),)
    assert (opening.paused_ms, opening.actual_ms, opening.over_ms) == (2 * MINUTE, 7 * MINUTE, 2 * MINUTE)


def test_blank_screens_are_a_pause_too():
    story = Story().start().at("18:02").do(c.Blank()).at("18:03").do(c.Unblank()).end("18:05")

    assert told(story).rows[0].pauses == ((clock("18:02"), clock("18:03")),)


def test_added_minutes_are_kept():
    story = Story().start().at("18:03").do(c.AddTime(300), c.AddTime(60), c.AddTime(-60)).enter("18:10", 1).end("18:20")

    assert told(story).rows[0].added_ms == 5 * MINUTE


def test_a_segment_that_was_left_out_or_only_passed_through_is_skipped():
    story = Story().start().enter("18:05", 1).enter("18:05:20", 2).enter("18:25", 4).end("18:45")

    whole = told(story)

    assert [row.title for row in whole.skipped] == ["How I am arriving", "Break", "Surf one urge"]
    assert whole.done == 3


@pytest.mark.parametrize(
    ("left_at", "mark"),
    [("18:15", "skipped"), ("18:15:59", "skipped"), ("18:16", "shortened"), ("18:30", "covered")],
)
def test_a_long_segment_is_left_out_when_it_was_left_within_a_minute(left_at: str, mark: str) -> None:
    """The exercise of 20 minutes begins at 18:15."""
    story = Story().start().enter("18:05", 1).enter("18:15", 2 if left_at != "18:15" else 3)

    assert told(story.enter(left_at, 3).end("18:50")).rows[2].mark == mark


@pytest.mark.parametrize(
    ("left_at", "mark"),
    [("18:50", "skipped"), ("18:50:29", "skipped"), ("18:50:30", "shortened"), ("18:53:45", "covered")],
)
def test_a_short_segment_is_left_out_within_a_tenth_of_its_minutes(left_at: str, mark: str) -> None:
    """The home practice of 5 minutes begins at 18:50."""
    story = Story().start().enter("18:05", 2).enter("18:45", 4)
    if left_at != "18:50":
        story.enter("18:50", 5)

    assert told(story.end(left_at)).rows[5].mark == mark


def test_a_short_run_is_called_shortened_until_somebody_says_otherwise():
    story = Story().start().enter("18:05", 1).enter("18:12", 2).end("18:50")

    assert (told(story).rows[1].mark, told(story).rows[1].guessed) == ("shortened", True)

    story.do(c.MarkSegment(1, "adapted", "In pairs"))

    assert (told(story).rows[1].mark, told(story).rows[1].reason) == ("adapted", "In pairs")
    assert not told(story).rows[1].guessed


def test_nothing_is_called_skipped_while_the_session_goes_on():
    story = Story().start().enter("18:05", 2).at("18:10")

    whole = told(story)

    assert [row.mark for row in whole.rows] == [""] * 6
    assert whole.rows[2].pieces == ((clock("18:05"), clock("18:10")),)


def test_notes_and_requests_are_numbered_in_time_and_know_their_segment():
    story = Story().start().note("18:02", "Quiet room.").enter("18:05", 1).asks_to_talk("18:07", "Bo")
    story.note("18:09", "Long questions.", by=JONAH).at("18:12").do(c.HandleRequest("bo", "Talked outside."), by=JONAH)
    story.end("18:20")

    quiet, bo, questions = told(story).pins

    assert (quiet.number, quiet.segment, quiet.text, quiet.by) == (1, 0, "Quiet room.", "fern")
    assert (bo.number, bo.segment, bo.text, bo.outcome) == (2, 1, "Bo", "Talked outside.")
    assert (bo.by, bo.handled_at, bo.is_open) == ("jonah", clock("18:12"), False)
    assert (questions.number, questions.by) == (3, "jonah")


def test_a_note_taken_back_stays_in_the_log_and_leaves_the_notes():
    story = Story().start().note("18:02", "Wrong room.").do(c.Undo()).note("18:03", "Right room.").end("18:20")

    assert [(pin.text, pin.struck) for pin in told(story).pins] == [("Wrong room.", True), ("Right room.", False)]
    assert [pin.text for pin in told(story).notes] == ["Right room."]


def test_over_time_is_measured_from_the_planned_length_after_the_real_start():
    on_time = as_planned()
    late_start = Story().start("18:10").enter("18:15", 1).end("19:01")
    too_long = Story().start("18:02").enter("18:15", 1).end("18:58")

    assert not told(on_time).over_time
    assert (told(late_start).late_ms, told(late_start).over_time) == (MINUTE, False)
    assert (told(too_long).late_ms, told(too_long).over_time) == (6 * MINUTE, True)


def test_a_session_at_another_time_of_day_is_drawn_against_its_own_start():
    story = Story(scheduled_at="09:00").start("18:00").end("18:30")

    assert told(story).rows[0].planned[0] == clock("18:00")
    assert told(story).planned[0] == clock("09:00")


def test_after_reopening_the_time_between_belongs_to_nobody():
    story = Story().start().end("18:10").at("18:15").do(c.Reopen()).end("18:20")

    whole = told(story)

    assert whole.rows[0].pieces == ((clock("18:00"), clock("18:10")), (clock("18:15"), clock("18:20")))
    assert whole.net_ms == 15 * MINUTE


def test_a_session_that_never_began_has_no_time_and_no_row_run():
    whole = told(Story().doors().end("18:20"))

    assert whole.actual is None
    assert (whole.done, whole.net_ms, whole.late_ms) == (0, 0, 0)


DOING = PLAN_TEXT.replace(
    "Pick a mild urge\n",
    "Pick a mild urge\n\nDo (pairs, 2 rounds of 2 min): Read it out\n\nDo (go-round, 30 s each): One word\n",
)


def exercising() -> Story:
    return Story(text=DOING).start().enter("18:15", 2).at("18:20").do(c.StartExercise("x1"))


def told_of(story: Story) -> list[tuple[str, list[str]]]:
    return [(one.name, [words for _, words in one.told]) for one in done(story.live.plan, story.events)]


def test_an_exercise_is_told_in_words_from_its_start_to_its_stop():
    story = exercising().at("18:22").do(c.StepExercise("x1", 1)).at("18:24").do(c.StopExercise())

    (one,) = done(story.live.plan, story.events)

    assert (one.segment, one.name, one.reached) == (2, "Read it out (pairs)", "Round 2 of 2")
    assert (one.started_at, one.ended_at) == (clock("18:20"), clock("18:24"))
    assert [words for _, words in one.told] == ["Exercise started: Read it out", "Round 2 of 2", "Exercise stopped"]


def test_another_exercise_another_segment_and_the_end_stop_one_too():
    story = exercising().at("18:23").do(c.StartExercise("x2")).enter("18:25", 4).at("18:26").do(c.StartExercise("x2"))
    story.end("18:30")

    runs = done(story.live.plan, story.events)

    assert [(one.exercise.id, one.segment) for one in runs] == [("x1", 2), ("x2", 2), ("x2", 4)]
    assert [one.ended_at for one in runs] == [clock("18:23"), clock("18:25"), clock("18:30")]


def test_what_was_taken_back_did_not_happen():
    assert told_of(exercising().do(c.Undo())) == []
    for mistake in (c.StopExercise(), c.StartExercise("x2"), c.EnterSegment(3), c.StepExercise("x1", 1)):
        story = exercising().at("18:22").do(mistake, c.Undo()).at("18:23").do(c.StopExercise())
        assert told_of(story) == [("Read it out (pairs)", ["Exercise started: Read it out", "Exercise stopped"])]
