"""Known answer: Ignatenko, Lashkaripour, Macedoni & Simonovska (2025), Liberation Day, 194 countries.

The compilation has no licence, so it is read from the folder beside the repository and not copied.
"""

from __future__ import annotations

import numpy as np
import pytest

from headway.errors import DataError, NotConverged, OutsideDomain
from headway.models.equilibrium import Baseline, Closure, Shock, solve
from headway.models.markups import (
    calibrate,
    optimal_tariff,
    pass_through,
    solve_tariffs,
)

COLUMNS = ("welfare", "deficit", "exports_share", "imports_share", "employment", "prices")
# US and the expenditure-weighted mean of all others, percent, Tables 1, 2 and 9; None where the article prints nothing.
PRINTED = {
    "relief": ((1.13, -18.1, -52.7, -43.6, 0.32, 12.8), (-0.58, 11.6, -3.2, -3.3, -0.14, -4.7)),
    "lump sum": ((-0.01, -18.4, -52.5, -43.3, -0.41, 13.1), (-0.57, 11.7, -3.3, -3.4, -0.14, -4.8)),
    "optimal": ((1.79, -19.1, -55.3, -45.6, 0.51, 12.6), (-0.61, 17.1, -4.2, -3.7, -0.16, -4.6)),
    "reciprocal": ((-0.36, -26.7, None, None, -0.18, 7.5), (-0.46, 19.8, None, None, -0.13, -2.7)),
    "retaliation": ((-0.75, -29.0, None, None, -0.32, 6.0), (-0.43, 22.4, None, None, -0.13, -2.2)),
    "both optimal": ((-0.32, -28.4, None, None, -0.20, 4.2), (-0.39, 25.1, None, None, -0.13, -1.5)),
    "competitive": ((1.24, -0.4, -46.3, -33.3, 0.41, 10.9), (-0.50, 0.1, -1.9, -2.9, -0.10, -4.0)),
    "partial": ((1.36, -11.8, -35.0, -28.8, 0.30, 7.9), (-0.23, 7.1, -2.1, -2.2, -0.04, -2.9)),
}
DIGITS = (2, 1, 1, 1, 2, 1)
KOREA = {
    "relief": (-1.70798, 7.84290, -5.38650, -6.48874, -0.374491, -5.15400),
    "retaliation": (-1.23245, 10.96915, -8.77684, -9.18402, -0.355849, -2.60897),
}


@pytest.fixture(scope="module")
def liberation(shared_data, load_known_answer):
    return load_known_answer.liberation(shared_data)


@pytest.fixture(scope="module")
def outcome(load_known_answer):
    return load_known_answer.liberation_outcome


@pytest.fixture(scope="module")
def us_tariff(load_known_answer):
    return load_known_answer.tariff_of


def table(solved):
    return 100.0 * np.stack([getattr(solved, column) for column in COLUMNS], axis=1)


@pytest.mark.parametrize("case", PRINTED)
def test_tables_at_printed_digits(liberation, outcome, case):
    solved = table(outcome(liberation, case))
    home = np.arange(len(solved)) == liberation.home
    weight = np.where(home, 0.0, liberation.economy.expenditure)
    for printed, computed in zip(PRINTED[case], (solved[home][0], weight @ solved / weight.sum()), strict=True):
        for value, number, digits in zip(printed, computed, DIGITS, strict=True):
            if value is not None:
                assert abs(number - value) <= 0.5 * 10.0**-digits + 1e-6, case


@pytest.mark.parametrize("case", KOREA)
def test_every_country(liberation, outcome, case):
    solved = outcome(liberation, case)
    np.testing.assert_allclose(table(solved), liberation.expected[case][:, :6], atol=1e-6)
    np.testing.assert_allclose(solved.revenue, liberation.expected[case][:, 6], atol=1e-8)
    korea = table(solved)[liberation.countries.index("KOR")]
    np.testing.assert_allclose(korea, KOREA[case], atol=6e-6)


