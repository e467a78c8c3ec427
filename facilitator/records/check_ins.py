"""The check-ins of a session as staff may read them: what the log holds, and nothing worked out from it. Pure.

Page, document, file and trend all take them from here.

No moment is given here. When a tally was counted says little, and who could be watched answering just before says more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.curricula.model import Kind, Plan, Prompt
from facilitator.realtime.events import AskedAloud, Event, TallyHidden, TallyShown
from facilitator.realtime.state import CheckIn, Live
from facilitator.realtime.tally import FLOOR_OF_FILES, Band, Reader, Reading, read

ALOUD = "aloud"
MESSAGES = {
    "withheld": "Fewer than {floor} answered. Nobody sees this tally: not the group, not staff.",
    "again": "Asked before of nearly the same phones. Shown again, it could have pointed at one person.",
    "similar": "Answers were very similar. There is no picture, so that nobody is picked out.",
    "uncounted": "It could not be counted. No answer was kept.",
    "cards": "No card was shown to the group.",
    "file": f"Withheld: a file says only what is known to be of {FLOOR_OF_FILES} answers or more.",
    ALOUD: "Asked in the room, without phones. Nothing was kept.",
}


@dataclass(frozen=True)
class Asked:
    """One asking of a prompt, in a segment. ``state`` is shown, withheld, similar or uncounted, or aloud: no phones.

    ``state``, ``message`` and ``bands`` are what staff read; ``room`` are the bands in the room's words; the other two
    are what a file may say, which leaves the programme. ``cards`` are the few words that the group saw, in no order of
    anything; no file has them.
    """

    question: Prompt
    segment: str
    kind: Kind
    state: str
    message: str
    bands: tuple[Band, ...] = ()
    room: tuple[Band, ...] = ()
    file_message: str = ""
    file_bands: tuple[Band, ...] = ()
    cards: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """The question in words."""
        return self.question.text

    @property
    def sensitive(self) -> bool:
        """Whether it needs more answers than others to be shown."""
        return self.question.sensitive


def asked(live: Live, events: Iterable[Event]) -> tuple[Asked, ...]:
    """Every counted check-in in the order of the log, then what was asked aloud."""
    return (*_counted(live), *_aloud(live.plan, events))


def _counted(live: Live) -> Iterator[Asked]:
    for check_in in live.check_ins.values():
        prompt = live.plan.prompt(check_in.prompt)
        if prompt is None or check_in.tally is None:
            continue
        tally = check_in.tally
        staff, room, file = (read(prompt, tally, reader) for reader in (Reader.STAFF, Reader.ROOM, Reader.FILE))
        yield Asked(
            prompt,
            *_place_of(live.plan, prompt),
            state=staff.state,
            message=_message(staff, check_in),
            bands=staff.bands,
            room=room.bands,
            file_message=_message(file, check_in),
            file_bands=file.bands,
            cards=tuple(card.text for card in live.approved(check_in.id) if card.seen and card.text),
        )


def _message(reading: Reading, check_in: CheckIn) -> str:
    return MESSAGES.get(reading.why, "").format(floor=check_in.floor)


def _aloud(plan: Plan, events: Iterable[Event]) -> Iterator[Asked]:
    for prompt_id in _asked_aloud(events):
        prompt = plan.prompt(prompt_id)
        if prompt is not None:
            said = MESSAGES[ALOUD]
            yield Asked(prompt, *_place_of(plan, prompt), state=ALOUD, message=said, file_message=said)


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


def _place_of(plan: Plan, prompt: Prompt) -> tuple[str, Kind]:
    segment = next(plan.segments[index] for index, one in plan.prompts() if one.id == prompt.id)
    return segment.title, segment.kind
