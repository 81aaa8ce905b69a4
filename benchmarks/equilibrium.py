"""Times and peak memory of the equilibrium model against the targets; `--plot` draws time per evaluation over size.

python benchmarks/equilibrium.py [--plot docs/validation/equilibrium-speed.svg]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from equilibrium_synthetic import blanket_tariff, synthetic_world

from headway.models.equilibrium import SolverOptions, prepare, solve, solve_many, solve_prepared
from headway.models.gradients import gradient, welfare_of

COLD = """
import time
start = time.perf_counter()
import sys
sys.path.insert(0, sys.argv[1])
from headway import world
from headway.models.equilibrium import solve
from equilibrium_synthetic import blanket_tariff
loaded = world.load()
baseline = loaded.baseline([4.0] * len(loaded.sectors))
solve(baseline, blanket_tariff(baseline))
print(time.perf_counter() - start)
"""


def seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """Median time of `repeats` runs after one that compiles."""
    run()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def report(what: str, value: float, target: str = "") -> None:
    """One line: what, seconds, the target, peak memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{what:<58} {value:8.3f} s   {target:<12} peak {peak:5.2f} GB", flush=True)


def cold_process(cache: str) -> float:
    """Seconds from the start of a fresh process to its first result on the embedded world."""
    environment = {
        **os.environ,
        "JAX_COMPILATION_CACHE_DIR": cache,
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", COLD, here], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def embedded_world() -> None:
    """Cold processes, a single solve, and 1,000 draws over tariffs and elasticities."""
    from headway import world

    with tempfile.TemporaryDirectory() as cache:
        report("cold process, nothing compiled yet, embedded world", cold_process(cache), "≤ 4")
        report("cold process, compiled before", cold_process(cache), "≤ 4")
    loaded = world.load()
    baseline = loaded.baseline(np.full(len(loaded.sectors), 4.0))
    report("single solve, embedded world 26 × 24", seconds(lambda: solve(baseline, blanket_tariff(baseline))))
    rng = np.random.default_rng(0)
    shocks = [blanket_tariff(baseline, scale) for scale in rng.uniform(0.5, 2.0, 1000)]
    theta = np.exp(rng.normal(np.log(4.0), 0.4, (1000, baseline.sectors)))
    few = seconds(lambda: solve_many(baseline, shocks[:256], trade_elasticity=theta[:256]), 3)
    report("256 draws, embedded world", few, "≤ 1.5")
    many = seconds(lambda: solve_many(baseline, shocks, trade_elasticity=theta), 3)
    report("1,000 draws, embedded world", many, "≤ 6")
    options = SolverOptions(batch=32)
    batched = seconds(lambda: solve_many(baseline, shocks[:256], trade_elasticity=theta[:256], options=options), 3)
    report("256 draws in compiled batches of 32 (the accelerators' way)", batched)


def large_worlds() -> None:
    """77 × 45, its gradient, and 200 × 120."""
    baseline = synthetic_world(77, 45)
    shock = blanket_tariff(baseline)
    forward = seconds(lambda: solve(baseline, shock), 9)
    report("single solve, 77 × 45, checks included", forward, "≤ 0.05")
    problem = prepare(baseline)
    report("single solve, 77 × 45, prepared", seconds(lambda: solve_prepared(problem, shock), 9))
    equilibrium = solve(baseline, shock)
    backward = seconds(lambda: gradient(equilibrium, welfare_of(equilibrium, 0)), 9)
    count = baseline.tariff.size
    report(f"gradient by {count:,} tariffs, 77 × 45", backward, f"{backward / forward:.1f} × solve")
    theta = baseline.trade_elasticity * np.linspace(0.7, 1.3, 16)[:, None]
    report("16 draws, 77 × 45", seconds(lambda: solve_many(baseline, [shock], trade_elasticity=theta), 3))
    baseline = synthetic_world(200, 120)
    shock = blanket_tariff(baseline)
    report("single solve, 200 × 120", seconds(lambda: solve(baseline, shock), 3), "≤ 2, ≤ 4 GB")


def bandwidth() -> float:
    """Bytes per second that one pass over a large array reads."""
    values = np.ones(50_000_000)
    return values.nbytes / seconds(lambda: values.sum(), 5)


def scaling(path: Path) -> None:
    """Time per evaluation against N²J, beside the time to read the two [J, N, N] arrays twice from memory."""
    import altair as alt
    import polars as pl

    speed = bandwidth()
    rows = []
    for regions, sectors in ((20, 20), (40, 20), (40, 40), (77, 45), (100, 60), (150, 80), (200, 120)):
        baseline = synthetic_world(regions, sectors)
        problem, shock = prepare(baseline), blanket_tariff(baseline)
        taken = seconds(lambda p=problem, s=shock: solve_prepared(p, s), 3)
        evaluations = solve_prepared(problem, shock).diagnostics.iterations
        cells = regions**2 * sectors
        bound = 3 * cells * 8 / speed
        rows.append((cells, taken / evaluations * 1e3, "measured"))
        rows.append((cells, bound * 1e3, "three reads from memory"))
        print(
            f"{regions:>4} × {sectors:<4} {taken / evaluations * 1e3:8.3f} ms per evaluation, bound {bound * 1e3:.3f}"
        )
    table = pl.DataFrame(rows, schema=["cells", "milliseconds", "what"], orient="row")
    chart = (
        alt.Chart(table)
        .mark_line(point=True)
        .encode(
            x=alt.X("cells", scale=alt.Scale(type="log"), title="N²J, cells of trade"),
            y=alt.Y("milliseconds", scale=alt.Scale(type="log"), title="milliseconds per evaluation"),
            strokeDash=alt.StrokeDash("what", title=None),
        )
        .properties(width=420, height=260)
    )
    chart.save(str(path))


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", type=Path, help="where to write the chart of time over size")
    arguments = parser.parse_args()
    embedded_world()
    large_worlds()
    if arguments.plot:
        scaling(arguments.plot)


if __name__ == "__main__":
    main()
