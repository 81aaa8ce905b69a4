"""Scores of packages as figures and tables, the shortlist first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.impact.results import Figure, Table, Unit
from headway.response.board import Board, Package, Scored, score
from headway.response.objectives import Objective, Objectives
from headway.response.outcomes import weights
from headway.response.packages import Scores
from headway.response.results import WORLD_SOURCES, fixed, ranged, row, table
from headway.response.stability import WEIGHT_DRAWS, WEIGHT_LOG_SD, Stability, stability, weight_draws
from headway.response.words import months, package_title, questions
from headway.world.regions import region_name

Array = NDArray[np.float64]

MORE_SHOWN = 8
"""Packages with intervals beside the shortlist: those that score highest for home."""

SOURCES = (*WORLD_SOURCES, "elasticities_sector")

SHARES = {
    "first": "first",
    "top_three": "among the first three",
    "both": "both sides gain, at the stated weights",
}
ROLES = {
    "bargain": "Agreement that gives both most (Nash)",
    "home_best": "Agreement best for home that the partner would take",
    "cheapest": "Agreement that costs the partner least for what home gains",
    "alone": "What home can do alone",
    "third": "With others",
    "reply": "Answer to the measure",
}
"""Why a package is on the shortlist, in words."""


def shown_packages(scores: Scores) -> tuple[int, ...]:
    """Indices of packages shown with intervals: the shortlist, then those that score highest for home."""
    best = [int(k) for k in np.argsort(-scores.home) if scores.scored[k].package.moves]
    return tuple(dict.fromkeys((*scores.shortlist().values(), *best[:MORE_SHOWN])))


@dataclass(frozen=True)
class Drawn:
    """Changes of objectives of the shown packages in every draw: home [D, K, n], partner [D, K, m], and ranks."""

    home: Array
    partner: Array
    stability: Stability


def draw(board: Board, scores: Scores, shown: Sequence[int]) -> Drawn | None:
    if not board.draws:
        return None
    packages = [scores.scored[k].package for k in shown]
    found = score(board, packages, board.draws)
    home = np.array([[one.home for one in state] for state in found])
    partner = np.array([[one.partner for one in state] for state in found])
    rng = np.random.default_rng(board.scenario.sampling.seed)
    wanted = weight_draws(weights(board.yardstick.objectives)[0], rng)
    return Drawn(home, partner, stability(home, wanted, scores.home[list(shown)]))


def present(
    board: Board, scores: Scores, shown: Sequence[int], drawn: Drawn | None
) -> tuple[list[Figure], list[Table]]:
    """Figures and tables, the shortlist first."""
    order = {k: number for number, k in enumerate(shown)}
    figures = [
        figure
        for k in range(len(scores.scored))
        for figure in _score_figures(board, scores, k, (order.get(k), drawn))
    ]
    figures += [figure for k in shown for figure in _detail(board, scores, k, (order[k], drawn))]
    figures += _weight_figures(board.yardstick.objectives)
    tables = [
        _shortlist_table(board, scores),
        _sides_table(board, scores, shown, "home"),
        _sides_table(board, scores, shown, "partner"),
        _frontier_table(board, scores),
        _singles_table(board, scores),
    ]
    if drawn is not None:
        figures += _stability_figures(board, scores, shown, drawn)
        tables.append(_stability_table(board, scores, shown))
    return figures, [*tables, _legal_table(board, scores, shown), _weights_table(board.yardstick.objectives)]


def _start(k: int) -> str:
    return f"options.package.{k}"


def _score_figures(
    board: Board, scores: Scores, k: int, draws: tuple[int | None, Drawn | None]
) -> Iterable[Figure]:
    """Both sides' totals and the time to act, with intervals where the package was drawn."""
    name = package_title(scores.scored[k].package, board.scene)
    wanted = weights(board.yardstick.objectives)
    number, drawn = draws
    for side, value, weight in (("home", scores.home[k], wanted[0]), ("partner", scores.partner[k], wanted[1])):
        changed = getattr(drawn, side)[:, number] @ weight if drawn is not None and number is not None else None
        yield _figure(f"{_start(k)}.{side}", f"{name}: score of {side}", value, changed)
    low, high = months(scores.scored[k].package)
    yield Figure(
        id=f"{_start(k)}.months",
        label=f"{name}: months to effect",
        value=(low + high) / 2,
        low=low,
        high=high,
        unit="months",
        model="observed",
        sources=("options",),
        note="from the option files: an assumption where they say so",
    )