def test_the_two_closed_forms_and_the_scan_are_three_numbers(liberation, us_tariff):
    economy, home = liberation.economy, liberation.home
    assert optimal_tariff(economy, home) == pytest.approx(0.218, abs=5e-4)
    assert optimal_tariff(economy, home, share_of="exports") == pytest.approx(0.185, abs=5e-4)
    scan = {0.165: 1.677, 0.19: 1.746, 0.218: 1.790, 0.28: 1.795, 0.35: 1.703}
    for rate, welfare in scan.items():
        computed = solve_tariffs(economy, us_tariff(home, rate)).welfare[home]
        # The scan was published by hand at three decimals; the largest gap is 0.0011 points, at 35 %.
        assert 100.0 * computed == pytest.approx(welfare, abs=1.5e-3)
    assert solve_tariffs(economy, us_tariff(home, 0.25)).welfare[home] > 0.018


def test_the_competitive_case_is_the_general_model(liberation):
    """ν = 0, φ = 1 and a lump-sum rebate: one sector, elastic labour, scale, deficits fixed to world income."""
    economy = liberation.economy.competitive()
    count = len(economy.income)
    baseline = Baseline(
        expenditure=economy.expenditure[None],
        trade_share=(economy.sales / economy.expenditure[:, None])[None],
        tariff=np.zeros((1, count, count)),
        value_added_share=np.ones((1, count)),
        input_share=np.zeros((1, 1, count)),
        final_share=np.ones((1, count)),
        value_added=economy.income,
        deficit=economy.transfer,
        trade_elasticity=np.array([4.0]),
    )
    closure = Closure(labour_supply_elasticity=0.5, scale_elasticity=0.67 / 4.0)
    general = solve(baseline, Shock(tariff=liberation.announced[None]), closure)
    special = solve_tariffs(economy, liberation.announced, rebate="lump_sum")
    np.testing.assert_allclose(general.employment_change - 1.0, special.employment, atol=1e-8)
    foreign = general.flow[0] * (1.0 - np.eye(count))
    exports = foreign.sum(axis=0) / general.value_added[0]
    before = (economy.sales * (1.0 - np.eye(count))).sum(axis=0) / economy.income
    np.testing.assert_allclose(exports / before - 1.0, special.exports_share, atol=1e-7)


@pytest.fixture
def small():
    """Three invented countries."""
    trade = np.array([[0.0, 4.0, 2.0], [3.0, 0.0, 1.0], [2.0, 2.0, 0.0]])
    return calibrate(trade, np.array([30.0, 20.0, 10.0]), 0)


def test_accounts_of_the_base(small):
    np.testing.assert_allclose(small.sales.sum(axis=1), small.expenditure)
    assert small.transfer.sum() == pytest.approx(0.0, abs=1e-12)
    exports = small.sales * (1.0 - np.eye(3))
    home = small.markup_share @ small.sales[:, 0] / small.sales[:, 0].sum()
    assert home == pytest.approx(0.26, abs=1e-10)
    assert exports.sum() == pytest.approx(14.0)


def test_no_tariff_changes_nothing(small):
    solved = table(solve_tariffs(small, np.zeros((3, 3))))
    np.testing.assert_allclose(solved, 0.0, atol=1e-7)


def test_pass_through_is_one_without_markups():
    np.testing.assert_allclose(pass_through(np.zeros(2), 4.0), 1.0)


@pytest.mark.parametrize("place", [(0, 1), (0, 0)])
def test_tariffs_outside_the_domain(small, place):
    tariff = np.zeros((3, 3))
    tariff[place] = -1.0 if place[0] != place[1] else 0.1
    with pytest.raises(OutsideDomain):
        solve_tariffs(small, tariff)


def test_a_diagonal_in_the_trade_table_is_refused():
    with pytest.raises(DataError, match="diagonal"):
        calibrate(np.ones((3, 3)), np.ones(3), 0)


def test_tariffs_without_an_equilibrium_are_reported(small):
    tariff = 1e9 * (1.0 - np.eye(3))
    with pytest.raises(NotConverged, match="evaluations"):
        solve_tariffs(small, tariff)
