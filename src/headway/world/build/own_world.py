"""A world economy from a user's own input–output table: aggregated, its negative entries settled, tariffs put on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.codes import sectors as sector_codes
from headway.errors import UnknownCode
from headway.world.build.country_table import CountryTable
from headway.world.build.mapping import Concordance, iso3_of, sector_of_isic4
from headway.world.build.records import Array, Note, Structure
from headway.world.build.wiod import LEAST_VALUE_ADDED, Shipments, settle
from headway.world.economy import World, load
from headway.world.regions import region_of

if TYPE_CHECKING:
    import polars as pl

EMBEDDED, NONE = "embedded", "none"
"""Baseline tariffs: those of the embedded world, or none."""

_ROUNDS = 5


def build(
    table: CountryTable, mapping: Concordance, *, tariffs: str | Path | pl.DataFrame = EMBEDDED
) -> tuple[World, list[Note]]:
    """The world of a table by a concordance, and a note for everything that a rule changed.

    Negative entries follow the rule of the embedded world (`wiod.settle`): zero, and output solved again. What buyers
    pay beyond the sellers' inputs stays value added, net taxes on products used included. `tariffs`: "embedded" takes
    each country's rates by industry from the embedded world, weighted with this table's trade; "none"; or a table
    (importer, exporter, sector, rate, year) that replaces some of the embedded ones. A sector whose value added tariffs
    on its inputs would take below 1 % of output keeps 1 %, its inputs scaled down. Raises what `World.with_tariffs`
    raises.
    """
    shipments = aggregate(table, mapping)
    free = isinstance(tariffs, str) and tariffs == NONE
    rates = np.zeros((len(mapping.sectors), len(mapping.regions), len(mapping.regions)))
    if not free:
        rates = aggregate_rates(table, mapping)
    structure, notes = _with_room(shipments, rates)
    world = World(
        structure.regions,
        structure.sectors,
        structure.flow,
        np.zeros_like(rates),
        structure.value_added,
        structure.input_use,
        structure.final_use,
        vintage=f"{table.title}, {table.year}",
        tariff_vintage="none",
        manifest=MappingProxyType(_manifest(table, mapping, notes)),
    )
    if not free:
        world = world.with_rates(rates, "those of the embedded world, weighted with this table's trade")
    if not isinstance(tariffs, str):
        world = world.with_tariffs(tariffs)
    return world, notes


def aggregate(table: CountryTable, mapping: Concordance) -> Shipments:
    """Deliveries summed to regions and sectors."""
    countries, industries = _members(table, mapping)
    n, j = len(mapping.regions), len(mapping.sectors)
    group = (np.argmax(countries, axis=0)[:, None] * j + np.argmax(industries, axis=0)[None, :]).ravel()
    size = group.size
    intermediate = np.zeros((n * j, size))
    np.add.at(intermediate, group, table.intermediate.reshape(size, size))
    both = np.zeros((n * j, n * j))
    np.add.at(both.T, group, intermediate.T)
    final = np.zeros((n * j, len(table.countries)))
    np.add.at(final, group, table.final.reshape(size, -1))
    return Shipments(
        both.reshape(n, j, n, j), (final @ countries.T).reshape(n, j, n), mapping.regions, mapping.sectors
    )


def aggregate_rates(table: CountryTable, mapping: Concordance) -> Array:
    """Tariffs of the embedded world [sector, importer, exporter], weighted with the table's trade between countries.

    Within a region there are none, nor on industries that are services.
    """
    embedded, countries, industries = load(), *_members(table, mapping)
    trade = np.maximum(table.intermediate.sum(axis=3) + table.final, 0.0).transpose(1, 2, 0)
    place = np.array([embedded.region(region_of(iso3_of(code))) for code in table.countries])
    rate = np.zeros_like(trade)
    for at, industry in enumerate(table.industries):
        key = _good(industry)
        if key is not None:
            rate[at] = embedded.tariff[embedded.sector(key)][np.ix_(place, place)]
    paid, value = (
        np.einsum("sj,mn,jni,ri->smr", industries, countries, one, countries, optimize=True)
        for one in (rate * trade, trade)
    )
    rates: Array = np.divide(paid, value, out=np.zeros_like(paid), where=value > 0)
    every = np.arange(len(mapping.regions))
    rates[:, every, every] = 0.0
    return rates


def _good(industry: str) -> str | None:
    """The embedded world's sector of an industry that tariffs can hit, else None."""
    try:
        key = sector_of_isic4(industry)
    except UnknownCode:
        return None
    return key if key in sector_codes.goods() else None


def _members(table: CountryTable, mapping: Concordance) -> tuple[Array, Array]:
    """Membership of countries in regions [N, n] and of industries in sectors [J, j], ones and zeros."""
    regions = np.array(
        [[mapping.region_of[code] == region for code in table.countries] for region in mapping.regions]
    )
    sectors = np.array([[mapping.sector_of[code] == key for code in table.industries] for key in mapping.sectors])
    return regions.astype(np.float64), sectors.astype(np.float64)


def _with_room(shipments: Shipments, rates: Array) -> tuple[Structure, list[Note]]:
    """The settled table in which every sector keeps 1 % of output as value added once its inputs bear `rates`."""
    notes: list[Note] = []
    for _ in range(_ROUNDS):
        structure, settled = settle(shipments)
        spent = ((1.0 + rates) * structure.flow).sum(axis=2)
        dearer = np.divide(spent, structure.expenditure, out=np.ones_like(spent), where=structure.expenditure > 0)
        output = structure.output
        cost = (structure.input_use * dearer[:, None, :]).sum(axis=0)
        share = np.divide(cost, output, out=np.zeros_like(cost), where=output > 0)
        over = share > 1.0 - LEAST_VALUE_ADDED / 2
        if not np.any(over):
            return structure, [*settled, *notes]
        scale = np.where(over, (1.0 - LEAST_VALUE_ADDED) / np.where(over, share, 1.0), 1.0)
        shipments = replace(shipments, intermediate=shipments.intermediate * scale.T[None, None])
        notes += [
            Note(
                "tariffs",
                "value added raised to 1 % of output after tariffs on inputs",
                f"{shipments.regions[n]}/{shipments.sectors[j]}",
                float((1.0 - scale[j, n]) * cost[j, n]),
            )
            for j, n in zip(*np.nonzero(over), strict=True)
        ]
    return structure, [*settled, *notes]


def _manifest(table: CountryTable, mapping: Concordance, notes: list[Note]) -> dict[str, Any]:
    """What the world stands on, in types that JSON knows."""
    members: dict[str, list[str]] = {region: [] for region in mapping.regions}
    for country, region in mapping.region_of.items():
        code = iso3_of(country)
        members[region] += [code] if code not in members[region] else []
    return {
        "world": "own",
        "vintage": f"{table.title}, {table.year}",
        "members": members,
        "mapping_sha256": mapping.sha256 or "default",
        "changed_by_rule": {
            "entries": len(notes),
            "usd_million": round(sum(abs(note.amount) for note in notes), 3),
        },
        "sources": [
            {
                "id": "own_world",
                "title": f"{table.title}, {table.year}",
                "citation": table.citation,
                "licence": table.licence,
                "vintage": str(table.year),
                "sha256": {table.file: table.sha256},
            }
        ],
    }


def notes_table(notes: list[Note]) -> pl.DataFrame:
    """Notes as a table: step, rule, where, amount, unit."""
    import polars as pl

    rows = [(note.step, note.rule, note.where, note.amount, note.unit) for note in notes]
    schema = {"step": pl.String, "rule": pl.String, "where": pl.String, "amount": pl.Float64, "unit": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
