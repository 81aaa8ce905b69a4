"""What a text says about trade policy, as frozen records. Rates are in percent, dates are ISO days."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Instrument = Literal[
    "tariff",
    "tariff_rate_quota",
    "quota",
    "export_licensing",
    "export_control",
    "import_ban",
    "sales_ban",
    "sanction",
    "subsidy_removal",
    "domestic_sales_requirement",
    "market_access_approval",
    "ntm_relaxation",
    "non_tariff_measure",
    "tariff_offset",
    "anti_coercion_instrument",
    "trade_agreement",
    "investigation",
    "unspecified",
]
Stage = Literal[
    "pledged",
    "threatened",
    "under_review",
    "negotiating",
    "announced",
    "ordered",
    "in_force",
    "suspended",
    "removed",
    "expired",
    "struck_down",
    "withdrawn",
]
Direction = Literal["restrict", "liberalise", "maintain"]
RateKind = Literal["additive", "floor_total", "replaces", "content_share", "specific"]
OutlookDirection = Literal["up", "down", "stable", "not_expected"]
ActionStatus = Literal["done", "planned", "conditional", "requested"]

UNIVERSAL = "ALL"
"""The partner that stands for every country."""

NOT_YET_LAW: frozenset[Stage] = frozenset({"pledged", "threatened", "under_review", "negotiating", "announced"})
"""Stages at which no legal act obliges anyone to pay."""


class Record(BaseModel):
    """Base of all records: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Evidence(Record):
    """An exact substring of the source text: `text == source[start:end]`; `rule` names what made the record."""

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    rule: str = ""

    @model_validator(mode="after")
    def _spans_its_text(self) -> Evidence:
        if self.end - self.start != len(self.text):
            raise ValueError(f"span [{self.start}, {self.end}) does not have the length of its text")
        return self


class Affected(Record):
    """A country (ISO3) or sector, in the text's words, that a measure touches without targeting it."""

    country: str | None = None
    sector: str | None = None


class ProductMatch(Record):
    """How a product in the text's words was resolved: HS prefixes, sectors of Headway, and why."""

    words: str
    hs: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    match: str = ""


class Measure(Record):
    """A named instrument by an identifiable government on identifiable trade (METHODS section 1).

    `rate_low` to `rate_high` is the resulting rate in percent, `rate_prior` the one before. Partners are ISO3
    codes of the exporters hit, `("ALL",)` for every country, empty if the text names none. `rate_kind` is None
    where the text does not say whether the rate adds to or sets the total.
    """

    id: str
    imposer: str
    instrument: Instrument
    stage: Stage
    direction: Direction = "restrict"
    partners: tuple[str, ...] = ()
    excluded_partners: tuple[str, ...] = ()
    target_group: str | None = None
    products: tuple[str, ...] = ()
    product_matches: tuple[ProductMatch, ...] = ()
    affected: tuple[Affected, ...] = ()
    rate_low: float | None = None
    rate_high: float | None = None
    rate_prior: float | None = None
    rate_kind: RateKind | None = None
    date_announced: dt.date | None = None
    date_effective: dt.date | None = None
    date_published: dt.date | None = None
    date_collected: dt.date | None = None
    date_end: dt.date | None = None
    date_anchor: dt.date | None = None
    conditions: tuple[str, ...] = ()
    legal_basis: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    evidence: Evidence | None = None
    origin: Literal["rules", "language_model", "person"] = "rules"

    @model_validator(mode="after")
    def _interval_is_not_empty(self) -> Measure:
        if self.rate_low is not None and self.rate_high is not None and self.rate_low > self.rate_high:
            raise ValueError(f"empty interval: rate_low {self.rate_low} is above rate_high {self.rate_high}")
        return self

    @property
    def is_universal(self) -> bool:
        """True if the measure targets imports from every country."""
        return UNIVERSAL in self.partners

    @property
    def is_law(self) -> bool:
        """True if a legal act stands behind the measure at its stage."""
        return self.stage not in NOT_YET_LAW


class Statistic(Record):
    """A realised quantity: `value` in `unit` as printed (683.8 "USD billion"), `change_pct` signed."""

    id: str
    subject: str
    item: str
    value: float | None = None
    unit: str | None = None
    change_pct: float | None = None
    period: str | None = None
    note: str | None = None
    evidence: Evidence | None = None


class Outlook(Record):
    """A forward-looking statement on an economic item; `direction` is that of the item."""

    id: str
    item: str
    direction: OutlookDirection
    horizon: str | None = None
    drivers: tuple[str, ...] = ()
    evidence: Evidence | None = None


class Action(Record):
    """Who did or will do what, with whom and when; `condition` is what must happen first."""

    id: str
    actor: str
    action: str
    counterpart: str | None = None
    when: str | None = None
    status: ActionStatus = "planned"
    condition: str | None = None
    evidence: Evidence | None = None


class Opportunity(Record):
    """A sector named as an area for co-operation or a market opening."""

    id: str
    sector: str
    counterpart: str | None = None
    evidence: Evidence | None = None


class UnplacedFigure(Record):
    """A percentage or amount that fits no record: listed, never dropped, never forced."""

    text: str
    evidence: Evidence


class Document(Record):
    """A text as read: its records, its date and how that date was found."""

    name: str
    sha256: str
    language: str = "en"
    date: dt.date
    date_source: str
    source_line: str | None = None
    text: str
    measures: tuple[Measure, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    outlooks: tuple[Outlook, ...] = ()
    actions: tuple[Action, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    unplaced: tuple[UnplacedFigure, ...] = ()

    @model_validator(mode="after")
    def _evidence_is_exact(self) -> Document:
        groups = (
            self.measures,
            self.statistics,
            self.outlooks,
            self.actions,
            self.opportunities,
            self.unplaced,
        )
        for record in (record for group in groups for record in group):
            quote = record.evidence
            if quote is not None and self.text[quote.start : quote.end] != quote.text:
                raise ValueError(f"evidence {quote.text!r} does not stand at [{quote.start}, {quote.end})")
        return self

    @property
    def records(self) -> int:
        """Number of records of every kind, unplaced figures left out."""
        groups = (self.measures, self.statistics, self.outlooks, self.actions, self.opportunities)
        return sum(len(group) for group in groups)
