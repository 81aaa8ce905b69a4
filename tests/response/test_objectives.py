"""Objectives: what is weighed, jobs by sector, and files that are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from headway.errors import DataError
from headway.policy import Scenario
from headway.response.board import Board, Package, score, set_up
from headway.response.library import parse_move
from headway.response.objectives import Objectives, jobs_by_sector, read_objectives, shipped
from headway.world import load


def _edited(folder: Path, **changes: object) -> Path:
    content = shipped().model_dump(mode="json") | changes
    path = folder / "objectives.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_shipped_objectives_have_sources() -> None:
    wanted = shipped()
    assert all(one.source for side in (wanted.home, wanted.partner) for one in side)
    assert wanted.cared_by("KOR").sectors != wanted.cared_by("USA").sectors
    assert wanted.cared_by("FRA") == wanted.cares["any"]


def test_jobs_add_up_and_a_sectors_own_figure_is_kept() -> None:
    world = load()
    jobs = jobs_by_sector(shipped(), world, "KOR")
    assert jobs is not None
    assert jobs.sum() == pytest.approx(28410.0)
    known = shipped().employment["KOR"].model_copy(update={"sectors": {"motor_vehicles": 350.0}})
    edited = shipped().model_copy(update={"employment": {"KOR": known}})
    jobs = jobs_by_sector(edited, world, "KOR")
    assert jobs is not None
    assert jobs[world.sector("motor_vehicles")] == 350.0
    assert jobs.sum() == pytest.approx(28410.0)
    assert jobs_by_sector(edited, world, "USA") is None


def test_weights_of_the_file_are_the_weights_of_the_score(tmp_path: Path, on_korea: Scenario) -> None:
    income_only = [{"id": "income", "measure": "real_income", "label": "Income", "weight": 2.0, "source": "test"}]
    wanted = read_objectives(_edited(tmp_path, home=income_only, partner=income_only))
    board = set_up(on_korea, wanted)
    found = score(board, [Package((parse_move("exemption"),))])[0][0]
    threat, after = board.central.threat, found.outcome
    assert found.home == pytest.approx([after.home.real_income - threat.home.real_income])


def test_changes_of_jobs_follow_labour_not_wages(korea_board: Board) -> None:
    """With labour mobile and its supply fixed, what some sectors gain others lose where jobs follow value added."""
    board = korea_board
    found = score(board, [Package((parse_move("exemption(products=all)"),))])[0][0]
    change = found.outcome.home.jobs - board.central.threat.home.jobs
    assert np.abs(change).sum() > 1.0
    assert change.sum() == pytest.approx(0.0, abs=1e-6 * 28410)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"home": []}, "home"),
        ({"cares": {}}, "any"),
        ({"wishes": 1}, "unknown key wishes"),
        ({"home": [{"id": "a", "measure": "joy", "label": "", "weight": 1, "source": "x"}]}, "home.0.measure"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_objectives(_edited(tmp_path, **changes))


def test_objectives_that_the_world_cannot_measure_are_refused(on_korea: Scenario) -> None:
    def board_of(objectives: Objectives) -> Board:
        return set_up(on_korea, objectives)

    wanted = shipped()
    odd = wanted.home[1].model_copy(update={"sectors": ("magic",)})
    with pytest.raises(DataError, match="no sector 'magic'"):
        board_of(wanted.model_copy(update={"home": (odd,)}))
    with pytest.raises(DataError, match="counts jobs"):
        board_of(wanted.model_copy(update={"employment": {}}))
