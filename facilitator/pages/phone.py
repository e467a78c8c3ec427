"""The participant's phone: in by code without a name, the room, answers as plain forms, and the way to a person.

Everything works without scripts and without sockets. Reading changes nothing; what changes something asks ``seats``
whose phone it is.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, Gone, NotFound

from facilitator.curricula.model import PromptKind
from facilitator.pages import asks, errors, house, seats
from facilitator.pages.card_hints import is_heavy
from facilitator.pages.packing import pack
from facilitator.pages.slowdown import Slowdown
from facilitator.realtime.codes import read_code, shown
from facilitator.realtime.hub import Refused, Seated
from facilitator.realtime.reading import Malformed, read_answer, read_name

NOT_OPEN = "That code is not open. Check the screen."
ENDED = "This session has ended."
ENDED_ASK = "This session has ended. Speak to staff in the room, or use the numbers on this page."
NOT_IN = "This phone is not in the group any more. Join again with the code on the screen."
CHOOSE = "Choose an answer first, or skip this one."
PROGRESS = {
    "waiting": "Waiting for more answers.",
    "some": "Some people have answered.",
    "most": "Most people have answered.",
    "everyone": "Everyone has answered.",
}
STAYS_OURS = "Staff and the app cannot see who gave which answer. In a small group someone might still guess."
WE_CAN_TALK = "That is fine. We can simply talk."
COMFORT = {"shown": STAYS_OURS, "similar": STAYS_OURS, "withheld": WE_CAN_TALK, "uncounted": WE_CAN_TALK}
LONGEST_NUMBER = 4
FORGOTTEN = "forgotten"
SLOWDOWN = "facilitator.wrong_codes"

blueprint = Blueprint("phone", __name__)
blueprint.after_request(pack)


@blueprint.record_once
def _one_slowdown(state: BlueprintSetupState) -> None:
    state.app.extensions[SLOWDOWN] = Slowdown()


@blueprint.route("/", methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    """Type the code of the screen. A code in the address or in the form leads on to its room."""
    code = request.values.get("code")
    if code is None:
        return render_template("phone/join.html", said=request.args.get("said", ""))
    if house().hub.session_of_code(code) is None:
        return _not_open(code)
    if request.method == "POST":
        # 307 repeats the POST where the cookie of an earlier seat comes along.
        return redirect(url_for("phone.seat", code=read_code(code)), 307)
    return redirect(url_for("phone.room", code=read_code(code)))


@blueprint.get("/j/<code>")
def room(code: str) -> ResponseReturnValue:
    """The room for a phone that is in; for others the door. Never takes a seat: link previews come here too."""
    hub = house().hub
    session_id = hub.session_of_code(code)
    seat = seats.kept()
    if session_id is None:
        if seat and hub.session_of_seat(seat) is None:
            _slow_down()
            raise Gone(ENDED)
        return _not_open(code)
    if seat and hub.session_of_seat(seat) == session_id:
        hub.hear(session_id, seat)
        return _room(code, session_id, seat)
    if seats.kept_ticket() and hub.live(session_id).locked:
        return render_template("phone/door.html", code=read_code(code))
    return render_template("phone/join.html", code=read_code(code), known=True)


@blueprint.post("/j/<code>/seat")
def seat(code: str) -> ResponseReturnValue:
    """A place in the group, the same one for a phone that has one; while the door is locked, a ticket to wait with."""
    session_id = house().hub.session_of_code(code)
    if session_id is None:
        return _not_open(code)
    sent = seats.read({"code"}, needs_origin=False)
    try:
        place = house().hub.take_seat(session_id, sent.seat, sent.ticket)
    except Refused as refused:
        if asks.for_json():
            raise
        return render_template("phone/join.html", code=read_code(code), known=True, mistake=str(refused)), 409
    if isinstance(place, Seated):
        house().hub.hear(session_id, place.seat)
    taken = {"seat": place.seat} if isinstance(place, Seated) else {"ticket": place.ticket}
    if not asks.for_json():
        return seats.keep(make_response(redirect(url_for("phone.room", code=read_code(code)), 303)), **taken)
    answer = make_response(taken, 200 if isinstance(place, Seated) else 202)
    # A page of ours that knocks with its cookie wants the seat there too; other callers keep their own.
    return seats.keep(answer, **taken) if seats.kept_ticket() else answer


@blueprint.post("/j/<code>/answer")
def answer(code: str) -> ResponseReturnValue:
    """Answer the open check-in, or change the answer, or skip. Returns once it is stored."""
    sent = seats.read({"check_in", "value", "skip"}, lists={"value"})
    session_id, seat = _seated(code, sent.seat)
    try:
        check_in, value = read_answer((sent.fields if request.is_json else _form_answer(session_id, sent.fields),))
        house().hub.answer(session_id, seat, check_in, value)
    except (Refused, Malformed) as error:
        if asks.for_json():
            raise
        return _room(code, session_id, seat, notice=str(error)), 409 if isinstance(error, Refused) else 422
    if asks.for_json():
        return {"ok": True}
    if isinstance(value, str) and is_heavy(value):
        # Told in the answer itself: an address that says so would stay in this phone's history.
        return _room(code, session_id, seat, heavy=True)
    return redirect(url_for("phone.room", code=read_code(code), skipped=check_in if value is None else None), 303)


@blueprint.get("/j/<code>/view")
def view(code: str) -> ResponseReturnValue:
    """What this phone sees now, as JSON."""
    session_id, seat = _seated(code, seats.shown())
    return house().hub.phone_view(session_id, seat)


@blueprint.get("/help", endpoint="help", defaults={"code": ""})
@blueprint.get("/j/<code>/help", endpoint="help")
def talk(code: str) -> ResponseReturnValue:
    """I need to talk to someone: first a person in the room, then the crisis line. Comes up whatever the code."""
    return _help(code, told=request.args.get("told", ""))


@blueprint.post("/j/<code>/ask-for-staff")
def ask_for_staff(code: str) -> ResponseReturnValue:
    """Ask quietly, by name or without one. Not anonymous, and kept without the seat."""
    sent = seats.read({"name"})
    session_id, seat = _seated(code, sent.seat, ended=ENDED_ASK)
    try:
        name = read_name((sent.fields,))
        house().hub.ask_for_staff(session_id, seat, name)
    except (Malformed, Refused) as error:
        if asks.for_json():
            raise
        return _help(code, mistake=str(error)), 409 if isinstance(error, Refused) else 422
    if asks.for_json():
        return {"ok": True}
    return redirect(url_for("phone.help", code=read_code(code), told="name" if name else "nameless"), 303)


@blueprint.post("/j/<code>/leave")
def leave(code: str) -> ResponseReturnValue:
    """Give the seat back."""
    return _give_back("left")


@blueprint.post("/j/<code>/forget")
def forget(code: str) -> ResponseReturnValue:
    """Give the seat back and drop all that this phone keeps of the group, whatever became of the session."""
    return _give_back(FORGOTTEN)


@blueprint.get("/time")
def away() -> ResponseReturnValue:
    """Where Quick leave goes, unless the clinic chose another page: the time, and nothing of the group."""
    return render_template("phone/time.html", now=house().clock())


@blueprint.get("/private")
def private() -> ResponseReturnValue:
    """How is this private? In plain words."""
    return render_template("phone/private.html", code=read_code(request.args.get("code", "")))


@blueprint.errorhandler(Gone)
def _ended(error: Gone) -> ResponseReturnValue:
    """A phone comes back to a session that is over: its seat is gone, and the cookie goes too."""
    if asks.for_json():
        return errors.answer(410, error.description or ENDED)
    return seats.keep(make_response(render_template("phone/ended.html"), 410))


def scene_of(view: dict[str, Any], *, changing: bool = False) -> str:
    """Which of the room's pictures a view is. The page's script decides by the same rule."""
    if view["state"] == "ended":
        return "ended"
    if view["blank"]:
        return "blank"
    if view["check_in"]:
        return "answered" if view["check_in"]["answered"] and not changing else "question"
    if view["tally"]:
        return "tally"
    return "exercise" if view["exercise"] else "following"


def _room(code: str, session_id: str, seat: str, *, notice: str = "", heavy: bool = False) -> str:
    now = house().hub.phone_view(session_id, seat)
    check_in = now["check_in"]["id"] if now["check_in"] else None
    return render_template(
        "phone/room.html",
        code=read_code(code),
        seat=seat,
        view=now,
        scene=scene_of(now, changing=request.args.get("change") == check_in),
        skipped=check_in is not None and request.args.get("skipped") == check_in,
        seated=True,
        facilitator=now["facilitator"],
        notice=notice,
        heavy=heavy,
        progress=PROGRESS,
        comfort=COMFORT,
    )


def _help(code: str, *, told: str = "", mistake: str = "") -> str:
    hub = house().hub
    session_id, seat = hub.session_of_code(code), seats.kept()
    seated = session_id is not None and seat is not None and hub.session_of_seat(seat) == session_id
    return render_template(
        "phone/help.html",
        code=read_code(code),
        seated=seated,
        facilitator=hub.phone_view(session_id, seat)["facilitator"] if seated and session_id and seat else None,
        told=told,
        mistake=mistake,
    )


def _seated(code: str, seat: str | None, *, ended: str = ENDED) -> tuple[str, str]:
    """The session of this code, with a seat that is in it. Raises Forbidden, NotFound, or Gone after the end."""
    hub = house().hub
    session_id = hub.session_of_code(code)
    if session_id is None:
        _slow_down()
        raise Gone(ended) if seat else NotFound(NOT_OPEN)
    if not seat or hub.session_of_seat(seat) != session_id:
        raise Forbidden(NOT_IN)
    hub.hear(session_id, seat)
    return session_id, seat


def _not_open(code: str) -> ResponseReturnValue:
    _slow_down()
    if asks.for_json():
        raise NotFound(NOT_OPEN)
    plain = read_code(code)
    return render_template("phone/join.html", typed=shown(plain) if plain else "", mistake=NOT_OPEN), 404


def _give_back(said: str) -> ResponseReturnValue:
    sent = seats.read()
    hub = house().hub
    session_id = hub.session_of_seat(sent.seat) if sent.seat else None
    if session_id is not None and sent.seat is not None:
        hub.leave(session_id, sent.seat)
    gone = make_response({"ok": True} if asks.for_json() else redirect(url_for("phone.join", said=said), 303))
    if said == FORGOTTEN and not asks.for_json():
        # Only when a person asks for it: at the end of a session a facilitator's own console may be open beside.
        gone.headers["Clear-Site-Data"] = '"cache", "storage"'
    return seats.keep(gone)


def _slow_down() -> None:
    slowdown: Slowdown = current_app.extensions[SLOWDOWN]
    slowdown.wait(house().clock())


def _form_answer(session_id: str, fields: dict[str, object]) -> dict[str, object]:
    """A form's answer as a script would send it: its numbers are text, and it sends each ticked box by itself."""
    answer = {"check_in": fields.get("check_in"), "value": None}
    if "skip" in fields:
        return answer
    texts = fields.get("value", [])
    assert isinstance(texts, list)
    if not texts:
        raise Malformed(CHOOSE)
    kind = _kind(session_id, answer["check_in"])
    if kind is PromptKind.WORDS:
        return answer | {"value": texts[-1]}
    numbers = [_whole(text) for text in texts]
    return answer | {"value": numbers if kind is PromptKind.CHOICES else numbers[-1]}


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Malformed("That is not one of the answers. Please choose again.")
    return int(text)


def _kind(session_id: str, check_in: object) -> PromptKind | None:
    live = house().hub.live(session_id)
    asked = live.check_ins.get(check_in) if isinstance(check_in, str) else None
    prompt = live.plan.prompt(asked.prompt) if asked else None
    return prompt.kind if prompt else None
