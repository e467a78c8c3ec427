"""What a step of an exercise is called, and what the button to the next one says. Pure."""

from __future__ import annotations

from facilitator.curricula.model import Exercise, Part
from facilitator.curricula.times import time_words

NAMES = {
    Part.PAIRS: "Round",
    Part.ROLE_PLAY: "Round",
    Part.GROUNDING_STEPS: "Step",
    Part.BODY_SCAN: "Place",
    Part.SCENARIO_CARDS: "Card",
}
NEXT = {
    Part.PAIRS: "Swap",
    Part.ROLE_PLAY: "Change roles",
    Part.GROUNDING_STEPS: "Next step",
    Part.BODY_SCAN: "Next place",
    Part.SCENARIO_CARDS: "Next card",
}
HELD = {
    Part.GO_ROUND: "Time to pass it on, when they are ready.",
    Part.PAIRS: "Time to swap, when they are ready.",
    Part.ROLE_PLAY: "Time to change roles, when they are ready.",
    Part.GROUNDING_STEPS: "Time for the next step, when they are ready.",
    Part.BODY_SCAN: "Time to move on, when they are ready.",
}
# How each one is done in a room without phones: the screen alone carries it, and a sheet of paper does the same.
WITHOUT_PHONES = {
    Part.GO_ROUND: "Pass one thing around. Whoever holds it speaks, or passes it on. The disc is on the screen.",
    Part.PAIRS: "Two chairs face to face. The screen shows the round; you say when to swap.",
    Part.BREATHING_PACER: "Everybody follows the circle on the screen, or your own slow count, or their own breath.",
    Part.GROUNDING_STEPS: "Read each step aloud once, slowly. Each is on the screen.",
    Part.BODY_SCAN: "Read each place aloud once, slowly. Each is on the screen.",
    Part.URGE_WAVE: "Say each minute aloud. People put a mark on the sheet for themselves, and join the marks.",
    Part.SORT_CARDS: "Read a card aloud, and wait. People tick the sheet, or cut the cards out and lay them down.",
    Part.SCENARIO_CARDS: "Read the scene aloud. It is on the screen, and on the sheet to cut out.",
    Part.RANK: "Everything is on the screen. People number the lines of the sheet.",
    Part.LADDER: "The sheet has the same ladder. Nobody shows it.",
    Part.DECISION_GRID: "The sheet has the same four boxes. Nobody shows them.",
    Part.WEEK_GRID: "The sheet has the same week. Nobody shows it.",
    Part.VALUES_CARDS: "People tick the sheet, or cut the cards out and keep some in their hand.",
    Part.QUIZ: "Read the statement aloud. People decide inside their head; then show the answer.",
    Part.ROLE_PLAY: "The screen says who becomes what. The sheet has a card for each role, and says how four do it.",
    Part.SILENT_WRITING: "Paper and a pencil do the same. Nobody collects it.",
    Part.THOUGHT_RECORD: "The sheet has the same boxes. Nobody collects it.",
    Part.PLAN_BUILDER: "The sheet has the same boxes. It goes home with the person.",
}
# A round more than a plan has, in which the fourth of a group has the role that is still missing.
FOURS = "groups of four"
OVER = "Time to come back, when they are ready."


def step_words(exercise: Exercise, step: int) -> str:
    """ "Round 1 of 2", "Statement 3 of 5"; "" for what has one step only."""
    if exercise.part is Part.GO_ROUND:
        return f"Turn {step + 1}"
    if exercise.part is Part.QUIZ:
        return f"{'Answer' if step % 2 else 'Statement'} {step // 2 + 1} of {len(exercise.items)}"
    if step >= exercise.steps:
        return f"Round {step + 1}, {FOURS}"
    return f"{NAMES[exercise.part]} {step + 1} of {exercise.steps}" if exercise.steps > 1 else ""


def next_words(exercise: Exercise, step: int) -> str:
    """What leads on from ``step``: "Swap", "Show the answer"; "" after the last."""
    if exercise.part is Part.GO_ROUND:
        return "Next turn"
    if step + 1 >= exercise.most_steps:
        return ""
    if step + 1 == exercise.steps:
        return f"Round {step + 2}, {FOURS}"
    if exercise.part is Part.QUIZ:
        return "Next statement" if step % 2 else "Show the answer"
    return NEXT[exercise.part]


def held_words(exercise: Exercise, step: int) -> str:
    """What the console says once the time of a step is over. Nothing advances by itself."""
    last = exercise.steps and step + 1 >= exercise.steps
    return OVER if last else HELD.get(exercise.part, OVER)


def length_words(exercise: Exercise) -> str:
    """ "2 rounds of 2 min", "40 s each"; "" for what takes as long as it takes."""
    return timed_words(exercise, time_words(exercise.each_s)) if exercise.each_s else ""


def timed_words(exercise: Exercise, time: str) -> str:
    """``time``, in words, as that of all its rounds, of each turn or step, or of the whole."""
    if exercise.part in (Part.PAIRS, Part.ROLE_PLAY):
        return f"{exercise.rounds} {'round' if exercise.rounds == 1 else 'rounds'} of {time}"
    return time if exercise.steps == 1 else f"{time} each"
