"""A question for a few words, in a plan of its own."""

from __future__ import annotations

from tests.evening import PLAN
from tests.questions import QUESTIONS

CARD = "q5"
WITH_CARD = PLAN.replace(QUESTIONS, f"{QUESTIONS}Ask (a few words): One thing I take home\n\n")
# Words that no plan of the library has: files are searched for them.
# Words that no plan of the library holds: files are searched for them.
SIX = ["Kettles sing slowly", "It passes", "I can ring home", "Waves end", "Not alone", "Small steps"]
