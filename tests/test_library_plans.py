"""The 48 plans that come with the product: each has its minutes, can be run from end to end, and is in its own words.

Each plan is read once for the whole file.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import pytest

from facilitator.curricula.advice import advise
from facilitator.curricula.library import FOLDER
from facilitator.curricula.model import CueKind, Kind, Part, Plan, PromptKind
from facilitator.curricula.parse import Reading, read_plan
from facilitator.realtime.events import ExerciseStarted
from tests import plan_words
from tests.rehearsal import rehearse

TITLES = """
T01 Welcome and group agreements
T02 Goals that guide my week
T03 Mapping my triggers
T04 Riding out cravings
T05 Pause before impulse
T06 Early relapse warning signs
T07 My early warning signs (mood and thinking)
T08 Relapse prevention plan and slip response
T09 HALT and daily self-check
T10 Filling the free hours
T11 Alcohol: beliefs, risks, refusals
T12 Opioids and prescription medicines: staying alive, getting well
T13 Stimulants and the recovering brain
T14 Cannabis: looking at it honestly
T15 More than one substance: swaps and mixes
T16 Two minds about change
T17 Catching and testing thoughts
T18 Action before mood
T19 Worry, avoidance and small brave steps
T20 Living with uncertainty (intrusive thoughts, rituals)
T21 Steady rhythms for mood
T22 Safety in the present (trauma-informed)
T23 Grief and loss
T24 Naming what I feel
T25 Turning the volume down (emotion regulation)
T26 Getting through the worst hour (distress tolerance)
T27 Mindful attention and grounding
T28 Stress: what I carry, what I set down
T29 Better sleep
T30 Healthy habits and routines
T31 Anger: cues and a control plan
T32 Saying it clearly (assertive communication)
T33 Working through conflict
T34 Boundaries that hold
T35 Relationship patterns
T36 My support map (less alone)
T37 Guilt, shame and self-respect
T38 Questions for my prescriber
T39 Treatment, work, school and family
T40 Values and resilience
T41 Aftercare plan
T42 Open process group
T43 Family: understanding what we face
T44 Family: listening and speaking
T45 Family: boundaries and support without rescuing
T46 Family: our relapse and crisis plan
T47 First week home (step-down from higher care)
T48 Progress review and adjusting the plan
"""
# Track, minutes and kinds of exercise that each topic is made of.
TOPICS = """
T01 B | open5 chk8 edu14 ex16 dis10 hp3 cls4 | sort,go_round
T02 B | open3 chk8 rev5 edu10 ex18 dis9 hp3 cls4 | ladder,plan_builder
T03 A | open3 chk7 rev4 edu10 ex14 dis7 hp2 cls3 | sort,silent_write
T04 A | open3 chk8 rev5 edu12 ex18 dis7 hp3 cls4 | urge_wave,breath_pacer
T05 B | open3 chk8 rev6 edu11 ex17 dis8 hp3 cls4 | scenario_cards,decision_grid
T06 A | open5 chk12 rev8 edu15 ex20 dis18 hp5 cls7 | timeline,rank
T07 M | open3 chk8 rev5 edu12 ex16 dis9 hp3 cls4 | timeline,plan_builder
T08 A | open5 chk12 rev8 edu13 ex25 dis15 hp5 cls7 | plan_builder,role_play
T09 A | open3 chk8 rev5 edu8 ex13 dis8 hp2 cls3 | multi,week_grid
T10 A | open3 chk7 rev5 edu8 ex15 dis7 hp2 cls3 | week_grid,pairs
T11 A | open5 chk12 rev8 edu17 ex20 dis16 hp5 cls7 | quiz,role_play
T12 A | open5 chk10 rev6 edu25 ex18 dis14 hp5 cls7 | quiz,plan_builder
T13 A | open3 chk8 rev5 edu15 ex13 dis9 hp3 cls4 | timeline,poll_choice
T14 A | open3 chk8 rev5 edu13 ex15 dis9 hp3 cls4 | decision_grid,quiz
T15 A | open3 chk8 rev5 edu14 ex14 dis9 hp3 cls4 | scenario_cards,quiz
T16 B | open3 chk9 rev4 edu9 ex18 dis10 hp3 cls4 | decision_grid,ladder
T17 B | open3 chk8 rev6 edu12 ex17 dis7 hp3 cls4 | thought_record,pairs
T18 M | open3 chk8 rev6 edu11 ex18 dis7 hp3 cls4 | week_grid,rank
T19 M | open3 chk8 rev6 edu13 ex16 dis7 hp3 cls4 | ladder,sort
T20 M | open3 chk8 rev6 edu15 ex13 dis8 hp3 cls4 | scenario_cards,silent_write
T21 M | open3 chk8 rev6 edu12 ex17 dis7 hp3 cls4 | week_grid,timeline
T22 B | open7 chk10 rev6 edu15 ex22 dis15 hp5 cls10 | grounding_steps,sort
T23 B | open6 chk12 rev4 edu12 ex18 dis25 hp3 cls10 | silent_write,go_round
T24 B | open3 chk9 rev5 edu11 ex16 dis9 hp3 cls4 | multi,body_scan
T25 B | open3 chk8 rev6 edu12 ex17 dis7 hp3 cls4 | scenario_cards,breath_pacer
T26 B | open3 chk8 rev6 edu10 ex19 dis7 hp3 cls4 | grounding_steps,plan_builder
T27 B | open3 chk6 rev5 edu7 ex18 dis6 hp2 cls3 | grounding_steps,body_scan
T28 B | open3 chk8 rev6 edu11 ex17 dis8 hp3 cls4 | sort,breath_pacer
T29 B | open3 chk8 rev5 edu15 ex15 dis7 hp3 cls4 | quiz,week_grid
T30 B | open3 chk8 rev6 edu11 ex17 dis8 hp3 cls4 | week_grid,pairs
T31 B | open5 chk14 rev8 edu14 ex22 dis15 hp5 cls7 | ladder,plan_builder
T32 B | open5 chk10 rev8 edu13 ex28 dis15 hp4 cls7 | role_play,scenario_cards
T33 B | open5 chk10 rev8 edu14 ex27 dis15 hp4 cls7 | role_play,decision_grid
T34 B | open3 chk8 rev5 edu11 ex18 dis8 hp3 cls4 | scenario_cards,role_play
T35 M | open5 chk12 rev6 edu14 ex18 dis23 hp4 cls8 | timeline,silent_write
T36 B | open3 chk8 rev5 edu9 ex19 dis9 hp3 cls4 | sort,plan_builder
T37 B | open5 chk12 rev6 edu14 ex18 dis22 hp4 cls9 | silent_write,sort
T38 B | open3 chk6 rev3 edu14 ex12 dis7 hp2 cls3 | plan_builder,quiz
T39 B | open3 chk8 rev5 edu9 ex19 dis9 hp3 cls4 | week_grid,scenario_cards
T40 B | open3 chk8 rev5 edu9 ex19 dis9 hp3 cls4 | values_cards,pairs
T41 B | open5 chk10 rev8 edu10 ex32 dis13 hp5 cls7 | plan_builder,pairs
T42 B | open5 chk15 sup55 hp3 cls12 | go_round,poll_scale
T43 F | open6 chk10 edu24 ex18 dis20 hp4 cls8 | quiz,sort
T44 F | open6 chk10 rev6 edu14 ex28 dis16 hp4 cls6 | role_play,pairs
T45 F | open6 chk10 rev6 edu18 ex22 dis18 hp4 cls6 | scenario_cards,sort
T46 F | open6 chk12 rev8 edu18 brk10 ex34 dis18 hp5 cls9 | plan_builder,timeline
T47 B | open4 chk8 rev3 edu10 ex20 dis8 hp3 cls4 | week_grid,plan_builder
T48 B | open3 chk8 rev9 edu5 ex18 dis10 hp3 cls4 | ladder,silent_write
"""
TRACKS = {"A": "addiction", "M": "mental health", "B": "both", "F": "family"}
FOLDERS = {"addiction": "addiction", "mental health": "mental-health", "both": "both", "family": "family"}
PHASES = {
    "open": Kind.OPENING,
    "chk": Kind.CHECK_IN,
    "rev": Kind.REVIEW,
    "edu": Kind.TEACHING,
    "ex": Kind.EXERCISE,
    "dis": Kind.DISCUSSION,
    "sup": Kind.PROCESS,
    "hp": Kind.HOME_PRACTICE,
    "brk": Kind.BREAK,
    "cls": Kind.CLOSING,
}
PARTS = {
    "breath_pacer": {Part.BREATHING_PACER},
    "silent_write": {Part.SILENT_WRITING},
    "sort": {Part.SORT_CARDS},
    # A line in time is drawn as a plan whose boxes are its points, or as a ladder.
    "timeline": {Part.PLAN_BUILDER, Part.LADDER},
}
# These are asked, not done.
ASKED = {"multi": PromptKind.CHOICES, "poll_choice": PromptKind.CHOICE, "poll_scale": PromptKind.SCALE}
EASIEST, HARDEST = 6.0, 8.0
# What the safety lines of a topic cannot do without.
MUST_NAME = {
    "T08": "naloxone",
    "T11": "sudden|all at once",
    "T12": "naloxone",
    "T14": "voices",
    "T15": "naloxone",
    "T20": "trained",
    "T21": "clinician",
    "T22": "steps? out|go out|walk out|next door",
    "T26": "heart",
    "T29": "breath",
    "T33": "afraid|safe",
    "T46": "naloxone",
}
# What has one wording everywhere: fixed names of the product and of public help.
ALLOWED = ("i need to talk to someone",)


class Topic(NamedTuple):
    """A row of the table."""

    title: str
    track: str
    phases: tuple[tuple[Kind, int], ...]
    exercises: tuple[str, ...]


def _topics() -> dict[str, Topic]:
    titles = dict(line.split(" ", 1) for line in TITLES.strip().split("\n"))
    topics = {}
    for line in TOPICS.strip().split("\n"):
        head, phases, exercises = line.split(" | ")
        plan_id, track = head.split()
        topics[plan_id] = Topic(titles[plan_id], TRACKS[track], _phases(phases), tuple(exercises.split(",")))
    return topics


def _phases(words: str) -> tuple[tuple[Kind, int], ...]:
    found = (re.fullmatch(r"([a-z]+)([0-9]+)", word) for word in words.split())
    return tuple((PHASES[match[1]], int(match[2])) for match in found if match)


ALL = _topics()
FILES = {path.stem: path for path in sorted(FOLDER.rglob("*.md"))}


@cache
def reading(plan_id: str) -> Reading:
    """The plan beside its lines, read once."""
    return read_plan(FILES[plan_id].read_text(encoding="utf-8"), plan_id)


def plan_of(plan_id: str) -> Plan:
    return reading(plan_id).plan


def test_there_is_a_plan_for_every_topic() -> None:
    assert list(ALL) == [f"T{number:02}" for number in range(1, 49)]
    assert sorted(FILES) == sorted(ALL)


@pytest.mark.parametrize("plan_id", FILES)
def test_a_plan_has_the_minutes_and_the_exercises_of_its_topic(plan_id: str) -> None:
    plan, topic = plan_of(plan_id), ALL[plan_id]

    assert advise(reading(plan_id)) == []
    assert (plan.id, plan.title, plan.track) == (plan_id, topic.title, topic.track)
    assert FILES[plan_id].parent.name == FOLDERS[topic.track]
    assert tuple((segment.kind, segment.minutes) for segment in plan.segments) == topic.phases
    done = {exercise.part for _, exercise in plan.exercises()}
    asked = {prompt.kind for _, prompt in plan.prompts()}
    for name in topic.exercises:
        if name in ASKED:
            assert ASKED[name] in asked, name
        else:
            assert done & (PARTS[name] if name in PARTS else {_part(name)}), name


def _part(name: str) -> Part:
    return next(part for part in Part if part.value.replace("-", "_").replace(" ", "_") == name)


@pytest.mark.parametrize("plan_id", FILES)
def test_a_plan_has_everything_a_stranger_needs_to_run_it(plan_id: str) -> None:
    plan = plan_of(plan_id)
    cues = {(segment.kind, cue.kind) for segment in plan.segments for cue in segment.cues}

    assert plan.objectives and plan.sources and plan.licence == "CC BY 4.0" and plan.welcome_html
    assert len(plan.objectives) <= 4
    for segment in plan.segments:
        assert segment.html, segment.title
        if segment.kind is not Kind.BREAK:
            assert {CueKind.SAY, CueKind.CUE} <= {cue.kind for cue in segment.cues}, segment.title
    assert all(prompt.aloud for _, prompt in plan.prompts())
    assert {Kind.CHECK_IN, Kind.CLOSING} <= {plan.segments[index].kind for index, _ in plan.prompts()}
    for wanted in (CueKind.OPT_OUT, CueKind.REMOTE, CueKind.SAFETY, CueKind.HANDOUT):
        assert wanted in {kind for _, kind in cues}, wanted
    core = Kind.PROCESS if plan_id == "T42" else Kind.EXERCISE
    assert {(core, CueKind.OPT_OUT), (core, CueKind.SAFETY)} <= cues
    assert (Kind.HOME_PRACTICE, CueKind.HANDOUT) in cues


@pytest.mark.parametrize(("plan_id", "named"), MUST_NAME.items())
def test_what_can_go_wrong_with_a_topic_is_named(plan_id: str, named: str) -> None:
    lines = [cue.text for segment in plan_of(plan_id).segments for cue in segment.cues if cue.kind is CueKind.SAFETY]

    assert re.search(named, " ".join(lines), re.IGNORECASE), lines


@pytest.mark.parametrize("plan_id", FILES)
def test_a_plan_runs_from_start_to_end(plan_id: str) -> None:
    plan = plan_of(plan_id)

    live, log = rehearse(plan)

    assert live.state == "ended"
    assert {run.segment for run in live.runs} == set(range(len(plan.segments)))
    assert {one.prompt for one in live.check_ins.values()} == {prompt.id for _, prompt in plan.prompts()}
    run = [event.exercise for event in log if isinstance(event, ExerciseStarted)]
    assert run == [exercise.id for _, exercise in plan.exercises()]


@pytest.mark.parametrize("plan_id", FILES)
def test_a_plan_reads_at_grade_six_to_eight(plan_id: str) -> None:
    found = plan_words.ease(plan_words.running_words(plan_of(plan_id)))

    assert EASIEST <= round(found.grade, 1) <= HARDEST, found


def test_no_plan_says_what_another_says() -> None:
    runs = {plan_id: plan_words.runs(plan_words.own_words(plan_of(plan_id))) for plan_id in FILES}

    copied = [one for one in plan_words.shared(runs) if not any(words in one for words in ALLOWED)]

    assert copied == []


def test_what_is_copied_is_found() -> None:
    """The measures are tried on words that are known to be hard, and known to be copied."""
    hard = plan_words.ease(["The interdisciplinary consultation necessitated considerable organizational flexibility."])
    easy = plan_words.ease(["The cat sat on the mat. It was a good mat."])
    assert hard.grade > 20 and easy.grade < 2
    assert [plan_words.syllables(word) for word in ("chair", "notice", "walked", "table")] == [1, 2, 1, 2]
    run = "one two three four five six seven eight"
    found = {"T98": plan_words.runs([f"{run} nine", run]), "T99": plan_words.runs([run.title()])}
    assert list(plan_words.shared(found)) == [f"T98 and T99: {run}"]
