"""Which trade a measure reaches: its products and partners as shares of sectors, regions and product lines.

The mix of US imports within a sector, product and origin turns a list of products or countries into a share of a
cell. It is observed for the US; for other importers it stands in, and the run says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import countries, sectors
from headway.errors import UnknownCode
from headway.impact.duties import UsDuties, basis_on, collected_duties, us_duties, us_year
from headway.impact.rates import DrawnTariff, expanded
from headway.policy import Measure
from headway.world.regions import REGIONS, Places, region_of

_GENERIC = frozenset(
    (
        *("all", "any", "every", "other", "the", "a", "of", "from", "on", "and", "universal", "blanket", "total"),
        *("foreign", "imported", "import", "imports", "good", "goods", "product", "products", "merchandise"),
        *("모든", "전체", "전", "제품", "상품", "수입품", "품목"),
    )
)
"""Words that mean goods in general; a phrase of nothing else, but for names of countries, narrows nothing."""


@dataclass(frozen=True)
class ImportMix:
    """US imports for consumption of a year by product and origin, read when a measure first needs them.

    `owed_on` is the day whose duties the rows carry (`duties.us_duties`); without it, duties collected in the year.
    """

    year: int
    owed_on: dt.date | None = None

    @classmethod
    def on(cls, day: dt.date) -> ImportMix:
        """The mix that is the baseline of a day."""
        return cls(us_year(day), None if basis_on(day) == "collected" else day)

    @property
    def duties(self) -> UsDuties:
        """What the rows owe, with how it is known."""
        return collected_duties(self.year) if self.owed_on is None else us_duties(self.owed_on)

    @property
    def rows(self) -> pl.DataFrame:
        """[hts10, hs6, iso3, sector, region, usd, rate], rows with trade only; `rate` is a fraction of value."""
        return _import_rows(self)


@lru_cache(maxsize=2)
def _import_rows(mix: ImportMix) -> pl.DataFrame:
    rows = mix.duties.rows.select("hts10", "iso3", "usd", "rate", hs6=pl.col("hts10").str.slice(0, 6))
    sector = {code: sectors.of_hs6(code) for code in rows["hs6"].unique()}
    region = {iso3: region_of(iso3) for iso3 in rows["iso3"].unique()}
    return rows.with_columns(
        sector=pl.col("hs6").replace_strict(sector), region=pl.col("iso3").replace_strict(region)
    )


@lru_cache(maxsize=4)
def rows_in(mix: ImportMix, places: Places) -> pl.DataFrame:
    """The rows of a mix with the regions of a world."""
    if places.regions == REGIONS and not places.members:
        return mix.rows
    region = {iso3: places.of(iso3) for iso3 in mix.rows["iso3"].unique()}
    return mix.rows.with_columns(region=pl.col("iso3").replace_strict(region))


def reached_share(rows: pl.DataFrame, tariff: DrawnTariff, on: dt.date, by: tuple[str, str]) -> pl.DataFrame:
    """The share of each cell's imports that a measure reaches: [*by, share], cells without trade left out."""
    hit = _hits_partner(tariff.measure, on) & covers(tariff.measure)
    return rows.group_by(by).agg(share=(pl.col("usd") * hit).sum() / pl.col("usd").sum())


def reached_rows(rows: pl.DataFrame, tariff: DrawnTariff, on: dt.date) -> NDArray[np.bool_]:
    """Which rows of imports a measure reaches."""
    hit = rows.select(pl.lit(value=True) & _hits_partner(tariff.measure, on) & covers(tariff.measure))
    return np.broadcast_to(hit.to_series().to_numpy(), rows.height)


def product_share(rows: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """The share of each sector's imports from all origins that are among a measure's products: [sector, share]."""
    return rows.group_by("sector").agg(share=(pl.col("usd") * covers(measure)).sum() / pl.col("usd").sum())


def covers(measure: Measure) -> pl.Expr:
    """Whether a row's product is among the measure's: by HS prefix, else by sector; all if it names none."""
    if covers_everything(measure):
        return pl.lit(True)
    reached = pl.lit(False)
    for match in measure.product_matches:
        for prefix in match.hs:
            reached = reached | pl.col("hts10").str.starts_with(prefix.replace(".", ""))
        if not match.hs:
            reached = reached | pl.col("sector").is_in(match.sectors)
    return reached


def covers_everything(measure: Measure) -> bool:
    """True for a measure on all goods: no product is named, or what is named is "all imports" and the like.

    "Derivative products" without a code is a narrower thing that nobody resolved, never everything.
    """
    if any(match.hs or match.sectors for match in measure.product_matches):
        return False
    return all(_is_generic(product) for product in measure.products)


def _is_generic(product: str) -> bool:
    words = (word.strip(",;“”\"'") for word in product.split())
    return all(word.lower() in _GENERIC or word in _country_words() for word in words)


@lru_cache(maxsize=1)
def _country_words() -> frozenset[str]:
    """Words of names of countries, of groups and of what comes from them."""
    names = (*countries.aliases(), *countries.group_aliases())
    return frozenset(word for name in names for word in name.split())


def unresolved_products(measure: Measure) -> tuple[str, ...]:
    """Products in the text's words that no HS code or sector was found for, of a measure that names products."""
    if covers_everything(measure):
        return ()
    found = {match.words for match in measure.product_matches if match.hs or match.sectors}
    return tuple(words for words in measure.products if words not in found)


def check_countries(measure: Measure) -> None:
    """Raise UnknownCode for an imposer or partner that is neither a country nor a group."""
    groups = {group.key for group in countries.all_groups()}
    for code in (measure.imposer, *measure.partners, *measure.excluded_partners):
        if code not in groups and code != "ALL":
            try:
                countries.by_iso3(code)
            except UnknownCode as error:
                raise UnknownCode(f"Measure {measure.id}: {error.message}", error.fix) from None


def _hits_partner(measure: Measure, on: dt.date) -> pl.Expr:
    origin = pl.col("iso3")
    hit = pl.lit(True) if measure.is_universal else origin.is_in(expanded(measure.partners, on))
    return hit & ~origin.is_in(expanded((*measure.excluded_partners, measure.imposer), on))
