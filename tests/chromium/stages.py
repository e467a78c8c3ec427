"""Sessions of one clinic, each brought as far as a page needs it, once for all who look at it."""

from __future__ import annotations

from collections.abc import Callable

from facilitator.people.groups import expected
from facilitator.realtime.commands import AnyCommand, EndByItself, EscalateRequests
from facilitator.realtime.handed import Handed, HubSettings
from facilitator.realtime.hub import Hub
from facilitator.records import audit
from facilitator.records.notes import draft_at_end
from facilitator.records.requests import trace
from tests.all_parts import ALL_PARTS
from tests.cards import CARD, SIX, WITH_CARD
from tests.conftest import MINUTE_MS, PASSWORD
from tests.evening import HELPS, MOOD, PLAN, PRACTICE, Evening
from tests.server import Served

FOUR = 4


class Stages:
    """``at(name)`` is the session that stands there."""

    def __init__(self, site: Served) -> None:
        self._site = site
        self._reached: dict[str, Evening] = {}

    def at(self, name: str) -> Evening:
        """The session of this stage. It stays there: who wants to change one makes a session of their own."""
        if name not in self._reached:
            text = TEXTS.get(name, PLAN)
            evening = self._reached[name] = Evening(self._site, text)
            STAGES[name](evening)
        return self._reached[name]

    def close(self) -> None:
        """Everybody goes home."""
        for evening in self._reached.values():
            evening.close()


def scheduled(_: Evening) -> None:
    """Nothing has happened yet."""


def doors_open(evening: Evening) -> None:
    evening.do("OpenDoors")


def live(evening: Evening) -> None:
    evening.go_live(phones=FOUR)
    mark_everybody(evening)


def exercise(evening: Evening) -> None:
    live(evening)
    evening.do("EnterSegment", segment=2)
    evening.do("AddNote", text="A quiet start.")


def leading(evening: Evening) -> None:
    """An exercise is led that has steps, items and answers; one that stays on the phones was done before."""
    live(evening)
    evening.do("EnterSegment", segment=4)
    evening.do("StartExercise", exercise="x10")
    evening.do("EnterSegment", segment=5)
    evening.do("StartExercise", exercise="x14")
    evening.do("StepExercise", exercise="x14", step=1)


def scale(evening: Evening) -> None:
    live(evening)
    evening.do("OpenCheckIn", prompt=MOOD)


def choice(evening: Evening) -> None:
    live(evening)
    evening.do("OpenCheckIn", prompt=PRACTICE)


def choices(evening: Evening) -> None:
    live(evening)
    evening.do("OpenCheckIn", prompt=HELPS)


def words(evening: Evening) -> None:
    live(evening)
    evening.do("OpenCheckIn", prompt=CARD)


def cards(evening: Evening) -> None:
    """Some are read and shown, one is left out, one waits."""
    live(evening)
    check_in = evening.ask(CARD)
    evening.all_answer(check_in, ["Thanks, Robin", *SIX[:3]])
    evening.do("CloseCheckIn", check_in=check_in)
    found = {card["text"]: card["id"] for card in evening.fern.view(f"/sessions/{evening.id}/cards")["cards"]}
    for one in SIX[:2]:
        evening.do("ApproveCard", card=found[one])
    evening.do("LeaveOutCard", card=found[SIX[2]])
    evening.do("ShowTally", check_in=check_in)


def few(evening: Evening) -> None:
    evening.go_live(phones=1)
    evening.do("OpenCheckIn", prompt=MOOD)


def tally(evening: Evening) -> None:
    live(evening)
    check_in = evening.ask(MOOD)
    evening.all_answer(check_in, [1, 2, 5, 9])
    assert evening.tally_of(check_in)["state"] == "shown"


def withheld(evening: Evening) -> None:
    live(evening)
    assert evening.tally_of(evening.ask(MOOD))["state"] == "withheld"


def aloud(evening: Evening) -> None:
    live(evening)
    evening.do("AskAloud", prompt=PRACTICE)


def blank(evening: Evening) -> None:
    live(evening)
    evening.do("Blank")


def joining(evening: Evening) -> None:
    live(evening)
    evening.do("ShowJoin")


