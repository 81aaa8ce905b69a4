"""The shipped table: every row sourced and dated, rebuilt from the source files, breaks kept apart."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.outlook import figures, fill, months


def test_every_row_has_source_vintage_definition_and_unit() -> None:
    table = figures.official()
    assert table.height > 1200
    for column in ("source", "source_id", "vintage", "definition", "unit", "basis", "known_from"):
        assert table[column].null_count() == 0, column
    known = {source.id for source in figures.SOURCES}
    assert set(table["source_id"].unique()) == known
    assert all(source.licence and source.url for source in figures.SOURCES)


def test_the_table_is_rebuilt_from_the_sources_byte_for_byte(shared_data: Path, tmp_path: Path) -> None:
    from headway.outlook.build.__main__ import build

    for path in build(shared_data, tmp_path):
        if path.name != "holidays_korea.csv":  # the calendar package may know more of the future one day
            assert path.read_bytes() == (figures.DATA / path.name).read_bytes(), path.name


def test_all_420_published_facts_are_there(shared_data: Path) -> None:
    source = pl.read_csv(
        shared_data / "korea-exports" / "korea_exports_press_releases.csv", schema_overrides={"period": pl.String}
    )
    shipped = figures.official().filter(
        (pl.col("source_id") == figures.MINISTRY) & (pl.col("basis") == "published")
    )
    assert source.height == 420
    assert shipped.height == source.height
    assert shipped["value"].sum() == pytest.approx(source["value"].sum())
    assert shipped["yoy_pct"].sum() == pytest.approx(source["yoy_pct"].sum())


def test_breaks_are_flagged_and_never_chained() -> None:
    table = figures.official()
    broken = table.filter(pl.col("chain_break"))
    named = set(broken.select("name", "period").iter_rows())
    # The four named by the compilers of the data are among them.
    assert {("petroleum_products", "2025-01"), ("petroleum_products", "2025-08")} <= named
    assert {("USA", "2025-06"), ("petrochemicals", "2025-06")} <= named
    assert broken.height == 7
    chained = set(table.filter(pl.col("basis") == "derived from growth").select("name", "vintage").iter_rows())
    for name, period in named:
        assert (name, f"implied by the figures for {period}") not in chained


def test_derived_months_follow_from_one_growth_rate() -> None:
    chips = figures.stated("item", "semiconductors")
    growth = figures.published_growth("item", "semiconductors")
    number = months.month("2024-06")
    assert chips[number - 12] == pytest.approx(chips[number] / (1 + growth["2024-06"] / 100), abs=5e-4)
    # 2025-12 from the year and eleven months, 2024-12 from its growth: the ministry's 14.5.
    assert chips[months.month("2025-12")] == pytest.approx(20.8, abs=0.1)
    assert chips[months.month("2024-12")] == pytest.approx(14.5, abs=0.1)


def test_nothing_later_than_the_day_is_used() -> None:
    day = dt.date(2025, 1, 20)
    panel = figures.korea(day)
    assert panel.total is not None
    assert months.label(panel.total.end) == "2024-12"
    assert all(series.end <= panel.total.end for series in panel.series)
    later = figures.official().filter(pl.col("known_from") > day)
    assert later.height > 0
    with_semis = panel.get("item", "semiconductors")
    assert with_semis.total(months.period("2024-H1")) == pytest.approx(65.7, abs=0.2)


def test_what_only_a_later_release_implies_is_counted_or_left_out() -> None:
    """Semiconductors of December 2024: printed on 1 January 2025, on file through the release a year later."""
    day = dt.date(2025, 1, 20)
    december = months.month("2024-12")
    row = figures.official().filter((pl.col("name") == "semiconductors") & (pl.col("period") == "2024-12"))
    assert (row["known_from"][0], row["on_file_from"][0]) == (dt.date(2025, 1, 1), dt.date(2026, 1, 1))
    assert december in figures.stated("item", "semiconductors", as_known_on=day)
    assert december not in figures.stated("item", "semiconductors", as_known_on=day, strict=True)
    (note,) = (note for note in figures.korea(day).notes if "only as a later release implies them" in note)
    assert "semiconductors 2" in note
    strict = figures.korea(day, strict=True)
    assert december in strict.get("item", "semiconductors").filled
    assert not any("later release" in note for note in strict.notes)
    table = figures.official()
    assert (table["on_file_from"] >= table["known_from"]).all()


def test_the_unadjusted_total_keeps_the_published_months_and_rebuilds_the_rest() -> None:
    total = figures.korea().total
    assert total is not None
    assert months.label(total.start) == "2000-01"
    assert total.at(months.month("2026-07")) == 98.89
    assert len(total.rebuilt) == 276
    assert not total.filled
    assert total.total(months.period("2024")) == pytest.approx(683.8, rel=2e-3)
    published = figures.published_total()
    assert np.array_equal(total.values[-len(published.values) :], published.values)


def test_filling_leaves_stated_months_alone_and_follows_the_indicator() -> None:
    values = np.array([1.0, np.nan, np.nan, 4.0, np.nan])
    filled = fill.fill_by_indicators(values, [np.array([10.0, 20.0, 30.0, 40.0, 50.0])])
    assert filled == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])


def test_an_indicator_that_goes_its_own_way_is_passed_over() -> None:
    values = np.array([1.0, 1.0, 1.0, 1.0, np.nan])
    wild = np.array([1.0, 2.0, 0.5, 3.0, 9.0])
    assert fill.fill_by_indicators(values, [wild, np.ones(5)])[-1] == pytest.approx(1.0)


def test_the_customs_items_are_kept_apart_from_the_ministrys() -> None:
    july = months.month("2026-07")
    assert figures.stated("item", "semiconductors")[july] == 41.01
    assert figures.stated("item", "semiconductors", source_id=figures.CUSTOMS)[july] == pytest.approx(
        33.1, abs=0.05
    )
