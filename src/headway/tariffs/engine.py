"""Runs the relational expression on DuckDB: frames of entries in, frames of ratings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from headway.errors import DataError
from headway.tariffs.compiled import Compiled, compiled
from headway.tariffs.instruments import Rulebook
from headway.tariffs.relation import ENTRY_COLUMNS, UNDECLARED, rate_expression
from headway.tariffs.schedule import codes, mask

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import polars as pl

CHUNK = 2_000_000
"""Entries rated at a time: what keeps a batch of any length within 2 GB."""

ANSWER = ("base_rate", "additional", "total", "complete", "refused", "stack", "missing")
"""Columns that rating adds."""

DEFAULTS: Mapping[str, object] = {
    "program": "",
    "facts": 0,
    "denied": 0,
    "loaded": None,
    "known_on": None,
    "value": None,
    "quantity": None,
    "steel_share": None,
    "aluminium_share": None,
    "copper_share": None,
    "us_share": None,
}
"""What an entry declares if its column is absent."""


TYPES: Mapping[str, str] = {
    "hts10": "string",
    "origin": "string",
    "program": "string",
    **dict.fromkeys(("day", "loaded", "known_on"), "date"),
    **dict.fromkeys(("facts", "denied"), "int64"),
    **dict.fromkeys(
        ("value", "quantity", "steel_share", "aluminium_share", "copper_share", "us_share"), "float64"
    ),
}
"""Types of the columns of entries."""


def with_defaults(entries: ir.Table) -> ir.Table:
    """Entries with every column of `ENTRY_COLUMNS`, typed; what is absent is a constant, never stored."""
    import ibis

    given = {name: entries[name].cast(kind) for name, kind in TYPES.items() if name in entries.columns}
    absent = {
        name: ibis.null(TYPES[name]) if value is None else ibis.literal(value, type=TYPES[name])
        for name, value in DEFAULTS.items()
        if name not in entries.columns
    }
    return entries.mutate(**given, **absent).select(*ENTRY_COLUMNS)


Schemas = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Tables by name with their columns and types: what the SQL of the expression depends on."""


def schema_of(frame: pl.DataFrame) -> tuple[tuple[str, str], ...]:
    """Columns of a frame with their types in Ibis's words."""
    import ibis

    return tuple((name, str(kind)) for name, kind in ibis.Schema.from_pyarrow(frame.to_arrow().schema).items())


@lru_cache(maxsize=16)
def rating_sql(columns: tuple[str, ...], law: Schemas) -> str:
    """The expression as SQL of DuckDB, for entries with these columns: the same for every chunk and day."""
    import ibis

    tables = {name: ibis.table(dict(schema), name=f"law_{name}") for name, schema in law}
    kinds = {"entry": "int64", **TYPES}
    entries = ibis.table({name: kinds[name] for name in columns}, name="entries")
    constant = [name for name in UNDECLARED if name not in columns]
    rated = rate_expression(with_defaults(entries), tables, constant=constant).order_by("entry").drop("entry")
    return str(ibis.to_sql(rated, dialect="duckdb"))


def connect(law: Compiled) -> tuple[duckdb.DuckDBPyConnection, Schemas]:
    """A DuckDB database in memory with the compiled relations, and their schemas."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
    for name, frame in law.tables.items():
        store(connection, f"law_{name}", frame)
    return connection, tuple((name, schema_of(frame.head(1))) for name, frame in law.tables.items())


def store(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Copy a frame into the database under a name."""
    incoming = frame.to_arrow()
    connection.register("incoming", incoming)
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')
    connection.unregister("incoming")


def _named(answer: pl.DataFrame, law: Compiled) -> pl.DataFrame:
    """Numbers of provisions in `missing` as ids of instruments."""
    import polars as pl

    texts = {
        text: " ".join(sorted({law.provisions[int(number)].instrument for number in text.split()}))
        for text in answer["missing"].unique()
    }
    return answer.with_columns(missing=pl.col("missing").replace_strict(texts, return_dtype=pl.String))


def _rate_chunk(connection: duckdb.DuckDBPyConnection, law: Schemas, entries: pl.DataFrame) -> pl.DataFrame:
    """Answer columns for a chunk of entries, in its order."""
    import polars as pl

    numbered = entries.with_row_index("entry")
    wanted = tuple(name for name in ENTRY_COLUMNS if name in numbered.columns)
    store(connection, "entries", numbered.select(wanted))
    answer = pl.DataFrame(connection.sql(rating_sql(wanted, law)).to_arrow_table())
    if answer.height != entries.height:
        lost = entries.height - answer.height
        raise DataError(f"{lost} rows have an unknown line, origin or day.", "Check them with batch.check_rows.")
    return entries.hstack(answer)


def rate_chunks(entries: Iterable[pl.DataFrame], book: Rulebook | None = None) -> Iterator[pl.DataFrame]:
    """Rate frames of entries one after the other, so that a file larger than memory can pass through."""
    law = compiled(book)
    connection, schemas = connect(law)
    try:
        for chunk in entries:
            yield _named(_rate_chunk(connection, schemas, chunk.drop(ANSWER, strict=False)), law)
    finally:
        connection.close()


def rate_frame(entries: pl.DataFrame, book: Rulebook | None = None) -> pl.DataFrame:
    """Rate a frame of entries (hts10, origin, day, optional `DEFAULTS` columns), in its order.

    Adds base_rate, additional, total (fractions of customs value, null where unknown), complete, refused, stack
    and missing (ids of instruments). Raises `DataError` if a row has an unknown line, origin or day: `batch`
    checks files.
    """
    import polars as pl

    chunks = entries.iter_slices(CHUNK) if entries.height > CHUNK else iter([entries])
    return pl.concat(rate_chunks(chunks, book), rechunk=False)


def panel(
    day: dt.date, *, origins: Sequence[str], lines: Iterable[str] | None = None, book: Rulebook | None = None
) -> pl.DataFrame:
    """Every line × every origin on one day, without claims: hts10, origin, day and the columns of `rate_frame`."""
    import polars as pl

    left = pl.DataFrame({"hts10": list(lines) if lines is not None else codes()})
    right = pl.DataFrame({"origin": list(origins)})
    return rate_frame(left.join(right, how="cross").with_columns(day=pl.lit(day)), book)


def fact_mask(names: Iterable[str]) -> int:
    """Facts as the bit mask of the `facts` and `denied` columns."""
    return mask(list(names))
