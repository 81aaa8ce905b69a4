"""Where real income comes from, by country: terms of trade, volume of trade and what remains."""

from __future__ import annotations

from headway.impact.central import central_case
from headway.impact.equilibrium_tables import regional
from headway.impact.plan import FOCUS, Plan
from headway.impact.results import Figure, Row, Table, Unit

COLUMNS: dict[str, tuple[str, Unit]] = {
    "real_income": ("Real income", "percent"),
    "terms_of_trade": ("Prices of exports against imports", "percentage points"),
    "volume_of_trade": ("Volume of taxed imports", "percentage points"),
    "remainder": ("Second order", "percentage points"),
    "real_wage": ("Real wage", "percent"),
    "revenue": ("Tariff revenue", "USD billion"),
}
SHOWN = 10


def income_parts(planned: Plan, *, sources: tuple[str, ...] = ()) -> tuple[list[Figure], Table]:
    """Real income of home, the US and its largest suppliers with its parts, and the table of them.

    Central case of the long run. Parts are of the logarithm of real income, and add up to it.
    """
    found = {name: one.values for name, one in regional(central_case(planned).equilibrium).items()}
    found["revenue"] = (found["tariff_revenue"] - found["tariff_revenue_before"]) / 1e3
    regions = [planned.region, FOCUS, *(one for one in planned.origins if one in planned.world.regions)]
    shown = list(dict.fromkeys(regions))[:SHOWN]
    ids = tuple(tariff.measure.id for tariff in planned.tariffs)
    made = [
        Figure(
            id=f"parts.{region}.{name}.long_run",
            label=f"{planned.names.get(region, region)}: {words.lower()}",
            value=float(found[name][planned.world.region(region)]),
            unit=unit,
            horizon="long_run",
            model="equilibrium",
            measures=ids,
            sources=sources,
            note="central case: middle of every range, central elasticities",
        )
        for region in shown
        for name, (words, unit) in COLUMNS.items()
    ]
    rows = tuple(
        Row(
            key=region,
            label=planned.names.get(region, region),
            cells={name: f"parts.{region}.{name}.long_run" for name in COLUMNS},
        )
        for region in shown
    )
    return made, Table(
        id="income_parts",
        title="Where real income comes from, long run",
        columns={name: words for name, (words, _) in COLUMNS.items()},
        rows=rows,
        note="The world-economy model at the middle of every range and central elasticities, so real income differs a "
        "little from the mean of the draws. The three parts add up to its logarithm.",
    )
