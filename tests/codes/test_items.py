"""Items: a partition of the HS that meets the published Korean exports."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from headway.codes import items, products, sectors
from headway.errors import UnknownCode

REQUIRED = {
    "semiconductors", "cars", "auto_parts", "ships", "petroleum_products", "petrochemicals", "general_machinery",
    "steel", "displays", "computers", "wireless", "batteries", "home_appliances", "textiles", "agri_food",
    "bio_health", "other_goods",
}  # fmt: skip


def test_items_have_names_sectors_and_codes() -> None:
    assert set(items.keys()) >= REQUIRED
    for item in items.ITEMS:
        assert item.name
        assert item.name_ko
        assert item.hs
        assert item.sector in sectors.goods()
        assert all(products.exists(prefix) for prefix in item.hs)
    assert items.labels("ko")["semiconductors"] == "반도체"
    assert items.labels()["ships"] == "Ships and boats"


def test_no_prefix_starts_another() -> None:
    prefixes = sorted(items.prefixes())
    assert [b for a, b in pairwise(prefixes) if b.startswith(a)] == []


def test_every_hs_code_lies_in_one_item() -> None:
    codes = products.hs6_under("")
    found = Counter(sum(code.startswith(tuple(item.hs)) for item in items.ITEMS) for code in codes)
    assert found == {1: len(codes)}
    assert all(code.startswith(items.lookup(items.of_hs6(code)).hs) for code in codes)


def test_the_sector_of_an_item_holds_some_of_it() -> None:
    for item in items.ITEMS:
        assert item.sector in products.sectors_of(item.hs), item.key


def test_the_sector_of_an_item_holds_most_of_its_value(shared_data: Path) -> None:
    held: dict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(shared_data / "us-imports" / "us_imports_htsus10_country_2024.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            code = row["htsus10"]
            held[items.of_hs6(code)][sectors.of_hs6(code)] += int(float(row["general_imports_usd"]))
    assert set(held) == set(items.keys())
    for item in items.ITEMS:
        assert held[item.key][item.sector] > 0.65 * held[item.key].total(), item.key


@pytest.mark.parametrize(
    ("hs", "item"),
    [
        ("854231", "semiconductors"),
        ("8473.30", "semiconductors"),
        ("852351", "computers"),
        ("847150", "computers"),
        ("870380", "cars"),
        ("870421", "cars"),
        ("870840", "auto_parts"),
        ("840734", "auto_parts"),
        ("890190", "ships"),
        ("850760", "batteries"),
        ("851713", "wireless"),
        ("852491", "displays"),
        ("845020", "home_appliances"),
        ("271019", "petroleum_products"),
        ("390210", "petrochemicals"),
        ("290220", "petrochemicals"),
        ("300490", "bio_health"),
        ("330499", "cosmetics"),
        ("720839", "steel"),
        ("842952", "general_machinery"),
        ("999995", "other_goods"),
    ],
)
def test_item_of(hs: str, item: str) -> None:
    assert items.of_hs6(hs) == item


@pytest.mark.parametrize(
    ("text", "key"),
    [("반도체", "semiconductors"), ("Chips", "semiconductors"), ("automobiles", "cars"), ("자동차", "cars"),
     ("wireless_devices", "wireless"), ("secondary_batteries", "batteries"), ("선박", "ships"),
     ("agrifood", "agri_food")],
)  # fmt: skip
def test_lookup(text: str, key: str) -> None:
    assert items.lookup(text).key == key


def test_unknown_item() -> None:
    with pytest.raises(UnknownCode, match="semiconductors"):
        items.lookup("semiconducters")
    with pytest.raises(UnknownCode):
        items.of_hs6("8542")
    with pytest.raises(UnknownCode):
        items.of_hs6("770000")


def test_names_and_aliases_are_unique() -> None:
    names = [
        name.casefold() for item in items.ITEMS for name in {item.key, item.name, item.name_ko, *item.aliases}
    ]
    doubled = {name for name in names if names.count(name) > 1}
    # An item's own key may be an alias or name of itself in another case.
    assert all(
        sum(name in map(str.casefold, (i.key, i.name, *i.aliases)) for i in items.ITEMS) == 1 for name in doubled
    )


def _from_korea(shared_data: Path, year: int) -> Counter[str]:
    table: Counter[str] = Counter()
    with gzip.open(shared_data / "us-imports" / f"us_imports_htsus10_country_{year}.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["census_cty"] == "5800":
                table[row["htsus10"][:6]] += int(float(row["general_imports_usd"]))
    return table


def test_us_imports_from_korea_meet_published_figures(shared_data: Path) -> None:
    imports = _from_korea(shared_data, 2024)
    by_item: Counter[str] = Counter()
    for code, value in imports.items():
        by_item[items.of_hs6(code)] += value
    total = sum(imports.values())
    assert sum(by_item.values()) == total
    assert total == pytest.approx(131.46e9, rel=1e-3)
    lists = {
        name: sum(value for code, value in imports.items() if code.startswith(prefixes)) / 1e9
        for name, prefixes in items.SEMICONDUCTOR_LISTS.items()
    }
    assert lists == pytest.approx({"direct": 3.2, "ministry": 10.2, "with_storage": 15.6}, abs=0.06)
    # Ministry, exports to the US 2024: semiconductors 13.37 / 1.300, general machinery 12.32 / 0.828 (2025 and its
    # change on the year before), bn USD.
    assert by_item["semiconductors"] / 1e9 == pytest.approx(13.37 / 1.300, rel=0.02)
    assert by_item["general_machinery"] / 1e9 == pytest.approx(12.32 / 0.828, rel=0.05)
    # No merchant ship: what there is of chapter 89 is boats and floating structures.
    assert by_item["ships"] < 5e6
    assert sum(value for code, value in imports.items() if code.startswith("8901")) < 0.1e6
