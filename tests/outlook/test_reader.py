"""Reading a user's series: what is wrong is named, what is handled is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError, UnreadableInput
from headway.outlook import months, reader, store

COLUMNS = ("month", "item", "value", "unit")


def _write(path: Path, rows: list[tuple[object, ...]], columns: tuple[str, ...] = COLUMNS) -> Path:
    lines = [",".join(columns)] + [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _months(count: int, item: str = "cars", unit: str = "USD mn") -> list[tuple[object, ...]]:
    first = months.month("2020-01")
    return [(months.label(first + n), item, 1000 + 10 * n, unit) for n in range(count)]


def test_a_good_file_becomes_a_panel_in_usd_bn(tmp_path: Path) -> None:
    rows = _months(30) + [(m, "total", v * 10, u) for m, _, v, u in _months(30)]  # type: ignore[operator]
    panel = reader.read_series(_write(tmp_path / "own.csv", rows))
    cars = panel.get("item", "cars")
    assert cars.unit == "USD bn"
    assert cars.at(months.month("2020-02")) == pytest.approx(1.01)
    assert panel.total is not None
    assert panel.total.at(months.month("2020-01")) == pytest.approx(10.0)


def test_parquet_with_dates_and_destinations_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    days = [dt.date(2020 + n // 12, n % 12 + 1, 1) for n in range(24)]
    pl.DataFrame(
        {"month": days, "destination": ["USA"] * 24, "value": [5.0] * 24, "unit": ["EUR mn"] * 24}
    ).write_parquet(path)
    series = reader.read_series(path, reader.ReadOptions(country="DEU")).get("destination", "USA")
    assert (series.unit, series.country, len(series.values)) == ("eur mn", "DEU", 24)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*_months(20), ("2020-05", "cars", 1, "USD mn")], "cars has 2020-05 twice"),
        (
            [row for n, row in enumerate(_months(30)) if n not in (5, 6, 7)],
            "no value for 2020-06, 2020-07, 2020-08",
        ),
        ([*_months(20), ("2021-09", "cars", -4, "USD mn")], "negative values in 2021-09"),
        ([*_months(20), ("2021-09", "cars", 4, "tonnes")], "mixes units that do not convert"),
        (_months(11), "has 11 months of data; at least 12"),
        ([*_months(20), ("2021-9", "cars", 4, "USD mn")], "line 22.*not a month"),
        ([*_months(20), ("2021-09", "cars", "n/a", "USD mn")], "'n/a' is not a number"),
        ([*_months(20), ("2021-09", "cars", 4, "")], "rows without a unit"),
        ([(m, i, 0 if n % 3 == 0 else v, u) for n, (m, i, v, u) in enumerate(_months(30))], "intermittent"),
    ],
)
def test_bad_input_is_named_and_refused(tmp_path: Path, rows: list[tuple[object, ...]], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        reader.read_series(_write(tmp_path / "own.csv", rows))
    assert caught.value.fix


def test_a_short_gap_is_filled_and_said(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.csv", [row for n, row in enumerate(_months(30)) if n != 20])
    series = reader.read_series(path).get("item", "cars")
    assert series.filled == (months.month("2021-09"),)
    assert "interpolated: 2021-09" in series.notes[0]
    assert series.at(months.month("2021-09")) == pytest.approx(1.2, rel=0.01)
    with pytest.raises(DataError, match="2021-09"):
        reader.read_series(path, reader.ReadOptions(fill_gaps=False))


def test_a_filled_month_keeps_the_season(tmp_path: Path) -> None:
    values = [100 * (1 + 0.5 * (n % 12 == 11)) for n in range(48)]
    first = months.month("2020-01")
    rows = [(months.label(first + n), "toys", v, "USD") for n, v in enumerate(values) if n != 35]
    series = reader.read_series(_write(tmp_path / "own.csv", rows)).get("item", "toys")
    assert series.at(first + 35) == pytest.approx(150e-9, rel=1e-9)


def test_a_rare_zero_is_raised_and_said(tmp_path: Path) -> None:
    rows = [(m, i, 0 if n == 3 else v, u) for n, (m, i, v, u) in enumerate(_months(30))]
    series = reader.read_series(_write(tmp_path / "own.csv", rows)).get("item", "cars")
    assert series.at(months.month("2020-04")) == pytest.approx(0.5)
    assert "zero in 2020-04" in series.notes[0]


def test_convertible_units_may_be_mixed_and_it_is_said(tmp_path: Path) -> None:
    rows = [*_months(12), ("2021-01", "cars", 1.1, "USD bn")]
    panel = reader.read_series(_write(tmp_path / "own.csv", rows))
    assert panel.get("item", "cars").at(months.month("2021-01")) == pytest.approx(1.1)
    assert "converted" in panel.notes[0]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "month,value\n2020-01,1\n", "month,item,value,unit\n"])
def test_an_unknown_layout_names_file_and_column(tmp_path: Path, content: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"own\.csv"):
        reader.read_series(path)


@pytest.mark.parametrize(
    "form", ["{y}-{m:02d}", "{y}/{m:02d}", "{y}M{m:02d}", "{y}{m:02d}", "{y}.{m:02d}", "{y}-{m:02d}-01"]
)
def test_common_forms_of_months_are_read(tmp_path: Path, form: str) -> None:
    rows = [(form.format(y=2020 + n // 12, m=n % 12 + 1), "cars", 1000 + n, "USD mn") for n in range(14)]
    series = reader.read_series(_write(tmp_path / "own.csv", rows)).get("item", "cars")
    assert (months.label(series.start), len(series.values)) == ("2020-01", 14)


def test_a_missing_file_and_a_broken_parquet_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no file"):
        reader.read_series(tmp_path / "none.csv")
    broken = tmp_path / "own.parquet"
    broken.write_bytes(b"not a table")
    with pytest.raises(UnreadableInput, match=r"own\.parquet"):
        reader.read_series(broken)


def test_vintages_are_kept_and_chosen_by_the_day(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    early = _write(tmp_path / "early.csv", _months(24))
    late = _write(tmp_path / "late.csv", [(m, i, float(str(v)) * 2, u) for m, i, v, u in _months(26)])
    store.add(early, name="own", vintage=dt.date(2022, 1, 15), folder=folder)
    record = store.add(late, name="own", vintage=dt.date(2022, 3, 15), folder=folder)
    assert (record.first, record.last, record.series) == ("2020-01", "2022-02", 1)
    assert [one.vintage for one in store.stored(folder)] == [dt.date(2022, 1, 15), dt.date(2022, 3, 15)]

    panel, used = store.load("own", as_known_on=dt.date(2022, 2, 1), folder=folder)
    assert used.vintage == dt.date(2022, 1, 15)
    assert panel.get("item", "cars").at(months.month("2020-01")) == pytest.approx(1.0)
    newest, _ = store.load("own", folder=folder)
    assert newest.get("item", "cars").at(months.month("2020-01")) == pytest.approx(2.0)


def test_a_day_before_every_vintage_cuts_the_oldest_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store.add(_write(tmp_path / "own.csv", _months(36)), name="own", vintage=dt.date(2023, 1, 15), folder=folder)
    panel, _ = store.load("own", as_known_on=dt.date(2022, 7, 4), folder=folder)
    assert panel.get("item", "cars").end == months.month("2022-06")
    assert any("was cut" in note for note in panel.notes)


def test_a_vintage_does_not_change_and_names_are_plain(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    path = _write(tmp_path / "own.csv", _months(24))
    store.add(path, name="own", vintage=dt.date(2022, 1, 15), folder=folder)
    store.add(path, name="own", vintage=dt.date(2022, 1, 15), folder=folder)
    other = _write(tmp_path / "other.csv", _months(25))
    with pytest.raises(DataError, match="already has another file"):
        store.add(other, name="own", vintage=dt.date(2022, 1, 15), folder=folder)
    with pytest.raises(DataError, match="cannot name"):
        store.add(path, name="../own", vintage=dt.date(2022, 1, 15), folder=folder)
    with pytest.raises(UnreadableInput, match=r"[Ss]tored: own"):
        store.load("mine", folder=folder)


def test_values_survive_the_round_trip(tmp_path: Path) -> None:
    panel = reader.read_series(_write(tmp_path / "own.csv", _months(24, unit="USD")))
    assert np.allclose(panel.get("item", "cars").values * 1e9, [1000 + 10 * n for n in range(24)])
