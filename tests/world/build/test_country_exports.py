"""Totals by country from the matrix of 2023, missing pairs filled and counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.errors import UnreadableInput
from headway.world.build import country_exports
from headway.world.build.levels import Matrix

SHIPPED = Path(__file__).parents[3] / "src/headway/world/data/country_exports.csv"


def test_what_is_filled_is_counted() -> None:
    names, gdp = ("AAA", "BBB", "CCC"), np.ones(3)
    raw = Matrix(names, np.array([[np.nan, 3e3, np.nan], [1e3, 5e3, 1e3], [0.0, 0.0, 0.0]]), gdp)
    filled = Matrix(names, np.array([[0.0, 3e3, 1e3], [1e3, 0.0, 1e3], [0.0, 0.0, 0.0]]), gdp)
    table = country_exports.totals(raw, filled)
    assert table["usd_billion"].to_list() == [4.0, 2.0, 0.0]
    assert table["filled"].to_list() == [0.25, 0.0, 0.0]


def test_missing_sources_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no file"):
        country_exports.build(tmp_path, tmp_path)


def test_a_rebuild_gives_the_shipped_table(shared_data: Path, tmp_path: Path) -> None:
    country_exports.build(shared_data, tmp_path)
    assert (tmp_path / "country_exports.csv").read_bytes() == SHIPPED.read_bytes()
