"""Support allocated: request in, flags raised before anything is costed, allocation and `Response` out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.codes import items
from headway.errors import DataError
from headway.impact.results import Figure, Finding, Table
from headway.policy import Scenario
from headway.response.content import value_added_content
from headway.response.results import Response, by_id, fixed, manifest, ranged, row, table
from headway.response.support import reasons
from headway.response.support.design import Design, build
from headway.response.support.firms import SIZES, Firms
from headway.response.support.flags import Flag, raise_flags
from headway.response.support.losses import Losses
from headway.response.support.programme import GAP, Allocation, allocate
from headway.response.support.rules import Rules, fingerprint
from headway.world import World, load
from headway.world.regions import region_of

Array = NDArray[np.float64]

SHOWN = 20
MILLION = 1e6


@dataclass(frozen=True)
class Support:
    """An allocation: the record for readers, one row a firm, the flags, and the arrays behind them."""

    response: Response
    firms: pl.DataFrame
    flags: tuple[Flag, ...]
    design: Design
    allocation: Allocation


@dataclass(frozen=True)
class SupportRequest:
    """What is asked: firms, rules, a budget in the rules' currency, grants of earlier rounds, and the gap allowed."""

    firms: Firms
    rules: Rules
    budget: float
    granted: pl.DataFrame | None = None
    gap: float = GAP


def allocate_support(
    request: SupportRequest, losses: Losses, *, scenario: Scenario | None = None, world: World | None = None
) -> Support:
    """Allocate a budget over firms and instruments so that the most exports (or home value added) are kept.

    Legal questions are raised from the design before anything is costed. Raises DataError for a budget that cannot meet
    the limits, naming those in conflict, or that buys nothing; NotConverged where the gap is not reached.
    """
    started = time.perf_counter()
    flags = raise_flags(request.rules)
    content = _content(scenario.home if scenario else "KOR", world) if _counts_value_added(request.rules) else {}
    design = build(request.firms, request.rules, losses, request.budget, content=content, granted=request.granted)
    found = allocate(design.menu, design.limits, gap=request.gap)
    spread = _spread(request, losses)
    listed = reasons.table(request.firms, request.rules, design, found, spread)
    figures, tables = _present(request, design, found, listed, flags)
    response = Response(
        kind="support",
        title=f"{request.rules.title}: {request.budget:,.0f} {request.rules.currency}, {request.firms.count:,} firms",
        scenario=scenario,
        vintage=losses.source,
        figures=by_id(figures),
        tables={one.id: one for one in tables if one.rows},
        findings=_findings(flags, request, losses),
        manifest=manifest(scenario, world, _parameters(request, losses, found), started=started),
    )
    return Support(response, listed, flags, design, found)


