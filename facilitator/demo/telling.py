"""Tells one past evening to the real engine, with the times at which it happened, so that its log is a real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from facilitator.curricula.model import Exercise, Plan, Prompt, PromptKind, Segment
from facilitator.demo.evenings import Evening
from facilitator.realtime import commands as c
from facilitator.realtime import store
from facilitator.realtime.events import Event
from facilitator.realtime.live import decide, fold, scheduled
from facilitator.realtime.seats import new_id
from facilitator.realtime.state import MINUTE
from facilitator.realtime.tally import count
from facilitator.settings import Settings
from facilitator.storage.engine import Session
from facilitator.storage.tables import CheckInRow

SECOND = 1000
DOORS_BEFORE = 6 * MINUTE
# How long a tally stays on the screen, the room takes to answer, and an interruption lasts.
SHOWN_FOR = 40 * SECOND
ANSWERED_IN = 25 * SECOND
INTERRUPTED_FOR = 80 * SECOND
ONE_IN_SKIPS = 9
NOT_HERE = ("absent", "excused")


class Telling:
    """One session being told. ``members`` are ids by first name; ``leader`` gives the commands."""

    def __init__(
        self,
        evening: Evening,
        plan: Plan,
        settings: Settings,
        leader: c.Person,
        members: Mapping[str, str],
        random: Random,
    ) -> None:
        self._evening, self._plan, self._settings = evening, plan, settings
        self._leader, self._members, self._random = leader, members, random
        self._phones = sum(evening.away.get(name) not in NOT_HERE for name in members)
        self.log: list[Event] = []
        self.now = 0

    def tell(self, scheduled_at: int) -> None:
        """The whole evening, from the doors to the end; then ``log`` is whole and ``now`` is the end (ms UTC)."""
        self._live = scheduled(self._plan, scheduled_at)
        self.now = scheduled_at - DOORS_BEFORE
        self._do(c.OpenDoors(roster=tuple((member, name) for name, member in self._members.items())))
        self._until(scheduled_at + self._evening.starts_late * MINUTE)
        self._do(c.Start())
        self._mark_those(lambda mark: mark not in ("late", "left_early"))
        if self._evening.guest:
            self._do(c.AddGuest(self._evening.guest, guest=new_id()))
        for index, segment in enumerate(self._plan.segments):
            if segment.kind not in self._evening.skipped:
                self._run(index, segment)
            if index == 1:
                self._mark_those(lambda mark: mark == "late")
            if index == len(self._plan.segments) - 2:
                self._mark_those(lambda mark: mark == "left_early")
        self._say_why()
        self._end()

    def keep(self, s: Session, session_id: str) -> None:
        """Store the log as the hub would have, line by line."""
        store.append(s, session_id, 0, self.log)
        s.add_all(CheckInRow(id=check_in, session_id=session_id, state="closed") for check_in in self._live.check_ins)
        store.set_state(s, session_id, self._live.state)

    def _do(self, command: c.AnyCommand) -> None:
        events = decide(self._live, command, self.now, self._leader)
        self._live = fold(self._live, events)
        self.log += events

    def _until(self, at: int) -> None:
        self.now = max(self.now, at)

    def _mark_those(self, chosen: Callable[[str], bool]) -> None:
        for name, member in self._members.items():
            mark = self._evening.away.get(name, "present")
            if name not in self._evening.unmarked and chosen(mark):
                self._do(c.MarkAttendance(member, mark))

    def _run(self, index: int, segment: Segment) -> None:
        began, planned = self.now, segment.minutes * MINUTE
        wobble = self._random.randrange(-25, 25) * SECOND
        ends = began + self._evening.took.get(segment.kind, segment.minutes) * MINUTE + wobble
        step = (ends - began) // (len(segment.prompts) + len(segment.exercises) + 2)
        self._do(c.EnterSegment(index))
        led_to = {exercise.prompt for exercise in segment.exercises}
        first = [prompt for prompt in segment.prompts if prompt.id not in led_to]
        for number, prompt in enumerate(first, start=1):
            self._until(began + number * step)
            self._ask(segment, prompt)
        for number, exercise in enumerate(segment.exercises, start=len(first) + 1):
            self._until(began + number * step)
            self._lead(exercise, step)
            for prompt in (one for one in segment.prompts if one.id == exercise.prompt):
                self._ask(segment, prompt)
        self._until(ends - step)
        self._be_interrupted(segment)
        if added := self._evening.added.get(segment.kind):
            self._until(began + planned - MINUTE)
            self._do(c.AddTime(added * 60))
        self._until(ends)

    def _lead(self, exercise: Exercise, lasts: int) -> None:
        steps = exercise.steps or self._phones
        self._do(c.StartExercise(exercise.id))
        for step in range(1, steps):
            self.now += lasts // steps
            self._do(c.StepExercise(exercise.id, step))
        self.now += lasts // max(1, steps)
        self._do(c.StopExercise())

    def _ask(self, segment: Segment, prompt: Prompt) -> None:
        floor = self._settings.sensitive_floor if prompt.sensitive else self._settings.floor
        if self._phones < floor and segment.kind not in self._evening.asked_anyway:
            self._do(c.AskAloud(prompt.id))
        else:
            self._open_and_close(prompt)
        self.now += SHOWN_FOR
        self._do(c.HideTally())

    def _open_and_close(self, prompt: Prompt) -> None:
        check_in = new_id()
        floor, sensitive_floor = self._settings.floor, self._settings.sensitive_floor
        self._do(c.OpenCheckIn(prompt.id, check_in=check_in, floor=floor, sensitive_floor=sensitive_floor))
        self.now += ANSWERED_IN
        skips = sum(self._random.randrange(ONE_IN_SKIPS) == 0 for _ in range(self._phones))
        answers = [self._answer_to(prompt) for _ in range(self._phones - skips)]
        tally = count(prompt, answers, self._live.check_ins[check_in].floor)
        self._do(c.CloseCheckIn(check_in, tally=tally))
        self._do(c.ShowTally(check_in))

    def _answer_to(self, prompt: Prompt) -> int | list[int]:
        if prompt.kind is PromptKind.SCALE:
            assert prompt.scale is not None
            return round(self._random.triangular(prompt.scale.low, prompt.scale.high))
        options = range(len(prompt.options))
        if prompt.kind is PromptKind.CHOICE:
            return self._random.choice(options)
        return self._random.sample(options, self._random.randint(1, prompt.most))

    def _be_interrupted(self, segment: Segment) -> None:
        evening = self._evening
        if segment.kind in evening.notes:
            self._do(c.AddNote(evening.notes[segment.kind], note=new_id()))
        if evening.blanked is segment.kind:
            self._around(c.Blank(), c.Unblank())
        if evening.paused is segment.kind:
            self._around(c.PauseTimer(), c.ResumeTimer())
        if evening.asked_to_talk and evening.asked_to_talk.during is segment.kind:
            request = new_id()
            self._around(
                c.RaiseRequest(request, evening.asked_to_talk.name),
                c.HandleRequest(request, evening.asked_to_talk.outcome),
            )

    def _around(self, begin: c.AnyCommand, end: c.AnyCommand) -> None:
        self._do(begin)
        self.now += INTERRUPTED_FOR
        self._do(end)

    def _say_why(self) -> None:
        skipped = {kind: ("skipped", reason) for kind, reason in self._evening.skipped.items()}
        marks = {**skipped, **self._evening.marks}
        for index, segment in enumerate(self._plan.segments):
            if segment.kind in marks:
                self._do(c.MarkSegment(index, *marks[segment.kind]))

    def _end(self) -> None:
        if not self._evening.forgot_to_end:
            self._do(c.End())
            return
        due = self._live.ends_by_itself_at
        assert due is not None
        self._until(due)
        self._do(c.EndByItself())
