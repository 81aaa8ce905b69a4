"""The rulebook and the base schedule as small relations, ready for any engine that Ibis drives.

Lines that the same provisions reach form a product class, origins that the same provisions name an origin class,
and days between two changes of law an era: rating then works on distinct situations, not on single entries.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from headway.tariffs.coverage import CHAPTER_98_DUTIABLE, scope
from headway.tariffs.instruments import FOREVER, Provision, Rulebook, origins, rulebook
from headway.tariffs.schedule import codes, column_2, mask, programs, table

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

FIRST, LAST = dt.date(2018, 1, 1), dt.date(2035, 12, 31)
"""Days that the relations cover."""

METAL_CHAPTERS = ("72", "73", "74", "76")


@dataclass(frozen=True)
class Compiled:
    """Relations by name; `instruments[pid]` is the provision behind a number."""

    tables: dict[str, pl.DataFrame]
    provisions: tuple[Provision, ...]


def _coverage(provisions: tuple[Provision, ...], codes: list[str]) -> NDArray[np.bool_]:
    """Booleans, provisions × codes (sorted): a prefix is a run of codes, so each is one slice."""
    import numpy as np

    dutiable = np.array([code[:2] != "98" or code.startswith(CHAPTER_98_DUTIABLE) for code in codes])
    known: dict[tuple[object, ...], NDArray[np.bool_]] = {}
    for p in provisions:
        key = (p.lists, p.codes, p.lists_except, p.codes_except)
        if key not in known:
            everything, wanted, unwanted = scope(p)
            row = np.full(len(codes), everything)
            for prefix in wanted:
                row[bisect_left(codes, prefix) : bisect_left(codes, prefix + ":")] = True
            for prefix in unwanted:
                row[bisect_left(codes, prefix) : bisect_left(codes, prefix + ":")] = False
            known[key] = row & dutiable
    return np.array([known[(p.lists, p.codes, p.lists_except, p.codes_except)] for p in provisions])


def _classes(reached: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Columns of equal content: class of each column, and one column per class."""
    import numpy as np

    unique, inverse = np.unique(np.packbits(reached, axis=0), axis=1, return_inverse=True)
    return inverse.reshape(-1).astype(np.int32), np.unpackbits(unique, axis=0)[: reached.shape[0]].astype(bool)


def _provision_rows(provisions: tuple[Provision, ...]) -> list[dict[str, object]]:
    families = {name: number for number, name in enumerate(sorted({p.family for p in provisions}))}
    groups = group_numbers(provisions)
    rows: list[dict[str, object]] = []
    for pid, p in enumerate(provisions):
        transit = p.in_transit
        rows.append(
            {
                "pid": pid,
                "heading": p.heading,
                "authority": p.authority,
                "family": families[p.family],
                "grp": groups[p.group],
                "priority": p.priority,
                "kind": p.kind,
                "rate": float(p.rate or 0),
                "compare": p.compare,
                "begins": p.begins,
                "ends": p.ends,
                "published": p.published,
                "end_published": p.end_published,
                "loaded_before": transit.loaded_before if transit else FIRST,
                "entered_before": transit.entered_before if transit else FIRST,
                "requires": mask(p.requires),
                "unless_facts": mask(p.unless),
                "asks": mask(p.asks),
                "content": p.content,
                "always_matters": p.kind == "unknown" and p.affects is None,
            }
        )
    return rows


def group_numbers(provisions: tuple[Provision, ...]) -> dict[str, int]:
    """Group name → number, in alphabetical order."""
    return {name: number for number, name in enumerate(sorted({p.group for p in provisions}))}


def _relation_rows(book: Rulebook) -> list[dict[str, object]]:
    groups = group_numbers(book.provisions)
    return [
        {
            "grp": groups[group],
            "by_grp": groups[other],
            "is_full": relation.scope == "full",
            "since": relation.since or FIRST,
            "until": relation.until or FOREVER,
        }
        for relation in book.relations
        for group in relation.groups
        for other in relation.yields_to
    ]


def _eras(book: Rulebook) -> list[dict[str, dt.date]]:
    """Every day with the first day of its era: the latest change of law at or before it."""
    one = dt.timedelta(days=1)
    changes = {FIRST, *(dt.date(year, 1, 1) for year in range(FIRST.year, LAST.year + 1))}
    for p in book.provisions:
        changes |= {p.begins, p.ends + one if p.ends < FOREVER else FIRST}
        changes |= {p.in_transit.entered_before} if p.in_transit else set()
    for relation in book.relations:
        changes |= {relation.since or FIRST, (relation.until + one) if relation.until else FIRST}
    rows, era = [], FIRST
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + dt.timedelta(days=number)
        era = day if day in changes else era
        rows.append({"day": day, "era": era})
    return rows


