"""What to ask for first, and what tariffs each side would choose, as figures and tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.codes import sectors
from headway.impact.results import Figure, Table
from headway.response import games, negotiation
from headway.response.board import Board
from headway.response.negotiation import Slopes
from headway.response.outcomes import MILLION_PER_BILLION
from headway.response.packages import totals
from headway.response.results import WORLD_SOURCES, fixed, row, table
from headway.world.regions import region_name

Array = NDArray[np.float64]

LINES_SHOWN = 20
LEAST_TRADE = 0.1
"""Product lines with less trade than this, USD billion, are left to the file: nobody opens with them."""

SOURCES = (*WORLD_SOURCES, "elasticities_sector")


def tables_of(board: Board) -> tuple[list[Figure], list[Table]]:
    """The list by sector, checked by exact solutions, the list by product line, and the tariffs each side would set."""
    found = negotiation.slopes_at_measure(board)
    figures, tables = _sector_table(board, found)
    for make in (_line_table(board, found), _game_table(board), _optimal_table(board)):
        figures += make[0]
        tables += make[1]
    return figures, tables


def _sector_table(board: Board, found: Slopes) -> tuple[list[Figure], list[Table]]:
    listed = negotiation.sector_list(board, found)
    keys = [board.scene.world.sectors[j] for j, _, _ in listed]
    exact = negotiation.exemptions(board, [(f"sector:{key}",) for key in keys])
    home, partner = totals(board, exact)
    names, figures, rows = sectors.labels(), [], []
    for number, (j, gain, cost) in enumerate(listed):
        key, start = keys[number], f"options.ask.{keys[number]}"
        before = board.central.threat.partner.output[j]
        values = {
            "trade": ("exports to the partner", found.trade[j]),
            "gain": ("home's gain, first order", gain),
            "cost": ("partner's cost, first order", cost),
            "home": ("home's gain, solved exactly", home[number]),
            "partner": ("partner's gain, solved exactly", partner[number]),
            "defended": (
                "output of the partner that it shelters",
                before - exact[number].outcome.partner.output[j],
            ),
        }
        figures += [
            fixed(
                f"{start}.{part}",
                f"{names[key]}: {words}",
                value,
                unit="USD billion",
                sources=SOURCES,
                model="equilibrium",
            )
            for part, (words, value) in values.items()
        ]
        if cost > negotiation.LEAST_COST:
            figures.append(
                fixed(
                    f"{start}.ratio",
                    f"{names[key]}: home's gain per dollar of the partner's cost",
                    gain / cost,
                    unit="ratio",
                    sources=SOURCES,
                    model="equilibrium",
                )
            )
        cells = {part: f"{start}.{part}" for part in values if part not in ("gain", "cost")}
        words = {"ratio": "costs it nothing"} if cost <= negotiation.LEAST_COST else {}
        rows.append(row(key, names[key], cells | ({} if words else {"ratio": f"{start}.ratio"}), words))
    columns = {
        "trade": "Exports",
        "ratio": "Gain per cost",
        "home": "Home gains",
        "partner": "Partner gains",
        "defended": "Output sheltered",
    }
    note = "Order: slopes without agreement. Gains: the sector's whole further duty taken away, solved exactly."
    return figures, [table("options_ask", "What to ask for first", columns, rows, note)]


def _line_table(board: Board, found: Slopes) -> tuple[list[Figure], list[Table]]:
    lines = negotiation.line_list(board, found)
    shown = lines.filter(lines["usd"] >= LEAST_TRADE).head(LINES_SHOWN)
    figures, rows = [], []
    for hs6, label, _, usd, gain, cost in shown.iter_rows():
        start = f"options.line.{hs6}"
        for part, words, value in (
            ("trade", "US imports", usd),
            ("gain", "home's gain", gain),
            ("cost", "cost", cost),
        ):
            figures.append(
                fixed(
                    f"{start}.{part}",
                    f"{hs6} {label}: {words}",
                    value,
                    unit="USD billion",
                    sources=(*SOURCES, "elasticities_hs6", f"us_imports_{board.scene.mix.year}"),
                    model="observed" if part == "trade" else "equilibrium",
                    note="" if part == "trade" else "first order: the sector's slope, shared out by line",
                )
            )
        cells = {part: f"{start}.{part}" for part in ("trade", "gain", "cost")}
        rows.append(row(hs6, f"{hs6} {label}", cells))
    columns = {"trade": "US imports", "gain": "Home's gain", "cost": "Partner's cost"}
    note = f"Lines of at least {LEAST_TRADE:g} bn USD, by gain per cost; first order."
    return figures, [table("options_lines", "Product lines to ask for first", columns, rows, note)]


@dataclass(frozen=True)
class _Row:
    """A line of the game's table: both sides' average further duty, and real income of both [USD billion] against the
    measure in force."""

    key: str
    label: str
    rates: tuple[float, float]
    income: tuple[float, float]


def _game_table(board: Board) -> tuple[list[Figure], list[Table]]:
    """The partner's best rate, home's best answer, Nash tariffs, and the bargain with the measure as threat point."""
    rows = _game_rows(board)
    figures, lines = [], []
    sides = (region_name(board.scene.home), region_name(board.scene.partner))
    for one in rows:
        start = f"options.game.{one.key}"
        for part, label, value in (
            ("partner_rate", f"{one.label}: further duty of {sides[1]} on {sides[0]}", one.rates[0]),
            ("home_rate", f"{one.label}: further duty of {sides[0]} on {sides[1]}", one.rates[1]),
        ):
            figures.append(
                fixed(
                    f"{start}.{part}",
                    label,
                    100 * value,
                    unit="percent rate",
                    sources=SOURCES,
                    model="equilibrium",
                )
            )
        for part, label, value in (
            ("home", f"{one.label}: real income of {sides[0]}", one.income[0]),
            ("partner", f"{one.label}: real income of {sides[1]}", one.income[1]),
        ):
            figures.append(
                fixed(f"{start}.{part}", label, value, unit="USD billion", sources=SOURCES, model="equilibrium")
            )
        cells = {part: f"{start}.{part}" for part in ("partner_rate", "home_rate", "home", "partner")}
        lines.append(row(one.key, one.label, cells))
    columns = {
        "partner_rate": f"Duty of {sides[1]}",
        "home_rate": f"Duty of {sides[0]}",
        "home": f"Real income of {sides[0]}",
        "partner": f"Real income of {sides[1]}",
    }
    note = "One further duty of each side on all goods of the other; real income against no agreement, long run."
    if not any(one.key == "bargain" for one in rows):
        note += (
            " No pair of rates makes both better off than no agreement, so there is no bargain over them alone."
        )
    return figures, [table("options_games", "Tariffs that each side would choose", columns, lines, note)]


def bilateral_game(board: Board) -> games.Game:
    """The measure in force but for the partner's duty on home; each side sets one rate on the other's goods."""
    scene = board.scene
    shape = scene.world.flow.shape
    tariff = board.central.ground.announced.copy()
    n, i = scene.at_partner, scene.at_home
    tariff[:, n, i] = scene.world.tariff[:, n, i]
    masks = (
        games.uniform(shape, n, [i], list(scene.goods)),
        games.uniform(shape, i, [n], list(scene.goods)),
    )
    sides = (games.Side(n, masks[0]), games.Side(i, masks[1]))
    return games.Game(board.baseline, tariff, sides)


def _game_rows(board: Board) -> list[_Row]:
    game, nothing = bilateral_game(board), np.zeros(1)
    threat = board.central.threatened.equilibrium.welfare
    announced = _average_duty(board)
    best = games.best_response(game, 0)
    answer = games.best_response(game, 1, (np.array([announced]), nothing))
    nash = games.nash(game)
    starts = [game.nothing(), (np.array([announced / 2]), nothing), tuple(own / 2 for own in nash.rates)]
    agreed = games.bargain(game, threat, starts)
    rows = [
        _row(board, "alone", "Partner's best rate, home not answering", game, (best, nothing)),
        _row(board, "answer", "Home's best answer to the announced rate", game, (np.array([announced]), answer)),
        _row(board, "nash", "Nash tariffs", game, nash.rates),
    ]
    if agreed is not None:
        rows.append(_row(board, "bargain", "Bargain over the two rates (Nash 1950)", game, agreed.rates))
    return rows


def _average_duty(board: Board) -> float:
    """The announced further duty on home's goods, trade as weights."""
    scene = board.scene
    flow = scene.world.flow[scene.goods, scene.at_partner, scene.at_home]
    further = board.central.ground.further[scene.goods, scene.at_partner, scene.at_home]
    return float((further * flow).sum() / flow.sum())


