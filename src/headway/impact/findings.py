"""What a reader must know beside the numbers: how firm it is, what is assumed, what is left out and where it pushes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

import polars as pl

from headway.codes import countries, items
from headway.impact import coverage, general
from headway.impact.baseline import us_duties_in_words
from headway.impact.duties import Basis, UsDuties
from headway.impact.plan import FOCUS, Plan, reaches
from headway.impact.results import Figure, Finding
from headway.policy import Measure, Scenario
from headway.policy.forming import SIMULATED_INSTRUMENTS
from headway.world.elasticities import DEMAND

LEFT_OUT = (
    Finding(
        id="exchange-rate",
        kind="left_out",
        text="The exchange rate: a weaker home currency would cushion the loss.",
        pushes="losses overstated",
    ),
    Finding(
        id="plants-abroad",
        kind="left_out",
        text="Home firms' plants in the importing country: sales from there replace exports, and parts follow.",
        pushes="losses of firms overstated, of exports understated",
    ),
    Finding(
        id="front-loading",
        kind="left_out",
        text="Front-loading: buyers stock up before a date, so exports rise first and fall harder later.",
        pushes="first months overstated, later months understated",
    ),
    Finding(
        id="capacity",
        kind="left_out",
        text="Capacity: rivals and home firms may be unable to supply what diversion would send their way.",
        pushes="gains overstated",
    ),
    Finding(
        id="retaliation",
        kind="left_out",
        text="Retaliation by other countries, unless the scenario has it as a measure.",
        pushes="world demand overstated",
    ),
    Finding(
        id="exemptions",
        kind="left_out",
        text="Exemptions, exclusions and deals that are not in the text.",
        pushes="losses overstated",
    ),
    Finding(
        id="inputs-in-rivals-exports",
        kind="left_out",
        text="Home inputs in rivals' exports count by sector (chips in electronics), not by product or plant.",
        pushes="either way",
    ),
    Finding(
        id="uncertainty-itself",
        kind="left_out",
        text="The cost of uncertainty: investment and orders that wait for clarity.",
        pushes="losses understated",
    ),
)
"""What no run of these models covers, with the direction in which it would push the figures."""


def status_line(scenario: Scenario) -> str:
    """How firm the measures are on the scenario's date, in one line."""
    stages = list(dict.fromkeys(measure.stage.replace("_", " ") for measure in scenario.measures))
    day = f"{scenario.date.day} {scenario.date:%B %Y}"
    words = _listed(stages).capitalize()
    if any(measure.is_law for measure in scenario.measures):
        return f"{words} on {day}."
    return f"{words}; no legal text; not law on {day}."


def of_run(planned: Plan, figures: Mapping[str, Figure]) -> tuple[Finding, ...]:
    """Findings of a run: no exposure, assumptions of the data, what is not simulated, and what is left out."""
    return (
        *_no_exposure(planned, figures),
        *_readings(planned.scenario),
        *_not_simulated(planned),
        *_unresolved(planned.scenario.measures),
        *_baseline(planned),
        *_of_models(planned),
        *_us_duties(planned, figures),
        *_pooled(planned),
        *_stand_ins(planned),
        *LEFT_OUT,
    )


def _no_exposure(planned: Plan, figures: Mapping[str, Figure]) -> list[Finding]:
    """Items with exports but next to none to the markets whose tariffs move: no effect is claimed for them."""
    us_alone = planned.imposers == (FOCUS,)
    what = "US tariffs" if us_alone else "the tariffs"
    horizons = {figure.horizon for figure in figures.values() if figure.horizon}
    found = []
    for key in items.labels():
        base = figures.get(f"item.{key}.base")
        if base is None or any(f"item.{key}.change.{h}" in figures for h in horizons) or not horizons:
            continue
        us = figures[f"item.{key}.us_base"].value if f"item.{key}.us_base" in figures else 0.0
        went = f"{1000 * us:.2g} m USD went to the US" if us_alone else "next to nothing goes where tariffs move"
        name = base.label.split(":")[0]
        text = (
            f"{name}: no measurable exposure to {what}. Of {base.value:.1f} bn USD of exports, {went}. "
            "No effect is claimed."
        )
        found.append(Finding(id=f"no-exposure-{key}", kind="no_exposure", text=text))
    return found


