"""Derivatives of results by every tariff: labelled, in stated units, equal to central differences, and cheap."""

from __future__ import annotations

import datetime as dt
import time
from functools import lru_cache

import numpy as np
import pytest

from headway.errors import NoEffect, UnknownCode
from headway.impact import plan, sensitivity
from headway.impact.central import central_case, central_theta, solve_at
from headway.impact.results import Result
from headway.impact.sensitivity import QUANTITIES, Target, derivatives, parse_target
from headway.models.equilibrium import Equilibrium, Shock, SolverOptions, solve
from headway.models.gradients import gradient, welfare_of
from headway.policy import Measure, Scenario
from headway.world import World, load, miniature

TIGHT = SolverOptions(tolerance=1e-13, max_iterations=3000)
STEP = 2e-4
THETA = np.array([4.0, 6.0, 5.0, 3.0])
TARGETS = {
    "real_income": lambda e: 100 * np.log(e.welfare[0]),
    "real_income.USA": lambda e: 100 * np.log(e.welfare[1]),
    "exports": lambda e: e.flow_volume[:3, 1:, 0].sum(),
    "exports.motor_vehicles": lambda e: e.flow_volume[1, 1:, 0].sum(),
    "exports.USA": lambda e: e.flow_volume[:3, 1, 0].sum(),
    "exports.motor_vehicles.USA": lambda e: e.flow_volume[1, 1, 0],
    "revenue.USA": lambda e: e.tariff_revenue[1],
    "output.electronics": lambda e: e.flow_volume[0, :, 0].sum(),
}
"""What a text stands for, from the results that a reader sees; a derivative is per percentage point."""


@lru_cache(maxsize=1)
def shocked() -> np.ndarray:
    tariff = miniature().tariff.copy()
    tariff[:3, 1, [0, 2]] += 0.15
    return tariff


def differences(world: World, tariff: np.ndarray, theta: np.ndarray, values, place: tuple[int, ...]) -> np.ndarray:
    """Central differences of fourth order of several results, per percentage point."""

    def at(steps: float) -> np.ndarray:
        moved = tariff.copy()
        moved[place] += steps * STEP
        solved = solve(world.baseline(theta), Shock(tariff=moved), options=TIGHT)
        return np.array([value(solved) for value in values])

    return 0.01 * (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12.0 * STEP)


@pytest.fixture(scope="module")
def small() -> Equilibrium:
    return solve(miniature().baseline(THETA), Shock(tariff=shocked()), options=TIGHT)


def test_every_tariff_of_the_miniature_world_against_central_differences(small: Equilibrium) -> None:
    world = miniature()
    expected = np.zeros((len(TARGETS), *world.tariff.shape))
    for place in np.ndindex(world.tariff.shape):
        if place[1] != place[2]:
            expected[:, *place] = differences(world, shocked(), THETA, TARGETS.values(), place)
    for text, numeric in zip(TARGETS, expected, strict=True):
        found = derivatives(world, small, parse_target(text, world, "KOR")).values
        np.testing.assert_allclose(found, numeric, rtol=1e-6, atol=1e-7 * np.abs(numeric).max(), err_msg=text)


def test_tariffs_of_the_embedded_world_against_central_differences(main_scenario: Scenario) -> None:
    planned = plan(main_scenario)
    world, case = planned.world, central_case(planned)
    tariff = case.equilibrium.shock.tariff
    assert tariff is not None
    cars, chips = world.sector("motor_vehicles"), world.sector("electronics")
    usa, korea = world.region("USA"), case.at
    results = (lambda e: e.flow_volume[cars, usa, korea], lambda e: 100 * np.log(e.welfare[korea]))
    found = [sensitivity(planned, text).values for text in ("exports.motor_vehicles.USA", "real_income")]
    for place in ((cars, usa, korea), (cars, usa, world.region("MEX")), (chips, world.region("CHN"), korea)):
        expected = differences(world, tariff, central_theta(), results, place)
        assert [one[place] for one in found] == pytest.approx(expected, rel=1e-6)


