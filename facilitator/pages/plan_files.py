"""Plans as files: taken along in a zip with checksums, and brought in from one."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.keeper import CannotRead
from facilitator.curricula.packs import LARGEST_PACK, TOO_LARGE, pack
from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.people.access import Unknown
from facilitator.records import bringing
from facilitator.records.bringing import Brought
from facilitator.records.local_time import local_date

CHOOSE = "Choose a file: a plan that ends in .md, or a pack that ends in .zip."


def export() -> ResponseReturnValue:
    """Every plan in use, or the one that is asked for, in a zip."""
    plan_id = request.args.get("plan")
    with house().db.read() as s:
        files = bringing.to_take_along(s, plan_id)
    if not files:
        raise Unknown("There is no such plan in the library.")
    day = local_date(house().clock(), house().settings.time_zone)
    name = f"plans-{day}.zip" if plan_id is None else f"{PurePath(next(iter(files))).stem}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pack(files), mimetype="application/zip", headers=headers)


def bring() -> ResponseReturnValue:
    """The form that brings plans in."""
    return _page()


def bring_now() -> ResponseReturnValue:
    """Bring in a plan or a pack: all of it becomes drafts, or nothing is changed and it is said why."""
    sent = request.files.get("pack")
    if sent is None or not sent.filename:
        return _page(problems=[("", CHOOSE)]), 422
    with closing(sent):
        data = sent.read(LARGEST_PACK + 1)
    name = PurePath(sent.filename.replace("\\", "/")).name
    if len(data) > LARGEST_PACK:
        return _page(problems=[(name, TOO_LARGE)]), 422
    try:
        told = house().worker.ask("bring", name=name, data=b64encode(data).decode())
    except CannotRead as error:
        return _page(problems=[(name, str(error))]), 422
    problems = [(each[0] or name, each[1]) for each in told["problems"]]
    plans = [] if problems else [_read(plan, problems) for plan in told["plans"]]
    problems += bringing.twins((plan.name, plan.id) for plan in plans)
    if problems:
        return _page(problems=problems), 422
    with house().db.write() as s:
        brought = bringing.bring_in(s, me(), house().clock(), [(plan.name, plan.text) for plan in plans])
    return _page(rows=list(zip(brought, plans, strict=True)), curricula=told["curricula"])


@dataclass(frozen=True)
class _File:
    """A plan in a file: its id ("" when it has errors), how many errors, and what was mended on the way in."""

    name: str
    text: str
    id: str
    errors: int
    mended: tuple[str, ...]


def _read(file: dict[str, Any], problems: list[tuple[str, str]]) -> _File:
    """What a file holds; that it cannot be read at all is noted."""
    try:
        found = house().worker.ask("check", text=file["text"])
    except CannotRead as error:
        problems.append((file["name"], str(error)))
        found = {"plan": None, "errors": []}
    plan_id = found["plan"]["id"] if found["plan"] else ""
    return _File(file["name"], file["text"], plan_id, len(found["errors"]), tuple(file["mended"]))


def _page(
    *,
    problems: Sequence[tuple[str, str]] = (),
    rows: Sequence[tuple[Brought, _File]] = (),
    curricula: Sequence[str] = (),
) -> str:
    return render_template(
        "plans/bring.html",
        refused=problems,
        rows=rows,
        curricula=curricula,
        problems={"pack": "Nothing was brought in."} if problems else {},
    )
