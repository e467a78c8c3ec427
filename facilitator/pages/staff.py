"""Signing in and out, and the administrators' list of staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from facilitator.pages import house
from facilitator.pages.forms import Form, posted
from facilitator.pages.gate import SignedIn, home_of, me, sign_in_token, signed_in
from facilitator.pages.times import clock_time
from facilitator.people import passwords
from facilitator.people import staff as people
from facilitator.people.access import Role
from facilitator.people.attempts import SignInLimit, TooMany
from facilitator.people.passwords import WeakPassword
from facilitator.records import audit
from facilitator.storage.engine import Session
from facilitator.storage.tables import Staff

LIMIT = "facilitator.sign_in_limit"
# Browsers read a backslash as a slash, and nothing where a space, a tab or a line end is.
OWN_ADDRESS = re.compile(r"/(?!/)[^\\\s\x00-\x1f]*")
NOT_RIGHT = "This email and password do not go together. Check both and try again."

blueprint = Blueprint("staff", __name__)


@blueprint.record
def _count_attempts(state: BlueprintSetupState) -> None:
    state.app.extensions[LIMIT] = SignInLimit()


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The sign-in form; whoever is signed in already goes on."""
    staff = signed_in()
    if staff is not None:
        return redirect(_own_address(request.args.get("next")) or home_of(staff), 303)
    return _sign_in_form(Form({"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
def sign_in_now() -> ResponseReturnValue:
    """Sign in, or say why not."""
    form = posted()
    email, password = form.values.get("email", ""), form.secret("password")
    limit, address, now = cast(SignInLimit, current_app.extensions[LIMIT]), request.remote_addr or "", house().clock()
    try:
        limit.count(email, address, now)
    except TooMany as refusal:
        return _asked_to_wait(form, refusal.until, now)
    staff = people.recognise(house().db, email, password)
    token = _open_sign_in(staff, now) if staff else None
    if staff is None or token is None:
        form.problems["email"] = NOT_RIGHT
        return _sign_in_form(form), 422
    limit.forgive(email, address)
    # A new browser session, so that nothing planted in the old one is carried over.
    session.clear()
    login_user(SignedIn(token, staff))
    return redirect(_own_address(form.values.get("next")) or home_of(staff), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this sign-in, and the person's open consoles; one that is signed in elsewhere comes back by itself."""
    staff = me()
    with house().db.write() as s:
        people.sign_out(s, current_user.get_id())
        audit.write(s, staff.id, "staff.signed_out", staff.id, {}, house().clock())
    session.clear()
    house().hub.disconnect_staff(staff.id)
    flash("You are signed out.")
    return redirect("/sign-in", 303)


@blueprint.get("/staff")
def index() -> ResponseReturnValue:
    """Everybody who can sign in, or could."""
    with house().db.read() as s:
        return render_template("staff/index.html", everybody=people.everybody(s))


@blueprint.get("/staff/add")
def add() -> ResponseReturnValue:
    """The form for somebody new."""
    return _add_form(Form({}))


@blueprint.post("/staff/add")
def add_now() -> ResponseReturnValue:
    """Add somebody new, or say what is missing."""
    form = posted()
    name = form.line("name", "Name", longest=people.LONGEST_NAME, missing="Write the name that colleagues use.")
    email = form.line("email", "Email", longest=people.LONGEST_EMAIL, missing="Write the email they will sign in with.")
    role = form.choice("role", list(Role), "Choose what this person does.")
    password = _new_password(form, name, email)
    if not form.problems:
        hashed = passwords.hashed(password)
        with form.taking_problems(), house().db.write() as s:
            staff = people.add_staff(s, email, name, role, hashed, house().clock())
            _note(s, "staff.added", staff, role=role)
    if form.problems:
        return _add_form(form), 422
    flash(f"{name} can sign in now. Hand over the password in person.")
    return redirect("/staff", 303)


@blueprint.get("/staff/<staff_id>")
def show(staff_id: str) -> ResponseReturnValue:
    """One person, and what may be changed about them."""
    return _person(staff_id, Form({}))


@blueprint.post("/staff/<staff_id>/role")
def change_role(staff_id: str) -> ResponseReturnValue:
    """Give somebody another role."""
    form = posted()
    role = form.values.get("role", "")
    return _changed(
        staff_id, form, "role_changed", lambda s: people.change_role(s, staff_id, role), "{} is now {}.", role=role
    )


@blueprint.post("/staff/<staff_id>/password")
def set_password(staff_id: str) -> ResponseReturnValue:
    """Give somebody a new password."""
    form = posted()
    with house().db.read() as s:
        staff = people.get(s, staff_id)
    password = _new_password(form, staff.name, staff.email)
    if form.problems:
        return _person(staff_id, form), 422
    hashed = passwords.hashed(password)
    said = "{} has a new password. Hand it over in person."
    return _changed(staff_id, form, "password_set", lambda s: people.set_password(s, staff_id, hashed), said)


@blueprint.post("/staff/<staff_id>/switch-off")
def switch_off(staff_id: str) -> ResponseReturnValue:
    """Let somebody in no more."""
    said = "{} cannot sign in any more. What they wrote stays."
    return _changed(staff_id, posted(), "switched_off", lambda s: people.switch_off(s, staff_id), said)


@blueprint.post("/staff/<staff_id>/switch-on")
def switch_on(staff_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    said = "{} can sign in again, with the same password."
    return _changed(staff_id, posted(), "switched_on", lambda s: people.switch_on(s, staff_id), said)


def _changed(
    staff_id: str, form: Form, deed: str, change: Callable[[Session], Staff], said: str, **details: str
) -> ResponseReturnValue:
    """Make one change with its trace, then end what the person has open; or show the person with the problem."""
    with form.taking_problems(), house().db.write() as s:
        staff = change(s)
        _note(s, f"staff.{deed}", staff, **details)
    if form.problems:
        return _person(staff_id, form), 422
    house().hub.disconnect_staff(staff_id)
    flash(said.format(staff.name, *details.values()))
    return redirect(f"/staff/{staff_id}", 303)


def _person(staff_id: str, form: Form) -> str:
    with house().db.read() as s:
        staff = people.get(s, staff_id)
    return render_template("staff/show.html", staff=staff, roles=list(Role), form=form, problems=form.problems)


def _add_form(form: Form) -> str:
    return render_template("staff/add.html", form=form, problems=form.problems)


def _new_password(form: Form, *about: str) -> str:
    password = form.secret("password")
    try:
        passwords.accept(password, *about)
    except WeakPassword as problem:
        form.problems["password"] = str(problem)
    return password


def _note(s: Session, action: str, staff: Staff, **details: str) -> None:
    audit.write(s, me().id, action, staff.id, details, house().clock())


def _open_sign_in(staff: Staff, now: int) -> str | None:
    with house().db.write() as s:
        token = people.sign_in(s, staff, now)
        if token is not None:
            # Whoever was signed in at this browser is not any more.
            people.sign_out(s, sign_in_token() or "")
            audit.write(s, staff.id, "staff.signed_in", staff.id, {}, now)
        return token


def _sign_in_form(form: Form) -> str:
    return render_template("staff/sign-in.html", form=form, problems=form.problems)


def _asked_to_wait(form: Form, until: int, now: int) -> ResponseReturnValue:
    when = clock_time(until + 59_999, house().settings.time_zone)
    form.problems["email"] = f"There were too many wrong tries. You can try again at {when}."
    response = make_response(_sign_in_form(form), 429)
    response.headers["Retry-After"] = str(-(-(until - now) // 1000))
    return response


def _own_address(address: str | None) -> str | None:
    """``address`` when it is a path of ours; None for anything that a browser could take for another site."""
    return address if address and OWN_ADDRESS.fullmatch(address) else None
