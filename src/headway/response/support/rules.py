"""Rule sets of support programmes: instruments, who is eligible, what a grant costs and should keep, and limits."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from headway.codes import items
from headway.errors import DataError, InvalidScenario, UnknownCode
from headway.files import read_text, sha256
from headway.policy.records import Record
from headway.policy.scenario import Horizon
from headway.policy.storage import parse_record
from headway.response.support.firms import SIZES

InstrumentKind = Literal["voucher", "grant", "export_insurance", "credit", "service"]
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]

DEFAULT_RULES = "korea_2025"


class Threshold(Record):
    """Export performance that opens an instrument: a firm needs all that is set here, US dollars in the base year."""

    min_exports_usd: Amount = 0.0
    min_us_exports_usd: Amount = 0.0

    @property
    def in_words(self) -> str:
        """The threshold as a reader would put it."""
        parts = []
        if self.min_exports_usd:
            parts.append(f"exports of at least {self.min_exports_usd:,.0f} USD")
        if self.min_us_exports_usd:
            parts.append(f"exports to the market of at least {self.min_us_exports_usd:,.0f} USD")
        return " and ".join(parts) or "no threshold"


class Eligibility(Record):
    """Who may apply: sizes, regions and items (all where none is named), and any one of the thresholds."""

    sizes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    any_of: tuple[Threshold, ...] = ()
    source: str

    @model_validator(mode="after")
    def _codes_are_known(self) -> Eligibility:
        unknown = sorted(set(self.sizes) - set(SIZES))
        if unknown:
            raise ValueError(f"there is no size {unknown[0]!r}; sizes are {', '.join(SIZES)}")
        for key in self.items:
            try:
                items.lookup(key)
            except UnknownCode as error:
                raise ValueError(error.message) from None
        return self


class Cost(Record):
    """A grant's amount in the rule set's currency: fixed + share of US exports, at most `cap`."""

    fixed: Amount = 0.0
    share_of_us_exports: Share = 0.0
    cap: Annotated[float, Field(gt=0)]
    source: str


class Effect(Record):
    """What a grant keeps: a share of the firm's expected loss of exports with its range, and at most `per_cost` times
    its cost (both in the rule set's currency)."""

    share: Share
    low: Share
    high: Share
    per_cost: Annotated[float, Field(gt=0)]
    source: str

    @model_validator(mode="after")
    def _is_ordered(self) -> Effect:
        if not self.low <= self.share <= self.high:
            raise ValueError(f"the share {self.share:g} is outside its own range {self.low:g} to {self.high:g}")
        return self


class FirmLimits(Record):
    """How many firms a round takes: at least `low`, at most `high`."""

    low: Annotated[int, Field(ge=0)] = 0
    high: Annotated[int, Field(ge=1)] | None = None
    source: str = "assumption"

    @model_validator(mode="after")
    def _is_ordered(self) -> FirmLimits:
        if self.high is not None and self.low > self.high:
            raise ValueError(f"at least {self.low} and at most {self.high} firms cannot both hold")
        return self


class Instrument(Record):
    """One instrument. `premium_covers_cost` matters for insurance and credit, `requires_domestic_inputs` for grants."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: str
    kind: InstrumentKind
    eligibility: Eligibility
    cost: Cost
    effect: Effect
    firms: FirmLimits = FirmLimits()
    max_share: Share = 1.0
    premium_covers_cost: bool = True
    requires_domestic_inputs: bool = False


class MinShare(Record):
    """At least `share` of what is granted goes to firms of some sizes or regions."""

    by: Literal["size", "region"]
    of: tuple[str, ...] = Field(min_length=1)
    share: Share
    source: str

    @property
    def in_words(self) -> str:
        """The rule as a reader would put it."""
        return f"at least {100 * self.share:g} % of grants to {self.by} {', '.join(self.of)}"


class Rules(Record):
    """A programme: instruments and the limits that bind them together; `per_usd` units of `currency` are a dollar."""

    id: str
    title: str
    currency: str
    per_usd: Annotated[float, Field(gt=0)]
    per_usd_source: str
    objective: Literal["exports", "value_added"] = "exports"
    horizon: Horizon = "up_to_a_year"
    max_per_firm: Annotated[int, Field(ge=1, le=4)] = 2
    max_amount_per_firm: Annotated[float, Field(gt=0)] | None = None
    exclusive: tuple[tuple[str, str], ...] = ()
    min_shares: tuple[MinShare, ...] = ()
    instruments: Annotated[tuple[Instrument, ...], Field(min_length=1, max_length=16)]

    @model_validator(mode="after")
    def _names_fit(self) -> Rules:
        ids = [one.id for one in self.instruments]
        if len(ids) != len(set(ids)):
            raise ValueError("two instruments have the same id")
        unknown = sorted({name for pair in self.exclusive for name in pair} - set(ids))
        if unknown:
            raise ValueError(f"exclusive: there is no instrument {unknown[0]!r}")
        for rule in self.min_shares:
            wrong = sorted(set(rule.of) - set(SIZES)) if rule.by == "size" else []
            if wrong:
                raise ValueError(f"min_shares: there is no size {wrong[0]!r}")
        return self


def shipped_rules(name: str = DEFAULT_RULES) -> Rules:
    """A rule set that ships with the package; raises UnknownCode for a name that it lacks."""
    folder = resources.files("headway.response") / "data" / "support"
    file = folder / f"{name}.yaml"
    if not file.is_file():
        known = sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml"))
        raise UnknownCode(f"There is no rule set {name!r}.", f"There is {', '.join(known)}; or give a file.")
    return parse_rules(file.read_text(encoding="utf-8"), file.name)


def read_rules(path: Path) -> Rules:
    """A user's rule set; raises DataError naming file and key."""
    return parse_rules(read_text(path), str(path))


def parse_rules(text: str, name: str) -> Rules:
    """A rule set from YAML text; raises DataError naming file and key."""
    try:
        return parse_record(text, name, Rules)
    except InvalidScenario as error:
        raise DataError(error.message, "Compare with the shipped rule set korea_2025.yaml.") from None


def fingerprint(rules: Rules) -> str:
    """SHA-256 of a rule set, for manifests."""
    return sha256(rules.model_dump_json())
