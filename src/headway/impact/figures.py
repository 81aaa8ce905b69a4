"""From draws to figures: the mean of the draws with its 5–95 % interval, each under an id that tables refer to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.impact.duties import Basis
from headway.impact.general import GeneralDraws
from headway.impact.joined import IMPUTED, MILLION_PER_BILLION, POOLED, ItemDraws
from headway.impact.line_rates import IMPORTER
from headway.impact.product import ProductDraws
from headway.impact.results import Figure, Model, Unit
from headway.models.sampling import variance_shares
from headway.policy.scenario import Horizon
from headway.world import World
from headway.world.item_exports import PUBLISHED

Array = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
"""Ends of every interval, as quantiles of the draws."""


@dataclass(frozen=True)
class Context:
    """What figures of one horizon share: the horizon, the measures behind them and the sources used.

    `us_imports` is the source of US imports and duties; `pooled` names the region that a home country is part of
    where it has no economy of its own, else it is empty.
    """

    horizon: Horizon
    measures: tuple[str, ...]
    sources: tuple[str, ...]
    us_imports: str
    pooled: str = ""

    def figure(self, name: str, label: str, draws: Array, unit: Unit, model: Model) -> Figure:
        """The figure of draws [P, Q]: mean and interval. Means of parts add up to the mean of their sum."""
        low, high = np.quantile(draws, (LOW, HIGH))
        return Figure(
            id=f"{name}.{self.horizon}",
            label=label,
            value=float(draws.mean()),
            low=float(low),
            high=float(high),
            unit=unit,
            horizon=self.horizon,
            model=model,
            measures=self.measures,
            sources=self.sources,
        )


def observed(id: str, label: str, value: float, unit: Unit, sources: tuple[str, ...], note: str = "") -> Figure:
    """A figure that is data, not a result: no interval."""
    return Figure(
        id=id, label=label, value=float(value), unit=unit, model="observed", sources=sources, note=note or None
    )


def headline(context: Context, items: ItemDraws, general: GeneralDraws, at: int) -> list[Figure]:
    """Total exports, exports to the US, what rivals' tariffs give back, and real income of region `at`."""
    total, us, base = items.total.sum(axis=-1), items.us.sum(axis=-1), items.base.total.sum()
    make, income = context.figure, 100 * (general.real_income[..., at] - 1)
    whose = f" of the region that home is part of: {context.pooled}" if context.pooled else ""
    return [
        make("exports.total", "Goods exports, all destinations", 100 * total / base, "percent", "joined"),
        make("exports.total.usd", "Goods exports, all destinations", total, "USD billion", "joined"),
        *_to_the_us(context, items),
        make("exports.elsewhere.usd", "Goods exports elsewhere", total - us, "USD billion", "equilibrium"),
        make("income", f"Real income{whose}", income, "percent", "equilibrium"),
    ]


def _to_the_us(context: Context, items: ItemDraws) -> list[Figure]:
    """The part of the headline that is sold in the US; nothing where home sells nothing there."""
    us, base = items.us.sum(axis=-1), items.base.us.sum()
    if base <= 0:
        return []
    gain, make = items.us_without_home.sum(axis=-1), context.figure
    return [
        make("exports.us", "Goods exports to the US", 100 * us / base, "percent", "product level"),
        make("exports.us.usd", "Goods exports to the US", us, "USD billion", "product level"),
        make("exports.diversion.usd", "In the US, from rivals' tariffs", gain, "USD billion", "product level"),
        make("exports.direct.usd", "In the US, from its own tariff", us - gain, "USD billion", "product level"),
    ]


def equilibrium_exports(context: Context, world: World, general: GeneralDraws, at: int) -> list[Figure]:
    """The equilibrium model's own answer for region `at`, beside the joined headline."""
    make, whose = context.figure, f" ({context.pooled})" if context.pooled else ""
    change = general.goods_exports[..., at] / general.goods_exports_before[at] - 1
    label = f"Goods exports, world-economy model alone{whose}"
    total = make("equilibrium.exports", label, 100 * change, "percent", "equilibrium")
    if world.regions[at] == IMPORTER:
        return [total]
    focus = general.goods_exports_to_focus[..., at] / general.goods_exports_to_focus_before[at] - 1
    label = f"Goods exports to the US, world-economy model{whose}"
    return [total, make("equilibrium.us", label, 100 * focus, "percent", "equilibrium")]


def of_items(context: Context, items: ItemDraws, labels: dict[str, str]) -> list[Figure]:
    """Each exposed item: percent of its exports, USD billion, and the parts to the US, elsewhere and diversion."""
    made: list[Figure] = []
    for k in np.flatnonzero(items.exposed & (items.base.total > 0)).tolist():
        key = items.base.keys[k]
        name, base, make = labels[key], items.base.total[k], context.figure
        total, us = items.total[..., k], items.us[..., k]
        made += [
            make(f"item.{key}.change", name, 100 * total / base, "percent", "joined"),
            make(f"item.{key}.usd", name, total, "USD billion", "joined"),
            make(f"item.{key}.elsewhere_usd", f"{name}, elsewhere", total - us, "USD billion", "equilibrium"),
        ]
        if items.base.us[k] > 0:
            made += _item_in_the_us(context, items, k, name)
    return made


