"""Laws of Shapley values, and a scenario of two tariffs in a small world."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from headway.errors import OutsideDomain
from headway.models.attribution import coalitions, shapley
from headway.models.equilibrium import Shock, solve_many


def test_parts_add_up_and_equal_the_mean_over_orders():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(8, 2))
    parts = shapley(values)
    np.testing.assert_allclose(parts.sum(axis=0), values[-1] - values[0])
    mean = np.zeros((3, 2))
    for order in permutations(range(3)):
        coalition = 0
        for measure in order:
            mean[measure] += values[coalition + 2**measure] - values[coalition]
            coalition += 2**measure
    np.testing.assert_allclose(parts, mean / 6.0)


def test_a_measure_without_effect_gets_nothing_and_equals_get_the_same():
    members = coalitions(3)
    values = 2.0 * np.minimum(members[:, 0] + members[:, 1].astype(int), 1)
    np.testing.assert_allclose(shapley(values), [1.0, 1.0, 0.0])


def test_additive_effects_are_returned_as_they_are():
    members = coalitions(4)
    effects = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(shapley(members @ effects), effects)


@pytest.mark.parametrize("count", [0, 9])
def test_too_many_or_no_measures(count):
    with pytest.raises(OutsideDomain, match="coalitions"):
        coalitions(count)


def test_results_that_are_not_one_per_coalition():
    with pytest.raises(OutsideDomain, match="6 results"):
        shapley(np.zeros(6))


def test_two_tariffs_in_a_small_world(random_world):
    baseline = random_world(4, 3, seed=40)
    first, second = np.zeros_like(baseline.tariff), np.zeros_like(baseline.tariff)
    first[:, 0, 1] = 0.2
    second[:, 0, 2:] = 0.1
    shocks = [Shock(tariff=baseline.tariff + row[0] * first + row[1] * second) for row in coalitions(2)]
    welfare = np.array([np.log(member.welfare) for member in solve_many(baseline, shocks)])
    parts = shapley(welfare)
    np.testing.assert_allclose(parts.sum(axis=0), welfare[3], atol=1e-9)
    # Region 1 is hurt by the tariff on it and gains from the one on its rivals.
    assert parts[0, 1] < 0.0 < parts[1, 1]
