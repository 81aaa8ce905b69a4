"""The outlook's records: a monthly series, and what is known of its calendar and vintage."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from headway.errors import DataError, UnknownCode
from headway.outlook import months

FloatArray = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class Series:
    """Monthly exports without gaps: `values[i]` in `unit` belongs to month number `start + i`.

    `adjusted` marks a seasonally adjusted series; `filled` the months that no source states, which are no outcomes
    to judge by; `rebuilt` those made from the published adjusted figure; `notes` what was done to the input.
    `country` (ISO3) chooses the calendar; None means that no calendar is known.
    """

    kind: str
    name: str
    start: int
    values: FloatArray
    unit: str = "USD bn"
    country: str | None = "KOR"
    adjusted: bool = False
    filled: tuple[int, ...] = ()
    rebuilt: tuple[int, ...] = ()
    vintage: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 1 or not self.values.size:
            raise DataError(f"Series {self.name} has no months.", "Give at least one month of data.")
        if not np.all(np.isfinite(self.values)) or np.any(self.values <= 0):
            raise DataError(
                f"Series {self.name} has values that are missing or not positive.",
                "Read it with headway.outlook.read_series, which names the months.",
            )

    @property
    def end(self) -> int:
        """Month number of the last value."""
        return self.start + len(self.values) - 1

    @property
    def numbers(self) -> range:
        """Month numbers of all values."""
        return range(self.start, self.end + 1)

    @property
    def logs(self) -> FloatArray:
        """Natural logarithms of the values."""
        return np.log(self.values)

    def at(self, number: int) -> float:
        """Value of a month number; raises DataError outside the series."""
        if not self.start <= number <= self.end:
            raise DataError(
                f"Series {self.name} has no value for {months.label(number)}.",
                f"It runs from {months.label(self.start)} to {months.label(self.end)}.",
            )
        return float(self.values[number - self.start])

    def has(self, numbers: Iterable[int]) -> bool:
        """True if every month number has a value."""
        return all(self.start <= number <= self.end for number in numbers)

    def total(self, numbers: Iterable[int]) -> float:
        """Sum over month numbers, all of which must be in the series."""
        return sum(self.at(number) for number in numbers)

    def until(self, number: int) -> Series:
        """The series cut after a month number; raises DataError if nothing is left."""
        kept = number - self.start + 1
        if kept < 1:
            raise DataError(
                f"Series {self.name} starts in {months.label(self.start)}, after {months.label(number)}.",
                "Choose a later day for --as-known-on.",
            )
        filled, rebuilt = (tuple(n for n in marked if n <= number) for marked in (self.filled, self.rebuilt))
        return dataclasses.replace(self, values=self.values[:kept], filled=filled, rebuilt=rebuilt)


@dataclasses.dataclass(frozen=True)
class Panel:
    """Series that belong together: a total with its items, its destinations, or both."""

    series: tuple[Series, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [(one.kind, one.name) for one in self.series]
        twice = {f"{kind} {name}" for kind, name in keys if keys.count((kind, name)) > 1}
        if twice:
            raise DataError(f"Series given twice: {', '.join(sorted(twice))}.", "Keep one of each.")

    def get(self, kind: str, name: str) -> Series:
        """The series of a kind and name; raises UnknownCode listing those that exist."""
        for one in self.series:
            if (one.kind, one.name) == (kind, name):
                return one
        known = ", ".join(sorted(one.name for one in self.series if one.kind == kind)) or "none"
        raise UnknownCode(f"There is no {kind} {name!r}.", f"Series of that kind: {known}.")

    def of_kind(self, kind: str) -> tuple[Series, ...]:
        """All series of a kind, in order."""
        return tuple(one for one in self.series if one.kind == kind)

    @property
    def total(self) -> Series | None:
        """The total, or None where the panel has no series of that kind."""
        totals = self.of_kind("total")
        return totals[0] if totals else None

    def until(self, number: int) -> Panel:
        """The panel as it was with data up to a month number; series that start later are left out."""
        kept = tuple(one.until(number) for one in self.series if one.start <= number)
        return Panel(kept, self.notes)
