"""The record on the web: the supervisor's desk, a group's trends, one session's log, and its note, also as files.

Only the addresses are here.
"""

from __future__ import annotations

from flask import Blueprint

from facilitator.pages import (
    review_desk,
    review_files,
    review_note,
    review_record,
    review_requests,
    review_trends,
)

blueprint = Blueprint("review", __name__)

blueprint.get("/review")(review_desk.index)
blueprint.get("/review/trends")(review_trends.trends)
blueprint.get("/review/groups/<group_id>/sessions.csv")(review_files.group_file)
blueprint.get("/review/<session_id>")(review_record.show)
blueprint.get("/review/<session_id>/record.csv")(review_files.record_file)
blueprint.get("/review/waiting")(review_requests.waiting)
blueprint.post("/review/duty")(review_requests.duty)
blueprint.post("/review/<session_id>/requests")(review_record.handle)
blueprint.post("/review/<session_id>/co-sign")(review_record.co_sign)
blueprint.post("/review/<session_id>/return")(review_record.give_back)
blueprint.get("/sessions/<session_id>/note")(review_note.note)
blueprint.post("/sessions/<session_id>/note")(review_note.save_note)
blueprint.post("/sessions/<session_id>/note/sign")(review_note.sign_note)
blueprint.post("/sessions/<session_id>/note/additions")(review_note.add_to_note)
