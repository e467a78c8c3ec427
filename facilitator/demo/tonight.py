"""Tonight's session of the sample clinic: there is always one, a few minutes away or running."""

from __future__ import annotations

from datetime import datetime

from facilitator.demo.cast import FERN, LANTERN, THEO
from facilitator.house import House
from facilitator.people import staff as people
from facilitator.realtime.state import MINUTE
from facilitator.records.scheduling import Clinic, Wanted, groups_to_lead, schedule
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession

PLAN = "T04"
BEGINS_IN = 5 * MINUTE
GOES_ON = ("doors_open", "live")


def tonight(house: House, kept: str) -> GroupSession:
    """The session with the id ``kept``: as it is while it runs, a few minutes from now while it was never opened.

    When it has ended, or there is none, a new one.
    """
    now = house.clock()
    begins_at = (now + BEGINS_IN) // MINUTE * MINUTE
    with house.db.write() as s:
        session = s.get(GroupSession, kept)
        if session is not None and session.state in GOES_ON:
            return session
        if session is None or session.state != "scheduled":
            session = _schedule(s, house, begins_at)
        session.scheduled_at = begins_at
        s.add(session)
        return session


def _schedule(s: Session, house: House, begins_at: int) -> GroupSession:
    fern, theo = people.find(s, FERN.email), people.find(s, THEO.email)
    assert fern is not None and theo is not None
    group = next(group for group in groups_to_lead(s, fern) if group.name == LANTERN.name)
    begins = datetime.fromtimestamp(begins_at / 1000, house.settings.time_zone)
    wanted = Wanted(group.id, PLAN, f"{begins.date()}", f"{begins:%H:%M}", co_facilitator=theo.id)
    return schedule(s, fern, wanted, Clinic(house.library, house.settings.time_zone, house.clock())).session
