"""Results as frozen records: every figure has an id, a unit, an interval, a horizon, a model and its sources."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from headway.policy import Document, Scenario
from headway.policy.records import Record
from headway.policy.scenario import Horizon

Unit = Literal[
    "percent",
    "percent rate",
    "percentage points",
    "USD billion",
    "USD million",
    "share",
    "percent of exports",
    "count",
    "correlation",
    "index",
    "rank",
    "ratio",
    "months",
    "thousand jobs",
]
Model = Literal[
    "equilibrium",
    "product level",
    "joined",
    "subsidy",
    "observed",
    "published",
    "accounting",
    "potential",
    "programme",
]


class Figure(Record):
    """One number: `value` with its 5–95 % interval [`low`, `high`] over draws, or none where it is observed.

    `measures` are the ids of the scenario's measures behind it, `sources` those of the data catalogue.
    """

    id: str
    label: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: Unit
    horizon: Horizon | None = None
    model: Model
    measures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str | None = None


class Row(Record):
    """One line of a table: its cells map a column to the id of a figure, or to words where there is no number."""

    key: str
    label: str
    cells: dict[str, str]
    words: dict[str, str] = Field(default_factory=dict)


class Table(Record):
    """A table of figures: `columns` maps a column's key to its heading."""

    id: str
    title: str
    columns: dict[str, str]
    rows: tuple[Row, ...]
    note: str | None = None


class Finding(Record):
    """Something that a reader must know: what is left out, assumed, or does not respond."""

    id: str
    kind: Literal["left_out", "assumption", "no_exposure", "data", "model", "legal"]
    text: str
    pushes: str | None = None


class Result(Record):
    """The outcome of one run: scenario in, figures and tables out, with the manifest that makes it repeatable."""

    scenario: Scenario
    document: Document | None = None
    status: str
    vintage: str
    figures: dict[str, Figure]
    tables: dict[str, Table]
    findings: tuple[Finding, ...]
    manifest: dict[str, Any]

    def figure(self, id: str) -> Figure:
        """The figure of an id; raises KeyError for one that the run did not make."""
        return self.figures[id]
