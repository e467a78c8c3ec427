"""What kind of answer a request asks for."""

from __future__ import annotations

from flask import request


def for_json() -> bool:
    """Whether the answer should be JSON: it was asked for, it was sent, or the address never gives anything else."""
    if request.is_json or (request.endpoint or "").endswith((".view", ".command")):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
