"""A small plan and a short way to tell a session's story to the pure engine."""

from __future__ import annotations

from facilitator.curricula.exercises import shape_prompt
from facilitator.curricula.model import Exercise, Kind, Part, Plan, Prompt, PromptKind, Scale, Segment
from facilitator.realtime import commands as c
from facilitator.realtime import events as e
from facilitator.realtime.live import Live, decide, fold, scheduled
from facilitator.realtime.state import MINUTE
from facilitator.realtime.tally import CARDS as CARDS_TALLY

NOON = 1_790_000_000_000
FERN = c.Person("fern", "Fern")
GUS = c.Person("gus", "Gus")
ROSTER = (("m1", "Amara"), ("m2", "Ben"), ("m3", "Chidi"))
MOOD = Prompt("q1", "Right now my mood is", PromptKind.SCALE, scale=Scale(0, 10, "very low", "very good"))
PRACTICE = Prompt("q2", "Home practice", PromptKind.CHOICE, options=("I did it", "I did some", "Not this time"))
CRAVING = Prompt(
    "q3", "Strongest craving", PromptKind.SCALE, scale=Scale(0, 10, "none", "the strongest"), sensitive=True
)
FEELINGS = Prompt("q4", "Feelings that fit", PromptKind.CHOICES, options=("calm", "sad", "tired", "hopeful"), most=3)
HOME = Prompt("q5", "One thing I take home", PromptKind.WORDS)
PAIRS = Exercise("x1", Part.PAIRS, "Read only your fair line", rounds=2, each_s=120)
QUIZ = Exercise(
    "x2",
    Part.QUIZ,
    "True or false?",
    items=("A wave falls by itself.", "Only the strong ride it."),
    truths=(True, False),
    reasons=("It takes minutes.", "It is a skill."),
)
ROUND = Exercise("x3", Part.GO_ROUND, "One word", each_s=30)
WAVE = Exercise("x4", Part.URGE_WAVE, "How strong is the pull now?", each_s=480, prompt="q6")
EXERCISES = (PAIRS, QUIZ, ROUND, WAVE)
CARDS = {"k1": "It passes", "k2": "I can ring home"}
PLAN = Plan(
    id="T99",
    title="A short session",
    track="both",
    version="1.0",
    minutes=30,
    segments=(
        Segment("Arrive", Kind.OPENING, 3, html="<p>Welcome.</p>"),
        Segment("How I am", Kind.CHECK_IN, 7, html="<p>Two questions.</p>", prompts=(MOOD, PRACTICE)),
        Segment(
            "One small wave", Kind.EXERCISE, 15, html="<p>Breathe.</p>", prompts=(CRAVING,), exercises=(PAIRS, QUIZ)
        ),
        Segment(
            "One word",
            Kind.CLOSING,
            5,
            html="<p>One word.</p>",
            prompts=(FEELINGS, HOME, shape_prompt(WAVE, "q6")),
            exercises=(ROUND, WAVE),
        ),
    ),
    welcome_html="<p>Come in.</p>",
)


class Story:
    """A session that is told command by command, as the hub would run it, with ``now`` in milliseconds."""

    def __init__(self, plan: Plan = PLAN) -> None:
        self.begin = scheduled(plan, NOON)
        self.live: Live = self.begin
        self.log: list[e.Event] = []
        self.now = NOON
        self._ids = 0

    def after(self, *, minutes: float = 0, seconds: float = 0) -> Story:
        """Let time pass."""
        self.now += round(minutes * MINUTE + seconds * 1000)
        return self

    def do(self, command: c.AnyCommand, by: c.Person | None = FERN) -> list[e.Event]:
        """Carry out a command and return what happened."""
        happened = decide(self.live, self._handed(command), self.now, by)
        self.live = fold(self.live, happened)
        self.log += happened
        return happened

    def _handed(self, command: c.AnyCommand) -> c.AnyCommand:
        self._ids += 1
        match command:
            case c.OpenDoors(roster=()):
                return c.OpenDoors(ROSTER)
            case c.OpenCheckIn(check_in="") as opening:
                return c.OpenCheckIn(opening.prompt, f"c{self._ids}", 5, 7, wall_cards=True)
            case c.AddNote(note="") as note:
                return c.AddNote(note.text, f"n{self._ids}")
            case c.AddGuest(guest="") as guest:
                return c.AddGuest(guest.name, f"g{self._ids}")
            case c.CloseCheckIn(tally=None) as closing:
                return c.CloseCheckIn(closing.check_in, self._tally(closing.check_in))
            case c.ApproveCard(card, check_in=""):
                laid_down = self._cards()
                return c.ApproveCard(card, laid_down, CARDS[card] if laid_down else "")
            case c.LeaveOutCard(card, check_in=""):
                return c.LeaveOutCard(card, self._cards())
            case c.End(tally=None):
                return c.End({"state": "withheld", "bands": []})
            case c.EndByItself(tally=None):
                return c.EndByItself({"state": "withheld", "bands": []})
            case _:
                return command

    def _tally(self, check_in: str) -> dict[str, object]:
        asked = self.live.check_ins.get(check_in)
        return CARDS_TALLY if asked and asked.prompt == HOME.id else {"state": "withheld", "bands": []}

    def _cards(self) -> str:
        """The check-in whose cards are on the table."""
        if self.live.state == "ended":
            return ""
        return next((key for key, one in self.live.check_ins.items() if one.has_cards), "")


def going(plan: Plan = PLAN) -> Story:
    """A session that has just gone live, led by Fern."""
    story = Story(plan)
    story.do(c.OpenDoors())
    story.do(c.Start())
    return story
