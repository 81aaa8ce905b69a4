"""Rebuild every table that the package ships: `python -m headway.world.build --sources DIR`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from headway.errors import HeadwayError
from headway.world.build import economy_steps, us_imports
from headway.world.build.report import BuiltTable

logger = logging.getLogger("headway.world.build")

STEPS: tuple[tuple[str, Callable[[Path, Path], tuple[BuiltTable, ...]]], ...] = (
    ("economy", economy_steps.build),
    ("us-imports", us_imports.build),
)
"""Name and function of every step; a function takes the folder of sources and the folder to write to."""


def run(sources: Path, target: Path, only: str | None = None) -> tuple[BuiltTable, ...]:
    """Run all steps, or the one named `only`, and return what they built."""
    target.mkdir(parents=True, exist_ok=True)
    built: list[BuiltTable] = []
    for name, build in STEPS:
        if only in (None, name):
            started = time.perf_counter()
            built.extend(build(sources, target))
            logger.info("%s built in %.1f s", name, time.perf_counter() - started)
    return tuple(built)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m headway.world.build", description=__doc__)
    parser.add_argument(
        "--sources", type=Path, required=True, help="folder of source data (wiod2013, us-imports, ...)"
    )
    parser.add_argument(
        "--target", type=Path, default=Path(__file__).parents[1] / "data", help="folder to write to"
    )
    parser.add_argument("--only", choices=[name for name, _ in STEPS], help="run one step")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        for table in run(options.sources, options.target, options.only):
            logger.info("%s: %d rows", table.file, table.rows_out)
    except HeadwayError as error:
        logger.error("%s", error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
