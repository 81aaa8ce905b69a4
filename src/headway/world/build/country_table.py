"""A world input–output table by country and industry, as its publisher has it, whatever file it came in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.errors import DataError, UnreadableInput
from headway.world.build.records import Array

ROUNDING = 1.0
"""USD million by which a row or column may miss its total, beside `RELATIVE` of it: publishers round and balance."""
RELATIVE = 1e-3
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True)
class CountryTable:
    """USD million at basic prices; n countries, j industries, every country with every industry.

    `intermediate[exporter, input, importer, user]`, `final[exporter, industry, importer]`, all uses together;
    `primary[importer, user]`: value added and net taxes on products used. `title`, `citation` and `licence` are those
    of the source, `file` and `sha256` of what was read.
    """

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    intermediate: Array
    final: Array
    primary: Array
    title: str
    citation: str
    licence: str
    year: int
    file: str
    sha256: str


def check_totals(name: str, labels: Sequence[str], sums: Array, totals: Array) -> None:
    """Raise DataError naming the first row or column whose entries miss the total that the table states for it."""
    gap = np.abs(sums - totals) - ROUNDING - RELATIVE * np.abs(totals)
    if np.any(~(gap <= 0)):
        at = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
        raise DataError(
            f"{name} {labels[at]}: entries add up to {sums[at]:.6g}, the table says {totals[at]:.6g}.",
            "Use the file as published, in USD million.",
        )


def file_of_year(path: Path, year: int) -> Path:
    """The CSV file of a year: `path` itself, or the one in that folder whose name ends with the year.

    Raises UnreadableInput where there is none, or where the name of a file speaks of other years only.
    """
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv" and _speaks_of(one, year))
        if not found:
            raise UnreadableInput(
                f"No CSV file in {path} is named for {year}.", "Unpack the publisher's archive there."
            )
        return found[0]
    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Point at the publisher's CSV file, unpacked.")
    if _YEARS.findall(path.stem) and not _speaks_of(path, year):
        raise UnreadableInput(f"{path.name} is not named for {year}.", "Give the year of the file as --year.")
    return path


def _speaks_of(path: Path, year: int) -> bool:
    """Whether a name is that of a year's table; in "ICIO2021_2018" the first year is the edition's."""
    years = _YEARS.findall(path.stem.replace("_", " ").replace("ICIO", " "))
    return bool(years) and years[-1] == str(year)
