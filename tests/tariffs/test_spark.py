"""The same expression on Spark, for a customs office whose declarations outgrow one machine."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from headway.tariffs import Entry, Rating
from headway.tariffs.compiled import compiled
from headway.tariffs.engine import rate_frame, with_defaults
from headway.tariffs.relation import rate_expression

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # pyspark and its bridge to pandas warn about each other
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A local Spark session on two cores, reached through Ibis; skips without pyspark or Java."""
    pyspark = pytest.importorskip("pyspark.sql", reason="needs the spark extra")
    if shutil.which("java") is None:
        pytest.skip("needs a Java runtime")
    import ibis

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        settings = {
            "spark.driver.memory": "2g",
            "spark.sql.shuffle.partitions": "4",
            "spark.ui.enabled": "false",
            "spark.sql.session.timeZone": "UTC",
        }
        builder = pyspark.SparkSession.builder.master("local[2]").appName("headway")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield ibis.pyspark.connect(session)
        session.stop()


def test_spark_rates_like_duckdb(
    spark: Any,
    random_ratings: Callable[[int, int], list[tuple[Entry, Rating]]],
    to_frame: Callable[[list[Entry]], pl.DataFrame],
) -> None:
    frame = to_frame([entry for entry, _ in random_ratings(150, 21)])
    law = dict(compiled().tables)
    used = law["lines"].filter(pl.col("hts10").is_in(frame["hts10"].implode()))["product_class"]
    law["reach"] = law["reach"].filter(pl.col("product_class").is_in(used.implode()))
    tables = {name: spark.create_view(f"law_{name}", _view(table)) for name, table in law.items()}
    numbered = frame.with_row_index("entry").with_columns(pl.col("entry").cast(pl.Int64))
    entries = spark.create_view("entries", _view(numbered))
    rated = rate_expression(with_defaults(entries), tables, hold=lambda table: table.cache())
    rated = rated.select("entry", "total", "complete", "stack")
    found = pl.DataFrame(rated.to_pyarrow()).sort("entry")
    expected = rate_frame(frame)
    assert found["complete"].to_list() == expected["complete"].to_list()
    for here, there in zip(found["total"], expected["total"], strict=True):
        assert here == (None if there is None else pytest.approx(there, abs=1e-9))


def _view(frame: pl.DataFrame) -> Any:
    """A frame as a memory table of Ibis."""
    import ibis

    return ibis.memtable(frame.to_arrow())
