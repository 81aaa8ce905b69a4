"""Reading of the tables that the package ships, and suggestions for a code that none of them knows."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
from collections.abc import Iterable
from importlib import resources

from headway.errors import DataError, UnknownCode


def rows(name: str, columns: Iterable[str]) -> list[dict[str, str]]:
    """Rows of `data/NAME` as text; raises DataError naming file and column where the layout is another."""
    source = resources.files("headway.codes").joinpath("data", name)
    reader = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{name} lacks the column {', '.join(missing)}.", "Reinstall the package.")
    return list(reader)


def parts(cell: str) -> tuple[str, ...]:
    """The entries of a cell, separated by semicolons."""
    return tuple(entry for entry in cell.split(";") if entry)


def day(cell: str) -> dt.date | None:
    """An ISO day, or None for an empty cell."""
    return dt.date.fromisoformat(cell) if cell else None


def in_force(on: dt.date | None, since: dt.date | None, until: dt.date | None) -> bool:
    """True if `on` lies in [since, until]; without `on`, if there is no end."""
    if on is None:
        return until is None
    return (since is None or since <= on) and (until is None or on <= until)


def unknown(what: str, text: str, known: Iterable[str]) -> UnknownCode:
    """The error for a `text` that no table knows, with the nearest entries of `known`."""
    by_fold = {entry.casefold(): entry for entry in known}
    near = [by_fold[hit] for hit in difflib.get_close_matches(text.casefold(), by_fold, n=3, cutoff=0.6)]
    fix = f"Did you mean {' or '.join(near)}?" if near else f"Look the {what} up in the tables of headway.codes."
    return UnknownCode(f"Unknown {what}: {text!r}.", fix)