def test_it_is_labelled_and_says_its_unit(main_scenario: Scenario, main_result: Result) -> None:
    found = sensitivity(main_result, "exports.metals.USA")
    assert found.dims == ("sector", "importer", "exporter")
    assert found.attrs["units"] == "USD million per percentage point"
    assert found.attrs["of"] == "export volume at baseline prices of KOR, metals, to USA"
    assert float(found.sel(sector="metals", importer="USA", exporter="KOR")) < 0
    assert float(found.sel(sector="metals", importer="USA", exporter="CHN")) > 0
    assert not np.einsum("jnn->jn", found.values).any()
    np.testing.assert_array_equal(found, sensitivity(main_scenario, "exports.metals.USA"))
    own = sensitivity(main_result)
    assert own.attrs["units"] == "percent per percentage point"
    assert own.attrs["of"] == "real income of KOR"


def test_exports_by_sector_and_partner_add_up_to_the_total(small: Equilibrium) -> None:
    world = miniature()

    def found(text: str) -> np.ndarray:
        return derivatives(world, small, parse_target(text, world, "KOR")).values

    parts = sum(found(f"exports.{key}") for key in world.goods)
    np.testing.assert_allclose(parts, found("exports"), rtol=1e-7, atol=1e-9)
    partners = found("exports.USA") + found("exports.ROW")
    np.testing.assert_allclose(partners, found("exports"), rtol=1e-7, atol=1e-9)


def test_it_costs_less_than_five_solves() -> None:
    world, theta = load(), central_theta()
    tariff = world.tariff.copy()
    tariff[:16, world.region("USA")] += 0.1
    tariff[:, world.region("USA"), world.region("USA")] = 0.0
    equilibrium = solve_at(world, tariff, theta)

    def seconds(task) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            task()
            times.append(time.perf_counter() - started)
        return min(times)

    target = Target("real_income", "KOR")
    derivatives(world, equilibrium, target)
    assert seconds(lambda: derivatives(world, equilibrium, target)) < 5 * seconds(
        lambda: solve_at(world, tariff, theta)
    )


def test_the_derivative_is_that_of_the_models_gradient(small: Equilibrium) -> None:
    found = derivatives(miniature(), small, Target("real_income", "USA"))
    np.testing.assert_array_equal(found.values, gradient(small, welfare_of(small, 1)).tariff)


class TestTargets:
    def test_sectors_and_regions_stand_in_any_order(self) -> None:
        world = miniature()
        expected = Target("exports", "KOR", "motor_vehicles", "USA")
        assert parse_target("exports.motor_vehicles.USA", world, "KOR") == expected
        assert parse_target("exports.USA.motor_vehicles", world, "KOR") == expected
        assert parse_target("output.electronics.ROW", world, "KOR") == Target("output", "ROW", "electronics")
        assert parse_target("revenue", world, "USA") == Target("revenue", "USA")

    @pytest.mark.parametrize(
        "text", ["imports", "exports.cars", "output", "exports.USA.ROW", "real_income.electronics", "exports.XXX"]
    )
    def test_what_names_no_result_is_refused(self, text: str) -> None:
        with pytest.raises(UnknownCode, match=r"to differentiate|no single result"):
            parse_target(text, miniature(), "KOR")

    def test_every_quantity_has_a_meaning_and_a_unit(self) -> None:
        assert set(QUANTITIES) == {text.split(".")[0] for text in TARGETS}


def test_a_scenario_without_a_tariff_has_no_derivative() -> None:
    cars = {"words": "electric vehicles", "hs": ("870380",)}
    content = {"id": "m", "imposer": "USA", "stage": "pledged", "instrument": "subsidy_removal"}
    measure = Measure.model_validate(content | {"product_matches": (cars,)})
    scenario = Scenario(name="x", home="KOR", date=dt.date(2025, 1, 21), measures=(measure,))
    with pytest.raises(NoEffect, match="no tariff"):
        sensitivity(scenario)
