"""US goods imports by sector and origin region."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from headway.codes import sectors
from headway.errors import UnreadableInput
from headway.world.build import us_goods
from headway.world.regions import REGIONS


def frame(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(us_goods.COLUMNS), orient="row")


def test_products_go_to_sectors_and_provisions_are_spread() -> None:
    goods, notes = us_goods.by_sector(
        frame(
            ("8703230190", "5800", 30_000_000, 750_000),
            ("8542320036", "5800", 10_000_000, 0),
            ("9801001010", "5800", 4_000_000, 0),
            ("2716000000", "1220", 2_000_000, 0),
            ("0201100500", "1220", 5_000_000, 100_000),
        )
    )
    keys, korea = sectors.goods(), REGIONS.index("KOR")
    assert goods.imports[keys.index("motor_vehicles"), korea] == pytest.approx(33.0)
    assert goods.imports[keys.index("electronics"), korea] == pytest.approx(11.0)
    assert goods.imports[:, REGIONS.index("CAN")].sum() == pytest.approx(5.0)
    rates = us_goods.tariff(goods)
    assert rates[keys.index("motor_vehicles"), korea] == pytest.approx(0.75 / 33.0)
    assert rates[keys.index("electronics"), REGIONS.index("JPN")] == 0.0
    assert [(note.where, note.amount) for note in notes] == [("KOR → USA", 4.0), ("all origins → USA", 2.0)]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / us_goods.FILE
    path.parent.mkdir()
    with pytest.raises(UnreadableInput, match="no file"):
        us_goods.read(tmp_path)
    import gzip

    path.write_bytes(gzip.compress(b"htsus10,census_cty,consumption_imports_usd\n0101210010,1220,5\n"))
    with pytest.raises(UnreadableInput, match="calculated_duties_usd"):
        us_goods.read(tmp_path)