def _figure(id: str, label: str, value: float, changed: Array | None, *, jobs: bool = False) -> Figure:
    unit: Unit = "thousand jobs" if jobs else "USD billion"
    if changed is None:
        return fixed(
            id, label, value, unit=unit, sources=SOURCES, model="equilibrium", note="central elasticities"
        )
    # The central case lies off the draws' middle where effects are curved; the interval is widened to hold it.
    low, high = (float(end) for end in np.quantile(changed, (0.05, 0.95)))
    low, high = min(low, value), max(high, value)
    return ranged(id, label, (value, low, high), unit=unit, model="equilibrium", sources=SOURCES)


def _detail(board: Board, scores: Scores, k: int, draws: tuple[int, Drawn | None]) -> Iterable[Figure]:
    """Every objective of a shown package, unweighted, and what the partner defends on the lines asked for."""
    number, drawn = draws
    one = scores.scored[k]
    name = package_title(one.package, board.scene)
    for side in ("home", "partner"):
        for at, objective in enumerate(getattr(board.yardstick.objectives, side)):
            changed = getattr(drawn, side)[:, number, at] if drawn is not None else None
            yield _figure(
                f"{_start(k)}.{side}.{objective.id}",
                f"{name}: {objective.label.lower()} of {side}",
                float(getattr(one, side)[at]),
                changed,
                jobs=objective.measure == "jobs",
            )
    yield fixed(
        f"{_start(k)}.defended",
        f"{name}: output in sectors of the partner that shrink",
        _defended(board, one),
        unit="USD billion",
        sources=SOURCES,
        model="equilibrium",
        note="what the partner would give up: the larger it is, the harder it defends the lines",
    )


def _defended(board: Board, one: Scored) -> float:
    """Output of the partner's goods sectors that the package makes smaller than without agreement."""
    lost = board.central.threat.partner.output - one.outcome.partner.output
    return float(np.maximum(lost[board.scene.goods], 0.0).sum())


def _shortlist_table(board: Board, scores: Scores) -> Table:
    rows = []
    for role, k in scores.shortlist().items():
        package = scores.scored[k].package
        cells = {part: f"{_start(k)}.{part}" for part in ("home", "partner", "months", "defended")}
        cells |= {
            f"home.{one.id}": f"{_start(k)}.home.{one.id}" for one in _money(board.yardstick.objectives.home)
        }
        words = {"risk": _risk(package)}
        rows.append(row(role, f"{ROLES[role]}: {package_title(package, board.scene)}", cells, words))
    columns = {"home": "Home gains", "partner": "Partner gains"}
    columns |= {f"home.{one.id}": one.label for one in _money(board.yardstick.objectives.home)}
    columns |= {"months": "Time", "risk": "Risk"}
    note = "Gains are weighted objectives against no agreement, long run; weights are in the last table."
    return table("options_shortlist", "What we can do", columns, rows, note)


def _money(objectives: Iterable[Objective]) -> list[Objective]:
    """Real income and budget, which every reader asks for first."""
    return [one for one in objectives if one.measure in ("real_income", "budget")]


def _risk(package: Package) -> str:
    """Legal questions by article, and who may answer."""
    asked = ", ".join(question.article for question in questions(package))
    replies = "; ".join(dict.fromkeys(move.option.retaliation for move in package.moves))
    return f"{f'for lawyers: {asked}' if asked else 'no legal question known'}. Retaliation: {replies}"


def _sides_table(board: Board, scores: Scores, shown: Sequence[int], side: str) -> Table:
    objectives: tuple[Objective, ...] = getattr(board.yardstick.objectives, side)
    region = board.scene.home if side == "home" else board.scene.partner
    rows = [
        row(
            str(k),
            package_title(scores.scored[k].package, board.scene),
            {one.id: f"{_start(k)}.{side}.{one.id}" for one in objectives} | {"total": f"{_start(k)}.{side}"},
        )
        for k in shown
    ]
    columns = {one.id: one.label for one in objectives} | {"total": "Score"}
    return table(f"options_{side}", f"What it means to {region_name(region)}", columns, rows)


def _frontier_table(board: Board, scores: Scores) -> Table:
    """Agreements that no other beats on both sides, from the partner's best to home's best."""
    order = [int(k) for k in np.argsort(scores.home) if scores.efficient[k]]
    bargain = scores.bargain
    rows = []
    for k in order:
        words = {"role": "Nash bargaining solution"} if k == bargain else {}
        cells = {"home": f"{_start(k)}.home", "partner": f"{_start(k)}.partner"}
        rows.append(row(str(k), package_title(scores.scored[k].package, board.scene), cells, words))
    note = "" if bargain is not None else "No agreement here makes both sides better off than no agreement."
    columns = {"home": "Home gains", "partner": "Partner gains", "role": ""}
    return table("options_frontier", "Agreements on the frontier", columns, rows, note)


