"""What each audience may see: exact lists, and nothing of a person on the wall or on a phone."""

from __future__ import annotations

import json

import pytest

from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.screens import Door, Presence, console_view, phone_view, projector_view
from tests.engine import FERN, GUS, MOOD, Story, going

DOOR = Door("CDF-GHJ", "group.example.org")
COMMON = {"rev", "server_now", "state", "timer", "blank", "check_in", "tally"}
PROJECTOR = COMMON | {
    "title", "welcome", "segment", "next", "hide_timer", "chime", "join", "join_shown", "asked", "exercise",
}  # fmt: skip
PHONE = COMMON | {"segment", "facilitator", "exercise", "planned_end"}
CHECK_IN = {
    "id", "prompt", "kind", "scale", "options", "most", "sensitive", "floor", "state", "progress", "enough",
}  # fmt: skip
ABSURD = ("Zebulon Quixote-Xylophone", "Ptolemy Wigglesworth", "Ondine Brackwater", "Barnaby Fizzwhistle")
TALLY = {"state": "shown", "bands": [{"label": "Low", "word": "about half", "staff": "4"}]}


def full_story() -> Story:
    """A session with a name or a private word in every place where one can be."""
    story = Story()
    story.do(c.OpenDoors(tuple((f"m{index}", name) for index, name in enumerate(ABSURD))))
    story.do(c.Start())
    story.do(c.MarkAttendance("m0", "present"))
    story.do(c.MarkAttendance("m1", "late"))
    story.do(c.AddGuest("Guinevere Underbarrow"))
    story.do(c.AddNote("Zebulon spoke of his sister."))
    story.do(c.RaiseRequest("r1", "Ptolemy by the window"), None)
    story.do(c.HandleRequest("r1", "Walked with Ondine"))
    story.do(c.MarkSegment(0, "shortened", "Barnaby came late"))
    opened = story.do(c.OpenCheckIn("q1"))[-1]
    assert isinstance(opened, e.CheckInOpened)
    story.do(c.CloseCheckIn(opened.check_in, TALLY))
    story.do(c.ShowTally(opened.check_in))
    return story


def test_the_projector_sees_exactly_what_is_listed() -> None:
    assert set(projector_view(full_story().live, Presence(), DOOR, 0)) == PROJECTOR
    blank = full_story()
    blank.do(c.Blank())
    assert set(projector_view(blank.live, Presence(), DOOR, 0)) == PROJECTOR


def test_a_phone_sees_exactly_what_is_listed() -> None:
    story = full_story()
    view = phone_view(story.live, Presence(), 0)
    assert set(view) == PHONE and view["planned_end"] == story.live.planned_end
    story.do(c.OpenCheckIn("q1"))
    check_in = phone_view(story.live, Presence(), 0, answered=True)["check_in"]
    assert set(check_in) == CHECK_IN | {"answered", "exercise"} and check_in["answered"] is True


@pytest.mark.parametrize(
    "private", [*ABSURD, "Guinevere", "sister", "window", "Walked with", "came late", "m0", "q1", "shortened"]
)
def test_no_name_note_request_or_mark_reaches_the_room(private: str) -> None:
    story = full_story()
    for view in (projector_view(story.live, Presence(9, 2), DOOR, 0), phone_view(story.live, Presence(9, 2), 0)):
        assert private not in json.dumps(view)


def test_who_asks_to_talk_changes_nothing_on_the_wall_or_on_any_phone() -> None:
    story = going()
    before = [projector_view(story.live, Presence(), DOOR, 0), phone_view(story.live, Presence(), 0)]
    story.do(c.RaiseRequest("r1", ""), None)
    story.after(minutes=10).do(c.EscalateRequests(), None)
    after = [projector_view(story.live, Presence(), DOOR, 0), phone_view(story.live, Presence(), 0)]
    assert [view | {"rev": 0} for view in after] == [view | {"rev": 0} for view in before]
    (request,) = console_view(story.live, Presence(), 0)["requests"]
    assert request == {"id": "r1", "name": "", "at": story.now - 600_000, "escalated_at": story.now, "outcome": None}


def test_a_blank_screen_is_told_nothing_else() -> None:
    story = full_story()
    story.do(c.OpenCheckIn("q1"))
    story.do(c.Blank())
    for view in (projector_view(story.live, Presence(), DOOR, 0), phone_view(story.live, Presence(), 0)):
        assert view["blank"] and not view["check_in"] and not view["tally"] and not view["segment"]


