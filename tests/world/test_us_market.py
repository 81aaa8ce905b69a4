"""US imports: shipped tables against the source and known totals, and the market built from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.codes import items, sectors
from headway.errors import DataError, OutsideDomain, UnreadableInput
from headway.models.partial import solve
from headway.world.build import us_imports as builder
from headway.world.us_market import OTHER, UsMarket, effective_rate, market, us_imports

VALUES = ("general_usd", "consumption_usd", "dutiable_usd", "duties_usd")


@pytest.fixture(scope="module")
def whole() -> UsMarket:
    return market()


@pytest.fixture(scope="module")
def pooled() -> UsMarket:
    return market(origins=("KOR", "CHN", "JPN", "DEU"))


class TestTables:
    def test_totals_of_2024(self) -> None:
        """The totals of the Census extract; 2.36 % is the realised rate of 2024."""
        total = us_imports(2024).select(pl.col(VALUES).sum()).row(0)
        assert total == (3263893254128, 3248681266535, 1010044716112, 76631002517)

    @pytest.mark.parametrize("year", [2024, 2025])
    def test_equals_the_source(self, shared_data: Path, year: int) -> None:
        path = shared_data / "us-imports" / f"us_imports_htsus10_country_{year}.csv.gz"
        expected = builder.to_iso3(builder.read_census(path))
        assert us_imports(year).equals(expected.select("hts10", "iso3", *VALUES))

    def test_korea(self) -> None:
        """131.5 billion of general imports; cars (8703) are 28 % of it."""
        korea = us_imports(2024).filter(pl.col("iso3") == "KOR")
        assert korea["general_usd"].sum() / 1e9 == pytest.approx(131.5, abs=0.1)
        cars = korea.filter(pl.col("hts10").str.starts_with("8703"))
        assert cars["general_usd"].sum() / korea["general_usd"].sum() == pytest.approx(0.28, abs=0.005)

    def test_year_that_is_not_shipped(self) -> None:
        with pytest.raises(DataError, match="2019"):
            us_imports(2019)

    def test_builder_names_file_and_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "imports.csv"
        with pytest.raises(UnreadableInput, match="does not exist"):
            builder.read_census(path)
        path.write_text("htsus10,census_cty\n0101210010,5800\n")
        with pytest.raises(UnreadableInput, match="columns"):
            builder.read_census(path)

    def test_round_trip_of_a_small_table(self, tmp_path: Path) -> None:
        row = {"htsus10": "0101210010", "general_imports_usd": 7, "consumption_imports_usd": 9}
        raw = pl.DataFrame(
            [{**row, "census_cty": c, "dutiable_value_usd": 4, "calculated_duties_usd": 1} for c in (5082, 5083)]
        )
        table = builder.to_iso3(raw)
        assert table.row(0) == ("0101210010", "PSE", 14, 18, 8, 2)
        builder.write(table, tmp_path / "t.parquet")
        assert pl.read_parquet(tmp_path / "t.parquet").row(0) == (101210010, "PSE", 18, -4, 10, 2)


class TestEffectiveRate:
    """KNOWN_ANSWERS section 8, last line: blanket 10 / 20 % with 60 % on China, to the printed decimal."""

    @pytest.mark.parametrize(("blanket", "expected"), [(0.10, 19.0), (0.20, 27.7)])
    def test_instead_of_the_blanket(self, blanket: float, expected: float) -> None:
        assert round(100 * effective_rate(added=blanket, added_by_origin={"CHN": 0.6}), 1) == expected

    @pytest.mark.parametrize(("blanket", "expected"), [(0.10, 17.5), (0.20, 26.2)])
    def test_sets_the_total(self, blanket: float, expected: float) -> None:
        assert round(100 * effective_rate(added=blanket, total_by_origin={"CHN": 0.6}), 1) == expected

    @pytest.mark.parametrize(("blanket", "expected"), [(0.10, 20.3), (0.20, 30.3)])
    def test_on_top_of_the_blanket(self, blanket: float, expected: float) -> None:
        assert round(100 * effective_rate(added=blanket, added_by_origin={"CHN": 0.6 + blanket}), 1) == expected

    def test_nothing_added_is_the_realised_rate(self) -> None:
        assert effective_rate() == pytest.approx(76631002517 / 3248681266535)

    def test_origin_without_trade(self) -> None:
        with pytest.raises(OutsideDomain, match="XXX"):
            effective_rate(added_by_origin={"XXX": 0.1})


class TestMarket:
    def test_nothing_is_lost(self, whole: UsMarket, pooled: UsMarket) -> None:
        for found in (whole, pooled):
            assert found.market.value.sum() == pytest.approx(3248681.266535)
            assert len(found.hs6) == len(found.sector) == len(found.item) == found.market.products

    def test_duties_are_collected(self, whole: UsMarket, pooled: UsMarket) -> None:
        """Own rates collect the duties exactly, rates on the grid to half a step."""
        duties = (whole.market.value * whole.market.tariff_rate).sum()
        on_grid = (pooled.market.value * pooled.market.tariff_rate).sum()
        assert duties == pytest.approx(76631.002517)
        assert abs(on_grid - duties) / whole.market.value.sum() < 0.00025

    def test_every_product_has_a_sector_and_an_item(self, whole: UsMarket) -> None:
        assert set(whole.sector) <= set(sectors.goods()) | {"utilities", "business_services"}
        assert set(whole.item) <= {item.key for item in items.ITEMS}

    def test_special_chapters_are_assigned(self, whole: UsMarket) -> None:
        """README of the data: about 4 % of value is chapters 98-99."""
        value = np.bincount(whole.market.product, whole.market.value)
        assert value[whole.special].sum() / value.sum() == pytest.approx(0.04, abs=0.003)
        assert {hs[:2] for hs, special in zip(whole.hs6, whole.special, strict=True) if special} == {"98", "99"}

    def test_pooled_is_smaller_and_close_to_the_whole(self, whole: UsMarket, pooled: UsMarket) -> None:
        """The article's measures: Korea's loss from the pooled market is within 0.1 % of the unpooled one."""
        change = []
        for found in (whole, pooled):
            added = np.where(found.rows_of("CHN"), 0.6, 0.1)
            wedge = 1 + added / (1 + found.market.tariff_rate)
            solution = solve(found.market, wedge, substitution=4.0, demand=1.0)
            korea = found.rows_of("KOR")
            change.append((found.market.value * (solution.export_value - 1))[korea].sum())
        assert pooled.market.size < 0.45 * whole.market.size
        assert change[1] == pytest.approx(change[0], rel=1e-3)

    def test_value_of_an_origin(self, pooled: UsMarket) -> None:
        by_sector = pooled.value_of("KOR", pooled.sector)
        assert by_sector["motor_vehicles"] > 40_000
        with pytest.raises(DataError, match="FRA"):
            pooled.rows_of("FRA")
        assert pooled.origins[-1] == OTHER

    def test_unknown_level(self) -> None:
        with pytest.raises(DataError, match="hs8"):
            market("hs8")


def test_other_rates_than_those_collected_and_which_variety_each_country_is_in() -> None:
    """Average of the lines of a product and origin, weighted by imports; pooled countries by product and rate."""
    lines = pl.DataFrame(
        {
            "hts10": ["8703230140", "8703230160", "8703230140", "8703230140", "8703230140"],
            "iso3": ["KOR", "KOR", "DEU", "FRA", "JPN"],
            "usd": [3e6, 1e6, 2e6, 1e6, 4e6],
            "rate": [0.25, 0.15, 0.275, 0.275, 0.15],
        }
    )
    found = market(origins=("KOR",), rates=lines)
    assert found.hs6 == ("870323",)
    assert dict(zip(found.market.tariff_rate.round(4), found.market.value, strict=True)) == {
        0.225: 4.0,
        0.275: 3.0,
        0.15: 4.0,
    }
    members = {iso3: variety for _, iso3, variety in found.members.iter_rows()}
    assert members["DEU"] == members["FRA"] != members["JPN"]
    assert found.origins[found.origin[members["KOR"]]] == "KOR"
    assert found.market.tariff_rate[members["JPN"]] == pytest.approx(0.15)


def test_every_country_of_a_product_is_in_one_variety() -> None:
    pooled = market(origins=("KOR", "CHN"))
    assert not pooled.members.select("hs6", "iso3").is_duplicated().any()
    assert pooled.members["variety"].n_unique() == pooled.market.size
