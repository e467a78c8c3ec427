"""What the console draws once, when the page is loaded: the plan with its cues and prompts, and the checks before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.curricula.model import Cue, CueKind, Plan, Prompt, PromptKind
from facilitator.pages.cues import Lines, by_kind
from facilitator.realtime.state import MINUTE
from facilitator.settings import Settings
from facilitator.storage.tables import ProgressNote

# Handouts are for print and have no heading here.
HEADINGS = {
    CueKind.SAY: ("Say", "message"),
    CueKind.CUE: ("Cue", "eye"),
    CueKind.SAFETY: ("Safety", "shield"),
    CueKind.OPT_OUT: ("Opt out", "half"),
    CueKind.REMOTE: ("Remote", "monitor"),
}
NOTE_WORDS = {
    "draft": "The last note of this group is a draft",
    "returned": "The last note of this group was returned",
    "signed": "The last note of this group is signed",
    "co-signed": "The last note of this group is signed and co-signed",
}


@dataclass(frozen=True)
class SegmentRow:
    """A segment as the console shows it. ``cues``: heading, icon and lines, one entry a kind; ``exercises``: titles."""

    title: str
    kind: str
    minutes: int
    planned_at: int
    prompts: int
    exercises: tuple[str, ...]
    cues: tuple[tuple[str, str, Lines], ...]


@dataclass(frozen=True)
class PromptRow:
    """A question that can be asked. ``answers`` says in words how phones answer it, if it is ``on_phones`` at all."""

    id: str
    text: str
    segment: int
    answers: str
    floor: int
    aloud: str
    sensitive: bool
    on_phones: bool


@dataclass(frozen=True)
class Check:
    """Something looked at before the doors open. None of it stops anybody."""

    good: bool
    words: str
    more: str = ""


def segments(plan: Plan, starts_at: int) -> list[SegmentRow]:
    """The plan's segments, each with the time at which it should begin."""
    rows = []
    for segment in plan.segments:
        rows.append(
            SegmentRow(
                title=segment.title,
                kind=segment.kind,
                minutes=segment.minutes,
                planned_at=starts_at,
                prompts=len(segment.prompts),
                exercises=tuple(exercise.text for exercise in segment.exercises),
                cues=tuple(_under_headings(segment.cues)),
            )
        )
        starts_at += segment.minutes * MINUTE
    return rows


def prompts(plan: Plan, settings: Settings) -> list[PromptRow]:
    """Every question of the plan, in reading order."""
    return [
        PromptRow(
            id=prompt.id,
            text=prompt.text,
            segment=index,
            answers=_answers(prompt, settings),
            floor=max(settings.floor, settings.sensitive_floor) if prompt.sensitive else settings.floor,
            aloud=prompt.aloud,
            sensitive=prompt.sensitive,
            on_phones=_is_on_phones(prompt, settings),
        )
        for index, prompt in plan.prompts()
    ]


def checks(plan: Plan, people: int, last_note: ProgressNote | None, settings: Settings) -> list[Check]:
    """What the house can look at by itself. ``people`` are expected; ``last_note`` is of the meeting before."""
    looked_at = [_reachable(settings), _enough_people(plan, people, settings)]
    if last_note is not None:
        looked_at.append(Check(last_note.status in ("signed", "co-signed"), NOTE_WORDS[last_note.status]))
    return looked_at


def to_do(plan: Plan) -> list[tuple[str, str, str]]:
    """What only a person can see to: a name, what to do, and a hint."""
    return [
        ("chairs", "Chairs in a circle, water, tissues", ""),
        ("paper", "Paper and pencils for people without a phone", ""),
        ("on-call", "You know who is on call, and they know you start", ""),
        ("safety", "You have read the safety lines", _safety_lines(plan)),
        ("door", "Sign on the door", ""),
    ]


def _under_headings(cues: Iterable[Cue]) -> Iterator[tuple[str, str, Lines]]:
    for kind, lines in by_kind(cues).items():
        if kind in HEADINGS:
            yield *HEADINGS[kind], lines


def _is_on_phones(prompt: Prompt, settings: Settings) -> bool:
    return prompt.kind is not PromptKind.WORDS or settings.wall_cards


def _answers(prompt: Prompt, settings: Settings) -> str:
    if not _is_on_phones(prompt, settings):
        return "Written answers are switched off here. Ask this one aloud."
    if prompt.kind is PromptKind.WORDS:
        return "A few words on a card. You read each one before the room does."
    if prompt.scale:
        scale = prompt.scale
        return f"{scale.low} ({scale.low_words}) to {scale.high} ({scale.high_words})"
    return " · ".join(prompt.options)


def _reachable(settings: Settings) -> Check:
    if settings.on_loopback:
        more = "Stop the server and start it with --host 0.0.0.0 to let phones in."
        return Check(False, f"Phones cannot open {settings.address}: it is this computer only", more)
    return Check(True, f"Phones open {settings.address}", "They must be in the same network as this address.")


def _enough_people(plan: Plan, people: int, settings: Settings) -> Check:
    floors = {prompt.floor for prompt in prompts(plan, settings) if prompt.on_phones}
    if not floors:
        return Check(True, "This plan asks nothing on phones")
    most = max(floors)
    more = f"With fewer phones than {most}, the console offers to ask aloud."
    if people >= most:
        return Check(True, f"{people} people are expected; a tally needs up to {most} answers")
    return Check(False, f"{people} people are expected, but some questions need {most} answers", more)


def _safety_lines(plan: Plan) -> str:
    number = sum(cue.kind is CueKind.SAFETY for segment in plan.segments for cue in segment.cues)
    return f"There {'is' if number == 1 else 'are'} {number} of them, under Read the cues." if number else ""
