"""Countries to regions."""

from __future__ import annotations

import pytest

from headway.codes import countries
from headway.errors import UnknownCode
from headway.world import load, miniature
from headway.world.regions import EU_REGIONS, REGIONS, REST_OF_EU, Places, region_name, region_of


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


OWN = Places(
    ("KOR", "USA", "Core", "AUT", "ROW"), (("Core", ("DEU", "FRA")), ("AUT", ("AUT",)), ("ROW", ("ROW",)))
)


class TestPlaces:
    def test_the_embedded_world_has_the_embedded_regions(self) -> None:
        places = load().places
        for country in countries.all_countries():
            assert places.of(country.iso3) == region_of(country.iso3)
        assert miniature().places.of("DEU") == "ROW"

    @pytest.mark.parametrize(("iso3", "region"), [("KOR", "KOR"), ("FRA", "Core"), ("AUT", "AUT"), ("VNM", "ROW")])
    def test_groups_of_a_users_own(self, iso3: str, region: str) -> None:
        assert OWN.of(iso3) == region

    def test_a_country_without_a_region_is_refused(self) -> None:
        with pytest.raises(UnknownCode, match="no region for VNM"):
            Places(("KOR", "USA")).of("VNM")
        with pytest.raises(UnknownCode):
            OWN.of("QQQ")

    def test_whole_regions_and_parts_of_them(self) -> None:
        assert OWN.whole(["DEU", "FRA", "KOR"]) == ({"Core", "KOR"}, set())
        assert OWN.whole(["DEU"]) == (set(), {"Core"})
        assert OWN.whole(["VNM"]) == (set(), {"ROW"})
        embedded = load().places
        assert embedded.whole(REST_OF_EU) == ({"XEU"}, set())
        assert embedded.whole(["AUT", "DEU"]) == ({"DEU"}, {"XEU"})

    def test_names(self) -> None:
        assert [OWN.name(region) for region in OWN.regions[:3]] == ["South Korea", "United States", "Core"]
