"""The list of plans: what somebody looks for, what there is to choose from, and where to loosen when nothing fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.front_matter import TRACKS
from facilitator.curricula.model import Kind, Part
from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.people.access import Role, groups_of, may_enter
from facilitator.records import shelf
from facilitator.storage.tables import Group

LONGEST_SEARCH = 200
UNSEEN = frozenset({"Cc", "Cf", "Cs"})
FIELDS = {"tracks": "track", "minutes": "minutes", "kinds": "kind", "parts": "part", "states": "state"}
HEADINGS = {
    "tracks": "Track",
    "minutes": "Minutes, as written",
    "kinds": "Has a segment of",
    "parts": "Has an exercise of",
    "states": "For this group",
}
LOOSENED = {
    "tracks": "track",
    "minutes": "length",
    "kinds": "kind of segment",
    "parts": "kind of exercise",
    "states": "state, done or not",
}


def index() -> ResponseReturnValue:
    """Every plan, or those that fit what is looked for; beside them what one group has had."""
    staff, looked = me(), _looked()
    with house().db.read() as s:
        stock = house().shelf.stock(s)
        groups = [] if staff.role == Role.ADMINISTRATOR else [one for one in groups_of(s, staff) if one.active]
        group = next((one for one in groups if one.id == request.args.get("group")), None)
        had = shelf.had(s, group.id, house().clock()) if group else shelf.Had()
    if not group:
        looked = replace(looked, states=frozenset())
    found, asked = shelf.look(stock.plans, looked, had), _asked(looked, group)
    page = _page(len(found.plans))
    meant = "" if found.plans else _meant(stock, looked, had)
    return render_template(
        "plans/index.html",
        found=found,
        plans=found.plans[(page - 1) * shelf.A_PAGE : page * shelf.A_PAGE],
        page=page,
        a_page=shelf.A_PAGE,
        longest=stock.longest,
        total=len(stock.plans),
        looked=looked,
        filters=_filters(stock, found, _states(looked, had) if group else ()),
        asked=asked,
        kinds=[(str(kind), 0) for kind in Kind if kind in stock.options["kinds"]],
        meant=meant,
        without_letters=bool(looked.words.strip()) and not looked.beginnings,
        loosened=_loosened(found, asked) if not found.plans else [],
        curricula=house().curricula,
        most=shelf.most,
        groups=groups,
        group=group,
        had=had,
        may_write=may_enter(Role(staff.role), "plans.start"),
    )


def _looked() -> shelf.Looked:
    asked = request.args
    return shelf.Looked(
        words="".join(map(_shown, asked.get("words", "")[:LONGEST_SEARCH])),
        tracks=frozenset(asked.getlist("track")),
        minutes=frozenset(asked.getlist("minutes")),
        kinds=frozenset(asked.getlist("kind")),
        parts=frozenset(asked.getlist("part")),
        states=frozenset(asked.getlist("state")),
        sort="title" if asked.get("sort") == "title" else "code",
    )


def _shown(character: str) -> str:
    """A character that somebody looks for; what cannot be seen, or turns the words around it, is no part of a word."""
    return "" if unicodedata.category(character) in UNSEEN else character


def _meant(stock: shelf.Stock, looked: shelf.Looked, had: shelf.Had) -> str:
    """Words to look for in place of those that nothing has, where that finds something."""
    meant = shelf.meant(stock, looked.words)
    return meant if meant and shelf.finds_any(stock.plans, replace(looked, words=meant), had) else ""


def _page(number: int) -> int:
    """The page that the address asks for, as far as there is one."""
    asked = request.args.get("page", "")
    last = max(1, -(-number // shelf.A_PAGE))
    return min(max(1, int(asked)), last) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


@dataclass(frozen=True)
class Filter:
    """One group of tick boxes: its field in the form, its words, and each option with how many plans it would leave."""

    field: str
    words: str
    options: tuple[tuple[str, str, int], ...]


def _states(looked: shelf.Looked, had: shelf.Had) -> tuple[str, ...]:
    """What a plan can be for a group. Nothing is "on now" most of the day, and then it is no choice."""
    is_on = had.running or shelf.ON_NOW in looked.states
    return tuple(state for state in shelf.STATES if state != shelf.ON_NOW or is_on)


def _filters(stock: shelf.Stock, found: shelf.Found, states: Sequence[str]) -> list[Filter]:
    """The boxes beside the list. An option that no plan has is not offered; one that nothing is left of is, with 0."""
    ordered: dict[str, Iterable[str]] = {
        "tracks": TRACKS,
        "minutes": sorted(stock.options["minutes"], key=int),
        "kinds": map(str, Kind),
        "parts": map(str, Part),
        "states": states,
    }
    options = {name: _options(name, ordered[name], stock.options[name], found) for name in FIELDS}
    return [Filter(FIELDS[name], HEADINGS[name], some) for name, some in options.items() if some]


def _options(
    name: str, ordered: Iterable[str], there: Collection[str], found: shelf.Found
) -> tuple[tuple[str, str, int], ...]:
    unit = " min" if name == "minutes" else ""
    counts = found.counts[name]
    return tuple((value, f"{value.capitalize()}{unit}", counts[value]) for value in ordered if value in there)


def _asked(looked: shelf.Looked, group: Group | None) -> dict[str, Any]:
    """What the address of this list says, so that another page or order of it can say the same."""
    chosen = {FIELDS[name]: sorted(getattr(looked, name)) for name in FIELDS if getattr(looked, name)}
    asked = chosen | {"words": looked.words, "group": group.id if group else "", "sort": looked.sort}
    return {name: value for name, value in asked.items() if value and (name, value) != ("sort", "code")}


def _loosened(found: shelf.Found, asked: dict[str, Any]) -> list[tuple[str, int, dict[str, Any]]]:
    """Where nothing fits: each filter that could go, how many plans there are without it, and the address of those."""
    loosened = []
    for name, number in found.without.items():
        field = FIELDS.get(name, name)
        words = f"Without “{asked['words']}”" if name == "words" else f"Any {LOOSENED[name]}"
        loosened.append((words, number, {each: value for each, value in asked.items() if each != field}))
    return loosened
