from __future__ import annotations

from facilitator.realtime import commands as c
from facilitator.records.attendance import Attendance, Attendee, attendance
from tests.story import Story, as_planned, clock

MINUTE = 60_000
# The plan's break is from 18:35 to 18:40: it never counts.
TIMES = ("18:05", "18:15", "18:35", "18:40", "18:45")


def told(story: Story) -> Attendance:
    return attendance(story.live, story.events, story.now)


def ada(story: Story) -> Attendee:
    return told(story).people[0]


def running(story: Story, until: str) -> Story:
    for segment, time in enumerate(TIMES, start=1):
        if time <= until:
            story.enter(time, segment)
    return story


def test_somebody_present_was_there_from_start_to_end_without_the_break():
    person = ada(as_planned())

    assert person.stays == ((clock("18:00"), clock("18:50")),)
    assert (person.label, person.net_ms) == ("Present", 45 * MINUTE)


def test_somebody_late_came_when_they_were_marked():
    story = running(Story().start(), "18:05").mark("18:12", "ada", "late")

    person = ada(running(story, "18:45").end("18:50"))

    assert person.stays == ((clock("18:12"), clock("18:50")),)
    assert person.net_ms == 33 * MINUTE


def test_somebody_who_left_early_went_when_they_were_marked():
    story = Story().start().mark("18:01", "ada", "present").mark("18:20", "ada", "left_early").end("18:50")

    assert ada(story).stays == ((clock("18:00"), clock("18:20")),)
    assert ada(story).label == "Left early"


def test_late_and_left_early_is_the_time_between():
    story = Story().start().mark("18:08", "ada", "late").mark("18:20", "ada", "left_early").end("18:50")

    assert ada(story).stays == ((clock("18:08"), clock("18:20")),)


def test_a_real_gap_reads_in_and_out():
    story = Story().start().mark("18:01", "ada", "present").mark("18:10", "ada", "left_early")
    story.mark("18:25", "ada", "present").end("18:50")

    assert ada(story).stays == ((clock("18:00"), clock("18:10")), (clock("18:25"), clock("18:50")))
    assert ada(story).label == "In and out"


def test_somebody_back_within_ten_minutes_was_never_gone():
    story = Story().start().mark("18:01", "ada", "present").mark("18:10", "ada", "left_early")
    story.mark("18:19", "ada", "present").end("18:50")

    assert ada(story).stays == ((clock("18:00"), clock("18:50")),)


def test_tapping_through_the_marks_leaves_only_the_last():
    story = Story().start().at("18:20").do(c.MarkAttendance("ada", "present"), c.MarkAttendance("ada", "late"))
    story.at("18:20:02").do(c.MarkAttendance("ada", "left_early"), c.MarkAttendance("ada", "absent")).end("18:50")

    person = ada(story)

    assert (person.mark, person.stays, person.net_ms, person.here) == ("absent", (), 0, False)
    assert not person.corrected
    assert len(person.marks) == 4


def test_a_mark_taken_back_leaves_the_one_before_with_its_time():
    story = Story().start().mark("18:08", "ada", "late").mark("18:30", "ada", "left_early").do(c.Undo()).end("18:50")

    person = ada(story)

    assert person.mark == "late"
    assert person.stays == ((clock("18:08"), clock("18:50")),)
    assert [one.at for one in person.marks] == [clock("18:08")]


def test_a_first_mark_taken_back_leaves_nothing():
    story = Story().start().mark("18:08", "ada", "late").do(c.Undo()).end("18:50")

    assert (ada(story).mark, ada(story).marks) == ("", ())


def test_somebody_marked_absent_who_then_came_was_late():
    story = Story().start().mark("18:05", "ada", "absent").mark("18:15", "ada", "late").end("18:50")

    assert ada(story).stays == ((clock("18:15"), clock("18:50")),)
    assert ada(story).corrected


def test_nobody_is_guessed():
    story = Story().start().mark("18:01", "bo", "present").end("18:50")

    everybody = told(story)

    assert [person.name for person in everybody.unmarked] == ["Ada", "Carmen", "Devraj"]
    assert (everybody.here, everybody.expected) == (1, 4)


def test_late_marked_after_the_end_has_no_time():
    story = Story().start().end("18:50").mark("18:55", "ada", "late").mark("18:56", "bo", "present")

    person, bo = told(story).people[:2]

    assert (person.timed, person.stays, person.here) == (False, (), True)
    assert bo.stays == ((clock("18:00"), clock("18:50")),)


def test_marks_from_before_the_start_count_from_the_start():
    story = Story().at("17:55").doors().mark("17:56", "ada", "present").mark("17:57", "bo", "late").at("18:00")
    story.do(c.Start()).end("18:50")

    assert [person.stays for person in told(story).people[:2]] == [((clock("18:00"), clock("18:50")),)] * 2


def test_a_guest_is_counted_beside_the_roster_and_one_entered_in_error_is_gone():
    story = Story().start().do(c.AddGuest("Kim", "kim")).do(c.AddGuest("Lee", "lee"), c.Undo()).end("18:50")

    everybody = told(story)

    assert [person.name for person in everybody.people if person.guest] == ["Kim"]
    assert (everybody.guests, everybody.expected, everybody.here) == (1, 4, 0)


def test_nobody_was_in_a_session_that_never_began():
    story = Story().doors().mark("18:01", "ada", "present").end("18:20")

    assert (ada(story).stays, ada(story).net_ms, ada(story).timed) == ((), 0, True)
