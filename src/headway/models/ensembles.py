"""Many draws of one economy, on one machine or over any `concurrent.futures.Executor` (METHODS section 4).

A draw is named and complete before anything runs, so results do not depend on who computes what: the same draws
give the same numbers whatever the number of workers or the size of a chunk.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

import numpy as np

from headway.errors import DataError, HeadwayError, NotConverged
from headway.models.equilibrium.problem import prepare
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.solution import Equilibrium
from headway.models.equilibrium.solver import solve_prepared
from headway.models.fixed_point import SolverOptions
from headway.models.sampling import LEVELS, quantiles

Measure = Callable[[Equilibrium], Array]
Progress = Callable[[int, int], None]
Chunk = tuple[int, ...]


@dataclass(frozen=True)
class Draw:
    """One run: its name in reports, the shock, trade elasticities [J] (None for the baseline's) and the variant it is
    of.
    """

    name: str
    shock: Shock
    trade_elasticity: Array | None = None
    variant: str = "default"


@dataclass(frozen=True)
class Failure:
    """A draw without a result after every retry: its name, the last reason, and how often it was tried."""

    name: str
    reason: str
    attempts: int


@dataclass(frozen=True)
class Ensemble:
    """Results [D, ...] in the order of `draws`; NaN where a draw failed, and `failures` says which and why."""

    draws: tuple[Draw, ...]
    values: Array
    failures: tuple[Failure, ...]

    def of(self, variant: str) -> Array:
        """Results of one variant [D of it, ...]. Raises NotConverged where one of its draws failed."""
        chosen = [number for number, draw in enumerate(self.draws) if draw.variant == variant]
        if not chosen:
            known = ", ".join(dict.fromkeys(draw.variant for draw in self.draws))
            raise DataError(f"No draw is of variant {variant!r}.", f"Choose among {known}.")
        names = {self.draws[number].name for number in chosen}
        lost = [failure for failure in self.failures if failure.name in names]
        if lost:
            raise NotConverged(*_lost(lost))
        return np.asarray(self.values[chosen])


@dataclass(frozen=True)
class QuantileConvergence:
    """Quantiles [S, L, ...] after the first `sizes` [S] draws, and the change [L, ...] over the last doubling."""

    sizes: tuple[int, ...]
    quantiles: Array
    last_change: Array


def crossed_draws(
    shocks: Mapping[str, Shock], trade_elasticity: Mapping[str, Array], variants: Sequence[str] = ("default",)
) -> tuple[Draw, ...]:
    """Every shock with every set of elasticities in every variant, named "variant / shock / elasticities"."""
    return tuple(
        Draw(f"{variant} / {shock} / {theta}", shocks[shock], trade_elasticity[theta], variant)
        for variant, shock, theta in product(variants, shocks, trade_elasticity)
    )


def process_pool(workers: int | None = None) -> Executor:
    """A pool of fresh processes, one per core by default (JAX's threads do not survive a fork)."""
    return ProcessPoolExecutor(workers or os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))


def thread_pool() -> Executor:
    """A pool of threads, one per core: on one machine the fastest, as all share one compiled program."""
    return ThreadPoolExecutor(os.cpu_count())


@dataclass(frozen=True)
class EnsemblePlan:
    """How to run: draws per task (`chunk`), tasks handed out at a time (`window`: at least as many as workers), solver
    options, `progress` (called with draws done and draws in all), and whether failures are raised.
    """

    chunk: int = 32
    window: int = 64
    options: SolverOptions = field(default_factory=SolverOptions)
    progress: Progress | None = None
    raise_failures: bool = False


@dataclass(frozen=True)
class _Run:
    """What every worker needs."""

    baseline: Baseline
    measure: Measure
    closures: dict[str, Closure]
    options: SolverOptions


@dataclass(frozen=True)
class _Ledger:
    """What is done, by number of the draw."""

    draws: tuple[Draw, ...]
    results: dict[int, Array]
    failures: dict[int, Failure]
    progress: Progress | None

    def file(self, chunk: Chunk, outcome: list[Array | Failure]) -> None:
        """Keep the outcome of a chunk and report progress."""
        for number, value in zip(chunk, outcome, strict=True):
            if isinstance(value, Failure):
                self.failures[number] = value
            else:
                self.results[number] = value
        if self.progress is not None:
            self.progress(len(self.results) + len(self.failures), len(self.draws))


def run_ensemble(
    baseline: Baseline,
    draws: Sequence[Draw],
    measure: Measure,
    *,
    closures: Mapping[str, Closure] | None = None,
    pool: Callable[[], Executor] = thread_pool,
    plan: EnsemblePlan | None = None,
) -> Ensemble:
    """Solve every draw and keep `measure` of each equilibrium (a picklable function with a fixed shape of result).

    `closures` by variant (Caliendo–Parro for "default"); `pool` makes an executor: `thread_pool`, `process_pool`,
    or for a cluster `lambda: client.get_executor()`. A chunk whose worker dies is run again in a new
    executor, and the second time draw by draw, each alone; a draw that does not converge is approached from half its
    shock. What then still fails is in `failures`, or raised if `plan.raise_failures`. Raises DataError for draws
    without distinct names or without a closure, and OutsideDomain as `solve` does.
    """
    plan = plan or EnsemblePlan()
    run = _Run(baseline, measure, dict(closures or {"default": Closure()}), plan.options)
    _check_draws(draws, run.closures)
    ledger = _Ledger(tuple(draws), {}, {}, plan.progress)
    queue = deque(tuple(range(i, min(i + plan.chunk, len(draws)))) for i in range(0, len(draws), plan.chunk))
    suspects = _run_queue(run, ledger, queue, pool, plan.window)
    for number in suspects:
        _run_alone(run, ledger, number, pool)
    found = tuple(ledger.failures[number] for number in sorted(ledger.failures))
    if found and plan.raise_failures:
        raise NotConverged(*_lost(found))
    return Ensemble(tuple(draws), _stack(ledger.results, len(draws)), found)


def _check_draws(draws: Sequence[Draw], closures: Mapping[str, Closure]) -> None:
    names = [draw.name for draw in draws]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if not names or twice:
        raise DataError(f"Draws need distinct names; {twice[:3] or 'there are none'}.", "Name each draw once.")
    unknown = sorted({draw.variant for draw in draws} - set(closures))
    if unknown:
        raise DataError(f"No closure is given for {', '.join(unknown)}.", "Add it to `closures`.")


def _run_queue(
    run: _Run, ledger: _Ledger, queue: deque[Chunk], pool: Callable[[], Executor], window: int
) -> list[int]:
    """Run all chunks; return the draws of those lost twice. The first time, a chunk goes to the end of the queue."""
    losses: Counter[Chunk] = Counter()
    suspects: list[int] = []
    while queue:
        for chunk, _ in _run_until_loss(run, ledger, queue, pool, window):
            losses[chunk] += 1
            if losses[chunk] == 1:
                queue.append(chunk)
            else:
                suspects.extend(chunk)
    return suspects


def _run_alone(run: _Run, ledger: _Ledger, number: int, pool: Callable[[], Executor]) -> None:
    """Run a suspect draw in an executor of its own, so that what it breaks is its own; then it has failed."""
    for chunk, reason in _run_until_loss(run, ledger, deque([(number,)]), pool, 1):
        ledger.file(chunk, [Failure(ledger.draws[number].name, reason, 3)])


def _run_until_loss(
    run: _Run, ledger: _Ledger, queue: deque[Chunk], pool: Callable[[], Executor], window: int
) -> list[tuple[Chunk, str]]:
    """Run chunks from the queue in one executor until it loses a worker; return what was lost and why."""
    lost: list[tuple[Chunk, str]] = []
    running: dict[Future[list[Array | Failure]], Chunk] = {}
    with pool() as executor:
        while running or (queue and not lost):
            while queue and not lost and len(running) < window:
                chunk = queue.popleft()
                try:
                    running[executor.submit(run_chunk, run, [ledger.draws[number] for number in chunk])] = chunk
                except BrokenExecutor as problem:
                    lost.append((chunk, _reason(problem)))
            for task in wait(running, return_when=FIRST_COMPLETED).done:
                _file(ledger, running.pop(task), task, lost)
    return lost


def _file(
    ledger: _Ledger, chunk: Chunk, task: Future[list[Array | Failure]], lost: list[tuple[Chunk, str]]
) -> None:
    """Keep a finished task; errors of the model are raised, anything else counts as a lost worker."""
    error = task.exception()
    if error is None:
        ledger.file(chunk, task.result())
    elif isinstance(error, HeadwayError):
        raise error
    else:
        lost.append((chunk, _reason(error)))


def run_chunk(run: _Run, draws: Sequence[Draw]) -> list[Array | Failure]:
    """What a worker does: solve draws one after the other; a draw that does not converge becomes a Failure."""
    problems = {
        variant: prepare(
            run.baseline,
            run.closures[variant],
            options=run.options,
            export_taxes=any(draw.shock.export_tax is not None for draw in draws),
        )
        for variant in dict.fromkeys(draw.variant for draw in draws)
    }
    outcome: list[Array | Failure] = []
    for draw in draws:
        solve = partial(solve_prepared, problems[draw.variant], trade_elasticity=draw.trade_elasticity)
        try:
            outcome.append(np.asarray(run.measure(patient_solve(solve, run.baseline, draw.shock))))
        except NotConverged as problem:
            outcome.append(Failure(draw.name, problem.message, 2))
    return outcome


def patient_solve(solve: Callable[..., Equilibrium], baseline: Baseline, shock: Shock) -> Equilibrium:
    """Solve; where that fails, solve half the shock first and go on from there."""
    try:
        return solve(shock)
    except NotConverged:
        return solve(shock, start=solve(half_shock(baseline, shock)).state)


def half_shock(baseline: Baseline, shock: Shock) -> Shock:
    """The shock whose wedges are the geometric mean of the baseline's and the shock's."""
    middle = {
        name: np.sqrt((1.0 + (0.0 if (old := getattr(baseline, name)) is None else old)) * (1.0 + new)) - 1.0
        for name in ("tariff", "export_tax")
        if (new := getattr(shock, name)) is not None
    }
    less = {
        name: 1.0 - np.sqrt((1.0 - (0.0 if (old := getattr(baseline, name)) is None else old)) * (1.0 - new))
        for name in ("production_subsidy", "consumption_subsidy")
        if (new := getattr(shock, name)) is not None
    }
    iceberg = None if shock.iceberg is None else np.sqrt(shock.iceberg)
    return replace(shock, iceberg=iceberg, **middle, **less)


def _stack(results: dict[int, Array], count: int) -> Array:
    """Results [count, ...], NaN where there is none."""
    if not results:
        return np.full(count, np.nan)
    shape = next(iter(results.values())).shape
    values = np.full((count, *shape), np.nan)
    for number, value in results.items():
        values[number] = value
    return values


def _reason(problem: BaseException) -> str:
    return f"its worker failed ({type(problem).__name__}: {problem})"


def _lost(failures: Sequence[Failure]) -> tuple[str, str]:
    """Message and fix for draws that failed."""
    listed = "; ".join(f"{failure.name}: {failure.reason}" for failure in failures[:3])
    more = f"; and {len(failures) - 3} more" if len(failures) > 3 else ""
    return (
        f"{len(failures)} draws have no result: {listed}{more}.",
        "Leave their range out on purpose, or run them with more patience (SolverOptions).",
    )


def quantile_convergence(
    values: Array, levels: tuple[float, ...] = LEVELS, *, smallest: int = 32
) -> QuantileConvergence:
    """Quantiles over the first n of the draws [D, ...] for n = D, D/2, D/4, … ≥ `smallest`, smallest first.

    Meant for draws in the order in which they were made (low-discrepancy points fill in as they go).
    """
    count = len(values)
    sizes = [count]
    while sizes[0] // 2 >= smallest:
        sizes.insert(0, sizes[0] // 2)
    path = np.stack([quantiles(values[:size], levels) for size in sizes])
    last = path[-1] - path[-2] if len(path) > 1 else np.full_like(path[-1], np.nan)
    return QuantileConvergence(tuple(sizes), path, last)
