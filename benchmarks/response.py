"""Write docs/validation/response.md: known answers and times of the response part, computed in this run.

    python benchmarks/response.py docs/validation/response.md [SOURCE_DATA]

SOURCE_DATA is the folder of source data beside the repository, for the Liberation Day scan; else the page says so.
Times are of one process on this machine, programs compiled before they are taken.
"""

from __future__ import annotations

import datetime as dt
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template

import numpy as np
import polars as pl
from scipy import sparse
from scipy.optimize import linprog

from headway.models.equilibrium import Baseline
from headway.models.markups import calibrate, optimal_tariff, solve_tariffs
from headway.policy import Measure, Sampling, Scenario
from headway.response.board import Board, Package, score, set_up
from headway.response.games import Game, Side, bargain, best_rate, best_response, nash, uniform
from headway.response.library import library, parse_move
from headway.response.negotiation import exemptions, line_list, sector_list, slopes_at_measure
from headway.response.objectives import shipped
from headway.response.options_run import Request, score_all
from headway.response.packages import moves_of, score_singles, totals
from headway.response.support.design import build
from headway.response.support.firms import Firms, from_table
from headway.response.support.losses import Losses
from headway.response.support.menu import Limits, Menu
from headway.response.support.programme import allocate
from headway.response.support.relaxation import relax
from headway.response.support.rules import shipped_rules

THETA = 4.0
ITEMS = (
    "cars",
    "auto_parts",
    "general_machinery",
    "semiconductors",
    "steel",
    "batteries",
    "cosmetics",
    "textiles",
)
LOST = (0.1, 0.08, 0.06, 0.05, 0.07, 0.0, 0.04, 0.05)
REGIONS = ("Seoul", "Busan", "Daegu", "Incheon", "Gwangju", "Ulsan", "Gyeonggi", "Jeju")


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """(result, seconds)."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def two_countries(sizes: tuple[float, float], openness: float = 0.3) -> Game:
    """One sector, balanced trade, no tariffs; each side sets one rate."""
    size = np.asarray(sizes)
    trade = openness * np.outer(size, size) / size.max()
    np.fill_diagonal(trade, 0.0)
    flow = trade + np.diag(size - trade.sum(axis=1))
    baseline = Baseline(
        expenditure=size[None],
        trade_share=(flow / size[:, None])[None],
        tariff=np.zeros((1, 2, 2)),
        value_added_share=np.ones((1, 2)),
        input_share=np.zeros((1, 1, 2)),
        final_share=np.ones((1, 2)),
        value_added=size,
        deficit=np.zeros(2),
        trade_elasticity=np.array([THETA]),
    )
    shape = baseline.tariff.shape
    sides = (Side(0, uniform(shape, 0, [1], [0])), Side(1, uniform(shape, 1, [0], [0])))
    return Game(baseline, baseline.tariff, sides)


def closed_form(game: Game, own: int, rates: tuple[np.ndarray, ...]) -> float:
    """(1 − τm)/(θ(1 − m)), m the other's import share and τ = t/(1 + t) of its tariff."""
    other = 1 - own
    share = float(game.at(rates).trade_share[0, other, own])
    rate = float(rates[other][0])
    return (1 - rate / (1 + rate) * share) / (THETA * (1 - share))


def tariff_games() -> Iterator[str]:
    yield "| case | found | closed form |"
    yield "|---|---|---|"
    nothing = np.zeros(1)
    for name, sizes in (("small (1 : 10,000)", (1.0, 1e4)), ("large (1 : 3)", (1.0, 3.0)), ("equal", (1.0, 1.0))):
        game = two_countries(sizes)
        best = best_response(game, 0)
        form = closed_form(game, 0, (best, nothing))
        yield f"| {name}, unilateral optimum | {100 * best[0]:.4f} % | {100 * form:.4f} % |"
    game = two_countries((1.0, 2.0))
    theirs = np.array([0.2])
    best = best_response(game, 0, (nothing, theirs))
    yield f"| 1 : 2, answer to 20 % | {100 * best[0]:.4f} % | {100 * closed_form(game, 0, (best, theirs)):.4f} % |"
    war = nash(game)
    for own in (0, 1):
        form = closed_form(game, own, war.rates)
        yield f"| 1 : 2, Nash, side {own + 1} | {100 * war.rates[own][0]:.4f} % | {100 * form:.4f} % |"


