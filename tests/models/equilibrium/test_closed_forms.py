"""Closed forms from the literature, and limits in which one variant must become another."""

from __future__ import annotations

import numpy as np
import pytest

from headway.models.equilibrium import Closure, Shock, decompose, rebase, solve

OFF = 1.0 - np.eye(4)


@pytest.fixture
def free(random_world):
    """Balanced trade without tariffs, four regions and three sectors with inputs."""
    return random_world(4, 3, seed=20, tariffs=False, deficits=False)


@pytest.fixture
def world(random_world):
    """Tariffs and deficits, four regions and three sectors with inputs."""
    return random_world(4, 3, seed=21)


@pytest.fixture
def one_sector(random_world):
    return random_world(4, 1, seed=22, tariffs=False, deficits=False, inputs=False)


def autarky(baseline, closure=None):
    iceberg = np.where(np.eye(4, dtype=bool), 1.0, 1e7) * np.ones((baseline.sectors, 1, 1))
    return solve(baseline, Shock(iceberg=iceberg), closure)


def own_shares(baseline):
    return np.einsum("jnn->jn", baseline.trade_share)


def tariff_on_imports(baseline, importer=0, rate=0.1):
    tariff = baseline.tariff.copy()
    tariff[:, importer, :] += rate
    tariff[:, importer, importer] = 0.0
    return Shock(tariff=tariff)


def assert_same_reality(one, other):
    """Two equilibria with the same volumes, whatever their price levels."""
    np.testing.assert_allclose(one.welfare, other.welfare, rtol=1e-9)
    np.testing.assert_allclose(one.flow_volume, other.flow_volume, rtol=1e-7, atol=1e-14)


def test_gains_from_trade_with_input_output_links(free):
    """Costinot & Rodriguez-Clare (2014), eq. 29: Ŵ = Π_{s,k} π_kk^{α_s ã_{sk} / θ_k}, ã the Leontief inverse."""
    theta, own = free.trade_elasticity, own_shares(free)
    expected = [
        free.final_share[:, n]
        @ np.linalg.solve(np.eye(3) - free.input_share[:, :, n].T, np.log(own[:, n]) / theta)
        for n in range(4)
    ]
    np.testing.assert_allclose(np.log(autarky(free).welfare), expected, rtol=1e-7)


def test_gains_from_trade_with_scale_economies(random_world):
    """Without inputs, closing the borders moves labour to α_s: Ŵ = Π_s (π_ss^{1/θ_s} (α_s/r_s)^{ψ_s})^{α_s}
    (Costinot & Rodriguez-Clare 2014, section 3.3), r_s the share of sector s in output."""
    baseline = random_world(4, 3, seed=23, tariffs=False, deficits=False, inputs=False)
    scale = np.array([0.05, 0.0, 0.12])
    output = (baseline.trade_share * baseline.expenditure[:, :, None]).sum(axis=1)
    mobility = np.log(baseline.final_share / (output / output.sum(axis=0)))
    price = np.log(own_shares(baseline)) / baseline.trade_elasticity[:, None] + scale[:, None] * mobility
    expected = (baseline.final_share * price).sum(axis=0)
    computed = autarky(baseline, Closure(scale_elasticity=scale))
    np.testing.assert_allclose(np.log(computed.welfare), expected, rtol=1e-7)


def test_autarky_with_elastic_labour_and_scale(one_sector):
    """ŵ/P̂ = π^{1/θ} L̂^ψ and L̂ = (ŵ/P̂)^κ give ŵ/P̂ = π^{1/(θ(1 − ψκ))}."""
    supply, scale = 0.5, 0.15
    computed = autarky(one_sector, Closure(labour_supply_elasticity=supply, scale_elasticity=scale))
    power = 1.0 / (one_sector.trade_elasticity[0] * (1.0 - scale * supply))
    np.testing.assert_allclose(computed.real_wage, own_shares(one_sector)[0] ** power, rtol=1e-8)
    np.testing.assert_allclose(computed.employment_change, computed.real_wage**supply, rtol=1e-8)


