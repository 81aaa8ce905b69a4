"""The tables of a long-run equilibrium: labels, units, and every identity that holds between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xarray as xr

from headway.errors import DataError, UnknownCode, UnreadableInput
from headway.impact import equilibrium_tables, plan
from headway.impact.central import CentralCase, solve_at
from headway.impact.equilibrium_tables import FILES, frames, labelled, write_tables
from headway.impact.headcounts import read_headcounts
from headway.models.equilibrium import Closure
from headway.policy import Scenario
from headway.world import miniature

THETA = np.array([4.0, 6.0, 5.0, 3.0])


def case(*exporters: int, closure: Closure | None = None) -> CentralCase:
    """The US puts 20 % on goods from some regions of the miniature world."""
    tariff = miniature().tariff.copy()
    tariff[:3, 1, list(exporters)] += 0.2
    return CentralCase(miniature(), "KOR", solve_at(miniature(), tariff, THETA, closure=closure))


@pytest.fixture(scope="module")
def tables() -> xr.Dataset:
    return labelled(case(0, 2), case(2))


def test_every_variable_has_a_unit_and_a_meaning(tables: xr.Dataset) -> None:
    for name, one in tables.data_vars.items():
        assert one.attrs["units"] in ("percent", "log percent", "USD million", "persons"), name
        assert one.attrs["long_name"]
        assert one.dims in FILES
    assert tables.attrs["home"] == "KOR"


def test_parts_of_real_income_add_up(tables: xr.Dataset) -> None:
    parts = tables.terms_of_trade + tables.volume_of_trade + tables.other_parts + tables.remainder
    np.testing.assert_allclose(parts, tables.log_real_income, rtol=1e-12)
    np.testing.assert_allclose(100 * np.expm1(tables.log_real_income / 100), tables.real_income, rtol=1e-12)
    assert float(tables.terms_of_trade.sel(region="USA")) > 0 > float(tables.terms_of_trade.sel(region="KOR"))


def test_identities_between_tables(tables: xr.Dataset) -> None:
    exports, imports = tables.exports.sum(("sector", "importer")), tables.exports.sum(("sector", "exporter"))
    np.testing.assert_allclose(exports.values - imports.values, tables.trade_balance, rtol=1e-6)
    np.testing.assert_allclose(tables.value_added.sum(), tables.value_added_before.sum(), rtol=1e-9)
    price = 1 + tables.producer_price / 100
    np.testing.assert_allclose(tables.output, tables.output_volume * price, rtol=1e-12)
    sold = tables.exports / price.rename(region="exporter")
    np.testing.assert_allclose(sold.transpose(*tables.exports_volume.dims), tables.exports_volume, rtol=1e-12)
    # Workers move between sectors and none is lost, so value added at the wages before keeps its sum.
    np.testing.assert_allclose(
        tables.value_added_volume.sum("sector"), tables.value_added_before.sum("sector"), rtol=1e-8
    )
    paid = miniature().tariff + 0.2 * (tables.exports.values > 0) * np.array([1, 1, 1, 0])[:, None, None]
    us = (paid[:, 1] * tables.exports.sel(importer="USA").values).sum()
    assert us == pytest.approx(float(tables.tariff_revenue.sel(region="USA")), rel=1e-9)


def test_before_is_the_world(tables: xr.Dataset) -> None:
    world = miniature()
    np.testing.assert_allclose(tables.exports_before.sel(exporter="KOR"), world.exports("KOR"))
    np.testing.assert_allclose(tables.output_before, world.output)
    np.testing.assert_allclose(tables.value_added_before, world.value_added)
    np.testing.assert_allclose(tables.trade_balance_before, -world.deficit)


def test_diversion_is_what_tariffs_on_rivals_alone_do(tables: xr.Dataset) -> None:
    alone = case(2).equilibrium
    expected = alone.exports_volume(0) - miniature().flow[:, :, 0]
    np.testing.assert_allclose(tables.diversion.sel(importer="USA"), expected[:, 1], rtol=1e-9)
    assert float(tables.diversion.sel(importer="USA", sector="motor_vehicles")) > 0
    assert not tables.diversion.sel(importer="KOR").any()


def test_sector_wages_are_averaged() -> None:
    specific = Closure(labour="specific")
    tables = labelled(case(0, 2, closure=specific), case(2, closure=specific))
    solved = case(0, 2, closure=specific).equilibrium
    low, high = 100 * (solved.real_wage.min(axis=0) - 1), 100 * (solved.real_wage.max(axis=0) - 1)
    assert np.all((low <= tables.real_wage) & (tables.real_wage <= high))
    assert float(np.abs(tables.real_wage).max()) > 0


class TestHeadcounts:
    def test_employment_moves_with_the_sectors_labour_and_only_where_given(self) -> None:
        given = pl.DataFrame(
            {"region": ["KOR"] * 4, "sector": miniature().sectors, "persons": [1e5, 2e5, 5e5, 2e7]}
        )
        solved = case(0, 2)
        tables = labelled(solved, case(2), read_headcounts(given, miniature()))
        korea = tables.employment.sel(region="KOR")
        np.testing.assert_allclose(korea, given["persons"] * solved.equilibrium.labour_change[:, 0])
        assert float(korea.sel(sector="motor_vehicles")) < 2e5
        assert np.isnan(tables.employment.sel(region="USA")).all()

    def test_without_headcounts_there_is_no_employment(self, tables: xr.Dataset) -> None:
        assert "employment" not in tables

    @pytest.mark.parametrize(
        ("text", "error", "message"),
        [
            ("region,sector\nKOR,food\n", DataError, "lacks the column persons"),
            (
                "region,sector,persons\nKOR,electronics,-1\n",
                DataError,
                "no number of persons for electronics in KOR",
            ),
            ("region,sector,persons\nKOR,electronics,many\n", DataError, "no number of persons"),
            ("region,sector,persons\nKOR,electronics,1\nKOR,electronics,2\n", DataError, "two rows"),
            ("region,sector,persons\nXXX,electronics,1\n", UnknownCode, "no region 'XXX'"),
            ("region,sector,persons\nKOR,cars,1\n", UnknownCode, "no sector 'cars'"),
        ],
    )
    def test_a_faulty_file_is_refused_by_name(
        self, tmp_path: Path, text: str, error: type[Exception], message: str
    ) -> None:
        path = tmp_path / "people.csv"
        path.write_text(text, "utf-8")
        with pytest.raises(error, match=message):
            read_headcounts(path, miniature())

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableInput, match="no file"):
            read_headcounts(tmp_path / "none.csv", miniature())


def test_long_tables_hold_every_value(tables: xr.Dataset, tmp_path: Path) -> None:
    made = frames(tables)
    assert {name: len(frame) for name, frame in made.items()} == {
        "regions.csv": 3,
        "sectors.csv": 12,
        "trade.csv": 36,
        "home_exports.csv": 12,
    }
    row = made["trade.csv"].filter(sector="motor_vehicles", importer="USA", exporter="KOR")
    at = {"sector": "motor_vehicles", "importer": "USA", "exporter": "KOR"}
    assert row["exports_volume"].item() == float(tables.exports_volume.sel(at))
    paths = write_tables(tables, tmp_path)
    assert [path.name for path in paths] == [*FILES.values(), "units.csv"]
    units = pl.read_csv(tmp_path / "units.csv")
    assert set(units["column"]) == set(tables.data_vars)
    assert pl.read_csv(tmp_path / "regions.csv")["real_income"].to_list() == tables.real_income.values.tolist()


def test_a_scenario_of_the_embedded_world(main_scenario: Scenario) -> None:
    tables = equilibrium_tables(plan(main_scenario))
    assert tables.sizes["region"] == 26
    assert float(tables.real_income.sel(region="KOR")) < 0
    assert float(tables.diversion.sel(importer="USA").sum()) > 0
    assert float(tables.tariff_revenue.sel(region="USA")) > float(tables.tariff_revenue_before.sel(region="USA"))
    balanced = equilibrium_tables(main_scenario, closure=Closure(trade_balance="balanced"))
    assert float(np.abs(balanced.trade_balance).max()) < 1e-3
    assert float(np.abs(balanced.trade_balance_before).max()) < 1e-3


def test_a_home_inside_a_pooled_region_has_no_diversion_of_its_own(main_scenario: Scenario) -> None:
    tables = equilibrium_tables(main_scenario.model_copy(update={"home": "VNM"}))
    assert tables.attrs["home"] == "ROW"
    assert "diversion" not in tables
    assert "home_exports.csv" not in frames(tables)
