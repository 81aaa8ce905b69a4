"""Origins by row: many series, each with months of its own from which a forecast is made, in one pass over time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Origins = NDArray[np.int64]
Places = tuple[NDArray[np.int64], NDArray[np.int64]]


def by_row(origins: Origins, rows: int) -> Origins:
    """Origins [R, O] of every row, from origins [O] that all rows share or [R, O] of their own."""
    return np.broadcast_to(origins, (rows, origins.shape[-1]))


def visits(origins: Origins) -> dict[int, Places]:
    """Month → (rows, columns) of origins [R, O] at which a forecast is made then."""
    flat = origins.reshape(-1)
    order = np.argsort(flat, kind="stable")
    months, first = np.unique(flat[order], return_index=True)
    groups = np.split(order, first[1:])
    return {
        int(month): (group // origins.shape[1], group % origins.shape[1])
        for month, group in zip(months, groups, strict=True)
    }