def test_scale_does_not_matter_with_one_sector_and_fixed_labour(one_sector):
    plain = solve(one_sector, tariff_on_imports(one_sector))
    scaled = solve(one_sector, tariff_on_imports(one_sector), Closure(scale_elasticity=0.15))
    assert_same_reality(plain, scaled)


def test_specific_labour_is_mobile_labour_with_one_sector(one_sector):
    shock = tariff_on_imports(one_sector)
    assert_same_reality(solve(one_sector, shock), solve(one_sector, shock, Closure(labour="specific")))


def test_specific_factors_gain_less_than_mobile_ones_from_an_import_boom(free):
    """Real income cannot be higher where labour may not move (Le Chatelier), for the world as a whole."""
    iceberg = np.ones((3, 4, 4))
    iceberg[0, 0, 1:] = 0.7
    mobile = solve(free, Shock(iceberg=iceberg))
    specific = solve(free, Shock(iceberg=iceberg), Closure(labour="specific"))
    weight = free.value_added
    assert weight @ np.log(specific.welfare) < weight @ np.log(mobile.welfare)
    assert np.ptp(specific.wage_change[:, 0]) > 0.01


@pytest.mark.parametrize(
    ("near", "limit"),
    [
        (Closure(labour_supply_elasticity=1e-9), Closure()),
        (Closure(scale_elasticity=1e-9), Closure()),
        (Closure(wage_floor=1e-3), Closure()),
        (Closure(labour="specific", labour_supply_elasticity=1e-9), Closure(labour="specific")),
    ],
    ids=["supply", "scale", "floor", "specific supply"],
)
def test_limits(world, near, limit):
    shock = tariff_on_imports(world)
    np.testing.assert_allclose(solve(world, shock, near).welfare, solve(world, shock, limit).welfare, rtol=1e-8)


def test_limits_of_the_trade_balance(free):
    shock = tariff_on_imports(free)
    balanced = solve(free, shock, Closure(trade_balance="balanced"))
    for rule in ("fixed", "world_income", "own_income"):
        assert_same_reality(solve(free, shock, Closure(trade_balance=rule)), balanced)


def test_deficits_under_each_rule(world):
    shock = tariff_on_imports(world, rate=0.3)
    fixed = solve(world, shock)
    np.testing.assert_allclose(fixed.deficit, world.deficit, rtol=1e-12)
    shared = solve(world, shock, Closure(trade_balance="world_income"))
    ratio = shared.deficit / world.deficit
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    assert ratio[0] > 1.0
    own = solve(world, shock, Closure(trade_balance="own_income"))
    gross = own.income - own.deficit
    spent = (gross + own.deficit) / gross * fixed.accounts.gross_income / fixed.accounts.income
    np.testing.assert_allclose(spent, spent[0], rtol=1e-9)
    assert abs(own.deficit.sum()) < 1e-12


@pytest.mark.parametrize("labour", ["mobile", "specific"])
def test_wages_do_not_fall_and_employment_gives_way(world, labour):
    shock = tariff_on_imports(world, rate=0.3)
    rigid = solve(world, shock, Closure(labour=labour, wage_floor=1.0))
    assert rigid.wage_change.min() >= 1.0 - 1e-12
    assert rigid.employment_change.max() <= 1.0 + 1e-9
    slack = (rigid.wage_change - 1.0) * (1.0 - rigid.employment_change)
    np.testing.assert_allclose(slack, 0.0, atol=1e-9)
    flexible = solve(world, shock, Closure(labour=labour))
    assert rigid.employment_change.min() < 0.999
    assert rigid.employment_change.flat[np.argmin(flexible.wage_change)] < 0.99


def test_lerner_symmetry(free):
    """A uniform import tariff equals a uniform export tax of the same rate when trade balances (Lerner 1936)."""
    rate = 0.15
    tariff, tax = np.zeros((3, 4, 4)), np.zeros((3, 4, 4))
    tariff[:, 0, 1:] = rate
    tax[:, 1:, 0] = rate
    imports, exports = solve(free, Shock(tariff=tariff)), solve(free, Shock(export_tax=tax))
    assert_same_reality(imports, exports)
    assert exports.export_tax_revenue[0] > 0.0
    assert imports.tariff_revenue[0] > 0.0


