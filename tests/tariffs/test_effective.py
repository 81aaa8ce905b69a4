from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from headway.errors import DataError, UnknownCode
from headway.tariffs.effective import (
    days_in_force,
    effective,
    implied_equivalents,
    own_program,
    pair_rates,
    rateable,
)

IMPORTS = pl.DataFrame(
    {
        "hts10": ["8703230140", "8703230140", "6109100012", "0102294062", "9999950000"],
        "iso3": ["KOR", "DEU", "VNM", "MEX", "KOR"],
        "consumption_usd": [400, 100, 1000, 300, 50],
        "dutiable_usd": [0, 100, 1000, 300, 0],
        "duties_usd": [0, 2, 165, 3, 0],
    }
)
QUIET = dt.date(2024, 6, 1)


def test_realised_is_duties_over_imports_for_consumption() -> None:
    table = effective(IMPORTS, [(QUIET, 1)], by=("origin",))
    assert dict(table.select("origin", "realised").iter_rows())["VNM"] == pytest.approx(0.165)


def test_statutory_is_unclaimed_and_expected_uses_shares() -> None:
    table = effective(IMPORTS, [(QUIET, 1)], by=("origin",))
    korea = table.row(by_predicate=pl.col("origin") == "KOR", named=True)
    assert korea["statutory"] == pytest.approx(0.025)
    assert 0 <= korea["expected"] < 0.025
    assert korea["statutory_known"] == pytest.approx(400 / 450)


def test_a_specific_duty_is_unknown_in_statutory_and_implied_in_expected() -> None:
    implied = implied_equivalents(IMPORTS)
    mexico = effective(IMPORTS, [(QUIET, 1)], by=("origin",), equivalents=implied).row(
        by_predicate=pl.col("origin") == "MEX", named=True
    )
    assert mexico["statutory"] is None
    assert mexico["equivalents"] == 1
    assert 0 <= mexico["expected"] <= 0.01


def test_days_in_force_add_up_to_the_year() -> None:
    periods = days_in_force(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert sum(number for _, number in periods) == 365
    assert dt.date(2025, 4, 9) in {day for day, _ in periods}


def test_a_period_is_the_mean_of_its_days() -> None:
    two = [(dt.date(2025, 4, 4), 1), (dt.date(2025, 4, 5), 3)]
    shirts = IMPORTS.filter(pl.col("iso3") == "VNM")
    assert effective(shirts, two, by=())["statutory"][0] == pytest.approx(0.165 + 0.75 * 0.10)


def test_groups_add_up_to_the_whole() -> None:
    whole = effective(IMPORTS, [(QUIET, 1)], by=())
    for by in (("sector",), ("hs2",), ("origin", "hs6")):
        assert effective(IMPORTS, [(QUIET, 1)], by=by)["imports_usd"].sum() == whole["imports_usd"][0]


def test_codes_without_a_line_stay_unrated() -> None:
    assert rateable(IMPORTS).filter(pl.col("line").is_null())["hts10"].to_list() == ["9999950000"]


def test_a_retired_code_is_rated_by_its_subheading() -> None:
    old = IMPORTS.head(1).with_columns(hts10=pl.lit("8703230199"))
    assert rateable(old)["line"][0].startswith("87032301")


def test_own_programmes() -> None:
    assert (own_program("KOR"), own_program("MEX"), own_program("CHN")) == ("KR", "S", "")


def test_pair_rates_give_one_row_per_pair() -> None:
    ((day, table),) = pair_rates(IMPORTS, [QUIET])
    assert day == QUIET
    assert table.height == 4


def test_bad_frames_and_groups_are_refused() -> None:
    with pytest.raises(DataError, match="duties_usd"):
        effective(IMPORTS.drop("duties_usd"), [(QUIET, 1)])
    with pytest.raises(UnknownCode, match="Cannot group"):
        effective(IMPORTS, [(QUIET, 1)], by=("colour",))
    with pytest.raises(DataError, match="No day"):
        effective(IMPORTS, [])


def test_as_known_leaves_out_what_was_published_later() -> None:
    """Cars of the EU owe 15 % from 1 August 2025 by a notice of 25 September: on 10 August customs took 27.5."""
    german = IMPORTS.filter(pl.col("iso3") == "DEU")
    day = dt.date(2025, 8, 10)
    final, known = (next(pair_rates(german, [day], as_known=known))[1]["expected"][0] for known in (False, True))
    assert (final, known) == (pytest.approx(0.15, abs=5e-4), pytest.approx(0.275, abs=5e-4))


def test_expected_rates_name_the_instruments_they_lack() -> None:
    """Undeclared metal contents are filled from input–output shares; an unknown list of derivatives stays open."""
    goods = pl.DataFrame(
        {
            "hts10": ["8703230140", "2804290010"],
            "iso3": ["KOR", "KOR"],
            **{name: [1, 1] for name in ("consumption_usd", "dutiable_usd", "duties_usd")},
        }
    )
    rates = next(pair_rates(goods, [dt.date(2025, 8, 10)]))[1]
    missing = dict(rates.select("line", "missing").iter_rows())
    assert missing["8703230140"] == ""
    assert "steel_derivative_list_2025" in missing["2804290010"]
