"""Tables of the central case that stand beside a result's draws: what each measure adds, income's parts, closures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from headway.impact.contributions import contributions, figures_of, table_of
from headway.impact.income_parts import income_parts
from headway.impact.plan import Plan
from headway.impact.results import Figure, Table
from headway.impact.variants import variant_figures

MOST_IN_A_RUN = 6
"""Measures up to which every run tells what each adds: 64 coalitions, a second or two; `contributions` takes eight."""


class Beside(NamedTuple):
    """Figures and the tables that point to them."""

    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


def of_run(
    planned: Plan, figures: Mapping[str, Figure], *, sources: tuple[str, ...], closures: bool = False
) -> Beside:
    """Every such table that a plan gives rise to beside the `figures` of its draws; other closures if asked for."""
    if not planned.tariffs:
        return Beside()
    parts = [_contributions(planned, figures, sources)] if 2 <= len(planned.tariffs) <= MOST_IN_A_RUN else []
    if "long_run" in planned.scenario.horizons:
        parts.append(income_parts(planned, sources=sources))
        if closures:
            parts.append(variant_figures(planned, sources=sources))
    return Beside(tuple(figure for figures, _ in parts for figure in figures), tuple(table for _, table in parts))


def _contributions(
    planned: Plan, figures: Mapping[str, Figure], sources: tuple[str, ...]
) -> tuple[list[Figure], Table]:
    horizons = planned.scenario.horizons
    made = [figure for horizon in horizons for figure in figures_of(contributions(planned, horizon), sources)]
    measures = tuple(tariff.measure for tariff in planned.tariffs)
    known = dict(figures) | {figure.id: figure for figure in made}
    return made, table_of(known, measures, horizons)
