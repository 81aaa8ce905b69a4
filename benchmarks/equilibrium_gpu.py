"""Ten thousand draws on whatever device JAX finds; the same code as on a CPU.

    pip install "jax[cuda12]"
    python benchmarks/equilibrium_gpu.py [--draws 10000]

Prints the device, so that a result can be kept with its hardware named.
"""

from __future__ import annotations

import argparse
import resource
import time

import jax
import numpy as np
from equilibrium_synthetic import blanket_tariff

from headway import world
from headway.models.equilibrium import solve_many


def main() -> None:
    """Time draws over tariffs and elasticities on the embedded world, in parts so that memory stays flat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--part", type=int, default=1_000)
    arguments = parser.parse_args()
    loaded = world.load()
    baseline = loaded.baseline(np.full(len(loaded.sectors), 4.0))
    rng = np.random.default_rng(0)
    solve_many(baseline, [blanket_tariff(baseline)] * min(arguments.part, 256))
    start = time.perf_counter()
    welfare = []
    for begin in range(0, arguments.draws, arguments.part):
        count = min(arguments.part, arguments.draws - begin)
        shocks = [blanket_tariff(baseline, scale) for scale in rng.uniform(0.5, 2.0, count)]
        theta = np.exp(rng.normal(np.log(4.0), 0.4, (count, baseline.sectors)))
        members = solve_many(baseline, shocks, trade_elasticity=theta)
        welfare.extend(member.welfare[0] for member in members)
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{jax.devices()[0].device_kind}: {len(welfare):,} draws in {taken:.1f} s, host peak {peak:.2f} GB")
    print(f"welfare of region 0: mean {np.mean(welfare):.6f}, standard deviation {np.std(welfare):.6f}")


if __name__ == "__main__":
    main()
