"""A facilitator's sessions before they run: the desk, scheduling one, changing it, calling it off, reading its plan."""

from __future__ import annotations

from dataclasses import asdict, fields

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.pages import house, session_end
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.pages.plan_page import in_print, on_screen
from facilitator.people.access import Verb, leads_group, may, session_to_schedule
from facilitator.realtime.codes import shown
from facilitator.realtime.store import plan_of
from facilitator.records import agenda, editions, scheduling
from facilitator.records.local_time import local_clock, local_date
from facilitator.records.next_time import next_time
from facilitator.records.scheduling import AS_SCHEDULED, Clinic, Scheduled, Unschedulable, Wanted
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession, Staff

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
NOON, TONIGHT, EVENING = 12, 17, 18
MOST_EARLIER = 400
TWICE = "The clocks go back then, and this time comes twice. The session is at the first."

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def index() -> ResponseReturnValue:
    """Today first, then what waits, what comes and what was."""
    staff, clinic = me(), _clinic()
    with house().db.read() as s:
        desk = agenda.of_staff(s, staff, clinic.now, clinic.zone, shown=_earlier_wanted())
        leads = scheduling.groups_to_lead(s, staff)
    return render_template(
        "sessions/index.html",
        desk=desk,
        leads=leads,
        greeting=_greeting(clinic),
        name=staff.name.split()[0],
        now=clinic.now,
        part_of_day=_part_of_day,
        until=_until,
        step=agenda.EARLIER_SHOWN,
    )


@blueprint.get("/sessions/schedule")
def schedule() -> ResponseReturnValue:
    """The form for a new session, with a first guess at what is wanted."""
    clinic, staff = _clinic(), me()
    with house().db.read() as s:
        groups = scheduling.groups_to_lead(s, staff)
        asked_for = request.args.get("group", groups[0].id if len(groups) == 1 else "")
        if asked_for in {group.id for group in groups}:
            wanted = next_time(s, asked_for, staff.id, clinic)
        else:
            wanted = Wanted(date=local_date(clinic.now, clinic.zone).isoformat())
    guessed = asdict(wanted)
    return _schedule_form(Form(guessed | {"plan": request.args.get("plan", guessed["plan"])}))


@blueprint.post("/sessions/schedule")
def schedule_now() -> ResponseReturnValue:
    """Schedule a session, or say what is missing."""
    form = posted()
    try:
        with house().db.write() as s:
            scheduled = scheduling.schedule(s, me(), _wanted(form), _clinic())
    except Unschedulable as error:
        form.problems.update(error.problems)
        return _schedule_form(form), 422
    return _to(scheduled, "The session is scheduled.")


@blueprint.get("/sessions/<session_id>")
def show(session_id: str) -> ResponseReturnValue:
    """A session before its doors open. One that runs has its console, one that has ended its summary."""
    staff, now = me(), house().clock()
    with house().db.read() as s:
        session = session_to_schedule(s, staff, session_id)
        if session.state == "ended":
            return redirect(url_for(".ended", session_id=session_id), 303)
        if session.state in agenda.RUNNING:
            return redirect(url_for("console.show", session_id=session_id), 303)
        return render_template(
            "sessions/show.html",
            meeting=agenda.expected(s, session, now),
            facilitator=s.get_one(Staff, session.facilitator_id),
            co_facilitator=s.get(Staff, session.co_facilitator_id) if session.co_facilitator_id else None,
            leads=may(staff, session, Verb.LEAD),
            in_group=leads_group(s, staff, session.group_id),
            code=shown(session.join_code),
            address=house().settings.address,
        )


@blueprint.get("/sessions/<session_id>/change")
def change(session_id: str) -> ResponseReturnValue:
    """The form that changes a session before its doors open."""
    clinic = _clinic()
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
        if session.state != "scheduled":
            return redirect(url_for(".show", session_id=session_id), 303)
        as_it_is = Form(_as_it_is(s, session, clinic))
    return _change_form(session_id, as_it_is)


@blueprint.post("/sessions/<session_id>/change")
def change_now(session_id: str) -> ResponseReturnValue:
    """Change a session, or say what cannot be so."""
    form = posted()
    try:
        with house().db.write() as s:
            session = session_to_schedule(s, me(), session_id)
            changed = scheduling.change(s, me(), session, _wanted(form), _clinic())
    except Unschedulable as error:
        form.problems.update(error.problems)
        return _change_form(session_id, form), 422
    return _to(changed, "The session is changed.")


@blueprint.get("/sessions/<session_id>/cancel")
def cancel(session_id: str) -> ResponseReturnValue:
    """Ask once before a session is called off."""
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
        if session.state != "scheduled":
            return redirect(url_for(".show", session_id=session_id), 303)
        return render_template("sessions/cancel.html", meeting=agenda.expected(s, session, house().clock()))


