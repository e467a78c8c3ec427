"""The eight past sessions: what was out of the ordinary in each. Everything else went as its plan says.

Each group goes through its curriculum from the beginning and in order, so that its arc can be read without jumps.

Segments are named by their kind, so that a plan may be rewritten without telling these stories anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from facilitator.curricula.model import Kind
from facilitator.demo.cast import HARBOR, LANTERN, MEADOW, SampleGroup


@dataclass(frozen=True)
class AskedToTalk:
    """Somebody pressed "I need to talk to someone" during a segment."""

    during: Kind
    name: str
    outcome: str


@dataclass(frozen=True)
class Afterwards:
    """What became of the note, once it was signed. A text that is empty did not happen."""

    response: str
    next_time: str = ""
    returned: str = ""
    co_signed: str = ""
    addendum: str = ""


@dataclass(frozen=True)
class Evening:
    """One past session. Minutes are whole; members are named by first name."""

    group: SampleGroup
    plan: str
    days_ago: int
    hour: int
    leader: str
    co_leader: str = ""
    starts_late: int = 0
    took: Mapping[Kind, int] = field(default_factory=dict)
    added: Mapping[Kind, int] = field(default_factory=dict)
    skipped: Mapping[Kind, str] = field(default_factory=dict)
    marks: Mapping[Kind, tuple[str, str]] = field(default_factory=dict)
    away: Mapping[str, str] = field(default_factory=dict)
    unmarked: tuple[str, ...] = ()
    guest: str = ""
    notes: Mapping[Kind, str] = field(default_factory=dict)
    asked_to_talk: AskedToTalk | None = None
    blanked: Kind | None = None
    paused: Kind | None = None
    # Opened although a tally could not be shown, as happens when somebody does not look.
    asked_anyway: tuple[Kind, ...] = ()
    forgot_to_end: bool = False
    afterwards: Afterwards | None = None


EVENINGS = (
    Evening(
        LANTERN,
        "T01",
        days_ago=28,
        hour=18,
        leader="fern",
        co_leader="theo",
        away={"Rosa": "late"},
        notes={
            Kind.TEACHING: "Good questions about what leaves the room. Said twice what we must pass on.",
            Kind.DISCUSSION: "“No phones but these” was the line they cared about most.",
        },
        afterwards=Afterwards(
            response="The group was careful at first and warmer after the exercise. Everybody spoke at least once.",
            next_time="Hang the agreements where all can read them.",
            co_signed="Clear and complete. Thank you.",
        ),
    ),
    Evening(
        HARBOR,
        "T01",
        days_ago=26,
        hour=10,
        leader="fern",
        starts_late=4,
        took={Kind.EXERCISE: 19, Kind.DISCUSSION: 19},
        added={Kind.DISCUSSION: 5},
        notes={Kind.DISCUSSION: "We took the time for every line. Nobody wanted to vote a line out."},
        afterwards=Afterwards(
            response="Lively and kind. The agreements took twice their time, and the group asked for it.",
            next_time="Begin with the agreements on the wall, in two minutes.",
            co_signed="Good judgement to stay with it. Tell them at the start when you end.",
        ),
    ),
    Evening(
        LANTERN,
        "T47",
        days_ago=21,
        hour=18,
        leader="fern",
        co_leader="theo",
        away={"Leon": "absent", "Pavel": "left_early"},
        notes={
            Kind.CHECK_IN: "Quieter than last week. Rain, and a long day for many.",
            Kind.EXERCISE: "Two found that they share the hardest hour of the week, and laughed about it.",
        },
        asked_to_talk=AskedToTalk(
            Kind.DISCUSSION, "Nuri", "Theo talked with them in the side room. They stayed until the end."
        ),
        afterwards=Afterwards(
            response="Most could name their hardest hour. Putting a person into it was hard for some.",
            co_signed="Well handled. The request and what was done are both in the record.",
            addendum="Nuri called the next morning to say that the talk had helped. No further step is needed.",
        ),
    ),
    Evening(
        HARBOR,
        "T47",
        days_ago=19,
        hour=10,
        leader="fern",
        away={"Hugo": "excused", "Ines": "absent"},
        guest="A peer worker in training",
        paused=Kind.EXERCISE,
        asked_anyway=(Kind.CHECK_IN,),
        notes={Kind.EXERCISE: "A delivery at the door. Paused, breathed, went on."},
        afterwards=Afterwards(
            response="The three rails landed. Two said that a message every day was new to them.",
            next_time="Ask who sent one message, and what came back.",
            co_signed="Thank you. For the first questions the room was too small; asking aloud would have worked.",
        ),
    ),
    Evening(
        LANTERN,
        "T02",
        days_ago=14,
        hour=18,
        leader="theo",
        co_leader="fern",
        away={"Mina": "excused"},
        blanked=Kind.EXERCISE,
        marks={Kind.EXERCISE: ("adapted", "Two rungs instead of five, because the room was restless")},
        notes={Kind.EXERCISE: "Somebody was startled by the siren outside. Calm screen for a minute, then on."},
        afterwards=Afterwards(
            response="Restless at first, and settled once the pens moved. Two said that a smaller step was a relief.",
            co_signed="Good use of the calm screen.",
        ),
    ),
    Evening(
        LANTERN,
        "T03",
        days_ago=7,
        hour=18,
        leader="fern",
        co_leader="theo",
        starts_late=6,
        took={Kind.TEACHING: 7, Kind.DISCUSSION: 5},
        marks={Kind.TEACHING: ("shortened", "We began late")},
        away={"Sami": "late", "Quinn": "late"},
        notes={Kind.EXERCISE: "Sorting the cards was loud and kind. Then six minutes of a good silence."},
        afterwards=Afterwards(
            response="Most found their risky hour at once. Going around it was easier to say than to plan.",
            next_time="Come back to taking someone along; we had no time for it.",
        ),
    ),
    Evening(
        HARBOR,
        "T02",
        days_ago=5,
        hour=10,
        leader="fern",
        away={"Hugo": "absent"},
        skipped={
            Kind.REVIEW: "Somebody came in upset about news from home",
            Kind.EXERCISE: "The group wanted to stay with what had happened",
        },
        took={Kind.DISCUSSION: 22},
        notes={Kind.DISCUSSION: "Stayed with what had happened. Everybody was steady at the end."},
        afterwards=Afterwards(
            response="The group was with one of its members for most of the hour, quietly and without advice.",
            returned="Please add what was agreed with the person afterwards, and whether anybody was told.",
        ),
    ),
    Evening(
        MEADOW,
        "T01",
        days_ago=2,
        hour=17,
        leader="theo",
        away={"Celia": "left_early"},
        unmarked=("Dario",),
        asked_anyway=(Kind.DISCUSSION,),
        notes={Kind.CHECK_IN: "Four people: asked aloud. It went well."},
        forgot_to_end=True,
        afterwards=None,
    ),
)
