"""The check-ins of a session as staff may read them: what the log holds, and nothing worked out from it. Pure.

No moment is given here. When a tally was counted says little, and who could be watched answering just before says more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.curricula.model import Plan
from facilitator.realtime.events import AskedAloud, Event, TallyHidden, TallyShown
from facilitator.realtime.state import Live

MESSAGES = {
    "withheld": "Fewer than {floor} answered. Nobody sees this tally: not the group, not staff.",
    "again": "Asked before of nearly the same phones. Shown again, it could have pointed at one person.",
    "similar": "Answers were very similar. There is no picture, so that nobody is picked out.",
    "uncounted": "It could not be counted. No answer was kept.",
    "aloud": "Asked in the room, without phones. Nothing was kept.",
}


@dataclass(frozen=True)
class Band:
    """One line of a tally: its label, and the word or number that staff may read."""

    label: str
    word: str


@dataclass(frozen=True)
class Asked:
    """One asking of a prompt. ``state`` is shown, withheld, similar or uncounted, or aloud for one without phones."""

    prompt: str
    segment: str
    sensitive: bool
    state: str
    message: str
    bands: tuple[Band, ...] = ()


def asked(live: Live, events: Iterable[Event]) -> tuple[Asked, ...]:
    """Every counted check-in in the order of the log, then what was asked aloud."""
    return (*_counted(live), *_aloud(live.plan, events))


def _counted(live: Live) -> Iterator[Asked]:
    for check_in in live.check_ins.values():
        prompt = live.plan.prompt(check_in.prompt)
        if prompt is None or check_in.tally is None:
            continue
        bands = tuple(Band(band["label"], band["staff"]) for band in check_in.tally["bands"])
        state = check_in.tally["state"]
        message = MESSAGES.get(check_in.tally.get("reason") or state, "").format(floor=check_in.floor)
        yield Asked(prompt.text, _segment_of(live.plan, prompt.id), prompt.sensitive, state, message, bands)


def _aloud(plan: Plan, events: Iterable[Event]) -> Iterator[Asked]:
    for prompt_id in _asked_aloud(events):
        prompt = plan.prompt(prompt_id)
        if prompt is not None:
            yield Asked(prompt.text, _segment_of(plan, prompt.id), prompt.sensitive, "aloud", MESSAGES["aloud"])


def _asked_aloud(events: Iterable[Event]) -> Iterable[str]:
    """The ids of the prompts that were put to the room, each once; one taken back at once was not."""
    asked: list[AskedAloud] = []
    before: AskedAloud | TallyShown | TallyHidden | None = None
    for event in events:
        match event:
            case AskedAloud():
                asked.append(event)
            case TallyHidden(undoes=True) if isinstance(before, AskedAloud) and before.by == event.by:
                asked.pop()
        if isinstance(event, AskedAloud | TallyShown | TallyHidden):
            before = event
    return dict.fromkeys(event.prompt for event in asked)


def _segment_of(plan: Plan, prompt_id: str) -> str:
    return next((plan.segments[index].title for index, prompt in plan.prompts() if prompt.id == prompt_id), "")
