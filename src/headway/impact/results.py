"""Results as frozen records: every figure has an id, a unit, an interval, a horizon, a model and its sources."""

from __future__ import annotations

import datetime as dt
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
    "USD billion level",
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
    "outlook",
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


class OutlookMonth(Record):
    """One month of total exports: `value` with its ranges, those of 50, 80 and 95 % null where the month is known.

    `status` is stated, filled, rebuilt or forecast; `scenario` is the value with the measures, 80 % range beside it.
    """

    month: str
    status: str
    value: float
    low50: float | None = None
    high50: float | None = None
    low80: float | None = None
    high80: float | None = None
    low95: float | None = None
    high95: float | None = None
    scenario: float | None = None
    scenario_low80: float | None = None
    scenario_high80: float | None = None


class OutlookPart(Record):
    """Home's exports in the coming halves as known on a day, without the measures and with them.

    Intervals of its figures are four in five, not the 5–95 % of a run. `sentences` name figures by their ids in braces,
    by what they explain. `effects_from` is the day from which the measures are taken to act, null without effects.
    """

    as_known_on: dt.date
    data: str
    unit: str
    periods: tuple[str, ...]
    effects_from: dt.date | None = None
    figures: dict[str, Figure]
    tables: dict[str, Table]
    months: tuple[OutlookMonth, ...]
    sentences: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]
    sources: tuple[dict[str, str], ...]
    manifest: dict[str, Any]


class Result(Record):
    """The outcome of one run: scenario in, figures and tables out, with the manifest that makes it repeatable."""

    scenario: Scenario
    document: Document | None = None
    status: str
    vintage: str
    figures: dict[str, Figure]
    tables: dict[str, Table]
    findings: tuple[Finding, ...]
    outlook: OutlookPart | None = None
    manifest: dict[str, Any]

    def figure(self, id: str) -> Figure:
        """The figure of an id; raises KeyError for one that the run did not make."""
        return self.figures[id]
