"""A world economy in a folder: three tables with labels, what they stand on, and what a rule changed."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.errors import DataError, UnreadableInput
from headway.files import sha256, write_atomically
from headway.world.economy import World

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

DESCRIPTION = "world.json"
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "trade.parquet": (("sector", "importer", "exporter"), ("flow", "tariff")),
    "inputs.parquet": (("input", "user", "region"), ("input_use",)),
    "margins.parquet": (("sector", "region"), ("value_added", "final_use")),
}
"""The tables of a world: their labels and their values, USD million a year; tariffs are fractions."""

_SECTORAL = ("sector", "input", "user")


def write(world: World, folder: Path, notes: pl.DataFrame | None = None) -> list[Path]:
    """Write a world, and notes on how it was made, to a folder; returns the paths."""
    files = {name: _parquet(_table(world, labels, values)) for name, (labels, values) in TABLES.items()}
    description = {
        "regions": list(world.regions),
        "sectors": list(world.sectors),
        "vintage": world.vintage,
        "tariff_vintage": world.tariff_vintage,
        "manifest": dict(world.manifest) | {"tables": {name: sha256(raw) for name, raw in files.items()}},
    }
    if notes is not None:
        files["notes.parquet"] = _parquet(notes)
    paths = [write_atomically(folder / name, raw) for name, raw in files.items()]
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    return [*paths, write_atomically(folder / DESCRIPTION, text)]


def read(folder: Path | str) -> World:
    """The world in a folder that `write` made, checked like any other.

    Raises UnreadableInput for a folder without one of its files, and DataError naming a table that is not the one
    described, lacks a column or cell, or breaks an identity.
    """
    folder = Path(folder)
    description = _description(folder)
    regions, sectors = tuple(description["regions"]), tuple(description["sectors"])
    arrays: dict[str, NDArray[np.float64]] = {}
    for name, (labels, values) in TABLES.items():
        frame = _read_table(folder, name, description["manifest"]["tables"].get(name, ""))
        arrays |= _arrays(name, frame, labels, values, axes=(regions, sectors))
    return World(
        regions,
        sectors,
        arrays["flow"],
        arrays["tariff"],
        arrays["value_added"],
        arrays["input_use"],
        arrays["final_use"],
        vintage=description["vintage"],
        tariff_vintage=description["tariff_vintage"],
        manifest=MappingProxyType(description["manifest"]),
    )


def _description(folder: Path) -> dict[str, Any]:
    path = folder / DESCRIPTION
    if not path.is_file():
        raise UnreadableInput(
            f"{folder} holds no world: there is no {DESCRIPTION}.", "Make one with headway data build."
        )
    found = json.loads(path.read_text("utf-8"))
    missing = [key for key in ("regions", "sectors", "vintage", "tariff_vintage", "manifest") if key not in found]
    if missing or "tables" not in found["manifest"]:
        raise DataError(
            f"{path} lacks {', '.join(missing) or 'the hashes of its tables'}.", "Build the world again."
        )
    return dict(found)


def _labels(world: World, name: str) -> tuple[str, ...]:
    return world.sectors if name in _SECTORAL else world.regions


def _table(world: World, labels: tuple[str, ...], values: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    places = np.meshgrid(*(np.array(_labels(world, name)) for name in labels), indexing="ij")
    columns = {name: place.ravel() for name, place in zip(labels, places, strict=True)}
    return pl.DataFrame(columns | {name: getattr(world, name).ravel() for name in values})


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _read_table(folder: Path, name: str, expected: str) -> pl.DataFrame:
    import polars as pl

    path = folder / name
    if not path.is_file():
        raise UnreadableInput(f"{folder} holds no whole world: there is no {name}.", "Build the world again.")
    raw = path.read_bytes()
    if sha256(raw) != expected:
        raise DataError(f"{path} is not the table that {DESCRIPTION} describes.", "Build the world again.")
    return pl.read_parquet(io.BytesIO(raw))


def _arrays(
    name: str,
    frame: pl.DataFrame,
    labels: tuple[str, ...],
    values: tuple[str, ...],
    *,
    axes: tuple[tuple[str, ...], tuple[str, ...]],
) -> dict[str, NDArray[np.float64]]:
    """Arrays from a long table in any order of rows."""
    regions, sectors = axes
    shape = tuple(len(sectors if one in _SECTORAL else regions) for one in labels)
    absent = [column for column in (*labels, *values) if column not in frame.columns]
    if absent or len(frame) != np.prod(shape):
        what = f"lacks the column {absent[0]}" if absent else f"has {len(frame)} rows in place of {np.prod(shape)}"
        raise DataError(f"{name} {what}.", "Build the world again.")
    place = [
        frame[one]
        .replace_strict({key: at for at, key in enumerate(sectors if one in _SECTORAL else regions)})
        .to_numpy()
        for one in labels
    ]
    order = np.argsort(np.ravel_multi_index(tuple(place), shape))
    return {column: frame[column].to_numpy()[order].reshape(shape) for column in values}
