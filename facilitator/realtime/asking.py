"""The rules of asking: check-ins from opening to tally, the cards they leave, and questions asked aloud. Pure."""

from __future__ import annotations

from facilitator.curricula.model import PromptKind
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.refusing import Refused, must_be_live, not_blank
from facilitator.realtime.state import CheckIn, Live

Events = list[e.Event]
NO_CARD = "This card is not here any more."


def open_check_in(live: Live, command: c.OpenCheckIn, now: int) -> Events:
    """Put a question on the phones; without one, the segment's next unasked."""
    must_be_live(live)
    is_open = live.open_check_in
    if is_open is not None and command.prompt in (None, is_open.prompt):
        return []
    if is_open is not None:
        raise Refused("A check-in is open. Close it first.")
    not_blank(live)
    prompt = live.plan.prompt(command.prompt or _next_unasked(live))
    if prompt is None:
        raise Refused("This plan has no such question.")
    if prompt.kind is PromptKind.WORDS and not command.wall_cards:
        raise Refused("Written answers are switched off here. Ask this one aloud.")
    floor = max(command.floor, command.sensitive_floor) if prompt.sensitive else command.floor
    return [e.CheckInOpened(at=now, check_in=command.check_in, prompt=prompt.id, floor=floor)]


def _next_unasked(live: Live) -> str:
    assert live.segment is not None
    prompts = live.plan.segments[live.segment].prompts
    if not prompts:
        raise Refused("This segment has no question.")
    asked = {one.prompt for one in live.check_ins.values()}
    for prompt in prompts:
        if prompt.id not in asked:
            return prompt.id
    raise Refused("Every question of this segment was asked. Choose one to ask it again.")


def close_check_in(live: Live, command: c.CloseCheckIn, now: int) -> Events:
    """End an asking with the tally that was handed in."""
    check_in = _check_in(live, command.check_in)
    if check_in.state == "closed":
        return []
    assert command.tally is not None
    return [e.CheckInClosed(at=now, check_in=check_in.id, tally=command.tally)]


def show_tally(live: Live, command: c.ShowTally, now: int) -> Events:
    """Put a counted tally on the screens."""
    must_be_live(live)
    check_in = _check_in(live, command.check_in)
    if check_in.state == "open":
        raise Refused("Close the check-in first. Then it can be shown.")
    if live.open_check_in is not None:
        raise Refused("Another check-in is open. Close it first.")
    if check_in.has_cards and not live.approved(check_in.id):
        raise Refused("Read the cards first, and choose those that the group may see.")
    return [e.TallyShown(at=now, check_in=check_in.id)] if live.shown != check_in.id else []


def approve_card(live: Live, command: c.ApproveCard, now: int) -> Events:
    """Let the group see a card."""
    must_be_live(live)
    if not command.text:
        raise Refused(NO_CARD)
    card = live.cards.get(command.card)
    if card is not None and card.text is not None:
        return []
    return [e.CardApproved(at=now, card=command.card, check_in=command.check_in, text=command.text)]


def leave_out_card(live: Live, command: c.LeaveOutCard, now: int) -> Events:
    """Keep a card from the group."""
    must_be_live(live)
    if not command.check_in:
        raise Refused(NO_CARD)
    card = live.cards.get(command.card)
    if card is not None and card.text is None:
        return []
    return [e.CardLeftOut(at=now, card=command.card, check_in=command.check_in)]


def put_card_back(live: Live, command: c.PutCardBack, now: int) -> Events:
    """Have a card wait again to be read."""
    must_be_live(live)
    if command.card not in live.cards:
        return []
    return [e.CardPutBack(at=now, card=command.card, check_in=command.check_in)]


def hide_tally(live: Live, _: c.HideTally, now: int) -> Events:
    """Take a tally, or a question asked aloud, off the screens."""
    return [e.TallyHidden(at=now)] if live.shown or live.asked_aloud else []


def ask_aloud(live: Live, command: c.AskAloud, now: int) -> Events:
    """Put a question on the projector only."""
    must_be_live(live)
    if live.plan.prompt(command.prompt) is None:
        raise Refused("This plan has no such question.")
    if live.open_check_in is not None:
        raise Refused("A check-in is open. Close it first.")
    return [e.AskedAloud(at=now, prompt=command.prompt)] if live.asked_aloud != command.prompt else []


def _check_in(live: Live, check_in: str) -> CheckIn:
    found = live.check_ins.get(check_in)
    if found is None:
        raise Refused("There is no such check-in in this session.")
    return found
