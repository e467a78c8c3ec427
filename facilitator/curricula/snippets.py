"""What an author can put in with one press: a whole plan to begin with, and a piece of each kind, ready to run."""

from __future__ import annotations

from facilitator.curricula.exercises import FORMS
from facilitator.curricula.model import Part

NEW_PLAN = """---
id: {id}
title: A new session
track: both
version: 1.0
length: 50 min
language: en
objectives:
  - Say in one line what people can do afterwards
sources: our own
licence: CC BY 4.0
---

Take any seat. We start in a moment.

## Opening: Arrive and settle (5 min)

Both feet on the floor

One slow breath

> Say: "Welcome. You may pass at any time, and you may always step out."
> Cue: Say the limits of privacy aloud before anything else.

## Check-in: How am I here today? (5 min)

Ask (scale 0-10, not at all to very much): How much do I want to be here?
> Aloud: "Think of a number from 0 to 10. You can keep it to yourself."

> Say: "One question on your phone, or inside your head."
> Cue: Read the picture as "some of us". If it is held back, go on without it.

## Teaching: One thing worth knowing (10 min)

One short line

An everyday example

> Say: "Here is one idea, with an example from an ordinary day."
> Cue: Ask for their examples before you give yours.

## Exercise: Try it here (15 min)

Do (silent writing, 5 min): One line for myself
- The next time it happens I

> Say: "Write it or just think it. Nobody will read it."
> Cue: Do it yourself first, aloud, with something small.
> Safety: If somebody goes quiet and far away, sit beside them: "I am here. Shall we step out together?"
> Opt out: Looking out of the window is fine, too.
> Remote: Cameras may be off meanwhile.
> Handout: **The next time it happens I** ................

## Discussion: What did you notice? (7 min)

What was easier than you thought?

> Cue: Link two people who said the same. Leave silence alone for ten seconds.

## Home practice: The smallest step (4 min)

When, and where?

> Say: "Choose something so small that you could do it tonight."

## Closing: How am I leaving? (4 min)

Ask (scale 0-10, not sure to very sure): How sure am I that I will try it?
> Aloud: "Nod if you think that you might."

> Say: "Thank you for being here."
> Cue: Ask quietly who would like a word with staff before they go.
"""

PIECES = {
    "Opening": """## Opening: Arrive and settle (5 min)

Both feet on the floor

> Say: "Welcome. You may pass at any time."
""",
    "Check-in": """## Check-in: How am I here today? (5 min)

Ask (scale 0-10, not at all to very much): How much do I want to be here?
> Aloud: "Think of a number from 0 to 10. You can keep it to yourself."
""",
    "Teaching": """## Teaching: One thing worth knowing (10 min)

One short line

> Say: "Here is one idea, with an example from an ordinary day."
""",
    "Cue": "> Cue: What to do, watch or ask, with times.\n",
    "Safety": '> Safety: What may go wrong, its sign, and "the first sentence to say". Who takes over.\n',
    "Aloud": '> Aloud: "How to ask the question above without phones."\n',
    "Closing": """## Closing: How am I leaving? (5 min)

One word each, or pass

> Say: "Thank you for being here."
""",
}

_ITEMS = {
    Part.QUIZ: ("One thing is true. True: this is why.", "Another is not. False: this is why."),
    Part.GROUNDING_STEPS: ("Feel your feet on the floor", "Look at something green"),
    Part.BODY_SCAN: ("Your feet", "Your hands"),
}
# An urge wave leads to a question.
ASKED_ALOUD = '> Aloud: "Stronger, the same or weaker than a minute ago? Keep it to yourself."\n'
_CARDS = ("First card", "Second card", "Third card", "Fourth card")


def exercises() -> dict[str, str]:
    """A segment for each kind of exercise, by its name."""
    return {part.value.capitalize(): _segment(part) for part in Part}


def _segment(part: Part) -> str:
    least = FORMS[part].items[0]
    items = _ITEMS.get(part, _CARDS[:least])
    lines = "".join(f"- {item}\n" for item in items) + ASKED_ALOUD * (part is Part.URGE_WAVE)
    return f"""## Exercise: Try it here (15 min)

{FORMS[part].example}
{lines}
> Say: "You can do it, watch, or pass."
> Cue: Do it yourself first, aloud, with something small.
> Safety: If it is too much for somebody, sit beside them: "Shall we step out together?"
> Opt out: Looking out of the window is fine, too.
"""