def _singles_table(board: Board, scores: Scores) -> Table:
    order = [int(k) for k in np.argsort(-scores.home) if len(scores.scored[k].package.moves) == 1]
    rows = []
    for k in order:
        one = scores.scored[k].package.moves[0].option
        cells = {part: f"{_start(k)}.{part}" for part in ("home", "partner", "months")}
        words = {"who": one.who_decides, "cost": one.cost}
        rows.append(row(str(k), package_title(scores.scored[k].package, board.scene), cells, words))
    columns = {"home": "Home gains", "partner": "Partner gains", "months": "Time", "who": "Who decides"}
    return table("options_singles", "Single moves", columns | {"cost": "Cost"}, rows)


def _stability_figures(board: Board, scores: Scores, shown: Sequence[int], drawn: Drawn) -> list[Figure]:
    made = []
    found = drawn.stability
    wanted = weights(board.yardstick.objectives)
    both = ((drawn.home @ wanted[0] > 0) & (drawn.partner @ wanted[1] > 0)).mean(axis=0)
    ranks = np.argsort(np.argsort(-scores.home[list(shown)], kind="stable"), kind="stable") + 1
    for number, k in enumerate(shown):
        name = package_title(scores.scored[k].package, board.scene)
        ends = (float(ranks[number]), float(found.low[number]), float(found.high[number]))
        made.append(
            ranged(
                f"{_start(k)}.rank",
                f"{name}: rank for home",
                ends,
                unit="rank",
                model="equilibrium",
                sources=SOURCES,
            )
        )
        shares = {"first": found.first, "top_three": found.top_three, "both": both}
        made += [
            fixed(
                f"{_start(k)}.{part}",
                f"{name}: {SHARES[part]}",
                share[number],
                unit="share",
                sources=SOURCES,
                model="equilibrium",
                note="of draws of weights, elasticities and the announced range",
            )
            for part, share in shares.items()
        ]
    agreement = fixed(
        "options.rank_agreement",
        "Agreement of rankings (Kendall's τ), average over draws",
        found.agreement,
        unit="correlation",
        sources=SOURCES,
        model="equilibrium",
    )
    return [*made, agreement]


def _stability_table(board: Board, scores: Scores, shown: Sequence[int]) -> Table:
    order = sorted(shown, key=lambda k: -scores.home[k])
    rows = [
        row(
            str(k),
            package_title(scores.scored[k].package, board.scene),
            {part: f"{_start(k)}.{part}" for part in ("rank", "first", "top_three", "both")},
        )
        for k in order
    ]
    note = (
        f"{len(board.draws)} draws of elasticities and rates × {WEIGHT_DRAWS} draws of home's weights "
        f"(log-normal, spread {WEIGHT_LOG_SD:g})."
    )
    columns = {"rank": "Rank for home", "first": "First in", "top_three": "Among the first three in"}
    columns["both"] = "Both sides gain in"
    return table("options_stability", "How firm the ranking is", columns, rows, note)


def _legal_table(board: Board, scores: Scores, shown: Sequence[int]) -> Table:
    """Legal questions of the shown packages, each article once."""
    asked = {
        question.article: (question.question, move.option.legal_basis)
        for k in shown
        for move in scores.scored[k].package.moves
        for question in move.option.questions
    }
    rows = [row(article, article, {}, {"question": text}) for article, (text, _) in asked.items()]
    note = "Questions for lawyers, not verdicts."
    return table("options_legal", "Legal questions", {"question": "Question"}, rows, note)


def _weight_figures(objectives: Objectives) -> list[Figure]:
    return [
        fixed(
            f"options.weight.{side}.{one.id}",
            f"Weight of {one.label.lower()} for {side}",
            one.weight,
            unit="ratio",
            sources=("objectives",),
            note=one.source,
        )
        for side in ("home", "partner")
        for one in getattr(objectives, side)
    ]


def _weights_table(objectives: Objectives) -> Table:
    rows = [
        row(
            f"{side}.{one.id}",
            f"{side.capitalize()}: {one.label}",
            {"weight": f"options.weight.{side}.{one.id}"},
            {"source": one.source},
        )
        for side in ("home", "partner")
        for one in getattr(objectives, side)
    ]
    note = "USD billion of score per USD billion, for jobs per thousand. Edit them with --objectives."
    return table(
        "options_weights", "What each side is taken to want", {"weight": "Weight", "source": "Source"}, rows, note
    )
