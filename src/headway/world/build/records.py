"""Records that the steps of the builder hand on to each other. USD million a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Note:
    """One thing that a step did to the data: the rule, where, and how much moved (USD million, or as `unit` says)."""

    step: str
    rule: str
    where: str
    amount: float
    unit: str = "USD million"
    source: str = ""


@dataclass(frozen=True)
class Structure:
    """A world table of one year.

    `flow[sector, importer, exporter]`, `input_use[input, user, region]`, `final_use[sector, region]`,
    `value_added[sector, region]`; rows and columns of every region add up.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Array
    input_use: Array
    final_use: Array
    value_added: Array

    @property
    def output(self) -> Array:
        """Sales of every sector of every region, [sector, region]."""
        return np.asarray(self.flow.sum(axis=1))

    @property
    def expenditure(self) -> Array:
        """Purchases, [sector, region], at basic prices."""
        return np.asarray(self.flow.sum(axis=2))

    @property
    def input_share(self) -> Array:
        """Input use per unit of the user's output, [input, user, region]."""
        return self.input_use / self.output[None]

    def sector(self, key: str) -> int:
        """Position of a sector."""
        return self.sectors.index(key)

    def region(self, key: str) -> int:
        """Position of a region."""
        return self.regions.index(key)
