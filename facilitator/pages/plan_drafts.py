"""Drafts of plans: all of them, a new one, saving one with a form or while somebody types, throwing one away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnprocessableEntity

from facilitator.curricula.keeper import CannotRead
from facilitator.pages import house
from facilitator.pages.forms import json_body
from facilitator.pages.gate import me
from facilitator.pages.plan_editor import edit_page, looked_at, two_texts
from facilitator.pages.times import when
from facilitator.people.access import Unknown
from facilitator.records import bringing, drafts
from facilitator.records.drafts import Stale, TooLarge
from facilitator.storage.tables import PlanDraft

PRESS_SAVE = "Press Save: your words become a new one."
SEE_BOTH = "Press Save to see both texts."
KEPT_ANEW = "The draft was published or thrown away meanwhile. Your words are kept in this new one."
THROWN_AWAY = "The draft is thrown away."
GO_ON = {"publish": "plans.confirm", "try": "plans.begin"}
NOT_UNDERSTOOD = "That could not be read. Load the page again and try once more."


def index() -> ResponseReturnValue:
    """Every draft, mine and others'."""
    with house().db.read() as s:
        listed = drafts.listed(s, me())
    return render_template("plans/drafts.html", drafts=listed)


def start() -> ResponseReturnValue:
    """Begin a draft: of the plan that the form names, else of a new one."""
    plan_id = request.form.get("plan", "")
    with house().db.write() as s:
        now = house().clock()
        draft = drafts.start_change(s, me(), now, plan_id) if plan_id else drafts.start_new(s, me(), now)
    return redirect(url_for("plans.edit", draft_id=draft.id), 303)


def edit(draft_id: str) -> ResponseReturnValue:
    """The editor."""
    with house().db.read() as s:
        draft = drafts.one(s, draft_id)
    return edit_page(draft, draft.text, line=_line(request.args.get("line")))


def keep(draft_id: str) -> ResponseReturnValue:
    """Save with the form's buttons; then stay, or go on to publishing."""
    text = drafts.plain_text(request.form.get("text", ""))
    if "text" not in request.form:
        raise UnprocessableEntity(NOT_UNDERSTOOD)
    line = _line(request.form.get("line"))
    both = drafts.plain_text(request.form.get("together", "")) if request.form.get("take") == "together" else ""
    try:
        draft = _save(draft_id, both or text, _edition(request.form.get("edition")))
    except Stale as stale:
        other = two_texts(drafts.plain_text(request.form.get("base", "")), text, stale.draft.text)
        return edit_page(stale.draft, text, line=line, problem=str(stale), other=other), 409
    except Unknown as gone:
        return _kept_anew(both or text, str(gone))
    except TooLarge as error:
        with house().db.read() as s:
            draft = drafts.one(s, draft_id)
        return edit_page(draft, text, line=line, problem=str(error)), 422
    if (then := GO_ON.get(request.form.get("then", ""))) is not None:
        return redirect(url_for(then, draft_id=draft_id), 303)
    flash("The draft is saved, with both texts in it." if both else "The draft is saved.")
    return redirect(url_for("plans.edit", draft_id=draft_id, line=line), 303)


def save(draft_id: str) -> ResponseReturnValue:
    """Save what somebody is typing."""
    text, edition = _text_and_number("edition")
    try:
        draft = _save(draft_id, drafts.plain_text(text), edition)
    except Stale as stale:
        return {"message": f"{stale.who} {SEE_BOTH}"}, 409
    except TooLarge as error:
        return {"message": str(error)}, 422
    except Unknown as gone:
        return {"message": f"{gone} {PRESS_SAVE}"}, 404
    return {"edition": draft.edition, "saved": when(draft.saved_at, house().clock(), house().settings.time_zone)}


def look() -> ResponseReturnValue:
    """What there is to say about a text, and how the segment around a line would look. Nothing is kept."""
    text, line = _text_and_number("line")
    try:
        looked = looked_at(text, line)
    except CannotRead as error:
        return {"message": str(error)}, 503
    return {
        "errors": [finding._asdict() for finding in looked.errors],
        "warnings": [finding._asdict() for finding in looked.warnings],
        "summary": looked.summary,
        "views": render_template("plans/views.html", looked=looked),
    }


def clean() -> ResponseReturnValue:
    """What was pasted, mended, and what was changed in it."""
    body = json_body()
    pasted = body.get("text") if isinstance(body, dict) else None
    if not isinstance(pasted, str):
        raise UnprocessableEntity(NOT_UNDERSTOOD)
    try:
        cleaned: dict[str, object] = house().worker.ask("clean", by=me().id, text=pasted)
    except CannotRead as error:
        return {"message": str(error)}, 503
    return cleaned


def discard(draft_id: str) -> ResponseReturnValue:
    """Ask once before a draft is thrown away."""
    with house().db.read() as s:
        draft = drafts.one(s, draft_id)
    return render_template("plans/discard.html", draft=draft)


def discard_now(draft_id: str) -> ResponseReturnValue:
    """Throw a draft away. What was published of it stays."""
    try:
        with house().db.write() as s:
            drafts.throw_away(s, draft_id)
    except Unknown as gone:
        return to_drafts(str(gone))
    return to_drafts(THROWN_AWAY)


def to_drafts(said: str) -> ResponseReturnValue:
    """The way to all drafts, with a word on what happened to this one."""
    flash(said)
    return redirect(url_for("plans.drafts"), 303)


def _kept_anew(text: str, gone: str) -> ResponseReturnValue:
    """The draft is no more, and somebody was still writing: their words become another, once."""
    try:
        with house().db.write() as s:
            [kept] = bringing.bring_in(s, me(), house().clock(), [("", text)])
    except TooLarge as error:
        raise UnprocessableEntity(str(error)) from error
    if kept.edition:
        return to_drafts(gone)
    flash(KEPT_ANEW)
    return redirect(url_for("plans.edit", draft_id=kept.draft), 303)


def _save(draft_id: str, text: str, edition: int) -> PlanDraft:
    with house().db.write() as s:
        return drafts.save(s, me(), draft_id, text, edition, house().clock())


def _text_and_number(name: str) -> tuple[str, int]:
    """What a script sent. Raises UnprocessableEntity."""
    body = json_body()
    if isinstance(body, dict):
        text, number = body.get("text"), body.get(name)
        if isinstance(text, str) and isinstance(number, int) and not isinstance(number, bool):
            return text, number
    raise UnprocessableEntity(NOT_UNDERSTOOD)


def _edition(text: str | None) -> int:
    """The edition that the page was made of; one that no draft has when the field is no number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def _line(text: str | None) -> int:
    return max(1, _edition(text))