@blueprint.post("/sessions/<session_id>/cancel")
def cancel_now(session_id: str) -> ResponseReturnValue:
    """Call a session off."""
    try:
        with house().db.write() as s:
            scheduling.cancel(s, me(), session_to_schedule(s, me(), session_id), house().clock())
    except Unschedulable as error:
        flash(str(error))
        return redirect(url_for(".show", session_id=session_id), 303)
    flash("The session is cancelled. Tell the group; the app tells nobody.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/sessions/<session_id>/plan")
def plan(session_id: str) -> ResponseReturnValue:
    """The plan as it is frozen into a session."""
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
    return on_screen(plan_of(session), session)


@blueprint.get("/sessions/<session_id>/plan/print")
def plan_print_out(session_id: str) -> ResponseReturnValue:
    """The plan of a session on paper, with its handouts."""
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
    return in_print(plan_of(session), session)


@blueprint.get("/sessions/<session_id>/ended")
def ended(session_id: str) -> ResponseReturnValue:
    """What happened, and what is still to be settled."""
    return session_end.page(session_id)


@blueprint.post("/sessions/<session_id>/ended")
def settle(session_id: str) -> ResponseReturnValue:
    """One of the summary's buttons, where its script does not run."""
    return session_end.settle(session_id)


def _clinic() -> Clinic:
    return Clinic(house().curricula, house().settings.time_zone, house().clock())


def _wanted(form: Form) -> Wanted:
    return Wanted(**{field.name: form.values.get(field.name, "") for field in fields(Wanted)})


def _to(scheduled: Scheduled, said: str) -> ResponseReturnValue:
    flash(f"{said} {TWICE}" if scheduled.twice else said)
    return redirect(url_for(".show", session_id=scheduled.session.id), 303)


def _schedule_form(form: Form) -> str:
    with house().db.read() as s:
        groups = scheduling.groups_to_lead(s, me())
        return render_template(
            "sessions/schedule.html",
            groups=[(group.id, group.name) for group in groups],
            plans=_plans(s),
            colleagues=_colleagues(s, me().id),
            zone=house().settings.time_zone.key,
            form=form,
            problems=form.problems,
        )


def _change_form(session_id: str, form: Form) -> str:
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
        kept = f"{session.plan_title}, version {session.plan_version}, as it was scheduled"
        newer = scheduling.newer_text(s, session)
        return render_template(
            "sessions/change.html",
            meeting=agenda.expected(s, session, house().clock()),
            plans=([(AS_SCHEDULED, kept)] if newer else []) + _plans(s),
            newer=newer,
            leaders=[(one.id, one.name) for one in scheduling.leaders_for(s, session)],
            colleagues=_colleagues(s),
            zone=house().settings.time_zone.key,
            form=form,
            problems=form.problems,
        )


def _as_it_is(s: Session, session: GroupSession, clinic: Clinic) -> dict[str, str]:
    return {
        "plan": AS_SCHEDULED if scheduling.newer_text(s, session) else session.plan_id,
        "date": local_date(session.scheduled_at, clinic.zone).isoformat(),
        "time": f"{local_clock(session.scheduled_at, clinic.zone):%H:%M}",
        "facilitator": session.facilitator_id,
        "co_facilitator": session.co_facilitator_id or "",
    }


def _plans(s: Session) -> list[tuple[str, str]]:
    return [(plan.id, f"{plan.id} {plan.title}, {plan.minutes} min") for plan in editions.on_shelf(s)]


def _colleagues(s: Session, but: str = "") -> list[tuple[str, str]]:
    return [("", "Nobody"), *((one.id, one.name) for one in scheduling.clinicians(s) if one.id != but)]


def _earlier_wanted() -> int:
    asked = request.args.get("earlier", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3):
        return agenda.EARLIER_SHOWN
    return max(agenda.EARLIER_SHOWN, min(int(asked), MOST_EARLIER))


def _greeting(clinic: Clinic) -> str:
    hour = local_clock(clinic.now, clinic.zone).hour
    return "Good morning" if hour < NOON else "Good afternoon" if hour < EVENING else "Good evening"


def _part_of_day(at: int) -> str:
    return "Tonight" if local_clock(at, house().settings.time_zone).hour >= TONIGHT else "Today"


def _until(at: int, now: int) -> str:
    """How far off a moment is, in words."""
    minutes = round(abs(at - now) / MINUTE_MS)
    if minutes == 0:
        return "now"
    hours, rest = divmod(minutes, 60)
    length = " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))
    return f"in {length}" if at > now else f"{length} ago"
