"""Tables of a result: rows that point to figures. They hold no numbers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from headway.impact.results import Figure, Row, Table
from headway.policy.scenario import Horizon

HORIZON_NAMES: dict[Horizon, str] = {"up_to_a_year": "up to a year", "long_run": "long run"}

NO_EXPOSURE_WORDS = "no measurable exposure"

Figures = Mapping[str, Figure]


def build_tables(
    figures: Figures,
    horizons: tuple[Horizon, ...],
    *,
    item_keys: Iterable[str],
    rivals: Iterable[str],
    origins: Iterable[str],
) -> dict[str, Table]:
    """Every table of a run whose figures exist."""
    tables = (
        _headline(figures, horizons),
        _items(figures, horizons, item_keys),
        _channels(figures, horizons, item_keys),
        _rivals(figures, horizons, rivals),
        _rates(figures, origins),
        _variance(figures, horizons),
        _models(figures, horizons),
    )
    return {table.id: table for table in tables if table.rows}


def by_horizon(figures: Figures, names: Mapping[str, str], horizons: tuple[Horizon, ...]) -> dict[str, str]:
    """Cells column.horizon → figure id for those figures that exist; `names` maps a column to a figure name."""
    cells = {f"{column}.{h}": f"{name}.{h}" for column, name in names.items() for h in horizons}
    return {column: id for column, id in cells.items() if id in figures}


def _columns(headings: Mapping[str, str], horizons: tuple[Horizon, ...]) -> dict[str, str]:
    return {f"{column}.{h}": f"{text}, {HORIZON_NAMES[h]}" for column, text in headings.items() for h in horizons}


def _headline(figures: Figures, horizons: tuple[Horizon, ...]) -> Table:
    names = {
        "exports.total": "Goods exports, all destinations",
        "exports.total.usd": "Goods exports, all destinations",
        "exports.us": "Goods exports to the US",
        "exports.direct.usd": "of which in the US, from its own tariff",
        "exports.diversion.usd": "of which in the US, from rivals' tariffs",
        "exports.elsewhere.usd": "of which in other markets",
        "income": "Real income",
    }
    rows = [
        Row(key=name, label=label, cells=by_horizon(figures, {"change": name}, horizons))
        for name, label in names.items()
    ]
    return Table(
        id="headline",
        title="What it would mean in total",
        columns=_columns({"change": "Change"}, horizons),
        rows=tuple(row for row in rows if row.cells),
    )


def _items(figures: Figures, horizons: tuple[Horizon, ...], keys: Iterable[str]) -> Table:
    columns = {"base": "Exports", "us_share": "Share to the US"}
    columns |= _columns({"change": "Change", "usd": "In dollars"}, horizons)
    rows = []
    for key in keys:
        base = figures[f"item.{key}.base"]
        known = {"base": base.id, "us_share": f"item.{key}.us_share"}
        cells = {column: id for column, id in known.items() if id in figures}
        moved = by_horizon(figures, {"change": f"item.{key}.change", "usd": f"item.{key}.usd"}, horizons)
        words = {} if moved else dict.fromkeys(_columns({"change": ""}, horizons), NO_EXPOSURE_WORDS)
        rows.append(Row(key=key, label=base.label.split(":")[0], cells=cells | moved, words=words))
    return Table(
        id="items",
        title="Exports by item",
        columns=columns,
        rows=tuple(rows),
        note="≈ is an estimate: nobody publishes the year; how it was made stands in the list of all figures.",
    )


def _channels(figures: Figures, horizons: tuple[Horizon, ...], keys: Iterable[str]) -> Table:
    parts = {"direct": "US: its own tariff", "diversion": "US: rivals' tariffs", "elsewhere": "Other markets"}
    rows = []
    for key in keys:
        names = {part: f"item.{key}.{part}_usd" for part in parts}
        label = figures[f"item.{key}.base"].label.split(":")[0]
        rows.append(Row(key=key, label=label, cells=by_horizon(figures, names, horizons)))
    return Table(
        id="channels",
        title="Losses and gains by item",
        columns=_columns(parts, horizons),
        rows=tuple(row for row in rows if row.cells),
        note="Rivals' tariffs come first, with home spared; then its own tariff, on what it would then have sold. "
        "“Its own tariff” is therefore what an exemption for home alone would be worth.",
    )


def _rivals(figures: Figures, horizons: tuple[Horizon, ...], regions: Iterable[str]) -> Table:
    parts = {"exports": "Goods exports", "us_share": "Share of US imports", "income": "Real income"}
    rows = []
    for region in regions:
        cells = by_horizon(figures, {part: f"rival.{region}.{part}" for part in parts}, horizons)
        if cells:
            label = figures[next(iter(cells.values()))].label.split(":")[0]
            rows.append(Row(key=region, label=label, cells=cells))
    return Table(
        id="rivals",
        title="Who gains and who loses",
        columns=_columns(parts, horizons),
        rows=tuple(rows),
        note="Exports and income by the world-economy model alone, so that countries compare; the headline for home "
        "joins it with the product level and differs.",
    )


def _rates(figures: Figures, origins: Iterable[str]) -> Table:
    rows = []
    for origin in (*origins, "WORLD"):
        cells = {when: f"us_rate.{origin}.{when}" for when in ("before", "after")}
        if all(id in figures for id in cells.values()):
            rows.append(Row(key=origin, label=figures[cells["before"]].label.split(":")[0], cells=cells))
    return Table(
        id="us_rates",
        title="Average US tariff by origin, weights fixed",
        columns={"before": "Before the measures", "after": "After the measures"},
        rows=tuple(rows),
        note="The interval is the announced range. Nothing responds: imports stay as they were.",
    )


def _variance(figures: Figures, horizons: tuple[Horizon, ...]) -> Table:
    parts = {
        "policy": "The announced range",
        "parameters": "The trade elasticities",
        "interaction": "Both together",
    }
    rows = [
        Row(key=part, label=label, cells=by_horizon(figures, {"share": f"variance.{part}"}, horizons))
        for part, label in parts.items()
    ]
    return Table(
        id="variance",
        title="What the uncertainty of total exports comes from",
        columns=_columns({"share": "Share of variance"}, horizons),
        rows=tuple(row for row in rows if row.cells),
    )


def _models(figures: Figures, horizons: tuple[Horizon, ...]) -> Table:
    names = {
        "exports.total": "Headline: products in the US, sectors elsewhere",
        "equilibrium.exports": "World-economy model alone",
        "exports.us": "To the US, product by product (headline)",
        "equilibrium.us": "To the US, world-economy model alone",
    }
    rows = [
        Row(key=name, label=label, cells=by_horizon(figures, {"change": name}, horizons))
        for name, label in names.items()
    ]
    return Table(
        id="models",
        title="Two models side by side",
        columns=_columns({"change": "Goods exports"}, horizons),
        rows=tuple(row for row in rows if row.cells),
        note="In the first year the product level lets buyers keep most of what they buy of a product when it gets "
        "dearer; the world economy keeps what they spend on it. That is why it falls further.",
    )
