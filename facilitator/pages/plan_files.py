"""Plans as files: taken along in a zip with checksums, and brought in from one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import PurePath

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from facilitator.curricula.packs import LARGEST_PACK, pack
from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.people.access import Unknown
from facilitator.records import bringing
from facilitator.records.bringing import Brought, NotBrought, PlanRead
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
    try:
        read = bringing.read_file_of_plans(house().worker, name, data, by=me().id)
    except NotBrought as error:
        return _page(problems=error.problems), 422
    with house().db.write() as s:
        brought = bringing.bring_in(s, me(), house().clock(), [(plan.name, plan.text) for plan in read.plans])
    return _page(rows=list(zip(brought, read.plans, strict=True)), curricula=read.curricula)


def _page(
    *,
    problems: Sequence[tuple[str, str]] = (),
    rows: Sequence[tuple[Brought, PlanRead]] = (),
    curricula: Sequence[str] = (),
) -> str:
    return render_template(
        "plans/bring.html",
        refused=problems,
        rows=rows,
        curricula=curricula,
        problems={"pack": "Nothing was brought in."} if problems else {},
    )
