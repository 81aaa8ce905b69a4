"""The 24 sectors of the embedded world, and the sector of every HS product."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from headway.codes.tables import parts, rows, unknown
from headway.errors import UnknownCode


@dataclass(frozen=True)
class Sector:
    """A sector: `wiod` are its columns in WIOD Release 2013, `isic` its divisions in ISIC Rev. 3."""

    key: str
    name: str
    name_ko: str
    is_goods: bool
    wiod: tuple[str, ...]
    isic: tuple[str, ...]


@lru_cache(maxsize=1)
def _sectors() -> tuple[Sector, ...]:
    columns = ("key", "name", "name_ko", "is_goods", "wiod", "isic")
    return tuple(
        Sector(
            key=row["key"],
            name=row["name"],
            name_ko=row["name_ko"],
            is_goods=row["is_goods"] == "yes",
            wiod=parts(row["wiod"]),
            isic=parts(row["isic"]),
        )
        for row in rows("sectors.csv", columns)
    )


SECTORS: tuple[Sector, ...] = _sectors()
"""All sectors, goods first, in the order of every array of the package."""


def keys() -> tuple[str, ...]:
    """Keys of all sectors, in order."""
    return tuple(sector.key for sector in SECTORS)


def goods() -> tuple[str, ...]:
    """Keys of the sectors that make goods, which are those that tariffs can hit."""
    return tuple(sector.key for sector in SECTORS if sector.is_goods)


def labels(language: str = "en") -> dict[str, str]:
    """Key → name, in English ("en") or Korean ("ko")."""
    return {sector.key: sector.name_ko if language == "ko" else sector.name for sector in SECTORS}


def sector(key: str) -> Sector:
    """The sector with this key; raises UnknownCode with the nearest keys."""
    for one in SECTORS:
        if one.key == key:
            return one
    raise unknown("sector", key, keys())


@lru_cache(maxsize=1)
def prefixes() -> dict[str, str]:
    """HS prefix (2, 4 or 6 digits) → sector key; the longest prefix of a code decides."""
    return {row["hs"]: row["sector"] for row in rows("hs_sectors.csv", ("hs", "sector", "isic", "why"))}


def of_hs6(hs: str) -> str:
    """The sector of an HS code of six or more digits (HTS10 included), by its longest prefix in the table.

    Chapters 98 and 99 are US provisions, not products, and count as other_manufacturing. Raises UnknownCode for
    what is not digits, shorter than six, or in no chapter.
    """
    digits = hs.replace(".", "")
    if len(digits) < 6 or not digits.isdigit():
        raise UnknownCode(f"Not an HS code of six or more digits: {hs!r}.", "Give it like 870380 or 8703.80.")
    for length in (6, 4, 2):
        found = prefixes().get(digits[:length])
        if found is not None:
            return found
    raise UnknownCode(f"HS {hs!r} lies in no chapter.", "Chapters run from 01 to 76 and 78 to 99.")
