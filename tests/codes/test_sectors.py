"""Sectors: order, and one sector for every HS code, checked against GTAP's crosswalk."""

from __future__ import annotations

import csv
import gzip
from importlib import resources
from pathlib import Path

import pytest

from headway.codes import build, products, sectors
from headway.errors import UnknownCode

ORDER = (
    "agriculture mining food textiles wood_paper petroleum chemicals rubber_plastics minerals metals machinery"
    " electronics electrical motor_vehicles other_transport other_manufacturing utilities construction trade"
    " hospitality transport finance business_services public_services"
)


def test_order_and_goods() -> None:
    assert sectors.keys() == tuple(ORDER.split())
    assert sectors.goods() == sectors.keys()[:16]
    assert sectors.labels("ko")["motor_vehicles"] == "자동차·부품"
    assert sectors.labels()["mining"] == "Mining, crude oil and gas"


def test_wiod_industries_are_used_once() -> None:
    used = [code.rstrip("ab") for sector in sectors.SECTORS for code in sector.wiod]
    assert sorted(set(used), key=lambda code: int(code[1:])) == [f"c{number}" for number in range(1, 36)]
    assert {code for code in used if used.count(code) > 1} == {"c14", "c15"}


@pytest.mark.parametrize(
    ("hs", "sector"),
    [
        ("8541.42", "electronics"),
        ("8542310000", "electronics"),
        ("847330", "electronics"),
        ("852351", "electronics"),
        ("851713", "electronics"),
        ("852491", "electronics"),
        ("853400", "electronics"),
        ("850760", "electrical"),
        ("850421", "electrical"),
        ("853710", "electrical"),
        ("901813", "electrical"),
        ("870380", "motor_vehicles"),
        ("870829", "motor_vehicles"),
        ("840734", "motor_vehicles"),
        ("840820", "motor_vehicles"),
        ("871639", "motor_vehicles"),
        ("870121", "motor_vehicles"),
        ("870194", "machinery"),
        ("845020", "machinery"),
        ("848620", "machinery"),
        ("890190", "other_transport"),
        ("880240", "other_transport"),
        ("871120", "other_transport"),
        ("840710", "other_transport"),
        ("270900", "mining"),
        ("271111", "mining"),
        ("271019", "petroleum"),
        ("390120", "chemicals"),
        ("392690", "rubber_plastics"),
        ("401110", "rubber_plastics"),
        ("300490", "chemicals"),
        ("721049", "metals"),
        ("760612", "metals"),
        ("281820", "metals"),
        ("252329", "minerals"),
        ("440710", "wood_paper"),
        ("440320", "agriculture"),
        ("520100", "agriculture"),
        ("100630", "food"),
        ("100610", "agriculture"),
        ("020130", "food"),
        ("610910", "textiles"),
        ("640399", "textiles"),
        ("940360", "other_manufacturing"),
        ("950300", "other_manufacturing"),
        ("980100", "other_manufacturing"),
        ("999995", "other_manufacturing"),
        ("271600", "utilities"),
    ],
)
def test_sector_of(hs: str, sector: str) -> None:
    assert sectors.of_hs6(hs) == sector


@pytest.mark.parametrize("hs", ["", "8703", "87038", "car000", "770100", "000000"])
def test_not_an_hs_code(hs: str) -> None:
    with pytest.raises(UnknownCode):
        sectors.of_hs6(hs)


def test_every_hs_code_has_a_sector_of_goods_but_electricity() -> None:
    codes = products.hs6_under("")
    assert len(codes) > 5600
    assert {code for code in codes if sectors.of_hs6(code) not in sectors.goods()} == {"271600"}


def test_prefixes_are_codes_with_a_known_sector_and_a_reason() -> None:
    table = resources.files("headway.codes").joinpath("data/hs_sectors.csv").read_text("utf-8").splitlines()
    known = set(sectors.keys())
    for row in csv.DictReader(table):
        assert products.exists(row["hs"])
        assert row["sector"] in known
        assert row["why"]
        isic = sectors.sector(row["sector"]).isic
        assert not row["isic"] or row["isic"] in isic, row


def test_every_code_of_the_crosswalks_and_of_us_imports_maps(shared_data: Path) -> None:
    with (shared_data / "crosswalks" / "hs6_icio45_from_gtap.csv").open(encoding="utf-8-sig") as file:
        codes = {row["hs6"] for row in csv.DictReader(file)}
    with gzip.open(shared_data / "crosswalks" / "hs10_gtap_crosswalk.csv.gz", "rt") as file:
        codes |= {row["hs10"] for row in csv.DictReader(file)}
    for year in (2024, 2025):
        with gzip.open(shared_data / "us-imports" / f"us_imports_htsus10_country_{year}.csv.gz", "rt") as file:
            codes |= {row["htsus10"] for row in csv.DictReader(file)}
    assert len(codes) > 20_000
    assert {sectors.of_hs6(code) for code in codes} == {*sectors.goods(), "utilities"}


def test_differences_from_gtap_are_explained(shared_data: Path) -> None:
    text = resources.files("headway.codes").joinpath("data/gtap_differences.csv").read_text("utf-8").splitlines()
    explained = {(row["gtap_sector"], row["sector"]): row for row in csv.DictReader(text)}
    found = {pair: value for pair, value in build.gtap_differences(shared_data).items() if value > 100}
    assert set(found) == set(explained)
    for pair, value in found.items():
        assert float(explained[pair]["us_imports_2024_usd_million"]) == pytest.approx(value, abs=0.51)
        assert explained[pair]["reason"]
    # Of 3,264 bn USD of imports in 2024 the two differ on 234.
    assert 230_000 < sum(found.values()) < 240_000


def test_unknown_sector_suggests() -> None:
    with pytest.raises(UnknownCode, match="electronics"):
        sectors.sector("electronic")
