"""Tables that are kept by hand, row by row with a source or the word "assumption": they only enter the catalogue."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from headway.files import write_atomically
from headway.world.build.report import BuiltTable

FILES = ("ev_subsidy.csv",)


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Bring the kept tables to `target` unchanged; `sources` is not read."""
    return tuple(_keep(name, target) for name in FILES)


def _keep(name: str, target: Path) -> BuiltTable:
    content = (resources.files("headway.world") / "data" / name).read_bytes()
    if not (target / name).exists() or (target / name).read_bytes() != content:
        write_atomically(target / name, content)
    rows = len(content.decode("utf-8").splitlines()) - 1
    transforms = ("kept by hand; each row names its source or says assumption",)
    return BuiltTable(name, (), rows, rows, transforms)
