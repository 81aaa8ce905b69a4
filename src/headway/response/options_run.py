"""Options scored on both sides' objectives: request in, scores of every package, `Response` out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.errors import NoEffect
from headway.impact.results import Finding
from headway.policy import Scenario
from headway.response import library as moves_library
from headway.response import negotiation_tables
from headway.response.board import Board, Package, score, set_up
from headway.response.library import Move
from headway.response.objectives import Objectives, shipped
from headway.response.options_tables import draw, present, shown_packages
from headway.response.packages import LIMIT, Scores, is_efficient, mixes, moves_of, score_singles, totals
from headway.response.results import Response, by_id, manifest
from headway.response.stability import WEIGHT_DRAWS, WEIGHT_LOG_SD
from headway.world import World
from headway.world.regions import region_name

Progress = Callable[[str, float], None]

DRAWS = 16
"""Joint draws of elasticities and of the announced range behind intervals and rank stability."""


@dataclass(frozen=True)
class Request:
    """What is asked: objectives, the other side (ISO3, or None for whoever imposes most), home's declared reply, moves
    to score (None for the whole library), packages of one's own, and how many packages and draws."""

    objectives: Objectives
    partner: str | None = None
    reply: tuple[Move, ...] = ()
    moves: tuple[Move, ...] | None = None
    packages: tuple[Package, ...] = ()
    limit: int = LIMIT
    draws: int = DRAWS


def score_options(
    scenario: Scenario,
    request: Request | None = None,
    *,
    world: World | None = None,
    progress: Progress | None = None,
) -> Response:
    """Score moves and packages for a scenario on both sides' objectives, in the long-run world economy.

    Scores are changes against no agreement: the measure in force, and home's declared reply. Raises NoEffect where no
    tariff on home rises or a package of the request changes nothing; DataError for objectives; errors of the solver.
    """
    started, report = time.perf_counter(), progress or (lambda what, share: None)
    asked = request or Request(shipped())
    report("The measure in force", 0.05)
    board = set_up(
        scenario, asked.objectives, partner=asked.partner, reply=asked.reply, draws=asked.draws, world=world
    )
    report("Packages", 0.25)
    scores = score_all(board, asked)
    report("Draws", 0.6)
    shown = shown_packages(scores)
    drawn = draw(board, scores, shown)
    figures, tables = present(board, scores, shown, drawn)
    report("What to ask for first", 0.85)
    for more, listed in (negotiation_tables.tables_of(board),):
        figures += more
        tables += listed
    return Response(
        kind="options",
        title=f"What {region_name(board.scene.home)} can do, and what it means to {region_name(board.scene.partner)}",
        scenario=scenario,
        vintage=board.scene.world.vintage,
        figures=by_id(figures),
        tables={one.id: one for one in tables if one.rows},
        findings=_findings(board, scores),
        manifest=manifest(scenario, board.scene.world, _parameters(board, asked, scores), started=started),
    )


def score_all(board: Board, asked: Request) -> Scores:
    """Score nothing, every single move, the request's packages, and the most promising mixes up to the limit.

    Raises NoEffect where no move of the request changes anything.
    """
    moves = moves_of(moves_library.library()) if asked.moves is None else asked.moves
    singles = score_singles(board, moves)
    if not singles.scored and not asked.packages:
        raise NoEffect(
            f"None of the moves changes anything here: {', '.join(singles.idle)}.",
            "Choose other products, partners or values.",
        )
    own = score(board, [Package(), *asked.packages])[0]
    count = asked.limit - len(singles.scored) - len(asked.packages)
    mixed = score(board, mixes(board, singles.scored, count))[0]
    scored = tuple({one.package.id: one for one in (*own, *singles.scored, *mixed)}.values())
    home, partner = totals(board, scored)
    agreements = np.array([one.package.is_agreement for one in scored], dtype=np.bool_)
    efficient = np.zeros(len(scored), dtype=np.bool_)
    at = np.flatnonzero(agreements)
    if at.size:
        efficient[at] = is_efficient(np.column_stack([home[at], partner[at]]))
    return Scores(scored, home, partner, agreements, efficient, singles.idle)


def _findings(board: Board, scores: Scores) -> tuple[Finding, ...]:
    found = [
        Finding(
            id="options-horizon",
            kind="model",
            text="Scores are of the long run, when wages and trade have adjusted; the first year differs.",
        ),
        Finding(
            id="options-tariffs-2005",
            kind="data",
            text="Tariffs of other importers than the US are those of 2005, a stand-in: what agreements with third "
            "countries bring is overstated where rates have fallen since. Give current rates to correct it.",
            pushes="gains of new agreements overstated",
        ),
        Finding(
            id="options-one-weight",
            kind="assumption",
            text="What each side wants is an input: weights, sectors cared for and jobs are listed with their sources.",
        ),
    ]
    found += [
        Finding(
            id=f"options-idle-{number}", kind="no_exposure", text=f"{one} changes nothing here and is not scored."
        )
        for number, one in enumerate(scores.idle)
    ]
    if scores.bargain is None and scores.agreements.any():
        reply = "" if board.reply else " Without a reply by home the partner loses little by imposing the measure."
        text = f"No agreement among those scored makes both sides better off than no agreement.{reply}"
        found.append(Finding(id="options-no-zone", kind="model", text=text))
    return tuple(found)


def _parameters(board: Board, asked: Request, scores: Scores) -> dict[str, Any]:
    return {
        "home": board.scene.home,
        "partner": board.scene.partner,
        "reply": [move.id for move in board.reply],
        "packages_scored": len(scores.scored),
        "draws": len(board.draws),
        "seed": board.scenario.sampling.seed,
        "weight_draws": {"count": WEIGHT_DRAWS, "log_sd": WEIGHT_LOG_SD},
        "objectives": asked.objectives.model_dump(mode="json"),
        "option_files": moves_library.fingerprint(),
        "elasticity_sources": list(board.sources),
        "solver": {
            "worst_residual": board.central.threatened.equilibrium.diagnostics.worst_residual,
            "walras": board.central.threatened.equilibrium.diagnostics.walras,
        },
    }
