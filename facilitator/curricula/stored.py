"""A plan as JSON and back, so that what was once read, with its rendered screens, is never read again.

An edition keeps this beside its text, and so does every session: today's reader may understand a text otherwise than
the reader of that evening did, or refuse it, and the log of that evening must still say what the room saw. Fields that
a later version adds get their default, and those that it no longer knows are passed over; ``FORMAT`` goes up only when
old ones come to mean something else.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from facilitator.curricula.model import Exercise, Part, Plan
from facilitator.curricula.problems import PlanError, Problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 1

_UNREADABLE = "This plan was kept in a form that this version of the product cannot read."

_Data = TypeVar("_Data", bound="DataclassInstance")


def to_stored(plan: Plan) -> str:
    """``plan`` as JSON on one line; the same plan always gives the same text. What is by default is left out."""
    kept = {"format": FORMAT, "plan": tell(plan)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=128)
def from_stored(stored: str) -> Plan:
    """The plan in what ``to_stored`` gave, made once for all who ask. Raises PlanError for anything else."""
    try:
        kept = json.loads(stored)
        if kept["format"] != FORMAT:
            raise ValueError(kept["format"])
        plan = make(Plan, kept["plan"])
        if not _holds_together(plan):
            raise ValueError(plan.id)
        return plan
    except (LookupError, TypeError, ValueError, RecursionError):
        raise PlanError([Problem(1, _UNREADABLE)]) from None


def _holds_together(plan: Plan) -> bool:
    """Whether pages and sessions can go through it: what they take for granted of every plan that was ever read."""
    prompts = [prompt.id for _, prompt in plan.prompts()]
    exercises = [exercise for _, exercise in plan.exercises()]
    return (
        bool(plan.segments)
        and all(segment.minutes > 0 for segment in plan.segments)
        and len(set(prompts)) == len(prompts)
        and len({exercise.id for exercise in exercises}) == len(exercises)
        and all(exercise.prompt is None or exercise.prompt in prompts for exercise in exercises)
        and all(each.part is not Part.QUIZ or _is_answered(each) for each in exercises)
    )


def _is_answered(quiz: Exercise) -> bool:
    return len(quiz.truths) == len(quiz.reasons) == len(quiz.items)


def tell(value: Any) -> Any:
    """A dataclass of the model, or a tuple of them, as plain JSON."""
    if is_dataclass(value):
        return {
            field.name: tell(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != field.default
        }
    if isinstance(value, tuple):
        return [tell(each) for each in value]
    return value


def make(kind: type[_Data], told: Any) -> _Data:
    """What ``tell`` was told of a ``kind``. Raises TypeError or ValueError when a field is missing or another thing."""
    if not isinstance(told, dict):
        raise TypeError(f"{told!r} is no {kind.__name__}")
    hints = _hints(kind)
    known = {field.name: field for field in fields(kind)}
    given = {name: _read(hints[name], value) for name, value in told.items() if name in known}
    if missing := [name for name, field in known.items() if name not in given and _is_needed(field)]:
        raise TypeError(f"{kind.__name__} without {missing}")
    return kind(**given)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value)
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else _read(_only(hint), value)
    if isinstance(hint, type) and is_dataclass(hint):
        return make(hint, value)
    if issubclass(hint, StrEnum):
        return hint(value)
    if type(value) is not hint:
        raise TypeError(f"{value!r} is no {hint.__name__}")
    return value


def _tuple(hints: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is no list")
    if hints[1:] == (...,):
        return tuple(_read(hints[0], value) for value in values)
    return tuple(_read(hint, value) for hint, value in zip(hints, values, strict=True))


def _only(hint: Any) -> Any:
    """What may be there, of something that may be there or not."""
    [kind] = [each for each in get_args(hint) if each is not type(None)]
    return kind
