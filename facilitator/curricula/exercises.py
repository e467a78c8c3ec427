"""An exercise called by a sentence: ``Do (pairs, 2 rounds of 3 min): Text``, with its items on the lines below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from facilitator.curricula.model import Breath, Exercise, Part, Prompt, PromptKind
from facilitator.curricula.problems import Problems, did_you_mean, short
from facilitator.curricula.text import Line, plain
from facilitator.curricula.times import LEAST_S, MOST_S, time_words

LONGEST_LINE = 500
LONGEST_TEXT = 120
LONGEST_ITEM = 160
LONGEST_LABEL = 40
MOST_ITEMS = 12
# All of them together go to every phone with each change of the room.
MOST_CHARACTERS = 1200
MOST_ROUNDS = 6
SHAPES = (
    "It rose and fell",
    "It went down",
    "It stayed level",
    "It went up",
    "It went up and down",
    "I did something else",
)
WAVE_TEXT = "What shape was your wave?"
THOUGHT_BOXES = (
    "What happened",
    "The thought",
    "The feeling, 0 to 10",
    "What fits the thought",
    "What it leaves out",
    "A fairer thought",
    "The feeling now, 0 to 10",
)

_CALL = re.compile(r"do *\((?P<how>[^()]*)\) *:(?P<text>.*)", re.IGNORECASE)
_ATTEMPT = re.compile(r"\**do\** *\(", re.IGNORECASE)
_TIME = r"(?P<number>[0-9]{1,4}) ?(?P<unit>s|sec|second|seconds|min|minute|minutes)"
_LASTS = re.compile(_TIME)
_EACH = re.compile(rf"{_TIME} each")
_ROUNDS = re.compile(rf"(?P<rounds>[0-9]{{1,2}}) rounds? of {_TIME}")
_BREATH = re.compile(r"(in|hold|out) ([0-9]{1,2})(?: ?s)?")
# Both ends of a ladder; a number begins no end, so that a time written wrongly is none.
_ENDS = re.compile(r"(?P<low>[^\W\d_].*?) to (?P<high>[^\W\d_].*)", re.IGNORECASE)
_SAID = re.compile(rf"{_TIME}\b", re.IGNORECASE)
_MOST = re.compile(r"(?:keep|top) ([0-9]{1,2})|([0-9]{1,2}) rungs")
_ANSWERED = "Write it like '- One bad night undoes a week. False: sleep evens out in time.'"
_ANSWER = re.compile(r"(?P<words>.*?[.!?:]?) +(?P<truth>True|False): *(?P<why>.+)")


@dataclass(frozen=True)
class Form:
    """How one part is written: an example, which settings it takes, which it must have, and how many items."""

    example: str
    takes: frozenset[str]
    needs: frozenset[str] = frozenset()
    items: tuple[int, int] = (0, 0)
    labels: tuple[int, int] = (0, 0)


def _form(
    example: str, takes: str = "", needs: str = "", items: tuple[int, int] = (0, 0), labels: tuple[int, int] = (0, 0)
) -> Form:
    needed = frozenset(needs.split())
    return Form(example, needed | frozenset(takes.split()), needed, items, labels)


FORMS: dict[Part, Form] = {
    Part.GO_ROUND: _form("Do (go-round, 60 s each): One word for today", needs="each"),
    Part.PAIRS: _form("Do (pairs, 2 rounds of 2 min): Read only your last line", needs="rounds"),
    Part.BREATHING_PACER: _form("Do (breathing pacer, in 4, out 6, 3 min): Breathe with it", needs="breath lasts"),
    Part.GROUNDING_STEPS: _form("Do (grounding steps, 40 s each): Land in this room", needs="each", items=(2, 12)),
    Part.BODY_SCAN: _form("Do (body scan, 30 s each): From the feet up", needs="each", items=(2, 12)),
    Part.URGE_WAVE: _form("Do (urge wave, 8 min): How strong is the pull now?", needs="lasts"),
    Part.SORT_CARDS: _form(
        "Do (sort cards, helps / gets in the way): Where would you put it?", items=(2, 12), labels=(2, 4)
    ),
    Part.SCENARIO_CARDS: _form(
        "Do (scenario cards, safe / risky): What could Sam do next?", takes="labels", items=(2, 12), labels=(2, 4)
    ),
    Part.RANK: _form("Do (rank, top 3): What would you miss first?", takes="most", items=(3, 12)),
    Part.LADDER: _form(
        "Do (ladder, 6 rungs, easiest to hardest): One step at a time",
        needs="most",
        takes="lasts ends",
        items=(0, 12),
    ),
    Part.DECISION_GRID: _form(
        "Do (decision grid, act on it / wait, now / later): What would each bring?", takes="lasts", labels=(2, 2)
    ),
    Part.WEEK_GRID: _form(
        "Do (week grid, morning / afternoon / evening): Place three good things",
        takes="lasts",
        items=(0, 12),
        labels=(1, 6),
    ),
    Part.VALUES_CARDS: _form("Do (values cards, keep 3): What matters to you?", needs="most", items=(4, 12)),
    Part.QUIZ: _form("Do (quiz): True or false?", items=(2, 10)),
    Part.ROLE_PLAY: _form(
        "Do (role-play, speaker / listener / observer, 3 rounds of 4 min): Ask for one small thing",
        needs="rounds",
        items=(0, 12),
        labels=(3, 3),
    ),
    Part.SILENT_WRITING: _form("Do (silent writing, 5 min): A line to a friend", needs="lasts", items=(0, 12)),
    Part.THOUGHT_RECORD: _form("Do (thought record, 8 min): One moment from this week", takes="lasts", items=(0, 12)),
    Part.PLAN_BUILDER: _form("Do (plan builder): My plan for Friday night", takes="lasts", items=(2, 12)),
}
_PARTS = {part.value: part for part in Part}


def is_exercise(line: Line) -> bool:
    """Whether a line is meant to call an exercise."""
    return _ATTEMPT.match(line.text.strip()) is not None


def wants_items(line: Line) -> bool:
    """Whether the exercise on ``line`` needs items on the lines below."""
    words = line.text[:LONGEST_LINE].partition("(")[2].partition(")")[0]
    part = _PARTS.get(words.partition(",")[0].strip().casefold())
    return part is not None and FORMS[part].items[0] > 0


def read_exercise(line: Line, items: Sequence[Line], exercise_id: str, problems: Problems) -> Exercise | None:
    """The exercise that ``line`` calls with the items below it, or None. Whatever is not understood is noted."""
    if len(line.text) > LONGEST_LINE:
        problems.add(line.number, f"This exercise is too long. Keep its words to {LONGEST_TEXT} characters.")
        return None
    match = _CALL.fullmatch(plain(line.text))
    if not match:
        problems.add(line.number, f"An exercise is written like '{FORMS[Part.PAIRS].example}'.")
        return None
    name, *settings = (" ".join(setting.split()) for setting in match["how"].split(","))
    part = _PARTS.get(name.casefold())
    if part is None:
        listed = ", ".join(_PARTS)
        sentence = f"There is no exercise {short(name)}. The exercises are: {listed}.{did_you_mean(name, _PARTS)}"
        problems.add(line.number, sentence)
        return None
    reader = _Reader(line.number, part, FORMS[part], problems)
    return reader.exercise(exercise_id, settings, match["text"].strip(), items)


def with_time(sentence: str, seconds: int) -> str:
    """``sentence``, which calls an exercise that has a time, with ``seconds`` as that time."""
    words = plain(sentence)
    match = _CALL.fullmatch(words)
    if not match:
        return sentence
    settings = match["how"].split(",")
    for place, setting in enumerate(settings):
        said = " ".join(setting.split()).casefold()
        if any(form.fullmatch(said) for form in (_LASTS, _EACH, _ROUNDS)):
            settings[place] = _SAID.sub(time_words(seconds), setting)
    start, end = match.span("how")
    return f"{words[:start]}{','.join(settings)}{words[end:]}"


def shape_prompt(exercise: Exercise, prompt_id: str) -> Prompt:
    """The question that an urge wave leads to: the shape alone, of a curve that stays on the phone."""
    return Prompt(prompt_id, WAVE_TEXT, PromptKind.CHOICE, options=SHAPES, sensitive=True)


@dataclass
class _Reader:
    line: int
    part: Part
    form: Form
    problems: Problems
    found: dict[str, object] = field(default_factory=dict)

    def exercise(self, exercise_id: str, settings: Sequence[str], text: str, lines: Sequence[Line]) -> Exercise | None:
        before = len(self.problems.found)
        exercise = Exercise(exercise_id, self.part, self.text(text))
        parted: list[tuple[str, ...]] = []
        for setting in settings:
            exercise = self.read(setting, exercise, parted)
        exercise = self.labelled(exercise, parted)
        missing = self.form.needs - self.found.keys()
        if missing and len(self.problems.found) == before:
            self.note()
        exercise = self.with_items(exercise, lines)
        return exercise if len(self.problems.found) == before else None

    def note(self, why: str = "") -> None:
        sentence = f"This exercise is written like '{self.form.example}'."
        self.problems.add(self.line, f"{why} {sentence}".strip())

    def text(self, text: str) -> str:
        if not text:
            self.problems.add(self.line, "This exercise has no words after the colon.")
        if len(text) > LONGEST_TEXT:
            self.problems.add(
                self.line, f"These words are too long for a screen. Keep them to {LONGEST_TEXT} characters."
            )
        return text

    def read(self, setting: str, exercise: Exercise, parted: list[tuple[str, ...]]) -> Exercise:
        words = setting.casefold()
        takes = self.form.takes
        if "/" in setting and self.form.labels[1]:
            parted.append(tuple(label.strip() for label in setting.split("/")))
            return exercise
        if "rounds" in takes and (match := _ROUNDS.fullmatch(words)):
            self.take("rounds", setting)
            return replace(exercise, rounds=self.within(match["rounds"], MOST_ROUNDS), each_s=self.seconds(match))
        if "each" in takes and (match := _EACH.fullmatch(words)):
            self.take("each", setting)
            return replace(exercise, each_s=self.seconds(match))
        if "lasts" in takes and (match := _LASTS.fullmatch(words)):
            self.take("lasts", setting)
            return replace(exercise, each_s=self.seconds(match))
        if "most" in takes and (match := _MOST.fullmatch(words)):
            self.take("most", setting)
            return replace(exercise, most=self.within(match[1] or match[2], MOST_ITEMS))
        if "ends" in takes and (match := _ENDS.fullmatch(setting)):
            self.take("ends", setting)
            return self.ends(match["low"], match["high"], exercise)
        if "breath" in takes and (match := _BREATH.fullmatch(words)):
            return self.breath(match[1], int(match[2]), exercise)
        if self.part is Part.WEEK_GRID and setting:
            parted.append((setting,))
            return exercise
        self.note(f"{short(setting)} is not understood here.")
        return exercise

    def take(self, name: str, setting: str) -> None:
        if name in self.found:
            self.note(f"{short(setting)} is one setting too many.")
        self.found[name] = setting

    def within(self, digits: str, most: int) -> int:
        if not 1 <= int(digits) <= most:
            self.problems.add(self.line, f"Write a number from 1 to {most} instead of {int(digits)}.")
        return int(digits)

    def seconds(self, match: re.Match[str]) -> int:
        seconds = int(match["number"]) * (1 if match["unit"].startswith("s") else 60)
        if not LEAST_S <= seconds <= MOST_S:
            self.problems.add(self.line, f"A time here is from {LEAST_S} s to {MOST_S // 60} min.")
        return seconds

    def breath(self, name: str, seconds: int, exercise: Exercise) -> Exercise:
        breath = exercise.breath or Breath(0, 0, 0)
        if not 1 <= seconds <= 12 or getattr(breath, "into" if name == "in" else name):
            self.note("Breathing in, holding and breathing out take from 1 to 12 seconds, each said once.")
        elif name == "hold" and breath.out:
            self.note("A hold comes after breathing in and before breathing out.")
        breath = replace(breath, **{"into" if name == "in" else name: seconds})
        if breath.into and breath.out:
            self.found["breath"] = breath
        return replace(exercise, breath=breath)

    def ends(self, low: str, high: str, exercise: Exercise) -> Exercise:
        if max(len(low), len(high)) > LONGEST_LABEL:
            self.problems.add(self.line, f"Keep the words for each end of the ladder to {LONGEST_LABEL} characters.")
        return replace(exercise, labels=(low, high))

    def labelled(self, exercise: Exercise, parted: Sequence[tuple[str, ...]]) -> Exercise:
        least, most = self.form.labels
        groups = 2 if self.part is Part.DECISION_GRID else 1
        optional = "labels" in self.form.takes
        if not most or (optional and not parted):
            return exercise
        fit = len(parted) == groups and all(least <= len(labels) <= most and all(labels) for labels in parted)
        if not fit:
            self.note("The choices are parted by / marks, and there are too few, too many or empty ones.")
            return exercise
        if any(len(label) > LONGEST_LABEL for labels in parted for label in labels):
            self.problems.add(self.line, f"Keep each of the choices to {LONGEST_LABEL} characters.")
        if any(len({label.casefold() for label in labels}) < len(labels) for labels in parted):
            self.problems.add(self.line, "One of the choices is there twice.")
        return replace(exercise, labels=parted[0], columns=parted[1] if groups == 2 else ())

    def with_items(self, exercise: Exercise, lines: Sequence[Line]) -> Exercise:
        least, most = self.form.items
        if not least <= len(lines) <= most:
            counted = f"{least} to {most} lines" if most else "no list of its own"
            where = " right under it, each with a dash and a space." if most else ". Put an empty line above this list."
            self.problems.add(self.line, f"'{self.part}' has {counted}{where}")
            return exercise
        if sum(len(line.text) for line in lines) > MOST_CHARACTERS and self.part is not Part.QUIZ:
            sentence = f"These lines are too long together. Keep them to {MOST_CHARACTERS} characters in all."
            self.problems.add(self.line, sentence)
        if self.part is Part.QUIZ:
            return self.answered(exercise, lines)
        items = [self.item(line, plain(line.text.strip()[1:])) for line in lines]
        if not items and self.part is Part.THOUGHT_RECORD:
            return replace(exercise, items=THOUGHT_BOXES)
        if self.part in (Part.VALUES_CARDS, Part.RANK) and exercise.most > len(items):
            self.problems.add(self.line, f"There are only {len(items)} lines, so nobody can take {exercise.most}.")
        return replace(exercise, items=tuple(items))

    def item(self, line: Line, words: str) -> str:
        if not words:
            self.problems.add(line.number, "This line has no words.")
        if len(words) > LONGEST_ITEM:
            self.problems.add(line.number, f"This line is too long for a card. Keep it to {LONGEST_ITEM} characters.")
        return words

    def answered(self, exercise: Exercise, lines: Sequence[Line]) -> Exercise:
        matches = [(line, _ANSWER.fullmatch(plain(line.text.strip()[1:]))) for line in lines]
        for line, match in matches:
            if not match:
                self.problems.add(line.number, _ANSWERED)
            elif len(match["why"]) > LONGEST_ITEM:
                self.problems.add(line.number, f"This reason is too long. Keep it to {LONGEST_ITEM} characters.")
        read = [(line, match) for line, match in matches if match]
        return replace(
            exercise,
            items=tuple(self.item(line, match["words"].strip()) for line, match in read),
            truths=tuple(match["truth"] == "True" for _, match in read),
            reasons=tuple(match["why"].strip() for _, match in read),
        )
