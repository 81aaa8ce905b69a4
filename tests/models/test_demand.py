"""Nested demand and the removal of credits: limits with known answers, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import OutsideDomain
from headway.models.demand import (
    Credits,
    NestElasticities,
    SubsidisedMarket,
    nested_demand,
    rank_drivers,
    subsidy_removal,
    triangular,
)


def elasticities(leaf: float, within: tuple[float, float], between: float, market: float) -> NestElasticities:
    return NestElasticities(np.array([leaf]), np.array([within]), np.array([between]), np.array([market]))


def example(eligible_purchase: tuple[float, ...] = (0.0, 0.6, 0.0), lease: float = 0.5) -> SubsidisedMarket:
    """Three makers: all leases of the first eligible, purchases of the second; the third has no electric cars."""
    return SubsidisedMarket(
        units=np.array([[[100.0, 900.0], [600.0, 0.0], [0.0, 5000.0]]]),
        price=np.array([[[50.0, 35.0], [56.0, 47.0], [56.0, 47.0]]]),
        lease_share=np.array([[lease, lease, 0.0]]),
        eligible_purchase=np.array([eligible_purchase]),
        eligible_lease=np.array([[0.9, 0.9, 0.0]]),
    )


def credits(amount: float = 7.5, removed: float = 1.0, production: float = 0.0) -> Credits:
    one = np.ones(1)
    makers = np.array([[0.0, production, 0.0]])
    return Credits(amount * one, amount * one, makers, removed * one, removed * one, one * (production > 0))


NESTS = elasticities(6, (4, 4), 2.1, 0.8)


class TestNestedDemand:
    def test_equal_elasticities_are_plain_ces(self) -> None:
        """σ equal across all levels: q = −σ(p − P) − η P with one index over everything."""
        rng = np.random.default_rng(1)
        value, price = rng.uniform(0.1, 1, (1, 3, 2, 4)), rng.uniform(-0.2, 0.3, (1, 3, 2, 4))
        quantity, _, market = nested_demand(value, price, elasticities(3, (3, 3), 3, 0.8))
        share = value / value.sum()
        index = np.log((share * np.exp(-2 * price)).sum()) / -2
        assert market[0] == pytest.approx(index)
        np.testing.assert_allclose(quantity, -3 * (price - index) - 0.8 * index, atol=1e-12)

    def test_two_level_case_by_hand(self) -> None:
        """One leaf a car, two makers, two powertrains: indices written out."""
        value = np.array([[[[0.2], [0.3]], [[0.1], [0.4]]]])
        price = np.log(np.array([[[[1.1], [1.0]], [[1.3], [1.0]]]]))
        quantity, _, market = nested_demand(value, price, elasticities(9, (4, 3), 2, 0.5))
        nest = np.log((2 / 3 * 1.1**-3 + 1 / 3 * 1.3**-3) ** (-1 / 3))
        top = np.log((0.3 * np.exp(-nest) + 0.7) ** -1)
        assert market[0] == pytest.approx(top)
        assert quantity[0, 0, 0, 0] == pytest.approx(-4 * (np.log(1.1) - nest) - 2 * (nest - top) - 0.5 * top)
        assert quantity[0, 0, 1, 0] == pytest.approx(-2 * (0 - top) - 0.5 * top)

    @given(rise=st.floats(-0.3, 1), leaf=st.floats(0.2, 12), within=st.floats(0.2, 8), between=st.floats(0.2, 4))
    def test_equal_price_rise_leaves_only_the_market(
        self, rise: float, leaf: float, within: float, between: float
    ) -> None:
        value = np.random.default_rng(2).uniform(0.1, 1, (1, 3, 2, 4))
        nests = elasticities(leaf, (within, within), between, 0.7)
        quantity, _, market = nested_demand(value, np.full_like(value, rise), nests)
        assert market[0] == pytest.approx(rise, abs=1e-10)
        np.testing.assert_allclose(quantity, -0.7 * rise, atol=1e-9)

    def test_spending_adds_up(self) -> None:
        rng = np.random.default_rng(3)
        value, price = rng.uniform(0.1, 1, (1, 3, 2, 4)), rng.uniform(-0.2, 0.3, (1, 3, 2, 4))
        quantity, _, market = nested_demand(value, price, NESTS)
        after = (value * np.exp(price + quantity)).sum()
        assert after == pytest.approx(value.sum() * np.exp((1 - 0.8) * market[0]))

    def test_outside_the_domain(self) -> None:
        value = np.ones((1, 1, 2, 1))
        with pytest.raises(OutsideDomain, match="elasticity"):
            nested_demand(value, value, elasticities(-1, (4, 4), 2, 1))
        with pytest.raises(OutsideDomain, match="spending"):
            nested_demand(value * 0, value, NESTS)


class TestSubsidyRemoval:
    def test_no_removal_changes_nothing(self) -> None:
        found = subsidy_removal(example(), credits(removed=0.0), NESTS)
        np.testing.assert_allclose(found.quantity, 0, atol=1e-13)
        np.testing.assert_allclose(found.market, 0, atol=1e-13)

    def test_no_eligible_cars_changes_nothing(self) -> None:
        bare = SubsidisedMarket(
            example().units, example().price, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros((1, 3))
        )
        np.testing.assert_allclose(subsidy_removal(bare, credits(), NESTS).quantity, 0, atol=1e-13)

    def test_maker_without_eligible_cars_only_gains(self) -> None:
        """All of the first maker's electric cars ineligible: rivals lose the credit, it gains in both powertrains."""
        market = example()
        shut_out = SubsidisedMarket(
            market.units,
            market.price,
            market.lease_share * np.array([[0.0, 1.0, 1.0]]),
            market.eligible_purchase,
            market.eligible_lease,
        )
        change = subsidy_removal(shut_out, credits(), NESTS).quantity[0, 0]
        assert change[0] > 0
        assert change[1] > 0

    def test_eligible_price_rises_by_the_wedge(self) -> None:
        """One maker, every car eligible: the consumer's price rises by 1/(1 − s/p), sales follow σ_between and η."""
        market = SubsidisedMarket(
            units=np.array([[[100.0, 900.0]]]),
            price=np.array([[[50.0, 50.0]]]),
            lease_share=np.zeros((1, 1)),
            eligible_purchase=np.ones((1, 1)),
            eligible_lease=np.zeros((1, 1)),
        )
        one = np.ones(1)
        credit = Credits(7.5 * one, 0 * one, np.zeros((1, 1)), one, 0 * one, 0 * one)
        found = subsidy_removal(market, credit, NESTS)
        wedge = 1 / (1 - 7.5 / 50)
        assert found.price[0, 0, 0] == pytest.approx(wedge - 1)
        share = 100 * 42.5 / (100 * 42.5 + 900 * 50)
        index = (share * wedge**-1.1 + 1 - share) ** (-1 / 1.1)
        assert found.quantity[0, 0, 0] == pytest.approx((wedge / index) ** -2.1 * index**-0.8 - 1)

    def test_lost_sales_return_as_other_cars(self) -> None:
        """Electric sales fall, combustion and hybrid sales rise, by less; with σ_between = η nothing returns."""
        found = subsidy_removal(example(), credits(), NESTS).quantity[0]
        assert found[1, 0] < 0 < found[0, 1]
        apart = subsidy_removal(example(), credits(), elasticities(6, (4, 4), 0.8, 0.8)).quantity[0]
        np.testing.assert_allclose(apart[:, 1], 0, atol=1e-13)

    def test_channels_substitute(self) -> None:
        """Buyers of the maker's eligible leases move to its other leaves more easily, the higher σ_leaf."""
        low = subsidy_removal(example(), credits(), elasticities(3, (4, 4), 2.1, 0.8)).leaf_quantity[0, 0]
        high = subsidy_removal(example(), credits(), elasticities(10, (4, 4), 2.1, 0.8)).leaf_quantity[0, 0]
        assert high[2] < low[2] < 0
        assert high[1] > low[1]

    def test_production_credit_is_apart(self) -> None:
        """Removing it alone raises the price of the maker with US cells and helps the others."""
        found = subsidy_removal(example(), credits(removed=0.0, production=2.0), NESTS).quantity[0]
        assert found[1, 0] < 0
        assert found[0, 0] > 0

    def test_draws_are_independent(self) -> None:
        one, two = example(lease=0.5), example(lease=0.8)
        both = SubsidisedMarket(
            *(np.concatenate([getattr(m, f) for m in (one, two)]) for f in SubsidisedMarket.__dataclass_fields__)
        )
        pair = np.ones(2)
        credit = Credits(7.5 * pair, 7.5 * pair, np.zeros((2, 3)), pair, pair, 0 * pair)
        nests = NestElasticities(6 * pair, np.full((2, 2), 4.0), 2.1 * pair, 0.8 * pair)
        found = subsidy_removal(both, credit, nests).quantity
        for draw, market in enumerate((one, two)):
            np.testing.assert_allclose(
                found[draw], subsidy_removal(market, credits(), NESTS).quantity[0], atol=1e-13
            )

    def test_outside_the_domain(self) -> None:
        with pytest.raises(OutsideDomain, match="credit"):
            subsidy_removal(example(), credits(amount=60.0), NESTS)
        with pytest.raises(OutsideDomain, match="share"):
            subsidy_removal(example(lease=1.2), credits(), NESTS)


class TestSensitivity:
    def test_rank_drivers(self) -> None:
        rng = np.random.default_rng(4)
        inputs = np.column_stack([rng.uniform(size=(500, 2)), np.full(500, 3.0)])
        found = rank_drivers(inputs, np.exp(5 * inputs[:, 0]))
        assert found[0] == pytest.approx(1)
        assert abs(found[1]) < 0.15
        assert found[2] == 0

    def test_triangular_quantiles(self) -> None:
        points = np.linspace(0, 1, 20_001)[:, None]
        low, mode, high = np.array([1.0]), np.array([2.0]), np.array([6.0])
        drawn = triangular(points, low, mode, high)
        assert drawn.min() == 1
        assert drawn.max() == 6
        assert drawn.mean() == pytest.approx(3, abs=1e-3)
        assert triangular(np.array([[0.2]]), low, mode, high) == pytest.approx(2)
        assert triangular(np.array([[0.4]]), mode, mode, mode) == pytest.approx(2)
