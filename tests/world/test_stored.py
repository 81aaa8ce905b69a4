"""A world in a folder is read as it was written, or refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError, UnreadableInput
from headway.files import sha256
from headway.world import load, miniature, read, write


@pytest.mark.parametrize("world", [miniature(), load()], ids=["miniature", "embedded"])
def test_a_world_survives_a_folder(world, tmp_path: Path) -> None:
    paths = write(world, tmp_path / "w", pl.DataFrame({"rule": ["none"]}))
    assert {path.name for path in paths} == {
        "world.json",
        "trade.parquet",
        "inputs.parquet",
        "margins.parquet",
        "notes.parquet",
    }
    again = read(str(tmp_path / "w"))
    assert (again.regions, again.sectors) == (world.regions, world.sectors)
    assert (again.vintage, again.tariff_vintage) == (world.vintage, world.tariff_vintage)
    for name in ("flow", "tariff", "value_added", "input_use", "final_use"):
        np.testing.assert_array_equal(getattr(again, name), getattr(world, name))
    assert set(again.manifest["tables"]) == {"trade.parquet", "inputs.parquet", "margins.parquet"}
    assert not (tmp_path / "w2" / "notes.parquet").exists()


def rewritten(folder: Path, name: str, change) -> None:
    """Change a table and give it the hash of what it now is, as somebody who edits on purpose would."""
    frame = change(pl.read_parquet(folder / name))
    frame.write_parquet(folder / name)
    description = json.loads((folder / "world.json").read_text("utf-8"))
    description["manifest"]["tables"][name] = sha256((folder / name).read_bytes())
    (folder / "world.json").write_text(json.dumps(description), "utf-8")


class TestRefused:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        write(miniature(), tmp_path)
        return tmp_path

    def test_rows_in_another_order_are_no_reason(self, folder: Path) -> None:
        rewritten(folder, "trade.parquet", lambda frame: frame.reverse())
        np.testing.assert_array_equal(read(folder).flow, miniature().flow)

    def test_a_folder_without_a_world(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableInput, match=r"there is no world.json"):
            read(tmp_path)

    def test_a_missing_table(self, folder: Path) -> None:
        (folder / "inputs.parquet").unlink()
        with pytest.raises(UnreadableInput, match=r"there is no inputs.parquet"):
            read(folder)

    def test_a_table_that_is_not_the_one_described(self, folder: Path) -> None:
        pl.read_parquet(folder / "margins.parquet").reverse().write_parquet(folder / "margins.parquet")
        with pytest.raises(DataError, match=r"margins.parquet is not the table"):
            read(folder)

    def test_a_table_without_a_column_or_a_row(self, folder: Path) -> None:
        rewritten(folder, "margins.parquet", lambda frame: frame.head(5))
        with pytest.raises(DataError, match=r"margins.parquet has 5 rows in place of 12"):
            read(folder)
        rewritten(folder, "margins.parquet", lambda frame: frame.drop("final_use"))
        with pytest.raises(DataError, match=r"margins.parquet lacks the column final_use"):
            read(folder)

    def test_a_broken_identity(self, folder: Path) -> None:
        rewritten(folder, "margins.parquet", lambda frame: frame.with_columns(pl.col("final_use") * 2))
        with pytest.raises(DataError, match="do not add up"):
            read(folder)

    def test_a_description_that_lacks_something(self, folder: Path) -> None:
        (folder / "world.json").write_text('{"regions": [], "manifest": {}}', "utf-8")
        with pytest.raises(DataError, match="lacks sectors"):
            read(folder)
