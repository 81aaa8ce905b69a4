"""The record of `score_options`: figures behind every cell, the shortlist, findings, manifest, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.errors import NoEffect
from headway.policy import Scenario, save_scenario
from headway.response import Request, Response, parse_package, score_options, shipped_objectives
from headway.response.board import Board, score
from headway.response.library import parse_move
from headway.response.packages import totals


def test_every_cell_is_a_figure_and_every_interval_holds_its_value(scored: Response) -> None:
    cells = {id for one in scored.tables.values() for line in one.rows for id in line.cells.values()}
    assert cells <= set(scored.figures)
    for figure in scored.figures.values():
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high


def test_nothing_is_in_the_record_with_zero_and_the_users_package_is_scored(scored: Response) -> None:
    assert scored.figure("options.package.0.home").label.startswith("Nothing")
    assert scored.figure("options.package.0.home").value == 0.0
    assert scored.figure("options.package.0.partner").value == 0.0
    labels = [figure.label for id, figure in scored.figures.items() if id.endswith(".home")]
    assert any("steel from the further duty; purchases" in label for label in labels)


def test_the_shortlist_has_agreements_own_moves_and_an_answer(scored: Response) -> None:
    rows = {line.key: line for line in scored.tables["options_shortlist"].rows}
    assert 3 <= len(rows) <= 6
    assert {"alone", "third", "reply"} <= set(rows)
    bargain = rows["bargain"]
    assert scored.figure(bargain.cells["home"]).value > 0
    assert scored.figure(bargain.cells["partner"]).value > 0
    assert "GATT I" in bargain.words["risk"]


def test_the_manifest_has_weights_seed_files_and_hashes(scored: Response) -> None:
    parameters = scored.manifest["parameters"]
    assert parameters["reply"] == ["retaliation"]
    assert parameters["objectives"]["home"][0]["weight"] == 1.0
    assert parameters["option_files"]["headway/exemption.yaml"]
    assert parameters["seed"] == 1
    assert scored.manifest["scenario_sha256"]


def test_idle_moves_are_findings(scored: Response) -> None:
    texts = [one.text for one in scored.findings if one.kind == "no_exposure"]
    assert all("changes nothing here" in one for one in texts)


def test_moves_that_all_do_nothing_are_refused(on_korea: Scenario) -> None:
    asked = Request(shipped_objectives(), moves=(parse_move("own_tariffs"),), draws=0)
    with pytest.raises(NoEffect, match="None of the moves changes anything"):
        score_options(on_korea, asked)


def test_the_command_gives_the_same_numbers(tmp_path: Path, on_korea: Scenario, korea_board: Board) -> None:
    path = save_scenario(on_korea, tmp_path / "scenario.yaml")
    words = ["options", str(path), "--move", "exemption(products=steel)", "--draws", "0", "--json", "-q"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    expected = totals(korea_board, score(korea_board, [parse_package("exemption(products=steel)")])[0])[0][0]
    assert printed["figures"]["options.package.1.home"]["value"] == pytest.approx(expected, rel=1e-6)
    written = json.loads((tmp_path / "out" / "options.json").read_text("utf-8"))
    assert written["figures"].keys() == printed["figures"].keys()
    assert (tmp_path / "out" / "options-manifest.json").exists()
