"""The outlook through the commands: in what is written, left out on request, and from series of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from headway import combined
from headway.cli.app import app
from headway.errors import UnreadableInput
from headway.impact import Result as Impact
from headway.policy import Scenario, save_scenario


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder of the platform is inside the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture
def scenario_file(main_scenario: Scenario, tmp_path: Path) -> Path:
    return save_scenario(main_scenario, tmp_path / "scenario.yaml")


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def test_what_is_written_holds_the_outlook_as_python_gives_it(
    scenario_file: Path, main_result: Impact, tmp_path: Path
) -> None:
    assert invoke("impact", scenario_file, "--out", tmp_path / "out").exit_code == 0
    stored = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    python = combined.with_outlook(main_result)
    assert python.outlook is not None
    assert stored["outlook"] == json.loads(python.outlook.model_dump_json())
    html = (tmp_path / "out" / "brief.html").read_text("utf-8")
    for id in ("outlook.total.2025-H1.growth", "outlook.cars.2025-H1.measure"):
        assert f'<data value="{stored["outlook"]["figures"][id]["value"]!r}" data-figure="{id}">' in html


def test_without_a_folder_or_on_request_there_is_none(scenario_file: Path, tmp_path: Path) -> None:
    assert json.loads(invoke("impact", scenario_file, "--json").stdout)["outlook"] is None
    folder = tmp_path / "out"
    assert invoke("impact", scenario_file, "--out", folder, "--outlook", "none").exit_code == 0
    assert 'id="outlook"' not in (folder / "brief.html").read_text("utf-8")
    stored = json.loads((folder / "result.json").read_text("utf-8"))
    assert stored["outlook"] is None
    assert not any(one["id"] == "no-outlook" for one in stored["findings"])


def test_a_data_set_that_is_not_stored_is_an_error(scenario_file: Path, article: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="No data set 'nothing'"):
        invoke("impact", scenario_file, "--out", tmp_path / "out", "--outlook", "nothing")
    with pytest.raises(UnreadableInput, match="No data set 'nothing'"):
        invoke("brief", article, "--out", tmp_path / "out", "--outlook", "nothing")
    assert not (tmp_path / "out").exists()
