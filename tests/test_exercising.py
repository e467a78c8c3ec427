"""An exercise while a session runs: led by a person, never by the clock, and the same on every screen."""

from __future__ import annotations

import json

import pytest

from facilitator.curricula.exercises import FORMS, LONGEST_ITEM, LONGEST_TEXT, MOST_ITEMS
from facilitator.curricula.library import Library, PlanFile
from facilitator.curricula.model import Breath, Exercise, Kind, Part, Plan, Segment
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.exercise_view import for_console, for_room
from facilitator.realtime.live import Refused
from facilitator.realtime.screens import Door, Presence, phone_view, projector_view
from facilitator.realtime.state import MINUTE
from tests.engine import GUS, Story, going

ROOM = {
    "id", "part", "text", "private", "step", "steps", "timer", "item", "items", "labels", "columns", "most", "breath",
    "answer", "prompt",
}  # fmt: skip
DOOR = Door("CDF-GHJ", "group.example.org")


def refusal(story: Story, command: c.AnyCommand, by: c.Person | None = None) -> str:
    before = story.live
    with pytest.raises(Refused) as refused:
        story.do(command, by) if by else story.do(command)
    assert story.live == before
    return str(refused.value)


def doing(story: Story) -> tuple[str, int, int] | None:
    """The exercise, its step, and what the step has left in seconds."""
    now = story.live.exercise
    return (now.exercise, now.step, now.left(story.now) // 1000) if now else None


def test_an_exercise_is_started_led_step_by_step_and_stopped() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    assert doing(story) == ("x1", 0, 120)
    story.after(minutes=9)
    assert doing(story) == ("x1", 0, 0), "nothing advances by itself"
    story.do(c.StepExercise("x1", 1))
    assert doing(story) == ("x1", 1, 120)
    story.do(c.StopExercise())
    assert doing(story) is None


@pytest.mark.parametrize("again", [c.StartExercise("x1"), c.StepExercise("x1", 0)])
def test_a_double_tap_changes_nothing(again: c.AnyCommand) -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    assert story.after(seconds=1).do(again) == []
    assert doing(story) == ("x1", 0, 119)


def test_what_is_not_there_is_refused_in_words() -> None:
    story = going()
    assert story.do(c.StopExercise()) == []
    assert refusal(story, c.StartExercise("x9")) == "This plan has no such exercise."
    assert refusal(story, c.StepExercise("x1", 1)) == "This exercise is not running. Start it first."
    story.do(c.StartExercise("x1"))
    assert refusal(story, c.StepExercise("x2", 1)) == "This exercise is not running. Start it first."
    for step in (-1, 2):
        assert refusal(story, c.StepExercise("x1", step)) == "This exercise has no such step."
    assert refusal(story, c.StartExercise("x2"), GUS) == "Fern is running this. Take control?"
    story.do(c.Blank())
    for command in (c.StartExercise("x2"), c.StepExercise("x1", 1), c.StopExercise()):
        assert refusal(story, command) == "The screens are blank. Bring them back first."
    assert refusal(Story(), c.StartExercise("x1")) == "Start the session first."


def test_a_go_round_has_as_many_turns_as_there_are_people_and_not_thousands() -> None:
    story = going()
    story.do(c.StartExercise("x3"))
    story.do(c.StepExercise("x3", 59))
    assert doing(story) == ("x3", 59, 30)
    assert refusal(story, c.StepExercise("x3", 9_999)) == "This exercise has no such step."


def test_another_exercise_takes_the_place_of_the_one_that_runs() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    story.do(c.StartExercise("x2"))
    assert doing(story) == ("x2", 0, 0) and story.live.exercise and story.live.exercise.timer is None


def test_a_step_stands_and_runs_with_the_segments_timer() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    story.after(seconds=20).do(c.PauseTimer())
    story.after(minutes=5).do(c.ResumeTimer())
    assert doing(story) == ("x1", 0, 100)
    story.after(seconds=10).do(c.Blank())
    story.after(minutes=5).do(c.Unblank())
    assert doing(story) == ("x1", 0, 90)
    story.do(c.PauseTimer())
    story.do(c.StepExercise("x1", 1))
    assert doing(story) == ("x1", 1, 120)
    assert doing(story.after(minutes=1)) == ("x1", 1, 120)


def test_another_segment_and_the_end_stop_it() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    story.do(c.EnterSegment(0))
    assert doing(story) == ("x1", 0, 120), "this segment is no other"
    story.do(c.EnterSegment(1))
    assert doing(story) is None
    story.do(c.StartExercise("x1"))
    story.do(c.End())
    assert doing(story) is None
    story.do(c.Reopen())
    assert doing(story) is None


@pytest.mark.parametrize(
    ("last", "as_it_was"),
    [
        (c.StartExercise("x2"), ("x1", 1, 90)),
        (c.StepExercise("x1", 0), ("x1", 1, 90)),
        (c.StopExercise(), ("x1", 1, 90)),
        (c.EnterSegment(3), ("x1", 1, 90)),
    ],
)
def test_undo_brings_an_exercise_back_as_it_was(last: c.AnyCommand, as_it_was: tuple[str, int, int]) -> None:
    story = going()
    story.do(c.EnterSegment(2))
    story.do(c.StartExercise("x1"))
    story.do(c.StepExercise("x1", 1))
    story.after(seconds=30).do(last)
    undone = story.after(seconds=40).do(c.Undo())
    assert doing(story) == as_it_was and story.live.segment == 2
    assert story.live.exercised == ("x1",)
    assert all(event.undoes for event in undone)
    assert refusal(story, c.Undo()) == "There is nothing of yours to undo."


def test_undoing_a_start_stops_it() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    assert story.live.exercised == ("x1",)
    story.do(c.Undo())
    assert doing(story) is None and story.live.exercised == ()


def test_undo_reaches_no_exercise_that_a_colleague_has_led_on() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    story.do(c.TakeControl(), GUS)
    story.do(c.StepExercise("x1", 1), GUS)
    story.do(c.TakeControl())
    assert refusal(story, c.Undo()) == "There is nothing of yours to undo."


def test_starting_one_clears_the_screen_and_a_check_in_may_open_meanwhile() -> None:
    story = going()
    story.do(c.AskAloud("q1"))
    story.do(c.StartExercise("x4"))
    assert story.live.asked_aloud is None
    story.do(c.OpenCheckIn("q6"))
    phone = phone_view(story.live, Presence(), story.now)
    assert phone["exercise"]["id"] == "x4" and phone["exercise"]["prompt"] == "q6"
    assert (phone["check_in"]["exercise"], phone["check_in"]["sensitive"]) == ("x4", True)
    (opened,) = story.live.check_ins
    story.do(c.CloseCheckIn(opened))
    story.do(c.OpenCheckIn("q1"))
    assert phone_view(story.live, Presence(), story.now)["check_in"]["exercise"] is None


def test_projector_and_phone_see_the_same_and_nothing_while_the_screens_are_blank() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    views = [
        phone_view(story.live, Presence(), story.now)["exercise"],
        projector_view(story.live, Presence(), DOOR, story.now)["exercise"],
    ]
    assert views[0] == views[1] and set(views[0]) == ROOM
    assert views[0]["timer"] == {"planned_s": 120, "ends_at": story.now + 2 * MINUTE, "remaining_s": None}
    assert for_console(story.live) == {"id": "x1", "step": 0, "steps": 2, "timer": views[0]["timer"]}
    story.do(c.Blank())
    assert phone_view(story.live, Presence(), story.now)["exercise"] is None
    assert projector_view(story.live, Presence(), DOOR, story.now)["exercise"] is None
    assert for_console(story.live)


def test_a_quiz_shows_a_statement_and_only_then_its_answer() -> None:
    story = going()
    story.do(c.StartExercise("x2"))
    seen = []
    for step in range(4):
        story.do(c.StepExercise("x2", step))
        view = for_room(story.live)
        assert view and view["items"] == []
        seen.append((view["item"], view["answer"]))
    assert seen == [
        ("A wave falls by itself.", None),
        ("A wave falls by itself.", {"true": True, "why": "It takes minutes."}),
        ("Only the strong ride it.", None),
        ("Only the strong ride it.", {"true": False, "why": "It is a skill."}),
    ]


def one_of(exercise: Exercise) -> Story:
    """A session that runs this exercise."""
    plan = Plan("T98", "One", "both", "1.0", 30, (Segment("Do it", Kind.EXERCISE, 30, exercises=(exercise,)),))
    story = going(plan)
    story.do(c.StartExercise(exercise.id))
    return story


def test_what_is_led_comes_one_by_one_and_what_is_done_at_ones_own_pace_comes_whole() -> None:
    steps = one_of(Exercise("x1", Part.GROUNDING_STEPS, "Land", items=("Feet", "Hands"), each_s=40))
    steps.do(c.StepExercise("x1", 1))
    view = for_room(steps.live)
    assert view and (view["item"], view["items"], view["steps"]) == ("Hands", [], 2)
    sort = for_room(one_of(Exercise("x1", Part.SORT_CARDS, "Where?", items=("A", "B"), labels=("in", "out"))).live)
    assert sort and (sort["item"], sort["items"], sort["labels"], sort["private"]) == (
        None,
        ["A", "B"],
        ["in", "out"],
        False,
    )
    plan = for_room(one_of(Exercise("x1", Part.PLAN_BUILDER, "Mine", items=("Who", "When"))).live)
    assert plan and (plan["items"], plan["private"], plan["timer"]) == (["Who", "When"], True, None)
    pacer = for_room(one_of(Exercise("x1", Part.BREATHING_PACER, "With it", each_s=180, breath=Breath(4, 0, 6))).live)
    assert pacer and pacer["breath"] == {"in": 4, "hold": 0, "out": 6}
    play = one_of(Exercise("x1", Part.ROLE_PLAY, "Ask", items=("At work", "At home"), labels=("a", "b", "c"), rounds=3))
    play.do(c.StepExercise("x1", 2))
    view = for_room(play.live)
    assert view and view["item"] == "At work", "with more rounds than scenes, the first comes again"


def test_a_role_play_may_go_round_once_more_for_groups_of_four_and_no_further() -> None:
    roles = ("speaker", "listener", "observer")
    scenes = ("At work", "At home")
    play = one_of(Exercise("x1", Part.ROLE_PLAY, "Ask", items=scenes, labels=roles, rounds=3, each_s=60))
    play.do(c.StepExercise("x1", 3))
    view = for_room(play.live)
    assert view and (view["step"], view["steps"], view["item"]) == (3, 3, "At home")
    assert refusal(play, c.StepExercise("x1", 4)) == "This exercise has no such step."
    short = one_of(Exercise("x1", Part.ROLE_PLAY, "Ask", labels=roles, rounds=2, each_s=60))
    assert refusal(short, c.StepExercise("x1", 2)) == "This exercise has no such step."


@pytest.mark.parametrize("kept", Library().plans(), ids=lambda kept: kept.plan.id)
def test_every_step_of_every_exercise_of_the_library_is_a_small_view(kept: PlanFile) -> None:
    for segment, exercise in kept.plan.exercises():
        story = going(kept.plan)
        story.do(c.EnterSegment(segment))
        story.do(c.StartExercise(exercise.id))
        for step in range(exercise.steps or 2):
            story.do(c.StepExercise(exercise.id, step))
            for view in (phone_view(story.live, Presence(), 0), projector_view(story.live, Presence(), DOOR, 0)):
                assert len(json.dumps(view, separators=(",", ":"))) < 2_048, exercise.id


@pytest.mark.parametrize("part", Part)
def test_even_the_longest_exercise_of_each_part_makes_no_large_view(part: Part) -> None:
    form = FORMS[part]
    number = min(form.items[1], MOST_ITEMS)
    words = tuple(f"{index:02}{'x' * (LONGEST_ITEM - 2)}" for index in range(number))
    labels = tuple(f"{index}{'x' * 39}" for index in range(form.labels[1]))
    exercise = Exercise(
        "x1", part, "x" * LONGEST_TEXT, words, (True,) * number, words, labels, labels, most=3, rounds=2
    )
    story = one_of(exercise)
    if part is Part.QUIZ:
        story.do(c.StepExercise("x1", 1))
    for view in (phone_view(story.live, Presence(), 0), projector_view(story.live, Presence(), DOOR, 0)):
        assert len(json.dumps(view, separators=(",", ":"))) < 3_500, part


def test_the_log_says_what_was_done_by_whom_and_when() -> None:
    story = going()
    story.do(c.StartExercise("x1"))
    story.after(minutes=2).do(c.StepExercise("x1", 1))
    story.do(c.StopExercise())
    kinds = [(type(event), event.at, event.by) for event in story.log if "Exercise" in type(event).__name__]
    later = story.now
    assert kinds == [
        (e.ExerciseStarted, later - 2 * MINUTE, "fern"),
        (e.ExerciseStepped, later, "fern"),
        (e.ExerciseStopped, later, "fern"),
    ]
