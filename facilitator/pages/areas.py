"""Every area of the web, so that the application registers them all."""

from __future__ import annotations

from flask import Blueprint

from facilitator.pages import console, curricula, groups, health, phone, plans, projector, review, sessions, staff, week


def blueprints() -> tuple[Blueprint, ...]:
    """The areas' blueprints."""
    areas = (health, staff, groups, plans, curricula, sessions, week, console, phone, projector, review)
    return tuple(area.blueprint for area in areas)
