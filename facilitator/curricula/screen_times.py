"""The times at the ends of a screen's steps (``3. Write your card: 7 min``), written anew for another length. Pure.

A step is a line of a list that ends in a time with a mark before it (``: 7 min``, ``, 7 min``, ``(7 min)``); without a
mark it is one when the whole list adds up to the segment. All other times are left as the author wrote them. The HTML
is changed in the same places and not rendered again: nobody's text is rendered outside the worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from facilitator.curricula.model import Kind, Segment
from facilitator.curricula.segments import MOST_CHARACTERS
from facilitator.curricula.text import plain
from facilitator.curricula.times import LEAST_S, in_proportion, rounded, shared_out

_ITEM = re.compile(r"^\s*(?:[-*+]|[0-9]{1,3}[.)])\s")
_TAG = r"</?[a-z]+[^<>]*>"
_UNIT = r"(?:minutes|minute|mins|min|seconds|second|secs|sec|s)(?![a-z0-9])"
_END = re.compile(
    rf"(?<![0-9/])(?<![0-9][.,:])(?P<time>[0-9]{{1,3}} ?{_UNIT})"
    rf"(?:(?:[ ,;(*_]|{_TAG})+(?P<turn>[0-9]{{1,3}}(?: ?{_UNIT})?) each)?"
    rf"(?:[\s.,;!)*_]|{_TAG})*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"([0-9]+)( ?)([a-z]*)", re.IGNORECASE)
_MARK = re.compile(r"(?:(?<![0-9])[:,;?!.]|[:,;?!.=\u2013\u2014-]\s|\()[\s*_]*$")
# "5 to 7 min" leaves the choice to the room, and "2 x 3 min" is no length of its own.
_RANGE = re.compile(r"[0-9]\s*(?:-|\u2013|\u2014|to|or|x|\u00d7)\s*$", re.IGNORECASE)
_TIMES = re.compile(r"\b[0-9]{1,3} ?min(?:utes?|s)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """How long a step was and is now, in seconds; ``turn`` and ``turn_now``: the same of "3 each" (0: none)."""

    was: int
    now: int
    turn: int = 0
    turn_now: int = 0


@dataclass(frozen=True)
class Screen:
    """A segment's screen in other minutes: its steps, and the times in it that are ``left`` as they were written."""

    body: str
    html: str
    steps: tuple[Step, ...] = ()
    left: tuple[str, ...] = ()


def screen_in(segment: Segment, minutes: int) -> Screen:
    """The screen of ``segment`` when that takes ``minutes``."""
    if minutes == segment.minutes:
        return Screen(segment.body, segment.html)
    lines = segment.body.split("\n")
    steps = {} if _has_stray_stars(lines) else _fitted(_steps(segment, lines), segment.minutes, minutes)
    body = "\n".join(_written(line, steps[place]) if place in steps else line for place, line in enumerate(lines))
    html = _html(segment.html, lines, steps)
    if html is None or len(body) > MOST_CHARACTERS:
        return Screen(segment.body, segment.html, left=_left(lines, {}))
    return Screen(body, html, tuple(steps.values()), _left(lines, steps))


def _has_stray_stars(lines: Sequence[str]) -> bool:
    """Whether a * is left that makes nothing bold: what it does to the words behind it may hang on their length."""
    return any("*" in plain(_ITEM.sub("", line)) for line in lines)


def _left(lines: Sequence[str], steps: Mapping[int, Step]) -> tuple[str, ...]:
    """The times that stand elsewhere than at the end of a step."""
    kept = (_before_end(line) if place in steps else line for place, line in enumerate(lines))
    return tuple(time for line in kept for time in _TIMES.findall(line))


def _before_end(line: str) -> str:
    end = _END.search(line)
    return line[: end.start()] if end else line


def _steps(segment: Segment, lines: Sequence[str]) -> dict[int, Step]:
    """The steps by their line, each with its time as it was written."""
    whole = segment.minutes * 60
    steps, marked = {}, {}
    for place, line in enumerate(lines):
        end = _END.search(line) if _ITEM.match(line) else None
        if end is None or _RANGE.search(line[: end.start()]):
            continue
        step = _read(end)
        if 0 < step.was <= whole:
            steps[place] = step
            if _MARK.search(line[: end.start()]):
                marked[place] = step
    for some in (marked, steps):
        if _sum(some.values()) == whole:
            return some
    # "Each evening: 2 min" is about the days to come.
    return {} if segment.kind is Kind.HOME_PRACTICE else marked


def _sum(steps: Iterable[Step]) -> int:
    return sum(step.was for step in steps)