def test_the_room_reads_words_where_staff_read_counts() -> None:
    story = full_story()
    assert projector_view(story.live, Presence(), DOOR, 0)["tally"]["bands"] == [{"label": "Low", "word": "about half"}]
    assert console_view(story.live, Presence(), 0)["tally"]["bands"] == [{"label": "Low", "word": "4"}]


def test_a_card_reaches_the_room_only_approved_and_shown_and_staff_are_pushed_only_how_many() -> None:
    story = going()
    check_in = story.do(c.OpenCheckIn("q5"))[-1].check_in
    story.do(c.CloseCheckIn(check_in))
    waiting = Presence(cards={check_in: 6})
    story.do(c.ApproveCard("k1"))
    views = [view(story.live, waiting, story.now) for view in (console_view, phone_view)]
    views.append(projector_view(story.live, waiting, DOOR, story.now))
    assert "It passes" not in json.dumps(views)
    assert views[0]["check_ins"][0]["cards"] == {"waiting": 6, "approved": 1}
    story.do(c.ShowTally(check_in))
    room = projector_view(story.live, waiting, DOOR, story.now)["tally"]
    assert room == phone_view(story.live, waiting, story.now)["tally"]
    assert set(room) == {"check_in", "prompt", "state", "message", "bands", "cards"}
    assert (room["state"], room["bands"], room["cards"]) == ("shown", [], ["It passes"])
    assert set(console_view(story.live, waiting, story.now)["tally"]) == set(room) - {"cards"}


def test_staff_see_a_tally_before_the_room_does() -> None:
    story = full_story()
    story.do(c.HideTally())
    assert projector_view(story.live, Presence(), DOOR, 0)["tally"] is None
    view = console_view(story.live, Presence(), 0)
    assert view["tally"]["state"] == "shown" and view["shown"] is None


def test_an_open_check_in_shows_its_words_and_never_a_number_of_answers() -> None:
    story = going()
    story.do(c.OpenCheckIn("q1"))
    check_in = projector_view(story.live, Presence(8, 0, "most"), DOOR, 0)["check_in"]
    assert set(check_in) == CHECK_IN
    assert check_in["progress"] == "most" and check_in["enough"] is True
    assert check_in["scale"] == {"from": 0, "to": 10, "from_words": "very low", "to_words": "very good"}
    assert check_in["prompt"] == MOOD.text


def test_phones_are_told_before_answering_when_too_few_are_here() -> None:
    story = going()
    story.do(c.OpenCheckIn("q1"))
    assert phone_view(story.live, Presence(4), 0)["check_in"]["enough"] is False
    assert phone_view(story.live, Presence(5), 0)["check_in"]["enough"] is True


def test_a_prompt_asked_aloud_is_on_the_projector_and_on_no_phone() -> None:
    story = going()
    story.do(c.AskAloud("q1"))
    assert projector_view(story.live, Presence(), DOOR, 0)["asked"]["prompt"] == MOOD.text
    assert MOOD.text not in json.dumps(phone_view(story.live, Presence(), 0))


def test_the_console_lists_segments_with_planned_and_actual_minutes() -> None:
    story = going().after(minutes=4)
    story.do(c.EnterSegment(1))
    segments = console_view(story.live, Presence(), story.now)["segments"]
    assert [segment["planned_minutes"] for segment in segments] == [3, 7, 15, 5]
    assert [segment["actual_minutes"] for segment in segments] == [4, None, None, None]


def test_every_view_orders_itself_and_carries_its_clock() -> None:
    story = going()
    for view in (
        console_view(story.live, Presence(), 5),
        projector_view(story.live, Presence(), DOOR, 5),
        phone_view(story.live, Presence(), 5),
    ):
        assert view["rev"] == story.live.rev and view["server_now"] == 5
        assert set(view["timer"]) == {"planned_s", "ends_at", "remaining_s"}


def test_the_phone_names_the_facilitator_by_the_first_name_only() -> None:
    story = going()
    story.do(c.TakeControl(), c.Person("x", "Solveig Marchetti"))
    assert phone_view(story.live, Presence(), 0)["facilitator"] == "Solveig"


def test_the_console_says_who_leads_and_how_many_wait() -> None:
    story = going()
    story.do(c.Lock())
    view = console_view(story.live, Presence(phones=6, waiting=2), 0)
    assert view["controller"] == {"id": FERN.id, "name": FERN.name} and GUS.name not in json.dumps(view)
    assert (view["locked"], view["waiting"], view["phones"]) == (True, 2, 6)
