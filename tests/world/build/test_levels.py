"""Levels of 2023: missing values filled in a stated order and listed, Taiwan moved, top partners checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError, UnreadableInput
from headway.world.build import levels, wiod
from headway.world.build.levels import Matrix
from headway.world.build.records import Structure
from headway.world.regions import REGIONS


def structure() -> Structure:
    n, sectors = len(REGIONS), ("agriculture", "utilities")
    flow = np.ones((2, n, n)) * 100.0
    return Structure(REGIONS, sectors, flow, np.zeros((2, 2, n)), flow.sum(axis=2), np.full((2, n), 50.0))


def matrix() -> Matrix:
    """Every region but Taiwan and the aggregates by itself, Viet Nam, Bangladesh, the Philippines and Austria."""
    iso3 = (*(code for code in REGIONS if code not in ("TWN", "XEU", "ROW")), "VNM", "BGD", "PHL", "AUT")
    trade = np.full((len(iso3), len(iso3)), 200.0)
    np.fill_diagonal(trade, np.nan)
    return Matrix(iso3, trade, np.full(len(iso3), 1e3))


def with_blanks(*pairs: tuple[str, str]) -> Matrix:
    given = matrix()
    trade = given.trade.copy()
    for exporter, importer in pairs:
        trade[given.iso3.index(exporter), given.iso3.index(importer)] = np.nan
    return replace(given, trade=trade)


PUBLISHED = [(row["exporter"], row["importer"]) for row in levels.published()]


def test_a_published_figure_comes_first_and_names_its_source() -> None:
    filled, notes = levels.fill(with_blanks(*PUBLISHED), structure())
    at = (filled.iso3.index("KOR"), filled.iso3.index("VNM"))
    assert filled.trade[at] == 53_490.0
    note = next(note for note in notes if note.where == "KOR → VNM")
    assert "published" in note.rule
    assert "2023" in note.source
    assert note.source.count("http") == 1


def test_wiod_growth_comes_second() -> None:
    filled, notes = levels.fill(with_blanks(*PUBLISHED, ("RUS", "BRA")), structure())
    # Russia's other sales to named regions doubled, 100 to 200, so the blank is 100 × 2.
    assert filled.trade[filled.iso3.index("RUS"), filled.iso3.index("BRA")] == pytest.approx(200.0)
    assert next(note for note in notes if note.where == "RUS → BRA").rule.endswith("WIOD 2011 times growth")


def test_trade_with_complete_reporters_comes_third() -> None:
    given = with_blanks(*PUBLISHED, ("RUS", "PHL"), *(("MEX", code) for code in REGIONS[6:18]))
    filled, notes = levels.fill(given, structure())
    complete = [code for code in given.iso3 if code != "MEX"]
    blanks = [*PUBLISHED, ("RUS", "PHL")]
    sold = 200.0 * (len(complete) - 1 - sum(exporter == "RUS" for exporter, _ in blanks))
    bought = 200.0 * (len(complete) - 1 - sum(importer == "PHL" for _, importer in blanks))
    world = 200.0 * (len(complete) * (len(complete) - 1) - len(blanks))
    at = (filled.iso3.index("RUS"), filled.iso3.index("PHL"))
    assert filled.trade[at] == pytest.approx(sold * bought / world)
    assert "complete reporters" in next(note for note in notes if note.where == "RUS → PHL").rule


def test_a_published_figure_for_a_value_that_exists_is_an_error() -> None:
    with pytest.raises(DataError, match="which the matrix has"):
        levels.fill(matrix(), structure())


def test_blanks_inside_a_region_are_filled_but_not_listed() -> None:
    _, notes = levels.fill(with_blanks(*PUBLISHED, ("VNM", "PHL")), structure())
    assert not [note for note in notes if note.where == "VNM → PHL"]


def test_a_top_partner_that_trades_nothing_fails_by_name() -> None:
    given = matrix()
    trade = given.trade.copy()
    korea, japan = given.iso3.index("KOR"), given.iso3.index("JPN")
    trade[korea, japan], trade[japan, korea] = 0.0, 900.0
    broken = replace(given, trade=trade)
    goods, _ = levels.to_regions(broken)
    with pytest.raises(DataError, match="KOR and JPN"):
        levels.check_partners(broken, goods)


def test_taiwan_moves_with_its_partners() -> None:
    goods, gdp = levels.to_regions(matrix())
    moved, new, notes = levels.move_taiwan(goods, gdp, structure())
    at = REGIONS.index("TWN")
    japan = REGIONS.index("JPN")
    growth = goods[japan].sum() / (100.0 * (len(REGIONS) - 2))
    assert moved[japan, at] == pytest.approx(100.0 * growth)
    assert new[at] > 0
    assert moved[at, at] == 0.0
    assert len(notes) == 2 * (len(REGIONS) - 1) + 1


def test_another_layout_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"trade_cepii\.csv"):
        levels.read(tmp_path)


def test_the_real_matrix(shared_data: Path) -> None:
    table, _ = wiod.build(shared_data / "wiod2013" / "wiot_2011.npz")
    found, notes = levels.build(shared_data, table)
    korea = REGIONS.index("KOR")
    assert found.goods[:, korea].min() == 0.0  # the diagonal
    assert (np.delete(found.goods[:, korea], korea) > 0).all()
    assert found.goods[REGIONS.index("POL"), korea] == 9_020.0
    assert found.gdp[korea] == pytest.approx(1_712_792.85, abs=0.01)
    assert {note.step for note in notes} == {"fills", "taiwan"}
