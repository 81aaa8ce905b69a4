"""Data at the edge of what is legal, shocks at the edge of the domain, and errors that say where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.errors import DataError, NotConverged, OutsideDomain
from headway.models.equilibrium import (
    Closure,
    Shock,
    SolverOptions,
    check_baseline,
    identity_gaps,
    solve,
    solve_many,
)


def tariff_on_imports(baseline, importer=0, rate=0.1):
    tariff = baseline.tariff.copy()
    tariff[:, importer, :] += rate
    tariff[:, importer, importer] = 0.0
    return Shock(tariff=tariff)


@pytest.fixture
def world(random_world):
    return random_world(4, 3, seed=11)


def test_zero_trade_shares_stay_zero(world, settle_world):
    share = world.trade_share.copy()
    share[0, 1, 2] = share[1, :, 3] = 0.0
    share[1, 3, 3] = 1.0
    baseline = settle_world(replace(world, trade_share=share / share.sum(axis=2, keepdims=True)))
    equilibrium = solve(baseline, tariff_on_imports(baseline))
    assert equilibrium.flow[0, 1, 2] == 0.0
    assert equilibrium.diagnostics.walras < 1e-9


def test_a_sector_without_output_anywhere_in_a_region(world, settle_world):
    share = world.trade_share.copy()
    share[1, :, 2] = 0.0
    share /= share.sum(axis=2, keepdims=True)
    value_added, inputs = world.value_added_share.copy(), world.input_share.copy()
    value_added[1, 2], inputs[:, 1, 2] = 0.0, 0.0
    baseline = settle_world(replace(world, trade_share=share, value_added_share=value_added, input_share=inputs))
    for closure in (Closure(), Closure(labour="specific"), Closure(scale_elasticity=0.05)):
        equilibrium = solve(baseline, tariff_on_imports(baseline), closure)
        assert equilibrium.output[1, 2] == 0.0
        assert np.all(np.isfinite(equilibrium.welfare))
        assert equilibrium.diagnostics.walras < 1e-9


def test_a_good_that_a_region_neither_buys_nor_makes(world, settle_world):
    share, final, inputs = world.trade_share.copy(), world.final_share.copy(), world.input_share.copy()
    share[1, 2, :] = share[1, :, 2] = 0.0
    bought = share.sum(axis=2, keepdims=True)
    final[1, 2] = 0.0
    final /= final.sum(axis=0)
    inputs[1, :, 2] = 0.0
    baseline = settle_world(
        replace(
            world,
            trade_share=share / np.where(bought, bought, 1.0),
            final_share=final,
            input_share=inputs,
            value_added_share=1.0 - inputs.sum(axis=0),
        )
    )
    assert baseline.expenditure[1, 2] == 0.0
    equilibrium = solve(baseline, tariff_on_imports(baseline))
    assert equilibrium.expenditure[1, 2] == 0.0
    assert np.all(np.isfinite(equilibrium.price_change))


def test_non_tradables_are_bought_at_home_only(world, settle_world):
    share = world.trade_share.copy()
    share[2] = np.eye(4)
    tariff = world.tariff.copy()
    tariff[2] = 0.0
    baseline = settle_world(replace(world, trade_share=share, tariff=tariff))
    shock = tariff_on_imports(baseline)
    shock.tariff[2] = 0.0
    equilibrium = solve(baseline, shock)
    np.testing.assert_allclose(equilibrium.trade_share[2], np.eye(4), atol=1e-12)
    np.testing.assert_allclose(equilibrium.price_change[2], equilibrium.cost_change[2], rtol=1e-9)


@pytest.mark.parametrize("share", [0.0, -0.15])
def test_value_added_of_a_sector_may_be_zero_or_negative(world, settle_world, share):
    value_added, inputs = world.value_added_share.copy(), world.input_share.copy()
    inputs[:, 0, 1] *= (1.0 - share) / inputs[:, 0, 1].sum()
    value_added[0, 1] = share
    baseline = settle_world(replace(world, value_added_share=value_added, input_share=inputs))
    for closure in (Closure(), Closure(labour="specific")):
        assert np.allclose(solve(baseline, Shock(), closure).welfare, 1.0, atol=1e-10)
        equilibrium = solve(baseline, tariff_on_imports(baseline), closure)
        assert equilibrium.diagnostics.walras < 1e-9
        assert equilibrium.value_added[0, 1] == pytest.approx(share * equilibrium.cost[0, 1])


def test_negative_entries_of_final_and_input_use(world, settle_world):
    final, inputs = world.final_share.copy(), world.input_share.copy()
    final[0, 1] = -0.02
    final[:, 1] /= final[:, 1].sum()
    inputs[2, 1, 3] = -0.01
    baseline = settle_world(
        replace(world, final_share=final, input_share=inputs, value_added_share=1.0 - inputs.sum(axis=0))
    )
    equilibrium = solve(baseline, tariff_on_imports(baseline))
    assert equilibrium.diagnostics.walras < 1e-9


def test_a_region_that_trades_with_nobody(world, settle_world):
    share = world.trade_share.copy()
    share[:, 3, :], share[:, :, 3] = 0.0, 0.0
    share[:, 3, 3] = 1.0
    deficit = world.deficit - world.deficit[3] * np.array([-1, -1, -1, 3]) / 3.0
    deficit[3] = 0.0
    deficit[:3] -= deficit[:3].mean()
    baseline = settle_world(replace(world, trade_share=share / share.sum(axis=2, keepdims=True), deficit=deficit))
    equilibrium = solve(baseline, tariff_on_imports(baseline))
    assert equilibrium.welfare[3] == pytest.approx(1.0, abs=1e-9)
    assert equilibrium.welfare[0] != pytest.approx(1.0, abs=1e-6)


def test_prohibitive_tariffs_lead_to_autarky(random_world):
    baseline = random_world(4, 3, seed=12, deficits=False)
    tariff = np.broadcast_to(1e6 * (1.0 - np.eye(4)), baseline.tariff.shape).copy()
    iceberg = np.where(np.eye(4, dtype=bool), 1.0, 1e8) * np.ones((3, 1, 1))
    closed = solve(baseline, Shock(tariff=tariff))
    apart = solve(baseline, Shock(tariff=baseline.tariff, iceberg=iceberg))
    assert np.einsum("jnn->jn", closed.trade_share).min() > 1.0 - 1e-6
    np.testing.assert_allclose(closed.welfare, apart.welfare, rtol=1e-5)


def test_substitution_below_one_is_armington(world):
    baseline = world.with_elasticity(np.array([-0.24, -0.5, 0.3]))
    equilibrium = solve(baseline, tariff_on_imports(baseline))
    assert equilibrium.diagnostics.walras < 1e-9
    # With θ < 0 the share of spending on a taxed import rises: its quantity falls by less than its price rises.
    own = np.einsum("jnn->jn", equilibrium.trade_share)[:2, 0]
    assert np.all(own < np.einsum("jnn->jn", baseline.trade_share)[:2, 0])


@pytest.mark.parametrize("theta", [0.0, -1.0, -3.0, np.nan])
def test_elasticities_outside_the_domain(world, theta):
    with pytest.raises((OutsideDomain, DataError)):
        solve(world.with_elasticity(np.array([4.0, theta, 4.0])))


@pytest.mark.parametrize(
    ("field", "value", "shape"),
    [
        ("tariff", -1.0, (3, 4, 4)),
        ("export_tax", -1.5, (3, 4, 4)),
        ("iceberg", 0.0, (3, 4, 4)),
        ("production_subsidy", 1.0, (3, 4)),
        ("consumption_subsidy", 2.0, (3, 4)),
    ],
)
def test_shocks_outside_the_domain_name_the_field_and_place(world, field, value, shape):
    values = np.full(shape, 0.01)
    values[(1,) * len(shape)] = value
    with pytest.raises(OutsideDomain, match=rf"shock\.{field} is {value:g} at index \(1, 1"):
        solve(world, Shock(**{field: values}))


def test_a_shock_of_the_wrong_shape(world):
    with pytest.raises(DataError, match=r"shock\.tariff has shape \(4, 4\)"):
        solve(world, Shock(tariff=np.zeros((4, 4))))


@pytest.mark.parametrize(
    ("field", "place", "identity"),
    [
        ("trade_share", (1, 2, 0), "trade shares sum to one"),
        ("input_share", (1, 2, 0), "cost shares sum to one"),
        ("final_share", (1, 2), "final-demand shares sum to one"),
        ("value_added", (2,), "value added equals factor payments"),
        ("expenditure", (1, 2), "equals"),
        ("deficit", (2,), "deficits sum to zero"),
    ],
)
def test_an_unbalanced_baseline_names_the_identity(world, field, place, identity):
    values = getattr(world, field).copy()
    values[place] += 0.05
    with pytest.raises(DataError, match=identity):
        check_baseline(replace(world, **{field: values}))


def test_balanced_worlds_have_no_gap(world):
    assert max(size for _, size, _ in identity_gaps(world)) < 1e-13


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("expenditure", -1.0, "negative"),
        ("trade_share", np.nan, "not finite"),
        ("value_added", 0.0, "value added"),
    ],
)
def test_values_that_no_baseline_has(world, field, value, message):
    values = getattr(world, field).copy()
    values.flat[1] = value
    with pytest.raises(DataError, match=message):
        solve(replace(world, **{field: values}))


def test_closures_without_a_meaning(world):
    for closure in (
        Closure(scale_elasticity=0.5),
        Closure(wage_floor=1.2),
        Closure(labour_supply_elasticity=-1.0),
    ):
        with pytest.raises(OutsideDomain):
            solve(world, closure=closure)


def test_no_convergence_says_where_and_what_to_try(world):
    options = SolverOptions(max_iterations=1)
    with pytest.raises(
        NotConverged, match=r"(factor market|price index|goods market) equation at index"
    ) as caught:
        solve(world, tariff_on_imports(world), options=options)
    assert "start=" in caught.value.fix


def test_many_draws_equal_single_solves(world):
    shocks = [tariff_on_imports(world, rate=rate) for rate in (0.05, 0.1, 0.3)]
    theta = world.trade_elasticity * np.array([0.5, 1.0, 1.5])[:, None]
    seen: list[int] = []
    together = solve_many(world, shocks, trade_elasticity=theta, progress=seen.append)
    assert seen == [1, 2, 3]
    for shock, elasticity, member in zip(shocks, theta, together, strict=True):
        alone = solve(world.with_elasticity(elasticity), shock)
        np.testing.assert_array_equal(alone.welfare, member.welfare)
        np.testing.assert_array_equal(alone.flow, member.flow)


def test_one_shock_is_repeated_over_elasticities_and_the_reverse(world):
    shock = tariff_on_imports(world)
    theta = world.trade_elasticity * np.array([0.5, 1.0, 1.5])[:, None]
    assert len(solve_many(world, [shock], trade_elasticity=theta)) == 3
    assert len(solve_many(world, [shock, shock], trade_elasticity=theta[:1])) == 2
    with pytest.raises(DataError, match="2 shocks and 3 sets"):
        solve_many(world, [shock, shock], trade_elasticity=theta)


def test_batches_equal_threads(world):
    shocks = [tariff_on_imports(world, rate=rate) for rate in (0.05, 0.1, 0.3, 0.02, 0.6)]
    shocks[1] = replace(shocks[1], iceberg=np.full(world.tariff.shape, 1.1))
    theta = world.trade_elasticity * np.array([0.5, 1.0, 1.5, 1.0, 0.8])[:, None]
    apart = solve_many(world, shocks, trade_elasticity=theta)
    batched = solve_many(world, shocks, trade_elasticity=theta, options=SolverOptions(batch=3))
    assert len(batched) == 5
    for one, other in zip(apart, batched, strict=True):
        assert one.diagnostics.iterations == other.diagnostics.iterations
        np.testing.assert_allclose(one.welfare, other.welfare, rtol=1e-11)
        np.testing.assert_allclose(one.flow, other.flow, rtol=1e-9)


def test_a_draw_that_fails_in_its_batch_is_tried_alone(world):
    shocks = [Shock(), tariff_on_imports(world, rate=0.3)]
    options = SolverOptions(batch=2, max_iterations=8)
    together = solve_many(world, shocks, options=options)
    assert together[0].diagnostics.attempts == 1
    assert together[1].diagnostics.attempts > 1


def test_a_draw_that_fails_is_named(world):
    shocks = [tariff_on_imports(world), tariff_on_imports(world, rate=2.0)]
    with pytest.raises(NotConverged, match="Draw 0"):
        solve_many(world, shocks, options=SolverOptions(max_iterations=1))


def test_slices_equal_the_whole(world):
    tax = np.full(world.tariff.shape, 0.03)
    iceberg = np.full(world.tariff.shape, 1.02)
    equilibrium = solve(world, replace(tariff_on_imports(world), export_tax=tax, iceberg=iceberg))
    for region in range(world.regions):
        np.testing.assert_allclose(equilibrium.exports(region), equilibrium.flow[:, :, region], rtol=1e-13)
        np.testing.assert_allclose(equilibrium.imports(region), equilibrium.flow[:, region, :], rtol=1e-13)
        np.testing.assert_allclose(
            equilibrium.exports_volume(region), equilibrium.flow_volume[:, :, region], rtol=1e-13
        )
        np.testing.assert_allclose(
            equilibrium.imports_volume(region), equilibrium.flow_volume[:, region, :], rtol=1e-13
        )
