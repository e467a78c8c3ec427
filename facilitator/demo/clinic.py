"""Makes the sample clinic: its people, and four weeks of sessions that were really run and written up."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from facilitator.demo.cast import ADA, GROUPS, SOL, STAFF, SampleGroup
from facilitator.demo.evenings import EVENINGS, Evening
from facilitator.demo.telling import Telling
from facilitator.house import open_database
from facilitator.people import groups
from facilitator.people import staff as people
from facilitator.people.passwords import Hashed
from facilitator.realtime.commands import Person
from facilitator.realtime.state import HOUR, MINUTE
from facilitator.realtime.store import plan_of
from facilitator.records import audit, notes
from facilitator.records.scheduling import Clinic, Wanted, schedule
from facilitator.settings import Settings
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession, Staff

# Always the same answers and the same wobbles, so that pictures of the clinic can be compared.
SEED = 44
DAY = 24 * HOUR
SET_UP_BEFORE = 30 * DAY
SCHEDULED_BEFORE = 2 * DAY
SIGNED_AFTER = 35 * MINUTE
READ_AFTER = 20 * HOUR
ADDED_AFTER = 26 * HOUR


@dataclass(frozen=True)
class Hired:
    """The clinic's people as they are stored: staff and groups by key, members' ids by first name in each group."""

    staff: Mapping[str, Staff]
    groups: Mapping[str, str]
    members: Mapping[str, Mapping[str, str]]


def make_clinic(settings: Settings, hashes: Mapping[str, Hashed], now: int) -> None:
    """Fill the new database that ``settings`` name. ``hashes`` are of the staff's passwords, by key; ``now`` is ms UTC.
    """
    random = Random(SEED)  # noqa: S311 - invented answers, nothing that nobody may guess
    with closing(open_database(settings)) as db:
        with db.write() as s:
            hired = _hire(s, hashes, now - SET_UP_BEFORE)
            for evening in EVENINGS:
                _hold(s, settings, hired, evening, now, random)


def _hire(s: Session, hashes: Mapping[str, Hashed], now: int) -> Hired:
    staff = {one.key: people.add_staff(s, one.email, one.name, one.role, hashes[one.key], now) for one in STAFF}
    for one in STAFF:
        audit.write(s, staff[ADA.key].id, "staff.added", staff[one.key].id, {"role": one.role}, now)
    gathered = {group.key: _gather(s, group, staff) for group in GROUPS}
    return Hired(
        staff,
        groups={key: group for key, (group, _) in gathered.items()},
        members={key: members for key, (_, members) in gathered.items()},
    )


def _gather(s: Session, sample: SampleGroup, staff: Mapping[str, Staff]) -> tuple[str, dict[str, str]]:
    group = groups.add_group(s, sample.name, curriculum=sample.curriculum)
    for key in (*sample.leaders, SOL.key):
        groups.assign(s, group.id, staff[key].id)
    return group.id, {name.split()[0]: groups.add_member(s, group.id, name).id for name in sample.roster}


def _hold(
    s: Session, settings: Settings, hired: Hired, evening: Evening, now: int, random: Random
) -> None:
    """Schedule one evening, let it happen, and write it up."""
    zone = settings.time_zone
    day = datetime.fromtimestamp(now / 1000, zone).date() - timedelta(days=evening.days_ago)
    begins = datetime.combine(day, time(evening.hour), zone)
    begins_at = int(begins.timestamp() * 1000)
    leader = hired.staff[evening.leader]
    wanted = Wanted(
        hired.groups[evening.group.key],
        evening.plan,
        f"{day}",
        f"{begins:%H:%M}",
        co_facilitator=hired.staff[evening.co_leader].id if evening.co_leader else "",
    )
    clinic = Clinic((), zone, begins_at - SCHEDULED_BEFORE)
    session = schedule(s, leader, wanted, clinic).session
    person, members = Person(leader.id, leader.name), hired.members[evening.group.key]
    telling = Telling(evening, plan_of(session), settings, person, members, random)
    telling.tell(begins_at)
    telling.keep(s, session.id)
    notes.draft_at_end(s, session.id, telling.now)
    s.refresh(session)
    _write_up(s, session, leader, hired.staff[SOL.key], evening, telling, zone.key)


def _write_up(
    s: Session, session: GroupSession, leader: Staff, sol: Staff, evening: Evening, telling: Telling, zone: str
) -> None:
    after, ended = evening.afterwards, telling.now
    if after is None:
        return
    written = {"response": after.response, "incidents": "none"}
    if after.next_time:
        written["next"] = after.next_time
    signed_at, read_at = ended + SIGNED_AFTER, ended + READ_AFTER
    note = notes.save(s, session, leader, written, edition=0, seen=len(telling.log), now=signed_at)
    note = notes.sign(s, session, leader, edition=note.edition, time_zone=zone, now=signed_at)
    if after.returned:
        notes.give_back(s, session, sol, after.returned, edition=note.edition, now=read_at)
    if after.co_signed:
        notes.co_sign(s, session, sol, after.co_signed, edition=note.edition, now=read_at)
    if after.addendum:
        notes.add(s, session, leader, notes.Step.ADDENDUM, after.addendum, "", ended + ADDED_AFTER)
