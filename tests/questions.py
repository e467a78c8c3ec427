"""The four questions that evenings are made of: a scale, one choice, several choices, a sensitive scale."""

from __future__ import annotations

QUESTIONS = """Ask (scale 0-10, very low to very good): Right now my mood is

Ask (choose one): Home practice since last time
- I did it
- I did some
- Not this time

Ask (choose up to 2): What helps me most
- A walk
- A call
- Sleep

Ask (scale 0-10, none to the strongest I have felt, sensitive): Strongest craving today
> Aloud: "Keep your number to yourself."

"""
