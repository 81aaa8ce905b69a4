"""One-offs and level shifts: which months jumped, and whether the jump stayed."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from headway.outlook import months
from headway.outlook.engine.filters import autoregress
from headway.outlook.records import FloatArray, Series

THRESHOLD = 3.75
"""Standard errors of an effect from which it is named."""

SMALLEST = 0.03
"""Effects smaller than this share of the level are not worth a name."""

MONTHS_PER_BREAK = 12
"""At most one effect is sought per so many months, so that a series of breaks does not become all breaks."""

STAYED = 2
"""Months after a jump that must be on file before it can be told whether it stayed."""


@dataclasses.dataclass(frozen=True)
class Break:
    """A month whose adjusted level jumped: `kind` "one-off", "level shift" or "jump, too recent to tell".

    `effect` is the size as a fraction of the level, `t` its size in standard errors.
    """

    number: int
    kind: str
    effect: float
    t: float

    @property
    def words(self) -> str:
        """The break as a sentence."""
        size = f"{self.effect:+.0%}".replace("-", "−")
        month = months.words(self.number)
        if self.kind == "one-off":
            return f"{month} was a one-off ({size}): the level went back."
        if self.kind == "level shift":
            return f"The level shifted in {month} ({size}) and stayed."
        return f"{month} jumped ({size}); it is too recent to tell a one-off from a new level."


def find_breaks(adjusted: Series) -> tuple[Break, ...]:
    """One-offs and level shifts of an adjusted series, strongest first found, in order of time.

    Iterative detection after Chen & Liu (1993) under an IMA(1,1): the effect with the largest |t| is taken out and
    the search repeated until none passes 3.75. Months that no source states are passed over, and series of less
    than three years are not searched: their spread is not known well enough to call a month unusual.
    """
    logs = adjusted.logs.copy()
    if len(logs) < 36:
        return ()
    searched = np.array([number not in adjusted.filled for number in adjusted.numbers])
    if searched[1:].sum() < 24 and adjusted.filled:
        return ()
    found: list[Break] = []
    for _ in range(len(logs) // MONTHS_PER_BREAK):
        best = _strongest(logs, searched)
        if best is None:
            break
        place, kind, effect, t = best
        if any(one.number == adjusted.start + place for one in found):
            break
        recent = place >= len(logs) - STAYED
        label = "jump, too recent to tell" if recent else kind
        found.append(Break(adjusted.start + place, label, float(np.expm1(effect)), t))
        logs = logs - effect * _shape(kind, place, len(logs))
    return tuple(sorted(found, key=lambda one: one.number))


def _shape(kind: str, place: int, length: int) -> FloatArray:
    if kind == "one-off":
        return np.asarray((np.arange(length) == place).astype(float))
    return np.asarray((np.arange(length) >= place).astype(float))


def _strongest(logs: FloatArray, searched: NDArray[np.bool_]) -> tuple[int, str, float, float] | None:
    """(place, kind, effect, t) of the largest effect on logs [T], or None if none passes the thresholds.

    The spread is the median absolute deviation, or what is left of the standard deviation after the largest
    twentieth is cut, whichever is larger.
    """
    theta = _moving_average(logs)
    residual = autoregress(np.diff(logs) - np.median(np.diff(logs)), theta)
    robust = 1.4826 * np.median(np.abs(residual - np.median(residual)))
    inner = np.abs(residual) <= np.quantile(np.abs(residual), 0.95)
    spread = max(float(robust), float(np.std(residual[inner]))) + 1e-12
    best: tuple[int, str, float, float] | None = None
    for place in np.flatnonzero(searched[1:]) + 1:
        for kind in ("one-off", "level shift"):
            mark = autoregress(np.diff(_shape(kind, int(place), len(logs))), theta)
            power = float(mark @ mark)
            effect = float(mark @ residual) / power
            t = effect * np.sqrt(power) / spread
            if abs(effect) < SMALLEST or abs(t) < THRESHOLD:
                continue
            if best is None or abs(t) > abs(best[3]):
                best = (int(place), kind, effect, float(t))
    return best


def _moving_average(logs: FloatArray) -> float:
    """θ of (1 − θL) that leaves the smallest robust spread of one-step errors, from a grid."""
    change = np.diff(logs) - np.median(np.diff(logs))
    grid = (0.0, 0.2, 0.4, 0.6, 0.8)
    spread = [float(np.median(np.abs(autoregress(change, theta)))) for theta in grid]
    return grid[int(np.argmin(spread))]
