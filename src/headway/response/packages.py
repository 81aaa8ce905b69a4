"""Which packages are worth scoring: every single move, then the mixes that single scores make most promising."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
from numpy.typing import NDArray

from headway.errors import NoEffect
from headway.response.board import Board, Package, Scored, score, wedges_of
from headway.response.library import Move, Option, move
from headway.response.outcomes import weights
from headway.response.selectors import EVERYTHING

Array = NDArray[np.float64]

LIMIT = 200
"""Packages scored unless asked otherwise."""


@dataclass(frozen=True)
class Singles:
    """Every move of a library on its own: those that do something, scored, and those that change nothing here."""

    scored: tuple[Scored, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True)
class Scores:
    """All packages scored in the central state, both sides' totals [K], and which are on the frontier of agreements."""

    scored: tuple[Scored, ...]
    home: Array
    partner: Array
    agreements: NDArray[np.bool_]
    efficient: NDArray[np.bool_]
    idle: tuple[str, ...]

    @property
    def bargain(self) -> int | None:
        """Index of the Nash bargaining solution, None where no agreement helps both."""
        return nash_bargain(self.home, self.partner, self.agreements)

    def shortlist(self) -> dict[str, int]:
        """Index of the package in each role that is filled, no package twice."""
        roles = {
            "bargain": self.bargain,
            "home_best": self._best(self.agreements & (self.partner >= 0), self.home),
            "cheapest": self._best(self.agreements & (self.home > 0), self.home / np.maximum(-self.partner, 1e-9))
            if self.bargain is None
            else None,
            "alone": self._best(self._of("home"), self.home),
            "third": self._best(self._of("third"), self.home),
            "reply": self._best(self._of("reply"), self.home),
        }
        picked: dict[str, int] = {}
        for role, index in roles.items():
            if index is not None and index not in picked.values():
                picked[role] = index
        return picked

    def _of(self, nature: str) -> NDArray[np.bool_]:
        return np.array(
            [{move.option.nature for move in one.package.moves} == {nature} for one in self.scored], dtype=np.bool_
        )

    @staticmethod
    def _best(allowed: NDArray[np.bool_], value: Array) -> int | None:
        return int(np.argmax(np.where(allowed, value, -np.inf))) if allowed.any() else None


def moves_of(options: Iterable[Option]) -> tuple[Move, ...]:
    """Every option in each of its settings."""
    return tuple(move(option, setting) for option in options for setting in option.settings)


def score_singles(board: Board, moves: Sequence[Move]) -> Singles:
    """Score each move alone; a move that changes nothing is set apart, not scored."""
    working, idle = [], []
    for one in moves:
        package = Package((one,))
        if _does_something(board, package):
            working.append(package)
        else:
            idle.append(one.id)
    return Singles(tuple(score(board, working)[0]), tuple(idle))


def totals(board: Board, scored: Sequence[Scored]) -> tuple[Array, Array]:
    """Weighted scores of home and partner [K], USD billion a year."""
    home, partner = weights(board.yardstick.objectives)
    return np.array([one.home @ home for one in scored]), np.array([one.partner @ partner for one in scored])


def mixes(board: Board, singles: Sequence[Scored], count: int) -> tuple[Package, ...]:
    """The `count` most promising mixes: agreements of requests and offers, and pairs of what home does alone.

    Scores of moves are added up as a guess; mixes are taken from its Pareto layers, outermost first, so that both
    sides' interests are covered. The guess only chooses what is then solved exactly.
    """
    moves = [one.package.moves[0] for one in singles]
    home, partner = totals(board, singles)
    groups = [group for group in _groups(moves) if _fit(moves, group)]
    if not groups or count <= 0:
        return ()
    guess = np.array([[home[list(group)].sum(), partner[list(group)].sum()] for group in groups])
    promising = (
        Package(tuple(moves[k] for k in groups[g])) for g in np.argsort(pareto_layers(guess), kind="stable")
    )
    return tuple(islice((one for one in promising if _does_something(board, one)), count))


def _does_something(board: Board, package: Package) -> bool:
    """False where a move has no effect beside the others, such as a cut of duties that only a dropped reply had."""
    try:
        wedges_of(board, package, board.central)
    except NoEffect:
        return False
    return True


def _groups(moves: Sequence[Move]) -> list[tuple[int, ...]]:
    """Index sets of two or three moves: requests with what home gives for them, or two things that home does anyway.

    What home can do without the partner is kept out of agreements: it would be there without one too, and its gain is
    no fruit of the bargain. Replies stand alone.
    """
    asks = [k for k, one in enumerate(moves) if one.option.nature == "ask"]
    offers = [k for k, one in enumerate(moves) if one.option.nature == "offer"]
    alone = [k for k, one in enumerate(moves) if one.option.nature in ("home", "third")]
    requests = [*combinations(asks, 1), *combinations(asks, 2)]
    given = [(), *combinations(offers, 1), *combinations(offers, 2)]
    mixed = [(*request, *gift) for request in requests for gift in given]
    return [group for group in (*mixed, *combinations(alone, 2)) if 2 <= len(group) <= 3]


def _fit(moves: Sequence[Move], group: tuple[int, ...]) -> bool:
    """Whether moves can be made together: no option twice but for other products, no product asked for twice."""
    for one, other in combinations((moves[k] for k in group), 2):
        both_ask = one.option.nature == other.option.nature == "ask"
        if one.option.id == other.option.id and not both_ask:
            return False
        if both_ask and not _apart(one, other):
            return False
    return True


def _apart(one: Move, other: Move) -> bool:
    first, second = (_products(move) for move in (one, other))
    return EVERYTHING not in first | second and not first & second


def _products(one: Move) -> set[str]:
    named: set[str] = set()
    for change in one.changes:
        named |= {change.products} if isinstance(change.products, str) else set(_tuple(change.products))
    return named


def _tuple(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def pareto_layers(points: Array) -> NDArray[np.int64]:
    """Layer of each point [K, 2], zero for those that no other beats on both sides, one once these are gone, ..."""
    layer = np.full(len(points), -1, dtype=np.int64)
    depth = 0
    while np.any(layer < 0):
        left = np.flatnonzero(layer < 0)
        layer[left[is_efficient(points[left])]] = depth
        depth += 1
    return layer


def is_efficient(points: Array) -> NDArray[np.bool_]:
    """Whether no other point is at least as good on both sides and better on one [K]; twins are kept."""
    order = np.lexsort((-points[:, 1], -points[:, 0]))
    efficient = np.zeros(len(points), dtype=np.bool_)
    best_before, best_here, here = -np.inf, -np.inf, np.inf
    for k in order:
        first, second = points[k]
        if first < here:
            best_before, here = max(best_before, best_here), first
            best_here = -np.inf
        best_here = max(best_here, second)
        efficient[k] = second > best_before and second >= best_here
    return efficient


def nash_bargain(home: Array, partner: Array, allowed: NDArray[np.bool_]) -> int | None:
    """Index of the package that maximises the product of gains over no agreement; None where none helps both.

    Nash (1950), Econometrica 18:155–162, over the packages at hand; ties go to the first.
    """
    both = allowed & (home > 0) & (partner > 0)
    if not both.any():
        return None
    return int(np.argmax(np.where(both, home * partner, -np.inf)))
