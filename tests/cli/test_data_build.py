"""`headway data build`: what it says and writes, and that a run takes the world it made."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from headway.cli.app import app
from headway.errors import DataError, UnreadableInput
from headway.impact import general, run
from headway.policy import save_scenario
from headway.policy.scenario import Scenario
from headway.world import load, read
from headway.world.regions import EU_REGIONS

DAY = dt.date(2025, 1, 21)

TESTS = Path(__file__).resolve().parents[1]
TABLES = TESTS / "data" / "icio"


def invoke(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def helper() -> ModuleType:
    """The module of tests that writes a world in the OECD's layout."""
    path = TESTS / "world" / "build" / "test_own_world.py"
    specification = importlib.util.spec_from_file_location("own_world_helper", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_it_says_what_it_read_and_changed(tmp_path: Path) -> None:
    done = invoke("data", "build", "--icio", TABLES / "2022_SML.csv", "--year", 2022, "--out", tmp_path / "w")
    printed = done.stdout.replace("\n", " ")
    assert "2022_SML.csv: 3 countries of 4 industries, 2022; made 3 regions of 4 sectors." in printed
    assert "Changed by rule: 1 entries" in printed
    world = read(tmp_path / "w")
    assert world.vintage == "OECD Inter-Country Input-Output tables, 2022"
    assert world.tariff.any()
    assert pl.read_parquet(tmp_path / "w" / "notes.parquet")["where"].to_list() == ["KOR/agriculture → USA"]


def test_wiod_a_mapping_and_no_tariffs(tmp_path: Path) -> None:
    mapping = tmp_path / "map.csv"
    mapping.write_text("kind,code,to\nindustry,A01,goods\nindustry,C26,goods\nindustry,R_S,rest\n", "utf-8")
    options = (
        "--wiod",
        TABLES,
        "--year",
        2014,
        "--mapping",
        mapping,
        "--tariffs",
        "none",
        "--out",
        tmp_path / "w",
    )
    assert invoke("data", "build", *options).exit_code == 0
    world = read(tmp_path / "w")
    assert world.sectors == ("goods", "rest")
    assert not world.tariff.any()


def test_rates_of_a_users_own(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("importer,exporter,sector,rate,year\nUSA,KOR,motor_vehicles,0.25,2025\n", "utf-8")
    options = ("--icio", TABLES, "--year", 2022, "--tariffs", rates, "--out", tmp_path / "w")
    assert invoke("data", "build", *options).exit_code == 0
    world = read(tmp_path / "w")
    assert world.tariff[world.sector("motor_vehicles"), world.region("USA"), world.region("KOR")] == 0.25
    assert "user's rates" in world.tariff_vintage


def test_one_table_is_needed_and_no_more(tmp_path: Path) -> None:
    assert invoke("data", "build", "--year", 2022, "--out", tmp_path).exit_code == 2
    both = ("--icio", TABLES, "--wiod", TABLES, "--year", 2022, "--out", tmp_path)
    assert invoke("data", "build", *both).exit_code == 2
    with pytest.raises(UnreadableInput, match="no column OUT or TOTAL"):
        invoke("data", "build", "--icio", TABLES / "WIOT2014_October16_ROW.csv", "--year", 2014, "--out", tmp_path)


class TestRuns:
    @pytest.fixture(scope="class")
    @staticmethod
    def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
        base = tmp_path_factory.mktemp("own")
        helper().write_icio(load(), base / "2024_SML.csv")
        options = ("--icio", base / "2024_SML.csv", "--year", 2024, "--out", base / "world")
        assert invoke("data", "build", *options).exit_code == 0
        return base / "world"

    def test_a_run_takes_the_world(self, folder: Path, main_scenario: Scenario, tmp_path: Path) -> None:
        """The embedded world, read from the OECD's layout, gives the figures of the embedded world."""
        file = save_scenario(main_scenario, tmp_path / "scenario.yaml")
        own = json.loads(invoke("impact", file, "--world", folder, "--json").stdout)
        embedded = json.loads(invoke("impact", file, "--json").stdout)
        assert own["vintage"] == "OECD Inter-Country Input-Output tables, 2024"
        assert own["manifest"]["inputs"]["sources"][0]["id"] == "own_world"
        assert set(own["figures"]) == set(embedded["figures"])
        for id, figure in own["figures"].items():
            assert figure["value"] == pytest.approx(embedded["figures"][id]["value"], rel=1e-3, abs=1e-3), id

    def test_so_do_derivatives_and_tables(self, folder: Path, main_scenario: Scenario, tmp_path: Path) -> None:
        file = save_scenario(main_scenario, tmp_path / "scenario.yaml")
        options = ("impact", file, "--sensitivity", "real_income", "--json")
        own, embedded = (json.loads(invoke(*options, *more).stdout) for more in (("--world", folder), ()))
        np.testing.assert_allclose(own["data"], embedded["data"], rtol=1e-3, atol=1e-7)
        invoke("impact", file, "--tables", tmp_path / "t", "--world", folder)
        assert pl.read_csv(tmp_path / "t" / "regions.csv").height == 26

    def test_a_world_of_other_regions_runs_too(self, folder: Path, tmp_path: Path) -> None:
        """Germany and France as one, and three others: Korea hardly notices, and the customs union still has both."""
        groups = {"DEU": "Core", "FRA": "Core", "AUS": "South", "BRA": "South", "IDN": "South"}
        codes = ["AUT" if region == "XEU" else region for region in load().regions]
        mapping = tmp_path / "map.csv"
        rows = [f"country,{code},{groups.get(code, code)}" for code in codes]
        mapping.write_text("\n".join(["kind,code,to", *rows]) + "\n", "utf-8")
        table = folder.parent / "2024_SML.csv"
        options = ("--icio", table, "--year", 2024, "--mapping", mapping, "--out", tmp_path / "w")
        assert invoke("data", "build", *options).exit_code == 0
        world = read(tmp_path / "w")
        assert len(world.regions) == 23
        assert general.importers(world, "EUU", DAY) == [
            world.region(one) for one in world.regions if one in (*EU_REGIONS, "Core", "AUT")
        ]
        for changes in ({"partners": ("ALL",), "imposer": "USA"}, {"partners": ("KOR",), "imposer": "EUU"}):
            content = {"id": "t", "instrument": "tariff", "stage": "pledged", "rate_high": 20, **changes}
            few = {"policy_draws": 2, "parameter_draws": 2}
            scenario = Scenario.model_validate(
                {"name": "x", "home": "KOR", "date": DAY, "measures": [content], "sampling": few}
            )
            own, embedded = run(scenario, world=world).figures, run(scenario).figures
            for name in ("exports.total", "income", "equilibrium.exports"):
                for horizon in scenario.horizons:
                    value = embedded[f"{name}.{horizon}"].value
                    assert own[f"{name}.{horizon}"].value == pytest.approx(value, rel=0.02), (name, horizon)
            assert own["rival.Core.income.long_run"].label == "Core: real income"

    def test_a_world_without_a_rest_is_refused(
        self, folder: Path, main_scenario: Scenario, tmp_path: Path
    ) -> None:
        mapping = tmp_path / "map.csv"
        codes = ["AUT" if region == "XEU" else region for region in load().regions]
        rows = [f"country,{code},{'KOR' if code == 'ROW' else code}" for code in codes]
        mapping.write_text("\n".join(["kind,code,to", *rows]) + "\n", "utf-8")
        table = folder.parent / "2024_SML.csv"
        invoke("data", "build", "--icio", table, "--year", 2024, "--mapping", mapping, "--out", tmp_path / "w")
        file = save_scenario(main_scenario, tmp_path / "scenario.yaml")
        with pytest.raises(DataError, match="no region ROW"):
            invoke("impact", file, "--world", tmp_path / "w")

    def test_a_world_of_other_sectors_is_refused(self, main_scenario: Scenario, tmp_path: Path) -> None:
        file = save_scenario(main_scenario, tmp_path / "scenario.yaml")
        invoke("data", "build", "--icio", TABLES, "--year", 2022, "--out", tmp_path / "w")
        with pytest.raises(DataError, match="other sectors"):
            invoke("impact", file, "--world", tmp_path / "w")
