"""The World Input–Output Database, release 2016, read from a CSV copy of the official file of one year.

Columns as in the publisher's Excel, Stata and R files: IndustryCode, IndustryDescription, Country, RNr, Year, then
`COUNTRYn` (or `vCOUNTRYn`) for the n-th industry or final use of a country, then TOT. Rows: industries by country, then
those of the country TOT (II_fob, TXSP, EXP_adj, PURR, PURNR, VA, IntTTM, GO).

Source: Timmer, Dietzenbacher, Los, Stehrer & de Vries (2015), Review of International Economics 23: 575–605.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import UnreadableInput
from headway.files import sha256
from headway.world.build.country_table import CountryTable, check_totals, file_of_year
from headway.world.build.records import Array

if TYPE_CHECKING:
    import polars as pl

LABELS = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
TOTAL, BELOW = "TOT", ("II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "GO")
FINAL_USES = 5

TITLE = "World Input-Output Database, release 2016"
CITATION = (
    "Timmer, Dietzenbacher, Los, Stehrer & de Vries (2015), An illustrated user guide to the World Input–Output "
    "Database, Review of International Economics 23: 575–605"
)
LICENCE = "free with citation (WIOD); read from the user's own copy"

_COLUMN = re.compile(r"v?([A-Z]{3})(\d+)")
_FIX = "Save the official WIOT file of the year as CSV, all rows and columns."


def read(path: Path, year: int) -> CountryTable:
    """The table of a year from a CSV copy, or from a folder of them.

    Raises UnreadableInput naming the file and the column or row that does not fit the layout, and DataError for a row
    or column that misses its stated total.
    """
    file = file_of_year(path, year)
    frame = _load(file)
    if set(frame["Year"].to_list()) != {year}:
        raise UnreadableInput(f"{file.name}: column Year is not {year} throughout.", "Give the year as --year.")
    rows = frame.filter(frame["Country"] != TOTAL).sort("Country", "RNr", maintain_order=True)
    countries = tuple(dict.fromkeys(rows["Country"]))
    industries = tuple(rows.filter(rows["Country"] == countries[0])["IndustryCode"]) if countries else ()
    if rows["IndustryCode"].to_list() != list(industries) * len(countries) or len(set(industries)) < len(
        industries
    ):
        raise UnreadableInput(f"{file.name}: column IndustryCode differs between countries.", _FIX)
    return _table(file, year, rows, frame, axes=(countries, industries))


def _load(file: Path) -> pl.DataFrame:
    import polars as pl

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(stream), [])
    except UnicodeDecodeError:
        raise UnreadableInput(f"{file.name} is no text file.", _FIX) from None
    missing = [name for name in (*LABELS, TOTAL) if name not in names]
    if missing:
        raise UnreadableInput(f"{file.name}: no column {missing[0]}.", _FIX)
    for number, name in enumerate(names, start=1):
        if name not in (*LABELS, TOTAL) and not _COLUMN.fullmatch(name):
            raise UnreadableInput(f"{file.name}: column {number}, {name!r}, is no country with a number.", _FIX)
    schema: dict[str, pl.DataType] = {name: pl.Float64() for name in names}
    schema |= {name: pl.String() for name in LABELS} | {"Year": pl.Int64(), "RNr": pl.Int64()}
    try:
        return pl.read_csv(file, schema=schema)
    except pl.exceptions.ComputeError as error:
        where = re.search(r"at column '([^']*)'", str(error))
        column = f"column {where[1]} holds something else than numbers" if where else "rows are of unequal length"
        raise UnreadableInput(f"{file.name}: {column}.", _FIX) from None


def _table(
    file: Path,
    year: int,
    rows: pl.DataFrame,
    frame: pl.DataFrame,
    *,
    axes: tuple[tuple[str, ...], tuple[str, ...]],
) -> CountryTable:
    countries, industries = axes
    n, j = len(countries), len(industries)
    known = {(match[1], int(match[2])): name for name in rows.columns if (match := _COLUMN.fullmatch(name))}
    wanted = [(country, number) for country in countries for number in range(1, j + FINAL_USES + 1)]
    absent = [f"{country}{number}" for country, number in wanted if (country, number) not in known]
    if absent:
        raise UnreadableInput(f"{file.name}: no column {absent[0]}.", _FIX)
    columns = [known[one] for one in wanted]
    cells = rows.select(columns).to_numpy()
    if not np.isfinite(cells).all():
        row, column = (int(one) for one in np.argwhere(~np.isfinite(cells))[0])
        label = f"row {rows['Country'][row]} {rows['IndustryCode'][row]}"
        raise UnreadableInput(f"{file.name}: {label}, column {columns[column]} is empty.", _FIX)
    split = cells.reshape(n, j, n, j + FINAL_USES)
    output = _below(file, frame, "GO", columns).reshape(n, j + FINAL_USES)[:, :j]
    labels = [f"{country} {industry}" for country in countries for industry in industries]
    check_totals(f"{file.name}: row", labels, cells.sum(axis=1), rows[TOTAL].to_numpy())
    check_totals(f"{file.name}: output of", labels, rows[TOTAL].to_numpy(), output.ravel())
    return CountryTable(
        countries=countries,
        industries=industries,
        intermediate=np.ascontiguousarray(split[..., :j]),
        final=split[..., j:].sum(axis=3),
        primary=output - split[..., :j].sum(axis=(0, 1)),
        title=TITLE,
        citation=CITATION,
        licence=LICENCE,
        year=year,
        file=file.name,
        sha256=sha256(file.read_bytes()),
    )


def _below(file: Path, frame: pl.DataFrame, code: str, columns: list[str]) -> Array:
    """One of the rows below the industries, over `columns`."""
    row = frame.filter((frame["Country"] == TOTAL) & (frame["IndustryCode"] == code))
    if len(row) != 1:
        raise UnreadableInput(f"{file.name}: no row {code} of the country {TOTAL}.", _FIX)
    return np.asarray(row.select(columns).to_numpy()[0], dtype=np.float64)
