"""From records to the compiled program and back: `solve`, `rebalance`, `rebase`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.errors import NotConverged
from headway.models.device import place
from headway.models.equilibrium.checks import check_closure, check_elasticity, check_shock
from headway.models.equilibrium.kernel import residual_location, solve_program
from headway.models.equilibrium.problem import Problem, level, place_parameters, place_policy, prepare
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.solution import Diagnostics, Equilibrium, walras_gap
from headway.models.equilibrium.system import Economy, Parameters, Policy, Structure
from headway.models.fixed_point import FixedPoint, SolverOptions

# Factors on damping and patience of the attempts after a failed first one.
RETRIES = ((0.1, 3), (2.0, 3), (0.02, 6))


def solve(
    baseline: Baseline,
    shock: Shock | None = None,
    closure: Closure | None = None,
    *,
    options: SolverOptions | None = None,
    start: Array | None = None,
    check: bool = True,
) -> Equilibrium:
    """Solve for the counterfactual after `shock`; METHODS section 2, Caliendo & Parro (2015) in changes.

    `start` is the `state` of a neighbouring equilibrium. Raises DataError (baseline does not balance),
    OutsideDomain (shock, elasticity or closure) or NotConverged (iterations, worst residual, its equation and
    index).
    """
    shock = shock or Shock()
    problem = prepare(baseline, closure, options=options, export_taxes=shock.export_tax is not None, check=check)
    return solve_prepared(problem, shock, start=start)


def solve_prepared(
    problem: Problem, shock: Shock, *, trade_elasticity: Array | None = None, start: Array | None = None
) -> Equilibrium:
    """Solve one shock of a prepared problem, with other trade elasticities [J] where given."""
    baseline = checked_baseline(problem, shock, trade_elasticity)
    policy = place_policy(baseline, shock, taxed=problem.taxed)
    parameters = place_parameters(baseline, problem.closure)
    found, attempts = _attempt(problem, policy, parameters, start)
    return build_equilibrium(problem, baseline, shock, found, attempts)


def checked_baseline(problem: Problem, shock: Shock, trade_elasticity: Array | None) -> Baseline:
    """The problem's baseline with other elasticities, once they and the shock are known to lie in the domain."""
    baseline = problem.baseline
    if trade_elasticity is not None:
        baseline = baseline.with_elasticity(trade_elasticity)
        check_elasticity(baseline.trade_elasticity)
        check_closure(baseline, problem.closure)
    check_shock(baseline, shock)
    return baseline


def device_arguments(equilibrium: Equilibrium) -> tuple[Economy, Policy, Parameters, Structure]:
    """The arguments of the compiled program that a solved equilibrium came from, for derivatives there."""
    taxed = equilibrium.shock.export_tax is not None
    problem = prepare(equilibrium.baseline, equilibrium.closure, export_taxes=taxed, check=False)
    policy = place_policy(equilibrium.baseline, equilibrium.shock, taxed=problem.taxed)
    return problem.economy, policy, place_parameters(equilibrium.baseline, equilibrium.closure), problem.structure


def rebase(equilibrium: Equilibrium) -> Baseline:
    """The counterfactual as a new baseline, so that another shock can follow; exactly balanced to the solver's
    tolerance.
    """
    baseline, shock = equilibrium.baseline, equilibrium.shock
    return replace(
        baseline,
        expenditure=equilibrium.expenditure,
        trade_share=equilibrium.trade_share,
        tariff=baseline.tariff if shock.tariff is None else shock.tariff,
        value_added=equilibrium.value_added.sum(axis=0),
        deficit=equilibrium.deficit,
        export_tax=baseline.export_tax if shock.export_tax is None else shock.export_tax,
        production_subsidy=level(shock.production_subsidy, baseline.production_subsidy),
        consumption_subsidy=level(shock.consumption_subsidy, baseline.consumption_subsidy),
    )


