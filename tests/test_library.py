"""The plans that come with the product, and a folder of one's own."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from facilitator.curricula.library import FOLDER, Library, PlanFile, frozen
from facilitator.curricula.parse import PlanError
from tests.test_parse import PLAN

OURS = Library()


@pytest.mark.parametrize("file", OURS.plans(), ids=lambda file: file.plan.id)
def test_no_private_word_reaches_the_projector(file: PlanFile) -> None:
    for segment in file.plan.segments:
        for cue in segment.cues:
            assert cue.text not in segment.body


def test_curricula_put_the_plans_in_an_order() -> None:
    curricula = OURS.curricula()

    assert [curriculum.id for curriculum in curricula] == ["addiction", "family", "mental-health"]
    for curriculum in curricula:
        assert curriculum.title
        assert curriculum.plans[0] == "T01"
        assert all(OURS.get(plan_id) for plan_id in curriculum.plans)
    assert {plan_id for one in curricula for plan_id in one.plans} == {file.plan.id for file in OURS.plans()}


def test_the_folders_of_the_tracks_hold_plans_and_nothing_else() -> None:
    assert {path.suffix for path in FOLDER.glob("*/*")} == {".md"}


def test_an_unknown_plan_is_none() -> None:
    assert OURS.get("T99") is None


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "T99.md").write_text(PLAN, encoding="utf-8")
    (tmp_path / "evenings.toml").write_text('title = "Evenings"\ntrack = "both"\nplans = ["T99"]\n', encoding="utf-8")

    library = Library(tmp_path)

    [file] = library.plans()
    assert (file.plan.id, file.text, file.path.name) == ("T99", PLAN, "T99.md")
    assert library.get("T99") is file
    [evenings] = library.curricula()
    assert (evenings.id, evenings.title, evenings.language, evenings.plans) == ("evenings", "Evenings", "en", ("T99",))


def test_a_file_with_mistakes_is_left_out_and_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "T99.md").write_text(PLAN, encoding="utf-8")
    (tmp_path / "T98.md").write_text(PLAN.replace("title:", "titel:"), encoding="utf-8")
    (tmp_path / "T97.md").write_bytes(b"\xff\xfe")
    (tmp_path / "odd.toml").write_text("plans = 5", encoding="utf-8")

    with caplog.at_level(logging.ERROR):
        library = Library(tmp_path)

    assert [file.plan.id for file in library.plans()] == ["T99"]
    assert library.curricula() == []
    assert all(name in caplog.text for name in ("T98.md", "Did you mean 'title'?", "T97.md", "UTF-8", "odd.toml"))


def test_a_session_reads_its_own_copy_once() -> None:
    assert frozen(PLAN) is frozen(PLAN)
    assert frozen(PLAN).id == "T99"
    with pytest.raises(PlanError):
        frozen("nothing")
