"""Times of rating: a full panel, a batch of ten million entries, a single look-up; prints peak memory.

    python benchmarks/tariffs.py [--entries 10000000]

Entries draw lines and origins with a skewed weight (few lines make most entries), days from January 2025 to
November 2026, and claim the origin's own programme half of the time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from headway.tariffs.engine import CHUNK, panel, rate_chunks
from headway.tariffs.instruments import origins
from headway.tariffs.lookup import rate_entry
from headway.tariffs.records import Entry
from headway.tariffs.schedule import codes, programs

FIRST, DAYS = dt.date(2025, 1, 1), 690
PANEL_DAY = dt.date(2026, 11, 24)


def skewed(rng: np.random.Generator, number: int, size: int) -> np.ndarray:
    """Indices below `number` with weights 1/(rank + 10), as trade is spread over lines."""
    weights = 1 / (np.arange(number) + 10.0)
    return rng.permutation(number)[rng.choice(number, size=size, p=weights / weights.sum())]


def entries(size: int, rng: np.random.Generator) -> pl.DataFrame:
    """A batch of entries: hts10, origin, day, program."""
    lines, places = np.array(codes()), np.array(sorted(origins()))
    own = {iso3: p.symbol for p in programs().values() for iso3 in p.partners if len(p.partners) < 10}
    origin = places[skewed(rng, len(places), size)]
    frame = pl.DataFrame(
        {
            "hts10": lines[skewed(rng, len(lines), size)],
            "origin": origin,
            "day": np.datetime64(FIRST) + rng.integers(0, DAYS, size),
            "claims": rng.random(size) < 0.5,
        }
    )
    symbol = pl.col("origin").replace_strict(own, default="")
    return frame.with_columns(program=pl.when("claims").then(symbol).otherwise(pl.lit(""))).drop("claims")


def timed(label: str, run: Callable[[], object]) -> None:
    """Run and print seconds, seconds of processor time, and the peak memory of the process so far."""
    start, busy = time.perf_counter(), time.process_time()
    run()
    seconds, worked = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{label:<44} {seconds:9.3f} s   {worked:9.3f} s of processor   peak {peak:5.2f} GB")


def main() -> None:
    """Measure all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000_000)
    arguments = parser.parse_args()
    one = Entry(hts10="8703230140", origin="KOR", day=PANEL_DAY)
    timed("first look-up (loads the schedule)", lambda: rate_entry(one))
    timed("look-up in a warm process", lambda: rate_entry(one))
    places = sorted(origins())[:230]
    timed(f"panel, {len(codes())} lines x {len(places)} origins", lambda: panel(PANEL_DAY, origins=places))
    batch = entries(arguments.entries, np.random.default_rng(1))
    timed(
        f"batch of {arguments.entries:,} entries",
        lambda: sum(chunk.height for chunk in rate_chunks(batch.iter_slices(CHUNK))),
    )


if __name__ == "__main__":
    main()
