"""What ratings depend on, as one hash: a stored rating is good as long as it stays the same."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from headway.tariffs.instruments import DATA

KINDS = frozenset({".py", ".yaml", ".csv", ".parquet"})


@lru_cache(maxsize=2)
def law_digest(folder: Path = DATA.parent) -> str:
    """SHA-256 over names and contents of every table, list, instrument and rule of the package, hexadecimal."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in KINDS):
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