def _lines(product_class: NDArray[np.int32]) -> pl.DataFrame:
    import polars as pl

    kept = [f"{column}_{part}" for column in ("general", "column2") for part in ("form", "rate", "usd")]
    return (
        table("schedule")
        .sort("hts10")
        .select("hts10", *kept)
        .with_columns(
            product_class=product_class,
            is_metal=pl.col("hts10").str.slice(0, 2).is_in(METAL_CHAPTERS),
            own_line_decides=pl.col("hts10").str.starts_with("9802"),
        )
    )


def _specials() -> pl.DataFrame:
    import polars as pl

    known = list(programs())
    frame = table("specials").filter(pl.col("program").is_in(known))
    whole_term = (pl.col("program") == "KR") & (pl.col("text") == "25%")
    return frame.select(
        "hts10",
        "program",
        special_form="form",
        special_rate="rate",
        special_usd="usd",
        staged=(pl.col("form") != "free") & ~whole_term,
    )


def _program_rows() -> list[dict[str, object]]:
    return [
        {"program": p.symbol, "origin": origin, "program_since": p.since, "program_facts": mask(p.facts)}
        for p in programs().values()
        for origin in sorted(p.partners)
    ]


def _reach(lines: NDArray[np.bool_], partners: NDArray[np.bool_]) -> pl.DataFrame:
    """Pairs of classes with the provisions that reach them: product_class, origin_class, pid."""
    import numpy as np
    import polars as pl

    def long(matrix: NDArray[np.bool_], name: str) -> pl.DataFrame:
        pid, number = np.nonzero(matrix)
        return pl.DataFrame({"pid": pid.astype(np.int32), name: number.astype(np.int32)})

    pairs = long(lines, "product_class").join(long(partners, "origin_class"), on="pid")
    return pairs.select("product_class", "origin_class", "pid")


def _affects(provisions: tuple[Provision, ...]) -> pl.DataFrame:
    import polars as pl

    groups = group_numbers(provisions)
    rows = [{"pid": pid, "grp": groups[group]} for pid, p in enumerate(provisions) for group in p.affects or ()]
    return pl.DataFrame(rows, schema={"pid": pl.Int32, "grp": pl.Int32})


def _law(book: Rulebook) -> dict[str, pl.DataFrame]:
    import polars as pl

    number = {"pid": pl.Int32, "family": pl.Int32, "grp": pl.Int32, "by_grp": pl.Int32}
    relation = {"grp": pl.Int32, "by_grp": pl.Int32, "is_full": pl.Boolean, "since": pl.Date, "until": pl.Date}
    rules = pl.DataFrame(_provision_rows(book.provisions), infer_schema_length=None)
    return {
        "provisions": rules.with_columns(
            pl.col(name).cast(kind) for name, kind in number.items() if name in rules.columns
        ),
        "relations": pl.DataFrame(_relation_rows(book), schema=relation),
        "affects": _affects(book.provisions),
        "days": pl.DataFrame(_eras(book)),
    }


def compile_rules(book: Rulebook) -> Compiled:
    """Compile a rulebook over the shipped schedule. A rulebook with an overlay goes the same way."""
    import numpy as np
    import polars as pl

    places = sorted(origins())
    named = np.array([[iso3 in p.partners for iso3 in places] for p in book.provisions])
    product_class, lines = _classes(_coverage(book.provisions, codes()))
    origin_class, partners = _classes(named)
    tables = {
        "lines": _lines(product_class),
        "specials": _specials(),
        "programs": pl.DataFrame(_program_rows()),
        "column2": pl.DataFrame([{"origin": o, "column2_since": since} for o, since in column_2()]),
        "origins": pl.DataFrame({"origin": places, "origin_class": origin_class}),
        "reach": _reach(lines, partners),
    }
    return Compiled(tables | _law(book), book.provisions)


@lru_cache(maxsize=4)
def compiled(book: Rulebook | None = None) -> Compiled:
    """The compiled shipped law, or that of another rulebook; kept for the process."""
    return compile_rules(book or rulebook())
