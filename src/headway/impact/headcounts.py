"""Employment that a user brings: persons by region and sector, so that results can be told in people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headway.errors import DataError, UnreadableInput
from headway.world import World

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("region", "sector", "persons")


def read_headcounts(source: Path | pl.DataFrame, world: World) -> NDArray[np.float64]:
    """Persons [sector, region] of a world from a CSV file or frame (region, sector, persons); NaN where none is given.

    Raises UnreadableInput for a missing file, DataError for a missing column, a duplicate row or a negative or missing
    number, and UnknownCode for a region or sector that the world lacks.
    """
    frame = _checked(source)
    persons = np.full((len(world.sectors), len(world.regions)), np.nan)
    for region, sector, count in frame.iter_rows():
        persons[world.sector(sector), world.region(region)] = count
    return persons


def _checked(source: Path | pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    name = "The table of headcounts"
    if not isinstance(source, pl.DataFrame):
        name = Path(source).name
        if not Path(source).is_file():
            raise UnreadableInput(f"There is no file {source}.", "Check the path.")
        source = pl.read_csv(source)
    missing = [column for column in COLUMNS if column not in source.columns]
    if missing:
        raise DataError(f"{name} lacks the column {', '.join(missing)}.", f"Columns: {', '.join(COLUMNS)}.")
    frame = source.select("region", "sector", pl.col("persons").cast(pl.Float64, strict=False))
    bad = frame.filter(pl.col("persons").is_null() | ~(pl.col("persons") >= 0))
    if not bad.is_empty():
        region, sector, _ = bad.row(0)
        raise DataError(f"{name} has no number of persons for {sector} in {region}.", "Give zero or more.")
    if frame.select("region", "sector").is_duplicated().any():
        raise DataError(f"{name} has two rows for one region and sector.", "Keep one.")
    return frame
