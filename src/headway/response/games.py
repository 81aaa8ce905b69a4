"""Tariffs as moves in a game: the unilateral optimum, best responses, Nash tariffs, and the bargain between two sides.

A side sets a few rates, each added on the cells of a mask; its payoff is its real income, or any scalar of the
equilibrium. Slopes come from the adjoint of the equilibrium model (METHODS section 2), so many rates cost no more
than one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from headway.errors import NotConverged, OutsideDomain
from headway.models.equilibrium import Baseline, Closure, Equilibrium, Shock, solve
from headway.models.gradients import Scalar, gradient, welfare_of

Array = NDArray[np.float64]

RATE_TOLERANCE = 1e-6
"""Rates are found to within a ten-thousandth of a point."""

ROUNDS = 100
LOG_OF_NOTHING = -30.0
"""Stands for the logarithm of a gain that is not there, so that searches turn back from it."""


@dataclass(frozen=True)
class Side:
    """A side: its region, the cells of each rate that it sets [K, J, N importer, N exporter] (shares in 0..1), and the
    bounds of its rates, fractions. Rates add to the tariffs of the game's start."""

    region: int
    masks: Array
    bounds: tuple[float, float] = (0.0, 2.0)

    def rates(self) -> int:
        """K, how many rates it sets."""
        return int(self.masks.shape[0])

    @cached_property
    def _cells(self) -> tuple[tuple[NDArray[np.int64], ...], Array]:
        """Where the masks are not zero, rate first, and what they are there: few of many cells."""
        where = np.nonzero(self.masks)
        return where, np.asarray(self.masks[where])

    def added(self, own: Array) -> Array:
        """Duties that its rates [K] add [J, N, N]."""
        (rate, *cell), share = self._cells
        made = np.zeros(self.masks.shape[1:])
        np.add.at(made, tuple(cell), own[rate] * share)
        return made

    def slope(self, by_tariff: Array) -> Array:
        """Derivative by each of its rates [K] from one by every tariff [J, N, N]."""
        (rate, *cell), share = self._cells
        return np.bincount(rate, by_tariff[tuple(cell)] * share, self.rates()).astype(np.float64)


@dataclass(frozen=True)
class Game:
    """An economy, the tariffs from which rates are counted [J, N, N], the closure, and the sides."""

    baseline: Baseline
    tariff: Array
    sides: tuple[Side, ...]
    closure: Closure | None = None

    def at(self, rates: Sequence[Array]) -> Equilibrium:
        """The equilibrium when every side has set its rates."""
        tariff = self.tariff.copy()
        for side, own in zip(self.sides, rates, strict=True):
            tariff += side.added(own)
        return solve(self.baseline, Shock(tariff=tariff), self.closure, check=False)

    def nothing(self) -> tuple[Array, ...]:
        """Rates of zero for every side."""
        return tuple(np.zeros(side.rates()) for side in self.sides)


@dataclass(frozen=True)
class Settlement:
    """Rates of every side, real income Î/P̂ of every region [N], and how the search ended: rounds, and the largest slope
    of a side's log real income by a rate of its own that is not at a bound (per unit of rate)."""

    rates: tuple[Array, ...]
    welfare: Array
    rounds: int
    slope: float


def uniform(shape: tuple[int, ...], importer: int, exporters: Sequence[int], sectors: Sequence[int]) -> Array:
    """One rate on all goods of some exporters [1, J, N, N]; own trade is left out."""
    mask = np.zeros((1, *shape))
    for exporter in exporters:
        if exporter != importer:
            mask[0, list(sectors), importer, exporter] = 1.0
    return mask


def by_sector(shape: tuple[int, ...], importer: int, exporters: Sequence[int], sectors: Sequence[int]) -> Array:
    """One rate for each sector on some exporters [K, J, N, N]."""
    mask = np.zeros((len(sectors), *shape))
    for k, sector in enumerate(sectors):
        for exporter in exporters:
            if exporter != importer:
                mask[k, sector, importer, exporter] = 1.0
    return mask


def best_rate(payoff: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """(rate, payoff) of the single rate in [low, high] with the highest payoff, by Brent's method.

    Raises OutsideDomain where the best is a bound: the interval is then too small, or the payoff keeps rising.
    """
    found = minimize_scalar(lambda rate: -payoff(rate), bounds=(low, high), options={"xatol": RATE_TOLERANCE})
    rate = float(found.x)
    margin = 1e-3 * (high - low)
    if not low + margin < rate < high - margin:
        raise OutsideDomain(
            f"The best rate lies at the end of {low:g} to {high:g}.", "Widen the interval, or look at the ends."
        )
    return rate, -float(found.fun)


def best_response(game: Game, number: int, rates: Sequence[Array] | None = None) -> Array:
    """The rates [K] of side `number` that maximise its real income, others' rates given (zero by default).

    Newton-like search (L-BFGS-B) with adjoint slopes within the bounds. Raises NotConverged where it stops early.
    """
    held = list(game.nothing() if rates is None else rates)
    side = game.sides[number]

    def loss(own: Array) -> tuple[float, Array]:
        held[number] = own
        found = game.at(held)
        return -float(np.log(found.welfare[side.region])), -slopes(found, side, welfare_of(found, side.region))

    start = np.clip(held[number], *side.bounds)
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[side.bounds] * side.rates(),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 200},
    )
    if not np.all(np.isfinite(found.x)):
        raise NotConverged("The best response was not found.", "Narrow the bounds of the rates.")
    return np.asarray(found.x, dtype=np.float64)


