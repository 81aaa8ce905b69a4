"""The programme: exact against brute force, bounds and prices against the linear relaxation, speed, infeasibility."""

from __future__ import annotations

import time
from itertools import product as every

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog
from tests.response.support.conftest import losses, synthetic

from headway.errors import DataError
from headway.response.support.design import Design, build
from headway.response.support.menu import Limits, Menu, build_menu, bundles_of, totals, value_of
from headway.response.support.programme import allocate, check_feasible
from headway.response.support.relaxation import relax
from headway.response.support.rules import MinShare, Rules, shipped_rules


def _small(rng: np.random.Generator, firms: int, instruments: int) -> Menu:
    cost = rng.uniform(1, 5, (firms, instruments)).round(1)
    loss = rng.uniform(2, 30, firms)
    kept = np.minimum(rng.uniform(0.1, 0.6, (firms, instruments)) * loss[:, None], 9.0)
    return build_menu(
        bundles_of(instruments, 2, [(0, 1)]),
        eligible=rng.random((firms, instruments)) < 0.8,
        cost=cost,
        kept=kept,
        loss=loss,
        most_amount=7.0,
        group=np.arange(firms) % 2,
    )


def _limits(menu: Menu, budget: float, share: float = 0.3, most: int = 3) -> Limits:
    """A budget, a number of grants of the first instrument, and a share of money for the second group."""
    size = menu.cost.shape[1]
    first = np.eye(size)[0]
    return Limits(
        names=("budget", "most of the first", "share of the second group"),
        amount=np.array([np.ones(size), np.zeros(size), np.ones(size)]),
        count=np.array([np.zeros(size), first, np.zeros(size)]),
        weight=np.array([[1.0, 1.0], [1.0, 1.0], [share, share - 1.0]]),
        right=np.array([budget, float(most), 0.0]),
        minimum=np.array([False, False, True]),
    )


def _brute_force(menu: Menu, limits: Limits) -> float:
    best = 0.0
    open_to = [np.flatnonzero(np.isfinite(row)) for row in menu.value]
    for chosen in every(*open_to):
        picked = np.array(chosen, dtype=np.int64)
        spent, granted = totals(menu, picked)
        if np.all(limits.use(spent[0], granted[0]) <= limits.right + 1e-9):
            best = max(best, float(value_of(menu, picked).sum()))
    return best


@given(st.integers(0, 10_000), st.floats(3, 18))
@settings(max_examples=25, deadline=None)
def test_exact_against_brute_force(seed: int, budget: float) -> None:
    menu = _small(np.random.default_rng(seed), 5, 3)
    limits = _limits(menu, budget)
    best = _brute_force(menu, limits)
    found = allocate(menu, limits)
    assert found.value == pytest.approx(best, rel=1e-4, abs=1e-9)
    assert found.bound >= best - 1e-9
    assert np.all(found.use <= limits.right + 1e-6)


def _linear(menu: Menu, limits: Limits) -> tuple[float, np.ndarray]:
    """The relaxation over bundles written out whole: value and prices of the limits."""
    firm, bundle = np.nonzero(np.isfinite(menu.value))
    held = menu.bundles[bundle].astype(float)
    use = limits.weight[:, menu.group[firm]] * (limits.amount @ (menu.cost[firm] * held).T + limits.count @ held.T)
    each = sparse.csr_matrix((np.ones(firm.size), (firm, np.arange(firm.size))))
    found = linprog(
        -menu.value[firm, bundle],
        A_ub=sparse.csr_matrix(use),
        b_ub=limits.right,
        A_eq=each,
        b_eq=np.ones(menu.firms),
        bounds=(0, None),
        method="highs",
    )
    return -float(found.fun), -np.asarray(found.ineqlin.marginals)


def test_the_relaxation_is_the_linear_programme_and_its_prices(rules: Rules) -> None:
    design = build(synthetic(700), rules, losses(), 20_000.0, content={}, granted=None)
    value, prices = _linear(design.menu, design.limits)
    found = relax(design.menu, design.limits)
    assert found.bound == pytest.approx(value, rel=5e-6)
    assert found.prices[0] == pytest.approx(prices[0], rel=0.02)
    assert found.bound >= value - 1e-6 * value


@pytest.fixture(scope="module")
def rules() -> Rules:
    return shipped_rules()


def test_the_price_of_the_budget_is_what_one_more_buys(rules: Rules) -> None:
    firms = synthetic(3000)
    values = [
        relax(design.menu, design.limits)
        for design in (
            build(firms, rules, losses(), budget, content={}, granted=None) for budget in (30_000.0, 30_300.0)
        )
    ]
    # Shares of instruments move with the budget in these rules, so their prices count too.
    slope = (values[1].bound - values[0].bound) / 300.0
    bought = values[0].prices[0] + sum(
        price * one.max_share
        for price, one in zip(
            values[0].prices[1:], [one for one in rules.instruments if one.max_share < 1], strict=False
        )
    )
    assert slope == pytest.approx(bought, rel=0.05)


