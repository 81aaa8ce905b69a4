"""What is asked and what is answered: an `Entry`, and its `Rating` with every layer of duty."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from headway.policy.records import Record

Share = Annotated[Decimal, Field(ge=0, le=1)]

BESIDE = (
    "antidumping and countervailing duties: an order may exist for this article; not looked up",
    "merchandise processing fee and harbor maintenance fee",
    "federal excise and state taxes",
)
"""Charges that are not duties of this schedule: listed beside every answer, never summed."""


class Claims(Record):
    """What an importer declares. `program` is the special programme claimed ("KR"), `facts` hold, `denied` do not.

    `quantity` counts units of the tariff's duty (kg, liter, No.), `value` is USD. `loaded` is the day of loading
    for in-transit rules, `known_on` limits the law to what was published by then. Shares are of customs value:
    metal contents of derivatives (None: the full value in chapters 72 to 76, as CBP assesses, elsewhere unknown)
    and U.S. content approved by Commerce. `chapter98` is a subheading of 9802 claimed for a line of chapters 1
    to 97, `dutiable_share` the share of value that is dutiable under it.
    """

    program: str = ""
    facts: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    loaded: dt.date | None = None
    known_on: dt.date | None = None
    value: Annotated[Decimal, Field(gt=0)] | None = None
    quantity: Annotated[Decimal, Field(ge=0)] | None = None
    steel_share: Share | None = None
    aluminium_share: Share | None = None
    copper_share: Share | None = None
    us_share: Share | None = None
    chapter98: str = ""
    dutiable_share: Share | None = None


class Entry(Claims):
    """One entry: a ten-digit line, an origin (ISO3) and a day, with its claims."""

    hts10: str
    origin: str
    day: dt.date


class Layer(Record):
    """One duty in the stack: `rate` as the law states it, `amount` what it adds on this entry (fractions)."""

    authority: str
    heading: str
    instrument: str
    title: str
    kind: str
    rate: Decimal | None
    amount: Decimal | None
    share: Decimal | None = Decimal(1)
    value_base: str = "full value"
    announced: dt.date | None = None
    effective: dt.date
    published: dt.date | None = None
    collected: dt.date | None = None
    ends: dt.date | None = None
    drawback: str
    citation: str
    evidence: str = ""


class Missing(Record):
    """Why an answer is not complete: the heading that may reach the line, and the reason."""

    heading: str
    instrument: str
    reason: str
    citation: str = ""


class Option(Record):
    """A heading that would apply if the importer declared its facts: exemption, other rate or other regime."""

    heading: str
    instrument: str
    kind: str
    facts: tuple[str, ...]
    text: str
    citation: str


class Rating(Record):
    """The duty on one entry: `total` = column 1 or 2 + chapter 99, all as fractions of customs value.

    `total` is None where a specific duty cannot be computed; it is never zero for that reason. `complete` is False
    where some heading in force reaches the line and is not modelled, or a decisive fact is not declared.
    """

    entry: Entry
    description: str
    column: str
    base: Decimal | None
    base_text: str
    additional: Decimal | None
    total: Decimal | None
    duty_usd: Decimal | None = None
    layers: tuple[Layer, ...]
    complete: bool
    missing: tuple[Missing, ...] = ()
    options: tuple[Option, ...] = ()
    upcoming: tuple[Layer, ...] = ()
    beside: tuple[str, ...] = BESIDE
    notes: tuple[str, ...] = ()


class Answer(Record):
    """A line, origin and day rated without a claim, and with the origin's own programme where it has one.

    `complete` is True if both are. `note` says how a code of fewer than ten digits was read.
    """

    code: str
    description: str
    origin: str
    day: dt.date
    unclaimed: Rating
    program: str = ""
    claimed: Rating | None = None
    complete: bool
    note: str = ""


class Change(Record):
    """A day on which the duty on a line changed: totals from that day (fractions, None unknown) and headings."""

    day: dt.date
    unclaimed: Decimal | None
    claimed: Decimal | None
    complete: bool
    headings: tuple[str, ...]


class Rival(Record):
    """A supplier of a line: its share of US imports of the line and what its goods owe (fractions)."""

    origin: str
    import_share: Decimal
    unclaimed: Decimal | None
    claimed: Decimal | None
    program: str
    complete: bool
