"""Lists of what to ask for: slopes by finite differences, shares by line, better than random lists of the same size."""

from __future__ import annotations

import numpy as np
import pytest

from headway.policy import Scenario
from headway.response.board import Board, set_up
from headway.response.changes import start
from headway.response.library import parse_move
from headway.response.negotiation import Slopes, by_ratio, exemptions, line_list, sector_list, slopes_at_measure
from headway.response.negotiation_tables import bilateral_game, tables_of
from headway.response.objectives import shipped
from headway.response.outcomes import changes, weights
from headway.response.packages import totals
from headway.response.settling import Problem, settle


@pytest.fixture
def board(blanket_board: Board) -> Board:
    return blanket_board


@pytest.fixture(scope="module")
def found(blanket_board: Board) -> Slopes:
    return slopes_at_measure(blanket_board)


@pytest.mark.parametrize("sector", ["motor_vehicles", "electronics", "food"])
def test_slopes_are_those_of_finite_differences(board: Board, found: Slopes, sector: str) -> None:
    j, step = board.scene.world.sector(sector), 1e-4
    wanted = weights(board.yardstick.objectives)

    def scores(by: float) -> np.ndarray:
        tariff = board.central.ground.announced.copy()
        tariff[j, board.scene.at_partner, board.scene.at_home] += by
        problem = Problem(board.central.ground, start(tariff), board.central.trade_elasticity)
        outcome = board.yardstick.measure(settle(board.baseline, [problem])[0], board.central.ground.volume)
        home, partner = changes(board.yardstick, outcome, board.central.threat)
        return np.array([home @ wanted[0], partner @ wanted[1]])

    slope = (scores(step) - scores(-step)) / (2 * step)
    assert [found.home[j], found.partner[j]] == pytest.approx(slope.tolist(), rel=2e-4)


def test_the_order_is_free_lines_first_then_gain_per_cost_and_worthless_ones_last() -> None:
    gain = np.array([1.0, 3.0, 2.0, -1.0, 0.5])
    cost = np.array([1.0, 1.0, -0.1, 0.2, 0.0])
    assert by_ratio(gain, cost).tolist() == [2, 4, 1, 0, 3]


def _quality(board: Board, lists: list[tuple[str, ...]]) -> tuple[np.ndarray, np.ndarray]:
    """Home's gain, and home's gain per unit of the partner's cost, of lists solved exactly."""
    home, partner = totals(board, exemptions(board, lists))
    return home, home / -partner


def test_lists_by_gradient_beat_random_lists_of_the_same_size(board: Board, found: Slopes) -> None:
    world, rng, size = board.scene.world, np.random.default_rng(0), 4
    ranked = [f"sector:{world.sectors[j]}" for j, _, _ in sector_list(board, found)]
    first = tuple(ranked[:size])
    random = [tuple(rng.choice(ranked, size, replace=False)) for _ in range(30)]
    others = [one for one in random if set(one) != set(first)]
    gain, ratio = _quality(board, [first, *others])
    assert ratio[0] > ratio[1:].max()
    assert np.mean(gain[0] > gain[1:]) >= 0.9
    largest = tuple(f"sector:{world.sectors[j]}" for j in np.argsort(-found.gain)[:size])
    gain, _ = _quality(board, [largest, *others])
    assert gain[0] >= gain[1:].max()


def test_lists_of_product_lines_beat_random_lists_of_the_same_size(board: Board, found: Slopes) -> None:
    rng, size = np.random.default_rng(1), 20
    lines = line_list(board, found)
    pool = lines.filter(lines["usd"] >= 0.1)
    first = tuple(f"hs:{code}" for code in pool["hs6"][:size])
    random = [tuple(f"hs:{code}" for code in rng.choice(pool["hs6"].to_numpy(), size, False)) for _ in range(12)]
    gain, ratio = _quality(board, [first, *random])
    assert ratio[0] > np.median(ratio[1:])
    by_gain = tuple(f"hs:{code}" for code in pool.sort("gain", descending=True)["hs6"][:size])
    gain, _ = _quality(board, [by_gain, *random])
    assert gain[0] > gain[1:].max()


def test_lines_share_out_their_sectors_slope(board: Board, found: Slopes) -> None:
    lines = line_list(board, found)
    assert lines["gain"].sum() == pytest.approx(found.gain.sum(), rel=1e-9)
    assert lines["cost"].sum() == pytest.approx(found.cost.sum(), rel=1e-9)
    cars = lines.filter(lines["sector"] == "motor_vehicles")
    assert cars["gain"].sum() == pytest.approx(found.gain[board.scene.world.sector("motor_vehicles")], rel=1e-9)


def test_exemptions_keep_the_reply(blanket: Scenario) -> None:
    board = set_up(blanket, shipped(), reply=(parse_move("retaliation"),))
    small = exemptions(board, [("sector:minerals",)])[0]
    assert np.abs(small.partner).max() < 1.0


def test_the_tables_and_the_game(board: Board) -> None:
    figures, tables = tables_of(board)
    made = {figure.id: figure for figure in figures}
    assert len(made) == len(figures)
    assert {id for one in tables for line in one.rows for id in line.cells.values()} <= set(made)
    own = made["options.game.alone.partner"].value
    assert own >= made["options.game.nash.partner"].value
    optimal = [f.value for id, f in made.items() if id.startswith("options.optimal.") and id.endswith(".best")]
    assert len(optimal) == len(board.scene.goods)
    game = bilateral_game(board)
    assert game.tariff[:, board.scene.at_partner, board.scene.at_home] == pytest.approx(
        board.scene.world.tariff[:, board.scene.at_partner, board.scene.at_home]
    )