def slopes(found: Equilibrium, side: Side, payoff: Scalar) -> Array:
    """Derivative [K] of a payoff by each rate of a side."""
    return side.slope(gradient(found, payoff).tariff)


def nash(game: Game, start: Sequence[Array] | None = None) -> Settlement:
    """Rates at which no side gains by changing its own, by best responses in turn.

    Raises NotConverged where rates still move after `ROUNDS` rounds.
    """
    rates = list(game.nothing() if start is None else start)
    for number in range(1, ROUNDS + 1):
        before = [own.copy() for own in rates]
        for k in range(len(game.sides)):
            rates[k] = best_response(game, k, rates)
        moved = max(float(np.abs(new - old).max()) for new, old in zip(rates, before, strict=True))
        if moved <= 10 * RATE_TOLERANCE:
            return _settled(game, rates, number)
    raise NotConverged(
        f"Nash tariffs still move by {moved:.2g} after {ROUNDS} rounds.", "Start elsewhere, or narrow the bounds."
    )


def _settled(game: Game, rates: Sequence[Array], rounds: int) -> Settlement:
    found = game.at(rates)
    steepest = 0.0
    for side, own in zip(game.sides, rates, strict=True):
        slope = slopes(found, side, welfare_of(found, side.region))
        inside = (own > side.bounds[0] + RATE_TOLERANCE) & (own < side.bounds[1] - RATE_TOLERANCE)
        steepest = max(steepest, float(np.abs(slope[inside]).max(initial=0.0)))
    return Settlement(tuple(np.asarray(own) for own in rates), found.welfare, rounds, steepest)


def bargain(game: Game, threat: Array, starts: Sequence[Sequence[Array]]) -> Settlement | None:
    """Rates that maximise the product of the sides' gains over a threat point (Nash 1950), None where none gains.

    `threat` is real income Î/P̂ of every region without agreement [N]; `starts` are rates to search from, of which those
    where every side gains are used. All sides' rates are set together.
    """
    best: Settlement | None = None
    best_value = -np.inf
    for start in starts:
        if _log_gains(game, game.at(start), threat)[0] <= LOG_OF_NOTHING:
            continue
        rates, value, rounds = _climb(game, threat, start)
        if value > best_value:
            best, best_value = _settled(game, rates, rounds), value
    return best


def _climb(game: Game, threat: Array, start: Sequence[Array]) -> tuple[list[Array], float, int]:
    sizes = np.cumsum([side.rates() for side in game.sides])[:-1]

    def loss(flat: Array) -> tuple[float, Array]:
        found = game.at(np.split(flat, sizes))
        value, payoff = _log_gains(game, found, threat)
        by_tariff = gradient(found, payoff).tariff
        return -value, -np.concatenate([side.slope(by_tariff) for side in game.sides])

    found = minimize(
        loss,
        np.concatenate(list(start)),
        jac=True,
        method="L-BFGS-B",
        bounds=[side.bounds for side in game.sides for _ in range(side.rates())],
        options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 300},
    )
    return np.split(np.asarray(found.x), sizes), -float(found.fun), int(found.nit)


def _log_gains(game: Game, found: Equilibrium, threat: Array) -> tuple[float, Scalar]:
    """Σ log(Ŵ − Ŵ of the threat) over the sides, and the scalar with the same slopes."""
    weight = np.zeros(game.baseline.regions)
    value = 0.0
    for side in game.sides:
        gain = float(found.welfare[side.region] - threat[side.region])
        if gain <= 0:
            return LOG_OF_NOTHING * len(game.sides), Scalar(log_welfare=weight)
        value += float(np.log(gain))
        weight[side.region] = float(found.welfare[side.region]) / gain
    return value, Scalar(log_welfare=weight)


def frontier(game: Game, weights: Sequence[float], start: Sequence[Array] | None = None) -> tuple[Settlement, ...]:
    """Settlements that maximise w·log Ŵ of the first side + (1 − w)·log Ŵ of the second, for each weight w in turn."""
    rates = list(game.nothing() if start is None else start)
    made = []
    for weight in weights:
        rates, rounds = _weighted(game, weight, rates)
        made.append(_settled(game, rates, rounds))
    return tuple(made)


def _weighted(game: Game, weight: float, start: Sequence[Array]) -> tuple[list[Array], int]:
    sizes = np.cumsum([side.rates() for side in game.sides])[:-1]
    shares = np.zeros(game.baseline.regions)
    shares[game.sides[0].region], shares[game.sides[1].region] = weight, 1.0 - weight

    def loss(flat: Array) -> tuple[float, Array]:
        found = game.at(np.split(flat, sizes))
        by_tariff = gradient(found, Scalar(log_welfare=shares)).tariff
        slope = np.concatenate([side.slope(by_tariff) for side in game.sides])
        return -float(shares @ np.log(found.welfare)), -slope

    found = minimize(
        loss,
        np.concatenate(list(start)),
        jac=True,
        method="L-BFGS-B",
        bounds=[side.bounds for side in game.sides for _ in range(side.rates())],
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 300},
    )
    return np.split(np.asarray(found.x), sizes), int(found.nit)


def with_bounds(game: Game, bounds: tuple[float, float]) -> Game:
    """The same game with other bounds on every rate."""
    return replace(game, sides=tuple(replace(side, bounds=bounds) for side in game.sides))
