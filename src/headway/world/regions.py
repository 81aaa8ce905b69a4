"""The 26 regions of the embedded world, and the region of every country."""

from __future__ import annotations

from types import MappingProxyType

from headway.codes import countries

REGIONS: tuple[str, ...] = (
    *("KOR", "USA", "CHN", "JPN", "TWN", "MEX", "CAN", "IND"),
    *("DEU", "FRA", "ITA", "ESP", "NLD", "POL", "BEL", "CZE", "HUN", "SWE", "XEU"),
    *("AUS", "BRA", "IDN", "RUS", "TUR", "GBR", "ROW"),
)
"""Region codes in the order of every array: ISO3, XEU (the rest of the EU) and ROW (the rest of the world)."""

REST_OF_EU: tuple[str, ...] = (
    *("AUT", "BGR", "CYP", "DNK", "EST", "FIN", "GRC", "HRV", "IRL", "LTU"),
    *("LUX", "LVA", "MLT", "PRT", "ROU", "SVK", "SVN"),
)
"""Members of the EU inside XEU. Croatia is among them for levels; its structure is ROW's, as WIOD lacks it."""

EU_REGIONS: tuple[str, ...] = ("DEU", "FRA", "ITA", "ESP", "NLD", "POL", "BEL", "CZE", "HUN", "SWE", "XEU")
"""Regions that lie in the customs union of the EU."""

AGGREGATES: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {"XEU": ("Rest of the EU", "기타 EU"), "ROW": ("Rest of the world", "기타 국가")}
)
"""Names, English and Korean, of the two regions that are not countries."""


def region_of(iso3: str) -> str:
    """The region of a country by ISO3 code, or of a region code itself; raises UnknownCode."""
    if iso3 in REGIONS:
        return iso3
    if iso3 in REST_OF_EU:
        return "XEU"
    countries.by_iso3(iso3)
    return "ROW"


def region_name(region: str, language: str = "en") -> str:
    """Name of a region in English ("en") or Korean ("ko"); raises UnknownCode."""
    if region in AGGREGATES:
        return AGGREGATES[region][language != "en"]
    country = countries.by_iso3(region)
    return country.name if language == "en" else country.name_ko
