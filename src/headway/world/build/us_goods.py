"""US goods imports and duties by sector and origin region, 2024: Census consumption imports and calculated duties."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from headway.codes import countries, sectors
from headway.errors import UnreadableInput
from headway.world.build.records import Array, Note
from headway.world.regions import REGIONS, region_of

FILE = "us-imports/us_imports_htsus10_country_2024.csv.gz"
COLUMNS = ("htsus10", "census_cty", "consumption_imports_usd", "calculated_duties_usd")
PROVISIONS = "98–99"
ELECTRICITY = "utilities"


@dataclass(frozen=True)
class UsGoods:
    """`imports[sector, exporter]`, customs value, and `duties[sector, exporter]`; goods sectors, USD million."""

    imports: Array
    duties: Array


def read(sources: Path) -> pl.DataFrame:
    """The Census table as stored; raises UnreadableInput naming the column that is missing."""
    path = sources / FILE
    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Point --sources at the folder that holds us-imports.")
    types = {"htsus10": pl.String, "census_cty": pl.String}
    frame = pl.read_csv(path, schema_overrides=types)
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise UnreadableInput(f"{path.name} lacks the column {', '.join(missing)}.", "Use the Census extract.")
    return frame.select(COLUMNS)


def by_sector(frame: pl.DataFrame) -> tuple[UsGoods, list[Note]]:
    """Imports and duties by goods sector and region; chapters 98–99 spread over the origin's sectors.

    Headings of chapters 98 and 99 are provisions, not products (goods returned, low-value estimates): each origin's
    value is spread over its sectors in proportion to the rest of its imports, and noted.
    """
    products = frame["htsus10"].unique().sort()
    owner = {code: PROVISIONS if code[:2] in ("98", "99") else sectors.of_hs6(code[:6]) for code in products}
    origins = frame["census_cty"].unique().sort()
    region = {code: region_of(countries.by_census_code(code)) for code in origins}
    summed = (
        frame.with_columns(
            pl.col("htsus10").replace_strict(owner).alias("sector"),
            pl.col("census_cty").replace_strict(region).alias("region"),
        )
        .group_by("sector", "region")
        .agg(pl.col("consumption_imports_usd").sum(), pl.col("calculated_duties_usd").sum())
        .sort("sector", "region")
    )
    keys = (*sectors.goods(), ELECTRICITY, PROVISIONS)
    table = np.zeros((2, len(keys), len(REGIONS)))
    for sector, place, value, duty in summed.iter_rows():
        table[:, keys.index(sector), REGIONS.index(place)] = value / 1e6, duty / 1e6
    known, electricity, provisions = table[:, :-2], table[0, -2], table[:, -1]
    share = known[0] / np.maximum(known[0].sum(axis=0), 1e-300)
    spread = known + share[None] * provisions[:, None, :]
    rule = "chapters 98–99 spread over the origin's sectors"
    notes = [
        Note("us imports", rule, f"{place} → USA", float(provisions[0, i]), source="US Census 2024")
        for i, place in enumerate(REGIONS)
        if provisions[0, i] > 0
    ]
    left = "electricity (HS 2716) left to utilities, whose trade grows with GDP"
    notes.append(Note("us imports", left, "all origins → USA", float(electricity.sum()), source="US Census 2024"))
    return UsGoods(spread[0], spread[1]), notes


def tariff(goods: UsGoods) -> Array:
    """Calculated duties over imports for consumption, [sector, exporter]; zero where nothing is imported."""
    return np.where(goods.imports > 0, goods.duties / np.maximum(goods.imports, 1e-300), 0.0)
