"""Nested CES against worked examples and its own laws."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from headway.errors import DataError, OutsideDomain
from headway.models.partial import (
    Market,
    crossed_value_change,
    first_order,
    pool,
    smart_creation,
    smart_diversion,
    smart_diversion_by_origin,
    solve,
)


def one_product(values: list[float], rates: list[float] | None = None) -> Market:
    return Market(np.zeros(len(values), dtype=np.int64), np.array(values), np.array(rates or [0.0] * len(values)))


def random_market(rng: np.random.Generator, products: int = 40, varieties: int = 300) -> Market:
    product = np.concatenate([np.arange(products), rng.integers(0, products, varieties - products)])
    return Market(product, rng.lognormal(size=varieties), rng.choice([0.0, 0.025, 0.1], varieties))


class TestKnownAnswers:
    def test_armington_60_30_10(self) -> None:
        """KNOWN_ANSWERS section 5; the inputs are from the README of paulofelipe/emr."""
        found = solve(one_product([60, 30, 10]), [1, 1.1, 1], substitution=4, demand=1, supply=[1, 10, 10])
        np.testing.assert_allclose(found.delivered_price, [1.021240, 1.078515, 1.007535], atol=5e-7)
        np.testing.assert_allclose(found.quantity, [1.021240, 0.820985, 1.077953], atol=5e-7)
        assert found.producer_price[1] == pytest.approx(0.980468, abs=5e-7)
        assert found.price_index == pytest.approx(1.035651, abs=5e-7)

    def test_smart(self) -> None:
        """KNOWN_ANSWERS section 5: Mk 300, Mn 700, tariff of 10 % abolished for k, both elasticities 1.5."""
        creation = smart_creation(300, demand=1.5, base_rate=0.1, rate_change=-0.1)
        diversion = smart_diversion(300, 700, substitution=1.5, price_change=1 / 1.1 - 1)
        assert creation == pytest.approx(40.9091, abs=5e-5)
        assert diversion == pytest.approx(27.5109, abs=5e-5)

    def test_finite_supply_against_a_bracketing_root(self) -> None:
        rng = np.random.default_rng(1)
        market = random_market(rng, products=1, varieties=6)
        wedge, supply, sigma, eta = rng.uniform(0.8, 1.7, 6), rng.uniform(0.5, 8, 6), 5.3, 0.7

        def excess(log_index: float) -> float:
            price = (wedge**-sigma * np.exp((sigma - eta) * log_index)) ** (1 / (supply + sigma))
            index = (market.share * (wedge * price) ** (1 - sigma)).sum() ** (1 / (1 - sigma))
            return float(np.log(index) - log_index)

        found = solve(market, wedge, substitution=sigma, demand=eta, supply=supply)
        assert np.log(found.price_index[0]) == pytest.approx(brentq(excess, -2, 2, xtol=1e-13), abs=1e-10)
        np.testing.assert_allclose(found.producer_price**supply, found.quantity, rtol=1e-10)


class TestLaws:
    def test_no_shock_is_the_baseline(self) -> None:
        market = random_market(np.random.default_rng(2))
        found = solve(market, 1.0, substitution=3.7, demand=0.9, supply=2.0)
        for change in (found.delivered_price, found.producer_price, found.quantity, found.price_index):
            np.testing.assert_allclose(change, 1, atol=1e-12)

    @given(sigma=st.floats(0.05, 150), eta=st.floats(0, 5), rate=st.floats(-0.5, 3))
    def test_equal_tariff_makes_substitution_irrelevant(self, sigma: float, eta: float, rate: float) -> None:
        market = one_product([60, 30, 10])
        found = solve(market, 1 + rate, substitution=sigma, demand=eta)
        np.testing.assert_allclose(found.quantity, (1 + rate) ** -eta, rtol=1e-9)

    def test_expenditure_is_adding_up(self) -> None:
        """Σ s p̂^c q̂ = P̂^(1−η): spending moves with the index."""
        market = random_market(np.random.default_rng(3))
        wedge = np.random.default_rng(4).uniform(0.9, 1.6, market.size)
        found = solve(market, wedge, substitution=6.0, demand=1.4)
        spending = np.bincount(market.product, market.share * found.delivered_price * found.quantity)
        np.testing.assert_allclose(spending, found.price_index ** (1 - 1.4), rtol=1e-10)

    def test_sigma_one_is_the_limit(self) -> None:
        market = one_product([60, 30, 10])
        quantity = [
            solve(market, [1.3, 1, 1.1], substitution=s, demand=0.5, supply=3).quantity
            for s in (1 - 1e-7, 1, 1 + 1e-7)
        ]
        np.testing.assert_allclose(quantity[1], (quantity[0] + quantity[2]) / 2, rtol=1e-9)

    def test_large_supply_elasticity_is_full_pass_through(self) -> None:
        market = random_market(np.random.default_rng(5))
        wedge = np.random.default_rng(6).uniform(1, 1.6, market.size)
        exact = solve(market, wedge, substitution=4.0, demand=1.0)
        close = solve(market, wedge, substitution=4.0, demand=1.0, supply=1e9)
        np.testing.assert_allclose(close.quantity, exact.quantity, rtol=1e-7)
        assert (exact.producer_price == 1).all()

    @pytest.mark.parametrize("supply", [np.inf, 1.5])
    def test_first_order_error_is_second_order(self, supply: float) -> None:
        market = random_market(np.random.default_rng(7))
        direction = np.random.default_rng(8).uniform(0, 1, market.size)

        def gap(size: float) -> float:
            arguments = {"substitution": 5.0, "demand": 0.8, "supply": supply}
            exact = solve(market, np.exp(size * direction), **arguments)
            linear = first_order(market, np.exp(size * direction), **arguments)
            return float(np.abs(np.log(exact.quantity) - np.log(linear.quantity)).max())

        assert gap(2e-3) / gap(1e-3) == pytest.approx(4, rel=0.05)

    def test_first_order_formula(self) -> None:
        market = one_product([60, 30, 10])
        tariff = np.array([0.0, 0.1, 0.0])
        found = first_order(market, np.exp(tariff), substitution=4.0, demand=1.0)
        mean = 0.3 * 0.1
        np.testing.assert_allclose(np.log(found.quantity), -1.0 * mean - 4.0 * (tariff - mean), atol=1e-14)

    def test_row_order_does_not_matter(self) -> None:
        rng = np.random.default_rng(9)
        market, shuffle = random_market(rng), rng.permutation(300)
        wedge = rng.uniform(0.9, 1.6, 300)
        sigma, eta = rng.uniform(1.5, 9, 40), rng.uniform(0.3, 2, 40)
        mixed = Market(market.product[shuffle], market.value[shuffle], market.tariff_rate[shuffle])
        first = solve(market, wedge, substitution=sigma, demand=eta, supply=2.0)
        second = solve(mixed, wedge[shuffle], substitution=sigma, demand=eta, supply=2.0)
        np.testing.assert_allclose(second.quantity, first.quantity[shuffle], rtol=1e-12)
        np.testing.assert_allclose(second.price_index, first.price_index, rtol=1e-12)

    def test_batched_draws_are_the_single_solves(self) -> None:
        rng = np.random.default_rng(10)
        market = random_market(rng)
        wedge, sigma = rng.uniform(0.9, 1.6, (5, 300)), rng.uniform(1.5, 20, (5, 40))
        both = solve(market, wedge, substitution=sigma, demand=1.1, supply=2.0)
        for draw in range(5):
            one = solve(market, wedge[draw], substitution=sigma[draw], demand=1.1, supply=2.0)
            np.testing.assert_allclose(both.quantity[draw], one.quantity, rtol=1e-10)


class TestCrossedDraws:
    def test_equals_solving_every_pair(self) -> None:
        rng = np.random.default_rng(11)
        market = random_market(rng)
        wedge, sigma = rng.uniform(0.9, 1.7, (3, 300)), rng.uniform(0.6, 25, (4, 40))
        eta, label = rng.uniform(0.2, 2, (4, 40)), rng.integers(-1, 6, 300)
        found = crossed_value_change(market, wedge, substitution=sigma, demand=eta, label=label)
        for p in range(3):
            for q in range(4):
                change = market.value * (
                    solve(market, wedge[p], substitution=sigma[q], demand=eta[q]).export_value - 1
                )
                expected = np.bincount(label[label >= 0], change[label >= 0])
                np.testing.assert_allclose(found[p, q], expected, rtol=1e-9, atol=1e-11)

    def test_shift_multiplies_demand(self) -> None:
        rng = np.random.default_rng(14)
        market = random_market(rng)
        wedge, sigma, eta = rng.uniform(0.9, 1.7, (2, 300)), rng.uniform(1.5, 9, (3, 40)), np.ones((3, 40))
        label, shift = market.product, rng.uniform(0.5, 1.5, (2, 40))
        plain = crossed_value_change(market, wedge, substitution=sigma, demand=eta, label=label)
        moved = crossed_value_change(market, wedge, substitution=sigma, demand=eta, label=label, shift=shift)
        before = np.bincount(market.product, market.value)
        np.testing.assert_allclose(moved + before, (plain + before) * shift[:, None, :], rtol=1e-12)

    def test_pooled_equals_unpooled(self) -> None:
        rng = np.random.default_rng(12)
        market = random_market(rng, products=10)
        origin = rng.integers(0, 3, market.size)
        rate_class = np.unique(market.tariff_rate, return_inverse=True)[1]
        pooled = pool(market, origin * 3 + rate_class)
        assert pooled.market.size < market.size
        added = np.array([0.1, 0.6, 0.2])
        wedge = 1 + added[origin] / (1 + market.tariff_rate)
        wedge_pooled = 1 + added[pooled.pool_class // 3] / (1 + pooled.market.tariff_rate)
        whole = solve(market, wedge, substitution=7.0, demand=0.9)
        merged = solve(pooled.market, wedge_pooled, substitution=7.0, demand=0.9)
        np.testing.assert_allclose(merged.quantity[pooled.member], whole.quantity, rtol=1e-12)
        np.testing.assert_allclose(merged.price_index, whole.price_index, rtol=1e-12)

    def test_pool_refuses_different_baseline_rates(self) -> None:
        with pytest.raises(DataError, match="baseline rate"):
            pool(one_product([1, 1], [0.0, 0.1]), np.array([0, 0]))

    def test_speed(self) -> None:
        """256 draws over 5,000 products × 50,000 pooled varieties; the target is 0.7 s on an idle core."""
        rng = np.random.default_rng(13)
        market = random_market(rng, products=5000, varieties=50_000)
        wedge, sigma = rng.uniform(1, 1.6, (16, 50_000)), rng.uniform(1.5, 30, (16, 5000))
        label = np.where(rng.random(50_000) < 0.3, rng.integers(0, 25, 50_000), -1)
        start = time.process_time()
        crossed_value_change(market, wedge, substitution=sigma, demand=np.ones((16, 5000)), label=label)
        assert time.process_time() - start < 2.0


class TestSmartComparator:
    def test_creation_agrees_to_first_order_and_diversion_sums_to_zero(self) -> None:
        """METHODS section 3: total creation agrees, the split over origins does not."""
        market = one_product([60, 30, 10])
        rate = np.array([0.0, 1e-6, 0.0])
        creation = smart_creation(market.value, demand=0.8, base_rate=0.0, rate_change=rate)
        diversion = smart_diversion_by_origin(market, 1 + rate, substitution=np.array([4.0]))
        change = market.value * (solve(market, 1 + rate, substitution=4.0, demand=0.8).quantity - 1)
        assert change.sum() == pytest.approx(creation.sum(), rel=1e-4)
        assert diversion.sum() == pytest.approx(0, abs=1e-18)
        rival = market.value[0] * 0.3 * 1e-6
        assert change[0] == pytest.approx((4.0 - 0.8) * rival, rel=1e-4)
        assert diversion[0] == pytest.approx(4.0 * rival, rel=1e-4)

    def test_equal_tariff_diverts_nothing_to_first_order(self) -> None:
        market = one_product([60, 30, 10])
        diversion = smart_diversion_by_origin(market, np.full(3, 1 + 1e-6), substitution=np.array([4.0]))
        np.testing.assert_allclose(diversion, 0, atol=1e-9)

    def test_diversion_is_capped(self) -> None:
        assert smart_diversion(300, 700, substitution=50, price_change=-0.9) <= 700
        assert smart_diversion(300, 700, substitution=50, price_change=0.9) >= -300

    def test_a_lone_origin_diverts_nothing(self) -> None:
        market = one_product([5.0])
        assert smart_diversion_by_origin(market, np.array([1.5]), substitution=np.array([4.0]))[0] == 0


class TestDomain:
    @pytest.mark.parametrize(
        ("wedge", "sigma", "eta", "supply"),
        [(0.0, 4, 1, 1), (1.1, -1, 1, 1), (1.1, 4, -0.1, 1), (1.1, 4, 1, 0), (np.nan, 4, 1, 1)],
    )
    def test_outside(self, wedge: float, sigma: float, eta: float, supply: float) -> None:
        with pytest.raises(OutsideDomain):
            solve(one_product([1.0, 2.0]), wedge, substitution=sigma, demand=eta, supply=supply)

    def test_markets_that_are_none(self) -> None:
        zero = np.zeros(2)
        with pytest.raises(DataError, match="no trade"):
            Market(np.array([0, 1]), np.array([1.0, 0.0]), zero)
        with pytest.raises(DataError, match="negative"):
            Market(np.array([0, 0]), np.array([1.0, -1.0]), zero)
        with pytest.raises(DataError, match="length"):
            Market(np.array([0, 0]), np.array([1.0]), zero)