def _read(end: re.Match[str]) -> Step:
    was = _seconds(end["time"])
    turn = _seconds(end["turn"], like=end["time"]) if end["turn"] else 0
    return Step(was, was, turn, turn)


def _seconds(time: str, like: str = "") -> int:
    number, _, unit = _parts(time)
    return int(number) * (1 if _is_short(unit or _parts(like)[2]) else 60)


def _parts(time: str) -> tuple[str, str, str]:
    """Its number, what stands between, and its unit, which may be missing."""
    parts = _NUMBER.match(time)
    return (parts[1], parts[2], parts[3]) if parts else ("0", "", "")


def _is_short(unit: str) -> bool:
    return unit[:1] in ("s", "S")


def _fitted(steps: Mapping[int, Step], was: int, now: int) -> dict[int, Step]:
    """The steps of a segment of ``was`` minutes in ``now``; none when they are more than there are minutes.

    Whole minutes stay whole. What added up to the segment does so again; anything else is made longer or shorter.
    """
    long = [place for place, step in steps.items() if step.was % 60 == 0]
    short = [place for place in steps if place not in long]
    if len(long) + -(-LEAST_S * len(short) // 60) > now:
        return {}
    if _sum(steps.values()) == was * 60:
        seconds = _exactly(steps, long, short, now)
    else:
        share = Fraction(now, was)
        grains = {place: 60 if place in long else LEAST_S for place in steps}
        seconds = {
            place: in_proportion(steps[place].was, share, least=grain, most=now * 60, grain=grain)
            for place, grain in grains.items()
        }
    return {place: _turned(replace(step, now=seconds[place])) for place, step in steps.items()}


def _exactly(steps: Mapping[int, Step], long: Sequence[int], short: Sequence[int], now: int) -> dict[int, int]:
    """The seconds of each, ``now`` minutes in all: first the whole minutes, and the rest in steps of five seconds."""
    minutes = rounded(sum(steps[place].was for place in long) * now, _sum(steps.values())) if short else now
    minutes = max(len(long), min(minutes, now - -(-LEAST_S * len(short) // 60))) if long else 0
    rest = (now - minutes) * 60 // LEAST_S
    parts = [part * 60 for part in shared_out([steps[place].was for place in long], minutes)]
    parts += [part * LEAST_S for part in shared_out([steps[place].was for place in short], rest)]
    return dict(zip([*long, *short], parts, strict=True))


def _turned(step: Step) -> Step:
    if not step.turn:
        return step
    share = Fraction(step.now, step.was)
    return replace(step, turn_now=in_proportion(step.turn, share, least=LEAST_S, most=2 * step.turn, down=True))


def _written(line: str, step: Step) -> str:
    """``line``, Markdown or HTML, with the times of ``step`` as they are now."""
    end = _END.search(line)
    if end is None:
        return line
    start, stop = end.span("time")
    tail = line[stop:]
    if step.turn:
        first, last = end.span("turn")
        tail = line[stop:first] + _timed(end["turn"], step.turn_now, like=end["time"]) + line[last:]
    return line[:start] + _timed(end["time"], step.now) + tail


def _timed(time: str, seconds: int, like: str = "") -> str:
    """``time`` with another number: "1 minute" becomes "2 minutes", and 3 of "9 min, 3 each" perhaps "90 s"."""
    _, gap, unit = _parts(time)
    if _is_short(unit or _parts(like)[2]):
        return f"{seconds}{gap}{_counted(unit, seconds)}"
    if seconds % 60:
        return f"{seconds} s"
    return f"{seconds // 60}{gap}{_counted(unit, seconds // 60)}"


def _counted(unit: str, number: int) -> str:
    whole = unit.casefold()
    if whole in ("minute", "second"):
        return unit if number == 1 else f"{unit}s"
    return unit[:-1] if number == 1 and whole in ("minutes", "seconds", "mins", "secs") else unit


def _html(html: str, lines: Sequence[str], steps: Mapping[int, Step]) -> str | None:
    """``html`` with the same times changed; None when its lines are not those of the text."""
    rendered = html.split("\n")
    full = [place for place, line in enumerate(rendered) if re.sub(_TAG, "", line).strip()]
    typed = [place for place, line in enumerate(lines) if line.strip()]
    if len(full) != len(typed):
        return None
    for place, shown in zip(typed, full, strict=True):
        if place in steps:
            if _said(rendered[shown]) != _said(lines[place]):
                return None
            rendered[shown] = _written(rendered[shown], steps[place])
    return "\n".join(rendered)


def _said(line: str) -> tuple[str, str] | None:
    end = _END.search(line)
    return (end["time"], end["turn"]) if end else None