def _item_in_the_us(context: Context, items: ItemDraws, k: int, name: str) -> list[Figure]:
    """An item's sales in the US, and how much of their change its own and rivals' tariffs make."""
    key, us, gain = items.base.keys[k], items.us[..., k], items.us_without_home[..., k]
    parts: list[tuple[str, str, Array, Unit]] = [
        ("us_change", f"{name}, to the US", 100 * us / items.base.us[k], "percent"),
        ("us_usd", f"{name}, to the US", us, "USD billion"),
        ("diversion_usd", f"{name}: in the US, from rivals' tariffs", gain, "USD billion"),
        ("direct_usd", f"{name}: in the US, from its own tariff", us - gain, "USD billion"),
    ]
    return [
        context.figure(f"item.{key}.{part}", label, draws, unit, "product level")
        for part, label, draws, unit in parts
    ]


def of_rivals(
    context: Context, world: World, general: GeneralDraws, names: dict[str, str], regions: tuple[str, ...]
) -> list[Figure]:
    """Goods exports and real income of regions in the world economy, home among them."""
    made = []
    for region in regions:
        at = world.region(region)
        change = general.goods_exports[..., at] / general.goods_exports_before[at] - 1
        income = general.real_income[..., at] - 1
        label = names[region]
        made += [
            context.figure(
                f"rival.{region}.exports", f"{label}: goods exports", 100 * change, "percent", "equilibrium"
            ),
            context.figure(
                f"rival.{region}.income", f"{label}: real income", 100 * income, "percent", "equilibrium"
            ),
        ]
    return made


def us_market_shares(context: Context, product: ProductDraws, names: dict[str, str]) -> list[Figure]:
    """Change of each named origin's share of US imports, in percentage points."""
    before = product.before.sum(axis=0)
    after = before + product.change.sum(axis=2)
    moved = 100 * (after / after.sum(axis=-1, keepdims=True) - before / before.sum())
    return [
        context.figure(
            f"rival.{origin}.us_share",
            f"{names[origin]}: share of US imports",
            moved[..., product.of(origin)],
            "percentage points",
            "product level",
        )
        for origin in product.origins
        if origin in names
    ]


def variance(context: Context, items: ItemDraws) -> list[Figure]:
    """What the spread of the total comes from: the policy's range, the elasticities, or both together."""
    shares = variance_shares(items.total.sum(axis=-1))
    parts = {"policy": shares.policy, "parameters": shares.parameter, "interaction": shares.interaction}
    return [
        Figure(
            id=f"variance.{name}.{context.horizon}",
            label=f"Share of the variance of total exports: {name}",
            value=float(value),
            unit="share",
            horizon=context.horizon,
            model="joined",
            measures=context.measures,
            sources=context.sources,
        )
        for name, value in parts.items()
    ]


def base_figures(context: Context, items: ItemDraws, labels: dict[str, str]) -> list[Figure]:
    """Exports before any measure by item, the part that goes directly to the US, and its share."""
    base, made = items.base, []
    for k in np.flatnonzero(base.total > 0).tolist():
        key, name, basis = base.keys[k], labels[base.keys[k]], base.basis[k]
        source = (
            "default_trade" if basis == IMPUTED else "country_exports" if basis == POOLED else "item_exports",
        )
        note = "" if basis == PUBLISHED else basis
        made.append(observed(f"item.{key}.base", f"{name}: exports", base.total[k], "USD billion", source, note))
        made += _us_base(f"item.{key}", f"{name}: ", base.us[k], base.total[k], (context.us_imports, *source))
    total, us = float(base.total.sum()), float(base.us.sum())
    sources = tuple(dict.fromkeys(figure.sources[0] for figure in made if figure.id.endswith(".base")))
    return [
        *made,
        observed("exports.base", f"Goods exports, {base.year}", total, "USD billion", sources),
        *_us_base("exports", "", us, total, (context.us_imports, *sources)),
    ]


def _us_base(id: str, label: str, us: float, total: float, sources: tuple[str, ...]) -> list[Figure]:
    """What the US imports from home, and its share of exports; nothing where it imports nothing."""
    if us <= 0:
        return []
    return [
        observed(f"{id}.us_base", f"{label}US imports", us, "USD billion", sources[:1]),
        observed(f"{id}.us_share", f"{label}share to the US", us / total, "share", sources),
    ]


def special_provisions(value: float, source: str) -> list[Figure]:
    """US imports from home under chapters 98 and 99, USD million `value`; nothing where there are none."""
    label = "US imports under chapters 98 and 99 (goods returned, repairs, low-value entries)"
    id = "exports.us_special"
    return [observed(id, label, value / MILLION_PER_BILLION, "USD billion", (source,))] if value > 0 else []


def us_rates(
    before: Array, after: Array, origins: tuple[str, ...], names: dict[str, str], *, source: str, basis: Basis
) -> list[Figure]:
    """Average US tariff by origin before [O + 1] and after [3, O + 1]: at the low end, middle and high end."""
    known = "collected" if basis == "collected" else "owed by the schedule, expected"
    made = []
    for at, origin in [*enumerate(origins), (-1, "WORLD")]:
        name = names.get(origin, "All origins")
        low, middle, high = (float(100 * value) for value in after[:, at])
        rate = 100 * before[at]
        label = f"{name}: US tariff {known}"
        made.append(observed(f"us_rate.{origin}.before", label, rate, "percent rate", (source,)))
        made.append(
            Figure(
                id=f"us_rate.{origin}.after",
                label=f"{name}: US tariff after the measures",
                value=middle,
                low=low,
                high=high,
                unit="percent rate",
                model="product level",
                sources=(source,),
                note="low and high are the ends of the announced range, weights fixed",
            )
        )
    return made
