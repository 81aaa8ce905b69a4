"""The catalogue of sources and shipped tables: hashes, row counts, licences and transforms (step 6)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from headway.errors import DataError
from headway.files import write_atomically
from headway.world.build.report import BuiltTable
from headway.world.catalogue import CatalogueEntry
from headway.world.economy import VINTAGE

FILE = "catalogue.json"
OWN_FILES = {"published-fills": "published_fills.csv", "agreements": "agreements.csv"}
"""Sources that are kept in the repository, beside the builder."""

TITLES = {
    "default_trade.parquet": "World economy, 24 sectors: flows and tariffs by sector, importer and exporter",
    "default_inputs.parquet": "World economy, 24 sectors: input use",
    "default_margins.parquet": "World economy, 24 sectors: value added and final use",
    "default_margins_moved.parquet": "World economy: margins of 2011, before and after balancing",
    "default_cells_moved.parquet": "World economy: cells of weight that moved by more than a factor of two",
    "unsplit_trade.parquet": "World economy, 22 sectors: flows and tariffs by sector, importer and exporter",
    "unsplit_inputs.parquet": "World economy, 22 sectors: input use",
    "unsplit_margins.parquet": "World economy, 22 sectors: value added and final use",
    "economy_notes.parquet": "World economy: fills, assumptions and rules applied, cell by cell",
    "us_imports_2024.parquet": "US imports by HTS10 and origin, 2024",
    "us_imports_2025.parquet": "US imports by HTS10 and origin, 2025",
    "elasticities_hs6.parquet": "Trade elasticities by HS6",
    "elasticities_sector.csv": "Trade elasticities by sector, three sources",
    "item_exports.csv": "Korean exports by item, 2024, as published or from published months",
    "country_exports.csv": "Goods exports by country, 2023",
    "ev_subsidy.csv": "US car market and electric-vehicle credits, 2024: parameters with ranges and sources",
}
TABLE_VINTAGES = {
    "us_imports_2024.parquet": "2024",
    "us_imports_2025.parquet": "2025",
    "item_exports.csv": "2024",
    "country_exports.csv": "2023",
    "ev_subsidy.csv": "2024",
}


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _count(path: Path) -> int:
    """Records in a source file: lines after the header, rows of numbers, or cells of stored arrays."""
    if path.suffix == ".npz":
        with np.load(path) as stored:
            return int(sum(stored[name].size for name in stored.files))
    raw = path.read_bytes()
    if path.suffix == ".gz":
        import gzip

        raw = gzip.decompress(raw)
    lines = sum(1 for line in raw.splitlines() if line.strip())
    return lines - 1 if ".csv" in path.name else lines


def source_entries(sources: Path, built: tuple[BuiltTable, ...]) -> list[CatalogueEntry]:
    """An entry for every source that a built table used; raises DataError for one that `sources.yaml` lacks."""
    described = yaml.safe_load(resources.files("headway.world.build").joinpath("sources.yaml").read_text("utf-8"))
    known: dict[str, dict[str, Any]] = {entry["id"]: entry for entry in described}
    used: dict[str, list[Path]] = {}
    for name in sorted({name for table in built for name in table.sources}):
        used.setdefault(name.split("/")[0], []).append(sources / name)
    here = Path(__file__).parent
    used |= {key: [here / file] for key, file in OWN_FILES.items()}
    unknown = sorted(set(used) - set(known))
    if unknown:
        raise DataError(
            f"sources.yaml does not describe {', '.join(unknown)}.", "Add title, citation and licence."
        )
    return [_source_entry(known[key], files) for key, files in sorted(used.items())]


def _source_entry(known: dict[str, Any], files: list[Path]) -> CatalogueEntry:
    rows = sum(_count(path) for path in files)
    return CatalogueEntry(
        id=known["id"],
        kind="source",
        title=known["title"],
        citation=known["citation"],
        licence=known["licence"],
        vintage=known["vintage"],
        redistribution=known["redistribution"],
        files=tuple(path.name for path in files),
        sources=(),
        rows_in=rows,
        rows_out=rows,
        transforms=(),
        sha256={path.name: file_hash(path) for path in files},
    )


def table_entries(built: tuple[BuiltTable, ...], target: Path) -> list[CatalogueEntry]:
    """An entry for every shipped table; raises DataError for one without a title."""
    missing = [table.file for table in built if table.file not in TITLES]
    if missing:
        raise DataError(f"The catalogue has no title for {', '.join(missing)}.", "Add it to cataloguing.TITLES.")
    return [
        CatalogueEntry(
            id=table.file.split(".")[0],
            kind="table",
            title=TITLES[table.file],
            citation=(
                "built by headway.world.build from the sources named"
                if table.sources
                else "sources named row by row"
            ),
            licence="as its sources" if table.sources else "facts with citations; assumptions are our own",
            vintage=TABLE_VINTAGES.get(table.file, "as published" if "elasticities" in table.file else VINTAGE),
            redistribution="shipped with the package",
            files=(table.file,),
            sources=tuple(sorted({name.split("/")[0] for name in table.sources})),
            rows_in=table.rows_in,
            rows_out=table.rows_out,
            transforms=table.transforms,
            sha256={table.file: file_hash(target / table.file)},
        )
        for table in sorted(built, key=lambda table: table.file)
    ]


def write(sources: Path, target: Path, built: tuple[BuiltTable, ...]) -> int:
    """Write `catalogue.json` for all built tables and their sources; returns the number of entries."""
    entries = source_entries(sources, built) + table_entries(built, target)
    content = json.dumps([asdict(entry) for entry in entries], indent=1, ensure_ascii=False)
    write_atomically(target / FILE, content + "\n")
    return len(entries)
