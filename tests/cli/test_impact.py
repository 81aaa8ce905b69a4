"""What `headway impact` prints and writes beside the result: derivatives."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
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


class TestTables:
    def test_every_table_of_the_equilibrium_is_written(self, scenario_file: Path, tmp_path: Path) -> None:
        people = tmp_path / "people.csv"
        people.write_text("region,sector,persons\nKOR,motor_vehicles,400000\n", "utf-8")
        done = invoke("impact", scenario_file, "--tables", tmp_path / "long-run", "--headcounts", people)
        names = {path.name for path in (tmp_path / "long-run").iterdir()}
        assert names == {"regions.csv", "sectors.csv", "trade.csv", "home_exports.csv", "units.csv"}
        assert all(name in done.stdout.replace("\n", "") for name in names)
        rows = pl.read_csv(tmp_path / "long-run" / "sectors.csv")
        cars = rows.filter(sector="motor_vehicles", region="KOR")
        assert 300_000 < cars["employment"].item() < 400_000

    def test_headcounts_alone_are_a_usage_error(self, scenario_file: Path, tmp_path: Path) -> None:
        done = invoke("impact", scenario_file, "--headcounts", tmp_path / "people.csv")
        assert done.exit_code == 2


def test_other_closures_are_shown_beside_the_headline(scenario_file: Path) -> None:
    printed = invoke("impact", scenario_file, "--variants").stdout
    assert "Other closures beside the headline" in printed
    assert "Balanced trade" in printed


@pytest.mark.slow
def test_processes_give_the_same_numbers(scenario_file: Path) -> None:
    alone, two = (
        json.loads(invoke("impact", scenario_file, "--json", *more).stdout) for more in ((), ("--workers", "2"))
    )
    assert alone["figures"] == two["figures"]
