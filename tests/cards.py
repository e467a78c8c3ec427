"""A question for a few words, in a plan of its own."""

from __future__ import annotations

from tests.evening import PLAN
from tests.questions import QUESTIONS

CARD = "q5"
WITH_CARD = PLAN.replace(QUESTIONS, f"{QUESTIONS}Ask (a few words): One thing I take home\n\n")
SIX = ["Breathe out slowly", "It passes", "I can call", "Waves end", "Not alone", "Small steps"]
