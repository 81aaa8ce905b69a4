"""Writing the economy's tables: small Parquet files in a fixed order, and a JSON file that says what they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from headway.files import write_atomically
from headway.world.build.economy import Economy
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


def write_table(path: Path, columns: dict[str, Array | list[str]]) -> int:
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


def labels(*axes: tuple[str, ...]) -> list[list[str]]:
    """For each axis the label of every cell, cells in C order."""
    grids = np.meshgrid(*(np.arange(len(axis)) for axis in axes), indexing="ij")
    return [[axis[int(i)] for i in grid.ravel()] for axis, grid in zip(axes, grids, strict=True)]


def write_economy(economy: Economy, status: Array, target: Path) -> dict[str, int]:
    """Write the three tables of one variant; returns file → rows."""
    table, tariff = economy.moved.table, economy.moved.targets.tariff
    sectors, regions, name = table.sectors, table.regions, economy.variant
    sector, importer, exporter = labels(sectors, regions, regions)
    trade = {"sector": sector, "importer": importer, "exporter": exporter}
    trade |= {"flow": table.flow.ravel(), "tariff": tariff.ravel()}
    trade["status"] = [STATUSES[int(code)] for code in status.ravel()]
    inputs = dict(zip(("input", "user", "region"), labels(sectors, sectors, regions), strict=True))
    inputs["input_use"] = table.input_use.ravel()
    margins = dict(zip(("sector", "region"), labels(sectors, regions), strict=True))
    margins |= {"value_added": table.value_added.ravel(), "final_use": table.final_use.ravel()}
    tables = {"trade": trade, "inputs": inputs, "margins": margins}
    return {
        f"{name}_{part}.parquet": write_table(target / f"{name}_{part}.parquet", t) for part, t in tables.items()
    }


STATUSES = ("zero", "observed", "scaled", "imputed")


def status_of(economy: Economy) -> Array:
    """How each flow is known, as a position in STATUSES, [sector, importer, exporter].

    observed: US goods imports by sector and origin (Census 2024). imputed: a flow of a divided industry other than
    those, any of Taiwan's other goods flows, and goods flows between two regions whose total had to be filled in whole.
    scaled: all else, structure of 2011 at new totals.
    """
    table = economy.moved.table
    goods, us, taiwan = len(economy.moved.targets.us_imports), table.region("USA"), table.region("TWN")
    status = np.full(table.flow.shape, STATUSES.index("scaled"), dtype=float)
    divided = [table.sectors.index(key) for key in DIVIDED if key in table.sectors]
    status[divided] = STATUSES.index("imputed")
    status[:goods, taiwan, :] = STATUSES.index("imputed")
    status[:goods, :, taiwan] = STATUSES.index("imputed")
    for note in economy.notes:
        if note.step == "fills" and all(code in table.regions for code in note.where.split(" → ")):
            exporter, importer = (table.region(code) for code in note.where.split(" → "))
            status[:goods, importer, exporter] = STATUSES.index("imputed")
    status[:, taiwan, taiwan] = np.where(status[:, taiwan, taiwan] > 0, STATUSES.index("imputed"), 0)
    observed = np.arange(len(table.regions)) != us
    status[:goods, us, observed] = STATUSES.index("observed")
    status[table.flow == 0] = STATUSES.index("zero")
    return status


DIVIDED = ("electronics", "electrical", "motor_vehicles", "other_transport")


def write_notes(notes: tuple[Note, ...], target: Path) -> int:
    """Write every note of the builder: fills, negatives, provisions, agreements and assumptions."""
    columns: dict[str, Array | list[str]] = {
        "step": [note.step for note in notes],
        "rule": [note.rule for note in notes],
        "where": [note.where for note in notes],
        "amount": np.array([note.amount for note in notes]),
        "unit": [note.unit for note in notes],
        "source": [note.source for note in notes],
    }
    return write_table(target / "economy_notes.parquet", columns)


def write_manifest(economies: tuple[Economy, ...], target: Path) -> None:
    """Write `economy.json`: axes of every variant, vintages, and how the balancing ended."""
    content = {
        "vintage": VINTAGE,
        "tariff_vintage": TARIFF_VINTAGE,
        "sources": list(SOURCES),
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
    everything = notes + tuple(note for economy in economies for note in economy.notes if note.step != "fills")
    built.append(
        BuiltTable("economy_notes.parquet", SOURCES, len(everything), write_notes(everything, target), ())
    )
    write_manifest(economies, target)
    return tuple(built)


TRANSFORMS = (
    "WIOD 2011 aggregated to 26 regions; negative entries settled by a stated rule",
    "c14 and c15 divided by observed US imports and Caliendo–Parro's data (default variant)",
    "goods trade moved to 2023 (BACI), the US to Census 2024, GDP to 2023, Korea's items to 2024",
    "balanced by sign-preserving biproportional scaling (GRAS)",
    "tariffs: US collected 2024; other importers 2005 stand-in, agreements at zero",
)
