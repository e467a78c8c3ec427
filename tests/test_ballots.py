"""Sealed ballots: what is on disk says nothing without the key of its own check-in."""

from __future__ import annotations

import secrets

import pytest

from facilitator.realtime.ballots import BallotBox


def test_a_sealed_answer_opens_again_only_with_its_key_and_for_its_responder() -> None:
    box, other = BallotBox("c1", secrets.token_bytes(32)), BallotBox("c1", secrets.token_bytes(32))
    sealed = box.seal("r1", 7)
    assert box.open("r1", sealed) == 7
    for opening, responder in ((other, "r1"), (box, "r2")):
        with pytest.raises(ValueError, match="not a ballot"):
            opening.open(responder, sealed)


def test_a_ballot_moved_to_another_check_in_does_not_open() -> None:
    key = secrets.token_bytes(32)
    sealed = BallotBox("c1", key).seal("r1", 7)
    with pytest.raises(ValueError, match="not a ballot"):
        BallotBox("c2", key).open("r1", sealed)


@pytest.mark.parametrize("answer", [0, 10, [0, 1, 2, 3, 4, 5, 6, 7], "It passes", "🌊" * 120, '"' * 120])
def test_every_ballot_has_one_length_and_none_looks_like_another(answer: object) -> None:
    box = BallotBox("c1", secrets.token_bytes(32))
    sealed = {box.seal("r1", answer) for _ in range(20)}
    assert len(sealed) == 20
    assert {len(one) for one in sealed} == {len(box.seal("r1", 5))}


def test_a_phone_has_another_name_in_every_check_in() -> None:
    names = {BallotBox("c1", secrets.token_bytes(32)).responder("seat") for _ in range(20)}
    assert len(names) == 20
