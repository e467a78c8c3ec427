"""A session plan that calls all eighteen parts, three in each of its segments, in the order of ``PARTS``."""

from __future__ import annotations

from itertools import islice

from facilitator.curricula.model import Part
from facilitator.curricula.parse import parse_plan

CALLS = {
    Part.GO_ROUND: "Do (go-round, 60 s each): One word for how you arrive",
    Part.PAIRS: "Do (pairs, 2 rounds of 2 min): Say what helped you this week",
    Part.BREATHING_PACER: "Do (breathing pacer, in 4, hold 2, out 6, 3 min): Breathe with the circle, if it suits you",
    Part.GROUNDING_STEPS: """Do (grounding steps, 40 s each): Land in this room
- Feel both feet on the floor, and the floor that carries them
- Name five things that you can see
- Listen for the sound that is farthest away""",
    Part.BODY_SCAN: """Do (body scan, 30 s each): From the feet up
- The soles of your feet
- Your hands, and what they touch""",
    Part.URGE_WAVE: """Do (urge wave, 4 min): How strong is the pull now?
> Aloud: "What shape was your wave?\"""",
    Part.SORT_CARDS: """Do (sort cards, helps / gets in the way): Where would you put each card?
- Sleeping late
- Calling a friend
- An old playlist
- A walk after dinner
- The street behind the station
- Money in my pocket
- Telling one person how it is""",
    Part.SCENARIO_CARDS: """Do (scenario cards, safe / risky / not sure): What could Sam do next?
- Sam's cousin calls on Friday night. He says that everybody will be there.
- Sam cannot sleep, and the house is quiet.""",
    Part.RANK: """Do (rank, top 3): Which of these would you miss first?
- Sleep
- Company
- Money
- A clear head""",
    Part.LADDER: """Do (ladder, 5 rungs, calm to heated, 6 min): Easiest at the bottom
- Open the door
- Walk to the corner""",
    Part.DECISION_GRID: "Do (decision grid, act on it / wait, now / later): What would each of them bring?",
    Part.WEEK_GRID: """Do (week grid, morning / afternoon / evening): Place three good things in your week
- A walk
- A call""",
    Part.VALUES_CARDS: """Do (values cards, keep 2): Your Herzensangelegenheiten and Lebensgrundsaetze?
- Honesty
- Family
- Quiet
- Humor
- Courage""",
    Part.QUIZ: """Do (quiz): True or false?
- One bad night undoes a week. False: sleep evens out in time.
- A craving passes even if you do nothing. True: most of them fall within half an hour.""",
    Part.ROLE_PLAY: """Do (role-play, speaker / listener / observer, 3 rounds of 4 min): Ask for one small thing
- A ride home
- An hour alone""",
    Part.SILENT_WRITING: """Do (silent writing, 5 min): A line to a friend
- I want you to know
- These days I""",
    Part.THOUGHT_RECORD: "Do (thought record, 8 min): One moment from this week",
    Part.PLAN_BUILDER: """Do (plan builder): My plan for Friday night
- First sign that I notice
- Where I go
- Whom I call""",
}
PARTS = tuple(CALLS)
IDS = {part: f"x{number}" for number, part in enumerate(PARTS, 1)}
HEAD = """---
id: T98
title: All of them
track: both
version: 1.0
length: 60 min
language: en
objectives:
  - Try everything once
sources: our own words
licence: CC BY 4.0
---

Welcome.
"""


def _segments() -> str:
    calls = iter(CALLS.values())
    return "\n".join(
        f"## Exercise: Part {number} (9 min)\n\nAll together\n\n{joined}\n\n> Opt out: Rest.\n"
        for number, joined in ((number, "\n\n".join(islice(calls, 3))) for number in range(1, 7))
    )


PLAN = f"{HEAD}\n{_segments()}\n## Closing: One word (6 min)\n\nOne word each\n"
EXERCISES = {exercise.part: exercise for _, exercise in parse_plan(PLAN).exercises()}
PRIVATE = tuple(part for part in PARTS if part.private)
# The words of the step are the large ones, not those of the exercise.
BY_ITEM = frozenset({Part.GROUNDING_STEPS, Part.BODY_SCAN, Part.SCENARIO_CARDS, Part.QUIZ})


def large_words(part: Part, item: int = 0) -> str:
    """What stands in the large letters while an exercise is at this item."""
    exercise = EXERCISES[part]
    return exercise.items[item] if part in BY_ITEM else exercise.text
