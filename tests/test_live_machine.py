"""Any commands in any order keep the rules of a session, and replaying its log gives it back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from facilitator.realtime import commands as c
from facilitator.realtime.events import from_row, to_row
from facilitator.realtime.live import Refused, evolve, fold
from facilitator.realtime.screens import Door, Presence, console_view, phone_view, projector_view
from tests.engine import FERN, GUS, Story

PEOPLE = st.sampled_from([FERN, GUS])
SIMPLE = st.sampled_from(
    [
        c.OpenDoors(), c.Start(), c.PauseTimer(), c.ResumeTimer(), c.OpenCheckIn(), c.HideTally(), c.Blank(),
        c.Unblank(), c.StopExercise(), c.ShowJoin(), c.HideJoin(), c.Lock(), c.Unlock(), c.Admit(waiting=1),
        c.Undo(), c.TakeControl(), c.End(), c.Reopen(),
    ]
)  # fmt: skip
PROMPTS = st.sampled_from(["q1", "q2", "q3", "q4", "q5", "q9"])
CARDS = st.sampled_from(["k1", "k2"])
EXERCISES = st.sampled_from(["x1", "x2", "x3", "x4", "x9"])
WITH_A_PLACE = st.one_of(
    st.builds(c.EnterSegment, st.integers(-1, 5)),
    st.builds(c.AddTime, st.integers(-600, 600)),
    st.builds(c.OpenCheckIn, PROMPTS),
    st.builds(c.AskAloud, PROMPTS),
    st.builds(c.StartExercise, EXERCISES),
    st.builds(c.StepExercise, EXERCISES, st.integers(-1, 4)),
    st.builds(c.ApproveCard, CARDS),
    st.builds(c.LeaveOutCard, CARDS),
    st.builds(c.MarkSegment, st.integers(-1, 5), st.sampled_from(["covered", "skipped", "odd"]), st.just("")),
    st.builds(
        c.MarkAttendance, st.sampled_from(["m1", "m2", "mx"]), st.sampled_from(["present", "late", "absent", "odd"])
    ),
    st.builds(c.AddGuest, st.sampled_from(["Kim", "Lou"])),
    st.builds(c.AddNote, st.sampled_from(["Quiet.", "Two stayed."])),
    st.builds(c.HandleRequest, st.sampled_from(["r1", "r9"]), st.just("Talked.")),
)


class SessionMachine(RuleBasedStateMachine):
    """Two facilitators, phones and the clock do whatever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()

    def _try(self, command: c.AnyCommand, by: c.Person | None) -> None:
        before = self.story.live
        try:
            happened = self.story.do(command, by)
        except Refused as refused:
            assert self.story.live == before
            assert str(refused).endswith((".", "?"))
        else:
            assert self.story.live.rev == before.rev + len(happened)

    @rule(command=st.one_of(SIMPLE, WITH_A_PLACE), by=PEOPLE)
    def somebody_commands(self, command: c.AnyCommand, by: c.Person) -> None:
        self._try(command, by)

    @rule(by=PEOPLE, newest=st.booleans())
    def somebody_closes_and_shows(self, by: c.Person, newest: bool) -> None:
        asked = list(self.story.live.check_ins)
        if asked:
            self._try(c.CloseCheckIn(asked[-1 if newest else 0]), by)
            self._try(c.ShowTally(asked[-1 if newest else 0]), by)

    @rule()
    def a_phone_asks_for_staff(self) -> None:
        self._try(c.RaiseRequest("r1", "Sam"), None)

    @rule(name=st.sampled_from(["Robin", ""]))
    def another_phone_asks_for_staff(self, name: str) -> None:
        self._try(c.RaiseRequest(f"r{len(self.story.live.requests) + 2}", name), None)

    @rule(minutes=st.integers(0, 90))
    def time_passes(self, minutes: int) -> None:
        self.story.after(minutes=minutes)
        self._try(c.EscalateRequests(), None)
        self._try(c.EndByItself(), None)

    @invariant()
    def replaying_the_log_gives_the_session_back(self) -> None:
        rows = [(*to_row(event), event.at, event.by) for event in self.story.log]
        read = [from_row(name, data, at=at, by=by) for name, data, at, by in rows]
        assert fold(self.story.begin, read) == self.story.live

    @invariant()
    def at_most_one_check_in_is_open_and_none_after_the_end(self) -> None:
        is_open = [one for one in self.story.live.check_ins.values() if one.state == "open"]
        assert len(is_open) <= (1 if self.story.live.state == "live" else 0)
        assert all(one.tally is not None for one in self.story.live.check_ins.values() if one.state == "closed")

    @invariant()
    def nobody_who_waits_is_forgotten_at_the_end(self) -> None:
        live = self.story.live
        if live.state == "ended":
            assert live.ended_by_itself or not live.open_requests
            assert all(request.escalated_at is not None for request in live.open_requests)

    @invariant()
    def a_timer_runs_or_stands_and_runs_only_in_a_live_unblanked_session(self) -> None:
        live = self.story.live
        assert live.timer.ends_at is None or live.timer.remaining_ms is None
        if live.timer.ends_at is not None:
            assert live.state == "live" and not live.blank and live.segment is not None

    @invariant()
    def an_exercise_runs_in_a_live_session_at_one_of_its_steps_and_stands_with_the_timer(self) -> None:
        live = self.story.live
        if live.exercise is None:
            return
        exercise = live.plan.exercise(live.exercise.exercise)
        assert exercise is not None and live.state == "live"
        assert 0 <= live.exercise.step < (exercise.steps or 5)
        timer = live.exercise.timer
        assert (timer is None) == (exercise.each_s == 0)
        assert timer is None or (timer.ends_at is None) == (live.timer.ends_at is None)

    @invariant()
    def stays_follow_each_other_and_at_most_the_last_goes_on(self) -> None:
        runs = self.story.live.runs
        assert all(run.left_at is not None for run in runs[:-1])
        assert all(one.left_at <= two.entered_at for one, two in pairwise(runs) if one.left_at)
        if runs and self.story.live.state == "live":
            assert runs[-1].left_at is None and runs[-1].segment == self.story.live.segment

    @invariant()
    def the_room_sees_only_cards_that_were_approved_of_the_check_in_that_is_shown(self) -> None:
        live = self.story.live
        tally = projector_view(live, Presence(), None, self.story.now)["tally"] or {}
        approved = [card.text for card in live.cards.values() if card.text and card.check_in == live.shown]
        assert sorted(tally.get("cards", [])) == sorted(approved if not live.blank else [])

    @invariant()
    def what_is_on_the_screens_is_closed_and_the_end_clears_them(self) -> None:
        live = self.story.live
        assert live.shown is None or live.check_ins[live.shown].state == "closed"
        assert not (live.shown and live.asked_aloud)
        if live.state == "ended":
            assert not (live.blank or live.shown or live.asked_aloud or live.join_shown)

    @invariant()
    def somebody_leads_from_the_first_leading_command_on(self) -> None:
        assert self.story.live.state == "scheduled" or self.story.live.controller is not None

    @invariant()
    def every_screen_can_be_drawn(self) -> None:
        live, now = self.story.live, self.story.now
        console_view(live, Presence(), now)
        phone_view(live, Presence(), now)
        projector_view(live, Presence(), Door("CDF-GHJ", "x"), now)

    @invariant()
    def the_log_folds_one_line_at_a_time(self) -> None:
        if self.story.log:
            before = fold(self.story.begin, self.story.log[:-1])
            assert evolve(before, self.story.log[-1]) == self.story.live


SessionMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnySession = SessionMachine.TestCase
