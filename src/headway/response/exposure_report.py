"""Exposure as a record of figures and tables: request in, `Response` out."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import countries, items, sectors
from headway.errors import NoEffect
from headway.impact import plan as plan_run
from headway.impact.plan import FOCUS, Plan
from headway.impact.results import Figure, Finding, Result, Row, Table
from headway.policy import Scenario
from headway.response import exposure
from headway.response.content import Content, value_added_content
from headway.response.exposure import DestinationExposure, ItemExposure, Ranking
from headway.response.results import WORLD_SOURCES, Response, by_id, fixed, manifest, row, table
from headway.response.support.firms import SIZES, Firms
from headway.world import World
from headway.world.item_exports import PUBLISHED
from headway.world.regions import region_name

Array = NDArray[np.float64]

RIVALS_SHOWN, CONTENT_SHOWN = 6, 4
MAX_THROUGH = 12

STAKE = {
    "span": "Rank over all yardsticks",
    "total": "Exports",
    "affected": "of which hit",
    "share": "Share hit",
    "duty": "Further duties",
}
STANDING = {
    "rate": "Rate after",
    "supplier_rank": "Rank among suppliers",
    "market_share": "Share of imports",
    "suppliers": "Concentration of suppliers",
}
"""Columns of the two tables of items, by part of the figures' ids."""


def assess_exposure(
    scenario: Scenario, *, world: World | None = None, firms: Firms | None = None, impact: Result | None = None
) -> Response:
    """What a scenario hits, before anything responds: items, destinations, others' exports, firms by size.

    `firms` adds exposure by size class; `impact`, a run of the same scenario, adds a yardstick to the ranking. Raises
    NoEffect where no tariff moves, UnknownCode or InvalidScenario for a scenario that cannot be planned.
    """
    started = time.perf_counter()
    planned = plan_run(scenario, world)
    if not planned.ends:
        raise NoEffect(
            "The scenario has no tariff: exposure is to rates that change.",
            "Use `headway impact` for subsidies, or put a tariff measure in the scenario.",
        )
    content = value_added_content(planned.world)
    figures: list[Figure] = []
    tables: list[Table] = []
    for more, shown in _parts(planned, content, firms, impact):
        figures += more
        tables += shown
    return Response(
        kind="exposure",
        title=f"What the measures hit: {countries.name(scenario.home)}",
        scenario=scenario,
        vintage=planned.world.vintage,
        figures=by_id(figures),
        tables={one.id: one for one in tables if one.rows},
        findings=_findings(planned, firms),
        manifest=manifest(scenario, planned.world, _parameters(planned, firms, impact), started=started),
    )


def _parts(
    planned: Plan, content: Content, firms: Firms | None, impact: Result | None
) -> Iterable[tuple[list[Figure], list[Table]]]:
    """Figures and tables, part by part, in the order in which they are shown."""
    if exposure.is_in_focus(planned):
        by_item = exposure.of_items(planned)
        yield _ranked_items(planned, by_item, content, impact)
        yield _gaps(planned, by_item)
        if firms is not None:
            yield _sizes(planned, by_item, firms)
    reached = exposure.of_destinations(planned, content)
    yield _destinations(planned, reached)
    yield _through(planned, reached)
    yield _content(planned, content)


def _parameters(planned: Plan, firms: Firms | None, impact: Result | None) -> dict[str, object]:
    return {
        "us_imports": planned.mix.year,
        "rates": "low, middle and high end of the announced range",
        "firms": {"name": firms.name, "sha256": firms.sha256, "rows": firms.count} if firms else None,
        "impact_run": bool(impact),
        "choices": {choice.id: choice.selected for choice in planned.scenario.choices},
    }


def _census(planned: Plan) -> tuple[str, ...]:
    return (f"us_imports_{planned.mix.year}",)


def _ranked_items(
    planned: Plan, reached: ItemExposure, content: Content, impact: Result | None
) -> tuple[list[Figure], list[Table]]:
    """Items in the order of further duties, with the span of ranks over all yardsticks."""
    home = planned.region
    modelled = _modelled(reached, impact)
    ranks = exposure.ranking(reached, content, home, modelled)
    order = [int(k) for k in np.argsort(ranks.plain, kind="stable") if reached.affected[k] > 0]
    figures = [figure for k in order for figure in _item_figures(planned, reached, ranks, k)]
    by = "; ".join(exposure.YARDSTICKS[one] for one in ranks.yardsticks)
    note = f"Nothing responds. Ranked by further duties; rank over all yardsticks: {by}."
    stake = table("exposure_items", "Items by what is at stake", STAKE, _rows(reached, order, STAKE), note)
    return figures, [
        stake,
        table("exposure_standing", "Standing in the US", STANDING, _rows(reached, order, STANDING)),
    ]


