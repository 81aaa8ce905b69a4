"""The OECD's Inter-Country Input–Output tables, read from the official CSV file of one year.

Rows and columns are `COUNTRY_INDUSTRY`; columns go on with final uses `COUNTRY_CATEGORY` and a total, rows with net
taxes on products, value added and output. Two layouts are known:

- editions 2018 and 2021: industries such as `01T02`; total column `TOTAL`; rows `COUNTRY_TAXSUB`, `VALU`, `OUTPUT`;
- editions 2022, 2023 and 2025: industries such as `A01_02`; total column `OUT`; rows `TLS` (in 2022 `COUNTRY_TLS`),
  `VA`, `OUT`.

Anything else is refused by name. In extended files China and Mexico are in parts (CN1, CN2, MX1, MX2) and have final
uses as wholes: the parts sell and use inputs, the wholes consume.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.errors import UnreadableInput
from headway.files import sha256
from headway.world.build.country_table import CountryTable, check_totals, file_of_year
from headway.world.build.records import Array

if TYPE_CHECKING:
    import polars as pl

FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "P33")
"""Households, non-profit institutions, government, investment, inventories, residents' purchases abroad (two names)."""

TITLE = "OECD Inter-Country Input-Output tables"
CITATION = "OECD, Inter-Country Input-Output Database, http://oe.cd/icio"
LICENCE = "OECD terms and conditions; read from the user's own copy"

_LABEL = re.compile(r"([A-Z][A-Z0-9]{2})_([A-Z0-9_]+)")


@dataclass(frozen=True)
class Layout:
    """How one group of editions names its total column, and its rows of value added, net taxes and output."""

    name: str
    total: str
    value_added: str
    taxes: re.Pattern[str]
    output: str


LAYOUTS = (
    Layout("editions 2022 to 2025", "OUT", "VA", re.compile(r"(?:[A-Z][A-Z0-9]{2}_)?TLS"), "OUT"),
    Layout("editions 2018 and 2021", "TOTAL", "VALU", re.compile(r"[A-Z][A-Z0-9]{2}_TAXSUB"), "OUTPUT"),
)


def read(path: Path, year: int) -> CountryTable:
    """The table of a year from an official CSV file, or from a folder of them.

    Raises UnreadableInput naming the file and the column or row that fits no known layout, and DataError for a row or
    column that misses its stated total.
    """
    file = file_of_year(path, year)
    names = _header(file)
    layout = _layout(file, names)
    frame = _load(file, names)
    rows = [str(label) for label in frame.to_series(0).to_list()]
    industries = _industries(file, rows, layout)
    columns = [name for name in names[1:] if _LABEL.fullmatch(name)]
    uses = [name for name in columns if name.split("_", 1)[1] in FINAL_USES]
    _check_square(file, industries, [name for name in columns if name not in set(uses)])
    return _table(file, year, frame, layout=layout, rows=rows, labels=(industries, uses))


def _header(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(stream), [])
    except UnicodeDecodeError:
        raise UnreadableInput(f"{file.name} is no text file.", "Unpack the publisher's archive first.") from None
    if len(names) < 2:
        raise UnreadableInput(f"{file.name} has no columns.", "Use the official CSV file of the OECD.")
    return names


def _layout(file: Path, names: list[str]) -> Layout:
    """The layout that the total column tells; every other column must be a country with an industry or a use."""
    found = next((layout for layout in LAYOUTS if layout.total in names), None)
    if found is None:
        raise UnreadableInput(
            f"{file.name}: no column OUT or TOTAL; its last is {names[-1]!r}.", _known("Use the official CSV file")
        )
    for number, name in enumerate(names[1:], start=2):
        if name != found.total and not _LABEL.fullmatch(name):
            raise UnreadableInput(
                f"{file.name}: column {number}, {name!r}, is no country with an industry or a final use.",
                _known("Use the official CSV file"),
            )
    return found


def _known(start: str) -> str:
    return f"{start}; layouts known: {', '.join(layout.name for layout in LAYOUTS)}."


def _load(file: Path, names: list[str]) -> pl.DataFrame:
    """Labels as text, all else as numbers; raises UnreadableInput naming the column that holds something else."""
    import polars as pl

    types = dict.fromkeys(names[1:], pl.Float64())
    if len(types) < len(names) - 1:
        twice = next(name for name in names[1:] if names.count(name) > 1)
        raise UnreadableInput(f"{file.name}: two columns are called {twice}.", "Use the official CSV file.")
    schema = {names[0]: pl.String(), **types}
    try:
        return pl.read_csv(file, schema=schema, encoding="utf8", truncate_ragged_lines=False)
    except pl.exceptions.ComputeError as error:
        where = re.search(r"at column '([^']*)'", str(error))
        column = f"column {where[1]} holds something else than numbers" if where else "rows are of unequal length"
        raise UnreadableInput(f"{file.name}: {column}.", "Use the official CSV file, undamaged.") from None


