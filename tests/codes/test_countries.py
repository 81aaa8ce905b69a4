"""Countries: every name leads to one code, groups have dated members."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest

from headway.codes import countries
from headway.errors import DataError, UnknownCode


def test_table_has_every_country_once() -> None:
    table = countries.all_countries()
    assert len(table) == 250
    assert len({country.iso3 for country in table}) == len({country.iso2 for country in table}) == len(table)
    assert all(country.name and country.name_ko for country in table)
    assert sum(bool(country.demonyms) for country in table) >= 200


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("KOR", "KOR"),
        ("kr", "KOR"),
        ("Korea", "KOR"),
        ("Republic of Korea", "KOR"),
        ("South Koreans", "KOR"),
        ("Seoul", "KOR"),
        ("한국", "KOR"),
        ("대한민국", "KOR"),
        ("North Korea", "PRK"),
        ("북한", "PRK"),
        ("U.S.", "USA"),
        ("us", "USA"),
        ("the United States", "USA"),
        ("American", "USA"),
        ("미국", "USA"),
        ("중국", "CHN"),
        ("PRC", "CHN"),
        ("일본", "JPN"),
        ("대만", "TWN"),
        ("베트남", "VNM"),
        ("Viet Nam", "VNM"),
        ("멕시코", "MEX"),
        ("캐나다", "CAN"),
        ("인도", "IND"),
        ("인도네시아", "IDN"),
        ("Turkey", "TUR"),
        ("터키", "TUR"),
        ("Georgia", "GEO"),
        ("Jordan", "JOR"),
        ("Guinea", "GIN"),
        ("Guinea-Bissau", "GNB"),
        ("Papua New Guinea", "PNG"),
        ("Congo", "COG"),
        ("DR Congo", "COD"),
        ("Niger", "NER"),
        ("Nigerian", "NGA"),
        ("Dominica", "DMA"),
        ("Dominican", "DOM"),
        ("Côte d’Ivoire", "CIV"),
        ("Britain", "GBR"),
        ("the  Netherlands", "NLD"),
    ],
)
def test_lookup(text: str, iso3: str) -> None:
    assert countries.lookup(text).iso3 == iso3


def test_unknown_country_suggests_the_nearest() -> None:
    with pytest.raises(UnknownCode, match="Did you mean Germany"):
        countries.lookup("Germny")
    with pytest.raises(UnknownCode):
        countries.lookup("")
    with pytest.raises(UnknownCode, match="ZZZ"):
        countries.by_iso3("ZZZ")


def test_a_group_is_no_country() -> None:
    with pytest.raises(UnknownCode, match="group of countries"):
        countries.lookup("EU")


def test_no_surface_form_has_two_meanings() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for form in (*countries.surface_forms(), *countries.group_surface_forms()):
        owners[form.text.casefold()].add(form.code)
    assert {text: codes for text, codes in owners.items() if len(codes) > 1} == {}


def test_a_form_within_another_is_shorter_and_comes_later() -> None:
    texts = [form.text for form in countries.surface_forms()]
    assert texts.index("South Korea") < texts.index("Korea")
    assert texts.index("Papua New Guinea") < texts.index("Guinea")
    assert texts.index("People's Republic of China") < texts.index("Republic of China")


def test_declared_ambiguities_are_forms_of_the_table() -> None:
    forms = {form.text for form in (*countries.surface_forms(), *countries.group_surface_forms())}
    assert set(countries.AMBIGUOUS) <= forms
    assert {"Georgia", "Jordan", "Turkey", "Korea", "Guinea", "Washington", "Chad"} <= set(countries.AMBIGUOUS)


def test_case_matters_where_lower_case_is_another_word() -> None:
    exact = {form.text for form in countries.surface_forms() if form.exact_case}
    assert {"US", "U.S.", "UK", "Polish", "Turkey", "China"} <= exact
    assert "Germany" not in exact


def test_aliases_leave_metonyms_and_groups_apart() -> None:
    table = countries.aliases()
    assert table["Chinese"] == "CHN"
    assert table["우리나라"] == "KOR"
    assert not {"Seoul", "Washington", "Brussels", "EU"} & set(table)
    assert countries.metonyms()["Seoul"] == "KOR"
    assert countries.metonyms()["Brussels"] == "EUU"
    assert countries.group_aliases()["유럽연합"] == "EUU"


def test_census_codes() -> None:
    assert countries.by_census_code(5800) == "KOR"
    assert countries.by_census_code("5082") == countries.by_census_code("5083") == "PSE"
    codes = [code for country in countries.all_countries() for code in country.census_codes]
    assert len(codes) == len(set(codes)) == 240
    with pytest.raises(UnknownCode, match="9999"):
        countries.by_census_code("9999")


def test_every_census_code_maps(shared_data: Path) -> None:
    with (shared_data / "us-tariffs" / "census_codes.csv").open(encoding="utf-8-sig") as file:
        listed = {row["Code"] for row in csv.DictReader(file)}
    with (shared_data / "us-imports" / "countries_2024.csv").open(encoding="utf-8-sig") as file:
        used = {row["census_cty"] for row in csv.DictReader(file)}
    assert all(countries.by_census_code(code) for code in listed | used)


@pytest.mark.parametrize(
    ("group", "on", "size"),
    [
        ("EUU", None, 27),
        ("EUU", dt.date(2020, 1, 31), 28),
        ("EUU", dt.date(2020, 2, 1), 27),
        ("EUU", dt.date(2012, 1, 1), 27),
        ("EUU", dt.date(1957, 12, 31), 0),
        ("USMCA", dt.date(2025, 1, 21), 3),
        ("NAFTA", dt.date(2020, 6, 30), 3),
        ("NAFTA", None, 0),
        ("ASEAN", dt.date(2025, 1, 21), 10),
        ("G7", None, 7),
        ("GCC", None, 6),
        ("EFTA", None, 4),
        ("CPTPP", dt.date(2025, 1, 21), 12),
        ("RCEP", dt.date(2025, 1, 21), 15),
        ("OECD", None, 38),
        ("BRICS", dt.date(2023, 12, 31), 5),
        ("BRICS", dt.date(2025, 1, 21), 10),
        ("APEC", None, 21),
        ("G20", None, 19),
    ],
)
def test_members_on_a_day(group: str, on: dt.date | None, size: int) -> None:
    if size == 0:
        with pytest.raises(DataError, match="no member"):
            countries.members(group, on)
    else:
        assert len(countries.members(group, on)) == size


def test_the_united_kingdom_left() -> None:
    assert "GBR" in countries.members("the European Union", dt.date(2020, 1, 31))
    assert "GBR" not in countries.members("EU")


def test_memberships_are_of_known_countries_and_groups() -> None:
    codes = {country.iso3 for country in countries.all_countries()}
    keys = {group.key for group in countries.all_groups()}
    for one in countries.memberships():
        assert one.iso3 in codes
        assert one.group in keys
        assert one.source
        assert one.since is None or one.until is None or one.since <= one.until
    assert {one.group for one in countries.memberships()} == keys


def test_group_by_any_of_its_names() -> None:
    assert countries.group("아세안").key == countries.group("asean").key == "ASEAN"
    assert countries.group("Brussels").key == "EUU"
    with pytest.raises(UnknownCode, match="USMCA"):
        countries.group("USMCAA")


def test_names_in_both_languages() -> None:
    assert countries.name("KOR") == "South Korea"
    assert countries.name("USA", "ko") == "미국"
    assert countries.name("EUU", "ko") == "유럽연합"


def test_headline_forms() -> None:
    forms = countries.headline_forms()
    assert forms["美"] == ("USA",)
    assert forms["한미"] == ("KOR", "USA")
    assert forms["한·미"] == ("KOR", "USA")
    known = {country.iso3 for country in countries.all_countries()} | {"EUU"}
    assert all(set(codes) <= known for codes in forms.values())