def test_limits_hold_and_the_gap_is_proven(rules: Rules) -> None:
    design = build(synthetic(2000), rules, losses(), 25_000.0, content={}, granted=None)
    found = allocate(design.menu, design.limits)
    assert np.all(found.use <= design.limits.right + 1e-6 * np.abs(design.limits.right))
    assert 0 <= found.gap <= 1e-4
    held = design.menu.bundles[found.chosen]
    assert held.sum(axis=1).max() <= rules.max_per_firm
    assert (design.cost * held).sum(axis=1).max() <= rules.max_amount_per_firm
    fast, regular = (
        next(k for k, one in enumerate(rules.instruments) if one.id == id) for id in rules.exclusive[0]
    )
    assert not (held[:, fast] & held[:, regular]).any()
    assert (design.bar[held] == 0).all()


def test_minimum_shares_by_region_hold_and_cost_something(rules: Rules) -> None:
    firms = synthetic(1500)
    shares = (
        MinShare(by="region", of=("Jeju", "Ulsan"), share=0.4, source="test"),
        MinShare(by="size", of=("small",), share=0.3, source="test"),
    )
    free = rules.model_copy(update={"min_shares": ()})
    bound = rules.model_copy(update={"min_shares": shares})
    loose = allocate(*_arrays(build(firms, free, losses(), 20_000.0, content={}, granted=None)))
    design = build(firms, bound, losses(), 20_000.0, content={}, granted=None)
    tight = allocate(*_arrays(design))
    assert tight.value < loose.value
    spent = (design.cost * design.menu.bundles[tight.chosen]).sum(axis=1)
    region, size = firms.table["region"], firms.table["size"]
    assert spent[region.is_in(["Jeju", "Ulsan"]).to_numpy()].sum() >= 0.4 * spent.sum() - 1e-6
    assert spent[(size == "small").to_numpy()].sum() >= 0.3 * spent.sum() - 1e-6
    assert max(tight.prices[-2:]) > 0


def _arrays(design: Design) -> tuple[Menu, Limits]:
    return design.menu, design.limits


def test_together_grants_never_keep_more_than_the_loss() -> None:
    menu = build_menu(
        bundles_of(2, 2),
        eligible=np.ones((1, 2), dtype=bool),
        cost=np.ones((1, 2)),
        kept=np.array([[8.0, 5.0]]),
        loss=np.array([10.0]),
        most_amount=None,
        group=np.zeros(1, dtype=np.int64),
    )
    assert menu.value[0].tolist() == pytest.approx([0.0, 8.0, 5.0, 10 * (1 - 0.2 * 0.5)])


def test_a_minimum_that_the_budget_cannot_pay_is_named(rules: Rules) -> None:
    design = build(synthetic(1000), rules, losses(), 8_000.0, content={}, granted=None)
    with pytest.raises(DataError, match=r"at most 60 % of the budget; .*at least 200 firms"):
        check_feasible(design.menu, design.limits)
    with pytest.raises(DataError, match="in conflict"):
        allocate(design.menu, design.limits)


def test_a_minimum_that_too_few_firms_may_have_is_named_alone(rules: Rules) -> None:
    design = build(synthetic(120), rules, losses(), 100_000.0, content={}, granted=None)
    with pytest.raises(DataError, match=r"in conflict: Tariff response voucher, fast track: at least 200 firms\."):
        allocate(design.menu, design.limits)


def test_bundles_leave_out_exclusive_pairs() -> None:
    sets = {tuple(np.flatnonzero(one)) for one in bundles_of(3, 2, [(0, 2)])}
    assert sets == {(), (0,), (1,), (2,), (0, 1), (1, 2)}


def test_one_firm_and_no_gain() -> None:
    menu = _small(np.random.default_rng(0), 1, 3)
    nothing = Menu(np.where(np.isfinite(menu.value), 0.0, -np.inf), menu.cost, menu.bundles, menu.group)
    found = allocate(nothing, _limits(menu, 5.0))
    assert found.value == 0.0
    assert found.gap == 0.0


@pytest.mark.slow
@pytest.mark.parametrize(("count", "budget", "seconds"), [(10_000, 84_700.0, 60.0), (100_000, 847_000.0, 600.0)])
def test_many_firms_in_time(rules: Rules, count: int, budget: float, seconds: float) -> None:
    firms = synthetic(count)
    started = time.perf_counter()
    design = build(firms, rules, losses(), budget, content={}, granted=None)
    found = allocate(design.menu, design.limits)
    assert time.perf_counter() - started < seconds
    assert found.gap <= 1e-4
    assert len(rules.instruments) == 8
