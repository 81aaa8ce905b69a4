"""US duties of a day: collected while the law is that of the year, the schedule's expected rates from then on."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from headway.errors import OutsideDomain
from headway.impact import duties
from headway.tariffs.effective import effective, implied_equivalents
from headway.world.us_market import us_imports

DAY = dt.date(2025, 8, 10)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2024, 6, 1), 2024),
        (dt.date(2025, 1, 21), 2024),
        (dt.date(2025, 12, 31), 2024),
        (dt.date(2026, 1, 1), 2025),
        (dt.date(2031, 1, 1), 2025),
    ],
)
def test_weights_are_the_last_full_year_before_the_text(day: dt.date, year: int) -> None:
    assert duties.us_year(day) == year


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (dt.date(2024, 6, 1), "collected"),
        (dt.date(2025, 2, 3), "collected"),
        (dt.date(2025, 2, 4), "expected"),
        (dt.date(2026, 11, 24), "expected"),
    ],
)
def test_the_schedule_is_the_baseline_from_the_day_the_law_changed(day: dt.date, basis: str) -> None:
    assert duties.basis_on(day) == basis


def test_before_the_change_rates_are_those_collected() -> None:
    found = duties.us_duties(dt.date(2025, 1, 21))
    total = us_imports(2024)
    assert (found.year, found.basis, found.rated, found.open) == (2024, "collected", 0.0, 0.0)
    assert found.average() == pytest.approx(total["duties_usd"].sum() / total["consumption_usd"].sum())
    assert 100 * found.average() == pytest.approx(2.36, abs=0.01)
    assert 100 * found.average("KOR") == pytest.approx(0.19, abs=0.005)


@pytest.fixture(scope="module")
def owed() -> duties.UsDuties:
    return duties.us_duties(DAY)


def rate(owed: duties.UsDuties, line: str, iso3: str) -> float:
    found = owed.rows.filter((pl.col("hts10") == line) & (pl.col("iso3") == iso3))["rate"].to_list()
    assert len(found) == 1
    return float(found[0])


def test_lines_owe_what_the_schedule_of_the_day_says(owed: duties.UsDuties) -> None:
    """Cars of Korea owe 25 %, and the 2.5 of column 1 where KORUS is not claimed, on 2.2 % of chapter 87.

    Those of the EU owe what was known that day, not what was refunded later.
    """
    assert rate(owed, "8703230140", "KOR") == pytest.approx(0.25 + 0.025 * 0.022, abs=2e-5)
    assert rate(owed, "8703230140", "DEU") == pytest.approx(0.275, abs=5e-4)
    assert rate(owed, "8542310045", "KOR") == 0.0
    assert rate(owed, "6109100012", "VNM") == pytest.approx(0.365, abs=5e-4)


def test_what_the_schedule_cannot_rate_keeps_what_was_collected(owed: duties.UsDuties) -> None:
    unrated = owed.rows.filter(pl.col("expected").is_null())
    assert unrated["rate"].equals(unrated["collected"], check_names=False)
    assert unrated["hts10"].str.starts_with("9999").any()
    assert owed.rated == pytest.approx(1 - unrated["usd"].sum() / owed.rows["usd"].sum())
    assert 0.98 < owed.rated < 0.99


def test_open_lines_are_counted_and_named(owed: duties.UsDuties) -> None:
    named = dict(owed.open_instruments(100))
    assert next(iter(named)) == "steel_derivative_list_2025"
    assert max(named.values()) <= owed.open <= sum(named.values())
    assert 0.07 < owed.open < 0.09
    with_collected = owed.average("KOR", open_as="collected")
    assert with_collected < owed.average("KOR") - 0.01


def test_koreas_average_is_that_of_tariffs_effective(owed: duties.UsDuties) -> None:
    """Import-weighted expected rate of the lines that the schedule rates; the rest at the rate collected."""
    rows = owed.rows.filter(pl.col("iso3") == "KOR")
    rated = rows.filter(pl.col("expected").is_not_null())
    imports = us_imports(2024).join(rated.select("hts10", "iso3"), on=["hts10", "iso3"], how="semi")
    table = effective(imports, [(DAY, 1)], by=(), equivalents=implied_equivalents(us_imports(2024)))
    share = rated["usd"].sum() / rows["usd"].sum()
    rest = rows.filter(pl.col("expected").is_null())
    kept = (rest["usd"] * rest["collected"]).sum() / rest["usd"].sum()
    assert share > 0.99
    assert owed.average("KOR") == pytest.approx(share * table["expected"][0] + (1 - share) * kept, abs=1e-12)
    assert 100 * owed.average("KOR") == pytest.approx(16.68, abs=0.05)


def test_past_the_end_of_the_schedule_is_an_error() -> None:
    with pytest.raises(OutsideDomain, match="2035-12-31"):
        duties.us_duties(dt.date(2040, 1, 1))
