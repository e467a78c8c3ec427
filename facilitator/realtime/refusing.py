"""What may not be done now, said to the person who asked; and what most rules look at first. Pure."""

from __future__ import annotations

from facilitator.realtime.state import Live


class Refused(Exception):
    """What was asked for cannot be done now. The text says so to the person who asked."""


def must_be_live(live: Live) -> None:
    """Refuse before the start and after the end."""
    if live.state == "ended":
        raise Refused("This session has ended.")
    if live.state != "live":
        raise Refused("Start the session first.")


def doors_are_open(live: Live) -> None:
    """Refuse before the doors open and after the end."""
    if live.state == "ended":
        raise Refused("This session has ended.")
    if live.state == "scheduled":
        raise Refused("Open the doors first.")


def doors_were_opened(live: Live) -> None:
    """Refuse before the doors open."""
    if live.state == "scheduled":
        raise Refused("Open the doors first.")


def not_blank(live: Live) -> None:
    """Refuse while projector and phones are blank."""
    if live.blank:
        raise Refused("The screens are blank. Bring them back first.")
