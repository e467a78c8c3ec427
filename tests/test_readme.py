"""README keeps its word: the plan in it runs, and every setting and command is named."""

from __future__ import annotations

import re

import click

from facilitator.cli import cli
from facilitator.curricula.parse import parse_plan
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_the_plan_in_readme_can_be_run() -> None:
    plan = re.search(r"```markdown\n(.*?)```", README, re.S)
    assert plan is not None
    assert parse_plan(plan[1]).minutes == 10


def test_every_setting_is_in_readme_and_every_one_there_is_read() -> None:
    source = (ROOT / "facilitator" / "settings.py").read_text()
    read = set(re.findall(r'"(FACILITATOR_[A-Z_]+|DATABASE_URL|REDIS_URL)"', source))
    assert read == set(re.findall(r"`(FACILITATOR_[A-Z_]+|DATABASE_URL|REDIS_URL)`", README))


def test_every_command_that_readme_names_is_there() -> None:
    for name in re.findall(r"facilitator (demo|serve|staff|curriculum|backup|restore|verify)\b", README):
        assert isinstance(cli.commands[name], click.Command)
    for name in cli.commands:
        assert f"facilitator {name}" in README, name
