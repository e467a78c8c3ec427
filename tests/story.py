"""Sessions told as stories: real commands through the real engine, on a clock that is set by hand.

Times are written as the clinic's clock shows them ("18:02"), on one Tuesday in November.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

from facilitator.curricula.model import Plan
from facilitator.curricula.parse import parse_plan
from facilitator.realtime import commands as c
from facilitator.realtime import store, tally
from facilitator.realtime.events import Event
from facilitator.realtime.live import decide, evolve, scheduled
from facilitator.records.notes import draft_at_end
from facilitator.storage.tables import GroupSession
from tests.conftest import ZONE, Clinic

FERN = c.Person("fern", "Fern Alder")
JONAH = c.Person("jonah", "Jonah Pike")
ROSTER = (("ada", "Ada"), ("bo", "Bo"), ("carmen", "Carmen"), ("devraj", "Devraj"))

PLAN_TEXT = """---
id: T90
title: Riding out cravings
track: addiction
version: 1.1
length: 50 min
language: en
objectives:
  - Ride one urge without acting on it
  - Say where in the body an urge shows up
sources: our own words
licence: CC BY 4.0
---

Welcome. Sit where you have some room.

## Opening: Arrive and settle (5 min)

Feet on the floor

## Check-in: How I am arriving (10 min)

Ask (scale 0-10, none to the strongest I have felt, sensitive): Strongest craving today
> Aloud: "Keep your number to yourself."

Ask (choose one): Home practice since last time
- I did it
- I did some
- Not this time
> Aloud: "Answer inside your head."

## Exercise: Ride one small wave (20 min)

Pick a mild urge

## Break (5 min)

## Discussion: What did you notice? (5 min)

One word each

## Home practice: Surf one urge (5 min)

Ride one small urge. Write down when.
"""


def plan() -> Plan:
    """A plan of 50 minutes in six segments, with a break."""
    return parse_plan(PLAN_TEXT)


def clock(time: str, *, day: int = 24) -> int:
    """ "18:02" or "18:02:30" on a day of November 2026, in milliseconds UTC."""
    hours, minutes, *seconds = (int(part) for part in time.split(":"))
    return int(datetime(2026, 11, day, hours, minutes, *seconds, tzinfo=ZONE).timestamp() * 1000)


class Story:
    """One session and its log. Every method is a moment in it and gives the story back."""

    def __init__(
        self,
        *,
        scheduled_at: str = "18:00",
        day: int = 24,
        roster: Sequence[tuple[str, str]] = ROSTER,
        fern: c.Person = FERN,
        text: str = PLAN_TEXT,
    ) -> None:
        self.day = day
        self.text = text
        self.fern = fern
        self.now = clock(scheduled_at, day=day)
        self.live = scheduled(parse_plan(text), self.now)
        self.events: list[Event] = []
        self._roster = tuple(roster)
        self._ids = count(1)

    def at(self, time: str) -> Story:
        """Move the clock."""
        self.now = clock(time, day=self.day)
        return self

    def do(self, *commands: c.AnyCommand, by: c.Person | None = None) -> Story:
        """Give commands now, as Fern or somebody else."""
        for command in commands:
            self._happened(decide(self.live, command, self.now, by or self.fern))
        return self

    def doors(self) -> Story:
        """Open the doors."""
        return self.do(c.OpenDoors(self._roster))

    def start(self, time: str = "18:00") -> Story:
        """Open the doors and begin."""
        return self.at(time).doors().do(c.Start())

    def enter(self, time: str, segment: int) -> Story:
        """Go to a segment."""
        return self.at(time).do(c.EnterSegment(segment))

    def mark(self, time: str, member: str, mark: str) -> Story:
        """Mark somebody's attendance."""
        return self.at(time).do(c.MarkAttendance(member, mark))

    def note(self, time: str, text: str, by: c.Person | None = None) -> Story:
        """Write a private note."""
        return self.at(time).do(c.AddNote(text, f"note-{next(self._ids)}"), by=by)

    def asks_to_talk(self, time: str, name: str) -> Story:
        """A phone asks for staff. The request's id is the name in small letters."""
        self.at(time)._happened(decide(self.live, c.RaiseRequest(name.lower(), name), self.now))
        return self

    def check_in(self, prompt: str, answers: Sequence[object], newcomers: int | None = None) -> Story:
        """Ask a prompt, let phones answer, and close. ``newcomers``: as ``tally.count`` has it."""
        check_in, asked = f"check-in-{next(self._ids)}", self.live.plan.prompt(prompt)
        assert asked is not None
        self.do(c.OpenCheckIn(prompt, check_in, floor=5, sensitive_floor=7))
        floor = self.live.check_ins[check_in].floor
        return self.do(c.CloseCheckIn(check_in, tally.count(asked, answers, floor, newcomers)))

    def end(self, time: str) -> Story:
        """End the session."""
        return self.at(time).do(c.End())

    def left(self) -> Story:
        """Nobody presses End: two hours after its planned end, the clock does."""
        assert self.live.ends_by_itself_at is not None
        self.now = self.live.ends_by_itself_at
        self._happened(decide(self.live, c.EndByItself(), self.now))
        return self

    def _happened(self, events: list[Event]) -> None:
        for event in events:
            self.live = evolve(self.live, event)
        self.events += events


def as_planned(story: Story | None = None) -> Story:
    """A session that ran exactly as planned, everybody present."""
    story = (story or Story()).start()
    for member, _ in story.live.roster:
        story.mark("18:01", member, "present")
    for segment, time in enumerate(("18:05", "18:15", "18:35", "18:40", "18:45"), start=1):
        story.enter(time, segment)
    return story.end("18:50")


class Archive:
    """Stories made into stored sessions of the Tuesday group, as the hub stores them."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    def story(self, **how: Any) -> Story:
        """A story about the Tuesday group, led by Fern."""
        roster = [(member.id, member.name) for member in self.clinic.roster]
        fern = self.clinic.cast.fern
        return Story(roster=roster, fern=c.Person(fern.id, fern.name), **how)

    def keep(self, story: Story, **session: Any) -> GroupSession:
        """Store a session with the story's log, and its draft when the story ends it."""
        kept = self.clinic.session(text=story.text, at=story.live.scheduled_at, **session)
        self.go_on(kept, story)
        return kept

    def go_on(self, session: GroupSession, story: Story) -> None:
        """Store what happened in the story since."""
        with self.clinic.db.write() as s:
            stored = len(store.log_of(s, session.id))
            store.append(s, session.id, stored, story.events[stored:])
            store.set_state(s, session.id, story.live.state)
            if story.live.state == "ended":
                draft_at_end(s, session.id, story.now)
