"""Checks at the border: is the baseline an equilibrium, and is the shock inside the model's domain?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.errors import DataError, OutsideDomain
from headway.models.equilibrium.accounts import baseline_accounts
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock

BALANCE_TOLERANCE = 1e-8
SHARE_TOLERANCE = 1e-8


def check_baseline(baseline: Baseline, *, tolerance: float = BALANCE_TOLERANCE) -> None:
    """Raise DataError where a share does not add up or an identity fails by more than `tolerance` of world value
    added.

    The message names the worst identity, its sector and region by index, and the gap.
    """
    _check_shapes(baseline)
    check_elasticity(baseline.trade_elasticity)
    _check_signs(baseline)
    worst = max(identity_gaps(baseline), key=lambda gap: gap[1])
    name, size, where = worst
    if size > tolerance:
        raise DataError(
            f"The baseline does not balance: {name} fails by {size:.3g} of its scale at {where}.",
            "Rebuild the table, or pass it through headway.models.equilibrium.rebalance first.",
        )


def identity_gaps(baseline: Baseline) -> Iterator[tuple[str, float, str]]:
    """Yield (identity, largest gap, where) for every accounting identity; values relative to world value added."""
    accounts = baseline_accounts(baseline)
    world = float(baseline.value_added.sum())
    used = baseline.expenditure > 0.0
    active = accounts.output > 0.0
    shares = np.where(used, baseline.trade_share.sum(axis=2) - 1.0, 0.0)
    yield _gap("trade shares sum to one", shares)
    cost = baseline.value_added_share + baseline.input_share.sum(axis=0)
    yield _gap("cost shares sum to one", np.where(active, cost - 1.0, 0.0))
    yield _gap("final-demand shares sum to one", baseline.final_share.sum(axis=0) - 1.0)
    yield _gap("value added equals factor payments", (accounts.factor_payments - baseline.value_added) / world)
    demand = accounts.input_demand + accounts.final_demand
    yield _gap("expenditure equals input use plus final use", (baseline.expenditure - demand) / world)
    yield _gap("deficits sum to zero", np.atleast_1d(baseline.deficit.sum() / world))


def _gap(name: str, difference: Array) -> tuple[str, float, str]:
    """The largest absolute element of `difference` and its index, in words."""
    index = np.unravel_index(int(np.argmax(np.abs(difference))), difference.shape)
    labels = ("region",) if difference.ndim == 1 else ("sector", "region")
    where = ", ".join(f"{label} {int(place)}" for label, place in zip(labels, index, strict=True))
    return name, float(np.abs(difference[index])), where


def _check_shapes(baseline: Baseline) -> None:
    """Raise DataError where an array has the wrong shape or holds a value that is not finite."""
    sectors, regions = baseline.expenditure.shape
    regional, bilateral = (sectors, regions), (sectors, regions, regions)
    expected: dict[str, tuple[int, ...]] = {
        "expenditure": regional,
        "trade_share": bilateral,
        "tariff": bilateral,
        "value_added_share": regional,
        "input_share": (sectors, sectors, regions),
        "final_share": regional,
        "value_added": (regions,),
        "deficit": (regions,),
        "trade_elasticity": (sectors,),
        "export_tax": bilateral,
        "production_subsidy": regional,
        "consumption_subsidy": regional,
    }
    for name, shape in expected.items():
        values = getattr(baseline, name)
        if values is not None:
            _check_array(f"baseline.{name}", values, shape)


def _check_array(name: str, values: Array, shape: tuple[int, ...]) -> None:
    if np.shape(values) != shape:
        raise DataError(
            f"{name} has shape {np.shape(values)}, not {shape}.", "Order is [sector, importer, exporter]."
        )
    if not np.all(np.isfinite(values)):
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        raise DataError(f"{name} is not finite at index {place}.", "Fill missing values before solving.")


def _check_signs(baseline: Baseline) -> None:
    """Raise DataError for negative expenditure or trade shares and for a region without value added."""
    for name in ("expenditure", "trade_share"):
        values = getattr(baseline, name)
        if np.any(values < 0.0):
            place = tuple(int(i) for i in np.argwhere(values < 0.0)[0])
            raise DataError(f"baseline.{name} is negative at index {place}.", "Flows cannot be negative.")
    if np.any(baseline.value_added <= 0.0):
        region = int(np.argmin(baseline.value_added))
        raise DataError(
            f"Region {region} has value added {baseline.value_added[region]:.4g}.", "It must be above zero."
        )


def check_elasticity(trade_elasticity: Array) -> None:
    """Raise OutsideDomain where θ ≤ −1 (no Armington demand has it) or θ = 0 (Cobb–Douglas: shares never move)."""
    bad = (trade_elasticity <= -1.0) | (trade_elasticity == 0.0) | ~np.isfinite(trade_elasticity)
    if np.any(bad):
        sector = int(np.argmax(bad))
        raise OutsideDomain(
            f"The trade elasticity of sector {sector} is {trade_elasticity[sector]:g}.",
            "θ must be above −1 and not zero; values between −1 and 0 mean Armington with substitution below one.",
        )


def check_shock(baseline: Baseline, shock: Shock) -> None:
    """Raise OutsideDomain for a rate of −100 % or less, a subsidy of 100 % or more, or an iceberg change ≤ 0."""
    bilateral = baseline.trade_share.shape
    regional = baseline.expenditure.shape
    for name, shape, low, high in (
        ("tariff", bilateral, -1.0, np.inf),
        ("export_tax", bilateral, -1.0, np.inf),
        ("iceberg", bilateral, 0.0, np.inf),
        ("production_subsidy", regional, -np.inf, 1.0),
        ("consumption_subsidy", regional, -np.inf, 1.0),
    ):
        for owner in (baseline, shock):
            values = getattr(owner, name, None)
            if values is not None:
                _check_array(f"{type(owner).__name__.lower()}.{name}", values, shape)
                _check_range(f"{type(owner).__name__.lower()}.{name}", values, low, high)


def _check_range(name: str, values: Array, low: float, high: float) -> None:
    bad = (values <= low) | (values >= high)
    if np.any(bad):
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise OutsideDomain(
            f"{name} is {values[place]:g} at index {place}; it must lie strictly between {low:g} and {high:g}.",
            "Rates are fractions (0.25 for 25 %).",
        )


def check_closure(baseline: Baseline, closure: Closure) -> None:
    """Raise OutsideDomain where the closure has no unique equilibrium or no meaning.

    With scale elasticity ψ, uniqueness needs θψ < 1 in every sector (Kucheryavyy, Lyn & Rodríguez-Clare 2023).
    """
    scale = np.broadcast_to(
        np.asarray(closure.scale_elasticity, dtype=np.float64), baseline.trade_elasticity.shape
    )
    product = scale * baseline.trade_elasticity
    if np.any(product >= 1.0):
        sector = int(np.argmax(product))
        raise OutsideDomain(
            f"θψ = {product[sector]:.3g} in sector {sector}: with θψ ≥ 1 the equilibrium is not unique.",
            "Lower the scale elasticity or the trade elasticity of that sector.",
        )
    if closure.labour_supply_elasticity < 0.0:
        raise OutsideDomain(
            f"The labour supply elasticity is {closure.labour_supply_elasticity:g}.", "It must be zero or more."
        )
    if closure.wage_floor is not None and not 0.0 < closure.wage_floor <= 1.0:
        raise OutsideDomain(f"The wage floor is {closure.wage_floor:g}.", "It must lie in (0, 1].")