def peace() -> Iterator[str]:
    yield "| sizes | Nash: rates | Nash: Ŵ of both | bargain: rates | bargain: Ŵ of both |"
    yield "|---|---|---|---|---|"
    for name, sizes in (("1 : 1", (1.0, 1.0)), ("1 : 3", (1.0, 3.0))):
        game = two_countries(sizes)
        war = nash(game)
        agreed = bargain(game, war.welfare, [game.nothing(), tuple(own / 2 for own in war.rates)])
        assert agreed is not None
        cells = [_pair(war.rates), _welfare(war.welfare), _pair(agreed.rates), _welfare(agreed.welfare)]
        yield f"| {name} | {' | '.join(cells)} |"


def _pair(rates: tuple[np.ndarray, ...]) -> str:
    return ", ".join(f"{100 * own[0]:.1f} %" for own in rates)


def _welfare(values: np.ndarray) -> str:
    return ", ".join(f"{value:.5f}" for value in values)


def liberation(folder: Path | None) -> str:
    if folder is None:
        return "The Liberation Day scan needs the source data beside the repository and was not run."
    data = folder / "liberation-day-2025"
    trade = np.nan_to_num(np.genfromtxt(data / "trade_cepii.csv", delimiter=",", skip_header=1)).T
    gdp = np.genfromtxt(data / "gdp.csv", skip_header=1) / 1000.0
    names = [line.split(",") for line in (data / "country_labels.csv").read_text().splitlines()]
    home = [line[names[0].index("iso3")].strip('"') for line in names[1:]].index("USA")
    economy = calibrate(trade, gdp, home)

    def welfare(rate: float) -> float:
        tariff = np.zeros_like(trade)
        tariff[home] = rate
        tariff[home, home] = 0.0
        return float(solve_tariffs(economy, tariff).welfare[home])

    rate, value = best_rate(welfare, 0.05, 0.6)
    form = optimal_tariff(economy, home)
    return (
        f"Liberation Day, 194 countries: the best uniform US tariff is {100 * rate:.2f} %, with welfare "
        f"{100 * value:.3f} % (the article's scan peaks near 25 %);\nthe closed form gives {100 * form:.1f} % and "
        f"{100 * welfare(form):.3f} % (1.790 printed)."
    )


def blanket() -> Scenario:
    measure = Measure(
        id="blanket",
        imposer="USA",
        instrument="tariff",
        stage="pledged",
        partners=("ALL",),
        rate_low=10.0,
        rate_high=20.0,
        rate_kind="additive",
    )
    sampling = Sampling(seed=1, policy_draws=2, parameter_draws=4)
    return Scenario(
        name="blanket",
        home="KOR",
        date=dt.date(2025, 1, 21),
        measures=(measure,),
        horizons=("long_run",),
        sampling=sampling,
    )


def lists(board: Board) -> Iterator[str]:
    found, rng, world = slopes_at_measure(board), np.random.default_rng(0), board.scene.world
    ranked = [f"sector:{world.sectors[j]}" for j, _, _ in sector_list(board, found)]
    largest = [f"sector:{world.sectors[j]}" for j in np.argsort(-found.gain)[:4]]
    random = [tuple(rng.choice(ranked, 4, replace=False)) for _ in range(300)]
    yield from _against_random(board, "4 sectors of 16", (tuple(ranked[:4]), tuple(largest)), random)
    lines = line_list(board, found)
    pool = lines.filter(lines["usd"] >= 0.1)
    first = tuple(f"hs:{code}" for code in pool["hs6"][:20])
    by_gain = tuple(f"hs:{code}" for code in pool.sort("gain", descending=True)["hs6"][:20])
    random = [tuple(f"hs:{code}" for code in rng.choice(pool["hs6"].to_numpy(), 20, False)) for _ in range(60)]
    yield from _against_random(board, f"20 lines of {pool.height}", (first, by_gain), random)


def _against_random(
    board: Board, name: str, chosen: tuple[tuple[str, ...], tuple[str, ...]], random: list[tuple[str, ...]]
) -> Iterator[str]:
    home, partner = totals(board, exemptions(board, [*chosen, *random]))
    ratio = home / -partner
    yield (
        f"| {name}, by gain per cost | gain per cost {ratio[0]:.3f} | {np.median(ratio[2:]):.3f} | "
        f"{100 * np.mean(ratio[0] > ratio[2:]):.0f} % |"
    )
    yield (
        f"| {name}, by gain | gain {home[1]:.2f} bn USD | {np.median(home[2:]):.2f} | "
        f"{100 * np.mean(home[1] > home[2:]):.0f} % |"
    )


