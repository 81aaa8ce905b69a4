"""Writes the validation page: `python -m headway.tariffs.build.validate --sources DIR --out PAGE.md`.

Every oracle row of the four kinds, reproduced or with a reason, and effective rates against Census by origin and
chapter for 2024 and 2025.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from headway.tariffs.build.oracles import Outcome, outcomes
from headway.tariffs.build.shares import census_iso3
from headway.tariffs.effective import days_in_force, effective, implied_equivalents

GAP = 0.01
"""Gaps between expected and realised above this are explained one by one."""

PUBLISHED = {2024: {"": 0.0236, "KOR": 0.0019, "CHN": 0.109}, 2025: {"": 0.0765, "KOR": 0.0830, "CHN": 0.306}}
"""Realised rates of the issue, to check the Census table against ("" is the world)."""


def census(path: Path) -> pl.DataFrame:
    """US imports of a year as the frame that `effective` takes, from the Census table of the sources."""
    raw = pl.read_csv(path, schema_overrides={"htsus10": pl.String, "census_cty": pl.String})
    names = {code: census_iso3(code) for code in raw["census_cty"].unique()}
    return raw.select(
        hts10="htsus10",
        iso3=pl.col("census_cty").replace_strict(names, return_dtype=pl.String).fill_null("???"),
        consumption_usd="consumption_imports_usd",
        dutiable_usd="dutiable_value_usd",
        duties_usd="calculated_duties_usd",
    )


def percent(value: float | Decimal | None) -> str:
    """A fraction in percent with two decimals; a dash where it is unknown."""
    return "–" if value is None else f"{float(value) * 100:.2f}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    head = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return [*head, *("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)]


def _oracle_rows(found: Sequence[Outcome]) -> list[list[str]]:
    rows = []
    for one in found:
        verdict = "reproduced" if one.reproduced else "listed"
        state = "" if one.complete else "incomplete: "
        rows.append(
            [
                str(one.row),
                one.code,
                one.origin,
                str(one.day),
                one.kind,
                percent(one.expected),
                percent(one.found),
                verdict,
                f"{one.label}. {state}{one.reason}".strip(),
            ]
        )
    return rows


def oracle_section(found: Sequence[Outcome]) -> list[str]:
    """The rows, and counts by kind."""
    counts = []
    for kind in dict.fromkeys(one.kind for one in found):
        rows = [one for one in found if one.kind == kind]
        done = sum(one.reproduced for one in rows)
        counts.append([kind, str(len(rows)), str(done), str(len(rows) - done)])
    headings = (
        "row",
        "code",
        "origin",
        "date",
        "kind",
        "source %",
        "Headway %",
        "verdict",
        "what is declared, and why",
    )
    return [
        "## Rows of `oracles.csv`",
        "",
        *_table(("kind", "rows", "reproduced", "listed"), counts),
        "",
        *_table(headings, _oracle_rows(found)),
        "",
    ]


def _summed(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Rates of larger groups from those of origin × chapter cells."""
    value = pl.col("imports_usd")
    known = value.filter(pl.col("expected").is_not_null())
    frame = cells if by else cells.with_columns(world=pl.lit("world"))
    return (
        frame.group_by(*(by or ["world"]))
        .agg(
            imports=value.sum(),
            expected=pl.when(known.sum() > 0).then((value * pl.col("expected")).sum() / known.sum()),
            realised=(value * pl.col("realised")).sum() / value.sum(),
            complete=(value * pl.col("complete")).sum() / value.sum(),
        )
        .with_columns(gap=pl.col("expected") - pl.col("realised"))
        .sort("imports", descending=True)
    )


