"""Published estimates set beside a run: read from a small table, never matched, the reasons for differences given."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import cast

from headway.impact.results import Figure, Row, Table, Unit
from headway.impact.tables import by_horizon
from headway.policy import Scenario

HOME, IMPOSER = "KOR", "USA"

REASONS = (
    "Elasticities: a short-run response for up to a year and long-run ones from three sources; KITA and KIET each use "
    "one set.",
    "Scenario: their rates on China, Canada and Mexico differ from the text's.",
    "Level: the US part is computed product by product with rivals' rates, theirs by sector or country.",
    "Base: exports of 2024 and US duties on the date of the text; theirs differ by a year or two.",
)
"""Why figures differ, in words that hold for any scenario with a blanket US tariff."""


@dataclass(frozen=True)
class Estimate:
    """One published figure: who, when, for which scenario, and the figure of ours that it stands beside."""

    publisher: str
    date: str
    scenario: str
    quantity: str
    figure: str
    low: float
    high: float
    unit: Unit
    source: str

    @property
    def id(self) -> str:
        """Id of the figure that carries it."""
        return f"published.{self.publisher.lower()}.{self.figure}"


@lru_cache(maxsize=1)
def estimates() -> tuple[Estimate, ...]:
    """Every published estimate that the package ships."""
    text = (resources.files("headway.impact") / "data" / "published_estimates.csv").read_text("utf-8")
    return tuple(_estimate(row) for row in csv.DictReader(text.splitlines()))


def figures_for(scenario: Scenario) -> list[Figure]:
    """Published figures that are about the same home and a blanket tariff of the same imposer, else none."""
    if not _applies(scenario):
        return []
    return [
        Figure(
            id=one.id,
            label=f"{one.quantity} ({one.publisher})",
            value=(one.low + one.high) / 2,
            low=one.low if one.low != one.high else None,
            high=one.high if one.low != one.high else None,
            unit=one.unit,
            model="published",
            note=f"{one.source}; {one.scenario}" + ("" if one.low == one.high else "; value: middle of the range"),
        )
        for one in estimates()
    ]


def table_of(scenario: Scenario, figures: Mapping[str, Figure]) -> Table | None:
    """The comparison, or None where no published estimate is about the same thing."""
    if not _applies(scenario):
        return None
    rows = []
    for one in estimates():
        cells = {"published": one.id} | by_horizon(figures, {"ours": one.figure}, scenario.horizons)
        words = {"scenario": f"{one.publisher}, {one.date}: {one.scenario}"}
        rows.append(Row(key=one.id, label=one.quantity, cells=cells, words=words))
    columns = {"scenario": "Source and scenario", "published": "Published"}
    columns |= {f"ours.{h}": f"Headway, {h.replace('_', ' ')}" for h in scenario.horizons}
    return Table(
        id="published",
        title="Beside published estimates",
        columns=columns,
        rows=tuple(rows),
        note="Not matched, but explained. " + " ".join(REASONS),
    )


def _applies(scenario: Scenario) -> bool:
    return scenario.home == HOME and any(m.is_universal and m.imposer == IMPOSER for m in scenario.measures)


def _estimate(row: dict[str, str]) -> Estimate:
    return Estimate(
        publisher=row["publisher"],
        date=row["date"],
        scenario=row["scenario"],
        quantity=row["quantity"],
        figure=row["figure"],
        low=float(row["low"]),
        high=float(row["high"]),
        unit=cast(Unit, row["unit"]),
        source=row["source"],
    )