def _industries(file: Path, rows: Sequence[str], layout: Layout) -> list[str]:
    """Rows that are a country with an industry; the others must be those that the layout has below them."""
    below = (layout.value_added, layout.output)
    for label in below:
        if label not in rows:
            raise UnreadableInput(
                f"{file.name}: no row {label} ({layout.name}).", _known("Use the official CSV file")
            )
    found = []
    for number, label in enumerate(rows, start=2):
        if label in below or layout.taxes.fullmatch(label):
            continue
        if not _LABEL.fullmatch(label):
            raise UnreadableInput(
                f"{file.name}: row {number}, {label!r}, is no country with an industry ({layout.name}).",
                _known("Use the official CSV file"),
            )
        found.append(label)
    return found


def _check_square(file: Path, rows: list[str], columns: list[str]) -> None:
    """Raise UnreadableInput naming a country and industry that sells and does not buy, or the other way round."""
    odd = sorted(set(rows).symmetric_difference(columns))
    if odd:
        side = "row but no column" if odd[0] in rows else "column but no row"
        raise UnreadableInput(f"{file.name}: {odd[0]} has a {side}.", "Use the official CSV file, whole.")


def _table(
    file: Path,
    year: int,
    frame: pl.DataFrame,
    *,
    layout: Layout,
    rows: list[str],
    labels: tuple[list[str], list[str]],
) -> CountryTable:
    """Arrays by country and industry, from labelled rows and columns in any order."""
    industries, uses = labels
    countries = tuple(dict.fromkeys(label.split("_", 1)[0] for label in industries))
    kinds = tuple(dict.fromkeys(label.split("_", 1)[1] for label in industries))
    order = [f"{country}_{kind}" for country in countries for kind in kinds]
    missing = sorted(set(order) - set(industries))
    if missing:
        raise UnreadableInput(
            f"{file.name}: {missing[0]} is missing, other countries have it.", "Use the whole file."
        )
    place = {label: at for at, label in enumerate(rows)}
    at = [place[label] for label in order]
    n, j = len(countries), len(kinds)
    sold = frame.select(order).to_numpy()
    consumed = frame.select(uses).to_numpy()[at]
    _check_finite(file, order, (*order, *uses), np.hstack([sold[at], consumed]))
    final = np.zeros((n * j, n))
    for column, label in enumerate(uses):
        country = label.split("_", 1)[0]
        if country not in countries:
            raise UnreadableInput(
                f"{file.name}: {label} belongs to no country of the rows.", "Use the whole file."
            )
        final[:, countries.index(country)] += consumed[:, column]
    taxes = [number for label, number in place.items() if layout.taxes.fullmatch(label)]
    primary = sold[place[layout.value_added]] + np.nansum(sold[taxes], axis=0)
    output = sold[place[layout.output]]
    check_totals(f"{file.name}: row", order, sold[at].sum(axis=1) + final.sum(axis=1), _stated(frame, layout, at))
    check_totals(f"{file.name}: column", order, sold[at].sum(axis=0) + primary, output)
    return CountryTable(
        countries=countries,
        industries=kinds,
        intermediate=sold[at].reshape(n, j, n, j),
        final=final.reshape(n, j, n),
        primary=primary.reshape(n, j),
        title=TITLE,
        citation=CITATION,
        licence=LICENCE,
        year=year,
        file=file.name,
        sha256=sha256(file.read_bytes()),
    )


def _stated(frame: pl.DataFrame, layout: Layout, at: list[int]) -> Array:
    """Output of each industry as the total column states it."""
    return np.asarray(frame[layout.total].to_numpy()[at])


def _check_finite(file: Path, rows: Sequence[str], columns: Sequence[str], values: Array) -> None:
    """Raise UnreadableInput naming the row and column of the first empty cell."""
    if not np.isfinite(values).all():
        row, column = (int(one) for one in np.argwhere(~np.isfinite(values))[0])
        raise UnreadableInput(
            f"{file.name}: row {rows[row]}, column {columns[column]} is empty.", "Use the whole file."
        )
