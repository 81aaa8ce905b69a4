"""The builder as a whole: the same tables every time, pages that match them, and clear failures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError
from headway.world import catalogue
from headway.world.build import __main__ as command
from headway.world.build import cataloguing, economy_steps, pages, validation
from headway.world.build.report import BuiltTable

ROOT = Path(__file__).parents[3]
DATA = ROOT / "src/headway/world/data"


def test_a_rebuild_gives_the_shipped_tables(shared_data: Path, tmp_path: Path) -> None:
    built = economy_steps.build(shared_data, tmp_path)
    assert {table.file for table in built} == {path.name for path in tmp_path.glob("*.parquet")}
    assert (tmp_path / "economy.json").read_bytes() == (DATA / "economy.json").read_bytes()
    for table in built:
        # Values, not bytes: Parquet files carry the version of their writer.
        again, shipped = (pl.read_parquet(folder / table.file) for folder in (tmp_path, DATA))
        assert again.schema == shipped.schema
        numbers = [name for name, kind in shipped.schema.items() if kind.is_float()]
        assert again.drop(numbers).equals(shipped.drop(numbers)), table.file
        np.testing.assert_allclose(
            again.select(numbers).to_numpy(), shipped.select(numbers).to_numpy(), rtol=1e-8, atol=1e-6
        )


@pytest.mark.slow
def test_two_builds_are_byte_identical(shared_data: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        economy_steps.build(shared_data, tmp_path / name)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_the_data_pages_are_those_of_the_shipped_tables(tmp_path: Path) -> None:
    pages.write(DATA, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_text("utf-8") == (ROOT / "docs/data" / path.name).read_text("utf-8"), path.name


def test_missing_sources_end_with_a_message_and_a_code(tmp_path: Path) -> None:
    code = command.main(["--sources", str(tmp_path / "nothing"), "--target", str(tmp_path / "out")])
    assert code == 3


@pytest.mark.slow
def test_the_world_against_an_independent_solver(shared_data: Path) -> None:
    """KNOWN: 10 % on all goods −2.5, −20, −0.2; with China at 60 % −2.7, −7, −0.2 on the table of 2011."""
    found = {(o.world, o.case): o for o in validation.outcomes(shared_data)}
    for case, (exports, to_us, welfare) in validation.INDEPENDENT.items():
        plain = found[validation.PLAIN, case]
        assert round(plain.exports, 1) == exports
        assert abs(plain.to_us - to_us) < 0.5
        assert round(plain.welfare, 1) == welfare
    # On the embedded world the same shock weighs by the US share of 2024, 1.7 times that of 2011.
    first = next(iter(validation.INDEPENDENT))
    plain, new = found[validation.PLAIN, first], found[validation.EMBEDDED, first]
    assert new.to_us == pytest.approx(plain.to_us, abs=1.0)
    assert new.exports / plain.exports == pytest.approx(new.us_share / plain.us_share, rel=0.15)
    for other in (validation.UNSPLIT, validation.ZERO):
        assert found[other, first].exports == pytest.approx(new.exports, abs=0.1)


@pytest.mark.slow
def test_the_validation_page_is_that_of_the_shipped_world(shared_data: Path, tmp_path: Path) -> None:
    validation.write(shared_data, tmp_path)
    assert (tmp_path / "world.md").read_text("utf-8") == (ROOT / "docs/validation/world.md").read_text("utf-8")


def test_sources_without_a_description_are_refused(tmp_path: Path) -> None:
    table = BuiltTable("default_trade.parquet", ("comtrade/flows.csv",), 1, 1, ())
    with pytest.raises(DataError, match="does not describe comtrade"):
        cataloguing.source_entries(tmp_path, (table,))
    with pytest.raises(DataError, match=r"no title for flows\.parquet"):
        cataloguing.table_entries((BuiltTable("flows.parquet", (), 1, 1, ()),), tmp_path)


@pytest.mark.slow
def test_the_command_rebuilds_everything(shared_data: Path, tmp_path: Path) -> None:
    target, docs = tmp_path / "data", tmp_path / "docs"
    assert command.main(["--sources", str(shared_data), "--target", str(target), "--docs", str(docs)]) == 0
    listed = json.loads((target / "catalogue.json").read_text("utf-8"))
    assert [entry["id"] for entry in listed] == [entry.id for entry in catalogue.entries()]
    for entry in listed:
        if entry["kind"] == "source":
            assert entry["sha256"] == dict(catalogue.entry(entry["id"]).sha256), entry["id"]
    assert {path.name for path in (docs / "data").iterdir()} == {
        f"{name}.md" for name in ("catalogue", "economy", "economy-fills", "economy-moves")
    }