def _modelled(reached: ItemExposure, impact: Result | None) -> Array | None:
    if impact is None:
        return None
    horizon = impact.scenario.horizons[0]
    ids = (f"item.{key}.usd.{horizon}" for key in reached.keys)
    return np.array([impact.figures[id].value if id in impact.figures else 0.0 for id in ids])


def _item_figures(planned: Plan, reached: ItemExposure, ranks: Ranking, k: int) -> list[Figure]:
    key, census = reached.keys[k], _census(planned)
    name = items.labels()[key]
    base = reached.base
    published = base.basis[k] == PUBLISHED
    source = ("item_exports",) if published else ("default_trade",)
    note = "" if published else base.basis[k]
    start = f"exposure.item.{key}"
    share = reached.affected_share[k]
    return [
        fixed(f"{start}.rank", f"{name}: rank", ranks.plain[k], unit="rank", sources=census),
        _spanned(f"{start}.span", f"{name}: rank over yardsticks", ranks.rank[:, k], census),
        fixed(f"{start}.total", f"{name}: exports", base.total[k], unit="USD billion", sources=source, note=note),
        fixed(f"{start}.share", f"{name}: share of exports hit", share, unit="share", sources=(*census, *source)),
        fixed(
            f"{start}.affected", f"{name}: exports hit", reached.affected[k], unit="USD billion", sources=census
        ),
        _rate(f"{start}.rate", f"{name}: US rate after", 100 * reached.rate[1:, k], census),
        fixed(
            f"{start}.rate_before",
            f"{name}: US rate before",
            100 * reached.rate[0, k],
            unit="percent rate",
            sources=census,
        ),
        _duty(f"{start}.duty", f"{name}: further duties if nothing responds", reached.duty[:, k], census),
        fixed(
            f"{start}.supplier_rank",
            f"{name}: rank of home among {reached.suppliers[k]} suppliers of the US",
            reached.rank[k],
            unit="rank",
            sources=census,
        ),
        fixed(
            f"{start}.market_share",
            f"{name}: share of US imports",
            reached.market_share[k],
            unit="share",
            sources=census,
        ),
        fixed(
            f"{start}.suppliers",
            f"{name}: sum of squared shares of suppliers of the US",
            reached.concentration[k],
            unit="index",
            sources=census,
        ),
    ]


def _rows(reached: ItemExposure, order: list[int], parts: Iterable[str]) -> list[Row]:
    names = items.labels()
    return [
        row(key, names[key], {part: f"exposure.item.{key}.{part}" for part in parts})
        for key in (reached.keys[k] for k in order)
    ]


def _spanned(id: str, label: str, ranks: NDArray[np.int64], sources: tuple[str, ...]) -> Figure:
    """The median rank with the best and worst as its interval."""
    return Figure(
        id=id,
        label=label,
        value=float(np.median(ranks)),
        low=float(ranks.min()),
        high=float(ranks.max()),
        unit="rank",
        model="observed",
        sources=sources,
        note="median over yardsticks; low and high are the best and the worst rank",
    )


def _rate(id: str, label: str, ends: Array, sources: tuple[str, ...]) -> Figure:
    return _between(id, label, ends, sources).model_copy(update={"unit": "percent rate"})


def _duty(id: str, label: str, ends: Array, sources: tuple[str, ...]) -> Figure:
    return _between(id, label, ends, sources)


def _between(id: str, label: str, ends: Array, sources: tuple[str, ...]) -> Figure:
    """A figure whose interval is the announced range: values at its low end, middle and high end."""
    low, middle, high = (float(end) for end in ends)
    return Figure(
        id=id,
        label=label,
        value=middle,
        low=min(low, high),
        high=max(low, high),
        unit="USD billion",
        model="product level",
        sources=sources,
        note="low and high are the ends of the announced range, weights fixed",
    )


