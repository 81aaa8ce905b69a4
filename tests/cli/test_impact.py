"""What `headway impact` prints and writes beside the result: derivatives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr
from typer.testing import CliRunner, Result

from headway import impact
from headway.cli.app import app
from headway.errors import UnknownCode
from headway.policy import save_scenario
from headway.policy.scenario import Scenario


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def scenario_file(main_scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_scenario(main_scenario, tmp_path_factory.mktemp("scenario") / "scenario.yaml")


class TestSensitivity:
    def test_the_largest_come_first_in_words(self, scenario_file: Path) -> None:
        printed = invoke("impact", scenario_file, "--sensitivity", "exports.motor_vehicles.USA").stdout
        assert "USD million per percentage point" in printed
        first = next(line for line in printed.splitlines() if "│" in line)
        assert "Motor vehicles" in first
        assert "South Korea" in first
        assert "−" in first

    def test_json_holds_the_whole(self, scenario_file: Path, main_scenario: Scenario) -> None:
        printed = invoke("impact", scenario_file, "--sensitivity", "real_income", "--json").stdout
        found = xr.DataArray.from_dict(json.loads(printed))
        expected = impact.sensitivity(main_scenario, "real_income")
        xr.testing.assert_identical(found, expected)

    def test_what_names_no_result_is_refused(self, scenario_file: Path) -> None:
        with pytest.raises(UnknownCode, match="to differentiate"):
            invoke("impact", scenario_file, "--sensitivity", "happiness")