def read_granted(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Grants of an earlier round [firm_id, instrument] from an allocation table with firm_id and granted ("a+b")."""
    missing = [column for column in ("firm_id", "granted") if column not in table.columns]
    if missing:
        raise DataError(
            f"{name} lacks the column {', '.join(missing)}.", "Give the allocation.csv of an earlier round."
        )
    kept = table.select(pl.col("firm_id").cast(pl.String), pl.col("granted").cast(pl.String).fill_null(""))
    pairs = [(firm, one) for firm, granted in kept.iter_rows() for one in granted.split("+") if one]
    return pl.DataFrame(pairs, schema={"firm_id": pl.String, "instrument": pl.String}, orient="row")


def _counts_value_added(rules: Rules) -> bool:
    return rules.objective == "value_added"


def _content(home: str, world: World | None) -> dict[str, float]:
    """Home's share in the value of each item's sector."""
    found = value_added_content(world or load())
    region = region_of(home)
    own = dict(zip(found.sectors, found.of(region, region), strict=True))
    return {item.key: float(own[item.sector]) for item in items.ITEMS}


def _spread(request: SupportRequest, losses: Losses) -> tuple[Array, Array]:
    """Low and high loss of each firm [n], in the rules' currency."""
    table = request.firms.table
    share = losses.of(table["item"].to_list())
    exports = table["us_exports_usd"].to_numpy() * request.rules.per_usd
    return np.asarray(share[1] * exports), np.asarray(share[2] * exports)


def _present(
    request: SupportRequest, design: Design, found: Allocation, listed: pl.DataFrame, flags: tuple[Flag, ...]
) -> tuple[list[Figure], list[Table]]:
    """Legal questions first, then totals, instruments, sizes, regions, prices of limits, grants and refusals."""
    figures: list[Figure] = []
    tables = [_flag_table(request, flags)]
    parts = (
        _headline(request, found, listed),
        _instruments(request, design, found, listed),
        _by(request, listed, "size", SIZES),
        _by(request, listed, "region", _largest(listed, "region")),
        _prices(request, design, found),
        _grants(request, listed),
        _refusals(request, listed),
    )
    for more, shown in parts:
        figures += more
        tables.append(shown)
    return figures, tables


def _usd(request: SupportRequest, amount: float) -> float:
    """An amount of the rules' currency in USD million."""
    return amount / request.rules.per_usd / MILLION


def _money(request: SupportRequest, id: str, label: str, amount: float, *, planned: bool = True) -> Figure:
    return fixed(
        id,
        label,
        _usd(request, amount),
        unit="USD million",
        sources=(request.firms.name, request.rules.id),
        model="programme" if planned else "observed",
        note=f"{amount:,.1f} {request.rules.currency}",
    )


def _count(request: SupportRequest, id: str, label: str, value: float) -> Figure:
    return fixed(id, label, value, unit="count", sources=(request.firms.name, request.rules.id), model="programme")


def _kept(request: SupportRequest, id: str, label: str, listed: pl.DataFrame) -> Figure:
    ends = tuple(_usd(request, float(listed[name].sum())) for name in ("kept", "kept_low", "kept_high"))
    return ranged(
        id,
        label,
        (ends[0], min(ends), max(ends)),
        unit="USD million",
        model="programme",
        sources=(request.firms.name, request.rules.id),
    )


def _headline(request: SupportRequest, found: Allocation, listed: pl.DataFrame) -> tuple[list[Figure], Table]:
    source = (request.firms.name, request.rules.id)
    figures = [
        _money(request, "support.budget", "Budget", request.budget, planned=False),
        _money(request, "support.spent", "Granted", float(listed["amount"].sum())),
        _count(request, "support.firms", "Firms with a grant", int((listed["amount"] > 0).sum())),
        _kept(request, "support.kept", "Exports kept", listed),
        _money(request, "support.value", "Value of the allocation, as the rules count it", found.value),
        _money(request, "support.bound", "No allocation can be worth more than", found.bound),
        fixed(
            "support.gap",
            "Gap between the allocation and the bound",
            100 * found.gap,
            unit="percent",
            sources=source,
            model="programme",
            note=f"{found.gap:.2g} of the value",
        ),
        fixed(
            "support.one_more",
            "Value that one more unit of the budget buys",
            float(found.prices[0]),
            unit="ratio",
            sources=source,
            model="programme",
            note="shadow price of the budget in the relaxation: one more billion buys this many billions",
        ),
    ]
    rows = [row(figure.id, figure.label, {"value": figure.id}) for figure in figures]
    return figures, table("support_headline", "What the budget buys", {"value": ""}, rows)


def _instruments(
    request: SupportRequest, design: Design, found: Allocation, listed: pl.DataFrame
) -> tuple[list[Figure], Table]:
    held = design.menu.bundles[found.chosen]
    figures, rows = [], []
    for j, one in enumerate(request.rules.instruments):
        start = f"support.instrument.{one.id}"
        open_to = int((design.bar[:, j] == 0).sum())
        figures += [
            _count(request, f"{start}.open", f"{one.name}: firms that may have it", open_to),
            _count(request, f"{start}.firms", f"{one.name}: firms that get it", int(held[:, j].sum())),
            _money(request, f"{start}.amount", f"{one.name}: granted", float(design.cost[held[:, j], j].sum())),
        ]
        effect = one.effect
        words = {"effect": f"{100 * effect.share:g} % of the loss ({100 * effect.low:g} to {100 * effect.high:g})"}
        words["source"] = effect.source
        rows.append(
            row(one.id, one.name, {part: f"{start}.{part}" for part in ("open", "firms", "amount")}, words)
        )
    columns = {
        "open": "May have it",
        "firms": "Get it",
        "amount": "Granted",
        "effect": "Keeps",
        "source": "Source",
    }
    return figures, table("support_instruments", "By instrument", columns, rows)


def _largest(listed: pl.DataFrame, column: str) -> tuple[str, ...]:
    sums = listed.group_by(column).agg(pl.col("amount").sum()).sort("amount", column, descending=[True, False])
    return tuple(sums[column])


def _by(
    request: SupportRequest, listed: pl.DataFrame, column: str, keys: Iterable[str]
) -> tuple[list[Figure], Table]:
    figures, rows = [], []
    spent = float(listed["amount"].sum())
    for key in keys:
        group = listed.filter(pl.col(column) == key)
        if group.is_empty():
            continue
        start, name = f"support.{column}.{key}", key.replace("_", "-").capitalize()
        amount = float(group["amount"].sum())
        figures += [
            _count(request, f"{start}.firms", f"{name}: firms with a grant", int((group["amount"] > 0).sum())),
            _count(request, f"{start}.all", f"{name}: all firms", group.height),
            _money(request, f"{start}.amount", f"{name}: granted", amount),
            fixed(
                f"{start}.share",
                f"{name}: share of grants",
                amount / spent if spent else 0.0,
                unit="share",
                sources=(request.firms.name, request.rules.id),
                model="programme",
            ),
            _kept(request, f"{start}.kept", f"{name}: exports kept", group),
        ]
        rows.append(
            row(key, name, {part: f"{start}.{part}" for part in ("all", "firms", "amount", "share", "kept")})
        )
    columns = {
        "all": "Firms",
        "firms": "With a grant",
        "amount": "Granted",
        "share": "Share",
        "kept": "Exports kept",
    }
    return figures, table(f"support_{column}", f"By {column}", columns, rows)


def _prices(request: SupportRequest, design: Design, found: Allocation) -> tuple[list[Figure], Table]:
    """Shadow prices of limits that bind: what one unit more of each would add to the value."""
    figures, rows = [], []
    for k, name in enumerate(design.limits.names):
        price = float(found.prices[k])
        if price <= 1e-9:
            continue
        by_money = bool(np.abs(design.limits.amount[k]).max() > 0)
        start = f"support.price.{k}"
        figures.append(
            fixed(
                start,
                f"{name}: worth of a unit more",
                price if by_money else _usd(request, price),
                unit="ratio" if by_money else "USD million",
                sources=(request.firms.name, request.rules.id),
                model="programme",
                note="value for each unit of money" if by_money else "value for each firm",
            )
        )
        what = "value for each unit of money" if by_money else "value for each firm"
        rows.append(row(str(k), name, {"price": start}, {"what": what}))
    columns = {"price": "Shadow price", "what": "Unit"}
    note = "From the relaxation. Limits that are not here do not bind: loosening them buys nothing."
    return figures, table("support_prices", "What limits cost", columns, rows, note)


def _grants(request: SupportRequest, listed: pl.DataFrame) -> tuple[list[Figure], Table]:
    figures, rows = [], []
    for one in (
        listed.filter(pl.col("amount") > 0)
        .sort("kept", "firm_id", descending=[True, False])
        .head(SHOWN)
        .iter_rows(named=True)
    ):
        start = f"support.grant.{one['firm_id']}"
        figures.append(_money(request, f"{start}.amount", f"{one['firm_id']}: granted", one["amount"]))
        figures.append(_kept(request, f"{start}.kept", f"{one['firm_id']}: exports kept", pl.DataFrame([one])))
        words = {"granted": one["granted"].replace("+", ", "), "reason": one["reason"]}
        cells = {part: f"{start}.{part}" for part in ("amount", "kept")}
        rows.append(row(one["firm_id"], f"{one['firm_id']} ({one['size']}, {one['region']})", cells, words))
    columns = {"granted": "Instruments", "amount": "Granted", "kept": "Exports kept", "reason": "Why"}
    return figures, table("support_grants", "Largest grants by exports kept", columns, rows)


def _refusals(request: SupportRequest, listed: pl.DataFrame) -> tuple[list[Figure], Table]:
    counts = (
        listed.filter(pl.col("amount") == 0)
        .group_by("reason")
        .len()
        .sort("len", "reason", descending=[True, False])
    )
    figures, rows = [], []
    for number, (reason, count) in enumerate(counts.head(SHOWN).iter_rows()):
        figures.append(_count(request, f"support.refusal.{number}", reason, count))
        rows.append(row(str(number), reason, {"firms": f"support.refusal.{number}"}))
    return figures, table("support_refusals", "Why firms get nothing", {"firms": "Firms"}, rows)


def _flag_table(request: SupportRequest, flags: tuple[Flag, ...]) -> Table:
    names = {one.id: one.name for one in request.rules.instruments}
    rows = [
        row(
            f"{number}",
            names[one.instrument],
            {},
            {"article": one.article, "because": one.because, "ask": one.question},
        )
        for number, one in enumerate(flags)
    ]
    columns = {"article": "Article", "because": "Because", "ask": "Question for lawyers"}
    return table(
        "support_flags", "Legal questions that the design raises", columns, rows, "Questions, not verdicts."
    )


def _findings(flags: tuple[Flag, ...], request: SupportRequest, losses: Losses) -> tuple[Finding, ...]:
    legal = [
        Finding(
            id=f"support-flag-{number}",
            kind="legal",
            text=f"{one.instrument}: {one.article}. {one.question} ({one.because}).",
        )
        for number, one in enumerate(flags)
    ]
    return (
        *legal,
        Finding(
            id="support-effects",
            kind="assumption",
            text="What an instrument keeps is an input of the rule set, with a range; most are assumptions. Replace "
            "them with evaluations of past programmes.",
        ),
        Finding(
            id="support-losses",
            kind="model",
            text=f"Losses are those of each firm's main item ({losses.source}, {losses.horizon.replace('_', ' ')}), "
            "the same share for every firm of it.",
            pushes="either way for a firm",
        ),
    )


def _parameters(request: SupportRequest, losses: Losses, found: Allocation) -> dict[str, object]:
    return {
        "firms": {"name": request.firms.name, "sha256": request.firms.sha256, "rows": request.firms.count},
        "rules": {"id": request.rules.id, "sha256": fingerprint(request.rules)},
        "budget": request.budget,
        "currency": request.rules.currency,
        "per_usd": request.rules.per_usd,
        "granted_before": request.granted.height if request.granted is not None else 0,
        "losses": {"source": losses.source, "sha256": losses.sha256, "horizon": losses.horizon},
        "solver": {
            "value": found.value,
            "bound": found.bound,
            "gap": found.gap,
            "gap_allowed": request.gap,
            "evaluations": found.evaluations,
            "core": found.core,
        },
    }
