"""Known answer: one sector, 44 countries of 2000, EU enlargement, two deficit rules, computed by another program.

The data are GPL-3 (an R package), so they are read from the folder beside the repository and not copied.
"""

from __future__ import annotations

import csv
from typing import NamedTuple

import numpy as np
import pytest

from headway.models.equilibrium import Baseline, Closure, Shock, solve


class Enlargement(NamedTuple):
    """The economy, the shock, and the other program's columns as arrays [importer, exporter] or [exporter]."""

    baseline: Baseline
    shock: Shock
    additive_welfare: np.ndarray
    additive_trade: np.ndarray
    multiplicative_real_wage: np.ndarray
    multiplicative_trade: np.ndarray


@pytest.fixture(scope="module")
def enlargement(shared_data) -> Enlargement:
    with (shared_data / "gegravity-r-wiod0014" / "TradeData0014_Results.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if float(row["year"]) == 2000.0]
    names = sorted({row["exporter"] for row in rows})
    place = {name: index for index, name in enumerate(names)}
    columns = ("trade", "eu_effect", "w_eu", "X_eu", "w_mult", "X_mult")
    table = {column: np.zeros((len(names), len(names))) for column in columns}
    for row in rows:
        for column in columns:
            table[column][place[row["importer"]], place[row["exporter"]]] = float(row[column])
    spending, sales = table["trade"].sum(axis=1), table["trade"].sum(axis=0)
    ones = np.ones((1, len(names)))
    baseline = Baseline(
        expenditure=spending[None],
        trade_share=(table["trade"] / spending[:, None])[None],
        tariff=np.zeros((1, len(names), len(names))),
        value_added_share=ones,
        input_share=np.zeros((1, 1, len(names))),
        final_share=ones,
        value_added=sales,
        deficit=spending - sales,
        trade_elasticity=np.array([4.0]),
    )
    # The effect on trade is exp(β) at given prices: d̂^{−θ} = exp(β).
    shock = Shock(iceberg=np.exp(-table["eu_effect"] / 4.0)[None])
    return Enlargement(baseline, shock, table["w_eu"][0], table["X_eu"], table["w_mult"][0], table["X_mult"])


def test_additive_deficits(enlargement):
    assert enlargement.baseline.regions == 44
    equilibrium = solve(enlargement.baseline, enlargement.shock)
    np.testing.assert_allclose(equilibrium.welfare, enlargement.additive_welfare, atol=1e-6)
    np.testing.assert_allclose(equilibrium.flow[0], enlargement.additive_trade, rtol=1e-6)


def test_multiplicative_deficits(enlargement):
    """The other program spends E' = (E/Y) Y' without letting the world add up, and reports welfare as Ŷ/P̂.

    Here spending is scaled so that it does (by 1.5e-6): real wages agree as they are, trade after one common factor.
    """
    equilibrium = solve(enlargement.baseline, enlargement.shock, Closure(trade_balance="own_income"))
    np.testing.assert_allclose(equilibrium.real_wage, enlargement.multiplicative_real_wage, atol=1e-6)
    scale = enlargement.multiplicative_trade.sum() / equilibrium.flow.sum()
    assert scale == pytest.approx(1.0, abs=2e-6)
    np.testing.assert_allclose(equilibrium.flow[0] * scale, enlargement.multiplicative_trade, rtol=1e-6)


def test_the_two_rules_differ(enlargement):
    difference = enlargement.additive_welfare - enlargement.multiplicative_real_wage
    assert np.max(np.abs(difference)) > 1e-4
