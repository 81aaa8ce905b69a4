"""Derivatives of equilibrium results with respect to every wedge at once, from one adjoint solve.

At the fixed point u = F(u, s), a scalar φ(u, s) has dφ/ds = ∂φ/∂s + λᵀ ∂F/∂s with λ = (∂F/∂u)ᵀ λ + ∂φ/∂u. The linear
fixed point for λ has the spectrum of the forward problem and is solved by the same accelerated loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from headway.errors import NotConverged
from headway.models.equilibrium.kernel import mixing_weights, one_step, unpack
from headway.models.equilibrium.records import Array
from headway.models.equilibrium.solution import Equilibrium
from headway.models.equilibrium.solver import device_arguments
from headway.models.equilibrium.system import Economy, Parameters, Policy, Structure, evaluate, wedges
from headway.models.fixed_point import FixedPoint, Limits, SolverOptions, anderson

ADJOINT = SolverOptions(tolerance=1e-10, max_iterations=1000, memory=8, damping=0.3)


class Scalar(NamedTuple):
    """A scalar result: the sum of weights times results; None is no weight. J sectors, N regions.

    `log_welfare`, `log_consumer_price`, `tariff_revenue`, `income` [N]; `output`, `value_added` [J, N] value;
    `flow`, `flow_volume` [J, N importer, N exporter] before tariff, value and at baseline prices. Values are in the
    baseline's unit. For a non-linear result, give its partial derivatives at the equilibrium as weights.
    """

    log_welfare: Array | None = None
    log_consumer_price: Array | None = None
    tariff_revenue: Array | None = None
    income: Array | None = None
    output: Array | None = None
    value_added: Array | None = None
    flow: Array | None = None
    flow_volume: Array | None = None


@dataclass(frozen=True)
class Gradient:
    """Derivatives of one scalar with respect to levels of the wedges and to θ, and how the adjoint solve ended.

    `tariff`, `export_tax` [J, N importer, N exporter], zero for own trade; `production_subsidy`, `consumption_subsidy`
    [J, N]; `trade_elasticity` [J]; per unit of rate (0.01 is one point). `export_tax` is None where the equilibrium
    was solved without one.
    """

    value: float
    tariff: Array
    export_tax: Array | None
    production_subsidy: Array
    consumption_subsidy: Array
    trade_elasticity: Array
    iterations: int
    residual: float


def welfare_of(equilibrium: Equilibrium, region: int) -> Scalar:
    """ln Ŵ of one region."""
    weight = np.zeros(equilibrium.baseline.regions)
    weight[region] = 1.0
    return Scalar(log_welfare=weight)


def exports_of(
    equilibrium: Equilibrium, exporter: int, *, sectors: tuple[int, ...] | None = None, importer: int | None = None
) -> Scalar:
    """Export volume of one region at baseline prices, to all others or one, in all sectors or some."""
    baseline = equilibrium.baseline
    weight = np.zeros_like(baseline.trade_share)
    rows = list(range(baseline.sectors) if sectors is None else sectors)
    markets = [n for n in range(baseline.regions) if n != exporter] if importer is None else [importer]
    weight[np.ix_(rows, markets, [exporter])] = 1.0
    return Scalar(flow_volume=weight)


def revenue_of(equilibrium: Equilibrium, region: int) -> Scalar:
    """Tariff revenue of one region."""
    weight = np.zeros(equilibrium.baseline.regions)
    weight[region] = 1.0
    return Scalar(tariff_revenue=weight)


def gradient(equilibrium: Equilibrium, of: Scalar, *, options: SolverOptions = ADJOINT) -> Gradient:
    """Derivatives of `of` at a solved equilibrium. Raises NotConverged where the adjoint solve stops early."""
    economy, policy, parameters, structure = device_arguments(equilibrium)
    limits = options.limits()
    structure = structure._replace(memory=options.memory)
    value, found, (by_policy, by_parameters) = _adjoint_program(
        economy, policy, parameters, jnp.asarray(equilibrium.state), of, limits, structure
    )
    if not float(found.error) <= options.tolerance:
        raise NotConverged(
            f"The adjoint solve stopped after {int(found.iterations)} steps, {float(found.error):.3g} from its target.",
            "Give a longer memory or less damping: gradient(..., options=SolverOptions(memory=30, damping=0.1)).",
        )
    own = 1.0 - np.eye(equilibrium.baseline.regions)
    return Gradient(
        value=float(value),
        tariff=np.asarray(by_policy.tariff) * own,
        export_tax=None if by_policy.export_tax is None else np.asarray(by_policy.export_tax) * own,
        production_subsidy=np.asarray(by_policy.production_subsidy),
        consumption_subsidy=np.asarray(by_policy.consumption_subsidy),
        trade_elasticity=np.asarray(by_parameters.trade_elasticity),
        iterations=int(found.iterations),
        residual=float(found.error),
    )


@partial(jax.jit, static_argnames=("structure",))
def _adjoint_program(
    economy: Economy,
    policy: Policy,
    parameters: Parameters,
    point: jax.Array,
    of: Scalar,
    limits: Limits,
    structure: Structure,
) -> tuple[jax.Array, FixedPoint, tuple[Policy, Parameters]]:
    """Value of the scalar, the adjoint λ (scaled by the largest |∂φ/∂u|), and derivatives by policy and parameters."""
    tolerance, max_iterations, damping = limits

    def scalar(u: jax.Array, wedge: Policy, theta: Parameters) -> jax.Array:
        return _scalar(u, economy, wedge, theta, structure, of)

    value, pull_scalar = jax.vjp(scalar, point, policy, parameters)
    by_point, scalar_policy, scalar_parameters = pull_scalar(jnp.ones_like(value))
    size = jnp.maximum(jnp.max(jnp.abs(by_point)), 1e-300)
    _, pull_point = jax.vjp(lambda u: one_step(u, economy, policy, parameters, structure), point)
    found = anderson(
        lambda adjoint: (by_point / size + pull_point(adjoint)[0], None),
        by_point / size,
        mixing=mixing_weights(point.shape[0], economy, damping),
        tolerance=tolerance,
        max_iterations=max_iterations,
        memory=structure.memory,
        longest_step=float("inf"),
    )
    _, pull_data = jax.vjp(lambda p, q: one_step(point, economy, p, q, structure), policy, parameters)
    step_policy, step_parameters = pull_data(found.point * size)
    add = partial(jax.tree.map, jnp.add)
    return value, found, (add(scalar_policy, step_policy), add(scalar_parameters, step_parameters))


def _scalar(
    point: jax.Array, economy: Economy, policy: Policy, parameters: Parameters, structure: Structure, of: Scalar
) -> jax.Array:
    """Σ weights × results at unknowns `point`."""
    wedge = wedges(economy, policy, parameters)
    unknowns = unpack(point, economy, structure)
    outcome = evaluate(unknowns, economy, policy, wedge, parameters)
    power = jnp.exp(-parameters.trade_elasticity[:, None] * outcome.log_seller_price)

    def flow() -> jax.Array:
        return wedge.net * power[:, None, :] * (outcome.spending / outcome.share_sum)[:, :, None]

    results: dict[str, Callable[[], jax.Array]] = {
        "log_welfare": lambda: jnp.log(outcome.income) - outcome.log_consumer_price,
        "log_consumer_price": lambda: outcome.log_consumer_price,
        "tariff_revenue": lambda: outcome.tariff_revenue,
        "income": lambda: outcome.income,
        "output": lambda: outcome.output,
        "value_added": lambda: economy.value_added_share * outcome.cost,
        "flow": flow,
        "flow_volume": lambda: flow() * jnp.exp(-outcome.log_seller_price)[:, None, :],
    }
    terms = [jnp.sum(weight * results[name]()) for name, weight in of._asdict().items() if weight is not None]
    return jnp.sum(jnp.stack(terms))
