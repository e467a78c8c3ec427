"""Two people's texts put together: only where they did not touch the same lines."""

from __future__ import annotations

import pytest

from facilitator.curricula.merging import merged

BASE = "a\nb\nc\nd\ne\nf"


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("A\nb\nc\nd\ne\nf", "a\nb\nc\nd\ne\nF", "A\nb\nc\nd\ne\nF"),
        ("a\nb\nc\nd\ne\nf\ng", "z\na\nb\nc\nd\ne\nf", "z\na\nb\nc\nd\ne\nf\ng"),
        ("a\nc\nd\ne\nf", "a\nb\nc\nd\nnew\ne\nf", "a\nc\nd\nnew\ne\nf"),
        ("a\nb\nC\nd\ne\nf", "a\nb\nC\nd\ne\nf", "a\nb\nC\nd\ne\nf"),
        (BASE, "a\nb", "a\nb"),
        ("a\nb\nC\nd\ne\nf", "a\nb\nc!\nd\ne\nf", None),
        ("a\nb\nC\nd\ne\nf", "a\nb\nc\nD\ne\nf", None),
        ("a\nb\nmine\nc\nd\ne\nf", "a\nb\ntheirs\nc\nd\ne\nf", None),
        ("a\nb\nc\nd\ne\nf\nmine", "a\nb\nc\nd\ne\nf\ntheirs", None),
        ("mine\na\nb\nc\nd\ne\nf", "theirs\na\nb\nc\nd\ne\nf", None),
        ("", "a\nb\nC\nd\ne\nf", None),
    ],
)  # fmt: skip
def test_what_two_people_changed_is_put_together_or_left_to_them(mine: str, theirs: str, both: str | None) -> None:
    assert merged(BASE, mine, theirs) == both
    assert merged(BASE, theirs, mine) == both