def _where(cells: pl.DataFrame, key: str, value: str, other: str) -> str:
    """The three cells that make most of a group's gap, in points of the group's imports."""
    part = cells.filter(pl.col(key) == value)
    total = part["imports_usd"].sum()
    points = (pl.col("expected") - pl.col("realised")) * pl.col("imports_usd") / total * 100
    top = (
        part.with_columns(points=points).drop_nulls("points").sort(pl.col("points").abs(), descending=True).head(3)
    )
    return ", ".join(f"{row[other]} {row['points']:+.1f}" for row in top.iter_rows(named=True))


def _group_table(cells: pl.DataFrame, key: str, other: str) -> list[str]:
    rows = []
    for row in _summed(cells, [key]).iter_rows(named=True):
        gap = row["gap"]
        large = gap is not None and abs(gap) > GAP
        rows.append(
            [
                row[key],
                f"{row['imports'] / 1e9:.2f}",
                percent(row["expected"]),
                percent(row["realised"]),
                "–" if gap is None else f"{gap * 100:+.2f}",
                f"{row['complete'] * 100:.0f}",
                _where(cells, key, row[key], other) if large else "",
            ]
        )
    head = (key, "imports, USD bn", "expected %", "realised %", "gap", "complete %", f"where ({other}, points)")
    return _table(head, rows)


def effective_section(cells: pl.DataFrame, year: int) -> list[str]:
    """World, origins and chapters of one year."""
    world = _summed(cells, []).row(0, named=True)
    origins, chapters = _summed(cells, ["origin"]), _summed(cells, ["hs2"])
    large = [frame.filter(pl.col("gap").abs() > GAP).height for frame in (origins, chapters)]
    collected = {"": world["realised"]} | dict(origins.select("origin", "realised").iter_rows())
    checks = [
        f"{name or 'world'} {percent(collected[name])} % (published {percent(figure)} %)"
        for name, figure in PUBLISHED[year].items()
    ]
    return [
        f"## {year}: expected against Census",
        "",
        f"World: expected {percent(world['expected'])} %, realised {percent(world['realised'])} %. "
        f"Gaps above one point: {large[0]} of {origins.height} origins, {large[1]} of {chapters.height} chapters.",
        "",
        "Realised rates of the Census table: " + ", ".join(checks) + ".",
        "",
        f"### {year} by origin",
        "",
        *_group_table(cells, "origin", "hs2"),
        "",
        f"### {year} by chapter",
        "",
        *_group_table(cells, "hs2", "origin"),
        "",
    ]


def year_cells(imports: pl.DataFrame, year: int, implied: pl.DataFrame) -> pl.DataFrame:
    """Expected and realised rates of origin × chapter cells, the law weighted by days in force."""
    periods = days_in_force(dt.date(year, 1, 1), dt.date(year, 12, 31))
    return effective(imports, periods, by=("origin", "hs2"), equivalents=implied)


def page(sources: Path, preamble: str) -> str:
    """The whole page as Markdown."""
    frames = {y: census(sources / "us-imports" / f"us_imports_htsus10_country_{y}.csv.gz") for y in (2024, 2025)}
    realised = {
        (code, iso3): Decimal(duties) / Decimal(value)
        for code, iso3, value, duties in frames[2024]
        .filter(pl.col("consumption_usd") > 0)
        .select("hts10", "iso3", "consumption_usd", "duties_usd")
        .iter_rows()
    }
    found = outcomes(sources / "us-tariffs" / "oracles.csv", realised)
    implied = implied_equivalents(frames[2024])
    parts = [preamble.rstrip(), "", *oracle_section(found)]
    for year, imports in frames.items():
        parts += effective_section(year_cells(imports, year, implied), year)
    return "\n".join(parts)


def main() -> None:
    """Parse the arguments and write the page; what stands above the first table is kept from the old page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    old = arguments.out.read_text(encoding="utf-8") if arguments.out.exists() else "# Tariffs: validation\n"
    preamble = old.split("\n## Rows of `oracles.csv`")[0]
    arguments.out.write_text(page(arguments.sources, preamble), encoding="utf-8")


if __name__ == "__main__":
    main()
