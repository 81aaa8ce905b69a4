"""Reads a user's own monthly series and checks them: what is wrong is named and refused, or handled and said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import DataError, UnreadableInput
from headway.outlook import fill, months
from headway.outlook.records import FloatArray, Panel, Series

if TYPE_CHECKING:
    import polars as pl

UNITS = {
    "usd": 1.0,
    "usd thousand": 1e3,
    "thousand usd": 1e3,
    "usd mn": 1e6,
    "usd m": 1e6,
    "usd million": 1e6,
    "usd bn": 1e9,
    "usd billion": 1e9,
}
"""Units that convert into each other, in USD; every other unit must be the only one in a file."""

TOO_SHORT = 12
"""Months below which no forecast is made."""

MAX_GAP = 2
"""Longest run of missing months that is filled; longer gaps are refused."""

MAX_ZERO_SHARE = 0.1
"""Share of zero months above which a series is refused as intermittent."""


@dataclasses.dataclass(frozen=True)
class ReadOptions:
    """How to read a file: whose calendar, whether it is seasonally adjusted, and what to do with gaps."""

    country: str | None = "KOR"
    adjusted: bool = False
    fill_gaps: bool = True
    vintage: str = ""


_MONTH_FORMS = re.compile(r"^(\d{4})[-/.M ]?(\d{2})(?:[-/.]\d{2}(?:[ T].*)?)?$")
"""2025-01, 2025/01, 2025.01, 2025M01, 202501, and days, which stand for their month."""

Row = tuple[str, str, int, float, str]


def read_series(path: Path, options: ReadOptions = ReadOptions()) -> Panel:
    """The monthly series in a tidy CSV or Parquet file as a checked panel.

    Columns: `month` (YYYY-MM, 202501, 2025M01 or a day), `value`, `unit`, and `item` or `destination` or neither
    (the total). Both may stand in one file, each row filling one of them; the name "total" in either is the total.
    Raises UnreadableInput for an unknown layout and DataError for duplicated months, long gaps, negative values, too
    many zeros, mixed units and too short a history, naming series and months.
    """
    rows = _rows(_table(path), path.name)
    unit, factors = _one_unit({row[4] for row in rows}, path.name)
    grouped: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for kind, name, number, value, raw_unit in rows:
        months_of = grouped[kind, name]
        if number in months_of:
            raise DataError(
                f"{path.name}: {kind} {name} has {months.label(number)} twice.", "Keep one value per month."
            )
        months_of[number] = value * factors[raw_unit]
    notes = () if len(factors) == 1 else (f"Units {', '.join(sorted(factors))} were converted to {unit}.",)
    series = [_checked(kind, name, values, unit, options) for (kind, name), values in grouped.items()]
    return Panel(tuple(dataclasses.replace(one, source=path.name) for one in series), notes)


def _table(path: Path) -> pl.DataFrame:
    import polars as pl

    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Check the path.")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path.name} is neither a CSV nor a Parquet table ({str(error).splitlines()[0]}).",
            "Give a tidy table with the columns month, value, unit and item or destination.",
        ) from None


def _rows(table: pl.DataFrame, name: str) -> list[Row]:
    columns = {column.strip().lower(): column for column in table.columns}
    missing = [column for column in ("month", "value", "unit") if column not in columns]
    if missing:
        raise UnreadableInput(
            f"{name} has no column {', '.join(missing)} (it has {', '.join(table.columns)}).",
            "A tidy table has month, value, unit and item or destination, one row per month and series.",
        )
    if table.is_empty():
        raise UnreadableInput(f"{name} has no rows.", "Give at least twelve months.")
    keys = [key for key in ("item", "destination") if key in columns]
    rows = []
    for line, record in enumerate(table.iter_rows(named=True), start=2):
        labels: dict[str, str] = {key: str(record[columns[key]] or "").strip() for key in keys}
        kind, series = _key(labels, f"{name} line {line}")
        where = f"{name} line {line} ({series})"
        number = _month(record[columns["month"]], where)
        value = _number(record[columns["value"]], where)
        rows.append((kind, series, number, value, " ".join(str(record[columns["unit"]] or "").lower().split())))
    return rows


def _key(labels: dict[str, str], where: str) -> tuple[str, str]:
    given = {kind: label for kind, label in labels.items() if label and label.lower() not in ("total", "all")}
    if len(given) > 1:
        raise DataError(
            f"{where} names both an item and a destination.",
            "Give one of them per row: cells of both are not modelled.",
        )
    for kind, label in given.items():
        return kind, label
    return "total", "total"


def _month(cell: object, where: str) -> int:
    if isinstance(cell, dt.date):
        return months.of_date(cell)
    text = str(cell or "").strip()
    found = _MONTH_FORMS.match(text)
    try:
        return months.month(f"{found[1]}-{found[2]}" if found else text)
    except DataError as error:
        raise DataError(f"{where}: {error.message}", error.fix) from None


def _number(cell: object, where: str) -> float:
    if cell is None or str(cell).strip() == "":
        return float("nan")
    try:
        value = float(str(cell).replace(",", ""))
    except ValueError:
        raise DataError(f"{where}: {cell!r} is not a number.", "Write plain numbers such as 1234.5.") from None
    if np.isinf(value):
        raise DataError(f"{where}: the value is infinite.", "Correct the value.")
    return value


def _one_unit(units: set[str], name: str) -> tuple[str, dict[str, float]]:
    """The unit of the panel and the factor into it of each unit that occurs."""
    if "" in units:
        raise DataError(f"{name} has rows without a unit.", "Fill the column unit, for example with USD mn.")
    if len(units) == 1:
        (only,) = units
        return ("USD bn", {only: UNITS[only] / 1e9}) if only in UNITS else (only, {only: 1.0})
    unknown = sorted(units - set(UNITS))
    if unknown:
        raise DataError(
            f"{name} mixes units that do not convert: {', '.join(sorted(units))}.",
            "Give one unit, or units of USD (USD, USD thousand, USD mn, USD bn).",
        )
    return "USD bn", {unit: UNITS[unit] / 1e9 for unit in units}


def _checked(kind: str, name: str, values: dict[int, float], unit: str, options: ReadOptions) -> Series:
    """One series without gaps, negative values or zeros; what was handled is in its notes."""
    label = f"{kind} {name}"
    stated = {number: value for number, value in values.items() if not np.isnan(value)}
    _refuse_negative(label, stated)
    if len(stated) < TOO_SHORT:
        raise DataError(
            f"{label} has {len(stated)} months of data; at least {TOO_SHORT} are needed.",
            "Add history, or leave the series out.",
        )
    first, last = min(stated), max(stated)
    history = np.array([stated.get(number, np.nan) for number in range(first, last + 1)])
    history, notes = _without_zeros(label, history, first)
    gaps = tuple(int(first + place) for place in np.flatnonzero(np.isnan(history)))
    if gaps:
        _refuse_long_gaps(label, gaps, options)
        history = _interpolated(history)
        notes += (f"{label}: {len(gaps)} missing months were interpolated: {_listed(gaps)}.",)
    return Series(
        kind,
        name,
        first,
        history,
        unit=unit,
        country=options.country,
        adjusted=options.adjusted,
        filled=gaps,
        vintage=options.vintage,
        notes=notes,
    )


def _refuse_negative(label: str, stated: dict[int, float]) -> None:
    negative = tuple(number for number, value in stated.items() if value < 0)
    if negative:
        raise DataError(
            f"{label} has negative values in {_listed(negative)}.",
            "Exports cannot be negative: correct them, or give gross instead of net values.",
        )


def _without_zeros(label: str, history: FloatArray, first: int) -> tuple[FloatArray, tuple[str, ...]]:
    """Zeros become half of the smallest positive month, since growth from zero is not defined."""
    zero = history == 0
    if not zero.any():
        return history, ()
    share = float(zero.sum() / np.isfinite(history).sum())
    listed = _listed(tuple(int(first + place) for place in np.flatnonzero(zero)))
    if share > MAX_ZERO_SHARE:
        raise DataError(
            f"{label} is zero in {zero.sum()} of its months ({listed}): an intermittent series.",
            "Growth from zero is not defined: give a wider item, or quarterly sums.",
        )
    floor = float(np.nanmin(history[~zero])) / 2
    note = f"{label}: zero in {listed}; set to half of the smallest positive month, since growth needs a level."
    return np.where(zero, floor, history), (note,)


def _refuse_long_gaps(label: str, gaps: tuple[int, ...], options: ReadOptions) -> None:
    longest = run = 1
    for before, after in itertools.pairwise(gaps):
        run = run + 1 if after == before + 1 else 1
        longest = max(longest, run)
    if longest > MAX_GAP or not options.fill_gaps:
        raise DataError(
            f"{label} has no value for {_listed(gaps)}.",
            f"Add the months; gaps of up to {MAX_GAP} months are filled unless that is switched off.",
        )


def _interpolated(history: FloatArray) -> FloatArray:
    """Gaps filled so that growth on the same month of the year before runs on a line; plain logs in year one."""
    level = np.full_like(history, 1.0)
    level[12:] = np.where(np.isfinite(history[:-12]), history[:-12], 1.0)
    usable = np.isfinite(history) & (np.arange(len(history)) >= 12) & np.isfinite(np.roll(history, 12))
    gaps = np.isnan(history)
    seasonal = gaps & (np.arange(len(history)) >= 12) & np.isfinite(np.roll(history, 12))
    places = np.arange(len(history))
    filled = history.copy()
    if usable.any() and seasonal.any():
        growth = np.interp(places, places[usable], np.log(history[usable] / level[usable]))
        filled[seasonal] = np.exp(growth[seasonal]) * level[seasonal]
    return fill.fill_by_indicators(filled, [np.ones_like(filled)])


def _listed(numbers: tuple[int, ...]) -> str:
    shown = [months.label(number) for number in numbers[:6]]
    return ", ".join(shown) + (f" and {len(numbers) - 6} more" if len(numbers) > 6 else "")
