"""A facilitator's sessions before they run: the desk, scheduling one, changing it, calling it off, reading its plan."""

from __future__ import annotations

from dataclasses import asdict, fields

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from facilitator.curricula.fit import LENGTHS, CannotFit, Fitted
from facilitator.pages import house, session_end, the_clinic
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.pages.plan_page import in_print, on_screen
from facilitator.people.access import Verb, leads_group, may, session_to_schedule
from facilitator.realtime.codes import shown
from facilitator.realtime.store import plan_of
from facilitator.records import agenda, editions, scheduling
from facilitator.records.fitting import fit_of, length_of
from facilitator.records.group_arc import GroupArc, arc_of
from facilitator.records.local_time import local_clock, local_date
from facilitator.records.next_time import next_time
from facilitator.records.scheduling import AS_SCHEDULED, Clinic, Scheduled, Unschedulable, Wanted
from facilitator.storage.engine import Session
from facilitator.storage.tables import GroupSession, PlanEdition, Staff

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
NOON, TONIGHT, EVENING = 12, 17, 18
MOST_EARLIER = 400
LOOK = "look"
"""The button that shows what a length does to the plan, and saves nothing."""
CHOICES = [("", "As it is written"), *((str(length), f"{length} min") for length in LENGTHS)]

TWICE = "The clocks go back then, and this time comes twice. The session is at the first."

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def index() -> ResponseReturnValue:
    """Today first, then what waits, what comes and what was."""
    staff, clinic = me(), the_clinic()
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
    clinic, staff = the_clinic(), me()
    with house().db.read() as s:
        groups = scheduling.groups_to_lead(s, staff)
        asked_for = request.args.get("group", groups[0].id if len(groups) == 1 else "")
        group = next((one for one in groups if one.id == asked_for), None)
        wanted, arc = Wanted(date=local_date(clinic.now, clinic.zone).isoformat()), None
        if group:
            arc = arc_of(s, group, clinic)
            wanted = next_time(s, group.id, staff.id, clinic, arc.suggestion)
    asked = {name: request.args[name] for name in ("plan", "length") if name in request.args}
    return _schedule_form(Form(asdict(wanted) | asked), arc)


@blueprint.post("/sessions/schedule")
def schedule_now() -> ResponseReturnValue:
    """Schedule a session, or say what is missing; or only show what the plan is at this length."""
    form = posted()
    if LOOK in form.values:
        return _schedule_form(form)
    try:
        with house().db.write() as s:
            scheduled = scheduling.schedule(s, me(), _wanted(form), the_clinic())
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
    clinic = the_clinic()
    with house().db.read() as s:
        session = session_to_schedule(s, me(), session_id)
        if session.state != "scheduled":
            return redirect(url_for(".show", session_id=session_id), 303)
        asked = {name: request.args[name] for name in ("plan", "length") if name in request.args}
        as_it_is = Form(_as_it_is(s, session, clinic) | asked)
    return _change_form(session_id, as_it_is)


@blueprint.post("/sessions/<session_id>/change")
def change_now(session_id: str) -> ResponseReturnValue:
    """Change a session, or say what cannot be so; or only show what the plan is at this length."""
    form = posted()
    if LOOK in form.values:
        return _change_form(session_id, form)
    try:
        with house().db.write() as s:
            session = session_to_schedule(s, me(), session_id)
            changed = scheduling.change(s, me(), session, _wanted(form), the_clinic())
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


def _wanted(form: Form) -> Wanted:
    return Wanted(**{field.name: form.values.get(field.name, "") for field in fields(Wanted)})


def _to(scheduled: Scheduled, said: str) -> ResponseReturnValue:
    flash(f"{said} {TWICE}" if scheduled.twice else said)
    return redirect(url_for(".show", session_id=scheduled.session.id), 303)


def _schedule_form(form: Form, arc: GroupArc | None = None) -> str:
    """``arc``: that of the group in the form, where it is known already."""
    with house().db.read() as s:
        groups = scheduling.groups_to_lead(s, me())
        group = next((one for one in groups if one.id == form.values.get("group")), None)
        return render_template(
            "sessions/schedule.html",
            groups=[(group.id, group.name) for group in groups],
            plans=_plans(s),
            lengths=CHOICES,
            arc=arc or (arc_of(s, group, the_clinic()) if group else None),
            looked_at=_looked_at(editions.newest(s, form.values.get("plan", "")), form),
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
            lengths=CHOICES,
            looked_at=_looked_at(scheduling.chosen_edition(s, session, form.values.get("plan", "")), form),
            newer=newer,
            leaders=[(one.id, one.name) for one in scheduling.leaders_for(s, session)],
            colleagues=_colleagues(s),
            zone=house().settings.time_zone.key,
            form=form,
            problems=form.problems,
        )


def _looked_at(edition: PlanEdition | None, form: Form) -> Fitted | None:
    """The plan at the length that was chosen; None while no plan is. A length that cannot be is a problem."""
    try:
        return fit_of(edition, scheduling.read_length(form.values.get("length", ""))) if edition else None
    except CannotFit as error:
        form.problems["length"] = str(error)
    except ValueError:
        form.problems["length"] = scheduling.NO_SUCH_LENGTH
    return None


def _as_it_is(s: Session, session: GroupSession, clinic: Clinic) -> dict[str, str]:
    return {
        "plan": AS_SCHEDULED if scheduling.newer_text(s, session) else session.plan_id,
        "date": local_date(session.scheduled_at, clinic.zone).isoformat(),
        "time": f"{local_clock(session.scheduled_at, clinic.zone):%H:%M}",
        "facilitator": session.facilitator_id,
        "co_facilitator": session.co_facilitator_id or "",
        "length": str(length_of(session) or ""),
    }


def _plans(s: Session) -> list[tuple[str, str]]:
    plans = (kept.plan for kept in house().shelf.stock(s).plans)
    return [(plan.id, f"{plan.id} {plan.title}, {plan.minutes} min") for plan in plans]


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
