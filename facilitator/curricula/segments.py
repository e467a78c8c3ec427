"""One segment of a plan: its heading, the screen, the questions and the private lines, put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from facilitator.curricula.exercises import read_exercise, shape_prompt
from facilitator.curricula.headings import Heading
from facilitator.curricula.html import to_html
from facilitator.curricula.model import Cue, CueKind, Exercise, Part, Prompt, Segment
from facilitator.curricula.problems import Problems
from facilitator.curricula.questions import read_question
from facilitator.curricula.sorting import Question, Sorter, Spoken
from facilitator.curricula.text import Line, plain

# A screen holds six short lines. These are where a text stops being a screen at all.
MOST_LINES = 30
MOST_CHARACTERS = 1200
MOST_MARKS = 80
MOST_QUESTIONS = 8
MOST_EXERCISES = 3
MOST_CUES = 60
LONGEST_CUE = 2000

_NO_QUESTION = "'> Aloud:' says a question without phones, and this exercise asks none."
_OTHER_HEADING = re.compile(r"#{1,6}\s|#{3,}")


class Counted(NamedTuple):
    """How many questions and exercises of the plan stand above."""

    prompts: int = 0
    exercises: int = 0


@dataclass(frozen=True)
class Written:
    """A segment beside the lines that it was written in."""

    heading: Heading
    segment: Segment
    body: tuple[Line, ...]
    prompts: tuple[tuple[int, Prompt], ...]
    exercises: tuple[tuple[int, Exercise], ...]
    cues: tuple[tuple[int, Cue], ...]


def read_segment(heading: Heading, lines: Sequence[Line], above: Counted, problems: Problems) -> Written:
    """The segment under ``heading``; ``above`` numbers its questions and exercises. What is not understood is noted."""
    sorter = Sorter.of(lines, problems)
    prompts, exercises = _asked(sorter.questions, above, problems)
    cues = _cues(sorter.spoken, problems)
    body, html = render(sorter.body, heading.line, problems)
    segment = Segment(
        title=heading.title,
        kind=heading.kind,
        minutes=heading.minutes,
        body=body,
        html=html,
        prompts=tuple(prompt for _, prompt in prompts),
        exercises=tuple(exercise for _, exercise in exercises),
        cues=tuple(cue for _, cue in cues),
        silent="silent" in heading.options,
        chime="chime" in heading.options,
        no_timer="no timer" in heading.options,
        overtime_ok="overtime ok" in heading.options,
    )
    return Written(heading, segment, tuple(line for line in sorter.body if not line.blank), prompts, exercises, cues)


def render(lines: Sequence[Line], above: int, problems: Problems) -> tuple[str, str]:
    """The Markdown for the projector and its HTML; nothing when it is more than screens can hold, which is noted."""
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(line.text.rstrip() for line in lines).strip())
    for line in lines:
        if _OTHER_HEADING.match(line.text.lstrip()):
            problems.add(line.number, "Only a segment has a heading, with ##. Make this line **bold** instead.")
    if body.count("\n") >= MOST_LINES or len(body) > MOST_CHARACTERS:
        problems.add(above, "There are too many words below this line for a screen. Six short lines are enough.")
        return "", ""
    if _marks(body) > MOST_MARKS:
        problems.add(above, "There are too many * or _ below this line. Make a few words **bold**, no more.")
        return "", ""
    return body, to_html(body)


_Prompts = list[tuple[int, Prompt]]
_Exercises = list[tuple[int, Exercise]]


def _asked(
    questions: Sequence[Question], above: Counted, problems: Problems
) -> tuple[tuple[tuple[int, Prompt], ...], tuple[tuple[int, Exercise], ...]]:
    """The prompts and the exercises, each with its line, in reading order."""
    _note_too_many(questions, problems)
    prompts: _Prompts = []
    exercises: _Exercises = []
    for question in questions[: MOST_QUESTIONS + MOST_EXERCISES]:
        prompt_id = f"q{above.prompts + len(prompts) + 1}"
        aloud = plain(_checked(question.aloud, problems)) if question.aloud else ""
        if question.does:
            exercise_id = f"x{above.exercises + len(exercises) + 1}"
            exercise = read_exercise(question.line, question.options, exercise_id, problems)
            prompt = shape_prompt(exercise, prompt_id) if exercise and exercise.part is Part.URGE_WAVE else None
            if exercise:
                linked = replace(exercise, prompt=prompt.id if prompt else None)
                exercises.append((question.line.number, linked))
            if question.aloud and not prompt:
                problems.add(question.aloud.line, _NO_QUESTION)
        else:
            prompt = read_question(question.line, question.options, prompt_id, problems)
        if prompt:
            prompts.append((question.line.number, replace(prompt, aloud=aloud)))
    return tuple(prompts), tuple(exercises)


def _note_too_many(questions: Sequence[Question], problems: Problems) -> None:
    asking = [question for question in questions if not question.does]
    doing = [question for question in questions if question.does]
    if len(asking) > MOST_QUESTIONS:
        problems.add(asking[MOST_QUESTIONS].line.number, f"Ask at most {MOST_QUESTIONS} questions in a segment.")
    if len(doing) > MOST_EXERCISES:
        problems.add(doing[MOST_EXERCISES].line.number, f"Call at most {MOST_EXERCISES} exercises in a segment.")


def _cues(spoken: Sequence[Spoken], problems: Problems) -> tuple[tuple[int, Cue], ...]:
    if len(spoken) > MOST_CUES:
        problems.add(spoken[MOST_CUES].line, f"Write at most {MOST_CUES} lines for the facilitator in a segment.")
    return tuple((each.line, _cue(each.kind, each, problems)) for each in spoken[:MOST_CUES] if each.kind)


def _cue(kind: CueKind, spoken: Spoken, problems: Problems) -> Cue:
    before = len(problems.found)
    text = _checked(spoken, problems)
    return Cue(kind, text, to_html(text) if len(problems.found) == before else "")


def _checked(spoken: Spoken, problems: Problems) -> str:
    if not spoken.text:
        problems.add(spoken.line, "This line has no words after its label.")
    if len(spoken.text) > LONGEST_CUE:
        sentence = f"These words are too long to read in a session. Keep them to {LONGEST_CUE} characters."
        problems.add(spoken.line, sentence)
    if _marks(spoken.text) > MOST_MARKS:
        problems.add(spoken.line, "There are too many * or _ in these words. Make a few **bold**, no more.")
    return spoken.text


def _marks(words: str) -> int:
    return words.count("*") + words.count("_")
