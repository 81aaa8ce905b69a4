"""Writing the economy's tables: small Parquet files in a fixed order, and a JSON file that says what they are."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from headway.files import write_atomically
from headway.world.build.economy import Economy
from headway.world.build.moves import margins, moves
from headway.world.build.records import Array, Note
from headway.world.build.report import BuiltTable
from headway.world.economy import TARIFF_VINTAGE, VINTAGE

SOURCES = (
    "wiod2013/wiot_2011.npz",
    "liberation-day-2025/trade_cepii.csv",
    "liberation-day-2025/gdp.csv",
    "liberation-day-2025/country_labels.csv",
    "us-imports/us_imports_htsus10_country_2024.csv.gz",
    "cp2015-nafta/B.txt",
    "cp2015-nafta/GO.txt",
    "cp2015-nafta/IO.txt",
    "cp2015-nafta/xbilat1993.txt",
    "cp2015-nafta/tariffs2005.txt",
    "korea-exports/korea_exports_press_releases.csv",
)


Columns = dict[str, Array | list[str]]


def write_table(path: Path, columns: Columns) -> int:
    """Write columns as one Parquet file, texts as dictionaries; returns the number of rows."""
    arrays = {
        name: pa.array(values).dictionary_encode() if isinstance(values, list) else pa.array(values)
        for name, values in columns.items()
    }
    table = pa.table(arrays)
    floats = [name for name, values in arrays.items() if not pa.types.is_dictionary(values.type)]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in arrays if name not in floats],
        use_byte_stream_split=floats,
        store_schema=False,
    )
    return int(table.num_rows)


def labels(**axes: tuple[str, ...]) -> Columns:
    """For each axis, by name, the label of every cell, cells in C order."""
    grids = np.meshgrid(*(np.arange(len(axis)) for axis in axes.values()), indexing="ij")
    pairs = zip(axes.items(), grids, strict=True)
    return {name: [axis[int(i)] for i in grid.ravel()] for (name, axis), grid in pairs}


def write_economy(economy: Economy, status: Array, target: Path) -> dict[str, int]:
    """Write the three tables of one variant; returns file → rows."""
    table, tariff = economy.moved.table, economy.moved.targets.tariff
    sectors, regions, name = table.sectors, table.regions, economy.variant
    trade = labels(sector=sectors, importer=regions, exporter=regions)
    trade |= {"flow": table.flow.ravel(), "tariff": tariff.ravel()}
    trade["status"] = [STATUSES[int(code)] for code in status.ravel()]
    inputs = labels(input=sectors, user=sectors, region=regions)
    inputs["input_use"] = table.input_use.ravel()
    margins = labels(sector=sectors, region=regions)
    margins |= {"value_added": table.value_added.ravel(), "final_use": table.final_use.ravel()}
    tables = {"trade": trade, "inputs": inputs, "margins": margins}
    return {
        f"{name}_{part}.parquet": write_table(target / f"{name}_{part}.parquet", t) for part, t in tables.items()
    }


STATUSES = ("zero", "observed", "scaled", "imputed")


def status_of(economy: Economy) -> Array:
    """How each flow is known, as a position in STATUSES, [sector, importer, exporter].

    observed: US goods imports by sector and origin (Census 2024). imputed: a flow of a divided industry other than
    those, any other flow of Taiwan's, and goods between two regions where fills make up most of the total.
    scaled: all else, structure of 2011 at new totals.
    """
    table = economy.moved.table
    goods, us, taiwan = len(economy.moved.targets.us_imports), table.region("USA"), table.region("TWN")
    status = np.full(table.flow.shape, STATUSES.index("scaled"), dtype=float)
    imputed = STATUSES.index("imputed")
    status[[table.sectors.index(key) for key in DIVIDED if key in table.sectors]] = imputed
    status[:, taiwan, :] = imputed
    status[:, :, taiwan] = imputed
    filled = economy.moved.targets.levels.filled > MOSTLY * economy.moved.targets.levels.goods
    status[:goods, filled] = imputed
    status[:goods, us, np.arange(len(table.regions)) != us] = STATUSES.index("observed")
    status[table.flow == 0] = STATUSES.index("zero")
    return status


MOSTLY = 0.5
DIVIDED = ("electronics", "electrical", "motor_vehicles", "other_transport")


def write_notes(notes: tuple[Note, ...], target: Path) -> int:
    """Write every note of the builder: fills, negatives, provisions, agreements and assumptions."""
    columns: Columns = {
        "step": [note.step for note in notes],
        "rule": [note.rule for note in notes],
        "where": [note.where for note in notes],
        "amount": np.array([note.amount for note in notes]),
        "unit": [note.unit for note in notes],
        "source": [note.source for note in notes],
    }
    return write_table(target / "economy_notes.parquet", columns)


def write_moves(economy: Economy, target: Path) -> dict[str, int]:
    """Write how far margins and cells moved; returns file → rows."""
    parts = {
        "margins_moved": [asdict(row) for row in margins(economy)],
        "cells_moved": [asdict(row) for row in moves(economy)],
    }
    named = {f"{economy.variant}_{part}.parquet": rows for part, rows in parts.items()}
    return {file: write_table(target / file, _columns(rows)) for file, rows in named.items()}


def _columns(rows: list[dict[str, str | float]]) -> Columns:
    columns: Columns = {}
    for name, first in rows[0].items():
        values = [row[name] for row in rows]
        columns[name] = [str(v) for v in values] if isinstance(first, str) else np.array(values, dtype=float)
    return columns


def write_manifest(economies: tuple[Economy, ...], target: Path) -> None:
    """Write `economy.json`: axes of every variant, vintages, and how the balancing ended."""
    content = {
        "vintage": VINTAGE,
        "tariff_vintage": TARIFF_VINTAGE,
        "sources": list(SOURCES),
        "complete_reporters": economies[0].moved.targets.levels.complete,
        "variants": {
            economy.variant: {
                "regions": list(economy.moved.table.regions),
                "sectors": list(economy.moved.table.sectors),
                "balancing_steps": economy.moved.steps,
            }
            for economy in economies
        },
    }
    write_atomically(target / "economy.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def ship(economies: tuple[Economy, ...], notes: tuple[Note, ...], target: Path) -> tuple[BuiltTable, ...]:
    """Write all tables of the economy into `target`; returns what the catalogue needs to know of each."""
    built = []
    for economy in economies:
        for file, rows in write_economy(economy, status_of(economy), target).items():
            built.append(BuiltTable(file, SOURCES, economy.before.flow.size, rows, TRANSFORMS))
    for file, rows in write_moves(economies[0], target).items():
        built.append(BuiltTable(file, SOURCES, rows, rows, ("report of the balancing",)))
    everything = notes + economies[0].notes
    rows = write_notes(everything, target)
    built.append(BuiltTable("economy_notes.parquet", SOURCES, rows, rows, ("report of the builder's steps",)))
    write_manifest(economies, target)
    return tuple(built)


TRANSFORMS = (
    "WIOD 2011 aggregated to 26 regions; negative entries settled by a stated rule",
    "c14 and c15 divided by observed US imports and Caliendo–Parro's data (default variant)",
    "goods trade moved to 2023 (BACI), the US to Census 2024, GDP to 2023, Korea's items to 2024",
    "balanced by sign-preserving biproportional scaling (GRAS)",
    "tariffs: US collected 2024; other importers 2005 stand-in, agreements at zero",
)
