"""What a group answered over several sessions. Which group is in the address."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from facilitator.pages import house
from facilitator.pages.gate import me
from facilitator.pages.trends_drawing import draw
from facilitator.people.access import group_for
from facilitator.records import audit, review
from facilitator.records.record import held
from facilitator.records.trends import trends as trends_of

# As many as a picture has room for on a phone.
MOST_SESSIONS = 12


def trends() -> ResponseReturnValue:
    """The trends of the group that was asked for, or of the first one."""
    now = house().clock()
    with house().db.read() as s:
        groups, _ = review.choices(s)
        asked = request.args.get("group") or next((group_id for group_id, _ in groups), "")
        group = group_for(s, me(), asked) if asked else None
        records = held(s, group.id, now, MOST_SESSIONS) if group else []
    if group:
        with house().db.write() as s:
            audit.write(s, me().id, "trends.read", group.id, {"role": me().role}, now)
    return render_template(
        "review/trends.html",
        groups=groups,
        group=group,
        records=records,
        trends=[(trend, draw(trend) if trend.is_drawn else None) for trend in trends_of(records)],
        most=MOST_SESSIONS,
        now=now,
    )
