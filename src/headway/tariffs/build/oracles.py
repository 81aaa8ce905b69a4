"""The outside figures of `oracles.csv` against the engine: what each row declares, what comes out, why it differs."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from headway.errors import HeadwayError
from headway.tariffs.lookup import rate_entry
from headway.tariffs.records import Entry, Rating
from headway.tariffs.schedule import under

KINDS = ("total_rate", "additional_rate", "rate_232", "realised_rate")
TOLERANCE = Decimal("0.00005")
"""Half a unit of the fourth decimal, the digits that the sources print."""

PROGRAMS = (
    (r"(?<!no )KORUS claimed", "KR"),
    (r"SPI S\b", "S"),
    (r"SPI AU", "AU"),
    (r"SPI SG", "SG"),
    (r"SPI P\b|(?<!no )CAFTA claim$", "P"),
)
FACTS = (
    (r"semiconductor note 39", ("semiconductor_parameters",)),
    (
        r"^patented API no program|\(patented\)|patented API EU|^Annex III company|^not Annex III|patented-",
        ("patented_pharma",),
    ),
    (r"^Annex III company", ("pharma_annex_iii_company",)),
    (r"onshoring plan", ("patented_pharma", "pharma_onshoring")),
    (r"MFN pricing", ("patented_pharma", "pharma_pricing")),
    (r"generic", ("generic_pharma",)),
    (r"pharma use confirmed", ("unpatented_pharma_use",)),
    (r"for sowing confirmed|husks confirmed", ("described_article",)),
    (r"only note 50", ("note_50_article",)),
    (r"exclusion confirmed", ("product_exclusion",)),
    (r"STS crane confirmed", ("sts_crane",)),
    (r"electric fireplace", ("metal_under_15_percent",)),
)
QUANTITIES = (
    (r"steers", Decimal(100000), Decimal(21000)),
    (r"goats-nz", Decimal(100000), Decimal(500)),
    (r"placebo-liquid", Decimal(10000), Decimal(1000)),
)
STAND_INS = {"CH44": "4407110001", "NON232": "0101290010"}
"""Real lines for the pseudo-codes of the sources: spruce lumber, and a horse that is on list 4A."""

REASONS = {
    (
        "1211908920",
        "MYS",
    ): "the exemption is in note 52's list for Malaysia, not in the data: 10 % stays, answer incomplete",
    (
        "87060030",
        "KOR",
    ): "agrees for uncertified parts; called over-stated: certified ones of Korea pay a 15 % total (9903.94.65)",
    (
        "87060030",
        "DEU",
    ): "agrees for uncertified parts; called over-stated: certified ones of the EU pay a 15 % total (9903.94.45)",
    (
        "87060030",
        "JPN",
    ): "agrees for uncertified parts; called over-stated: certified ones of Japan pay a 15 % total (9903.94.55)",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row: what the source says, what Headway says, and why they differ if they do."""

    row: int
    code: str
    origin: str
    day: dt.date
    kind: str
    evidence: str
    label: str
    source: str
    expected: Decimal
    found: Decimal | None
    complete: bool
    reproduced: bool
    reason: str


def entry_of(row: Mapping[str, str]) -> Entry:
    """The entry that a row describes, with the claims that its label states.

    Cosmetics were on the derivative lists of August 2025 for their packings; the source means goods without metal.
    """
    code = STAND_INS.get(row["hts10"], row["hts10"])
    code = code if len(code) == 10 else under(code)[0]
    label = row["what"].split("|", 2)[-1]
    program = next((symbol for pattern, symbol in PROGRAMS if re.search(pattern, label)), "")
    facts = {fact for pattern, names in FACTS if re.search(pattern, label) for fact in names}
    value, quantity = next(((v, q) for pattern, v, q in QUANTITIES if re.search(pattern, label)), (None, None))
    content = Decimal(0) if "cosmetics" in label else None
    day = dt.date.fromisoformat(row["date"])
    return Entry(
        hts10=code,
        origin=row["country_iso3"],
        day=day,
        program=program,
        facts=frozenset(facts),
        value=value,
        quantity=quantity,
        steel_share=content,
        aluminium_share=content,
    )


def measured(rating: Rating, kind: str) -> Decimal | None:
    """The figure of a rating that a kind of row states."""
    if kind == "total_rate":
        return rating.total
    if kind == "additional_rate":
        return rating.additional
    amounts = [layer.amount for layer in rating.layers if layer.authority.startswith("S232")]
    return None if any(a is None for a in amounts) else sum((a for a in amounts if a is not None), Decimal(0))


def _statutory(number: int, row: Mapping[str, str]) -> Outcome:
    kind, evidence, label = row["what"].split("|", 2)
    expected = Decimal(row["rate_ad_valorem"])
    reason, found, complete = "", None, False
    try:
        rating = rate_entry(entry_of(row))
        found, complete = measured(rating, kind), rating.complete
        reason = "; ".join(sorted({gap.reason for gap in rating.missing}))
    except HeadwayError as error:
        reason = error.message
    same = found is not None and abs(found - expected) <= TOLERANCE
    known = REASONS.get((row["hts10"], row["country_iso3"]), "")
    return Outcome(
        number,
        row["hts10"],
        row["country_iso3"],
        dt.date.fromisoformat(row["date"]),
        kind,
        evidence,
        label,
        row["source"],
        expected,
        found,
        complete,
        same and not known,
        known or reason,
    )


def _realised(number: int, row: Mapping[str, str], census: Mapping[tuple[str, str], Decimal]) -> Outcome:
    """Realised rates are Census duties over imports for consumption of a whole year: no statutory rate enters."""
    expected, year = Decimal(row["rate_ad_valorem"]), row["date"][:4]
    monthly = "monthly" in row["what"]
    found = None if monthly else census.get((row["hts10"], row["country_iso3"]))
    same = found is not None and abs(found - expected) <= TOLERANCE
    reason = (
        "a figure of single months; the data on file are annual"
        if monthly
        else ("" if same else f"Census {year} differs")
    )
    label = row["what"].split("|", 2)[-1]
    day = dt.date.fromisoformat(row["date"])
    return Outcome(
        number,
        row["hts10"],
        row["country_iso3"],
        day,
        "realised_rate",
        row["what"].split("|")[1],
        label,
        row["source"],
        expected,
        found,
        True,
        same,
        reason,
    )


def outcomes(path: Path, census: Mapping[tuple[str, str], Decimal]) -> list[Outcome]:
    """Every row of the four kinds. `census` gives the realised rate of 2024 by (hts10, ISO3)."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(enumerate(csv.DictReader(handle), start=2))
    wanted = [(number, row) for number, row in rows if row["what"].split("|")[0] in KINDS]
    return [
        _realised(number, row, census) if row["what"].startswith("realised") else _statutory(number, row)
        for number, row in wanted
    ]
