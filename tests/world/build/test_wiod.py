"""WIOD: aggregation and the rule for negative entries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.errors import UnreadableInput
from headway.world.build import wiod
from headway.world.build.wiod import Shipments, settle, whole_sectors
from headway.world.regions import REGIONS

N, J = len(REGIONS), len(whole_sectors())


def shipments(seed: int = 0) -> Shipments:
    rng = np.random.default_rng(seed)
    intermediate = rng.uniform(0.0, 1.0, (N, J, N, J))
    return Shipments(intermediate, rng.uniform(0.5, 1.0, (N, J, N)) * N * J)


def test_a_table_without_negatives_only_balances() -> None:
    given = shipments()
    table, notes = settle(given)
    assert notes == []
    output = given.intermediate.sum(axis=(2, 3)) + given.final.sum(axis=2)
    np.testing.assert_allclose(table.output, output.T, rtol=1e-10)
    np.testing.assert_allclose(table.input_use[:, :, 0], given.intermediate[:, :, 0].sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(table.expenditure, table.input_use.sum(axis=1) + table.final_use, rtol=1e-12)
    np.testing.assert_allclose(table.output, table.input_use.sum(axis=0) + table.value_added, rtol=1e-12)


def test_negative_cells_are_zero_noted_and_the_table_balances() -> None:
    given = shipments()
    given.final[3, 1, 3] = -40.0
    given.intermediate[0, 2, 5, 4] = -0.25
    table, notes = settle(given)
    assert [(note.where, note.amount) for note in notes] == [
        ("JPN/mining → JPN", 40.0),
        ("KOR/food → MEX/wood_paper", 0.25),
    ]
    assert table.flow.min() >= 0
    assert table.final_use.min() >= 0
    np.testing.assert_allclose(table.expenditure, table.input_use.sum(axis=1) + table.final_use, rtol=1e-12)
    np.testing.assert_allclose(table.output, table.input_use.sum(axis=0) + table.value_added, rtol=1e-12)
    # What stocks supplied counts as made in the year, so Japan makes more of it than the source says.
    before = given.intermediate[3, 1].sum() + given.final[3, 1].sum()
    assert table.output[1, 3] > before + 40.0


def test_a_sector_without_value_added_gets_one_percent() -> None:
    given = shipments()
    given.intermediate[:, :, 7, 9] *= 60.0
    table, notes = settle(given)
    assert [note.where for note in notes] == [f"{REGIONS[7]}/{whole_sectors()[9]}"]
    assert table.value_added[9, 7] / table.output[9, 7] == pytest.approx(0.01, rel=1e-9)


def test_another_layout_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "wiot_2014.npz", intermediate=np.zeros((3, 3)))
    with pytest.raises(UnreadableInput, match=r"wiot_2014.npz: intermediate should have the shape \(1435, 1435\)"):
        wiod.read(tmp_path / "wiot_2014.npz")
    with pytest.raises(UnreadableInput, match="no file"):
        wiod.read(tmp_path / "wiot_1900.npz")


@pytest.mark.parametrize(("year", "negative_cells"), [(1995, 1), (2007, 7), (2011, 6)])
def test_the_years_of_the_source(shared_data: Path, year: int, negative_cells: int) -> None:
    path = shared_data / "wiod2013" / f"wiot_{year}.npz"
    table, notes = wiod.build(path)
    raw = wiod.read(path)
    final = raw["final"].astype(float).sum()
    settled = sum(note.amount for note in notes)
    assert len(notes) == negative_cells
    assert settled < 2e-4 * final
    assert table.value_added.sum() == pytest.approx(final + settled, rel=1e-9)
    assert (table.value_added / table.output).min() > 0.01
    np.testing.assert_allclose(table.expenditure, table.input_use.sum(axis=1) + table.final_use, atol=1e-3)


def test_korea_in_2011_is_the_sum_of_its_industries(shared_data: Path) -> None:
    raw = wiod.read(shared_data / "wiod2013" / "wiot_2011.npz")
    given = wiod.aggregate(raw)
    korea = [str(code) for code in raw["countries"]].index("KOR")
    rows = slice(korea * 35, korea * 35 + 35)
    total = raw["intermediate"][rows].astype(float).sum() + raw["final"][rows].astype(float).sum()
    assert given.intermediate[0].sum() + given.final[0].sum() == pytest.approx(total, rel=1e-12)
    cars = raw["intermediate"][rows][14].astype(float).sum() + raw["final"][rows][14].astype(float).sum()
    at = whole_sectors().index("transport_equipment")
    assert given.intermediate[0, at].sum() + given.final[0, at].sum() == pytest.approx(cars, rel=1e-12)
