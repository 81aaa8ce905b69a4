"""Claim: a brief from an article takes under 15 s with an empty cache, under 5 s warm, under 2 GB, on two cores.

Run: python benchmarks/brief.py [ARTICLE]. Each line is one new process, as a user starts it: wall time, processor
time and peak memory. The first has an empty compilation cache; the others find it filled.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WARM_RUNS = 3


def run_once(article: Path, cache: Path, out: Path) -> tuple[float, float]:
    """Wall and processor seconds of one `headway brief`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-m", "headway", "brief", str(article), "--out", str(out), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"XDG_CACHE_HOME": str(cache)})
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one line per run."""
    article = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "announcement.txt"
    print(f"article: {article.name}; cores: {os.cpu_count()}")
    with tempfile.TemporaryDirectory() as folder:
        cache, out = Path(folder) / "cache", Path(folder) / "out"
        for number in range(1 + WARM_RUNS):
            wall, processor = run_once(article, cache, out)
            name = "warm" if number else "cold"
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{name:5} {wall:6.2f} s wall  {processor:6.2f} s processor  peak {peak:6.0f} MB (highest so far)"
            )


if __name__ == "__main__":
    main()
