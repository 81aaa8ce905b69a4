"""The table of the car market and the removal of the electric-vehicle credits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError, UnreadableInput
from headway.world import ev_market
from headway.world.ev_market import (
    MAKERS,
    SubsidyResult,
    read_parameters,
    remove_subsidy,
    shipped_parameters,
)
from headway.world.us_market import us_imports


@pytest.fixture(scope="module")
def result() -> SubsidyResult:
    return remove_subsidy(np.random.default_rng(20250121))


def value(name: str) -> float:
    return float(shipped_parameters().filter(pl.col("parameter") == name)["value"].item())


def changed(**values: float) -> pl.DataFrame:
    """The shipped table with parameters fixed; names with `__` for the dot."""
    table = shipped_parameters()
    for key, number in values.items():
        hit = pl.col("parameter") == key.replace("__", ".")
        table = table.with_columns(
            pl.when(hit).then(number).otherwise(pl.col(column)).alias(column)
            for column in ("value", "low", "high")
        )
    return table


class TestTable:
    def test_observed_values_are_the_census_values(self) -> None:
        cars = us_imports(2024).filter(pl.col("iso3") == "KOR").group_by(hs6=pl.col("hts10").str.slice(0, 6))
        observed = dict(cars.agg(pl.col("general_usd").sum() / 1e6).iter_rows())
        assert value("customs.korea.ev") == pytest.approx(observed["870380"], abs=0.1)
        assert value("customs.korea.gm_other") == pytest.approx(observed["870322"], abs=0.1)
        rest = sum(observed[code] for code in ("870323", "870324", "870340", "870360", "870370"))
        assert value("customs.korea.korean_other") == pytest.approx(rest, abs=0.1)

    def test_units_add_up_to_the_published_market(self) -> None:
        """1.3 million electric cars, 8.1 % of the market (Cox Automotive); 1,708,293 of Hyundai Motor Group."""
        electric = sum(value(f"units.{maker}.ev") for maker in MAKERS)
        total = electric + sum(value(f"units.{maker}.other") for maker in MAKERS)
        assert electric == pytest.approx(1301, abs=5)
        assert electric / total == pytest.approx(0.081, abs=0.0005)
        korean = sum(
            value(f"units.korean_{where}.{p}") for where in ("from_korea", "us_plants") for p in ("ev", "other")
        )
        assert korean == pytest.approx(1708, abs=1)

    def test_leases_average_to_the_published_share(self) -> None:
        """Experian: 46.6 % of new electric cars were leased in the second quarter of 2024."""
        units = np.array([value(f"units.{maker}.ev") for maker in MAKERS])
        lease = np.array([value(f"lease_share.{maker}") for maker in MAKERS])
        assert units @ lease / units.sum() == pytest.approx(0.466, abs=0.02)

    def test_every_row_has_a_source(self) -> None:
        table = shipped_parameters()
        assert table["source"].null_count() == 0
        assert table["source"].str.contains("assumption").sum() > 20, "assumptions are named as such"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("credit.lease,7500,7500,7500", "credit.lease,7500,8000,9000", "Empty range for credit.lease"),
            ("credit.lease,", "credit.leas,", "credit.leas"),
            ("credit.lease,7500", "credit.purchase,7500", "given twice: credit.purchase"),
            ('"US Census 2024, general imports from Korea, 8703.80"', "", "No source for customs.korea.ev"),
        ],
    )
    def test_broken_tables_are_named(self, tmp_path: Path, old: str, new: str, message: str) -> None:
        path = tmp_path / "table.csv"
        text = (Path(ev_market.__file__).parent / "data" / "ev_subsidy.csv").read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(DataError, match=message):
            read_parameters(path)

    def test_unreadable_tables(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableInput, match="does not exist"):
            read_parameters(tmp_path / "none.csv")
        (tmp_path / "other.csv").write_text("a,b\n1,2\n")
        with pytest.raises(UnreadableInput, match="columns"):
            read_parameters(tmp_path / "other.csv")


class TestRemoval:
    def test_no_removal_is_zero(self) -> None:
        still = remove_subsidy(
            np.random.default_rng(1), parameters=changed(removed__purchase=0, removed__lease=0), draws=16
        )
        assert still.car_exports.central == pytest.approx(0, abs=1e-9)
        np.testing.assert_allclose(still.ev_exports.quantiles, 0, atol=1e-9)

    def test_ineligible_korean_cars_only_gain(self) -> None:
        table = changed(eligible_lease__korean_from_korea=0)
        found = remove_subsidy(np.random.default_rng(1), parameters=table, draws=64)
        assert found.ev_exports.quantiles[0] > 0
        assert found.other_exports.quantiles[0] > 0

    def test_parts_add_up(self, result: SubsidyResult) -> None:
        parts = result.ev_exports.central + result.other_exports.central
        assert result.car_exports.central == pytest.approx(parts)
        base = value("customs.korea.ev")
        assert result.ev_exports_relative.central == pytest.approx(result.ev_exports.central / base)

    def test_size_and_order(self, result: SubsidyResult) -> None:
        """Electric exports fall, others rise by less; quantiles are ordered and hold the central case."""
        assert result.ev_exports.quantiles[-1] < 0 < result.other_exports.quantiles[0]
        assert abs(result.other_exports.central) < abs(result.ev_exports.central)
        for interval in (result.ev_exports, result.car_exports, result.plant_sales, result.ev_market):
            assert list(interval.quantiles) == sorted(interval.quantiles)
            assert interval.quantiles[0] < interval.central < interval.quantiles[-1]

    def test_published_estimate_lies_within_reach(self, result: SubsidyResult) -> None:
        """Allcott et al. (2024): 27 % fewer electric cars in 2023; ours is smaller, of the same order."""
        assert -0.27 < result.ev_market.quantiles[0] < result.ev_market.quantiles[-1] < -0.08

    def test_drivers_are_ranked(self, result: SubsidyResult) -> None:
        size = [abs(driver.rank_correlation) for driver in result.drivers]
        assert size == sorted(size, reverse=True)
        assert result.drivers[0].parameter == "lease_share.korean_from_korea"
        fixed = {"credit.lease", "customs.korea.ev", "removed.lease"}
        assert not fixed & {driver.parameter for driver in result.drivers}

    def test_reproducible(self, result: SubsidyResult) -> None:
        assert remove_subsidy(np.random.default_rng(20250121)) == result
