"""The plan of a session at the length that was chosen for it: frozen as it will be run, with what was cut in words."""

from __future__ import annotations

from typing import Any

from facilitator.curricula.fit import Fitted, fit
from facilitator.curricula.fitted_text import fitted_text
from facilitator.curricula.stored import to_stored
from facilitator.records.editions import frozen_plan, plan_in, sha256
from facilitator.storage.tables import GroupSession, PlanEdition


def fit_of(edition: PlanEdition, minutes: int | None) -> Fitted:
    """The plan of ``edition`` in ``minutes`` on the clock; None leaves it as it is written. Raises CannotFit."""
    plan = plan_in(edition)
    return fit(plan, plan.minutes if minutes is None else minutes)


def frozen_at(edition: PlanEdition, minutes: int | None) -> dict[str, Any]:
    """The columns of a session that runs ``edition`` in ``minutes`` (None: as it is written). Raises CannotFit."""
    columns = frozen_plan(edition) | {"plan_fit": None}
    if minutes is None or minutes == edition.minutes:
        return columns
    plan = plan_in(edition)
    fitted = fit(plan, minutes)
    text = fitted_text(edition.text, plan, fitted)
    return columns | {
        "plan_minutes": fitted.plan.minutes,
        "plan_text": text,
        "plan_sha256": sha256(text),
        "plan_read": to_stored(fitted.plan),
        "plan_fit": {
            "length": minutes,
            "minutes": edition.minutes,
            "written": [None if source is None else plan.segments[source].minutes for source in fitted.sources],
            "changes": list(fitted.changes),
            "warnings": list(fitted.warnings),
        },
    }


def length_of(session: GroupSession) -> int | None:
    """The length that was chosen for a session; None: its plan runs as it is written."""
    return session.plan_fit["length"] if session.plan_fit else None
