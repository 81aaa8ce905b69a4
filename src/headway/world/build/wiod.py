"""Step 1 and 4: the world input–output table of WIOD Release 2013, aggregated, and its negative entries settled.

Source: Timmer, Dietzenbacher, Los, Stehrer & de Vries (2015), Review of International Economics 23: 575–605.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from headway.codes import sectors as sector_codes
from headway.errors import DataError, UnreadableInput
from headway.world.build.records import Array, Note, Structure
from headway.world.regions import REGIONS, region_of

LAYOUT = {
    "intermediate": (1435, 1435),
    "final": (1435, 205),
    "output": (1435,),
    "countries": (41,),
    "industries": (35,),
}
WIOD_TO_ISO3 = {"ROM": "ROU", "RoW": "ROW"}
UNSPLIT = {"electronics": "electrical_optical", "electrical": "electrical_optical"} | {
    "motor_vehicles": "transport_equipment",
    "other_transport": "transport_equipment",
}
"""Sectors of the world that are one industry in WIOD, and the name of that industry while it is whole."""

LEAST_VALUE_ADDED = 0.01
"""A sector whose value added is below this share of output gets this share, and its inputs are scaled to make room."""


def whole_sectors() -> tuple[str, ...]:
    """The 22 sectors of the aggregate before industries are split, in the order of the world's sectors."""
    return tuple(dict.fromkeys(UNSPLIT.get(sector.key, sector.key) for sector in sector_codes.SECTORS))


@dataclass(frozen=True)
class Shipments:
    """Deliveries: `intermediate[exporter, input, importer, user]`, `final[exporter, sector, importer]`; USD million."""

    intermediate: Array
    final: Array
    regions: tuple[str, ...] = REGIONS
    sectors: tuple[str, ...] = field(default_factory=whole_sectors)


def read(path: Path) -> dict[str, np.ndarray]:
    """The arrays of one `wiot_YEAR.npz`; raises UnreadableInput naming what has another layout."""
    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Point --sources at the folder that holds wiod2013.")
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for name, shape in LAYOUT.items():
        if name not in arrays or arrays[name].shape != shape:
            found = arrays[name].shape if name in arrays else "nothing"
            raise UnreadableInput(
                f"{path.name}: {name} should have the shape {shape}, found {found}.", "Use WIOD 2013."
            )
    return arrays


def _membership(labels: list[str], groups: tuple[str, ...]) -> Array:
    matrix = np.zeros((len(groups), len(labels)))
    for column, label in enumerate(labels):
        matrix[groups.index(label), column] = 1.0
    return matrix


def _industry_sectors(industries: list[str]) -> list[str]:
    owner = {code.rstrip("ab"): UNSPLIT.get(s.key, s.key) for s in sector_codes.SECTORS for code in s.wiod}
    missing = [code for code in industries if code not in owner]
    if missing:
        raise DataError(
            f"No sector owns the WIOD industries {', '.join(missing)}.", "Complete codes/data/sectors.csv."
        )
    return [owner[code] for code in industries]


def aggregate(arrays: dict[str, np.ndarray]) -> Shipments:
    """Shipments summed over countries to regions, industries to the 22 whole sectors, and uses to one final use."""
    countries = [region_of(WIOD_TO_ISO3.get(str(code), str(code))) for code in arrays["countries"]]
    regions = _membership(countries, REGIONS)
    sectors = _membership(_industry_sectors([str(code) for code in arrays["industries"]]), whole_sectors())
    n, j = len(countries), sectors.shape[1]
    intermediate = arrays["intermediate"].astype(float).reshape(n, j, n, j)
    final = arrays["final"].astype(float).reshape(n, j, n, 5).sum(axis=3)
    return Shipments(
        np.einsum("ai,bj,ijnk,mn,lk->abml", regions, sectors, intermediate, regions, sectors, optimize=True),
        np.einsum("ai,bj,ijn,mn->abm", regions, sectors, final, regions, optimize=True),
    )


def _cells(array: Array, shipments: Shipments) -> list[tuple[str, float]]:
    names = (shipments.regions, shipments.sectors) * 2
    found = []
    for index in zip(*np.nonzero(array < 0), strict=True):
        label = " → ".join("/".join(names[axis][i] for axis, i in pair) for pair in _pairs(index))
        found.append((label, float(array[index])))
    return found


def _pairs(index: tuple[int, ...]) -> list[list[tuple[int, int]]]:
    indexed = [(axis, int(i)) for axis, i in enumerate(index)]
    return [indexed[:2], indexed[2:]]


def settle(shipments: Shipments) -> tuple[Structure, list[Note]]:
    """A table without negative cells, and a note for every cell that the rule touched.

    Rule: inventory changes are part of the year's final use. Where a cell of final use by origin is still negative
    after aggregation, it is set to zero: what the year drew from stocks counts as made in the year. Negative
    deliveries between sectors are set to zero likewise. Output is then solved again, x = (I − A)⁻¹ f, so that inputs
    and value added follow, and the table balances exactly. A sector whose value added is below 1 % of output keeps
    1 %, its inputs scaled down.
    """
    notes = [
        Note("negatives", "negative final use set to zero, output solved again", where, -amount)
        for where, amount in _cells(shipments.final, shipments)
    ]
    notes += [
        Note("negatives", "negative delivery between sectors set to zero", where, -amount)
        for where, amount in _cells(shipments.intermediate, shipments)
    ]
    before = shipments.intermediate.sum(axis=(2, 3)) + shipments.final.sum(axis=2)
    coefficients = np.maximum(shipments.intermediate, 0.0) / np.where(before > 0, before, np.inf)[None, None]
    coefficients, more = _leave_value_added(coefficients, before, shipments)
    final = np.maximum(shipments.final, 0.0)
    size = before.size
    output = np.linalg.solve(np.eye(size) - coefficients.reshape(size, size), final.sum(axis=2).ravel())
    return _structure(coefficients * output.reshape(before.shape)[None, None], final, shipments), notes + more


def _leave_value_added(coefficients: Array, output: Array, labels: Shipments) -> tuple[Array, list[Note]]:
    inputs = coefficients.sum(axis=(0, 1))
    room = np.minimum(1.0, (1.0 - LEAST_VALUE_ADDED) / np.maximum(inputs, LEAST_VALUE_ADDED))
    notes = [
        Note(
            "negatives",
            "value added raised to 1 % of output",
            f"{labels.regions[n]}/{labels.sectors[j]}",
            float((inputs[n, j] - 1.0 + LEAST_VALUE_ADDED) * output[n, j]),
        )
        for n, j in zip(*np.nonzero(room < 1.0), strict=True)
    ]
    return coefficients * room[None, None], notes


def _structure(intermediate: Array, final: Array, labels: Shipments) -> Structure:
    flow = (intermediate.sum(axis=3) + final).transpose(1, 2, 0)
    input_use = intermediate.sum(axis=0).transpose(0, 2, 1)
    value_added = flow.sum(axis=1) - input_use.sum(axis=0)
    return Structure(labels.regions, labels.sectors, flow, input_use, final.sum(axis=0), value_added)


def build(path: Path) -> tuple[Structure, list[Note]]:
    """The settled aggregate of one year of WIOD, with notes on the negative entries."""
    return settle(aggregate(read(path)))
