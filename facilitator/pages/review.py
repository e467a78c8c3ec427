"""The record on the web: the supervisor's desk, one session's log, and its note. Only the addresses are here."""

from __future__ import annotations

from flask import Blueprint

from facilitator.pages import review_desk, review_note, review_record

blueprint = Blueprint("review", __name__)

blueprint.get("/review")(review_desk.index)
blueprint.get("/review/<session_id>")(review_record.show)
blueprint.post("/review/<session_id>/co-sign")(review_record.co_sign)
blueprint.post("/review/<session_id>/return")(review_record.give_back)
blueprint.get("/sessions/<session_id>/note")(review_note.note)
blueprint.post("/sessions/<session_id>/note")(review_note.save_note)
blueprint.post("/sessions/<session_id>/note/sign")(review_note.sign_note)
blueprint.post("/sessions/<session_id>/note/additions")(review_note.add_to_note)
