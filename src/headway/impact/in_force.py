"""Measures that the schedule of the scenario's date already holds: they are in the baseline and not added again.

A measure is taken to be in force where instruments of the schedule with its rate are among the duties that most of
the trade it names owes on the day. The scenario gets a choice that leaves it out and says why; a person can turn it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import countries
from headway.impact.coverage import ImportMix, covers_everything, reached_rows
from headway.impact.duties import schedule_duties
from headway.impact.line_rates import IMPORTER
from headway.impact.rates import DrawnTariff
from headway.policy import Choice, Measure, Scenario
from headway.policy.forming import INCLUDED, LEFT_OUT, is_simulated
from headway.tariffs.coverage import reaches
from headway.tariffs.instruments import ALL, Provision, rulebook
from headway.tariffs.schedule import FIRST_DAY

_NO_RATES = np.zeros(0)

MOST_OF_A_BLANKET = 0.25
"""Share of the named trade that owes a blanket's rate if it is in force: blankets exempt much, and yield to others."""

MOST_OF_PRODUCTS = 0.5
"""The same for a measure on named products."""

SHOWN = 3


@dataclass(frozen=True)
class InForce:
    """Instruments of the schedule that are what a measure says, and the share of its trade that owes them."""

    measure: Measure
    instruments: tuple[Provision, ...]
    share: float


def with_law(scenario: Scenario) -> Scenario:
    """The scenario with a choice to leave out each measure in force; choices that it already holds stay as they are."""
    added = tuple(
        _choice(found, scenario)
        for measure in scenario.measures
        if scenario.choice(f"{measure.id}.include") is None and (found := in_force(measure, scenario)) is not None
    )
    return scenario.model_copy(update={"choices": (*scenario.choices, *added)}) if added else scenario


def why_nothing(scenario: Scenario) -> str:
    """A sentence for each measure that is left out because it is in force; empty if there is none."""
    left = [one for one in scenario.choices if one.selected == LEFT_OUT and one.reason.startswith(IN_BASELINE)]
    how = "To add it all the same, give the scenario the choice {} with selected: " + INCLUDED + "."
    return "".join(f" {choice.reason} {how.format(choice.id)}" for choice in left)


IN_BASELINE = "It is in the baseline: "


def in_force(measure: Measure, scenario: Scenario) -> InForce | None:
    """What the US schedule of the scenario's date holds of a tariff with one rate, or None."""
    rate = _one_rate(measure)
    if measure.instrument != "tariff" or measure.imposer != IMPORTER or rate is None or not is_simulated(measure):
        return None
    named = reached_rows(ImportMix.on(scenario.date).rows, DrawnTariff(measure, _NO_RATES, ""), scenario.date)
    candidates = _reaching(_candidates(measure, scenario, rate), scenario, named)
    if not candidates:
        return None
    owing = _owing(scenario, named, candidates)
    total = sum(owing.values())
    paid = {id: usd for id, usd in owing.items() if id}
    enough = MOST_OF_A_BLANKET if covers_everything(measure) else MOST_OF_PRODUCTS
    if total <= 0 or sum(paid.values()) / total < enough:
        return None
    instruments = sorted((one for one in candidates if one.id in paid), key=lambda one: -paid[one.id])
    return InForce(measure, tuple(instruments), sum(paid.values()) / total)


def _one_rate(measure: Measure) -> float | None:
    """The rate of a measure that names one, percent."""
    low, high = measure.rate_low, measure.rate_high
    return high if low is None else low if high in (None, low) else None


def _candidates(measure: Measure, scenario: Scenario, rate: float) -> list[Provision]:
    """Provisions known and in force on the day, at the rate, of a fitting kind; blankets only for a blanket."""
    day, kinds = scenario.date, _kinds(measure)
    if day < FIRST_DAY:
        return []
    blanket = covers_everything(measure)
    return [
        one
        for one in rulebook().provisions
        if one.rate is not None
        and abs(100 * float(one.rate) - rate) < 1e-6
        and one.kind in kinds
        and not one.requires
        and one.published <= day
        and one.begins <= day
        and (day <= one.ends or one.end_published > day)
        and (ALL in one.lists or not blanket)
    ]


def _kinds(measure: Measure) -> frozenset[str]:
    if measure.direction == "liberalise" or measure.rate_kind is None:
        return frozenset({"additive", "floor_total", "replaces"})
    return frozenset({"additive"}) if measure.rate_kind == "additive" else frozenset({"floor_total", "replaces"})


def _reaching(candidates: list[Provision], scenario: Scenario, named: NDArray[np.bool_]) -> list[Provision]:
    """Those that reach some of the trade named, before anything is rated."""
    rows = ImportMix.on(scenario.date).rows.filter(pl.Series(named))
    partners, codes = frozenset(rows["iso3"].unique()), rows["hts10"].unique().to_list()
    return [one for one in candidates if one.partners & partners and any(reaches(one, code) for code in codes)]


def _owing(scenario: Scenario, named: NDArray[np.bool_], candidates: list[Provision]) -> dict[str, float]:
    """Trade named, USD, by id of the candidate that it owes on the day; "" for none."""
    rows = schedule_duties(scenario.date).rows.filter(pl.Series(named))
    by_heading: dict[str, list[Provision]] = {}
    for one in candidates:
        by_heading.setdefault(one.heading, []).append(one)
    owing: dict[str, float] = {}
    for iso3, stack, usd in rows.group_by("iso3", "stack").agg(pl.col("usd").sum()).iter_rows():
        id = _layer(stack, iso3, by_heading)
        owing[id] = owing.get(id, 0.0) + usd
    return owing


def _layer(stack: str, iso3: str, by_heading: Mapping[str, list[Provision]]) -> str:
    """Id of the first candidate among the layers (`heading=amount; …`) of goods of an origin, or ""."""
    for layer in stack.split("; "):
        for one in by_heading.get(layer.rpartition("=")[0], ()):
            if iso3 in one.partners:
                return one.id
    return ""


def _choice(found: InForce, scenario: Scenario) -> Choice:
    measure, day = found.measure, scenario.date
    rate, (first, *_) = f"{_one_rate(measure):g} percent", found.instruments
    whom = "all countries" if measure.is_universal else ", ".join(_name(code) for code in measure.partners)
    laws = list(dict.fromkeys(_law(one) for one in found.instruments))
    more = f" and {len(laws) - SHOWN} more" if len(laws) > SHOWN else ""
    return Choice(
        id=f"{measure.id}.include",
        question=f"The schedule of {day} already holds {rate} on {whom} (since {first.begins}): is it added once more?",
        options={LEFT_OUT: "no, it is in the baseline", INCLUDED: "yes, on top of the duties in force"},
        selected=LEFT_OUT,
        reason=f"{IN_BASELINE}measure {measure.id} is {'; '.join(laws[:SHOWN])}{more}. "
        f"{100 * found.share:.0f} percent of the trade that it names owes that rate on the day.",
    )


def _law(one: Provision) -> str:
    return f"{one.instrument} (heading {one.heading}, {one.title}; {one.citation})"


def _name(code: str) -> str:
    groups = {group.key: group.name for group in countries.all_groups()}
    return groups.get(code) or countries.name(code)