def _gaps(planned: Plan, reached: ItemExposure) -> tuple[list[Figure], list[Table]]:
    """Rate gap to the rivals that share most of home's basket, after the measures; before stands in the figures."""
    weight = (np.nan_to_num(reached.overlap) * reached.affected).sum(axis=1)
    shown = [int(r) for r in np.argsort(-weight)[:RIVALS_SHOWN]]
    order = [int(k) for k in np.argsort(-reached.affected) if reached.affected[k] > 0]
    figures, rows = [], []
    for k in order:
        key = reached.keys[k]
        name = items.labels()[key]
        made = [one for r in shown for one in _gap_figures(planned, reached, (r, k), name)]
        figures += made
        cells = {
            reached.rivals[r]: f"exposure.gap.{key}.{reached.rivals[r]}"
            for r in shown
            if np.isfinite(reached.gap[2, r, k])
        }
        rows.append(row(key, name, cells))
    columns = {reached.rivals[r]: countries.name(reached.rivals[r]) for r in shown}
    note = (
        "Rival's rate less home's on the products that both sell, home's basket as weights: above zero helps home."
    )
    return figures, [
        table("exposure_gaps", "Rate gap to rivals in the US, after the measures", columns, rows, note)
    ]


def _gap_figures(planned: Plan, reached: ItemExposure, at: tuple[int, int], name: str) -> list[Figure]:
    r, k = at
    if not np.isfinite(reached.gap[2, r, k]):
        return []
    rival, census = reached.rivals[r], _census(planned)
    id = f"exposure.gap.{reached.keys[k]}.{rival}"
    label = f"{name}: rate of {countries.name(rival)} less home's"
    low, middle, high = (100 * float(end) for end in reached.gap[1:, r, k])
    after = Figure(
        id=id,
        label=label,
        value=middle,
        low=min(low, high),
        high=max(low, high),
        unit="percentage points",
        model="product level",
        sources=census,
        note=f"on {reached.overlap[r, k]:.0%} of home's basket; low and high are the ends of the announced range",
    )
    before = 100 * reached.gap[0, r, k]
    return [
        after,
        fixed(f"{id}.before", f"{label}, before", before, unit="percentage points", sources=census),
    ]


def _destinations(planned: Plan, reached: DestinationExposure) -> tuple[list[Figure], list[Table]]:
    world, figures, rows = planned.world, [], []
    order = [n for n in np.argsort(-reached.exports) if reached.exports[n] > 0]
    for n in order:
        region = world.regions[n]
        name, start = region_name(region), f"exposure.to.{region}"
        share = reached.affected[n] / reached.exports[n]
        figures += [
            fixed(
                f"{start}.exports",
                f"Goods exports to {name}",
                reached.exports[n],
                unit="USD billion",
                sources=WORLD_SOURCES,
            ),
            fixed(f"{start}.share", f"{name}: share hit", share, unit="share", sources=WORLD_SOURCES),
            fixed(
                f"{start}.duty",
                f"{name}: further duties if nothing responds",
                reached.duty[n],
                unit="USD billion",
                sources=WORLD_SOURCES,
                note="middle of the announced range",
            ),
        ]
        rows.append(row(region, name, {part: f"{start}.{part}" for part in ("exports", "share", "duty")}))
    columns = {"exports": "Goods exports", "share": "Share hit", "duty": "Further duties"}
    note = "Sectors of the embedded world: a cell counts as hit where its average rate rises."
    return figures, [table("exposure_destinations", "By destination", columns, rows, note)]


def _through(planned: Plan, reached: DestinationExposure) -> tuple[list[Figure], list[Table]]:
    """Home value added inside others' exports that are hit."""
    figures, rows = [], []
    for n in np.argsort(-reached.through)[:MAX_THROUGH]:
        if reached.through[n] <= 0:
            continue
        region = planned.world.regions[n]
        name, start = region_name(region), f"exposure.through.{region}"
        figures += [
            fixed(
                f"{start}.value",
                f"Home value added in goods of {name} that are hit",
                reached.through[n],
                unit="USD billion",
                sources=WORLD_SOURCES,
                model="accounting",
            ),
            fixed(
                f"{start}.duty",
                f"{name}: further duties on that value",
                reached.through_duty[n],
                unit="USD billion",
                sources=WORLD_SOURCES,
                model="accounting",
            ),
        ]
        rows.append(row(region, name, {"value": f"{start}.value", "duty": f"{start}.duty"}))
    columns = {"value": "Home value added inside", "duty": "Further duties on it"}
    return figures, [table("exposure_through", "Through others' exports", columns, rows)]


