from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select, update

from facilitator.people.access import NotYours
from facilitator.realtime import commands as c
from facilitator.realtime.live import Refused
from facilitator.records import audit, notes
from facilitator.records.document import write_up
from facilitator.records.notes import Incomplete, Stale, Status, Step
from facilitator.records.record import load
from facilitator.storage.tables import Audit, GroupSession, NoteStep, ProgressNote, Staff
from tests.conftest import Cast, Clinic
from tests.story import Archive, Story, as_planned, clock

WRITTEN = {"response": "The room was quiet and warmed up.", "incidents": "none"}


@pytest.fixture
def archive(clinic: Clinic) -> Archive:
    return Archive(clinic)


@pytest.fixture
def held(archive: Archive) -> GroupSession:
    """A session that ran as planned and waits for its note."""
    return archive.keep(as_planned(archive.story()))


class Desk:
    """What people do with notes, each in a transaction of its own."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    def note(self, session: GroupSession) -> ProgressNote:
        with self.clinic.db.read() as s:
            return s.get_one(ProgressNote, session.id)

    def sections(self, session: GroupSession) -> Mapping[str, str]:
        with self.clinic.db.read() as s:
            note = s.get_one(ProgressNote, session.id)
            return notes.sections_of(note, load(s, s.get_one(GroupSession, session.id), clock("20:00")))

    def do(self, session: GroupSession, deed: Callable[..., Any], *words: Any, **more: Any) -> Any:
        with self.clinic.db.write() as s:
            return deed(s, s.get_one(GroupSession, session.id), *words, **more)

    def write(self, session: GroupSession, by: Staff, written: Mapping[str, str], edition: int | None = None) -> None:
        now, edition = clock("20:00"), self.note(session).edition if edition is None else edition
        with self.clinic.db.read() as s:
            seen = load(s, s.get_one(GroupSession, session.id), now).live.rev
        self.do(session, notes.save, by, written, edition=edition, seen=seen, now=now)

    def sign(self, session: GroupSession, by: Staff, at: str = "20:05") -> ProgressNote:
        how = {"edition": self.note(session).edition, "time_zone": "America/Chicago", "now": clock(at)}
        return self.do(session, notes.sign, by, **how)

    def co_sign(self, session: GroupSession, by: Staff, comment: str = "") -> ProgressNote:
        return self.do(session, notes.co_sign, by, comment, edition=self.note(session).edition, now=clock("21:00"))

    def give_back(self, session: GroupSession, by: Staff, reason: str) -> ProgressNote:
        return self.do(session, notes.give_back, by, reason, edition=self.note(session).edition, now=clock("21:00"))

    def add(self, session: GroupSession, by: Staff, kind: Step, text: str, was: str = "") -> NoteStep:
        return self.do(session, notes.add, by, kind, text, was, clock("22:00"))

    def steps(self, session: GroupSession) -> list[str]:
        with self.clinic.db.read() as s:
            return [step.kind for step in notes.steps_of(s, session.id)]


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic)


@pytest.fixture
def signed(desk: Desk, held: GroupSession, cast: Cast) -> GroupSession:
    desk.write(held, cast.fern, WRITTEN)
    desk.sign(held, cast.fern)
    return held


def test_ending_drafts_a_note_once(desk: Desk, archive: Archive, cast: Cast):
    story = archive.story().start().end("18:10")
    session = archive.keep(story)
    desk.write(session, cast.fern, {"next": "Begin earlier."})

    archive.go_on(session, story.at("18:12").do(c.Reopen()).end("18:30"))

    assert (desk.note(session).status, desk.note(session).sections) == ("draft", {"next": "Begin earlier."})


def test_two_different_sessions_give_two_different_drafts_with_their_own_numbers(desk: Desk, archive: Archive):
    long = archive.story().start().note("18:02", "Long questions about waves.").enter("18:15", 1).enter("18:25", 2)
    long.enter("18:50", 5).end("18:56").do(c.MarkSegment(4, "skipped", "No time left."))

    first, second = archive.keep(as_planned(archive.story(day=17))), archive.keep(long)

    assert desk.sections(first)["done"] == (
        "6 of 6 segments were run, in 45 minutes of group time and a break of 5 minutes. The plan has 50 minutes."
    )
    assert desk.sections(first)["next"] == "Begin with how “Surf one urge” went."
    assert desk.sections(second)["done"] == (
        "4 of 6 segments were run, in 56 minutes of group time. The plan has 50 minutes. "
        "“Arrive and settle” took 15 minutes instead of 5. "
        "“Ride one small wave” took 25 minutes instead of 20. "
        "“Break” was skipped. “What did you notice?” was skipped: No time left."
    )
    assert desk.sections(second)["response"] == "Long questions about waves."
    assert desk.sections(second)["next"] == (
        "Come back to “What did you notice?”, which was skipped. Begin with how “Surf one urge” went."
    )


def test_a_session_that_the_clock_ended_claims_no_minutes_that_nobody_knows(desk: Desk, archive: Archive):
    story = archive.story().start().enter("18:05", 1)
    for member, _ in story.live.roster:
        story.mark("18:05", member, "present")

    session = archive.keep(story.at("20:50").do(c.EndByItself()))

    done = desk.sections(session)["done"]
    assert "Nobody ended the session, the clock did: when the group went home is not known." in done
    assert "minutes of group time" not in done
    assert "165" not in done


def test_a_session_that_was_continued_says_for_how_long_it_was_ended(desk: Desk, archive: Archive):
    story = archive.story().start().end("18:10").at("18:15").do(c.Reopen()).end("18:20")

    done = desk.sections(archive.keep(story))["done"]

    assert "in 15 minutes of group time" in done
    assert "The session was ended and continued after 5 minutes." in done


def test_nobody_without_a_mark_has_minutes(clinic: Clinic, archive: Archive):
    story = archive.story().start()
    session = archive.keep(story.mark("18:01", story.live.roster[0][0], "absent").end("18:50"))

    with clinic.db.read() as s:
        record = load(s, s.get_one(GroupSession, session.id), clock("20:00"))

    people = write_up(record, notes.sections_of(ProgressNote(session_id=session.id), record), "UTC")["people"]
    assert [one["minutes"] for one in people] == [0, None, None, None, None, None]


@pytest.mark.parametrize(("taken_back", "kept"), [(True, 0), (False, 1)])
def test_a_question_asked_aloud_by_mistake_leaves_the_record(
    clinic: Clinic, archive: Archive, taken_back: bool, kept: int
):
    story = archive.story().start().enter("18:05", 1).do(c.AskAloud("q1"))
    story.do(c.Undo() if taken_back else c.HideTally())

    session = archive.keep(story.end("18:50"))

    with clinic.db.read() as s:
        assert len(load(s, s.get_one(GroupSession, session.id), clock("20:00")).check_ins) == kept


def test_interventions_are_those_that_ran(desk: Desk, archive: Archive):
    session = archive.keep(archive.story().start().enter("18:05", 1).enter("18:15", 2).end("18:35"))

    assert desk.sections(session)["interventions"].splitlines() == ["Check-in", "Guided exercise"]


def test_a_note_entered_in_error_stays_out(desk: Desk, archive: Archive):
    story = archive.story().start().note("18:02", "Wrong group.").do(c.Undo()).note("18:05", "Warm room.").end("18:50")

    assert desk.sections(archive.keep(story))["response"] == "Warm room."


def test_a_section_follows_the_log_until_somebody_writes_in_it(desk: Desk, archive: Archive, cast: Cast):
    story = archive.story().start().enter("18:05", 1).end("18:50")
    session = archive.keep(story)
    shown = desk.sections(session)
    desk.write(session, cast.fern, {**shown, "response": "Many spoke."})

    archive.go_on(session, story.do(c.MarkSegment(5, "covered"), c.AddNote("A late thought.", "late")))

    assert desk.note(session).sections == {"response": "Many spoke."}
    assert desk.sections(session)["response"] == "Many spoke."
    assert desk.sections(session)["done"].startswith("3 of 6 segments")


def test_a_page_made_before_the_log_grew_does_not_freeze_what_it_showed(
    desk: Desk, clinic: Clinic, archive: Archive, cast: Cast
):
    story = archive.story().start().enter("18:05", 1).end("18:50")
    session = archive.keep(story)
    shown, seen = desk.sections(session), len(story.events)
    archive.go_on(session, story.do(c.MarkSegment(5, "covered")))

    written = {**shown, "incidents": "none"}
    desk.do(session, notes.save, cast.fern, written, edition=0, seen=seen, now=clock("20:00"))

    assert desk.note(session).sections == {"incidents": "none"}


def test_a_section_set_back_to_the_logs_words_follows_it_again(desk: Desk, held: GroupSession, cast: Cast):
    drafted = desk.sections(held)["done"]
    desk.write(held, cast.fern, {"done": "Something else."})

    desk.write(held, cast.fern, {"done": drafted})

    assert desk.note(held).sections == {}


def test_two_people_editing_at_once_cannot_overwrite_each_other(
    desk: Desk, archive: Archive, clinic: Clinic, cast: Cast
):
    session = archive.keep(as_planned(archive.story()), co_facilitator=cast.max)
    desk.write(session, cast.fern, {"response": "Fern's words."}, edition=0)

    with pytest.raises(Stale):
        desk.write(session, cast.max, {"response": "Max's words."}, edition=0)

    assert desk.note(session).sections == {"response": "Fern's words."}


def test_saving_nothing_new_is_no_new_edition(desk: Desk, held: GroupSession, cast: Cast):
    desk.write(held, cast.fern, desk.sections(held))

    assert desk.note(held).edition == 0


def test_signing_says_everything_that_is_missing(desk: Desk, archive: Archive, cast: Cast):
    story = archive.story().start().asks_to_talk("18:10", "Bo")
    for member, _ in story.live.roster[1:]:
        story.mark("18:11", member, "present")
    session = archive.keep(story.left())

    with pytest.raises(Incomplete) as refusal:
        desk.sign(session, cast.fern)

    assert [one.sentence for one in refusal.value.missing] == [
        "Say what was done for Bo, who asked to talk.",
        "Say whether Robin was here.",
        "Write how the group responded.",
        "Say whether there was an incident.",
    ]
    assert desk.note(session).status == "draft"


def test_an_incident_needs_its_words(desk: Desk, held: GroupSession, cast: Cast):
    desk.write(held, cast.fern, {**WRITTEN, "incidents": "yes"})

    with pytest.raises(Incomplete, match="Write what happened"):
        desk.sign(held, cast.fern)


def test_a_signed_note_is_frozen_word_for_word(desk: Desk, clinic: Clinic, held: GroupSession, cast: Cast):
    desk.write(held, cast.fern, WRITTEN)

    text = desk.sign(held, cast.fern).signed_text

    assert text is not None
    assert (text["group"], text["number"], text["plan"]["title"]) == ("Tuesday group", 1, "Riding out cravings")
    assert text["held"] == {"start": clock("18:00"), "end": clock("18:50")}
    assert (text["net_minutes"], text["break_minutes"], text["present"], text["expected"]) == (45, 5, 6, 6)
    assert [one["actual_minutes"] for one in text["segments"]] == [5, 10, 20, 5, 5, 5]
    assert text["people"][0]["minutes"] == 45
    assert text["sections"]["response"] == WRITTEN["response"]
    assert text["signed"] == {"by": "Fern", "at": clock("20:05"), "late_entry": False}
    assert text["home_practice"][0]["text"] == "Ride one small urge. Write down when."
    assert text["home_practice"][0]["html"] == "<p>Ride one small urge. Write down when.</p>"


def test_a_signed_note_holds_the_tally_and_never_who_asked_to_talk(desk: Desk, archive: Archive, cast: Cast):
    story = as_planned_with_check_in(archive.story())
    session = archive.keep(story)
    desk.write(session, cast.fern, WRITTEN)

    text = desk.sign(session, cast.fern).signed_text

    assert text is not None
    shown, withheld = text["check_ins"]
    assert shown["bands"][2] == {"label": "High, 7 to 10", "word": "about half"}
    assert (withheld["state"], withheld["bands"]) == ("withheld", [])
    assert text["asked_to_talk"] == [{"at": clock("18:16"), "handled_at": clock("18:17")}]
    assert "Zoltan" not in str(text)


def as_planned_with_check_in(story: Story) -> Story:
    story.start().enter("18:05", 1)
    for member, _ in story.live.roster:
        story.mark("18:06", member, "present")
    story.check_in("q1", [1, 2, 5, 7, 8, 9, 10]).check_in("q2", [0, 1, 1, 2])
    story.asks_to_talk("18:16", "Zoltan").at("18:17").do(c.HandleRequest("zoltan", "We spoke outside."))
    return story.end("18:50")


def test_nothing_signs_before_the_end(desk: Desk, archive: Archive, cast: Cast):
    story = archive.story().start().end("18:10")
    session = archive.keep(story)
    archive.go_on(session, story.at("18:12").do(c.Reopen()))

    with pytest.raises(Refused, match="goes on"):
        desk.sign(session, cast.fern)


def test_nobody_signs_for_somebody_else(desk: Desk, held: GroupSession, cast: Cast):
    desk.write(held, cast.fern, WRITTEN)

    for somebody_else in (cast.sol, cast.max, cast.ada):
        with pytest.raises(NotYours):
            desk.sign(held, somebody_else)
        with pytest.raises(NotYours):
            desk.write(held, somebody_else, {"response": "Not mine."})


def test_a_co_facilitator_may_sign(desk: Desk, archive: Archive, cast: Cast):
    session = archive.keep(as_planned(archive.story()), co_facilitator=cast.max)
    desk.write(session, cast.max, WRITTEN)

    assert desk.sign(session, cast.max).signed_by == cast.max.id


def test_a_note_signed_three_days_later_is_a_late_entry(desk: Desk, archive: Archive, cast: Cast):
    session = archive.keep(as_planned(archive.story(day=20)))
    desk.write(session, cast.fern, WRITTEN)

    text = desk.sign(session, cast.fern).signed_text

    assert text is not None
    assert text["signed"]["late_entry"]


def test_a_signed_note_cannot_be_changed_or_signed_again(desk: Desk, signed: GroupSession, cast: Cast):
    with pytest.raises(Refused, match="Add an addendum instead"):
        desk.write(signed, cast.fern, {"response": "Better words."})
    with pytest.raises(Refused, match="Add an addendum instead"):
        desk.sign(signed, cast.fern)


def test_a_supervisor_co_signs_and_the_record_is_locked(desk: Desk, signed: GroupSession, cast: Cast):
    note = desk.co_sign(signed, cast.sol, "Good call to pause.")

    assert (note.status, note.co_signed_by, note.co_signed_at) == (Status.CO_SIGNED, cast.sol.id, clock("21:00"))
    assert desk.steps(signed) == ["signed", "co-signed"]


def test_a_supervisor_never_co_signs_their_own_session(desk: Desk, archive: Archive, cast: Cast):
    session = archive.keep(as_planned(archive.story()), facilitator=cast.sol)
    desk.write(session, cast.sol, WRITTEN)
    desk.sign(session, cast.sol)

    with pytest.raises(NotYours):
        desk.co_sign(session, cast.sol)
    with pytest.raises(NotYours):
        desk.co_sign(session, cast.fern)


def test_a_note_goes_back_only_with_a_reason(desk: Desk, signed: GroupSession, cast: Cast):
    with pytest.raises(Incomplete, match="Write what should change"):
        desk.give_back(signed, cast.sol, "")

    assert desk.give_back(signed, cast.sol, "Say who was told about the fall.").status == Status.RETURNED


def test_a_returned_note_is_edited_signed_again_and_keeps_both_signed_texts(
    desk: Desk, clinic: Clinic, signed: GroupSession, cast: Cast
):
    desk.give_back(signed, cast.sol, "Say more about the exercise.")
    desk.write(signed, cast.fern, {"response": "The exercise was hard at first."})
    desk.sign(signed, cast.fern, at="21:30")

    with clinic.db.read() as s:
        texts = [step.signed_text for step in notes.steps_of(s, signed.id) if step.kind == Step.SIGNED]

    assert [text and text["sections"]["response"] for text in texts] == [
        WRITTEN["response"],
        "The exercise was hard at first.",
    ]
    assert desk.steps(signed) == ["signed", "returned", "signed"]


def test_only_a_signed_note_is_co_signed_or_returned(desk: Desk, held: GroupSession, cast: Cast):
    with pytest.raises(Refused, match="does not wait"):
        desk.co_sign(held, cast.sol)
    with pytest.raises(Refused, match="does not wait"):
        desk.give_back(held, cast.sol, "Too early.")


def test_a_co_signature_is_for_the_note_that_was_read(desk: Desk, signed: GroupSession, cast: Cast):
    read = desk.note(signed).edition
    desk.give_back(signed, cast.sol, "Say more.")
    desk.write(signed, cast.fern, {"response": "More."})
    desk.sign(signed, cast.fern)

    with pytest.raises(Stale):
        desk.do(signed, notes.co_sign, cast.sol, "", edition=read, now=clock("21:00"))


def test_after_signing_words_are_only_added(desk: Desk, clinic: Clinic, signed: GroupSession, cast: Cast):
    before = desk.note(signed).signed_text

    desk.co_sign(signed, cast.sol)
    desk.add(signed, cast.fern, Step.ADDENDUM, "A member called on Monday.")
    desk.add(signed, cast.fern, Step.LATE_ENTRY, "We opened a window.")
    correction = desk.add(signed, cast.fern, Step.CORRECTION, "It was the second wave.", "It was the first wave.")

    assert desk.note(signed).signed_text == before
    assert correction.signed_text == {"was": "It was the first wave."}
    assert desk.steps(signed) == ["signed", "co-signed", "addendum", "late entry", "correction"]


def test_a_correction_keeps_the_old_words(desk: Desk, signed: GroupSession, cast: Cast):
    with pytest.raises(Incomplete, match="They stay legible"):
        desk.add(signed, cast.fern, Step.CORRECTION, "The second exercise.")


def test_additions_come_from_those_who_led(desk: Desk, signed: GroupSession, cast: Cast):
    for somebody_else in (cast.sol, cast.max, cast.ada):
        with pytest.raises(NotYours):
            desk.add(signed, somebody_else, Step.ADDENDUM, "I was told.")


def test_nothing_is_added_to_a_draft(desk: Desk, held: GroupSession, cast: Cast):
    with pytest.raises(Refused, match="Write in the note itself"):
        desk.add(held, cast.fern, Step.ADDENDUM, "A thought.")


def test_every_step_is_in_the_audit_with_a_digest_of_its_words(
    desk: Desk, clinic: Clinic, signed: GroupSession, cast: Cast
):
    desk.co_sign(signed, cast.sol)

    with clinic.db.read() as s:
        rows = s.exec(select(Audit).where(Audit.target == signed.id).order_by(col(Audit.seq))).all()
        digests = [notes.digest_of(step) for step in notes.steps_of(s, signed.id)]

    assert [row.action for row in rows] == ["note.drafted", "note.saved", "note.signed", "note.co_signed"]
    assert [row.details["digest"] for row in rows[2:]] == digests
    assert rows[3].details["role"] == "supervisor"
    assert "quiet" not in str([row.details for row in rows])
    assert audit.verify(clinic.db) is None


@pytest.mark.parametrize("attempt", [update(NoteStep).values(text="Nothing."), delete(NoteStep)])
def test_what_happened_to_a_note_cannot_be_unmade(clinic: Clinic, desk: Desk, signed: GroupSession, attempt: object):
    with pytest.raises(DBAPIError), clinic.db.write() as s:
        s.exec(attempt)

    assert desk.steps(signed) == ["signed"]


def test_a_session_that_never_began_has_a_note_that_says_so(desk: Desk, archive: Archive):
    session = archive.keep(archive.story().doors().end("18:20"))

    assert desk.sections(session)["done"] == "The doors were closed again before the session began."
    assert desk.sections(session)["objectives"] == ""


def test_a_session_that_never_began_can_be_signed_without_marks(desk: Desk, archive: Archive, cast: Cast):
    session = archive.keep(archive.story().doors().end("18:20"))
    desk.write(session, cast.fern, {"incidents": "none"})

    assert desk.sign(session, cast.fern).status == Status.SIGNED


def test_the_number_in_the_series_counts_what_was_held(clinic: Clinic, archive: Archive):
    clinic.session(at=clock("18:00", day=3))
    first, second = (archive.keep(as_planned(archive.story(day=day))) for day in (10, 17))

    def number(s: Session, session: GroupSession) -> int:
        return load(s, s.get_one(GroupSession, session.id), clock("20:00")).number

    with clinic.db.read() as s:
        assert (number(s, first), number(s, second)) == (1, 2)