def test_a_uniform_consumption_subsidy_changes_nothing_real(free):
    """Paid for from the same income, it raises the price that sellers get for no quantity more."""
    subsidised = solve(free, Shock(consumption_subsidy=np.tile([[0.2, 0.0, 0.0, 0.0]], (3, 1))))
    np.testing.assert_allclose(subsidised.welfare, 1.0, rtol=1e-9)
    np.testing.assert_allclose(subsidised.flow_volume, subsidised.baseline_flow, rtol=1e-8)


def test_a_uniform_production_subsidy_without_inputs_raises_wages_alone(random_world):
    baseline = random_world(4, 3, seed=24, tariffs=False, deficits=False, inputs=False)
    rate = 0.1
    subsidised = solve(baseline, Shock(production_subsidy=np.full((3, 4), rate)))
    np.testing.assert_allclose(subsidised.welfare, 1.0, rtol=1e-9)
    np.testing.assert_allclose(subsidised.real_wage, 1.0 / (1.0 - rate), rtol=1e-9)


def test_a_tariff_and_a_production_subsidy_in_a_targeted_sector_have_opposite_effects_on_imports(free):
    subsidy = np.zeros((3, 4))
    subsidy[1, 0] = 0.1
    subsidised = solve(free, Shock(production_subsidy=subsidy))
    assert subsidised.output[1, 0] > subsidised.accounts.output[1, 0]
    assert subsidised.seller_price_change[1, 0] < 0.95
    assert subsidised.diagnostics.walras < 1e-9
    spent = subsidised.cost - subsidised.output
    np.testing.assert_allclose(spent[1, 0], 0.1 * subsidised.cost[1, 0], rtol=1e-9)
    assert np.count_nonzero(np.abs(spent) > 1e-15) == 1


VARIANTS = {
    "tariff": (Closure(), "tariff"),
    "iceberg": (Closure(), "iceberg"),
    "export tax": (Closure(), "export_tax"),
    "production subsidy": (Closure(), "production_subsidy"),
    "consumption subsidy": (Closure(), "consumption_subsidy"),
    "specific": (Closure(labour="specific"), "tariff"),
    "elastic": (Closure(labour_supply_elasticity=0.7), "tariff"),
    "specific and elastic": (Closure(labour="specific", labour_supply_elasticity=0.7), "tariff"),
    "scale": (Closure(scale_elasticity=0.1), "tariff"),
    "own income": (Closure(trade_balance="own_income"), "tariff"),
}


@pytest.fixture(scope="module")
def wedged(random_world):
    """A world with every wedge in place already: the equilibrium after a first shock, as the baseline of the next."""
    baseline = random_world(4, 3, seed=25)
    rng = np.random.default_rng(0)
    first = Shock(
        export_tax=0.1 * rng.random((3, 4, 4)) * OFF,
        production_subsidy=0.1 * rng.random((3, 4)),
        consumption_subsidy=0.1 * rng.random((3, 4)),
    )
    return rebase(solve(baseline, first))


def small_shock(baseline, field, size):
    rng = np.random.default_rng(1)
    if field == "iceberg":
        return Shock(iceberg=np.exp(size * rng.random((3, 4, 4))))
    level = getattr(baseline, field)
    step = rng.random(level.shape) * (OFF if level.ndim == 3 else 1.0)
    return Shock(**{field: level + size * step})


@pytest.mark.parametrize(("closure", "field"), VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("change", ["relative", "log"])
def test_the_remainder_of_the_decomposition_is_second_order(wedged, closure, field, change):
    """Halving the shock quarters the remainder: the parts are the whole first-order effect, in every variant."""
    coarse, fine = (
        np.max(
            np.abs(decompose(solve(wedged, small_shock(wedged, field, size), closure), change=change).remainder)
        )
        for size in (4e-3, 2e-3)
    )
    assert fine < 1e-5
    assert coarse / fine == pytest.approx(4.0, rel=0.1)
