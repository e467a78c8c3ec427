"""A plan that calls every exercise there is, three in a segment."""

from __future__ import annotations

ALL_PARTS = """---
id: T97
title: Everything there is to do
track: both
version: 1.0
length: 140 min
---

## Opening: Arrive (5 min)

Feet on the floor

## Exercise: Round the room (20 min)

Do (go-round, 60 s each): One word for today

Do (pairs, 2 rounds of 2 min): Read only your fair line

Do (breathing pacer, in 4, hold 2, out 6, 3 min): Breathe with the circle, if it suits you

## Exercise: In the body (30 min)

Do (grounding steps, 40 s each): Land in this room
- Five things you can see
- Four things you can touch
- Three things you can hear
- Two things you can smell
- One slow breath

Do (body scan, 30 s each): From the feet up
- Feet
- Knees
- Back
- Shoulders
- Jaw

Do (urge wave, 8 min): How strong is the pull now?
> Aloud: Draw the shape of your wave in the air.

## Exercise: On cards (30 min)

Do (sort cards, helps / gets in the way / not sure): Where would you put each card?
- A walk around the block
- Checking the phone in bed
- A call to a friend
- Skipping lunch

Do (scenario cards, safe / risky / deadly): What could Sam do next?
- Sam finds an old bag in the coat from last winter. Nobody is home.
- A friend writes at midnight: come over, everyone is here.
- Sam has slept four hours and has an argument at breakfast.

Do (rank, top 3): Which of these would you miss first?
- Sleep
- My own room
- Sunday breakfast
- Music
- Being on time

## Exercise: For yourself (30 min)

Do (ladder, 6 rungs): Easiest at the bottom
- Walk past the shop with a friend
- Say no by text

Do (decision grid, act on it / wait, now / later): What would each bring?

Do (week grid, morning / afternoon / evening): Place three good things
- A walk
- A meal with somebody
- Ten quiet minutes

## Exercise: What matters (10 min)

Do (values cards, keep 3): What matters to you?
- Family
- Honesty
- Humor
- Rest
- Learning
- Courage

Do (quiz): True or false?
- A craving grows until you give in. False: most rise and fall again within half an hour.
- Sleep loss makes cravings stronger. True: the tired brain reaches for what is quick.
- Only weak people slip. False: a slip says what was missing, and nothing about worth.

Do (role-play, speaker / listener / observer, 3 rounds of 4 min): Ask for one small thing
- Ask a friend for a ride
- Ask for a quiet hour at home

## Exercise: On paper (10 min)

Do (silent writing, 5 min): A line to a friend
- What I did not say was
- Next week I would like

Do (thought record, 8 min): One moment from this week

Do (plan builder, 8 min): My plan for Friday night
- What I will do first
- Who I can call
- Where I will be at nine
- What I will say if somebody offers

## Closing: One word (5 min)

One word each
"""
