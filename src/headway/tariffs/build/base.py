"""The base schedule: HTS basic edition → one row per ten-digit line with inherited rates and superior headings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from headway.errors import DataError
from headway.tariffs.rates import Duty, parse_duty, parse_special

COLUMNS = (
    "HTS Number",
    "Indent",
    "Description",
    "Unit of Quantity",
    "General Rate of Duty",
    "Special Rate of Duty",
    "Column 2 Rate of Duty",
)
RATES = COLUMNS[4:]


def read_edition(path: Path) -> list[dict[str, str]]:
    """Rows of the edition in printed order. Raises `DataError` on an unknown layout."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    missing = [name for name in COLUMNS if rows and name not in rows[0]]
    if not rows or missing:
        raise DataError(f"{path.name} is not an HTS edition: no column {missing}", "Export the edition as CSV.")
    return rows


def _with_ancestors(rows: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """Each row with the chain of rows above it in the hierarchy (by indent), itself last."""
    chain: list[tuple[int, dict[str, str]]] = []
    for row in rows:
        indent = int(row["Indent"] or 0)
        while chain and chain[-1][0] >= indent:
            chain.pop()
        chain.append((indent, row))
        yield row, [ancestor for _, ancestor in chain]


def _inherited(chain: list[dict[str, str]], column: str) -> str:
    """The nearest rate at or above the row: ten-digit rows print none of their own."""
    return next((row[column].strip() for row in reversed(chain) if row[column].strip()), "")


def _line(code: str, chain: list[dict[str, str]]) -> dict[str, object]:
    unit = chain[-1]["Unit of Quantity"]
    return {
        "hts10": code,
        "description": " › ".join(row["Description"].rstrip(":").strip() for row in chain),
        "unit": unit.strip('[]"').replace('","', ", "),
        "general_text": _inherited(chain, RATES[0]),
        "special_text": _inherited(chain, RATES[1]),
        "column2_text": _inherited(chain, RATES[2]),
    }


def lines(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Every reportable line of chapters 1 to 98: ten-digit rows, and eight-digit rows without any as `…00`."""
    found: dict[str, dict[str, object]] = {}
    eights: dict[str, dict[str, object]] = {}
    for row, chain in _with_ancestors(rows):
        code = row["HTS Number"].replace(".", "")
        if code.startswith("99"):
            continue
        if len(code) == 10:
            found[code] = _line(code, chain)
            eights.pop(code[:8], None)
        elif len(code) == 8:
            eights[code] = _line(code + "00", chain)
    for code, line in eights.items():
        if f"{code}00" not in found:
            found[f"{code}00"] = line
    return pl.DataFrame(sorted(found.values(), key=lambda line: str(line["hts10"])))


def headings(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Headings and subheadings (4 to 8 digits) with their descriptions, for refusals that list a heading's lines."""
    records = [
        {
            "code": row["HTS Number"].replace(".", ""),
            "description": " › ".join(up["Description"].rstrip(":").strip() for up in chain),
        }
        for row, chain in _with_ancestors(rows)
        if 4 <= len(row["HTS Number"].replace(".", "")) <= 8 and not row["HTS Number"].startswith("99")
    ]
    return pl.DataFrame(records).unique("code", keep="first").sort("code")


def _numbers(duty: Duty, prefix: str) -> dict[str, object]:
    """A duty as columns: form, ad valorem part, one amount per unit; duties per two different units are "text"."""
    parts = [*duty.specific, None]
    return {
        f"{prefix}_form": duty.form if len(duty.specific) <= 1 else "text",
        f"{prefix}_rate": float(duty.ad_valorem),
        f"{prefix}_usd": float(parts[0].usd) if parts[0] else 0.0,
        f"{prefix}_unit": parts[0].unit if parts[0] else "",
    }


def with_numbers(table: pl.DataFrame) -> pl.DataFrame:
    """Add the parsed general and column 2 duties: `*_form`, `*_rate` (fraction), `*_usd` per `*_unit`."""
    added = [
        _numbers(parse_duty(row["general_text"]), "general") | _numbers(parse_duty(row["column2_text"]), "column2")
        for row in table.iter_rows(named=True)
    ]
    return table.hstack(pl.DataFrame(added))


def specials(table: pl.DataFrame) -> pl.DataFrame:
    """One row per line and programme symbol with its duty: hts10, program, text, form, rate, usd."""
    records = []
    for row in table.iter_rows(named=True):
        for symbol, duty in parse_special(row["special_text"]).items():
            if symbol:
                record = {"hts10": row["hts10"], "program": symbol, "text": duty.text}
                numbers = _numbers(duty, "special")
                parts = {
                    "form": numbers["special_form"],
                    "rate": numbers["special_rate"],
                    "usd": numbers["special_usd"],
                }
                records.append(record | parts)
    return pl.DataFrame(records)


def with_changes(table: pl.DataFrame, concordance: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the lines of later revisions (rates of their eight-digit subheading) and list code changes.

    Returns the lines with `edition` ("2025 basic" or the revision that added them) and the changes
    (old, new, revision, change). A new line whose subheading the basic edition lacks is left out: it has no rate.
    """
    changes = pl.read_csv(concordance, infer_schema_length=0, null_values="NA").select(
        old=pl.col("old_hts10"), new=pl.col("new_hts10"), revision="revision_to", change="change_type"
    )
    known = set(table["hts10"])
    by_eight = {row["hts10"][:8]: row for row in table.iter_rows(named=True)}
    added = []
    for row in changes.filter(pl.col("new").is_not_null()).iter_rows(named=True):
        code = row["new"]
        if code not in known and code[:8] in by_eight:
            known.add(code)
            added.append(by_eight[code[:8]] | {"hts10": code, "edition": row["revision"]})
    first = table.with_columns(edition=pl.lit("2025 basic"))
    return pl.concat([first, pl.DataFrame(added, schema=first.schema)]).sort("hts10"), changes
