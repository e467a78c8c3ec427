"""What is wrong with something that an administrator wants, said at the field where it can be put right."""

from __future__ import annotations


class FieldProblem(ValueError):
    """Something that cannot be so. ``field`` names what to change, "" the whole; the text is for the person."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
