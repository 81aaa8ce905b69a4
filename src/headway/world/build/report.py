"""What a builder did, for the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BuiltTable:
    """One shipped table: its file name, its sources (relative paths), rows in and out, and what was done."""

    file: str
    sources: tuple[str, ...]
    rows_in: int
    rows_out: int
    transforms: tuple[str, ...]
