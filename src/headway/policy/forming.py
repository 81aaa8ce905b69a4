"""From what a text says to a scenario: which measures are simulated and how ambiguities are read."""

from __future__ import annotations

from collections.abc import Iterable

from headway.errors import NoEffect
from headway.policy.records import Document, Measure, Stage
from headway.policy.scenario import Choice, Scenario, SourceText

SIMULATED_INSTRUMENTS = ("tariff", "subsidy_removal")
"""Instruments that the models can turn into a change of prices."""

RATED_KINDS = ("additive", "floor_total", "replaces")
"""Rate kinds that make an ad-valorem rate; a content share or a specific duty needs data that a scenario lacks."""

_ENDED: frozenset[Stage] = frozenset({"removed", "expired", "struck_down", "withdrawn"})

INSTEAD, SETS_TOTAL, ON_TOP = "instead_of_blanket", "sets_total", "on_top"
CEILING, RANGE = "ceiling", "range"
ADDS, SETS_FLOOR = "adds_to_existing", "raises_total_to"
INCLUDED, LEFT_OUT = "included", "left_out"


def form_scenario(document: Document, *, home: str) -> Scenario:
    """The scenario of a document for `home` (ISO3), every ambiguity recorded as a choice with its default.

    Raises NoEffect if the text holds no measure with a rate or a subsidy that models can simulate.
    """
    simulated = tuple(measure for measure in document.measures if is_simulated(measure))
    if not simulated:
        raise NoEffect(
            f"{document.name} names no tariff with a rate and no subsidy removal: there is nothing to simulate.",
            "Read it with `headway read`, or write the measure into a scenario file yourself.",
        )
    return Scenario(
        name=document.name,
        home=home,
        date=document.date,
        measures=simulated,
        choices=tuple(choice for measure in simulated for choice in choices_for(measure, simulated)),
        source=SourceText(name=document.name, sha256=document.sha256),
        notes=tuple(_left_out(document.measures, simulated)),
    )


def is_simulated(measure: Measure) -> bool:
    """True for tariffs with a rate and partners, and for subsidy removals, that have not ended."""
    if measure.instrument == "subsidy_removal":
        return measure.stage not in _ENDED
    if measure.instrument != "tariff" or not measure.partners:
        return False
    if measure.rate_kind is not None and measure.rate_kind not in RATED_KINDS:
        return False
    return measure.rate_low is not None or measure.rate_high is not None


def choices_for(measure: Measure, measures: Iterable[Measure]) -> list[Choice]:
    """The ambiguities of one measure among the others of its scenario."""
    choices = []
    if measure.instrument == "tariff" and measure.direction == "restrict":
        if measure.rate_low is None and measure.rate_high is not None:
            choices.append(_up_to(measure))
        blanket = _blanket_of(measure, measures)
        if blanket is not None:
            choices.append(_beside_blanket(measure, blanket))
        elif measure.rate_kind is None:
            choices.append(_adds_or_sets(measure))
    if measure.stage in ("suspended", "negotiating") or measure.stage in _ENDED:
        choices.append(_include(measure))
    return choices


def _blanket_of(measure: Measure, measures: Iterable[Measure]) -> Measure | None:
    """The universal tariff of the same imposer beside which a targeted one stands."""
    if measure.is_universal or (measure.product_matches and not _covers_everything(measure)):
        return None
    rivals = (
        m for m in measures if m is not measure and m.instrument == "tariff" and m.imposer == measure.imposer
    )
    return next((m for m in rivals if m.is_universal and m.direction == "restrict"), None)


def _covers_everything(measure: Measure) -> bool:
    return all(not match.hs and not match.sectors for match in measure.product_matches)


def _up_to(measure: Measure) -> Choice:
    return Choice(
        id=f"{measure.id}.up_to",
        question=f"The text says up to {measure.rate_high:g} percent. Which rates are simulated?",
        options={
            CEILING: f"{measure.rate_high:g} percent, the top of what was said",
            RANGE: f"any rate from the blanket rate (or zero) to {measure.rate_high:g} percent, equally likely",
        },
        selected=CEILING,
        reason="The top is the figure that was said; lower rates are the other reading.",
    )


def _beside_blanket(measure: Measure, blanket: Measure) -> Choice:
    rate = f"{measure.rate_high or measure.rate_low:g} percent"
    return Choice(
        id=f"{measure.id}.with_{blanket.id}",
        question=f"The text does not say how the {rate} relates to the blanket tariff and to existing duties.",
        options={
            INSTEAD: f"{rate} instead of the blanket, on top of existing duties",
            SETS_TOTAL: f"{rate} is the total that is owed, existing duties included",
            ON_TOP: f"{rate} on top of the blanket and of existing duties",
        },
        selected=INSTEAD,
        reason="The two were announced as alternatives by origin; the other readings are one edit away.",
    )


def _adds_or_sets(measure: Measure) -> Choice:
    return Choice(
        id=f"{measure.id}.rate_kind",
        question="The text does not say whether the rate adds to existing duties or sets the total.",
        options={
            ADDS: "added to the duties in force",
            SETS_FLOOR: "the total is raised to this rate where it is lower",
        },
        selected=ADDS,
        reason="Additional duties are the usual form of a blanket tariff.",
    )


def _include(measure: Measure) -> Choice:
    return Choice(
        id=f"{measure.id}.include",
        question=f"The measure is {measure.stage.replace('_', ' ')}: is it simulated?",
        options={INCLUDED: "as if in force", LEFT_OUT: "not simulated"},
        selected=LEFT_OUT,
        reason="Nobody pays it on the date of the text.",
    )


def _left_out(measures: Iterable[Measure], simulated: tuple[Measure, ...]) -> list[str]:
    return [
        f"Not simulated: {m.instrument.replace('_', ' ')} by {m.imposer}"
        f" on {', '.join(m.partners) or 'no named country'} ({m.stage.replace('_', ' ')})."
        for m in measures
        if m not in simulated
    ]
