"""Indices of uncertainty beside the outlook: policy uncertainty, geopolitical risk, and what Headway has read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from headway.errors import DataError, UnreadableInput
from headway.outlook import figures, months
from headway.outlook.records import FloatArray
from headway.policy.records import Document

KNOWN = {
    "tpu_bbd_daily_mean": "US trade policy uncertainty, monthly mean of the daily index (Baker, Bloom & Davis)",
    "GPR": "Geopolitical risk (Caldara & Iacoviello)",
    "GPRT": "Geopolitical threats (Caldara & Iacoviello)",
    "GPRA": "Geopolitical acts (Caldara & Iacoviello)",
    "GPRC_KOR": "Geopolitical risk, Korea (Caldara & Iacoviello)",
    "GPRC_USA": "Geopolitical risk, United States (Caldara & Iacoviello)",
    "GPRC_CHN": "Geopolitical risk, China (Caldara & Iacoviello)",
}
"""Columns of the public index files that Headway reads; the files stay with the user, who fetches them."""


@dataclasses.dataclass(frozen=True, eq=False)
class Index:
    """A monthly index: `values` [T] from month number `start`; what it is and where it is from."""

    name: str
    title: str
    start: int
    values: FloatArray
    source: str = ""

    @property
    def end(self) -> int:
        """Month number of the last value."""
        return self.start + len(self.values) - 1

    def until(self, number: int) -> Index:
        """The index as far as a month number; raises DataError if nothing is left."""
        if number < self.start:
            raise DataError(f"{self.title} starts in {months.label(self.start)}.", "Choose a later month.")
        return dataclasses.replace(self, values=self.values[: number - self.start + 1])


@dataclasses.dataclass(frozen=True)
class Standing:
    """Where an index stands: last value, rank among all its months (1 = highest ever), ratio to its usual level."""

    name: str
    title: str
    number: int
    value: float
    rank: float
    ratio_to_median: float
    change_on_year: float | None


def read_index(path: Path) -> tuple[Index, ...]:
    """The indices in a CSV with a month column and one column per index; raises UnreadableInput naming what lacks."""
    import polars as pl

    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Check the path.")
    table = pl.read_csv(path)
    if "month" not in table.columns or len(table.columns) < 2:
        raise UnreadableInput(
            f"{path.name} has no column month beside an index (it has {', '.join(table.columns)}).",
            "Give month (YYYY-MM) and one column per index.",
        )
    numbers = [months.month(str(text)) for text in table["month"]]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        raise DataError(
            f"{path.name} has months missing, twice or out of order.", "Give every month once, in order."
        )
    return tuple(
        _index(name, numbers[0], table[name].cast(pl.Float64).to_numpy(), path.name)
        for name in table.columns
        if name != "month"
    )


def _index(name: str, start: int, values: FloatArray, source: str) -> Index:
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        raise DataError(f"Index {name} in {source} has no values.", "Remove the column.")
    return Index(name, KNOWN.get(name, name), start, values[: known[-1] + 1], source)


def text_counts(documents: Iterable[Document]) -> Index:
    """How many restrictive measures the texts that Headway has read announce per month, zero where none does.

    Counts measures of direction "restrict" by the date of their text. It is an index of what was read, not of the
    world: it says so in its title.
    """
    counts: Counter[int] = Counter()
    read: Counter[int] = Counter()
    for document in documents:
        number = months.of_date(document.date)
        read[number] += 1
        counts[number] += sum(measure.direction == "restrict" for measure in document.measures)
    if not read:
        raise DataError("No text has been read yet.", "Read at least one text with headway read.")
    first, last = min(read), max(read)
    values = np.array([float(counts[number]) for number in range(first, last + 1)])
    title = f"Restrictive measures in the {sum(read.values())} texts read by Headway"
    return Index("headway_texts", title, first, values, "texts read by Headway")


@dataclasses.dataclass(frozen=True)
class Survey:
    """A quarter's reading of the exporters' survey: above 100 more firms expect better than worse."""

    quarter: str
    item: str
    value: float


def latest_survey(as_known_on: dt.date | None = None) -> tuple[Survey, ...]:
    """Korea's exporters' survey for the latest quarter known on a day, the total first.

    A reading without a publication day on file is taken to be known when its quarter begins.
    """
    known: dict[str, list[Survey]] = {}
    for row in figures.survey_index().iter_rows(named=True):
        begins = months.first_day(months.period(f"{row['quarter'][:4]}-{row['quarter'][4:]}")[0])
        published = dt.date.fromisoformat(row["published"]) if row["published"] else begins
        if as_known_on is None or published <= as_known_on:
            known.setdefault(row["quarter"], []).append(Survey(row["quarter"], row["item"], row["ebsi"]))
    if not known:
        return ()
    return tuple(sorted(known[max(known)], key=lambda one: (one.item != "total", one.item)))


def standing(index: Index, *, as_known_on: dt.date | None = None) -> Standing:
    """Where an index stands in its last month, or in the last month complete on a day."""
    if as_known_on is not None:
        index = index.until(months.of_date(as_known_on) - 1)
    values = index.values[np.isfinite(index.values)]
    last = float(values[-1])
    before = index.values[-13] if len(index.values) > 12 else np.nan
    return Standing(
        index.name,
        index.title,
        index.end,
        last,
        float((values > last).mean()),
        last / float(np.median(values)) if np.median(values) > 0 else float("nan"),
        float(last / before - 1) if np.isfinite(before) and before > 0 else None,
    )
