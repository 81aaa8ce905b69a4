"""The board on which packages are scored: the measure in force, the threat point, and the draws around both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.codes import countries
from headway.errors import InvalidScenario, NoEffect
from headway.impact import general
from headway.impact import plan as plan_run
from headway.impact.plan import Plan
from headway.models.equilibrium import Baseline, solve_many
from headway.models.sampling import unit_points
from headway.policy import Scenario
from headway.response.changes import Ground, Wedges, apply, start
from headway.response.library import Move, parse_move
from headway.response.objectives import Objectives, check_objectives
from headway.response.outcomes import Outcome, Yardstick, changes
from headway.response.selectors import Scene, check_sides
from headway.response.settling import Problem, Settled, settle
from headway.world import World, elasticities
from headway.world.regions import region_of

Array = NDArray[np.float64]

RISE = 1e-9


@dataclass(frozen=True)
class Package:
    """Moves made together, in their order; none of them is the package of nothing."""

    moves: tuple[Move, ...] = ()

    @property
    def id(self) -> str:
        """Moves joined by plus signs, "nothing" for none."""
        return " + ".join(move.id for move in self.moves) or "nothing"

    @property
    def is_agreement(self) -> bool:
        """Whether the partner has to agree: something is asked of it."""
        return any(move.option.nature == "ask" for move in self.moves)

    @property
    def is_reply(self) -> bool:
        """Whether home answers the measure."""
        return any(move.option.nature == "reply" for move in self.moves)


def parse_package(text: str) -> Package:
    """A package from its id, moves joined by " + "; raises UnknownCode or DataError as `parse_move` does."""
    return Package(tuple(parse_move(part) for part in text.split(" + ")))


@dataclass(frozen=True)
class State:
    """One draw of the world: the ground with the measure in force, θ [J], and the outcome without agreement.

    `threat` is the outcome with the measure and home's declared reply, if any; `threatened` the solved economy there.
    """

    ground: Ground
    trade_elasticity: Array
    threatened: Settled
    threat: Outcome


@dataclass(frozen=True)
class Board:
    """A scenario ready to be negotiated: the scene, how outcomes are measured, the declared reply, and the states.

    `central` is the middle of the announced range at central elasticities, `draws` are drawn jointly.
    """

    scenario: Scenario
    scene: Scene
    yardstick: Yardstick
    reply: tuple[Move, ...]
    baseline: Baseline
    central: State
    draws: tuple[State, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Scored:
    """A package on both sides' objectives: changes against no agreement, unweighted, and the outcome behind them.

    `margins` are the rates at which quotas and purchases settle, fractions; empty for the package of nothing.
    """

    package: Package
    home: Array
    partner: Array
    outcome: Outcome
    margins: tuple[float, ...] = ()


def set_up(
    scenario: Scenario,
    objectives: Objectives,
    *,
    partner: str | None = None,
    reply: tuple[Move, ...] = (),
    draws: int = 0,
    world: World | None = None,
) -> Board:
    """Plan and solve what packages are compared with: the measure in force, and the reply where one is declared.

    `partner` is an ISO3 code; left out, it is whoever's measures take most duties from home. Raises NoEffect where no
    tariff on home rises, InvalidScenario for a side that the world does not show alone, DataError for objectives.
    """
    planned = plan_run(scenario.model_copy(update={"horizons": ("long_run",)}), world)
    if not planned.tariffs:
        raise NoEffect("The scenario has no tariff to negotiate about.", "Put a tariff measure in the scenario.")
    middle = general.shocked_tariffs(planned.world, planned.ends, planned.mix, scenario.date)[1]
    other = partner or _main_imposer(planned, middle)
    check_sides(scenario, other)
    scene = Scene(planned.world, planned.region, region_of(other), scenario.date, planned.mix)
    if scene.home == scene.partner:
        raise InvalidScenario("Home and partner are the same country.", "Name another --partner.")
    check_objectives(objectives, scene)
    yardstick = Yardstick.of(scene, objectives)
    central = elasticities.central_elasticities("long_run")
    baseline = planned.world.baseline(central.trade_elasticity[0])
    tariffs, theta = _draws(planned, draws)
    states = _states(yardstick, baseline, reply, [middle, *tariffs], [central.trade_elasticity[0], *theta])
    return Board(scenario, scene, yardstick, reply, baseline, states[0], tuple(states[1:]), central.sources)


def _main_imposer(planned: Plan, after: Array) -> str:
    """The region whose measures would take most duties from home, nothing responding."""
    world, at = planned.world, planned.world.region(planned.region)
    taken = ((after - world.tariff)[:, :, at] * world.flow[:, :, at]).sum(axis=0)
    taken[at] = 0.0
    if taken.max() <= RISE:
        raise NoEffect(
            f"No measure of the scenario raises a tariff on {countries.name(planned.scenario.home)}.",
            "Name the other side with --partner.",
        )
    return world.regions[int(taken.argmax())]


def _draws(planned: Plan, count: int) -> tuple[list[Array], list[Array]]:
    """Joint draws of tariffs [J, N, N] within the announced range and of θ [J]."""
    if count == 0:
        return [], []
    rng = np.random.default_rng(planned.scenario.sampling.seed)
    theta = elasticities.draw_elasticities(rng, count, "long_run").trade_elasticity
    drawn = general.shocked_tariffs(planned.world, planned.tariffs, planned.mix, planned.scenario.date)
    order = np.argsort(unit_points(count, 1, rng=rng, method="latin")[:, 0])
    return [drawn[k % len(drawn)] for k in order], list(theta)


def _states(
    yardstick: Yardstick,
    baseline: Baseline,
    reply: tuple[Move, ...],
    tariffs: Sequence[Array],
    theta: Sequence[Array],
) -> list[State]:
    """Solve the measure in force for every draw, then no agreement, which is the same where there is no reply."""
    shocks = [start(one).shock() for one in tariffs]
    in_force = solve_many(baseline, shocks, trade_elasticity=np.array(theta))
    grounds = [
        Ground(yardstick.scene, tariff, found.flow_volume, found.cost)
        for tariff, found in zip(tariffs, in_force, strict=True)
    ]
    problems = [Problem(ground, apply(reply, ground), one) for ground, one in zip(grounds, theta, strict=True)]
    threatened = settle(baseline, problems)
    return [
        State(problem.ground, problem.trade_elasticity, found, yardstick.measure(found, problem.ground.volume))
        for problem, found in zip(problems, threatened, strict=True)
    ]


def wedges_of(board: Board, package: Package, state: State) -> Wedges:
    """What is in force under a package: an agreement or another answer takes the place of the declared reply."""
    keeps_reply = not (package.is_agreement or package.is_reply)
    return apply((*board.reply, *package.moves) if keeps_reply else package.moves, state.ground)


def score(board: Board, packages: Sequence[Package], states: Sequence[State] | None = None) -> list[list[Scored]]:
    """Score packages in every state [state][package], the central one by default; nothing scores zero exactly.

    Raises NoEffect for a package with a move that changes nothing, and errors of the solver.
    """
    used = [board.central] if states is None else list(states)
    pairs = [(state, package) for state in used for package in packages if package.moves]
    problems = [
        Problem(state.ground, wedges_of(board, package, state), state.trade_elasticity) for state, package in pairs
    ]
    solved = iter(settle(board.baseline, problems))
    return [[_scored(board, state, package, solved) for package in packages] for state in used]


def _scored(board: Board, state: State, package: Package, solved: Iterator[Settled]) -> Scored:
    """Score one package; `solved` gives the next solution to every package but that of nothing."""
    if not package.moves:
        nothing = changes(board.yardstick, state.threat, state.threat)
        return Scored(package, nothing[0], nothing[1], state.threat)
    found = next(solved)
    outcome = board.yardstick.measure(found, state.ground.volume)
    home, partner = changes(board.yardstick, outcome, state.threat)
    return Scored(package, home, partner, outcome, found.margins)
