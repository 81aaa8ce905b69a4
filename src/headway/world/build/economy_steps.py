"""The economy step of the builder."""

from __future__ import annotations

from pathlib import Path

from headway.world.build import economy, shipping
from headway.world.build.report import BuiltTable


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Build both variants of the economy from `sources` and write their tables into `target`."""
    inputs = economy.read_inputs(sources)
    default = economy.build_default(inputs)
    unsplit = economy.build_unsplit(inputs, default)
    return shipping.ship((default, unsplit), inputs.notes, target)
