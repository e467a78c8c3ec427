"""Groups and their rosters: administrators look after them, those who lead a group read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from facilitator.pages import house, the_clinic
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import me
from facilitator.people import groups as people
from facilitator.people.access import Role, group_for, groups_of, leads_group
from facilitator.records import agenda, audit
from facilitator.records.group_arc import arc_of, curriculum_of
from facilitator.records.left_over import left_over
from facilitator.storage.engine import Session
from facilitator.storage.tables import Group, Member

NAME_IT = "Write the group's name."
FOLLOWS_NONE = "None: each topic is chosen freely"
WRITE_THE_NAME = "Write the name as it should stand on the roster."

blueprint = Blueprint("groups", __name__)


@blueprint.get("/groups")
def index() -> ResponseReturnValue:
    """The groups of whoever asks; for administrators and supervisors all of them."""
    with house().db.read() as s:
        rows = [(group, people.roster(s, group.id), people.leaders(s, group.id)) for group in groups_of(s, me())]
    return render_template("groups/index.html", rows=rows, manages=_manages())


@blueprint.get("/groups/<group_id>")
def show(group_id: str) -> ResponseReturnValue:
    """One group: its roster, who leads it, and for clinicians its sessions."""
    return _group(group_id, _new_form())


@blueprint.get("/groups/add")
def add() -> ResponseReturnValue:
    """The form for a new group."""
    return _add_form(_new_form())


@blueprint.post("/groups/add")
def add_now() -> ResponseReturnValue:
    """Make a new group, or say what is missing."""
    form = posted()
    name = form.line("name", "Name", longest=people.LONGEST_NAME, missing=NAME_IT)
    curriculum = _curriculum(form, left_out="")
    if not form.problems:
        with form.taking_problems(), house().db.write() as s:
            group = people.add_group(s, name, form.values.get("key", ""), curriculum)
            _trace(s, "group.added", group.id, name=group.name, curriculum=group.curriculum)
    if form.problems:
        return _add_form(form), 422
    flash(_said(group.name, "is ready for its people."))
    return redirect(url_for(".show", group_id=group.id), 303)


@blueprint.get("/groups/<group_id>/change")
def change(group_id: str) -> ResponseReturnValue:
    """What may be changed about a group: its name, who leads it, whether it meets."""
    return _change_form(group_id, Form({}))


@blueprint.post("/groups/<group_id>/name")
def rename(group_id: str) -> ResponseReturnValue:
    """Give a group another name."""
    form = posted()
    name = form.line("name", "Name", longest=people.LONGEST_NAME, missing=NAME_IT)
    said = "is the group's name now."
    return _changed(group_id, form, "renamed", lambda s: people.rename_group(s, group_id, name), said, name=name)


@blueprint.post("/groups/<group_id>/curriculum")
def follow(group_id: str) -> ResponseReturnValue:
    """Say which curriculum a group follows, or none."""
    form = posted()
    curriculum = _curriculum(form)
    said = "follows its curriculum from now on." if curriculum else "follows no curriculum now."
    return _changed(
        group_id,
        form,
        "curriculum_set",
        lambda s: people.follow(s, group_id, curriculum),
        said,
        curriculum=curriculum,
    )


@blueprint.post("/groups/<group_id>/leaders")
def assign(group_id: str) -> ResponseReturnValue:
    """Say who may schedule and lead a group."""
    wanted = request.form.getlist("leaders")

    def assign_them(s: Session) -> Group:
        for staff in people.leaders(s, group_id):
            if staff.id not in wanted:
                people.unassign(s, group_id, staff.id)
        for staff_id in wanted:
            people.assign(s, group_id, staff_id)
        return people.get_group(s, group_id)

    return _changed(
        group_id, posted(), "leaders_set", assign_them, "is saved.", leaders=sorted(set(wanted))
    )


@blueprint.post("/groups/<group_id>/switch-off")
def switch_off(group_id: str) -> ResponseReturnValue:
    """A group meets no more."""
    said = "is switched off. Its records stay."
    return _changed(group_id, posted(), "switched_off", lambda s: people.set_group_active(s, group_id, False), said)


@blueprint.post("/groups/<group_id>/switch-on")
def switch_on(group_id: str) -> ResponseReturnValue:
    """A group meets again."""
    said = "is switched on again."
    return _changed(group_id, posted(), "switched_on", lambda s: people.set_group_active(s, group_id, True), said)


@blueprint.post("/groups/<group_id>/members")
def add_member(group_id: str) -> ResponseReturnValue:
    """Put somebody on the roster."""
    form = posted()
    name = form.line("name", "Name", longest=people.LONGEST_NAME, missing=WRITE_THE_NAME)
    if not form.problems:
        with form.taking_problems(), house().db.write() as s:
            member = people.add_member(s, group_id, name, form.values.get("key", ""))
            _trace(s, "member.added", member.id, group=group_id)
    if form.problems:
        return _group(group_id, form), 422
    flash(_said(member.name, "is on the roster."))
    # Back to the field: people are mostly added one after another.
    return redirect(url_for(".show", group_id=group_id, _anchor="name"), 303)


@blueprint.get("/groups/<group_id>/members/<member_id>")
def member(group_id: str, member_id: str) -> ResponseReturnValue:
    """One name on a roster, and what may be changed about it."""
    return _member(group_id, member_id, Form({}))


@blueprint.post("/groups/<group_id>/members/<member_id>/name")
def rename_member(group_id: str, member_id: str) -> ResponseReturnValue:
    """Give a member another name."""
    form = posted()
    name = form.line("name", "Name", longest=people.LONGEST_NAME, missing=WRITE_THE_NAME)
    return _member_changed(
        group_id,
        member_id,
        form,
        "renamed",
        lambda s: people.rename_member(s, group_id, member_id, name),
        "is the name on the roster now.",
    )


@blueprint.post("/groups/<group_id>/members/<member_id>/take-off")
def take_off(group_id: str, member_id: str) -> ResponseReturnValue:
    """Take somebody off the roster. Earlier records keep them."""
    return _member_changed(
        group_id,
        member_id,
        posted(),
        "taken_off",
        lambda s: people.set_member_active(s, group_id, member_id, False),
        "is off the roster. Earlier records stay as they are.",
    )


@blueprint.post("/groups/<group_id>/members/<member_id>/put-back")
def put_back(group_id: str, member_id: str) -> ResponseReturnValue:
    """Put somebody back on the roster."""
    return _member_changed(
        group_id,
        member_id,
        posted(),
        "put_back",
        lambda s: people.set_member_active(s, group_id, member_id, True),
        "is on the roster again.",
    )


def _changed(
    group_id: str, form: Form, deed: str, alter: Callable[[Session], Group], said: str, **details: Any
) -> ResponseReturnValue:
    if not form.problems:
        with form.taking_problems(), house().db.write() as s:
            group = alter(s)
            _trace(s, f"group.{deed}", group.id, **details)
    if form.problems:
        return _change_form(group_id, form), 422
    flash(_said(group.name, said))
    return redirect(url_for(".show", group_id=group_id), 303)


def _member_changed(
    group_id: str, member_id: str, form: Form, deed: str, alter: Callable[[Session], Member], said: str
) -> ResponseReturnValue:
    if not form.problems:
        with form.taking_problems(), house().db.write() as s:
            member = alter(s)
            _trace(s, f"member.{deed}", member.id, group=group_id)
    if form.problems:
        return _member(group_id, member_id, form), 422
    flash(_said(member.name, said))
    return redirect(url_for(".show", group_id=group_id), 303)


def _group(group_id: str, form: Form) -> str:
    staff, now = me(), house().clock()
    with house().db.read() as s:
        group = group_for(s, staff, group_id)
        members = people.members(s, group.id)
        meetings = None if _manages() else agenda.of_group(s, staff, group.id, now)
        arc = arc_of(s, group, the_clinic(), [past.record for past in meetings.earlier]) if meetings else None
        return render_template(
            "groups/show.html",
            group=group,
            roster=[one for one in members if one.active],
            earlier=[one for one in members if not one.active],
            leaders=people.leaders(s, group.id),
            manages=_manages(),
            leads=leads_group(s, staff, group.id),
            meetings=meetings,
            arc=arc,
            left=left_over(s, staff, arc.last) if arc and arc.last else None,
            curriculum=curriculum_of(group, house().curricula),
            form=form,
            problems=form.problems,
        )


def _add_form(form: Form) -> str:
    return render_template("groups/add.html", curricula=_curricula(), form=form, problems=form.problems)


def _change_form(group_id: str, form: Form) -> str:
    with house().db.read() as s:
        group = people.get_group(s, group_id)
        return render_template(
            "groups/change.html",
            group=group,
            possible=people.possible_leaders(s),
            curricula=_curricula(),
            chosen=set(request.form.getlist("leaders")) or {staff.id for staff in people.leaders(s, group_id)},
            form=form,
            problems=form.problems,
        )


def _member(group_id: str, member_id: str, form: Form) -> str:
    with house().db.read() as s:
        group = people.get_group(s, group_id)
        somebody = people.get_member(s, group_id, member_id)
    return render_template("groups/member.html", group=group, member=somebody, form=form, problems=form.problems)


def _curricula() -> list[tuple[str, str]]:
    return [("", FOLLOWS_NONE), *((one.id, one.title) for one in house().curricula)]


def _curriculum(form: Form, left_out: str | None = None) -> str | None:
    """The curriculum that was chosen, by its id; None for none. ``left_out``: what it means when nothing was sent."""
    chosen = form.values.get("curriculum", left_out)
    if chosen not in {value for value, _ in _curricula()}:
        form.problems["curriculum"] = "Choose a curriculum from the list, or none."
    return chosen or None


def _new_form() -> Form:
    return Form({"key": people.new_id()})


def _manages() -> bool:
    return me().role == Role.ADMINISTRATOR


def _said(name: str, what: str) -> str:
    return Markup("<bdi>{}</bdi> {}").format(name, what)


def _trace(s: Session, action: str, target: str, **details: Any) -> None:
    audit.write(s, me().id, action, target, details, house().clock())
