"""Ratings of the US schedule kept between runs in the user's cache folder, one file per day of law.

A file is the SHA-256 of what follows it, then a table. Its name holds the day and a hash of everything that the rating
depends on: package, law, trade. Files are written whole; one that cannot be read is made again.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import platformdirs
import polars as pl

from headway import __version__
from headway.files import sha256, write_atomically
from headway.tariffs.fingerprint import law_digest
from headway.world import catalogue

logger = logging.getLogger(__name__)

HASH_LENGTH = 64
MOST_FILES = 40
"""Days kept; the least recently used go first."""


def default_folder() -> Path:
    """Where ratings are kept, beside the compiled programs of the models."""
    return Path(platformdirs.user_cache_dir("headway")) / "us_duties"


def key(on: date, year: int) -> str:
    """Name of a day's file: day, and a hash of package version, law and the imports that it is rated for."""
    tables = {one: catalogue.entry(f"us_imports_{one}").sha256 for one in sorted({year, 2024})}
    hashes = [digest for files in tables.values() for _, digest in sorted(files.items())]
    return f"{on.isoformat()}-{sha256(' '.join((__version__, law_digest(), *hashes)))[:16]}"


def kept(on: date, year: int, make: Callable[[], pl.DataFrame], folder: Path | None = None) -> pl.DataFrame:
    """The table of a day from its file, else from `make` and then kept; a folder that cannot be written is no error."""
    path = (folder or default_folder()) / f"{key(on, year)}.rates"
    found = _read(path)
    if found is not None:
        return found
    made = make()
    _write(path, made)
    return made


def _read(path: Path) -> pl.DataFrame | None:
    """The table of a file, or None: absent, or damaged, which the log says."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    with contextlib.suppress(OSError):  # a shared cache may be read-only
        path.touch()
    if sha256(raw[HASH_LENGTH:]).encode() != raw[:HASH_LENGTH]:
        logger.warning("The kept US duties in %s are damaged; they are computed again.", path.name)
        return None
    return pl.read_parquet(io.BytesIO(raw[HASH_LENGTH:]))


def _write(path: Path, table: pl.DataFrame) -> None:
    content = io.BytesIO()
    table.write_parquet(content, compression="zstd")
    raw = content.getvalue()
    try:
        write_atomically(path, sha256(raw).encode() + raw)
        _prune(path.parent)
    except OSError as problem:
        logger.info("US duties are not kept between runs: %s", problem)


def _prune(folder: Path) -> None:
    """Remove the files used longest ago, beyond `MOST_FILES`."""
    files = sorted(folder.glob("*.rates"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[MOST_FILES:]:
        path.unlink(missing_ok=True)
