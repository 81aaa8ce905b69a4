"""Countries to regions and industries to sectors: the default for every known edition, and a user's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.codes import sectors
from headway.errors import DataError, UnknownCode, UnreadableInput
from headway.world.build.mapping import concordance, sector_of_isic4

EDITIONS = {
    "2018": "01T03 05T06 07T08 09 10T12 13T15 16 17T18 19 20T21 22 23 24 25 26 27 28 29 30 31T33 35T39 41T43 45T47 "
    "49T53 55T56 58T60 61 62T63 64T66 68 69T82 84 85 86T88 90T96 97T98",
    "2021": "01T02 03 05T06 07T08 09 10T12 13T15 16 17T18 19 20 21 22 23 24 25 26 27 28 29 30 31T33 35 36T39 41T43 "
    "45T47 49 50 51 52 53 55T56 58T60 61 62T63 64T66 68 69T75 77T82 84 85 86T88 90T93 94T96 97T98",
    "2023": "A01_02 A03 B05_06 B07_08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 "
    "C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T",
    "2025": "A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 C28 "
    "C29 C301 C302T309 C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T",
    "WIOD 2016": "A01 A02 A03 B C10-C12 C13-C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31_C32 "
    "C33 D35 E36 E37-E39 F G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59_J60 J61 J62_J63 K64 K65 K66 L68 M69_M70 M71 M72 "
    "M73 M74_M75 N O84 P85 Q R_S T U",
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_industry_of_every_edition_has_a_sector_and_every_sector_an_industry(edition: str) -> None:
    found = concordance(("KOR", "ROW"), EDITIONS[edition].split())
    assert found.sectors == sectors.keys()


@pytest.mark.parametrize(
    ("industry", "sector"),
    [
        ("C26", "electronics"),
        ("C24B", "metals"),
        ("C301", "other_transport"),
        ("29", "motor_vehicles"),
        ("B", "mining"),
        ("E37-E39", "utilities"),
        ("R_S", "public_services"),
        ("K", "finance"),
        ("97T98", "public_services"),
    ],
)
def test_single_industries(industry: str, sector: str) -> None:
    assert sector_of_isic4(industry) == sector


@pytest.mark.parametrize("industry", ["04", "X", "cars", "", "C"])
def test_what_no_sector_is_known_for(industry: str) -> None:
    with pytest.raises(UnknownCode, match="No sector is known"):
        sector_of_isic4(industry)


def test_countries_go_to_the_regions_of_the_embedded_world() -> None:
    found = concordance(("MX1", "AUT", "KOR", "CN2", "VNM", "ROW", "ROM"), ("C26",))
    assert dict(found.region_of) == {
        "MX1": "MEX",
        "AUT": "XEU",
        "KOR": "KOR",
        "CN2": "CHN",
        "VNM": "ROW",
        "ROW": "ROW",
        "ROM": "XEU",
    }
    assert found.regions == ("KOR", "CHN", "MEX", "XEU", "ROW")
    assert found.sha256 == ""


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "map.csv"
    path.write_text("\n".join(("kind,code,to", *lines)) + "\n", "utf-8")
    return path


def test_a_users_regions_and_the_default_sectors(tmp_path: Path) -> None:
    path = write(tmp_path, "country,KOR,KOR", "country,JPN,East Asia", "country,CHN,East Asia")
    found = concordance(("CHN", "JPN", "KOR"), ("29", "26"), path)
    assert found.regions == ("East Asia", "KOR")
    assert found.sectors == ("electronics", "motor_vehicles")
    assert len(found.sha256) == 64


def test_a_users_sectors_and_the_default_regions(tmp_path: Path) -> None:
    path = write(tmp_path, "industry,29,vehicles", "industry,30,vehicles", "industry,26,chips")
    found = concordance(("KOR", "USA"), ("26", "29", "30"), path)
    assert found.sectors == ("chips", "vehicles")
    assert found.regions == ("KOR", "USA")


@pytest.mark.parametrize(
    ("lines", "error", "message"),
    [
        (("country,KOR,KOR",), UnknownCode, "no row for the country USA"),
        (("country,KOR,KOR", "country,KOR,ROW"), DataError, "the country KOR is there twice"),
        (("region,KOR,KOR",), UnreadableInput, "line 2 is no country or industry"),
        (("country,KOR,",), UnreadableInput, "line 2"),
    ],
)
def test_a_faulty_file_is_refused_by_name(
    tmp_path: Path, lines: tuple[str, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        concordance(("KOR", "USA"), ("26",), write(tmp_path, *lines))


def test_a_file_with_other_columns_or_none(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("kind,code\ncountry,KOR\n", "utf-8")
    with pytest.raises(UnreadableInput, match=r"map.csv: no column to"):
        concordance(("KOR",), ("26",), path)
    with pytest.raises(UnreadableInput, match="no file"):
        concordance(("KOR",), ("26",), tmp_path / "none.csv")
