"""The invented people: who works in the sample clinic, and who comes to its groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Character:
    """Somebody who signs in."""

    key: str
    name: str
    role: str

    @property
    def email(self) -> str:
        """An address that can belong to nobody."""
        return f"{self.key}@clinic.example"


@dataclass(frozen=True)
class SampleGroup:
    """A group, the curriculum that it follows, and its roster: every last name is a plant, in the alphabet's order."""

    key: str
    name: str
    curriculum: str
    leaders: tuple[str, ...]
    roster: tuple[str, ...]


FERN = Character("fern", "Fern Alder", "facilitator")
THEO = Character("theo", "Theo Marsh", "facilitator")
SOL = Character("sol", "Sol Okafor", "supervisor")
ADA = Character("ada", "Ada Reed", "administrator")
STAFF = (FERN, THEO, SOL, ADA)

MEADOW = SampleGroup(
    "meadow",
    "Meadow family evening",
    "family",
    ("theo",),
    ("Alma Aspen", "Bruno Birch", "Celia Cedar", "Dario Dogwood"),
)
HARBOR = SampleGroup(
    "harbor",
    "Harbor morning group",
    "mental-health",
    ("fern",),
    ("Elif Elder", "Faisal Fir", "Greta Gorse", "Hugo Hazel", "Ines Ivy", "Jonas Juniper"),
)
LANTERN = SampleGroup(
    "lantern",
    "Lantern evening group",
    "addiction",
    ("fern", "theo"),
    (
        "Kavya Kapok",
        "Leon Larch",
        "Mina Maple",
        "Nuri Nettle",
        "Olga Oak",
        "Pavel Pine",
        "Quinn Quince",
        "Rosa Rowan",
        "Sami Sorrel",
    ),
)
GROUPS = (MEADOW, HARBOR, LANTERN)
