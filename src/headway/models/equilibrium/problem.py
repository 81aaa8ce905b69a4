"""A checked problem on the device: one baseline, closure and shock as the compiled program takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.models.device import place
from headway.models.equilibrium.accounts import baseline_accounts, baseline_subsidy
from headway.models.equilibrium.checks import check_baseline, check_closure
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.system import Economy, Parameters, Policy, Structure
from headway.models.fixed_point import SolverOptions

# The order of the weights in `Parameters.balance_rule`; "balanced" has none.
BALANCE_RULES = ("fixed", "world_income", "own_income")


@dataclass(frozen=True)
class Problem:
    """A baseline and a closure, checked once and placed on the device for many shocks."""

    baseline: Baseline
    closure: Closure
    economy: Economy
    structure: Structure
    options: SolverOptions
    taxed: bool

    @property
    def unknowns(self) -> int:
        """Length of the solver's vector."""
        return int(self.economy.earnings.size) + (2 + self.structure.scale) * int(self.economy.expenditure.size)


def prepare(
    baseline: Baseline,
    closure: Closure | None = None,
    *,
    options: SolverOptions | None = None,
    export_taxes: bool = False,
    check: bool = True,
) -> Problem:
    """Check a baseline and put it on the device; `export_taxes` says that some shock will have them.

    Raises DataError for a baseline that does not balance (skipped where `check` is False) and OutsideDomain for a
    closure without a unique equilibrium.
    """
    closure = closure or Closure()
    options = options or SolverOptions()
    if check:
        check_baseline(baseline)
    check_closure(baseline, closure)
    structure = Structure(labour=closure.labour, scale=closure.has_scale, memory=options.memory)
    taxed = export_taxes or baseline.export_tax is not None
    return Problem(baseline, closure, _economy(baseline, closure, taxed), structure, options, taxed)


def _economy(baseline: Baseline, closure: Closure, taxed: bool) -> Economy:
    accounts = baseline_accounts(baseline)
    specific = closure.labour == "specific"
    return Economy(
        **place(
            {
                "trade_share": _closed_rows(baseline),
                "tariff": baseline.tariff,
                "export_tax": _tax(baseline.export_tax, baseline, taxed),
                "value_added_share": baseline.value_added_share,
                "input_share": np.ascontiguousarray(baseline.input_share.transpose(2, 1, 0)),
                "final_share": baseline.final_share,
                "earnings": baseline.value_added_share * accounts.cost if specific else baseline.value_added,
                "expenditure": baseline.expenditure,
                "cost": accounts.cost,
                "gross_income": accounts.gross_income,
                "deficit": baseline.deficit,
                "production_subsidy": baseline_subsidy(baseline.production_subsidy, accounts.output),
                "consumption_subsidy": baseline_subsidy(baseline.consumption_subsidy, accounts.output),
            }
        )
    )


def _closed_rows(baseline: Baseline) -> Array:
    """Trade shares with an own share of one where a region buys nothing of a sector: its price follows its cost."""
    empty = (baseline.expenditure <= 0.0) & (baseline.trade_share.sum(axis=2) <= 0.0)
    if not np.any(empty):
        return baseline.trade_share
    share = baseline.trade_share.copy()
    sector, region = np.nonzero(empty)
    share[sector, region, region] = 1.0
    return share


def _tax(tax: Array | None, baseline: Baseline, taxed: bool) -> Array | None:
    """Export taxes, zeros where the problem has them somewhere but not here."""
    return np.zeros_like(baseline.tariff) if taxed and tax is None else tax


def policy_levels(baseline: Baseline, shock: Shock, *, taxed: bool) -> dict[str, Array | None]:
    """New level of every wedge; `taxed` where the compiled program has export taxes."""
    like = baseline.expenditure
    production = level(shock.production_subsidy, baseline.production_subsidy)
    consumption = level(shock.consumption_subsidy, baseline.consumption_subsidy)
    return {
        "tariff": level(shock.tariff, baseline.tariff),
        "export_tax": _tax(level(shock.export_tax, baseline.export_tax), baseline, taxed),
        "iceberg": shock.iceberg,
        "production_subsidy": baseline_subsidy(production, like),
        "consumption_subsidy": baseline_subsidy(consumption, like),
    }


def parameter_values(baseline: Baseline, closure: Closure) -> dict[str, Array | None]:
    """Elasticities and the closures that are data, as `Parameters` takes them."""
    theta = np.asarray(baseline.trade_elasticity, dtype=np.float64)
    scale = np.asarray(closure.scale_elasticity, dtype=np.float64)
    floor = -np.inf if closure.wage_floor is None else np.log(closure.wage_floor)
    return {
        "trade_elasticity": theta,
        "scale_elasticity": np.broadcast_to(scale, theta.shape),
        "labour_supply_elasticity": np.asarray(closure.labour_supply_elasticity, dtype=np.float64),
        "log_wage_floor": np.asarray(floor, dtype=np.float64),
        "balance_rule": np.array([float(closure.trade_balance == rule) for rule in BALANCE_RULES]),
    }


def place_policy(baseline: Baseline, shock: Shock, *, taxed: bool) -> Policy:
    """`policy_levels` on the device."""
    return Policy(**place(policy_levels(baseline, shock, taxed=taxed)))


def place_parameters(baseline: Baseline, closure: Closure) -> Parameters:
    """`parameter_values` on the device."""
    return Parameters(**place(parameter_values(baseline, closure)))


def level(new: Array | None, old: Array | None) -> Array | None:
    """The shock's level, or the baseline's where the shock has none."""
    return old if new is None else new
