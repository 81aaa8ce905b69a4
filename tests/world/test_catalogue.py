"""The catalogue: complete, hashed, and true of what is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.errors import UnknownCode
from headway.world import catalogue

DATA = Path(__file__).parents[2] / "src/headway/world/data"


def test_shipped_tables_are_those_of_the_catalogue() -> None:
    catalogue.verify()


def test_every_table_of_the_world_is_listed() -> None:
    listed = {file for entry in catalogue.entries() for file in entry.files if entry.kind == "table"}
    assert {path.name for path in DATA.glob("*.parquet")} <= listed


def test_every_entry_says_where_it_is_from() -> None:
    sources = {entry.id for entry in catalogue.entries() if entry.kind == "source"}
    assert {"wiod2013", "liberation-day-2025", "us-imports", "cp2015-nafta", "korea-exports"} <= sources
    for entry in catalogue.entries():
        assert entry.title
        assert entry.citation
        assert entry.licence
        assert entry.vintage
        assert entry.rows_out > 0
        assert set(entry.sha256) == set(entry.files)
        assert set(entry.sources) <= sources
        assert entry.sources or entry.kind == "source" or "kept by hand" in entry.transforms[0]


def test_the_economy_carries_its_vintage() -> None:
    assert catalogue.entry("default_trade").vintage == "structure 2011, levels 2023–24"
    assert catalogue.entry("default_trade").rows_out == 24 * 26 * 26


def test_an_unknown_entry_is_refused() -> None:
    with pytest.raises(UnknownCode, match="wiod2013"):
        catalogue.entry("wiod2016")


def test_hashes_of_sources_are_those_of_the_files(shared_data: Path) -> None:
    from headway.world.build.cataloguing import file_hash

    wiod = catalogue.entry("wiod2013")
    assert wiod.sha256["wiot_2011.npz"] == file_hash(shared_data / "wiod2013" / "wiot_2011.npz")
