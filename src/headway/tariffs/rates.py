"""Duty texts of the tariff schedule, parsed: `5.2¢/kg + 3%` becomes an ad valorem fraction and amounts per unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

DutyForm = Literal["free", "ad_valorem", "specific", "compound", "text", "missing"]

_TERM = re.compile(
    r"^(?:(?P<percent>[\d.]+)\s*%|(?P<dollar>\$)?(?P<amount>[\d.]+)\s*(?P<cent>¢)?\s*(?P<unit>/\s*.+|each))$"
)
_PAREN = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class SpecificPart:
    """An amount of duty, `usd` per one `unit` as the schedule prints it ("kg", "liter", "each")."""

    usd: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty text: `ad_valorem` is a fraction (0.025), `specific` amounts per unit; `text` what is printed.

    `form` "text" is a duty that cannot be computed from value and quantity alone (ensembles, "on the case").
    """

    text: str
    form: DutyForm
    ad_valorem: Decimal = Decimal(0)
    specific: tuple[SpecificPart, ...] = ()

    @property
    def is_ad_valorem(self) -> bool:
        """True if value alone gives the duty."""
        return self.form in ("free", "ad_valorem")

    def equivalent(self, value: Decimal | None, quantities: dict[str, Decimal]) -> Decimal | None:
        """Duty as a fraction of `value` (USD), from quantities by unit; None where it cannot be known."""
        if self.is_ad_valorem:
            return self.ad_valorem
        if self.form not in ("specific", "compound") or value is None or value <= 0:
            return None
        if any(part.unit not in quantities for part in self.specific):
            return None
        amount = sum((part.usd * quantities[part.unit] for part in self.specific), Decimal(0))
        return self.ad_valorem + amount / value


MISSING = Duty("", "missing")


def _clean(text: str) -> str:
    text = re.sub(r"\s+", " ", text.replace("\xa0", " ")).strip()
    return re.sub(r"(?<=[\d%])/$", "", re.sub(r"\s*\d*/\s*$", "", text) if re.search(r"%\s*\d*/$", text) else text)


def _unit(text: str) -> str:
    """Normal form of a unit: "/ liter" → "liter", "each" → "No."."""
    if text == "each":
        return "No."
    return re.sub(r"\s+", " ", text.lstrip("/")).strip()


def parse_duty(text: str) -> Duty:
    """Parse one rate of duty. Never raises: what is not a sum of percentages and amounts has form "text"."""
    text = _clean(text)
    if not text:
        return MISSING
    if text.lower() == "free":
        return Duty(text, "free")
    ad_valorem, specific = Decimal(0), []
    for term in re.split(r"\s*\+\s*", text):
        match = _TERM.match(term.strip())
        is_amount = match is not None and (match["percent"] or match["cent"] or match["dollar"])
        if match is None or not is_amount or " less " in (match["unit"] or ""):
            return Duty(text, "text")
        if match["percent"]:
            ad_valorem += Decimal(match["percent"]) / 100
        else:
            usd = Decimal(match["amount"]) / (1 if match["dollar"] else 100)
            specific.append(SpecificPart(usd, _unit(match["unit"])))
    if not specific:
        return Duty(text, "ad_valorem", ad_valorem)
    return Duty(text, "compound" if ad_valorem else "specific", ad_valorem, tuple(specific))


def parse_special(text: str) -> dict[str, Duty]:
    """Split a special column into symbol → duty: `Free (AU,KR) 1.7% (JP)` → {"AU": Free, "KR": Free, "JP": 1.7 %}.

    A bare rate without a programme in brackets is kept under the empty symbol.
    """
    duties: dict[str, Duty] = {}
    position = 0
    text = re.sub(r"\s+", " ", text).strip()
    for match in _PAREN.finditer(text):
        symbols = [part.strip(" .") for part in re.split(r"[,\s]+", match[1]) if part.strip(" .")]
        if not all(re.fullmatch(r"[A-Z]{1,2}[+*#]?", symbol) for symbol in symbols):
            continue
        duty = parse_duty(text[position : match.start()])
        duties.update(dict.fromkeys(symbols, duty))
        position = match.end()
    rest = text[position:].strip()
    if rest and not duties:
        duties[""] = parse_duty(rest)
    return duties
