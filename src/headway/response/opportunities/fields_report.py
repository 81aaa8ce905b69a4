"""Fields of co-operation as figures and tables: arguments counted, numbers beside them, and what trade would gain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items
from headway.impact import general
from headway.impact.plan import FOCUS, Plan
from headway.impact.results import Figure, Table
from headway.policy import Document
from headway.response.opportunities.cooperation import (
    COST_CUT,
    Argument,
    CooperationField,
    Evidence,
    Worth,
    evidence,
    shipped_fields,
    weigh,
    worth,
)
from headway.response.results import WORLD_SOURCES, ends_of, fixed, ranged, row, table
from headway.world import elasticities, item_exports
from headway.world.regions import region_name

Array = NDArray[np.float64]

DRAWS = 16
SOURCES = (*WORLD_SOURCES, "elasticities_sector")


def field_tables(planned: Plan, document: Document | None) -> tuple[list[Figure], list[Table]]:
    """Every field weighed: counts for and against, what lower trade costs would bring, and each argument in words."""
    fields = shipped_fields()
    partner = _partner(planned)
    found = [_evidence(planned, field, partner) for field in fields]
    named = _named(document)
    arguments = [
        weigh(one, field, partner, planned.scenario.date, named=bool(named & set(field.items)))
        for one, field in zip(found, fields, strict=True)
    ]
    worths = _worth(planned, fields, partner)
    order = sorted(range(len(fields)), key=lambda k: (-_balance(arguments[k]), -worths[k].trade.mean()))
    figures, rows, words = [], [], []
    for k in order:
        field = fields[k]
        start = f"field.{field.id}"
        figures += _field_figures(field, found[k], arguments[k], worths[k])
        cells = {part: f"{start}.{part}" for part in ("for", "against", "trade", "home", "partner")}
        supplier = planned.region if field.supplier == "home" else partner
        rows.append(row(field.id, f"{field.name}, supplied by {region_name(supplier)}", cells))
        words += [
            row(f"{field.id}.{number}", field.name, {}, {"effect": one.effect, "why": one.text})
            for number, one in enumerate(sorted(arguments[k], key=lambda one: one.effect == "against"))
        ]
    columns = {
        "for": "For",
        "against": "Against",
        "trade": "More trade",
        "home": f"Income of {region_name(planned.region)}",
        "partner": f"Income of {region_name(partner)}",
    }
    note = (
        f"Arguments counted, and what {COST_CUT:.0%} lower trade costs in the sector would bring in the long run."
    )
    return figures, [
        table("fields", "Fields of co-operation, weighed", columns, rows, note),
        table("field_arguments", "For and against, in numbers", {"effect": "Side", "why": "Argument"}, words),
    ]


def _partner(planned: Plan) -> str:
    """Whoever imposes the measures, where the world shows it alone; else the US."""
    imposers = [tariff.measure.imposer for tariff in planned.ends]
    shown = [one for one in imposers if one in planned.world.regions and one != planned.region]
    return shown[0] if shown else FOCUS


def _named(document: Document | None) -> set[str]:
    """Items that the text names as opportunities."""
    if document is None:
        return set()
    words = " ".join(one.sector.lower() for one in document.opportunities)
    hits = {"ship": {"ships"}, "energy": {"fuels_ores", "petroleum_products"}, "chip": {"semiconductors"}}
    hits |= {"semiconductor": {"semiconductors"}, "batter": {"batteries"}, "steel": {"steel"}, "nuclear": set()}
    return {item for word, found in hits.items() if word in words for item in found}


def _evidence(planned: Plan, field: CooperationField, partner: str) -> Evidence:
    """The field's numbers; items from the US customs data and the ministry's figures where those cover the pair."""
    found = evidence(planned.world, field, planned.region, partner)
    if field.supplier != "home" or partner != FOCUS:
        return found
    rows = planned.mix.rows
    code_item = {code: items.of_hs6(code) for code in rows["hs6"].unique()}
    inside = rows.filter(pl.col("hs6").replace_strict(code_item).is_in(field.items))
    there = float(inside.filter(pl.col("iso3") == planned.scenario.home)["usd"].sum()) / 1e9
    published = item_exports.published(planned.scenario.home)
    known = published is not None and all(key in published.items for key in field.items)
    sold = sum(published.items[key] for key in field.items) if published is not None and known else None
    return replace(found, item_sold=sold, item_sold_there=there, item_bought=float(inside["usd"].sum()) / 1e9)


def _worth(planned: Plan, fields: tuple[CooperationField, ...], partner: str) -> list[Worth]:
    world, home = planned.world, planned.region
    after = general.shocked_tariffs(world, planned.ends, planned.mix, planned.scenario.date)
    tariffs = after[min(1, len(after) - 1)]
    rng = np.random.default_rng(planned.scenario.sampling.seed)
    theta = elasticities.draw_elasticities(rng, DRAWS, "long_run").trade_elasticity
    at_home, at_partner = world.region(home), world.region(partner)
    cells = [
        (world.sector(field.sector), at_partner, at_home)
        if field.supplier == "home"
        else (world.sector(field.sector), at_home, at_partner)
        for field in fields
    ]
    return worth(world.baseline(theta[0]), tariffs, theta, world, cells, (at_home, at_partner))


def _balance(arguments: list[Argument]) -> int:
    return sum(1 if one.effect == "for" else -1 for one in arguments)


def _field_figures(
    field: CooperationField, found: Evidence, arguments: list[Argument], brought: Worth
) -> list[Figure]:
    start, name = f"field.{field.id}", field.name
    counts = [
        fixed(
            f"{start}.{side}",
            f"{name}: arguments {side}",
            sum(one.effect == side for one in arguments),
            unit="count",
            sources=(*SOURCES, "cooperation"),
        )
        for side in ("for", "against")
    ]
    gained = [
        ranged(
            f"{start}.{part}",
            f"{name}: {words} with {COST_CUT:.0%} lower trade costs",
            ends_of(draws),
            unit="USD billion",
            model="equilibrium",
            sources=SOURCES,
        )
        for part, words, draws in (
            ("trade", "more trade", brought.trade),
            ("home", "home's real income", brought.home),
            ("partner", "the partner's real income", brought.partner),
        )
    ]
    shares = {
        "import_share": ("imports in what the buyer buys", found.import_share),
        "net_import_share": ("net imports in what the buyer buys", found.net_import_share),
        "world_share": ("the supplier's share of world exports", found.world_share),
        "share_there": ("the supplier's share of the buyer's imports", found.share_there),
        "share_elsewhere": ("the supplier's share of others' imports", found.share_elsewhere),
    }
    measured = [
        fixed(
            f"{start}.{part}", f"{name}: {words}", value, unit="share", sources=WORLD_SOURCES, model="accounting"
        )
        for part, (words, value) in shares.items()
    ]
    advantage = fixed(
        f"{start}.advantage",
        f"{name}: revealed advantage of the supplier",
        found.advantage,
        unit="ratio",
        sources=WORLD_SOURCES,
        model="accounting",
    )
    return [*counts, *gained, *measured, advantage]
