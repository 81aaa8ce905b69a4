"""From records to the compiled program and back: `solve`, `solve_many`, `rebalance`, `rebase`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from headway.errors import DataError, NotConverged
from headway.models.device import place
from headway.models.equilibrium.checks import check_closure, check_elasticity, check_shock
from headway.models.equilibrium.kernel import residual_location, solve_program
from headway.models.equilibrium.problem import Problem, level, place_parameters, place_policy, prepare
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.solution import Diagnostics, Equilibrium, walras_gap
from headway.models.equilibrium.system import Economy, Outcome, Parameters, Policy, Structure
from headway.models.fixed_point import FixedPoint, SolverOptions

# Factors on damping and patience of the attempts after a failed first one.
RETRIES = ((0.1, 3), (0.03, 6))


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
    baseline = problem.baseline
    if trade_elasticity is not None:
        baseline = baseline.with_elasticity(trade_elasticity)
        check_elasticity(baseline.trade_elasticity)
        check_closure(baseline, problem.closure)
    check_shock(baseline, shock)
    policy = place_policy(baseline, shock, taxed=problem.taxed)
    parameters = place_parameters(baseline, problem.closure)
    found, outcome, attempts = _attempt(problem, policy, parameters, start)
    return _equilibrium(problem, baseline, shock, found, outcome, attempts)


def solve_many(
    baseline: Baseline,
    shocks: Sequence[Shock],
    closure: Closure | None = None,
    *,
    trade_elasticity: Array | None = None,
    options: SolverOptions | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Equilibrium, ...]:
    """Solve many draws: D shocks, D sets of trade elasticities [D, J], or both pairwise; one of either is
    repeated.

    Draws run over the machine's cores, each to its own convergence, through the program that `solve` uses; results
    do not depend on the number of cores. `progress` is called with the number of draws done. Errors as in `solve`,
    naming the draw.
    """
    draws = _pair(shocks, trade_elasticity)
    taxed = any(shock.export_tax is not None for shock in shocks)
    problem = prepare(baseline, closure, options=options, export_taxes=taxed)
    done: list[Equilibrium] = []
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        for number, member in enumerate(pool.map(lambda draw: _solve_draw(problem, *draw), draws)):
            done.append(member)
            if progress is not None:
                progress(number + 1)
    finally:
        pool.shutdown(cancel_futures=True)
    return tuple(done)


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


def _solve_draw(problem: Problem, number: int, shock: Shock, trade_elasticity: Array | None) -> Equilibrium:
    try:
        return solve_prepared(problem, shock, trade_elasticity=trade_elasticity)
    except NotConverged as problem_found:
        raise NotConverged(f"Draw {number}: {problem_found.message}", problem_found.fix) from problem_found


def _pair(shocks: Sequence[Shock], trade_elasticity: Array | None) -> list[tuple[int, Shock, Array | None]]:
    """Numbered draws (shock, θ), the shorter of the two repeated where it has one element."""
    if trade_elasticity is None:
        return [(number, shock, None) for number, shock in enumerate(shocks)]
    count = max(len(shocks), len(trade_elasticity))
    if len(shocks) not in (1, count) or len(trade_elasticity) not in (1, count):
        raise DataError(
            f"{len(shocks)} shocks and {len(trade_elasticity)} sets of elasticities cannot be paired.",
            "Give the same number of each, or one of either.",
        )
    return [
        (number, shocks[number % len(shocks)], trade_elasticity[number % len(trade_elasticity)])
        for number in range(count)
    ]


def _attempt(
    problem: Problem, policy: Policy, parameters: Parameters, start: Array | None
) -> tuple[FixedPoint, Outcome, int]:
    """Solve, and again with more damping where the first attempt fails; the number of attempts comes last."""
    economy, structure, options = problem.economy, problem.structure, problem.options
    size = int(economy.earnings.size) + (2 + structure.scale) * int(economy.expenditure.size)
    zeros = np.zeros(size)
    first = place(zeros if start is None else start)
    for number, (damping, patience) in enumerate(((1.0, 1), *RETRIES), start=1):
        limits = options.limits(damping=damping, patience=patience)
        found, outcome = solve_program(economy, policy, parameters, first, limits, structure)
        if float(found.error) <= options.tolerance:
            return found, outcome, number
        first = place(zeros)
    raise _not_converged(problem, found)


def _not_converged(problem: Problem, found: FixedPoint) -> NotConverged:
    equation, index, worst = _worst(problem, found)
    return NotConverged(
        f"No equilibrium found in {int(found.iterations)} evaluations: the {equation} equation at index {index} "
        f"is off by {worst:.3g}.",
        "Try a smaller shock, start from the solution of a nearby one (start=...), or less damping "
        "(SolverOptions(damping=0.05, max_iterations=5000)).",
    )


def _worst(problem: Problem, found: FixedPoint) -> tuple[str, tuple[int, ...], float]:
    """The equation with the largest residual, its index and the residual; a NaN counts as the largest."""
    residual = np.abs(np.asarray(found.residual))
    place = int(np.argmax(np.where(np.isnan(residual), np.inf, residual)))
    equation, index = residual_location(place, problem.economy, problem.structure)
    return equation, index, float(residual[place])


def _equilibrium(
    problem: Problem, baseline: Baseline, shock: Shock, found: FixedPoint, outcome: Outcome, attempts: int
) -> Equilibrium:
    host: dict[str, Array] = {name: np.asarray(part) for name, part in outcome._asdict().items()}
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
