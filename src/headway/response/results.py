"""What the response part hands over: one frozen record of figures, tables and findings, with its manifest."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from headway import __version__
from headway.files import sha256
from headway.impact.results import Figure, Finding, Model, Row, Table, Unit
from headway.policy import Scenario, dump_scenario
from headway.policy.records import Record
from headway.world import World

Kind = Literal["exposure", "options", "opportunities", "support"]

LOW, HIGH = 0.05, 0.95
"""Ends of intervals over draws, as in `headway.impact`."""

WORLD_SOURCES = ("default_trade", "default_inputs", "default_margins")
"""Ids of the catalogue's tables behind every figure of the world economy."""


class Response(Record):
    """The outcome of one request: what was asked, figures under ids, tables that point to them, and findings.

    `tables` are in the order of weight; cells of their rows name figures. `manifest` holds code version, inputs with
    hashes, parameters, weights, seed and diagnostics.
    """

    kind: Kind
    title: str
    scenario: Scenario | None = None
    vintage: str
    figures: dict[str, Figure]
    tables: dict[str, Table]
    findings: tuple[Finding, ...] = ()
    manifest: dict[str, Any]

    def figure(self, id: str) -> Figure:
        """The figure of an id; raises KeyError for one that was not made."""
        return self.figures[id]


def by_id(figures: Iterable[Figure]) -> dict[str, Figure]:
    """Figures under their ids; raises ValueError where two share one, which would hide a number."""
    made: dict[str, Figure] = {}
    for figure in figures:
        if figure.id in made:
            raise ValueError(f"two figures with the id {figure.id}")
        made[figure.id] = figure
    return made


def fixed(
    id: str,
    label: str,
    value: float,
    *,
    unit: Unit,
    sources: tuple[str, ...],
    note: str = "",
    model: Model = "observed",
) -> Figure:
    """A figure without an interval: data, or arithmetic on data."""
    return Figure(
        id=id, label=label, value=float(value), unit=unit, model=model, sources=sources, note=note or None
    )


def ranged(
    id: str, label: str, ends: tuple[float, float, float], *, unit: Unit, model: Model, sources: tuple[str, ...]
) -> Figure:
    """A figure with its interval, given as (value, low, high)."""
    value, low, high = (float(end) for end in ends)
    return Figure(id=id, label=label, value=value, low=low, high=high, unit=unit, model=model, sources=sources)


def ends_of(draws: NDArray[np.float64], central: float | None = None) -> tuple[float, float, float]:
    """(central value or mean, 5 %, 95 %) of draws."""
    low, high = np.quantile(draws, (LOW, HIGH))
    return float(draws.mean() if central is None else central), float(low), float(high)


def row(key: str, label: str, cells: Mapping[str, str], words: Mapping[str, str] | None = None) -> Row:
    """One line of a table."""
    return Row(key=key, label=label, cells=dict(cells), words=dict(words or {}))


def table(id: str, title: str, columns: Mapping[str, str], rows: Iterable[Row], note: str = "") -> Table:
    """A table of rows."""
    return Table(id=id, title=title, columns=dict(columns), rows=tuple(rows), note=note or None)


def manifest(
    scenario: Scenario | None, world: World | None, parameters: Mapping[str, Any], *, started: float
) -> dict[str, Any]:
    """What repeats a request: versions, scenario hash, inputs with hashes, parameters in plain types, seconds."""
    return {
        "headway": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in ("jax", "numpy", "polars", "scipy")},
        "scenario_sha256": sha256(dump_scenario(scenario)) if scenario else None,
        "inputs": dict(world.manifest) if world else {},
        "parameters": dict(parameters),
        "seconds": round(time.perf_counter() - started, 3),
    }
