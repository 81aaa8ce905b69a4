"""From the measures of a scenario to the rate that each flow pays: ranges drawn, readings applied."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.codes import countries
from headway.errors import InvalidScenario, OutsideDomain
from headway.policy import Measure, Scenario
from headway.policy import forming as reading_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnTariff:
    """One tariff measure with its rate in every policy draw (fraction) and how it combines with what is there.

    A rate of NaN is a draw without the measure, so that coalitions of measures are draws like any other.
    """

    measure: Measure
    rates: Array
    combines: str

    def targets(self, exporters: NDArray[np.str_], on: dt.date) -> NDArray[np.bool_]:
        """Which of `exporters` (ISO3) the measure hits: [n], its excluded partners and the imposer left out."""
        spared = [*expanded(self.measure.excluded_partners, on), *expanded((self.measure.imposer,), on)]
        hit = np.isin(exporters, expanded(self.measure.partners, on)) | self.measure.is_universal
        return np.asarray(hit & ~np.isin(exporters, spared), dtype=np.bool_)


def drawn_tariffs(scenario: Scenario, policy: Array) -> tuple[DrawnTariff, ...]:
    """The scenario's included tariffs with rates drawn from `policy` [draws, measures], uniform numbers in (0, 1).

    Universal tariffs come first, so that a targeted one can replace or add to them.
    """
    tariffs = [
        measure for measure in scenario.measures if measure.instrument == "tariff" and _included(scenario, measure)
    ]
    tariffs.sort(key=lambda measure: not measure.is_universal)
    blanket = next((measure for measure in tariffs if measure.is_universal), None)
    return tuple(
        DrawnTariff(measure, _rates(scenario, measure, blanket, policy[:, k]), _combination(scenario, measure))
        for k, measure in enumerate(tariffs)
    )


def ranged_measures(scenario: Scenario) -> int:
    """How many uniform numbers one policy draw needs: one for each tariff measure."""
    return sum(measure.instrument == "tariff" for measure in scenario.measures)


def tariff_after(existing: Array, tariffs: tuple[DrawnTariff, ...], covered: Array) -> Array:
    """Rates after the measures: [draws, n] from `existing` rates [n]; `covered` [tariffs, n] is the share reached.

    Additive: t' = t + r. Floor: t' = max(t, r). Replaces: t' = r. Instead of the blanket: t' = t + r, with t the
    rate before any measure. A cell that a measure covers in part gets the weighted mean of both rates.
    """
    draws = len(tariffs[0].rates) if tariffs else 1
    after = np.broadcast_to(existing, (draws, existing.size)).copy()
    for tariff, share in zip(tariffs, covered, strict=True):
        reached = share > 0
        new = _combined(after[:, reached], existing[reached], tariff)
        after[:, reached] += share[reached] * (new - after[:, reached])
    return after


def _combined(current: Array, existing: Array, tariff: DrawnTariff) -> Array:
    """Rates of the reached cells after a measure [draws, n]; draws without it keep what they have."""
    rate = tariff.rates[:, None]
    return np.where(np.isnan(rate), current, _combined_rate(current, existing, rate, tariff.combines))


def _combined_rate(current: Array, existing: Array, rate: Array, combines: str) -> Array:
    if combines == reading_of.INSTEAD:
        return existing + rate
    if combines in (reading_of.SETS_TOTAL, "replaces"):
        return np.broadcast_to(rate, current.shape)
    if combines == "floor_total":
        return np.maximum(current, rate)
    if combines == "ceiling_total":
        return np.minimum(current, rate)
    return current + rate


def _combination(scenario: Scenario, measure: Measure) -> str:
    for choice in scenario.choices:
        if choice.id.startswith(f"{measure.id}.with_"):
            return choice.selected
        if choice.id == f"{measure.id}.rate_kind" and choice.selected == reading_of.SETS_FLOOR:
            return "floor_total"
    if measure.rate_kind in ("floor_total", "replaces"):
        return measure.rate_kind
    if measure.direction == "liberalise":
        return "ceiling_total"
    return "additive"


def expanded(partners: tuple[str, ...], on: dt.date) -> list[str]:
    """ISO3 codes, groups such as EUU replaced by their members on a day."""
    groups = {group.key for group in countries.all_groups()}
    nested = (countries.members(one, on) if one in groups else (one,) for one in partners)
    return [iso3 for members in nested for iso3 in members]


def _included(scenario: Scenario, measure: Measure) -> bool:
    return scenario.choice(f"{measure.id}.include") != reading_of.LEFT_OUT


def _rates(scenario: Scenario, measure: Measure, blanket: Measure | None, uniform: Array) -> Array:
    low, high = _ends(measure)
    if scenario.choice(f"{measure.id}.up_to") == reading_of.RANGE:
        low = min(high, (blanket.rate_low or 0.0) if blanket is not None and blanket is not measure else 0.0)
    return (low + (high - low) * uniform) / 100.0


def _ends(measure: Measure) -> tuple[float, float]:
    """Lowest and highest rate, percent; raises InvalidScenario or OutsideDomain for what is no ad-valorem rate."""
    high = measure.rate_high if measure.rate_high is not None else measure.rate_low
    low = measure.rate_low if measure.rate_low is not None else high
    if low is None or high is None:
        raise InvalidScenario(
            f"Measure {measure.id} is a tariff without a rate.", "Give rate_low or rate_high, in percent."
        )
    if measure.rate_kind is not None and measure.rate_kind not in reading_of.RATED_KINDS:
        raise InvalidScenario(
            f"Measure {measure.id} has a rate of kind {measure.rate_kind}, which is no rate on the whole value.",
            "Convert it to a percentage of the value, or take the measure out.",
        )
    if low <= -100:
        raise OutsideDomain(f"Measure {measure.id}: a rate of {low:g} % is not possible.", "Stay above −100 %.")
    return low, high