def rebalance(baseline: Baseline, closure: Closure | None = None) -> Baseline:
    """A balanced baseline near one whose identities fail, by a solve without shock; with trade_balance
    "balanced" it also removes deficits, as Caliendo & Parro (2015) do before their Table 2."""
    return rebase(solve(baseline, Shock(), closure, check=False))


def _attempt(
    problem: Problem, policy: Policy, parameters: Parameters, start: Array | None
) -> tuple[FixedPoint, int]:
    """Solve, and again with more damping where the first attempt fails; the number of attempts comes last."""
    economy, structure, options = problem.economy, problem.structure, problem.options
    zeros = np.zeros(problem.unknowns)
    first = place(zeros if start is None else start)
    for number, (damping, patience) in enumerate(((1.0, 1), *RETRIES), start=1):
        limits = options.limits(damping=damping, patience=patience)
        found = solve_program(economy, policy, parameters, first, limits, structure)
        if float(found.error) <= options.tolerance:
            return found, number
        first = place(zeros)
    raise _not_converged(problem, found)


def _not_converged(problem: Problem, found: FixedPoint) -> NotConverged:
    equation, index, worst = _worst(problem, found)
    return NotConverged(
        f"No equilibrium found in {int(found.iterations)} evaluations: the {equation} equation at index {index} "
        f"is off by {worst:.3g}.",
        _what_to_try(problem),
    )


def _what_to_try(problem: Problem) -> str:
    """Advice for a solve that failed: first what the problem's own features make likely."""
    advice = []
    if problem.closure.trade_balance == "fixed" and np.any(problem.baseline.deficit != 0.0):
        advice.append(
            "Fixed deficits may have no equilibrium where trade or income becomes too small to carry them: try "
            'Closure(trade_balance="own_income") or "balanced".'
        )
    if problem.structure.scale:
        advice.append("With inputs, scale economies can have several equilibria well below θψ = 1: lower them.")
    advice.append(
        "Try a smaller shock, start from the solution of a nearby one (start=...), or more patience "
        "(SolverOptions(memory=20, max_iterations=2000))."
    )
    return " ".join(advice)


def _worst(problem: Problem, found: FixedPoint) -> tuple[str, tuple[int, ...], float]:
    """The equation with the largest residual, its index and the residual; a NaN counts as the largest."""
    residual = np.abs(np.asarray(found.residual))
    place = int(np.argmax(np.where(np.isnan(residual), np.inf, residual)))
    equation, index = residual_location(place, problem.economy, problem.structure)
    return equation, index, float(residual[place])


def build_equilibrium(
    problem: Problem, baseline: Baseline, shock: Shock, found: FixedPoint, attempts: int
) -> Equilibrium:
    """The record of a solution that has been found."""
    host: dict[str, Array] = {name: np.asarray(part) for name, part in found.found._asdict().items()}
    equation, index, worst = _worst(problem, found)
    taxes = host["tariff_revenue"] + host["export_tax_revenue"]
    world = float(baseline.value_added.sum())
    gap = walras_gap(host["output"], host["spending"], taxes, host["deficit"], world)
    wage, employment = np.exp(host["log_wage"]), np.exp(host["log_employment"])
    return Equilibrium(
        baseline=baseline,
        shock=shock,
        closure=problem.closure,
        state=np.asarray(found.point),
        share_sum=host["share_sum"],
        wage_change=wage,
        employment_change=employment,
        earnings_change=wage * employment,
        cost_change=np.exp(host["log_unit_cost"]),
        seller_price_change=np.exp(host["log_seller_price"]),
        price_change=np.exp(host["log_price"]),
        consumer_price_change=np.exp(host["log_consumer_price"]),
        expenditure=host["spending"],
        output=host["output"],
        cost=host["cost"],
        income=host["income"],
        tariff_revenue=host["tariff_revenue"],
        export_tax_revenue=host["export_tax_revenue"],
        deficit=host["deficit"],
        diagnostics=Diagnostics(int(found.iterations), worst, equation, index, gap, attempts),
    )