def _row(board: Board, key: str, label: str, game: games.Game, rates: tuple[Array, ...]) -> _Row:
    found = game.at(rates)
    threat = board.central.threatened.equilibrium.welfare
    income = found.accounts.income / MILLION_PER_BILLION
    gain = (found.welfare - threat) * income
    own = (float(gain[board.scene.at_home]), float(gain[board.scene.at_partner]))
    return _Row(key, label, (float(rates[0][0]), float(rates[1][0])), own)


def _optimal_table(board: Board) -> tuple[list[Figure], list[Table]]:
    """The partner's own best rates by sector beside the announced ones: where it overshoots, it has least to lose."""
    scene = board.scene
    game = bilateral_game(board)
    masks = games.by_sector(scene.world.flow.shape, scene.at_partner, [scene.at_home], list(scene.goods))
    game = games.Game(game.baseline, game.tariff, (games.Side(scene.at_partner, masks), game.sides[1]))
    best = games.best_response(game, 0)
    names, figures, rows = sectors.labels(), [], []
    for k, j in enumerate(scene.goods):
        key = scene.world.sectors[j]
        announced = board.central.ground.further[j, scene.at_partner, scene.at_home]
        for part, words, value in (
            ("announced", "announced", announced),
            ("best", "the partner's own best", best[k]),
        ):
            figures.append(
                fixed(
                    f"options.optimal.{key}.{part}",
                    f"{names[key]}: further duty on home, {words}",
                    100 * float(value),
                    unit="percent rate",
                    sources=SOURCES,
                    model="equilibrium",
                )
            )
        cells = {part: f"options.optimal.{key}.{part}" for part in ("announced", "best")}
        rows.append(row(key, names[key], cells))
    columns = {"announced": "Announced", "best": "Best for its real income"}
    note = "All sectors chosen together for the partner's real income alone, home not answering."
    return figures, [table("options_optimal", "The partner's own best duties on home", columns, rows, note)]
