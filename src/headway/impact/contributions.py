"""What each tariff measure adds: Shapley values over all coalitions of the scenario's measures, exact up to eight.

Measures do not simply add up: a duty on rivals is worth more to home while home itself is spared, and one rate can
replace another. A measure's Shapley value is its mean effect over all orders in which the measures could come
(Shapley 1953); the values add up to the effect of all. Each coalition is run as the headline is, both levels joined,
at the middle of every range and central elasticities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.codes import countries
from headway.errors import NoEffect
from headway.impact import general, joined, product
from headway.impact.central import MIDDLE
from headway.impact.plan import FOCUS, Plan
from headway.impact.rates import DrawnTariff
from headway.impact.results import Figure, Row, Table, Unit
from headway.impact.surroundings import demand_elasticity, surroundings
from headway.impact.tables import HORIZON_NAMES, by_horizon
from headway.models.attribution import coalitions, shapley
from headway.policy import Measure
from headway.policy.scenario import Horizon
from headway.world import item_exports
from headway.world.elasticities import ElasticityDraws, central_elasticities

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Contributions:
    """Parts of one horizon [measures] that add up to the change that all measures make together.

    `exports`: home's goods exports to all destinations, USD billion; `income`: home's real income, percentage points.
    """

    horizon: Horizon
    measures: tuple[Measure, ...]
    exports: Array
    income: Array


def contributions(planned: Plan, horizon: Horizon) -> Contributions:
    """What each tariff measure of a plan adds to home's exports and real income.

    Raises NoEffect for a plan without tariffs and OutsideDomain for more than eight.
    """
    if not planned.ends:
        raise NoEffect("The scenario has no tariff that can be simulated.", "Add a tariff measure with a rate.")
    members = coalitions(len(planned.ends))
    tariffs = tuple(
        DrawnTariff(one.measure, np.where(inside, one.rates[MIDDLE], np.nan), one.combines)
        for one, inside in zip(planned.ends, members.T, strict=True)
    )
    drawn = central_elasticities(horizon, hs6=_products(planned))
    world = planned.world
    after = general.shocked_tariffs(world, tariffs, planned.mix, planned.scenario.date)
    (solved,) = general.simulate(world, (after,), drawn=drawn, home=planned.region, focus=FOCUS)
    income = 100 * (solved.real_income[:, 0, world.region(planned.region)] - 1)
    values = np.stack([_exports(planned, tariffs, solved, drawn), income], axis=1)
    exports, income = shapley(values).T
    return Contributions(horizon, tuple(one.measure for one in tariffs), exports, income)


def _products(planned: Plan) -> tuple[str, ...]:
    """HS6 codes of the US market of a plan, in its order."""
    return next(iter(planned.elasticities.values())).hs6


def _exports(
    planned: Plan, tariffs: tuple[DrawnTariff, ...], solved: general.GeneralDraws, drawn: ElasticityDraws
) -> Array:
    """Change of home's goods exports over all destinations [coalitions], USD billion, both levels joined."""
    scenario, world = planned.scenario, planned.world
    goods = product.simulate(
        scenario,
        tariffs,
        planned.mix,
        origins=planned.origins,
        around=surroundings(world, solved, solved),
        elasticity=(drawn.substitution, demand_elasticity(drawn)),
    )
    base = joined.item_base(
        world,
        scenario.home,
        goods,
        region=planned.region,
        published=item_exports.published(scenario.home),
        country=item_exports.country_total(scenario.home),
    )
    moved = joined.join(base, world, solved, goods, home=scenario.home, imposers=planned.imposers)
    return np.asarray(moved.total.sum(axis=-1)[:, 0])


def figures_of(found: Contributions, sources: tuple[str, ...]) -> list[Figure]:
    """A figure for each measure and for all of them, of exports and of real income."""
    rows = [*((one.id, measure_words(one)) for one in found.measures), ("all", "All measures")]
    ids = tuple(one.id for one in found.measures)

    def figure(at: int, what: str, unit: Unit, values: Array) -> Figure:
        key, label = rows[at]
        return Figure(
            id=f"contribution.{what}.{key}.{found.horizon}",
            label=label,
            value=float(values[at] if at < len(ids) else values.sum()),
            unit=unit,
            horizon=found.horizon,
            model="joined" if what == "exports" else "equilibrium",
            measures=ids if key == "all" else (key,),
            sources=sources,
            note="central case: middle of every range, central elasticities",
        )

    exports = [figure(at, "exports", "USD billion", found.exports) for at in range(len(rows))]
    return exports + [figure(at, "income", "percentage points", found.income) for at in range(len(rows))]


def table_of(figures: Mapping[str, Figure], measures: tuple[Measure, ...], horizons: tuple[Horizon, ...]) -> Table:
    """The table "What each measure adds": the figures of `figures_of`, and the headline's where they are given."""
    rows = [*((one.id, measure_words(one)) for one in measures), ("all", "All measures")]
    parts = {"exports": "Goods exports", "income": "Real income"}
    headline = by_horizon(figures, {"exports": "exports.total.usd", "income": "income"}, horizons)
    beside = [Row(key="headline", label="The headline: mean of the draws", cells=headline)] if headline else []
    return Table(
        id="contributions",
        title="What each measure adds",
        columns={f"{part}.{h}": f"{words}, {HORIZON_NAMES[h]}" for part, words in parts.items() for h in horizons},
        rows=(
            *(
                Row(
                    key=key,
                    label=label,
                    cells=by_horizon(figures, {part: f"contribution.{part}.{key}" for part in parts}, horizons),
                )
                for key, label in rows
            ),
            *beside,
        ),
        note="Each measure's mean effect over all orders in which they could come, so that the parts add up to the "
        "whole (Shapley). At the middle of every range and central elasticities; the mean of the draws is larger where "
        "strong responses weigh more than weak ones.",
    )


def measure_words(measure: Measure) -> str:
    """A measure in a few words: "United States: 10–20 % on all countries"."""
    low, high = measure.rate_low, measure.rate_high
    rate = f"up to {high:g} %" if low is None else f"{low:g} %" if high in (None, low) else f"{low:g}–{high:g} %"
    groups = {group.key: group.name for group in countries.all_groups()}
    names = [groups.get(code) or countries.name(code) for code in measure.partners if code != "ALL"]
    whom = "all countries" if measure.is_universal else ", ".join(names[:3]) + (" and others" if names[3:] else "")
    goods = f" ({', '.join(measure.products[:2])})" if measure.product_matches and measure.products else ""
    imposer = groups.get(measure.imposer) or countries.name(measure.imposer)
    return f"{imposer}: {rate} on {whom}{goods}"
