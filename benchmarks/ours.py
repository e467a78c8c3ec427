"""The product as it is served, with one group and one live session in a folder of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from facilitator import runtime


def main(mode: str, folder: Path) -> None:
    """Serve on a free loopback port; print it with all that a load needs."""
    runtime.start(mode)
    from facilitator import create_app
    from facilitator.people import groups, staff
    from facilitator.people.passwords import hashed
    from facilitator.realtime import commands as c
    from facilitator.records import editions
    from facilitator.settings import read_settings
    from facilitator.storage.tables import GroupSession

    environ = {
        "FACILITATOR_ASYNC_MODE": mode,
        "FACILITATOR_RUNTIME": str(folder / "runtime"),
        "FACILITATOR_SEATS": "2000",
        "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    }
    app = create_app(read_settings(environ, url="http://127.0.0.1", data=folder / "data"))
    house = app.extensions["facilitator"]
    with house.db.write() as db:
        plan = editions.newest(db, "T04")
        fern = staff.add_staff(db, "fern@example.org", "Fern", "facilitator", hashed("a long enough password"), 0)
        group = groups.add_group(db, "Benchmark")
        groups.assign(db, group.id, fern.id)
        token = staff.open_sign_in(db, fern.id, house.clock())
        session = GroupSession(
            id="benchmark",
            group_id=group.id,
            facilitator_id=fern.id,
            scheduled_at=house.clock(),
            screen_token="benchmark-screen",
            join_code="CDFGHJ",
            **editions.frozen_plan(plan),
        )
        db.add(session)
    fern_person = c.Person(fern.id, fern.name)
    for command in (c.OpenDoors(), c.Start()):
        house.hub.run(session.id, command, fern_person)
    cookie = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token, "_fresh": True})

    listening = runtime.listen("127.0.0.1", 0)
    told = {
        "port": listening.getsockname()[1],
        "pid": os.getpid(),
        "cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}",
    }
    runtime.serve(app, listening, lambda: print(json.dumps(told), flush=True))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
