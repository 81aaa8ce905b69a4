"""Which trade a measure reaches: all goods or those named, by code, by sector, by partner."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from headway.errors import UnknownCode
from headway.impact import coverage
from headway.impact.rates import DrawnTariff
from headway.policy import Measure

DAY = dt.date(2025, 1, 21)
STEEL = {"words": "steel", "hs": ("72", "7301.10")}
CHIPS = {"words": "chips", "sectors": ("electronics",)}
ROWS = pl.DataFrame(
    {
        "hts10": ["7208100000", "7301100000", "7302100000", "8542310000", "8703800000"] * 2,
        "iso3": ["KOR"] * 5 + ["CHN"] * 5,
        "sector": ["metals", "metals", "metals", "electronics", "motor_vehicles"] * 2,
        "usd": [60.0, 20.0, 20.0, 100.0, 50.0, 30.0, 0.0, 10.0, 70.0, 5.0],
    }
)


def tariff(**fields: object) -> Measure:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "rate_high": 10, **fields}
    return Measure.model_validate(content)


def shares(measure: Measure) -> dict[tuple[str, str], float]:
    drawn = DrawnTariff(measure, np.array([0.1]), "additive")
    found = coverage.reached_share(ROWS, drawn, DAY, ("sector", "iso3"))
    return {(sector, iso3): share for sector, iso3, share in found.iter_rows()}


@pytest.mark.parametrize(
    "words",
    [
        "all imports",
        "all goods",
        "goods",
        "Chinese goods",
        "imports from Mexico",
        "South Korean products",
        "모든 수입품",
    ],
)
def test_words_for_goods_in_general_narrow_nothing(words: str) -> None:
    assert coverage.covers_everything(tariff(products=(words,)))


@pytest.mark.parametrize(
    "words", ["derivative products", "steel products", "consumer goods", "agricultural imports", "semiconductors"]
)
def test_a_kind_of_goods_that_nobody_resolved_is_not_everything(words: str) -> None:
    measure = tariff(products=(words,))
    assert not coverage.covers_everything(measure)
    assert coverage.unresolved_products(measure) == (words,)
    assert not any(shares(measure.model_copy(update={"partners": ("ALL",)})).values())


def test_no_product_named_is_everything() -> None:
    assert coverage.covers_everything(tariff())
    assert coverage.unresolved_products(tariff()) == ()


def test_codes_reach_by_prefix_with_or_without_dots() -> None:
    found = shares(tariff(partners=("ALL",), products=("steel",), product_matches=(STEEL,)))
    assert found["metals", "KOR"] == pytest.approx(0.8)
    assert found["metals", "CHN"] == pytest.approx(0.75)
    assert found["electronics", "KOR"] == 0


def test_a_match_without_codes_reaches_its_sector() -> None:
    found = shares(tariff(partners=("KOR",), products=("chips",), product_matches=(CHIPS,)))
    assert found["electronics", "KOR"] == 1
    assert sum(found.values()) == 1


def test_several_matches_add_up() -> None:
    found = shares(tariff(partners=("KOR",), products=("chips", "steel"), product_matches=(CHIPS, STEEL)))
    assert (found["electronics", "KOR"], found["metals", "KOR"]) == (1, pytest.approx(0.8))


def test_partners_exceptions_and_the_imposer_itself() -> None:
    everyone = tariff(partners=("ALL",), excluded_partners=("KOR",))
    assert {key for key, share in shares(everyone).items() if share} == {
        (sector, "CHN") for sector in ("metals", "electronics", "motor_vehicles")
    }
    assert not any(
        share for (_, iso3), share in shares(tariff(imposer="CHN", partners=("ALL",))).items() if iso3 == "CHN"
    )


def test_a_group_reaches_its_members() -> None:
    rows = ROWS.with_columns(iso3=pl.col("iso3").replace({"CHN": "DEU"}))
    drawn = DrawnTariff(tariff(partners=("EUU",)), np.array([0.1]), "additive")
    share = coverage.reached_share(rows, drawn, DAY, ("sector", "iso3")).filter(pl.col("iso3") == "DEU")["share"]
    assert share.to_list() == [1.0] * 3


def test_products_alone_as_shares_of_sectors() -> None:
    found = dict(coverage.product_share(ROWS, tariff(products=("steel",), product_matches=(STEEL,))).iter_rows())
    assert found["metals"] == pytest.approx((60 + 20 + 30) / 140)
    assert found["electronics"] == 0


@pytest.mark.parametrize("field", ["imposer", "partners", "excluded_partners"])
def test_unknown_countries_are_named_with_their_measure(field: str) -> None:
    value: object = "XXQ" if field == "imposer" else ("XXQ",)
    with pytest.raises(UnknownCode, match=r"Measure t: .*XXQ"):
        coverage.check_countries(tariff(**{field: value}))


def test_groups_and_all_are_known() -> None:
    coverage.check_countries(tariff(imposer="EUU", partners=("ALL", "ASEAN", "KOR")))


def test_the_mix_of_us_imports_is_what_the_table_holds() -> None:
    rows = coverage.ImportMix(2024).rows
    assert (rows["usd"] > 0).all()
    assert rows["usd"].sum() == pytest.approx(3.2e12, rel=0.05)
    chips = rows.filter(pl.col("hs6") == "854231")
    assert chips["sector"].unique().to_list() == ["electronics"]
    assert rows.filter(pl.col("iso3") == "VNM")["region"].unique().to_list() == ["ROW"]