def packages() -> Iterator[str]:
    asked = Request(shipped(), reply=(parse_move("retaliation"),), draws=0)
    board, seconds = timed(lambda: set_up(blanket(), asked.objectives, reply=asked.reply))
    assert isinstance(board, Board)
    score_singles(board, moves_of(library())[:1])
    nothing = score(board, [Package()])[0][0]
    scores, scoring = timed(lambda: score_all(board, asked))
    count = len(scores.scored)  # type: ignore[attr-defined]
    yield f"- A package of nothing: home {nothing.home.tolist()}, partner {nothing.partner.tolist()}."
    yield f"- {count} packages, quotas and purchases met in each: {scoring:.1f} s (target: 200 in 30 s)."
    yield f"- Setting up the board (planning, the measure, the reply): {seconds:.1f} s."


def firms(count: int, seed: int = 0) -> Firms:
    rng = np.random.default_rng(seed)
    size = rng.choice(4, count, p=[0.62, 0.28, 0.08, 0.02])
    exports = np.exp(rng.normal(np.array([12.8, 14.6, 16.8, 19.0])[size], 1.1))
    share = np.where(rng.random(count) < 0.25, 0.0, rng.beta(1.2, 3.0, count))
    columns = {
        "firm_id": [f"S{k:06d}" for k in range(count)],
        "size": np.array(["small", "medium", "mid_sized", "large"])[size],
        "region": rng.choice(REGIONS, count),
        "item": rng.choice(ITEMS, count),
        "exports_usd": exports.round(),
        "us_exports_usd": (exports * share).round(),
    }
    return from_table(pl.DataFrame(columns), "synthetic")


def linear(menu: Menu, limits: Limits) -> float:
    """The relaxation over bundles, written out whole."""
    firm, bundle = np.nonzero(np.isfinite(menu.value))
    held = menu.bundles[bundle].astype(float)
    money = limits.amount @ (menu.cost[firm] * held).T + limits.count @ held.T
    each = sparse.csr_matrix((np.ones(firm.size), (firm, np.arange(firm.size))))
    found = linprog(
        -menu.value[firm, bundle],
        A_ub=sparse.csr_matrix(limits.weight[:, menu.group[firm]] * money),
        b_ub=limits.right,
        A_eq=each,
        b_eq=np.ones(menu.firms),
        bounds=(0, None),
        method="highs",
    )
    return -float(found.fun)


def support() -> Iterator[str]:
    lost = {key: (value, 0.5 * value, 1.5 * value) for key, value in zip(ITEMS, LOST, strict=True)}
    losses, rules = Losses("up_to_a_year", lost, "benchmark"), shipped_rules()
    yield "| firms × instruments | budget, KRW million | seconds | gap, proven | evaluations | core | target |"
    yield "|---|---|---|---|---|---|---|"
    for count, target in ((1_000, ""), (10_000, "60 s"), (100_000, "600 s")):
        budget = 84_700.0 * count / 10_000 if count > 1_000 else 15_000.0
        table = firms(count)
        started = time.perf_counter()
        design = build(table, rules, losses, budget, content={}, granted=None)
        found = allocate(design.menu, design.limits)
        seconds = time.perf_counter() - started
        yield (
            f"| {count:,} × {len(rules.instruments)} | {budget:,.0f} | {seconds:.1f} | {found.gap:.1e} | "
            f"{found.evaluations} | {found.core} | {target} |"
        )
    design = build(firms(2_000), rules, losses, 25_000.0, content={}, granted=None)
    value, by_hand = timed(lambda: linear(design.menu, design.limits))
    relaxed, seconds = timed(lambda: relax(design.menu, design.limits))
    gap = relaxed.bound / float(value) - 1  # type: ignore[attr-defined,arg-type]
    yield ""
    yield (
        f"The relaxation of 2,000 firms, written out as one linear programme and given to HiGHS: {by_hand:.1f} s;\n"
        f"priced by cutting planes: {seconds:.2f} s, {gap:.1e} above it."
    )


def page(source: Path | None) -> str:
    """The page, its template filled."""
    template = Template((Path(__file__).parent / "response_page.md.tmpl").read_text("utf-8"))
    return template.substitute(
        machine=platform.machine(),
        python=platform.python_version(),
        theta=f"{THETA:g}",
        games="\n".join(tariff_games()),
        liberation=liberation(source),
        peace="\n".join(peace()),
        packages="\n".join(packages()),
        lists="\n".join(lists(set_up(blanket(), shipped()))),
        support="\n".join(support()),
    )


def main() -> None:
    """Write the page; arguments as in the module's docstring."""
    target = Path(sys.argv[1])
    source = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    target.write_text(page(source), encoding="utf-8")
    print(f"written: {target}")


if __name__ == "__main__":
    main()
