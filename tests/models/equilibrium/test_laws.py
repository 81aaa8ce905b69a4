"""Laws that hold in any world: nothing moves without a shock, units and order do not matter, parts add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from headway.models.equilibrium import Closure, Shock, rebase, solve

HATS = ("wage_change", "price_change", "consumer_price_change", "welfare", "employment_change", "cost_change")
CLOSURES = {
    "default": Closure(),
    "world income": Closure(trade_balance="world_income"),
    "own income": Closure(trade_balance="own_income"),
    "specific": Closure(labour="specific"),
    "rigid": Closure(wage_floor=1.0),
    "elastic": Closure(labour_supply_elasticity=0.5),
    "scale": Closure(scale_elasticity=0.1),
    "all": Closure("world_income", "specific", 0.99, 0.3, 0.05),
}


def us_tariff(baseline, importer=0, rate=0.1):
    tariff = baseline.tariff.copy()
    tariff[:, importer, :] += rate
    tariff[:, importer, importer] = 0.0
    return Shock(tariff=tariff)


@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
def test_no_shock_returns_the_baseline(random_world, closure):
    baseline = random_world(4, 3)
    equilibrium = solve(baseline, Shock(), closure)
    for name in HATS:
        np.testing.assert_allclose(getattr(equilibrium, name), 1.0, atol=1e-10, err_msg=name)
    np.testing.assert_allclose(equilibrium.expenditure, baseline.expenditure, rtol=1e-10)


@pytest.mark.parametrize("closure", CLOSURES.values(), ids=CLOSURES)
def test_walras_and_accounts_hold_after_a_shock(random_world, closure):
    baseline = random_world(4, 3, seed=2)
    equilibrium = solve(baseline, us_tariff(baseline), closure)
    assert equilibrium.diagnostics.walras < 1e-9
    assert abs(equilibrium.deficit.sum()) < 1e-10
    income = equilibrium.value_added.sum(axis=0) + equilibrium.tariff_revenue + equilibrium.deficit
    np.testing.assert_allclose(equilibrium.income, income, rtol=1e-8)
    trade = equilibrium.flow.sum(axis=0)
    np.testing.assert_allclose(trade.sum(axis=1) - trade.sum(axis=0), equilibrium.deficit, atol=1e-9)


@given(scale=st.floats(1e-6, 1e9), seed=st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_units_do_not_matter(random_world, scale, seed):
    baseline = random_world(4, 3, seed=seed)
    scaled = replace(
        baseline,
        expenditure=baseline.expenditure * scale,
        value_added=baseline.value_added * scale,
        deficit=baseline.deficit * scale,
    )
    one, other = solve(baseline, us_tariff(baseline)), solve(scaled, us_tariff(scaled))
    for name in HATS:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-8)
    np.testing.assert_allclose(one.output * scale, other.output, rtol=1e-8)


@given(shift=st.floats(-0.5, 0.5))
@settings(max_examples=5, deadline=None)
def test_start_and_price_level_of_the_start_do_not_matter(random_world, shift):
    baseline = random_world(4, 3, seed=3)
    shock = us_tariff(baseline)
    cold = solve(baseline, shock)
    warm = solve(baseline, shock, start=cold.state + shift)
    np.testing.assert_allclose(warm.welfare, cold.welfare, rtol=1e-9)
    np.testing.assert_allclose(warm.wage_change, cold.wage_change, rtol=1e-9)


def test_a_warm_start_at_the_solution_takes_one_evaluation(random_world):
    baseline = random_world(4, 3, seed=3)
    cold = solve(baseline, us_tariff(baseline))
    assert solve(baseline, us_tariff(baseline), start=cold.state).diagnostics.iterations == 1


def permuted(baseline, sectors, regions):
    bilateral = np.ix_(sectors, regions, regions)
    return replace(
        baseline,
        expenditure=baseline.expenditure[np.ix_(sectors, regions)],
        trade_share=baseline.trade_share[bilateral],
        tariff=baseline.tariff[bilateral],
        value_added_share=baseline.value_added_share[np.ix_(sectors, regions)],
        input_share=baseline.input_share[np.ix_(sectors, sectors, regions)],
        final_share=baseline.final_share[np.ix_(sectors, regions)],
        value_added=baseline.value_added[regions],
        deficit=baseline.deficit[regions],
        trade_elasticity=baseline.trade_elasticity[sectors],
    )


def test_order_of_regions_and_sectors_does_not_matter(random_world):
    baseline = random_world(4, 3, seed=4)
    sectors, regions = np.array([2, 0, 1]), np.array([3, 2, 0, 1])
    shuffled = permuted(baseline, sectors, regions)
    place = int(np.flatnonzero(regions == 0)[0])
    one, other = solve(baseline, us_tariff(baseline)), solve(shuffled, us_tariff(shuffled, importer=place))
    np.testing.assert_allclose(one.welfare[regions], other.welfare, rtol=1e-9)
    np.testing.assert_allclose(one.flow[np.ix_(sectors, regions, regions)], other.flow, rtol=1e-7, atol=1e-14)


def test_a_second_shock_back_to_the_old_tariffs_restores_the_baseline(random_world):
    baseline = random_world(4, 3, seed=5)
    there = rebase(solve(baseline, us_tariff(baseline)))
    back = rebase(solve(there, Shock(tariff=baseline.tariff)))
    np.testing.assert_allclose(back.trade_share, baseline.trade_share, rtol=1e-8)
    np.testing.assert_allclose(back.expenditure, baseline.expenditure, rtol=1e-8)


def test_autarky_gains_are_those_of_arkolakis_costinot_rodriguez_clare(random_world):
    baseline = random_world(4, 1, seed=6, tariffs=False, deficits=False, inputs=False)
    iceberg = np.where(np.eye(4, dtype=bool), 1.0, 1e6)[None]
    equilibrium = solve(baseline, Shock(iceberg=iceberg))
    own = np.diagonal(baseline.trade_share[0])
    # Arkolakis, Costinot & Rodriguez-Clare (2012): real income falls to π_nn^{1/θ} when trade stops.
    np.testing.assert_allclose(equilibrium.welfare, own ** (1.0 / baseline.trade_elasticity[0]), rtol=1e-8)


def test_an_iceberg_cost_and_a_tariff_of_the_same_size_differ_by_revenue_alone(symmetric_world):
    baseline = symmetric_world
    off = 1.0 - np.eye(2)
    tariff = solve(baseline, Shock(tariff=0.2 * np.broadcast_to(off, baseline.tariff.shape)))
    iceberg = solve(baseline, Shock(iceberg=1.0 + 0.2 * np.broadcast_to(off, baseline.tariff.shape)))
    np.testing.assert_allclose(tariff.price_change, iceberg.price_change, rtol=1e-9)
    np.testing.assert_allclose(tariff.trade_share, iceberg.trade_share, rtol=1e-9)
    revenue = tariff.tariff_revenue / baseline.value_added
    np.testing.assert_allclose(tariff.welfare / iceberg.welfare, 1.0 + revenue, rtol=1e-9)


@pytest.fixture
def symmetric_world(random_world):
    """Two identical regions, two sectors, free trade: relative wages cannot move."""
    baseline = random_world(2, 2, seed=7, tariffs=False, deficits=False)
    share = baseline.trade_share.copy()
    share[:, 1, :] = share[:, 0, ::-1]
    twin = {
        name: np.repeat(getattr(baseline, name)[..., :1], 2, axis=-1)
        for name in ("value_added_share", "input_share", "final_share")
    }
    demand = np.linalg.solve(np.eye(2) - twin["input_share"][:, :, 0], twin["final_share"][:, 0])
    return replace(
        baseline,
        trade_share=share,
        expenditure=np.repeat(demand[:, None], 2, axis=1),
        value_added=np.ones(2),
        deficit=np.zeros(2),
        **twin,
    )


def split_region(baseline, region):
    """The same world with one region cut into two identical halves that trade freely with each other."""
    index = np.append(np.arange(baseline.regions), region)
    weight = np.ones(len(index))
    weight[[region, -1]] = 0.5
    return replace(
        baseline,
        expenditure=baseline.expenditure[:, index] * weight,
        trade_share=baseline.trade_share[:, index][:, :, index] * weight,
        tariff=baseline.tariff[:, index][:, :, index],
        value_added_share=baseline.value_added_share[:, index],
        input_share=baseline.input_share[:, :, index],
        final_share=baseline.final_share[:, index],
        value_added=baseline.value_added[index] * weight,
        deficit=baseline.deficit[index] * weight,
    )


def test_a_partner_split_in_two_equals_the_whole(random_world):
    baseline = random_world(4, 3, seed=8)
    halves = split_region(baseline, 2)
    whole, split = solve(baseline, us_tariff(baseline)), solve(halves, us_tariff(halves))
    np.testing.assert_allclose(split.welfare[:4], whole.welfare, rtol=1e-9)
    np.testing.assert_allclose(split.welfare[4], whole.welfare[2], rtol=1e-9)


def split_sector(baseline, sector):
    """The same world with one sector cut into two halves, identical in everything."""
    index = np.append(np.arange(baseline.sectors), sector)
    weight = np.ones(len(index))
    weight[[sector, -1]] = 0.5
    return replace(
        baseline,
        expenditure=baseline.expenditure[index] * weight[:, None],
        trade_share=baseline.trade_share[index],
        tariff=baseline.tariff[index],
        value_added_share=baseline.value_added_share[index],
        input_share=baseline.input_share[index][:, index] * weight[:, None, None],
        final_share=baseline.final_share[index] * weight[:, None],
        trade_elasticity=baseline.trade_elasticity[index],
    )


def test_two_identical_halves_of_a_sector_equal_the_sector(random_world):
    baseline = random_world(4, 3, seed=9)
    halves = split_sector(baseline, 1)
    whole, split = solve(baseline, us_tariff(baseline)), solve(halves, us_tariff(halves))
    np.testing.assert_allclose(split.welfare, whole.welfare, rtol=1e-9)
    np.testing.assert_allclose(split.output[1] + split.output[3], whole.output[1], rtol=1e-8)


def plain_residuals(logs, baseline, tariff):
    """METHODS section 2 in levels, written with loops: an independent program for the same equations."""
    regions, sectors = baseline.regions, baseline.sectors
    wage = np.exp(logs[:regions])
    price, spending = np.exp(logs[regions:]).reshape(2, sectors, regions)
    residuals = []
    cost = np.zeros((sectors, regions))
    for j in range(sectors):
        for i in range(regions):
            cost[j, i] = wage[i] ** baseline.value_added_share[j, i]
            for k in range(sectors):
                cost[j, i] *= price[k, i] ** baseline.input_share[k, j, i]
    sales, revenue = np.zeros((sectors, regions)), np.zeros(regions)
    for j in range(sectors):
        for n in range(regions):
            change = (1 + tariff[j, n]) / (1 + baseline.tariff[j, n])
            terms = baseline.trade_share[j, n] * (change * cost[j]) ** -baseline.trade_elasticity[j]
            residuals.append(terms.sum() ** (-1 / baseline.trade_elasticity[j]) - price[j, n])
            paid = terms / terms.sum() * spending[j, n]
            sales[j] += paid / (1 + tariff[j, n])
            revenue[n] += (paid * tariff[j, n] / (1 + tariff[j, n])).sum()
    for n in range(regions):
        income = wage[n] * baseline.value_added[n] + revenue[n] + baseline.deficit[n]
        for k in range(sectors):
            used = (baseline.input_share[k, :, n] * sales[:, n]).sum() + baseline.final_share[k, n] * income
            residuals.append(used - spending[k, n])
        residuals.append(
            (baseline.value_added_share[:, n] * sales[:, n]).sum() - wage[n] * baseline.value_added[n]
        )
    residuals[-1] = (wage * baseline.value_added).sum() - baseline.value_added.sum()
    return np.array(residuals)


def test_the_fast_solver_equals_a_plain_one(random_world):
    baseline = random_world(3, 2, seed=10)
    shock = us_tariff(baseline, rate=0.4)
    equilibrium = solve(baseline, shock)
    start = np.concatenate([np.zeros(3 + 6), np.log(baseline.expenditure).ravel()])
    found = optimize.root(plain_residuals, start, args=(baseline, shock.tariff), tol=1e-13)
    assert found.success
    np.testing.assert_allclose(np.exp(found.x[:3]), equilibrium.wage_change, rtol=1e-8)
    np.testing.assert_allclose(np.exp(found.x[3:9]).reshape(2, 3), equilibrium.price_change, rtol=1e-8)
