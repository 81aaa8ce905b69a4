"""The same draws give the same numbers whoever computes them; lost workers and failed draws are never silent."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from operator import attrgetter, methodcaller

import numpy as np
import pytest

from headway.errors import DataError, NotConverged, OutsideDomain
from headway.models.ensembles import (
    Draw,
    EnsemblePlan,
    crossed_draws,
    half_shock,
    patient_solve,
    process_pool,
    quantile_convergence,
    run_ensemble,
    thread_pool,
)
from headway.models.equilibrium import Closure, Shock, SolverOptions, solve


@pytest.fixture(scope="module")
def world(random_world):
    return random_world(4, 3, seed=60)


@pytest.fixture(scope="module")
def draws(world):
    rng = np.random.default_rng(0)
    made = []
    for number in range(10):
        tariff = world.tariff.copy()
        tariff[:, 0, 1:] += rng.uniform(0.05, 0.3)
        theta = world.trade_elasticity * rng.uniform(0.7, 1.3, 3)
        made.append(Draw(f"draw {number}", Shock(tariff=tariff), theta))
    return made


@pytest.fixture(scope="module")
def expected(world, draws):
    return np.array([solve(world.with_elasticity(draw.trade_elasticity), draw.shock).welfare for draw in draws])


class FakePool(Executor):
    """Runs a task at once, in the caller, unless `breaks` says that this one kills its worker; then it is broken."""

    def __init__(self, breaks):
        self.breaks, self.broken = breaks, False

    def submit(self, function, /, *args):
        if self.broken:
            raise BrokenProcessPool("broken before")
        future: Future = Future()
        if self.breaks([draw.name for draw in args[1]]):
            self.broken = True
            future.set_exception(BrokenProcessPool("killed"))
        else:
            future.set_result(function(*args))
        return future


@pytest.mark.parametrize("chunk", [1, 3, 32])
def test_results_do_not_depend_on_the_chunks(world, draws, expected, chunk):
    ensemble = run_ensemble(world, draws, attrgetter("welfare"), plan=EnsemblePlan(chunk=chunk))
    assert ensemble.failures == ()
    np.testing.assert_array_equal(ensemble.values, expected)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_results_do_not_depend_on_the_number_of_processes(world, draws, expected, workers):
    ensemble = run_ensemble(
        world, draws, attrgetter("welfare"), pool=lambda: process_pool(workers), plan=EnsemblePlan(chunk=2)
    )
    np.testing.assert_array_equal(ensemble.values, expected)


@pytest.mark.slow
def test_a_dask_cluster_is_an_executor(world, draws, expected):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        ensemble = run_ensemble(
            world, draws, attrgetter("welfare"), pool=lambda: client.get_executor(), plan=EnsemblePlan(chunk=2)
        )
    np.testing.assert_array_equal(ensemble.values, expected)


def test_a_worker_lost_once_costs_nothing_but_time(world, draws, expected):
    seen: list[list[str]] = []

    def first_time(names):
        seen.append(names)
        return "draw 3" in names and sum("draw 3" in others for others in seen) == 1

    ensemble = run_ensemble(
        world, draws, attrgetter("welfare"), pool=lambda: FakePool(first_time), plan=EnsemblePlan(chunk=2)
    )
    assert ensemble.failures == ()
    np.testing.assert_array_equal(ensemble.values, expected)


def test_a_draw_that_kills_every_worker_is_reported_alone(world, draws, expected):
    ensemble = run_ensemble(
        world,
        draws,
        attrgetter("welfare"),
        pool=lambda: FakePool(lambda names: "draw 3" in names),
        plan=EnsemblePlan(chunk=4),
    )
    (failure,) = ensemble.failures
    assert failure.name == "draw 3"
    assert "killed" in failure.reason
    assert np.all(np.isnan(ensemble.values[3]))
    others = np.arange(10) != 3
    np.testing.assert_array_equal(ensemble.values[others], expected[others])
    with pytest.raises(NotConverged, match="draw 3"):
        ensemble.of("default")


def test_a_measure_that_fails_is_reported_with_its_reason(world, draws):
    ensemble = run_ensemble(world, draws[:2], attrgetter("no_such_result"))
    assert [failure.name for failure in ensemble.failures] == ["draw 0", "draw 1"]
    assert "no_such_result" in ensemble.failures[0].reason


def test_draws_that_do_not_converge_are_named(world, draws):
    plan = EnsemblePlan(options=SolverOptions(max_iterations=1))
    ensemble = run_ensemble(world, draws[:3], attrgetter("welfare"), plan=plan)
    assert [failure.name for failure in ensemble.failures] == ["draw 0", "draw 1", "draw 2"]
    assert "No equilibrium" in ensemble.failures[0].reason
    loud = EnsemblePlan(options=SolverOptions(max_iterations=1), raise_failures=True)
    with pytest.raises(NotConverged, match="3 draws have no result: draw 0"):
        run_ensemble(world, draws[:3], attrgetter("welfare"), plan=loud)


def test_a_failed_solve_is_approached_from_half_the_shock(world, draws):
    shock, calls = draws[0].shock, []

    def stubborn(shock, start=None):
        calls.append(start)
        if shock is draws[0].shock and start is None:
            raise NotConverged("too far", "")
        return solve(world, shock, start=start)

    found = patient_solve(stubborn, world, shock)
    np.testing.assert_allclose(found.welfare, solve(world, shock).welfare, rtol=1e-9)
    assert len(calls) == 3


def test_half_a_shock_twice_is_the_shock():
    world = _Levels()
    shock = Shock(
        tariff=np.full((1, 2, 2), 0.21),
        iceberg=np.full((1, 2, 2), 1.44),
        export_tax=np.full((1, 2, 2), 0.21),
        production_subsidy=np.full((1, 2), 0.19),
        consumption_subsidy=np.full((1, 2), -0.21),
    )
    half = half_shock(world, shock)
    np.testing.assert_allclose(half.tariff, 0.1)
    np.testing.assert_allclose(half.iceberg, 1.2)
    np.testing.assert_allclose(half.export_tax, 0.1)
    np.testing.assert_allclose(half.production_subsidy, 0.1)
    np.testing.assert_allclose(half.consumption_subsidy, -0.1)


class _Levels:
    """A baseline without wedges, as far as `half_shock` looks."""

    tariff = np.zeros((1, 2, 2))
    export_tax = production_subsidy = consumption_subsidy = None


def test_a_shock_outside_the_domain_stops_everything(world, draws):
    bad = Draw("bad", Shock(tariff=np.full(world.tariff.shape, -2.0)))
    with pytest.raises(OutsideDomain):
        run_ensemble(world, [*draws[:2], bad], attrgetter("welfare"))


def test_variants_stay_apart(world, draws):
    shocks = {f"policy {number}": draw.shock for number, draw in enumerate(draws[:2])}
    theta = {f"θ {number}": draw.trade_elasticity for number, draw in enumerate(draws[:3])}
    crossed = crossed_draws(shocks, theta, ["long run", "balanced"])
    assert len(crossed) == 12
    assert crossed[0].name == "long run / policy 0 / θ 0"
    closures = {"long run": Closure(), "balanced": Closure(trade_balance="balanced")}
    ensemble = run_ensemble(world, crossed, methodcaller("exports_volume", 1), closures=closures)
    assert ensemble.of("long run").shape == (6, 3, 4)
    direct = solve(world.with_elasticity(theta["θ 1"]), shocks["policy 0"], closures["balanced"])
    np.testing.assert_array_equal(ensemble.of("balanced")[1], direct.exports_volume(1))
    with pytest.raises(DataError, match="long run, balanced"):
        ensemble.of("short run")
    with pytest.raises(DataError, match="balanced"):
        run_ensemble(world, crossed, attrgetter("welfare"), closures={"long run": Closure()})


def test_names_must_differ(world, draws):
    with pytest.raises(DataError, match="draw 0"):
        run_ensemble(world, [draws[0], draws[0]], attrgetter("welfare"))


def test_progress_ends_at_the_number_of_draws(world, draws):
    seen: list[tuple[int, int]] = []
    plan = EnsemblePlan(chunk=3, progress=lambda done, total: seen.append((done, total)))
    run_ensemble(world, draws, attrgetter("welfare"), pool=thread_pool, plan=plan)
    assert seen[-1] == (10, 10)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_quantiles_settle_as_draws_grow():
    values = np.random.default_rng(0).normal(size=(4096, 2))
    path = quantile_convergence(values, (0.5,))
    assert path.sizes == (32, 64, 128, 256, 512, 1024, 2048, 4096)
    assert np.all(np.abs(path.last_change) < 0.05)
    np.testing.assert_allclose(path.quantiles[-1, 0], np.median(values, axis=0))
    assert np.all(np.isnan(quantile_convergence(values[:40]).last_change))
