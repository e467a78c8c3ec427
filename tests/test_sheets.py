"""The drawings on the sheets of exercises: to scale, and of sensible size whatever a plan asks for."""

from __future__ import annotations

from facilitator.curricula.model import Breath, Exercise, Part
from facilitator.pages.sheets import HIGH, MOST_BREATHS, WIDE, chart, is_number, pacer, scenes, turns


def test_a_breath_is_drawn_up_level_and_down_to_scale_with_each_second_counted() -> None:
    drawn = pacer(Exercise("x1", Part.BREATHING_PACER, "Breathe", each_s=180, breath=Breath(4, 2, 6)))

    assert drawn.points == f"0.0,{HIGH} 53.3,0 80.0,0 160.0,{HIGH}"
    assert [count.words for count in drawn.counts] == ["1", "2", "3", "4", "1", "2", "1", "2", "3", "4", "5", "6"]
    assert [name.words for name in drawn.names] == ["in", "hold", "out"]
    assert drawn.breaths == 15
    assert all(0 <= count.x <= WIDE and 0 <= count.y <= HIGH for count in drawn.counts)


def test_a_breath_without_a_hold_goes_from_in_to_out_and_an_hour_of_them_is_not_dotted() -> None:
    drawn = pacer(Exercise("x1", Part.BREATHING_PACER, "Breathe", each_s=3_600, breath=Breath(4, 0, 6)))

    assert [name.words for name in drawn.names] == ["in", "out"]
    assert drawn.breaths == MOST_BREATHS


def test_a_wave_has_a_line_a_minute_and_names_every_fifth_when_there_are_many() -> None:
    short, long = (chart(Exercise("x1", Part.URGE_WAVE, "Now?", each_s=60 * minutes)) for minutes in (8, 45))

    assert [one.words for one in short.named] == ["0", "1", "2", "3", "4", "5", "6", "7", "8"]
    assert len(long.minutes) == 46
    assert [one.words for one in long.named][:3] == ["0", "5", "10"]
    assert short.minutes[-1] == long.minutes[-1] == WIDE


def test_a_wave_on_paper_has_the_minutes_that_phones_ask_for() -> None:
    lengths = (30, 80, 90, 150, 240)
    drawn = [len(chart(Exercise("x1", Part.URGE_WAVE, "Now?", each_s=seconds)).minutes) - 1 for seconds in lengths]

    assert drawn == [1, 1, 2, 3, 4]


def test_a_box_for_a_number_is_one_on_paper_wherever_it_is_one_on_phones() -> None:
    assert all(map(is_number, ("The feeling, 0 to 10", "How strong is it (0-10)?", "0\u201310: the pull now")))
    assert not any(map(is_number, ("What I do at 10", "From 0 to 100", "10 to 10")))


def test_a_role_play_has_a_scene_for_each_round_as_on_the_screen_and_the_others_to_choose() -> None:
    play = Exercise("x1", Part.ROLE_PLAY, "Ask", items=("Bus", "Desk", "Bike", "Dog"), labels=("a", "b", "c"), rounds=3)

    assert scenes(play) == (("Bus", "Desk", "Bike"), ("Dog",))


def test_in_a_role_play_everybody_moves_on_by_one() -> None:
    play = Exercise("x1", Part.ROLE_PLAY, "Ask", labels=("speaker", "listener", "observer"), rounds=3)

    assert turns(play) == [
        ("speaker", "listener", "observer"),
        ("listener", "observer", "speaker"),
        ("observer", "speaker", "listener"),
    ]