def _readings(scenario: Scenario) -> list[Finding]:
    return [
        Finding(
            id=f"choice-{choice.id}",
            kind="assumption",
            text=f"{choice.question} Taken: {choice.options[choice.selected]}. {choice.reason}".strip(),
        )
        for choice in scenario.choices
    ]


def _not_simulated(planned: Plan) -> list[Finding]:
    """Measures of the scenario that no model takes up, and tariffs that reach no trade or change no rate."""
    other = [m for m in planned.scenario.measures if m.instrument not in SIMULATED_INSTRUMENTS]
    idle = [tariff.measure for tariff in planned.ends if not reaches(planned, (tariff,))]
    told = [(m, f"no model takes up a measure of this kind ({m.instrument.replace('_', ' ')})") for m in other]
    told += [(m, "it reaches no trade that the data know, or changes no rate") for m in idle]
    return [
        Finding(
            id=f"not-simulated-{measure.id}",
            kind="left_out",
            text=f"Measure {measure.id} is in the scenario and moves nothing: {why}.",
            pushes="effects understated",
        )
        for measure, why in told
    ]


def _unresolved(measures: Iterable[Measure]) -> list[Finding]:
    return [
        Finding(
            id=f"unresolved-{measure.id}",
            kind="data",
            text=f"No product code was found for {_listed(list(words))}: that part of the measure is not simulated.",
            pushes="effects understated",
        )
        for measure in measures
        if measure.instrument == "tariff" and (words := coverage.unresolved_products(measure))
    ]


def _baseline(planned: Plan) -> list[Finding]:
    year = planned.mix.year
    found = [
        Finding(
            id="vintage",
            kind="data",
            text=f"World economy: {planned.world.vintage}. Tariffs: {planned.world.tariff_vintage}. "
            f"US imports by product: {year}.",
        ),
        Finding(
            id="conditional",
            kind="model",
            text="Every figure is conditional on the measures taking effect as read; no chance of that is attached.",
        ),
    ]
    return [*found, *_of_duties(planned)]


def _of_duties(planned: Plan) -> list[Finding]:
    """What the US duties of the baseline are, and how far the schedule of the day goes."""
    day, duties = planned.scenario.date, planned.mix.duties
    words = f"{us_duties_in_words(day)}. Weights: imports for consumption of {duties.year}."
    if duties.basis == "collected":
        return [Finding(id="us-duties", kind="data", text=words)]
    return [
        Finding(
            id="us-duties",
            kind="data",
            text=f"{words} The schedule rates {100 * duties.rated:.1f} percent of them, specific duties at the rate "
            f"that Census implies ({100 * duties.share(pl.col('by_equivalent')):.1f} percent). The rest, "
            f"{100 * (1 - duties.rated):.1f} percent, keeps the rate collected in {duties.year}.",
            pushes="either way",
        ),
        *_open_lines(planned, duties),
    ]


def _open_lines(planned: Plan, duties: UsDuties) -> list[Finding]:
    """Lines that an instrument in force may reach though its list or the facts of the goods are not known."""
    if not duties.open:
        return []
    home = planned.scenario.home
    named = ", ".join(f"{name} {100 * share:.1f}" for name, share in duties.open_instruments())
    averages = [100 * duties.average(home, open_as=basis) for basis in get_args(Basis)]
    text = (
        f"For {100 * duties.open:.1f} percent of US imports an instrument in force may change the duty and its list or "
        f"the goods' facts are not known (percent of imports: {named}). They owe what the rest of the schedule says."
    )
    if home != FOCUS:
        text += (
            f" With the rates collected in {duties.year} in their place {countries.name(home)} would owe "
            f"{averages[0]:.1f} instead of {averages[1]:.1f} percent on average."
        )
    return [Finding(id="schedule-incomplete", kind="data", text=text, pushes="either way")]


