"""Optimal, best-response and Nash tariffs against closed forms, the Liberation Day scan, and bargains against Nash."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.response.conftest import one_sector

from headway.errors import OutsideDomain
from headway.models.markups import calibrate, optimal_tariff, solve_tariffs
from headway.response.games import (
    Game,
    Side,
    bargain,
    best_rate,
    best_response,
    by_sector,
    frontier,
    nash,
    uniform,
)
from headway.world import miniature

THETA = 4.0


def _two_sided(sizes: tuple[float, float], openness: float = 0.3) -> Game:
    baseline = one_sector(sizes, openness, THETA)
    shape = baseline.tariff.shape
    sides = (Side(0, uniform(shape, 0, [1], [0])), Side(1, uniform(shape, 1, [0], [0])))
    return Game(baseline, baseline.tariff, sides)


def _closed_form(game: Game, own: int, rates: tuple[np.ndarray, np.ndarray]) -> float:
    """t = (1 − τm)/(θ(1 − m)) with m the other's import share and τ = t*/(1 + t*) of its own tariff.

    The other's import demand at the border has elasticity 1 + θ(1 − m)/(1 − τm): the optimal tariff is its inverse less
    one (Gros 1987, JIE 23; with τ = 0 and m → 0 it is 1/θ, the small country's).
    """
    other = 1 - own
    share = float(game.at(rates).trade_share[0, other, own])
    rate = float(rates[other][0])
    return (1 - rate / (1 + rate) * share) / (THETA * (1 - share))


def test_a_small_country_sets_one_over_theta() -> None:
    game = _two_sided((1.0, 10_000.0))
    assert best_response(game, 0) == pytest.approx([1 / THETA], abs=1e-4)


@pytest.mark.parametrize("sizes", [(1.0, 3.0), (1.0, 1.0), (3.0, 1.0)])
def test_a_large_country_sets_more_by_its_share_abroad(sizes: tuple[float, float]) -> None:
    game = _two_sided(sizes)
    best = best_response(game, 0)
    assert best == pytest.approx([_closed_form(game, 0, (best, np.zeros(1)))], abs=1e-5)
    assert best[0] > 1 / THETA


@pytest.mark.parametrize("theirs", [0.1, 0.4])
def test_the_best_response_to_a_tariff(theirs: float) -> None:
    game = _two_sided((1.0, 2.0))
    rates = (np.zeros(1), np.array([theirs]))
    best = best_response(game, 0, rates)
    assert best == pytest.approx([_closed_form(game, 0, (best, rates[1]))], abs=1e-5)


def test_brent_and_the_adjoint_find_the_same_rate() -> None:
    game = _two_sided((1.0, 2.0))
    rate, value = best_rate(lambda own: float(game.at((np.array([own]), np.zeros(1))).welfare[0]), 0.0, 1.0)
    assert rate == pytest.approx(best_response(game, 0)[0], abs=2e-5)
    assert value > 1.0


def test_a_best_rate_at_the_end_of_the_interval_is_refused() -> None:
    with pytest.raises(OutsideDomain, match="end of 0 to 1"):
        best_rate(lambda rate: rate, 0.0, 1.0)


def test_nash_tariffs_solve_both_closed_forms_and_nobody_wants_to_move() -> None:
    game = _two_sided((1.0, 2.0))
    found = nash(game)
    for own in (0, 1):
        assert found.rates[own][0] == pytest.approx(_closed_form(game, own, found.rates), abs=1e-5)
    assert found.slope < 1e-5


def test_equals_set_equal_tariffs_and_both_lose() -> None:
    found = nash(_two_sided((1.0, 1.0)))
    assert found.rates[0] == pytest.approx(found.rates[1], abs=1e-5)
    assert np.all(found.welfare < 1)


@pytest.mark.parametrize("sizes", [(1.0, 1.0), (1.0, 3.0)])
def test_the_bargain_is_no_worse_for_the_pair_than_nash(sizes: tuple[float, float]) -> None:
    game = _two_sided(sizes)
    war = nash(game)
    peace = bargain(game, war.welfare, [game.nothing(), tuple(own / 2 for own in war.rates)])
    assert peace is not None
    assert np.all(peace.welfare >= war.welfare)
    assert peace.welfare.sum() > war.welfare.sum()
    if sizes[0] == sizes[1]:
        assert np.concatenate(peace.rates) == pytest.approx([0.0, 0.0], abs=1e-4)


def test_no_bargain_where_one_side_has_nothing_to_gain() -> None:
    game = _two_sided((1.0, 1.0))
    best = best_response(game, 0)
    unanswered = game.at((best, np.zeros(1))).welfare
    assert bargain(game, unanswered, [game.nothing(), (best / 2, np.zeros(1))]) is None


def test_the_frontier_beats_nash_and_gives_a_side_more_the_more_it_weighs() -> None:
    game = _two_sided((1.0, 2.0))
    war = nash(game)
    points = frontier(game, (0.3, 0.5, 0.7))
    first = [one.welfare[0] for one in points]
    second = [one.welfare[1] for one in points]
    assert np.all(np.diff(first) >= -1e-12)
    assert np.all(np.diff(second) <= 1e-12)
    assert points[1].welfare.sum() > war.welfare.sum()


def test_rates_by_sector_do_at_least_as_well_as_one_rate() -> None:
    world = miniature()
    baseline = world.baseline(np.array([4.0, 6.0, 5.0, 4.0]))
    us, korea = world.region("USA"), world.region("KOR")
    goods = [world.sector(key) for key in world.goods]
    one = Game(baseline, world.tariff, (Side(us, uniform(world.flow.shape, us, [korea], goods)),))
    many = Game(baseline, world.tariff, (Side(us, by_sector(world.flow.shape, us, [korea], goods)),))
    alone, each = best_response(one, 0), best_response(many, 0)
    gain = (one.at((alone,)).welfare[us], many.at((each,)).welfare[us])
    assert 1.0 < gain[0] <= gain[1]
    around = [many.at((each + step,)).welfare[us] for step in 0.01 * np.vstack([np.eye(3), -np.eye(3)])]
    assert max(around) < gain[1]


def test_liberation_day_scan_peaks_near_a_quarter(shared_data: Path) -> None:
    """KNOWN_ANSWERS section 3: closed forms of 21.8 and 18.5 %, a scan that peaks near 25 %."""
    folder = shared_data / "liberation-day-2025"
    trade = np.nan_to_num(np.genfromtxt(folder / "trade_cepii.csv", delimiter=",", skip_header=1)).T
    gdp = np.genfromtxt(folder / "gdp.csv", skip_header=1) / 1000.0
    names = [line.split(",") for line in (folder / "country_labels.csv").read_text().splitlines()]
    home = [row[names[0].index("iso3")].strip('"') for row in names[1:]].index("USA")
    economy = calibrate(trade, gdp, home)

    def welfare(rate: float) -> float:
        tariff = np.zeros_like(trade)
        tariff[home] = rate
        tariff[home, home] = 0.0
        return float(solve_tariffs(economy, tariff).welfare[home])

    rate, value = best_rate(welfare, 0.05, 0.6)
    assert rate == pytest.approx(0.25, abs=0.02)
    assert 100 * value > 1.795
    assert welfare(optimal_tariff(economy, home)) < value
    assert 100 * welfare(0.218) == pytest.approx(1.790, abs=1.5e-3)
