"""What each of several measures contributes to a result, exactly: Shapley values over all coalitions of measures."""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from headway.errors import OutsideDomain
from headway.models.equilibrium.records import Array

MOST_MEASURES = 8


def coalitions(count: int) -> npt.NDArray[np.bool_]:
    """Every subset of `count` measures [2^count, count]: row r holds measure m where bit m of r is set.

    Solve the model once per row, in this order, and hand the results to `shapley`. Raises OutsideDomain above 8.
    """
    if not 1 <= count <= MOST_MEASURES:
        raise OutsideDomain(
            f"{count} measures make {2**count} coalitions.", f"Group them into at most {MOST_MEASURES} measures."
        )
    members: npt.NDArray[np.bool_] = (np.arange(2**count)[:, None] >> np.arange(count)) % 2 == 1
    return members


def shapley(values: npt.ArrayLike) -> Array:
    """Contributions [count, ...] from results of all coalitions [2^count, ...] in the order of `coalitions`.

    φ_m = Σ_{S ∌ m} |S|! (n − |S| − 1)!/n! · (v(S ∪ m) − v(S)) (Shapley 1953): they add up to v(all) − v(none),
    equal measures get equal parts, and a measure that never moves the result gets none.
    """
    results = np.asarray(values, dtype=np.float64)
    count = len(results).bit_length() - 1
    if len(results) != 2**count or count < 1:
        raise OutsideDomain(f"{len(results)} results are not one per coalition.", "Use the rows of `coalitions`.")
    rows = np.arange(2**count)
    size = coalitions(count).sum(axis=1)
    parts = []
    for measure in range(count):
        without = rows[(rows >> measure) % 2 == 0]
        weight = np.array([1.0 / (count * comb(count - 1, int(members))) for members in size[without]])
        parts.append(np.tensordot(weight, results[without + 2**measure] - results[without], axes=1))
    return np.asarray(parts, dtype=np.float64)
