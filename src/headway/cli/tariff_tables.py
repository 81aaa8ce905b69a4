"""Frames of tariff figures in the terminal."""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.table import Table

from headway.cli.rate_tables import percent

SHARES = (
    "statutory",
    "expected",
    "realised",
    "statutory_known",
    "expected_known",
    "complete",
    "equivalents",
    "before",
    "after",
    "change",
    "mean_change",
)
"""Columns that hold fractions."""


def _cell(column: str, value: object) -> str:
    if column in SHARES:
        return percent(value if isinstance(value, float) else None)
    if column == "imports_usd" and isinstance(value, int):
        return f"{value / 1e6:,.1f}"
    return "" if value is None else str(value)


def print_frame(frame: pl.DataFrame, top: int) -> None:
    """Print the first rows of a frame: fractions as percent, values in USD million."""
    table = Table()
    for column in frame.columns:
        heading = "imports, USD million" if column == "imports_usd" else column.replace("_", " ")
        table.add_column(heading, justify="left" if frame[column].dtype == pl.String else "right")
    for row in frame.head(top).iter_rows(named=True):
        table.add_row(*(_cell(column, value) for column, value in row.items()))
    console = Console()
    console.print(table)
    if frame.height > top:
        console.print(f"{frame.height - top:,} rows more; --top or --json shows them.")
