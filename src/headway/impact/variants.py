"""Other closures beside the headline: the third source of uncertainty, kept apart and never pooled (METHODS section 4).

Each closure is one run of the world economy at the middle of every range and central elasticities. A reader who finds
another closure more fitting reads its row; no weight is put on any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.impact.central import CentralCase, central_case
from headway.impact.plan import FOCUS, Plan
from headway.impact.results import Figure, Row, Table, Unit
from headway.models.equilibrium import Closure
from headway.world import World

LABOUR_SUPPLY = 0.5
"""Elasticity of labour supply, that of Ignatenko, Lashkaripour, Macedoni & Simonovska (2025)."""

GOODS_SCALE = 0.1
"""Scale elasticity of every goods sector: an assumption, low enough for one equilibrium (θψ < 1 in every sector)."""


@dataclass(frozen=True)
class Variant:
    """A closure with its name in a table and what it says, in plain words."""

    label: str
    words: str
    closure: Closure


def default_variants(world: World) -> dict[str, Variant]:
    """The headline's closure and five others, by key."""
    scale = np.where(np.isin(world.sectors, world.goods), GOODS_SCALE, 0.0)
    return {
        "headline": Variant(
            "As in the headline", "trade balances fixed in dollars; workers move freely", Closure()
        ),
        "own_income": Variant(
            "Trade balances follow income",
            "each country's balance keeps its share in own income",
            Closure(trade_balance="own_income"),
        ),
        "balanced": Variant(
            "Balanced trade",
            "a world without trade surpluses, before and after (Caliendo & Parro 2015)",
            Closure(trade_balance="balanced"),
        ),
        "specific": Variant(
            "Workers stay in their sector", "each sector its own wage", Closure(labour="specific")
        ),
        "elastic": Variant(
            "People work less for less",
            f"labour supply moves by {LABOUR_SUPPLY:g} % for each percent of the real wage",
            Closure(labour_supply_elasticity=LABOUR_SUPPLY),
        ),
        "scale": Variant(
            "Larger sectors are cheaper",
            f"costs of goods fall by {GOODS_SCALE:g} % for each percent of size",
            Closure(scale_elasticity=scale),
        ),
    }


def variant_figures(
    planned: Plan, variants: Mapping[str, Variant] | None = None, *, sources: tuple[str, ...] = ()
) -> tuple[list[Figure], Table]:
    """Home's goods exports and real income under each closure, and the table of them.

    Raises NoEffect without tariffs, and what `models.equilibrium.solve` raises for a closure.
    """
    chosen = variants if variants is not None else default_variants(planned.world)
    made = [
        figure for key, variant in chosen.items() for figure in _figures(planned, key, variant, sources=sources)
    ]
    return made, _table(chosen, {figure.id for figure in made})


def _figures(planned: Plan, key: str, variant: Variant, *, sources: tuple[str, ...]) -> list[Figure]:
    case = central_case(planned, closure=variant.closure)
    values: dict[str, tuple[float, Unit]] = {
        "exports": (_exports(case), "percent"),
        "income": (100 * (float(case.equilibrium.welfare[case.at]) - 1), "percent"),
    }
    if case.home != FOCUS:
        values["us"] = (_exports(case, to=FOCUS), "percent")
    words = {"exports": "goods exports", "us": "goods exports to the US", "income": "real income"}
    return [
        Figure(
            id=f"variant.{part}.{key}.long_run",
            label=f"{variant.label}: {words[part]}",
            value=value,
            unit=unit,
            horizon="long_run",
            model="equilibrium",
            measures=tuple(tariff.measure.id for tariff in planned.tariffs),
            sources=sources,
            note=variant.words,
        )
        for part, (value, unit) in values.items()
    ]


def _exports(case: CentralCase, *, to: str | None = None) -> float:
    """Change of home's goods exports at the prices before, percent, to all or to one region."""
    goods = [case.world.sector(key) for key in case.world.goods]
    markets = [at for at in range(len(case.world.regions)) if at != case.at]
    chosen = np.ix_(goods, markets if to is None else [case.world.region(to)])
    before = case.equilibrium.baseline_flow[:, :, case.at][chosen].sum()
    return float(100 * (case.equilibrium.exports_volume(case.at)[chosen].sum() / before - 1))


def _table(variants: Mapping[str, Variant], made: set[str]) -> Table:
    columns = {
        "closure": "What it says",
        "exports": "Goods exports",
        "us": "Goods exports to the US",
        "income": "Real income",
    }
    rows = []
    for key, variant in variants.items():
        ids = {part: f"variant.{part}.{key}.long_run" for part in ("exports", "us", "income")}
        cells = {part: id for part, id in ids.items() if id in made}
        rows.append(Row(key=key, label=variant.label, cells=cells, words={"closure": variant.words}))
    used = {column for row in rows for column in (*row.cells, *row.words)}
    return Table(
        id="variants",
        title="Other closures beside the headline",
        columns={column: heading for column, heading in columns.items() if column in used},
        rows=tuple(rows),
        note="Long run, the world-economy model alone, middle of every range and central elasticities. Each row holds "
        "if its closure does; they are never pooled.",
    )
