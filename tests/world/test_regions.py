"""Countries to regions."""

from __future__ import annotations

import pytest

from headway.codes import countries
from headway.errors import UnknownCode
from headway.world.regions import EU_REGIONS, REGIONS, region_name, region_of


def test_every_country_has_a_region() -> None:
    assert {region_of(country.iso3) for country in countries.all_countries()} == set(REGIONS)


@pytest.mark.parametrize(
    ("iso3", "region"),
    [("KOR", "KOR"), ("VNM", "ROW"), ("AUT", "XEU"), ("HRV", "XEU"), ("HKG", "ROW"), ("XEU", "XEU")],
)
def test_region_of(iso3: str, region: str) -> None:
    assert region_of(iso3) == region


def test_members_of_the_union_lie_in_its_regions() -> None:
    assert {region_of(iso3) for iso3 in countries.members("EUU")} == set(EU_REGIONS)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(UnknownCode):
        region_of("QQQ")


def test_names_in_two_languages() -> None:
    assert region_name("XEU") == "Rest of the EU"
    assert region_name("KOR", "ko") == countries.by_iso3("KOR").name_ko
