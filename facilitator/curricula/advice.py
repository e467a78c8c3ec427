"""Advice on a plan that can be run: what a room, a reader or a supervisor would stumble over. Nothing here stops it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from facilitator.curricula.model import CueKind, Kind
from facilitator.curricula.parse import Reading
from facilitator.curricula.problems import Problem
from facilitator.curricula.segments import Written
from facilitator.curricula.text import Line

# What can be read from the back of a room six metres deep.
SCREEN_LINES = 6
SCREEN_CHARACTERS = 60
# What can be said in one breath.
SPOKEN_WORDS = 40

_SENTENCE_ENDS = ".!?…"
_DANGER = (
    r"suicid\w*|self[- ]harm\w*|overdos\w+|weapons?|violen\w+|abus\w+"
    r"|(?:hurt|harm|kill)(?:ing)? (?:your|my|them|him|her|one)sel\w+"
)
_RISK = re.compile(rf"\b(?:{_DANGER}|relaps\w+|withdrawal)", re.IGNORECASE)
# What nobody may learn from a mixed answer: it cannot be told whose it was, so nobody can be reached.
_IN_PRIVATE = re.compile(rf"\b(?:{_DANGER}|want(?:ed)? to die|better off dead|substance use)", re.IGNORECASE)
_UNSHOWN = (
    (re.compile(r"!\[[^\[\]]*\]\("), "Pictures are not shown."),
    (re.compile(r"(?<!!)\[[^\[\]]*\](?:\(|: )"), "Links are not shown. Write the words alone."),
    (re.compile(r"</?[A-Za-z][^<>]*>"), "The room would see these marks (<…>) as they are. Write plain words."),
    (re.compile(r"^\|.*\|"), "Tables are not shown. Write a list."),
    (re.compile(r"^(?:(?:[-=*_] ?){3,}|[`~]{3,}.*)$"), "The room would see this row of marks as it is."),
)


def advise(reading: Reading) -> list[Problem]:
    """What could be better, by line."""
    found = [*_about_settings(reading), *_about_length(reading), *_about_order(reading.segments)]
    found += _about_screen(reading.welcome)
    for written in reading.segments:
        found += [*_about_screen(written.body), *_about_asking(written), *_about_speech(written)]
        found += [*_about_exercises(written), *_about_safety(written)]
    return sorted(found)


def _about_settings(reading: Reading) -> Iterator[Problem]:
    front_matter = reading.front_matter
    for line in front_matter.cut:
        yield Problem(line, 'The words after # are left out. To keep them, put the setting in "double quotes".')
    if not front_matter.objectives:
        yield Problem(front_matter.line("id"), "There are no objectives. Say what people can do afterwards.")
    for name, what in (("sources", "where the facts come from"), ("licence", "whose words these are")):
        if not getattr(front_matter, name):
            yield Problem(front_matter.line("id"), f"There is no '{name}'. Say {what}.")


def _about_length(reading: Reading) -> Iterator[Problem]:
    added_up, said = reading.plan.minutes, reading.front_matter.minutes
    if said != added_up:
        sentence = f"The segments add up to {added_up} min, but the length is {said} min. The segments decide."
        yield Problem(reading.front_matter.line("length"), sentence)


def _about_order(segments: Sequence[Written]) -> Iterator[Problem]:
    closing = [written.segment.kind is Kind.CLOSING for written in segments]
    if not any(closing):
        yield Problem(segments[-1].heading.line, "There is no Closing. Nobody should leave from the middle of a topic.")
    elif not closing[-1]:
        yield Problem(segments[-1].heading.line, "The Closing is not the last segment.")


def _about_screen(lines: Sequence[Line]) -> Iterator[Problem]:
    if len(lines) > SCREEN_LINES:
        sentence = f"There are {len(lines)} lines on this screen. From the chairs, {SCREEN_LINES} can be read."
        yield Problem(lines[SCREEN_LINES].number, sentence)
    for line in lines:
        if len(line.text.strip()) > SCREEN_CHARACTERS:
            yield Problem(line.number, "This line is long for a screen. About 40 characters are easy to read.")
        yield from (Problem(line.number, sentence) for form, sentence in _UNSHOWN if form.search(line.text.strip()))


def _about_asking(written: Written) -> Iterator[Problem]:
    for number, prompt in written.prompts:
        if not prompt.aloud:
            yield Problem(number, "There is no '> Aloud:' line: how to ask this without phones.")
        if match := _IN_PRIVATE.search(" ".join((prompt.text, *prompt.options))):
            sentence = "Nobody can tell whose answer it is, so nobody can help. Ask this in private instead."
            yield Problem(number, f"'{match[0]}' comes up in this question. {sentence}")


def _about_exercises(written: Written) -> Iterator[Problem]:
    seconds = sum(exercise.total_s for _, exercise in written.exercises)
    if seconds > written.segment.minutes * 60:
        minutes = ceil(seconds / 60)
        sentence = f"The exercises here take {minutes} min, and the segment has {written.segment.minutes} min."
        yield Problem(written.exercises[0][0], sentence)


def _about_speech(written: Written) -> Iterator[Problem]:
    for number, cue in written.cues:
        words = _longest_sentence(cue.text) if cue.kind is CueKind.SAY else 0
        if words > SPOKEN_WORDS:
            yield Problem(number, f"A sentence of {words} words is hard to say and to follow. Make it two.")


def _longest_sentence(text: str) -> int:
    """How many words the longest sentence has."""
    longest = words = 0
    for word in text.split():
        words += 1
        longest = max(longest, words)
        if _ends_sentence(word):
            words = 0
    return longest


def _ends_sentence(word: str) -> bool:
    """Whether there is a full stop behind the last letter of ``word``, which may be a row of thousands of them."""
    for character in reversed(word):
        if character in _SENTENCE_ENDS:
            return True
        if character.isalnum() or character == "_":
            return False
    return False


def _about_safety(written: Written) -> Iterator[Problem]:
    if any(cue.kind is CueKind.SAFETY for _, cue in written.cues):
        return
    for number, words in sorted(_all_words(written)):
        if match := _RISK.search(words):
            yield Problem(number, f"'{match[0]}' comes up here, and this segment has no '> Safety:' line.")
            return


def _all_words(written: Written) -> Iterable[tuple[int, str]]:
    yield written.heading.line, written.segment.title
    yield from ((line.number, line.text) for line in written.body)
    yield from ((number, cue.text) for number, cue in written.cues)
    yield from ((number, " ".join((prompt.text, *prompt.options))) for number, prompt in written.prompts)
    yield from ((number, " ".join((each.text, *each.items, *each.reasons))) for number, each in written.exercises)
