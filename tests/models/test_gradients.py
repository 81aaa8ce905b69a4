"""Analytic derivatives equal central differences, in every closure and for every kind of wedge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.errors import NotConverged
from headway.models.equilibrium import Closure, Shock, SolverOptions, decompose, rebase, solve
from headway.models.gradients import Scalar, exports_of, gradient, revenue_of, welfare_of

TIGHT = SolverOptions(tolerance=1e-13, max_iterations=2000)
STEP = 2e-4
CLOSURES = {
    "default": Closure(),
    "balanced": Closure(trade_balance="balanced"),
    "world income": Closure(trade_balance="world_income"),
    "own income": Closure(trade_balance="own_income"),
    "specific": Closure(labour="specific"),
    "rigid": Closure(wage_floor=1.0),
    "elastic": Closure(labour_supply_elasticity=0.5),
    "scale": Closure(scale_elasticity=0.1),
}


@pytest.fixture(scope="module")
def world(random_world):
    return random_world(4, 3, seed=30)


@pytest.fixture(scope="module")
def shock(world):
    tariff = world.tariff.copy()
    tariff[:, 0, 1:] += 0.2
    return Shock(tariff=tariff)


def scalar_value(equilibrium, name):
    """The same scalars, from the results that a reader sees."""
    if name == "welfare":
        return float(np.log(equilibrium.welfare[1]))
    if name == "exports":
        return float(equilibrium.flow_volume[:, [0, 2, 3], 1].sum())
    if name == "exports to one":
        return float(equilibrium.exports_volume(1)[2, 0])
    return float(equilibrium.tariff_revenue[0])


def scalar(equilibrium, name):
    return {
        "welfare": lambda: welfare_of(equilibrium, 1),
        "exports": lambda: exports_of(equilibrium, 1),
        "exports to one": lambda: exports_of(equilibrium, 1, sectors=(2,), importer=0),
        "revenue": lambda: revenue_of(equilibrium, 0),
    }[name]()


def central_difference(world, shock, closure, name, place):
    values = []
    for sign in (1.0, -1.0, 2.0, -2.0):
        tariff = shock.tariff.copy()
        tariff[place] += sign * STEP
        values.append(scalar_value(solve(world, Shock(tariff=tariff), closure, options=TIGHT), name))
    up, down, up2, down2 = values
    return (8.0 * (up - down) - (up2 - down2)) / (12.0 * STEP)


@pytest.mark.parametrize("name", ["welfare", "exports", "exports to one", "revenue"])
def test_every_tariff_against_central_differences(world, shock, name):
    equilibrium = solve(world, shock, options=TIGHT)
    computed = gradient(equilibrium, scalar(equilibrium, name)).tariff
    expected = np.zeros_like(computed)
    for place in np.ndindex(computed.shape):
        if place[1] != place[2]:
            expected[place] = central_difference(world, shock, Closure(), name, place)
    np.testing.assert_allclose(computed, expected, rtol=1e-6, atol=1e-7 * np.max(np.abs(expected)))


@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
def test_every_closure_against_central_differences(world, shock, closure):
    equilibrium = solve(world, shock, closure, options=TIGHT)
    for name in ("welfare", "exports"):
        computed = gradient(equilibrium, scalar(equilibrium, name)).tariff
        for place in ((0, 0, 1), (2, 0, 3), (1, 3, 1)):
            expected = central_difference(world, shock, closure, name, place)
            scale = np.max(np.abs(computed))
            assert computed[place] == pytest.approx(expected, rel=1e-6, abs=1e-7 * scale)


@pytest.mark.parametrize("field", ["export_tax", "production_subsidy", "consumption_subsidy"])
def test_other_wedges_against_central_differences(world, field):
    rng = np.random.default_rng(0)
    shape = world.tariff.shape if field == "export_tax" else world.expenditure.shape
    level = 0.1 * rng.random(shape)
    place = (1, 2, 0)[: level.ndim]
    equilibrium = solve(world, Shock(**{field: level}), options=TIGHT)
    computed = getattr(gradient(equilibrium, welfare_of(equilibrium, 0)), field)[place]
    values = []
    for sign in (1.0, -1.0):
        moved = level.copy()
        moved[place] += sign * STEP
        values.append(np.log(solve(world, Shock(**{field: moved}), options=TIGHT).welfare[0]))
    assert computed == pytest.approx((values[0] - values[1]) / (2 * STEP), rel=1e-5)


def test_elasticities_against_central_differences(world, shock):
    equilibrium = solve(world, shock, options=TIGHT)
    computed = gradient(equilibrium, welfare_of(equilibrium, 1)).trade_elasticity
    for sector in range(3):
        values = []
        for sign in (1.0, -1.0):
            theta = world.trade_elasticity.copy()
            theta[sector] += sign * 1e-3
            values.append(np.log(solve(world.with_elasticity(theta), shock, options=TIGHT).welfare[1]))
        assert computed[sector] == pytest.approx((values[0] - values[1]) / 2e-3, rel=1e-5)


def test_small_shocks_agree_with_the_gradient(world):
    baseline = rebase(solve(world, options=TIGHT))
    equilibrium = solve(baseline, options=TIGHT)
    slope = gradient(equilibrium, welfare_of(equilibrium, 1)).tariff
    rng = np.random.default_rng(1)
    direction = rng.random(world.tariff.shape) * (1.0 - np.eye(4))
    small = solve(baseline, Shock(tariff=baseline.tariff + 1e-5 * direction), options=TIGHT)
    assert np.log(small.welfare[1]) == pytest.approx(1e-5 * (slope * direction).sum(), rel=1e-3)
    assert decompose(small).linear[1] == pytest.approx(1e-5 * (slope * direction).sum(), rel=1e-3)


def test_weights_combine_linearly(world, shock):
    equilibrium = solve(world, shock)
    first, second = welfare_of(equilibrium, 0), revenue_of(equilibrium, 2)
    both = Scalar(log_welfare=first.log_welfare, tariff_revenue=3.0 * second.tariff_revenue)
    combined = gradient(equilibrium, both)
    apart = gradient(equilibrium, first).tariff + 3.0 * gradient(equilibrium, second).tariff
    np.testing.assert_allclose(combined.tariff, apart, rtol=1e-7, atol=1e-10)


def test_own_trade_has_no_tariff(world, shock):
    equilibrium = solve(world, shock)
    slope = gradient(equilibrium, welfare_of(equilibrium, 0)).tariff
    assert not np.einsum("jnn->jn", slope).any()


def test_an_adjoint_that_stops_early_is_reported(world, shock):
    equilibrium = solve(world, shock)
    with pytest.raises(NotConverged, match="adjoint"):
        gradient(equilibrium, welfare_of(equilibrium, 0), options=SolverOptions(max_iterations=2))


def test_zero_trade_has_no_derivative_and_breaks_nothing(world, settle_world):
    share = world.trade_share.copy()
    share[0, 1, 2] = 0.0
    baseline = settle_world(replace(world, trade_share=share / share.sum(axis=2, keepdims=True)))
    equilibrium = solve(baseline)
    slope = gradient(equilibrium, welfare_of(equilibrium, 0)).tariff
    assert slope[0, 1, 2] == 0.0
    assert np.all(np.isfinite(slope))