def locked(evening: Evening) -> None:
    live(evening)
    evening.do("Lock")


def asking(evening: Evening) -> None:
    """One person waits for somebody, one has been talked to, a guest has come, and more phones than people are here."""
    evening.go_live(phones=2)
    for phone, name in zip(evening.phones, ("Sam", "Robin"), strict=True):
        assert phone.screen is not None and phone.screen.emit("ask_for_staff", {"name": name}) == {"ok": True}
    evening.do("HandleRequest", request=evening.view()["requests"][0]["id"], outcome="Talked now")
    evening.do("AddGuest", name="A student")
    evening.do("AddNote", text="Two left the circle.")


def waited(evening: Evening) -> None:
    """Ten minutes went by, and nobody has said what was done for Robin."""
    asking(evening)
    by_the_clock(evening, EscalateRequests(), minutes=10)


def ended(evening: Evening) -> None:
    """Much is left to be settled."""
    asking(evening)
    evening.do("HandleRequest", request=evening.view()["requests"][1]["id"], outcome="Talked now")
    evening.do("End")


def left(evening: Evening) -> None:
    """Nobody pressed End, and Robin still waits."""
    asking(evening)
    by_the_clock(evening, EndByItself(), minutes=240)


def by_the_clock(evening: Evening, command: AnyCommand, minutes: int) -> None:
    """What the clock does later, done now by a hub whose clock is ahead: the server's own is everybody's."""
    site = evening.served
    audit.seal_with(site.db, site.settings.secret_key)
    handed = Handed(roster=expected, at_end=draft_at_end, at_request=trace, breathe=lambda: None)
    settings = HubSettings(site.settings.floor, site.settings.sensitive_floor, site.settings.seats, "localhost")
    Hub(site.db, site.keys, lambda: site.clock() + minutes * MINUTE_MS, settings, handed).run(evening.id, command, None)


def never_began(evening: Evening) -> None:
    evening.do("OpenDoors")
    evening.do("End")


def settled(evening: Evening) -> None:
    tally(evening)
    evening.do("AddNote", text="A quiet start.")
    evening.do("PauseTimer")
    evening.do("MarkSegment", segment=3, mark="skipped", reason="To end on time")
    evening.do("End")


def signed(evening: Evening) -> None:
    settled(evening)
    note = f"/sessions/{evening.id}/note"
    done = evening.fern.send(note, f"{note}/sign", response="Open.", incidents="none", password=PASSWORD)
    assert done.status_code == 303, done.text


def returned(evening: Evening) -> None:
    signed(evening)
    supervise(evening, "return", comment="Please add the minutes.")


def co_signed(evening: Evening) -> None:
    signed(evening)
    supervise(evening, "co-sign", password=PASSWORD)
    added = {"kind": "correction", "was": "Open.", "text": "Open, then tired."}
    note = f"/sessions/{evening.id}/note"
    assert evening.fern.send(note, f"{note}/additions", **added).status_code == 303


def asked_often(evening: Evening) -> None:
    """One question in four sessions of the group; in one of them too few answered."""
    for stage in (tally, tally, withheld, tally):
        earlier = Evening(evening.served)
        stage(earlier)
        earlier.do("End")
        earlier.close()


def supervise(evening: Evening, verb: str, **filled: str) -> None:
    record = f"/review/{evening.id}"
    done = evening.served.desk("sol").send(record, f"{record}/{verb}", **filled)
    assert done.status_code == 303, done.text


def mark_everybody(evening: Evening) -> None:
    marks = ("present", "present", "present", "late", "left_early", "excused")
    for member, mark in zip(evening.served.clinic.roster, marks, strict=True):
        evening.do("MarkAttendance", member=member.id, mark=mark)


TEXTS = {"words": WITH_CARD, "cards": WITH_CARD, "leading": ALL_PARTS}
STAGES: dict[str, Callable[[Evening], None]] = {
    stage.__name__: stage
    for stage in (
        scheduled, doors_open, live, exercise, leading, scale, choice, choices, words, cards, few, tally, withheld,
        aloud, blank, joining, locked, asking, waited, ended, left, never_began, settled,
        signed, returned, co_signed, asked_often,
    )
}  # fmt: skip
