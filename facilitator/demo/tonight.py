"""Tonight's session of the sample clinic: there is always one, a few minutes away or running.

Its plan is the one that comes next in the group's curriculum.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from facilitator.demo.cast import FERN, LANTERN, THEO
from facilitator.demo.folder import NotADemo
from facilitator.house import House
from facilitator.people import staff as people
from facilitator.realtime.state import HOUR, MINUTE
from facilitator.records.group_arc import arc_of
from facilitator.records.scheduling import Clinic, Unschedulable, Wanted, clinicians, groups_to_lead, schedule
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession

# For a group that follows no curriculum and has not met.
PLAN = "T04"
BEGINS_IN = 5 * MINUTE
LATER, TRIED_FOR = 15 * MINUTE, 6 * HOUR
GOES_ON = ("doors_open", "live")


def tonight(house: House, kept: str) -> GroupSession:
    """The session with the id ``kept``: as it is while it runs, a few minutes from now while it was never opened.

    When it has ended, or there is none, a new one. Raises NotADemo.
    """
    begins_at = (house.clock() + BEGINS_IN) // MINUTE * MINUTE
    with house.db.write() as s:
        session = s.get(GroupSession, kept)
        if session is not None and session.state in GOES_ON:
            return session
        if session is not None and session.state == "scheduled":
            session.scheduled_at = begins_at
            return session
        return _schedule(s, house, begins_at)


def _schedule(s: Session, house: House, begins_at: int) -> GroupSession:
    """For the Lantern group if that can be: whoever tries the clinic out may have changed anything in it."""
    fern, theo = people.find(s, FERN.email), people.find(s, THEO.email)
    assert fern is not None and theo is not None
    groups = sorted(groups_to_lead(s, fern), key=lambda group: group.name != LANTERN.name)
    helper = theo.id if theo.id in {one.id for one in clinicians(s)} else ""
    clinic = Clinic(house.curricula, house.settings.time_zone, house.clock())
    for at in range(begins_at, begins_at + TRIED_FOR, LATER):
        begins = datetime.fromtimestamp(at / 1000, clinic.zone)
        for group in groups:
            suggested = arc_of(s, group, clinic).suggestion
            plan = suggested.plan if suggested else PLAN
            wanted = Wanted(group.id, plan, f"{begins.date()}", f"{begins:%H:%M}", co_facilitator=helper)
            with suppress(Unschedulable):
                session = schedule(s, fern, wanted, clinic).session
                # Once a year the clock shows this time twice, and the first was taken.
                session.scheduled_at = at
                return session
    raise NotADemo("In this sample clinic Fern leads no group any more. Make it anew with --fresh.")
