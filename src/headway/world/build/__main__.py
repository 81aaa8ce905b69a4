"""Rebuild every table that the package ships: `python -m headway.world.build --sources DIR`."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from headway.errors import HeadwayError
from headway.world.build import (
    cataloguing,
    country_exports,
    economy_steps,
    elasticities,
    item_exports,
    kept,
    pages,
    us_imports,
    validation,
)
from headway.world.build.report import BuiltTable

logger = logging.getLogger("headway.world.build")

STEPS: tuple[tuple[str, Callable[[Path, Path], tuple[BuiltTable, ...]]], ...] = (
    ("economy", economy_steps.build),
    ("us-imports", us_imports.build),
    ("elasticities", elasticities.build),
    ("item-exports", item_exports.build),
    ("country-exports", country_exports.build),
    ("kept by hand", kept.build),
)
"""Name and function of every step; a function takes the folder of sources and the folder to write to."""

DATA = Path(__file__).parents[1] / "data"
"""The folder that the package ships."""


def run(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Run all steps, then write the catalogue; returns what was built."""
    target.mkdir(parents=True, exist_ok=True)
    built: list[BuiltTable] = []
    for name, build in STEPS:
        started = time.perf_counter()
        built.extend(build(sources, target))
        logger.info("%s built in %.1f s", name, time.perf_counter() - started)
    cataloguing.write(sources, target, tuple(built))
    return tuple(built)


def write_docs(sources: Path, target: Path, docs: Path) -> None:
    """Write the data pages and the validation page of the world from the tables in `target`."""
    pages.write(target, docs / "data")
    validation.write(sources, docs / "validation")


def _repository_docs() -> Path | None:
    root = Path(__file__).parents[4]
    return root / "docs" if (root / "pyproject.toml").is_file() else None


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m headway.world.build", description=__doc__)
    parser.add_argument(
        "--sources", type=Path, required=True, help="folder of source data (wiod2013, us-imports, ...)"
    )
    parser.add_argument("--target", type=Path, default=DATA, help="folder to write tables to")
    parser.add_argument("--docs", type=Path, help="documentation folder, for the data and validation pages")
    options = parser.parse_args(arguments)
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.INFO)
    docs = options.docs or (_repository_docs() if options.target == DATA else None)
    try:
        for table in run(options.sources, options.target):
            logger.info("%s: %d rows", table.file, table.rows_out)
        if docs is not None:
            write_docs(options.sources, options.target, docs)
    except HeadwayError as error:
        logger.error("%s", error)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
