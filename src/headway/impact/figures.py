"""From draws to figures: the mean of the draws with its 5–95 % interval, each under an id that tables refer to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.impact.general import GeneralDraws
from headway.impact.joined import ItemDraws
from headway.impact.product import ProductDraws
from headway.impact.results import Figure, Model, Unit
from headway.models.sampling import variance_shares
from headway.policy.scenario import Horizon
from headway.world import World

Array = NDArray[np.float64]

LOW, HIGH = 0.05, 0.95
"""Ends of every interval, as quantiles of the draws."""


@dataclass(frozen=True)
class Context:
    """What figures of one horizon share: the horizon, the measures behind them and the sources used."""

    horizon: Horizon
    measures: tuple[str, ...]
    sources: tuple[str, ...]

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
    total, us = items.total.sum(axis=-1), items.us.sum(axis=-1)
    base, us_base = items.base.total.sum(), items.base.us.sum()
    gain = items.us_without_home.sum(axis=-1)
    make = context.figure
    return [
        make("exports.total", "Goods exports, all destinations", 100 * total / base, "percent", "joined"),
        make("exports.total.usd", "Goods exports, all destinations", total, "USD billion", "joined"),
        make("exports.us", "Goods exports to the US", 100 * us / us_base, "percent", "product level"),
        make("exports.us.usd", "Goods exports to the US", us, "USD billion", "product level"),
        make("exports.elsewhere.usd", "Goods exports elsewhere", total - us, "USD billion", "equilibrium"),
        make("exports.diversion.usd", "In the US, from rivals' tariffs", gain, "USD billion", "product level"),
        make(
            "exports.direct.usd", "In the US, from the tariff on home", us - gain, "USD billion", "product level"
        ),
        make("income", "Real income", 100 * (general.real_income[..., at] - 1), "percent", "equilibrium"),
    ]


def equilibrium_exports(context: Context, world: World, general: GeneralDraws, at: int) -> list[Figure]:
    """The equilibrium model's own answer for region `at`, beside the joined headline."""
    change = general.goods_exports[..., at] / general.goods_exports_before[at] - 1
    focus = general.goods_exports_to_focus[..., at] / general.goods_exports_to_focus_before[at] - 1
    make = context.figure
    return [
        make(
            "equilibrium.exports",
            "Goods exports, world-economy model alone",
            100 * change,
            "percent",
            "equilibrium",
        ),
        make(
            "equilibrium.us", "Goods exports to the US, world-economy model", 100 * focus, "percent", "equilibrium"
        ),
    ]


def of_items(context: Context, items: ItemDraws, labels: dict[str, str]) -> list[Figure]:
    """Each exposed item: percent of its exports, USD billion, and the parts to the US, elsewhere and diversion."""
    made = []
    for k in np.flatnonzero(items.exposed):
        key = items.base.keys[k]
        name, base = labels[key], items.base.total[k]
        total, us, gain = items.total[..., k], items.us[..., k], items.us_without_home[..., k]
        make = context.figure
        made += [
            make(f"item.{key}.change", name, 100 * total / base, "percent", "joined"),
            make(f"item.{key}.usd", name, total, "USD billion", "joined"),
            make(
                f"item.{key}.us_change",
                f"{name}, to the US",
                100 * us / items.base.us[k],
                "percent",
                "product level",
            ),
            make(f"item.{key}.us_usd", f"{name}, to the US", us, "USD billion", "product level"),
            make(f"item.{key}.elsewhere_usd", f"{name}, elsewhere", total - us, "USD billion", "equilibrium"),
            make(
                f"item.{key}.diversion_usd",
                f"{name}: in the US, from rivals' tariffs",
                gain,
                "USD billion",
                "product level",
            ),
            make(
                f"item.{key}.direct_usd",
                f"{name}: in the US, from the tariff on home",
                us - gain,
                "USD billion",
                "product level",
            ),
        ]
    return made


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


def base_figures(items: ItemDraws, labels: dict[str, str]) -> list[Figure]:
    """Exports before any measure by item, the part that goes directly to the US, and its share."""
    base, made = items.base, []
    for k, key in enumerate(base.keys):
        if base.total[k] <= 0:
            continue
        source = ("item_exports",) if base.published[k] else ("default_trade",)
        note = "" if base.published[k] else "imputed: sector exports of the embedded world, scaled to the total"
        name = labels[key]
        made += [
            observed(f"item.{key}.base", f"{name}: exports", base.total[k], "USD billion", source, note),
            observed(
                f"item.{key}.us_base", f"{name}: US imports", base.us[k], "USD billion", ("us_imports_2024",)
            ),
            observed(
                f"item.{key}.us_share", f"{name}: share to the US", base.us[k] / base.total[k], "share", source
            ),
        ]
    total, us = float(base.total.sum()), float(base.us.sum())
    return [
        *made,
        observed("exports.base", "Goods exports", total, "USD billion", ("item_exports", "default_trade")),
        observed("exports.us_base", "US imports from home", us, "USD billion", ("us_imports_2024",)),
        observed("exports.us_share", "Share to the US", us / total, "share", ("us_imports_2024",)),
    ]


def us_rates(before: Array, after: Array, origins: tuple[str, ...], names: dict[str, str]) -> list[Figure]:
    """Average US tariff by origin before [O + 1] and after [3, O + 1]: at the low end, middle and high end."""
    made = []
    for at, origin in [*enumerate(origins), (-1, "WORLD")]:
        name = names.get(origin, "All origins")
        low, middle, high = (float(100 * value) for value in after[:, at])
        source = ("us_imports_2024",)
        rate = 100 * before[at]
        made.append(
            observed(f"us_rate.{origin}.before", f"{name}: US tariff collected", rate, "percent rate", source)
        )
        made.append(
            Figure(
                id=f"us_rate.{origin}.after",
                label=f"{name}: US tariff after the measures",
                value=middle,
                low=low,
                high=high,
                unit="percent rate",
                model="product level",
                sources=source,
                note="low and high are the ends of the announced range, weights fixed",
            )
        )
    return made
