"""Draws over an executor: the same numbers whoever computes them, and no worker is lost in silence."""

from __future__ import annotations

import datetime as dt
import logging
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace

import numpy as np
import pytest

from headway.errors import NotConverged
from headway.impact import draws, general, plan, run
from headway.impact.draws import HorizonDraws, horizon_draws
from headway.impact.plan import Plan
from headway.models.ensembles import process_pool
from headway.policy import Measure, Sampling, Scenario
from headway.world import load

QUIET = lambda what, share: None  # noqa: E731
HORIZONS = ("up_to_a_year", "long_run")


class Here(Executor):
    """Runs a task at once in this process, through pickles as another process would get it; `breaks` kills workers."""

    def __init__(self, breaks: Callable[[int], bool] = lambda number: False) -> None:
        self.breaks, self.count = breaks, 0

    def submit(self, task, /, *args, **kwargs):
        self.count += 1
        if self.breaks(self.count) and self.count > 3:
            raise BrokenExecutor("no more")
        future: Future = Future()
        if self.breaks(self.count):
            future.set_exception(BrokenExecutor("killed"))
            return future
        try:
            future.set_result(pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(task))(*args, **kwargs))))
        except NotConverged as error:
            future.set_exception(error)
        return future


def scenario() -> Scenario:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "partners": ("ALL",)}
    measure = Measure.model_validate(content | {"rate_low": 10, "rate_high": 20})
    few = Sampling(policy_draws=2, parameter_draws=4)
    return Scenario(name="x", home="KOR", date=dt.date(2025, 1, 21), measures=(measure,), sampling=few)


@pytest.fixture(scope="module")
def planned() -> Plan:
    return plan(scenario())


def arrays(found: HorizonDraws) -> Iterator[tuple[str, np.ndarray]]:
    for part in (found.everything, found.goods):
        for name, value in vars(part).items():
            if isinstance(value, np.ndarray):
                yield name, value


def assert_same(found: HorizonDraws, expected: HorizonDraws) -> None:
    for (name, one), (_, other) in zip(arrays(found), arrays(expected), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)
    assert found.everything.worst_residual == expected.everything.worst_residual
    assert found.everything.most_iterations == expected.everything.most_iterations


@pytest.mark.parametrize("horizon", HORIZONS)
def test_an_executor_gives_the_same_numbers(planned: Plan, horizon: str) -> None:
    assert_same(horizon_draws(planned, horizon, QUIET, executor=Here()), horizon_draws(planned, horizon, QUIET))


def test_lost_workers_run_again_here_and_the_log_says_so(planned: Plan, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = horizon_draws(planned, "long_run", QUIET, executor=Here(lambda number: number in (2, 4)))
    assert found.reruns == 2
    assert "Elasticities 2 of 4: the worker was lost (killed)" in caplog.text
    assert "Elasticities 4 of 4: the worker was lost (it takes no more work)" in caplog.text
    assert_same(found, horizon_draws(planned, "long_run", QUIET))


def test_a_draw_that_does_not_converge_is_named_wherever_it_runs(planned: Plan) -> None:
    """With substitution below one and fixed deficits there is no equilibrium: the third of four such draws says so."""
    theta = planned.elasticities["long_run"].trade_elasticity.copy()
    theta[2] = -0.6
    drawn = replace(planned.elasticities["long_run"], trade_elasticity=theta)
    hopeless = replace(planned, elasticities={"long_run": drawn})
    with pytest.raises(
        NotConverged, match=r"No solution for draw 1 of the rates, elasticities 3 of 4: No equilib"
    ):
        horizon_draws(hopeless, "long_run", QUIET)
    with pytest.raises(
        NotConverged, match=r"Elasticities 3 of 4: No solution for draw 1 of the rates: No equilib"
    ):
        horizon_draws(hopeless, "long_run", QUIET, executor=Here())


def test_a_stubborn_draw_is_approached_from_half_its_tariffs() -> None:
    tried = []

    def move(q: int, tariff: np.ndarray, start: object) -> general._Move:
        tried.append((float(tariff[0]), start))
        if len(tried) == 1:
            raise NotConverged("too far", "")
        return general._Move(tariff, tariff, tariff, tariff, 0.0, 1, state=f"after {tariff[0]:.2f}")

    found = general._patient(move, 0, np.array([0.44]), np.array([0.0]), "start")
    assert tried == [(0.44, "start"), (pytest.approx(0.2), None), (0.44, "after 0.20")]
    assert found.state == "after 0.44"


def test_a_task_is_small_whatever_the_number_of_draws(planned: Plan) -> None:
    small = draws._with_set(planned, "long_run", 1)
    assert small.elasticities["long_run"].trade_elasticity.shape == (1, 24)
    np.testing.assert_array_equal(
        small.elasticities["long_run"].substitution[0], planned.elasticities["long_run"].substitution[1]
    )
    assert len(pickle.dumps(small)) < 5e6


def test_a_world_travels_between_processes() -> None:
    again = pickle.loads(pickle.dumps(load()))
    np.testing.assert_array_equal(again.flow, load().flow)
    assert again.manifest == load().manifest
    with pytest.raises(ValueError, match="read-only"):
        again.flow[0, 0, 0] = 1.0
    with pytest.raises(TypeError):
        again.manifest["x"] = 1


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_does_not_depend_on_the_number_of_processes(workers: int) -> None:
    expected = run(scenario())
    with process_pool(workers) as executor:
        found = run(scenario(), executor=executor)
    assert found.figures == expected.figures
    assert found.manifest["solver"] == expected.manifest["solver"]


@pytest.mark.slow
def test_a_dask_cluster_runs_the_draws() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = run(scenario(), executor=client.get_executor())
    assert found.figures == run(scenario()).figures


def test_the_manifest_says_how_far_the_interval_has_settled(planned: Plan) -> None:
    solver = run(scenario()).manifest["solver"]
    for horizon in HORIZONS:
        assert 0 < solver[horizon]["interval_change"] < 5
        assert solver[horizon]["tasks_run_again"] == 0