def _content(planned: Plan, content: Content) -> tuple[list[Figure], list[Table]]:
    """Whose value is in home's exports, by sector: home, and the partners that matter most."""
    world, at = planned.world, planned.world.region(planned.region)
    goods = [world.sector(key) for key in world.goods]
    exports = world.exports(planned.region).sum(axis=1)
    weight = content.value_added[:, goods, at] @ exports[goods]
    others = [int(r) for r in np.argsort(-weight) if r != at][:CONTENT_SHOWN]
    figures, rows = [], []
    labels = sectors.labels()
    for j in sorted(goods, key=lambda one: -exports[one]):
        key = world.sectors[j]
        made = [
            fixed(
                f"exposure.content.{key}.{world.regions[r]}",
                f"{labels[key]}: value added of {region_name(world.regions[r])} in home's exports",
                content.value_added[r, j, at],
                unit="share",
                sources=WORLD_SOURCES,
                model="accounting",
            )
            for r in (at, *others)
        ]
        made.append(
            fixed(
                f"exposure.destinations.{key}",
                f"{labels[key]}: sum of squared shares of destinations",
                _concentration(planned, j),
                unit="index",
                sources=WORLD_SOURCES,
            )
        )
        figures += made
        cells = {world.regions[r]: made[n].id for n, r in enumerate((at, *others))}
        rows.append(row(key, labels[key], cells | {"destinations": made[-1].id}))
    columns = {world.regions[r]: f"Value added of {region_name(world.regions[r])}" for r in (at, *others)}
    columns["destinations"] = "Concentration of destinations"
    return figures, [table("exposure_content", "Whose value is in the exports", columns, rows)]


def _concentration(planned: Plan, sector: int) -> float:
    exports = planned.world.exports(planned.region)[sector]
    total = float(exports.sum())
    return float(((exports / total) ** 2).sum()) if total > 0 else 0.0


def _sizes(planned: Plan, reached: ItemExposure, firms: Firms) -> tuple[list[Figure], list[Table]]:
    """Firms by size class: how many, what they sell to the US, and the duties that fall on it."""
    rate = dict(zip(reached.keys, _rise_by_item(reached), strict=True))
    hit = firms.table.with_columns(rate=pl.col("item").replace_strict(rate)).with_columns(
        affected=pl.when(pl.col("rate") > 0).then(pl.col("us_exports_usd")).otherwise(0.0)
    )
    figures: list[Figure] = []
    rows = []
    for size in SIZES:
        group = hit.filter(pl.col("size") == size)
        if group.is_empty():
            continue
        start, name = f"exposure.size.{size}", size.replace("_", "-")
        figures += list(_size_figures(group, firms, start, name))
        parts = ("firms", "affected", "share", "duty")
        rows.append(row(size, name.capitalize(), {part: f"{start}.{part}" for part in parts}))
    columns = {
        "firms": "Firms hit",
        "affected": "Exports hit",
        "share": "of all exports",
        "duty": "Further duties",
    }
    note = f"From {firms.name}: rates of each firm's item, middle of the range."
    return figures, [table("exposure_sizes", "By size of firm", columns, rows, note)]


def _size_figures(group: pl.DataFrame, firms: Firms, start: str, name: str) -> Iterable[Figure]:
    affected = float(group["affected"].sum())
    total = float(group["exports_usd"].sum())
    duty = float((group["affected"] * group["rate"]).sum())
    source = (firms.name,)
    hit = int((group["affected"] > 0).sum())
    yield fixed(f"{start}.firms", f"{name} firms hit", hit, unit="count", sources=source)
    yield fixed(
        f"{start}.affected", f"{name} firms: exports hit", affected / 1e6, unit="USD million", sources=source
    )
    share = affected / total if total else 0.0
    yield fixed(f"{start}.share", f"{name} firms: share of exports hit", share, unit="share", sources=source)
    yield fixed(f"{start}.duty", f"{name} firms: further duties", duty / 1e6, unit="USD million", sources=source)


def _rise_by_item(reached: ItemExposure) -> list[float]:
    return [float(one) for one in np.where(reached.affected > 0, reached.rate[2] - reached.rate[0], 0.0)]


def _findings(planned: Plan, firms: Firms | None) -> tuple[Finding, ...]:
    made = [
        Finding(
            id="exposure-static",
            kind="model",
            text="Nothing responds here: values stay as in the base year. `headway impact` lets trade respond.",
        ),
        Finding(
            id="exposure-content",
            kind="assumption",
            text="Content follows the input–output structure of 2011 by sector: exporters are taken to use inputs as "
            "their whole sector does.",
            pushes="foreign content understated where exporters buy more inputs abroad",
        ),
    ]
    if firms is None:
        text = "No table of firms was given, so exposure by size of firm is not shown: no open source has it."
        made.append(Finding(id="exposure-sizes", kind="left_out", text=text))
    if not exposure.is_in_focus(planned):
        text = f"No measure of {countries.name(FOCUS)}: product lines are known for its imports alone."
        made.append(Finding(id="exposure-lines", kind="left_out", text=text))
    return tuple(made)