def _of_models(planned: Plan) -> list[Finding]:
    """What each horizon takes for granted, where tariffs move."""
    if not planned.tariffs:
        return []
    told = {
        "up_to_a_year": (
            "Up to a year, idle workers and machines are taken to stand ready: output follows demand at given wages.",
            "gains of the country that raises tariffs overstated where few are idle",
        ),
        "long_run": (
            "In the long run trade balances stay as they are in dollars: a country that buys less also sells less.",
            "export losses of the country that raises tariffs depend on it",
        ),
    }
    found = [
        Finding(id=f"closure-{horizon}", kind="model", text=told[horizon][0], pushes=told[horizon][1])
        for horizon in planned.scenario.horizons
    ]
    if FOCUS in planned.imposers and "up_to_a_year" in planned.scenario.horizons:
        found.append(_first_year_demand())
    if any(tariff.combines in ("floor_total", "ceiling_total") for tariff in planned.ends):
        found.append(_floors())
    return found


def _first_year_demand() -> Finding:
    """The one number of the first year that nobody estimated, and on which the sign of the gains hangs."""
    return Finding(
        id="first-year-demand",
        kind="assumption",
        text="Up to a year, how much less is bought of a product altogether when it gets dearer is assumed, not "
        f"estimated: about {DEMAND['up_to_a_year'][0]:g} percent per percent. With 1, as in the world-economy model, "
        "the loss in the US would be about that model's own, and tariffs on rivals would bring next to nothing.",
        pushes="first-year losses understated and gains from rivals' tariffs overstated if demand responds more",
    )


def _floors() -> Finding:
    return Finding(
        id="floors-by-line",
        kind="model",
        text="A floor or a ceiling meets the rate of each line where the US imposes it, at both levels. Where another "
        "importer does, or on a user's own US tariffs, it meets the average rate of each sector.",
        pushes="effects understated where rates within a sector differ",
    )


def _us_duties(planned: Plan, figures: Mapping[str, Figure]) -> list[Finding]:
    """What a customs lawyer must know of the US rates before and after the measures."""
    if FOCUS not in planned.imposers:
        return []
    found = [
        Finding(
            id="claimed-preferences",
            kind="data",
            text="US rates before the measures are averages with the free-trade and other preferences that importers "
            "claim, "
            + ("as the schedule leads to expect" if planned.mix.owed_on else "as collected")
            + "; they are not statutory rates. Anti-dumping and countervailing duties and quotas are not in them.",
            pushes="either way",
        )
    ]
    special = figures.get("exports.us_special")
    if special is not None:
        found.append(
            Finding(
                id="special-provisions",
                kind="data",
                text=f"{special.label} were {special.value:.1f} bn USD from home. They are taken to be hit as other "
                "goods are; orders usually spare some of them.",
                pushes="losses slightly overstated",
            )
        )
    return found


def _pooled(planned: Plan) -> list[Finding]:
    """A home country that has no economy of its own in the embedded world."""
    if planned.stands_alone or not planned.tariffs:
        return []
    home, region = countries.name(planned.scenario.home), planned.names[planned.region]
    return [
        Finding(
            id="home-in-region",
            kind="assumption",
            text=f"{home} has no economy of its own in the embedded world: it is part of “{region}”. Its sales outside "
            f"the US and its real income move as that region's, and its exports by item are its total spread as "
            "its sales to the US.",
            pushes="either way",
        )
    ]


def _stand_ins(planned: Plan) -> list[Finding]:
    stand_in = general.needs_import_mix(planned.world, planned.tariffs, planned.scenario.date)
    return [
        Finding(
            id=f"mix-{tariff.measure.id}",
            kind="assumption",
            text=f"Measure {tariff.measure.id} reaches part of a sector or region; the mix of US imports stands in for "
            "that of the importer.",
            pushes="either way",
        )
        for tariff in stand_in
    ]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
