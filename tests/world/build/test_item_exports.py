"""Annual exports by item from releases: published years as they are, others from the months that are known."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from headway.errors import DataError, UnreadableInput
from headway.world.build import item_exports

SHIPPED = Path(__file__).parents[3] / "src/headway/world/data/item_exports.csv"
HEAD = "period,kind,name,value,yoy_pct,source_url\n"
ROWS = (
    "2024,total,total,100,8.2,t\n"
    "2024,item,automobiles,40,,a\n"
    "2024-01,item,automobiles,9,,a\n"
    "2024-01,item,steel,2,,s1\n"
    "2025-01,item,steel,9,10,s2\n"
    "2025-03,item,steel,3.3,10,s3\n"
    "2025-04,item,steel,,5,s4\n"
    "2025-05,item,textiles,1,,x\n"
)


def table_of(text: str) -> pl.DataFrame:
    return item_exports.items_of(pl.read_csv((HEAD + text).encode(), infer_schema=False))


def test_a_published_year_wins_and_months_stand_in() -> None:
    rows = {row["item"]: row for row in table_of(ROWS).iter_rows(named=True)}
    assert (rows["cars"]["usd_billion"], rows["cars"]["basis"]) == (40.0, "published")
    # January as given (2, not the 8.18 that 2025 implies) and March as implied: 3.3 / 1.1 = 3.
    assert rows["steel"]["usd_billion"] == pytest.approx(12 * (2 + 3) / 2)
    assert rows["steel"]["basis"] == "estimated: twelve times the mean of the months known (2)"
    assert "textiles" not in rows


def test_items_above_the_total_are_refused() -> None:
    with pytest.raises(DataError, match="more than the total"):
        table_of(ROWS.replace("automobiles,40", "automobiles,140"))


def test_other_layouts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="does not exist"):
        item_exports.build(tmp_path, tmp_path)
    path = tmp_path / item_exports.SOURCE
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableInput, match="has columns"):
        item_exports.build(tmp_path, tmp_path)


def test_a_rebuild_gives_the_shipped_table(shared_data: Path, tmp_path: Path) -> None:
    item_exports.build(shared_data, tmp_path)
    assert (tmp_path / "item_exports.csv").read_bytes() == SHIPPED.read_bytes()
