"""Sealed ballots and their keys: what is on disk says nothing, and a key that is gone stays gone."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

import pytest

from facilitator.realtime.ballots import KEY_BYTES, BallotBox, KeyFolder


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path)


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


@pytest.mark.parametrize("answer", [0, 10, [0, 1, 2, 3, 4, 5, 6, 7]])
def test_every_ballot_has_one_length_and_none_looks_like_another(answer: object) -> None:
    box = BallotBox("c1", secrets.token_bytes(32))
    sealed = {box.seal("r1", answer) for _ in range(20)}
    assert len(sealed) == 20
    assert {len(one) for one in sealed} == {len(box.seal("r1", 5))}


def test_a_phone_has_another_name_in_every_check_in() -> None:
    names = {BallotBox("c1", secrets.token_bytes(32)).responder("seat") for _ in range(20)}
    assert len(names) == 20


def test_a_key_is_on_disk_for_this_user_only_and_gone_once_destroyed(keys: KeyFolder, tmp_path: Path) -> None:
    sealed = keys.make("c1").seal("r1", 3)
    file = tmp_path / "c1.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size == KEY_BYTES
    box = keys.box("c1")
    assert box is not None and box.open("r1", sealed) == 3
    keys.destroy("c1")
    keys.destroy("c1")
    assert keys.box("c1") is None and list(tmp_path.iterdir()) == []


def test_tidying_destroys_closed_ones_and_unknown_ones_after_five_minutes(keys: KeyFolder, tmp_path: Path) -> None:
    for check_in in ("open", "closed", "new", "old"):
        keys.make(check_in)
    os.utime(tmp_path / "old.key", (0, 0))
    keys.tidy({"open"}, {"open", "closed"})
    assert {path.stem for path in tmp_path.iterdir()} == {"open", "new"}


def test_a_spoiled_key_file_is_no_key(keys: KeyFolder, tmp_path: Path) -> None:
    (tmp_path / "c1.key").write_bytes(b"short")
    assert keys.box("c1") is None


def test_a_check_ins_id_cannot_name_another_file(keys: KeyFolder) -> None:
    with pytest.raises(ValueError, match="not a check-in"):
        keys.box("../secret-key")
