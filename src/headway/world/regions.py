"""The 26 regions of the embedded world, and the region of every country."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from headway.codes import countries
from headway.errors import UnknownCode

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


@dataclass(frozen=True)
class Places:
    """Where every country stands in a world: its regions and, in a world of a user's own, the countries of each."""

    regions: tuple[str, ...]
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, iso3: str) -> str:
        """The region of a country by ISO3 code, or of a region code itself; raises UnknownCode."""
        if iso3 in self.regions:
            return iso3
        for region, inside in self.members:
            if iso3 in inside:
                return region
        embedded = region_of(iso3)
        found = embedded if embedded in self.regions else "ROW"
        if found not in self.regions:
            raise UnknownCode(f"This world has no region for {iso3}.", f"Its regions: {', '.join(self.regions)}.")
        return found

    def name(self, region: str) -> str:
        """Name of a region in English; the code itself where it is a user's own."""
        try:
            return region_name(region)
        except UnknownCode:
            return region

    def whole(self, named: Iterable[str]) -> tuple[set[str], set[str]]:
        """The regions that `named` countries make up wholly, and those of which they are a part only.

        The rest of the world is never whole: nobody can name all its countries.
        """
        codes = set(named)
        touched = {self.of(code) for code in codes}
        whole = {region for region in touched if region != "ROW" and set(self._countries(region)) <= codes}
        return whole, touched - whole

    def _countries(self, region: str) -> tuple[str, ...]:
        """The countries of a region, as far as they are listed."""
        return dict(self.members).get(region) or (REST_OF_EU if region == "XEU" else (region,))
