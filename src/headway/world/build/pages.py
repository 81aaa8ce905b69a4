"""The data pages of the economy, from the shipped tables: what each step did and how far it moved the numbers."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from headway.files import write_atomically
from headway.world.build.markdown import GENERATED, number, table, template
from headway.world.regions import region_name

MAIN_FILLS = 40


def _read(target: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(target / name)


def _billion(value: float | Decimal, digits: int = 1) -> str:
    return number(float(value) / 1e3, digits)


def _change(prior: float, value: float) -> tuple[str, str, str]:
    return _billion(prior, 2), _billion(value, 2), number(value / prior, 2) if prior > 0 else "new"


def regions_table(margins: pl.DataFrame) -> str:
    """Goods exports, goods imports and final use by region, 2011 and now, USD billion."""
    rows = []
    wide = {(r["region"], r["sector"], r["margin"]): r for r in margins.iter_rows(named=True)}
    for region in margins["region"].unique(maintain_order=True):
        cells = [wide[region, "goods", "exports"], wide[region, "goods", "imports"]]
        own = [wide[region, part, "own_sales"] for part in ("goods", "services")]
        row = [region_name(region)]
        for cell in cells:
            row += [_billion(cell["value_2011"], 0), _billion(cell["value"], 0)]
        row += [number(cell["value"] / cell["prior"], 3) for cell in own]
        rows.append(row)
    head = [
        "region",
        "goods exports 2011",
        "now",
        "goods imports 2011",
        "now",
        "own sales of goods ÷ prior",
        "of services ÷ prior",
    ]
    return table(head, rows)


def sectors_table(margins: pl.DataFrame, region: str) -> str:
    """Output and exports of one region by sector: 2011, prior and balanced, USD billion."""
    rows = []
    chosen = margins.filter((pl.col("region") == region) & ~pl.col("sector").is_in(["goods", "services"]))
    wide = {(r["sector"], r["margin"]): r for r in chosen.iter_rows(named=True)}
    for sector in chosen["sector"].unique(maintain_order=True):
        row = [sector]
        for margin in ("output", "exports", "imports", "final_use"):
            cell = wide[sector, margin]
            row += [_billion(cell["prior"]), _billion(cell["value"])]
        rows.append(row)
    shown = ("output", "exports", "imports", "final use")
    head = ["sector", *(f"{margin} {when}" for margin in shown for when in ("prior", "balanced"))]
    return table(head, rows)


def moves_table(moves: pl.DataFrame, kind: str) -> str:
    """Every named cell of one kind, USD billion."""
    rows = [
        [m["sector"], m["exporter"], m["importer"], *_change(m["prior"], m["value"])]
        for m in moves.filter(pl.col("kind") == kind).iter_rows(named=True)
    ]
    return table(["sector", "from", "to", "prior", "now", "ratio"], rows)


def notes_table(notes: pl.DataFrame, *, source: bool = False) -> str:
    """Notes of a step: rule, place and amount."""
    rows = []
    for note in notes.iter_rows(named=True):
        amount = _billion(note["amount"], 2) if note["unit"] == "USD million" else number(note["amount"])
        rows.append([note["where"], note["rule"], amount.replace(",", "") if note["unit"] == "year" else amount])
        if source:
            rows[-1].append(note["source"])
    return table(["where", "rule", "USD billion", "source"][: 4 if source else 3], rows)


def status_table(trade: pl.DataFrame) -> str:
    """How cells between regions are known: count and value by status."""
    abroad = trade.filter(pl.col("importer") != pl.col("exporter"))
    rows = []
    for status in ("observed", "scaled", "imputed", "zero"):
        part = abroad.filter(pl.col("status") == status)
        rows.append([status, number(part.height), _billion(part["flow"].sum(), 0)])
    return table(["status", "cells between regions", "USD billion"], rows)


def economy_page(target: Path) -> str:
    """The page of the economy: six steps and what each moved."""
    notes, margins = _read(target, "economy_notes.parquet"), _read(target, "default_margins_moved.parquet")
    trade, manifest = (
        _read(target, "default_trade.parquet"),
        json.loads((target / "economy.json").read_text("utf-8")),
    )
    chosen = notes.filter(pl.col("step") == "negatives")
    us = notes.filter((pl.col("step") == "us imports") & pl.col("rule").str.starts_with("chapters"))
    fills = notes.filter(pl.col("step") == "fills")
    revenue = trade.with_columns((pl.col("flow") * pl.col("tariff")).alias("revenue"))
    return template("economy").format(
        generated=GENERATED,
        vintage=manifest["vintage"],
        tariff_vintage=manifest["tariff_vintage"],
        steps=manifest["variants"]["default"]["balancing_steps"],
        negatives=notes_table(chosen),
        negative_total=_billion(chosen["amount"].sum(), 2),
        provisions=_billion(us["amount"].sum(), 1),
        fill_count=number(fills.height),
        fill_total=_billion(fills["amount"].sum(), 0),
        regions=regions_table(margins),
        korea=sectors_table(margins, "KOR"),
        status=status_table(trade),
        deficits=deficits_table(trade),
        zeros=zero_exports(trade),
        tariffs=tariff_table(revenue),
        agreements=notes_table(notes.filter(pl.col("rule").str.starts_with("zero under"))).replace(
            "USD billion", "since"
        ),
    )


def zero_exports(trade: pl.DataFrame) -> str:
    """Goods that a region sells none of to the rest of the world, by sector, mining and farm goods left out."""
    chosen = trade.filter(
        (pl.col("importer") == "ROW")
        & (pl.col("flow") == 0)
        & ~pl.col("sector").is_in([*SERVICES, "mining", "agriculture"])
    )
    sectors = chosen["sector"].unique(maintain_order=True)
    return "; ".join(
        f"{key} of {', '.join(chosen.filter(pl.col('sector') == key)['exporter'].to_list())}" for key in sectors
    )


def deficits_table(trade: pl.DataFrame) -> str:
    """Trade deficit by region, goods and services, before tariffs, USD billion."""
    bought = trade.group_by("importer").agg(pl.col("flow").sum()).sort("importer")
    sold = dict(trade.group_by("exporter").agg(pl.col("flow").sum()).iter_rows())
    rows = [[region_name(code), _billion(value - sold[code], 0)] for code, value in bought.iter_rows()]
    return table(["region", "deficit"], rows)


def tariff_table(trade: pl.DataFrame) -> str:
    """Average tariff and revenue by importer, imports as weights."""
    abroad = trade.filter(pl.col("importer") != pl.col("exporter"))
    sums = abroad.group_by("importer").agg(pl.col("flow").sum(), pl.col("revenue").sum()).sort("importer")
    rows = [[region_name(code), number(100 * r / f, 2), _billion(r, 1)] for code, f, r in sums.iter_rows()]
    return table(["importer", "average tariff, percent", "revenue, USD billion"], rows)


def fills_page(target: Path) -> str:
    """Every fill of weight, with its rule and source."""
    notes, trade = _read(target, "economy_notes.parquet"), _read(target, "default_trade.parquet")
    fills = notes.filter(pl.col("step") == "fills")
    first = fills.filter(~pl.col("rule").str.contains("complete reporters"))
    others = fills.filter(pl.col("rule").str.contains("complete reporters"))
    rest = others.slice(MAIN_FILLS)
    abroad = trade.filter((pl.col("importer") != pl.col("exporter")) & ~pl.col("sector").is_in(SERVICES))
    return template("economy-fills").format(
        generated=GENERATED,
        count=number(fills.height),
        total=_billion(fills["amount"].sum(), 0),
        all_total=_billion(abroad["flow"].sum(), 0),
        complete=json.loads((target / "economy.json").read_text("utf-8"))["complete_reporters"],
        published=notes_table(first, source=True),
        others=notes_table(others.head(MAIN_FILLS)),
        rest_count=number(rest.height),
        rest_total=_billion(rest["amount"].sum(), 1),
    )


def moves_page(target: Path) -> str:
    """Every cell of weight that moved by more than a factor of two."""
    moves = _read(target, "default_cells_moved.parquet")
    kinds = ("own_sales", "final_use", "trade", "us_import")
    return template("economy-moves").format(
        generated=GENERATED, **{kind: moves_table(moves, kind) for kind in kinds}
    )


def _catalogue_row(record: dict[str, Any]) -> list[str]:
    origin = record["licence"] if record["kind"] == "source" else ", ".join(record["sources"])
    counts = (number(record["rows_in"]), number(record["rows_out"]))
    return [f"`{record['id']}`", record["title"], origin, record["vintage"], *counts]


def catalogue_page(target: Path) -> str:
    """Sources and shipped tables as the catalogue has them."""
    records = json.loads((target / "catalogue.json").read_text("utf-8"))
    parts = [GENERATED, "# Catalogue", ""]
    for kind, title in (("source", "## Sources"), ("table", "## Tables that the package ships")):
        rows = [_catalogue_row(record) for record in records if record["kind"] == kind]
        head = ["id", "what", "licence" if kind == "source" else "built from", "vintage", "rows in", "rows out"]
        parts += [title, "", table(head, rows), ""]
    parts += [f"- `{r['id']}`: {r['citation']}." for r in records if r["kind"] == "source"]
    return "\n".join(parts) + "\n"


def write(target: Path, folder: Path) -> None:
    """Write the data pages of the economy into `folder`."""
    pages = {
        "economy": economy_page,
        "economy-fills": fills_page,
        "economy-moves": moves_page,
        "catalogue": catalogue_page,
    }
    for name, page in pages.items():
        write_atomically(folder / f"{name}.md", page(target))


SERVICES = (
    *("utilities", "construction", "trade", "hospitality", "transport", "finance"),
    *("business_services", "public_services"),
)
