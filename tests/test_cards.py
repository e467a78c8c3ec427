"""Wall cards: a few words that nobody can trace, and that no screen shows before somebody of staff has read them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from facilitator.curricula.parse import parse_plan
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.hub import Refused, Seated
from facilitator.realtime.keys import KeyFolder
from facilitator.realtime.store import log_of
from facilitator.settings import Settings
from facilitator.storage.backup import back_up
from facilitator.storage.tables import Ballot, WallCard
from tests.asked import hub_with
from tests.cards import CARD, SIX, WITH_CARD
from tests.conftest import Clinic


class Table:
    """A session whose phones may write, at its question for a few words."""

    def __init__(self, clinic: Clinic, keys: Path, *, wall_cards: bool = True) -> None:
        self.db, self._fern = clinic.db, c.Person(clinic.cast.fern.id, "Fern")
        self._start = lambda: hub_with(KeyFolder(keys), clinic.db, clinic.clock)
        self.hub = self._start()
        self.hub.settings = replace(self.hub.settings, wall_cards=wall_cards)
        self.id = clinic.session(text=WITH_CARD).id
        self.seats: list[str] = []
        for command in (c.OpenDoors(), c.Start(), c.EnterSegment(1)):
            self.do(command)

    def start_again(self) -> None:
        """The server is another process, which knows only what is kept."""
        told, self.hub = self.hub.settings, self._start()
        self.hub.settings = told

    def do(self, command: c.AnyCommand, by: c.Person | None = None) -> None:
        self.hub.run(self.id, command, by or self._fern)

    def ask(self) -> str:
        """Open it; the check-in."""
        self.do(c.OpenCheckIn(CARD))
        check_in = self.hub.live(self.id).open_check_in
        assert check_in is not None
        return check_in.id

    def write(self, check_in: str, words: list[str]) -> None:
        """One phone for each of these cards."""
        for number, one in enumerate(words):
            if number == len(self.seats):
                place = self.hub.take_seat(self.id, None, None)
                assert isinstance(place, Seated)
                self.seats.append(place.seat)
            self.hub.answer(self.id, self.seats[number], check_in, one)

    def collect(self, words: list[str]) -> str:
        """Ask, let phones write, and close; the check-in."""
        check_in = self.ask()
        self.write(check_in, words)
        self.do(c.CloseCheckIn(check_in))
        return check_in

    def card(self, words: str) -> str:
        """The id of the card that says this."""
        return next(card.id for card in self.hub.cards(self.id) if card.text == words)

    def kept(self) -> dict[str, str]:
        """Every card in the database, with its state."""
        with self.db.read() as s:
            return {card.text: card.state for card in s.exec(select(WallCard))}

    def counts(self, check_in: str) -> dict[str, int]:
        """What the console is told of the cards."""
        (asking,) = [one for one in self.hub.console_view(self.id)["check_ins"] if one["id"] == check_in]
        return dict(asking["cards"])

    def screens(self) -> str:
        """Everything that is pushed to anybody."""
        views = [self.hub.console_view(self.id), self.hub.projector_view(self.id), *self.hub.phone_views(self.id)[:2]]
        return json.dumps(views)

    def log(self) -> list[e.Event]:
        with self.db.read() as s:
            return [line.event for line in log_of(s, self.id)]


@pytest.fixture
def table(clinic: Clinic, settings: Settings) -> Table:
    return Table(clinic, settings.runtime)


def test_while_the_setting_is_off_it_is_asked_aloud(clinic: Clinic, settings: Settings) -> None:
    table = Table(clinic, settings.runtime, wall_cards=False)
    with pytest.raises(Refused, match="Ask this one aloud"):
        table.do(c.OpenCheckIn(CARD))
    table.do(c.AskAloud(CARD))
    assert table.hub.projector_view(table.id)["asked"]["kind"] == "words"


def test_an_open_card_is_a_sealed_ballot_like_any_other(table: Table, settings: Settings) -> None:
    check_in = table.ask()
    table.write(check_in, [*SIX[:5], "🌊" * 120])
    with table.db.read() as s:
        sealed = [ballot.sealed for ballot in s.exec(select(Ballot))]
    assert len(sealed) == 6 and len({len(one) for one in sealed}) == 1
    assert table.kept() == {} and table.hub.cards(table.id) == []
    for file in (*settings.data.iterdir(), *settings.runtime.iterdir()):
        assert SIX[0].encode() not in file.read_bytes(), file
    assert SIX[0] not in table.screens()


def test_a_second_card_replaces_the_first_and_a_skip_takes_it_out(table: Table) -> None:
    check_in = table.ask()
    table.write(check_in, SIX)
    table.write(check_in, ["Something else"])
    table.hub.answer(table.id, table.seats[5], check_in, None)
    table.do(c.CloseCheckIn(check_in))
    assert set(table.kept()) == {"Something else", *SIX[1:5]}


def test_below_the_floor_no_card_is_left(table: Table) -> None:
    check_in = table.collect(SIX[:4])
    assert table.kept() == {}
    assert table.hub.live(table.id).check_ins[check_in].tally == {"state": "withheld", "bands": []}
    assert not any(words in str(table.log()) for words in SIX)


def test_closing_lays_the_cards_down_without_a_trace_of_their_order(clinic: Clinic, settings: Settings) -> None:
    orders = set()
    for evening in range(4):
        table = Table(clinic, settings.runtime / str(evening))
        table.collect(SIX)
        orders.add(tuple(card.text for card in table.hub.cards(table.id)))
    assert len(orders) > 1
    columns = set(WallCard.__table__.columns.keys())
    assert columns == {"id", "check_in_id", "text", "state"}
    with clinic.db.read() as s:
        made = s.connection().exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'wall_card'").scalar_one()
        assert "WITHOUT ROWID" in made
        assert s.exec(select(Ballot)).all() == []


def test_nothing_of_a_card_is_on_any_screen_before_somebody_read_it(table: Table) -> None:
    check_in = table.collect(SIX)
    with pytest.raises(Refused, match="Read the cards first"):
        table.do(c.ShowTally(check_in))
    assert not any(words in table.screens() for words in SIX)
    assert table.counts(check_in) == {"waiting": 6, "approved": 0}


def test_the_group_sees_approved_cards_only_while_they_are_shown(table: Table) -> None:
    check_in = table.collect(SIX)
    table.do(c.ApproveCard(table.card("It passes")))
    table.do(c.ApproveCard(table.card("Waves end")))
    table.do(c.LeaveOutCard(table.card("I can ring home")))
    assert table.counts(check_in) == {"waiting": 3, "approved": 2}
    assert "It passes" not in table.screens()
    table.do(c.ShowTally(check_in))
    for view in (table.hub.projector_view(table.id), table.hub.phone_view(table.id, table.seats[0])):
        assert sorted(view["tally"]["cards"]) == ["It passes", "Waves end"]
    assert "cards" not in table.hub.console_view(table.id)["tally"]
    table.do(c.LeaveOutCard(table.card("It passes")))
    assert table.hub.projector_view(table.id)["tally"]["cards"] == ["Waves end"]
    table.do(c.HideTally())
    assert "Waves end" not in table.screens()


def test_a_decision_names_what_should_be_and_twice_does_no_harm(table: Table) -> None:
    table.collect(SIX)
    card, before = table.card("It passes"), len(table.log())
    table.do(c.ApproveCard(card))
    table.do(c.ApproveCard(card))
    table.do(c.LeaveOutCard(card))
    table.do(c.LeaveOutCard(card))
    assert [type(event).__name__ for event in table.log()[before:]] == ["CardApproved", "CardLeftOut"]
    assert table.kept()["It passes"] == "left_out"


def test_each_decision_can_be_taken_back_to_what_was_before(table: Table) -> None:
    check_in = table.collect(SIX)
    card = table.card("It passes")
    table.do(c.ApproveCard(card))
    table.do(c.Undo())
    assert table.kept()["It passes"] == "waiting" and table.counts(check_in) == {"waiting": 6, "approved": 0}
    table.do(c.ApproveCard(card))
    table.do(c.LeaveOutCard(card))
    table.do(c.Undo())
    assert table.kept()["It passes"] == "approved" and table.counts(check_in) == {"waiting": 5, "approved": 1}
    table.do(c.LeaveOutCard(card))
    table.do(c.ApproveCard(card))
    table.do(c.Undo())
    assert table.kept()["It passes"] == "left_out"


def test_what_was_left_out_is_in_no_line_of_the_log(table: Table) -> None:
    table.collect(SIX)
    table.do(c.LeaveOutCard(table.card("It passes")))
    table.do(c.ApproveCard(table.card("Waves end")))
    said = [event.text for event in table.log() if isinstance(event, e.CardApproved)]
    assert said == ["Waves end"]
    assert "It passes" not in str(table.log())


def test_at_the_end_every_card_is_gone_and_only_the_log_has_what_was_approved(table: Table) -> None:
    table.collect(SIX)
    card = table.card("It passes")
    table.do(c.ApproveCard(table.card("Waves end")))
    table.do(c.LeaveOutCard(card))
    table.do(c.End())
    assert table.kept() == {}
    with pytest.raises(Refused, match="ended"):
        table.do(c.ApproveCard(card))
    table.do(c.Reopen())
    for command in (c.ApproveCard(card), c.LeaveOutCard(card)):
        with pytest.raises(Refused, match="not here any more"):
            table.do(command)
    assert "It passes" not in str(table.log())


def test_after_the_end_no_file_holds_what_the_group_did_not_see(table: Table, settings: Settings) -> None:
    table.collect(SIX)
    table.do(c.ApproveCard(table.card("Waves end")))
    table.do(c.LeaveOutCard(table.card("It passes")))
    table.do(c.End())
    files = [file.read_bytes() for file in settings.data.iterdir()]
    assert any(b"Waves end" in file for file in files)
    for words in set(SIX) - {"Waves end"}:
        assert not any(words.encode() in file for file in files), words


def test_a_journal_that_somebody_reads_is_emptied_later(table: Table, settings: Settings) -> None:
    table.collect(SIX)
    with table.db.read() as s:
        s.exec(select(WallCard)).all()
        table.do(c.End())
    table.hub.tidy_keys()
    assert not any(b"It passes" in file.read_bytes() for file in settings.data.iterdir())


def test_a_session_that_ends_over_an_open_question_lays_no_card_down(table: Table) -> None:
    table.write(table.ask(), SIX)
    table.do(c.End())
    assert table.kept() == {}
    assert not any(words in str(table.log()) for words in SIX)


def test_at_the_end_a_colleague_can_take_nothing_back_either(table: Table, clinic: Clinic) -> None:
    gus = c.Person("gus", "Gus")
    table.collect(SIX)
    table.do(c.ApproveCard(table.card("Waves end")))
    table.do(c.LeaveOutCard(table.card("Waves end")))
    table.do(c.TakeControl(), gus)
    table.do(c.End(), gus)
    table.do(c.Reopen(), gus)
    with pytest.raises(Refused, match="nothing of yours"):
        table.do(c.Undo())


def test_a_card_of_another_session_is_not_here(table: Table, clinic: Clinic, settings: Settings) -> None:
    table.collect(SIX)
    other = Table(clinic, settings.runtime)
    with pytest.raises(Refused, match="not here any more"):
        other.do(c.ApproveCard(table.card("It passes")))
    assert other.hub.cards(other.id) == []


def test_asked_again_of_the_same_phones_no_card_is_shown(table: Table) -> None:
    table.collect(SIX)
    table.do(c.ApproveCard(table.card("It passes")))
    again = table.collect([*SIX[:5], "Changed my mind"])
    assert table.hub.live(table.id).check_ins[again].tally == {"state": "withheld", "reason": "again", "bands": []}
    assert "Changed my mind" not in table.kept()


def test_it_all_holds_after_a_restart(table: Table) -> None:
    check_in = table.ask()
    table.write(check_in, SIX)
    table.start_again()
    table.do(c.CloseCheckIn(check_in))
    table.do(c.ApproveCard(table.card("It passes")))
    table.start_again()
    assert table.counts(check_in) == {"waiting": 5, "approved": 1}


def test_a_lost_key_leaves_no_card(table: Table, settings: Settings) -> None:
    check_in = table.ask()
    table.write(check_in, SIX)
    KeyFolder(settings.runtime).destroy(check_in)
    table.start_again()
    table.do(c.CloseCheckIn(check_in))
    assert table.kept() == {}
    assert table.hub.live(table.id).check_ins[check_in].tally == {"state": "uncounted", "bands": []}


def test_no_backup_holds_a_card_that_waits(table: Table, settings: Settings, tmp_path: Path) -> None:
    table.collect(SIX)
    back_up(settings.database_url, tmp_path / "copy.db")
    copy = (tmp_path / "copy.db").read_bytes()
    assert not any(words.encode() in copy for words in SIX)


@pytest.mark.parametrize("how", ["a few words", "few words", "word", "words", "text", "Text, sensitive"])
def test_a_plan_asks_for_a_few_words(how: str) -> None:
    plan = parse_plan(WITH_CARD.replace("(a few words)", f"({how})"))
    prompt = plan.prompt(CARD)
    assert prompt is not None and prompt.kind == "words" and prompt.options == ()
    assert prompt.sensitive == ("sensitive" in how)
    assert prompt.accepts("It passes") and prompt.accepts("é" * 120)
    for value in ("", "x" * 121, "two\nlines", 3, [1], None):
        assert not prompt.accepts(value)


def test_a_sensitive_card_needs_the_higher_floor(table: Table, clinic: Clinic) -> None:
    text = WITH_CARD.replace("(a few words)", "(a few words, sensitive)")
    table.id, table.seats = clinic.session(text=text).id, []
    for command in (c.OpenDoors(), c.Start(), c.EnterSegment(1)):
        table.do(command)
    table.collect(SIX)
    assert table.kept() == {}
