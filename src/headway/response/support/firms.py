"""Firms as the support programme sees them: a table, one row each, read from CSV and checked line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from headway.codes import items
from headway.errors import DataError, UnknownCode
from headway.files import read_text, sha256

COLUMNS: dict[str, str] = {
    "firm_id": "a name or number that no other row has",
    "size": "small, medium, mid_sized or large",
    "region": "where the firm is, such as a province",
    "item": "what it mainly exports: an item of Headway by key or name, such as cars or 반도체",
    "exports_usd": "all exports in the base year, US dollars",
    "us_exports_usd": "direct exports to the market that is hit, US dollars, at most exports_usd",
}
"""Columns of a firms file and what each holds; further columns are kept out."""

SIZES = ("small", "medium", "mid_sized", "large")


@dataclass(frozen=True)
class Firms:
    """Firms [firm_id, size, region, item, exports_usd, us_exports_usd] with where they were read and their hash."""

    table: pl.DataFrame
    name: str
    sha256: str

    @property
    def count(self) -> int:
        """Number of firms."""
        return self.table.height


def read_firms(path: Path) -> Firms:
    """Read a firms file (CSV, UTF-8, `COLUMNS`); lines at its top that start with # are notes.

    Raises UnreadableInput for a file that is missing, empty or binary; DataError for wrong columns, duplicated ids,
    negative or missing exports, US exports above all exports, or an unknown size; UnknownCode for an unknown item.
    """
    text = read_text(path)
    rows = text.splitlines()
    notes = next((number for number, row in enumerate(rows) if not row.startswith("#")), len(rows))
    try:
        raw = pl.read_csv("\n".join(rows[notes:]).encode("utf-8"), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise DataError(
            f"{path}: this is not a CSV table ({error}).", "One header line, commas between."
        ) from None
    return Firms(_checked(raw, str(path), first_line=notes + 2), path.name, sha256(text))


def from_table(table: pl.DataFrame, name: str = "table") -> Firms:
    """Firms from a frame with `COLUMNS`, checked as a file is."""
    checked = _checked(table.select(pl.all().cast(pl.String)), name)
    return Firms(checked, name, sha256(checked.write_csv()))


def _checked(raw: pl.DataFrame, name: str, *, first_line: int = 2) -> pl.DataFrame:
    missing = [column for column in COLUMNS if column not in raw.columns]
    if missing:
        raise DataError(
            f"{name} lacks the column {', '.join(missing)}; it has {', '.join(raw.columns)}.",
            f"Columns: {', '.join(COLUMNS)}.",
        )
    if raw.is_empty():
        raise DataError(f"{name} has a header and no firms.", "Add one row for each firm.")
    table = raw.select(pl.col(list(COLUMNS)).str.strip_chars())
    table = table.with_columns(
        line=pl.int_range(first_line, table.height + first_line),
        size=pl.col("size").str.to_lowercase().str.replace_all("[- ]", "_"),
    )
    _refuse_blanks(table, name)
    table = _with_numbers(table, name)
    _refuse_bad_rows(table, name)
    return table.with_columns(item=_item_keys(table, name)).drop("line")


def _refuse_blanks(table: pl.DataFrame, name: str) -> None:
    for column in ("firm_id", "size", "region", "item"):
        blank = pl.col(column).is_null() | (pl.col(column) == "")
        _refuse(table, blank, name, f"no {column}", f"{column}: {COLUMNS[column]}.")
    _refuse(
        table, pl.col("firm_id").is_duplicated(), name, "a firm_id that another row has", "Keep one row a firm."
    )
    known = f"Sizes: {', '.join(SIZES)}."
    _refuse(table, ~pl.col("size").is_in(SIZES), name, "an unknown size", known, shown="size")


def _with_numbers(table: pl.DataFrame, name: str) -> pl.DataFrame:
    amounts = ("exports_usd", "us_exports_usd")
    cast = table.with_columns(pl.col(column).cast(pl.Float64, strict=False) for column in amounts)
    for column in amounts:
        bad = pl.col(column).is_null() | ~pl.col(column).is_finite()
        _refuse(
            cast, bad, name, f"{column} missing or not a number", "Give dollars in digits, no thousands marks."
        )
    return cast


def _refuse_bad_rows(table: pl.DataFrame, name: str) -> None:
    for column in ("exports_usd", "us_exports_usd"):
        _refuse(table, pl.col(column) < 0, name, f"negative {column}", "Exports are zero or more.", shown=column)
    above = pl.col("us_exports_usd") > pl.col("exports_usd") * (1 + 1e-9)
    _refuse(
        table, above, name, "us_exports_usd above exports_usd", "Exports to one market are part of all exports."
    )


def _refuse(table: pl.DataFrame, bad: pl.Expr, name: str, what: str, fix: str, *, shown: str = "firm_id") -> None:
    """Raise DataError naming the first line that is `bad` and how many are."""
    found = table.filter(bad)
    if found.is_empty():
        return
    first = found.row(0, named=True)
    more = f" (and {found.height - 1} more)" if found.height > 1 else ""
    raise DataError(f"{name}, line {first['line']}{more}: {what}: {first[shown]!r}.", fix)


def _item_keys(table: pl.DataFrame, name: str) -> pl.Series:
    keys = {}
    for words in table["item"].unique().sort():
        try:
            keys[words] = items.lookup(words).key
        except UnknownCode as error:
            line = table.filter(pl.col("item") == words)["line"][0]
            raise UnknownCode(f"{name}, line {line}: {error.message}", error.fix) from None
    return table["item"].replace_strict(keys)
