"""Packages: nothing is zero, exemptions restore, quotas bind and pay rents, purchases are met; the frontier."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.response.conftest import scenario_of, tariff

from headway.errors import DataError, InvalidScenario, NoEffect, UnknownCode
from headway.models.equilibrium import solve
from headway.policy import Scenario
from headway.response.board import Board, Package, Scored, score, set_up, wedges_of
from headway.response.changes import lines_share
from headway.response.library import library, parse_move
from headway.response.objectives import shipped
from headway.response.options_run import Request, score_all
from headway.response.packages import (
    is_efficient,
    mixes,
    moves_of,
    nash_bargain,
    pareto_layers,
    score_singles,
    totals,
)
from headway.response.settling import Problem, settle


@pytest.fixture
def board(korea_board: Board) -> Board:
    return korea_board


def _one(board: Board, *moves: str) -> Scored:
    return score(board, [Package(tuple(parse_move(one) for one in moves))])[0][0]


def _settled(board: Board, *moves: str):
    package = Package(tuple(parse_move(one) for one in moves))
    state = board.central
    return settle(
        board.baseline, [Problem(state.ground, wedges_of(board, package, state), state.trade_elasticity)]
    )[0]


def test_the_partner_is_whoever_takes_most(board: Board) -> None:
    assert board.scene.partner == "USA"


def test_a_package_of_nothing_scores_zero_exactly(board: Board, on_korea: Scenario) -> None:
    replied = set_up(on_korea, shipped(), reply=(parse_move("retaliation"),))
    for one in (board, replied):
        nothing = score(one, [Package()])[0][0]
        assert not nothing.home.any()
        assert not nothing.partner.any()


def test_an_exemption_of_everything_is_the_world_without_the_measure(board: Board) -> None:
    found = _settled(board, "exemption(products=all)").equilibrium
    before = solve(board.baseline)
    assert found.welfare == pytest.approx(np.ones_like(found.welfare), abs=1e-9)
    assert found.flow_volume == pytest.approx(before.flow_volume, rel=1e-7, abs=1e-6)


def test_half_the_duty_gives_home_part_of_what_none_does(board: Board) -> None:
    half, whole = _one(board, "lower_rate"), _one(board, "exemption(products=all)")
    assert 0 < half.home[0] < whole.home[0]
    assert half.home[1] > 0


def test_a_quota_binds_at_its_volume_and_its_rent_is_the_exporters(board: Board) -> None:
    found = _settled(board, "rate_quota(products=sector:motor_vehicles,share=0.6)")
    world, scene = board.scene.world, board.scene
    cell = (world.sector("motor_vehicles"), scene.at_partner, scene.at_home)
    assert found.equilibrium.flow_volume[cell] == pytest.approx(0.6 * world.flow[cell], rel=1e-5)
    inside, outside = world.tariff[cell], world.tariff[cell] + 0.25
    assert inside < found.margins[0] < outside
    rent = found.equilibrium.export_tax_revenue[scene.at_home]
    value = found.equilibrium.flow[cell]
    assert rent == pytest.approx((found.margins[0] - inside) * value, rel=1e-5)


def test_who_holds_the_licences_gets_the_rent_and_buyers_pay_the_same(board: Board) -> None:
    ours = _settled(board, "rate_quota(products=sector:motor_vehicles,share=0.6)")
    theirs = _settled(board, "rate_quota(products=sector:motor_vehicles,share=0.6,rents_to=importer)")
    assert ours.margins[0] == pytest.approx(theirs.margins[0], abs=0.01)
    home, partner = board.scene.at_home, board.scene.at_partner
    assert ours.equilibrium.welfare[home] > theirs.equilibrium.welfare[home]
    assert ours.equilibrium.welfare[partner] < theirs.equilibrium.welfare[partner]
    assert theirs.equilibrium.export_tax_revenue[home] == pytest.approx(0.0, abs=1e-6)


def test_a_quota_that_nobody_fills_is_an_exemption_and_a_tiny_one_is_no_relief(board: Board) -> None:
    wide = _one(board, "rate_quota(products=sector:motor_vehicles,share=2,rents_to=importer)")
    free = _one(board, "exemption(products=sector:motor_vehicles)")
    assert wide.home == pytest.approx(free.home, rel=1e-6)
    tiny = _one(board, "rate_quota(products=sector:motor_vehicles,share=0.01,rents_to=importer)")
    assert np.abs(tiny.home).max() < 1e-6


def test_two_quotas_on_one_cell_add_up(board: Board) -> None:
    """Quotas on disjoint parts of a sector, neither binding, free both parts: the same as exempting both."""
    parts = ("cars", "auto_parts")
    quotas = _one(board, *(f"rate_quota(products={one},share=2,rents_to=importer)" for one in parts))
    free = _one(board, "exemption(products=cars+auto_parts)")
    assert quotas.home == pytest.approx(free.home, rel=1e-4)


def test_purchases_are_met(board: Board) -> None:
    found = _settled(board, "energy_purchases(extra=4)")
    scene = board.scene
    cell = (scene.world.sector("mining"), scene.at_home, scene.at_partner)
    reached = found.equilibrium.flow_volume[cell] - board.central.ground.volume[cell]
    assert reached == pytest.approx(4000, rel=1e-4)
    assert found.margins[0] < 0
    assert _one(board, "energy_purchases(extra=4)").partner[0] > 0


def test_investment_moves_money_and_leaves_buyers_prices(board: Board) -> None:
    found = _settled(board, "investment(amount=10,incentive=0.1)")
    scene = board.scene
    paid = found.equilibrium.export_tax_revenue[scene.at_partner]
    assert paid == pytest.approx(1000, rel=0.02)
    bill = (found.equilibrium.cost - found.equilibrium.output)[:, scene.at_partner].sum()
    assert bill == pytest.approx(1000, rel=0.02)
    wedges = found.wedges
    gross = (1 + wedges.tariff) * (1 + wedges.export_tax)
    assert gross == pytest.approx(1 + board.central.ground.announced, abs=1e-12)


def test_retaliation_is_proportionate(board: Board) -> None:
    package = Package((parse_move("retaliation(match=0.5)"),))
    wedges = wedges_of(board, package, board.central)
    world, home, partner = board.scene.world, board.scene.at_home, board.scene.at_partner
    added = (wedges.tariff - board.central.ground.announced)[:, home, partner]
    collected = (added * world.flow[:, home, partner]).sum()
    taken = (0.25 * world.flow[board.scene.goods, partner, home]).sum()
    assert collected == pytest.approx(0.5 * taken, rel=1e-9)


def test_retaliation_on_lines_that_the_user_lists(board: Board, tmp_path: Path) -> None:
    listed = tmp_path / "lines.csv"
    listed.write_text("hs6,imports_usd\n020130,100000000\n270900,50000000\n")
    wedges = wedges_of(board, Package((parse_move(f"retaliation(lines={listed})"),)), board.central)
    world, home, partner = board.scene.world, board.scene.at_home, board.scene.at_partner
    added = (wedges.tariff - board.central.ground.announced)[:, home, partner]
    hit = {world.sectors[j] for j in np.flatnonzero(added > 0)}
    assert hit == {"food", "mining"}
    for text, words in (("hs6\n1\n", "imports_usd"), ("hs6,imports_usd\n020130,1\n020130,2\n", "twice")):
        listed.write_text(text)
        with pytest.raises(DataError, match=words):
            lines_share(listed, board.central.ground, exporter=partner)


def test_promotion_costs_what_its_exports_cost(board: Board) -> None:
    made = _one(board, "diversification(change=-0.01)")
    free = _one(board, "diversification(change=-0.01,exports_per_dollar=100)")
    package = Package((parse_move("diversification(change=-0.01)"),))
    found = _settled(board, "diversification(change=-0.01)").equilibrium
    cells = wedges_of(board, package, board.central).promotion[0][0]
    more = (found.flow_volume - board.central.ground.volume)[cells].sum() / 1e3
    assert free.home[0] - made.home[0] == pytest.approx(more / 20 - more / 100, rel=1e-6)


def test_a_move_that_changes_nothing_is_refused_by_name(board: Board) -> None:
    with pytest.raises(NoEffect, match="own_tariffs changes nothing"):
        _one(board, "own_tariffs")
    with pytest.raises(UnknownCode, match="No sector or item"):
        _one(board, "exemption(products=moonshine)")


def test_options_on_rivals_alone_or_inside_an_aggregate_are_refused() -> None:
    with pytest.raises(NoEffect, match="raises a tariff on South Korea"):
        set_up(scenario_of(tariff("china", ("CHN",), 60.0, 60.0)), shipped())
    with pytest.raises(InvalidScenario, match="lies inside"):
        set_up(scenario_of(tariff("all", ("ALL",), 10.0, 10.0), home="VNM"), shipped())


def test_an_agreement_takes_the_place_of_the_reply_and_other_moves_keep_it(on_korea: Scenario) -> None:
    board = set_up(on_korea, shipped(), reply=(parse_move("retaliation"),))
    home, partner = board.scene.at_home, board.scene.at_partner
    with_reply = wedges_of(board, Package((parse_move("diversification"),)), board.central).tariff[
        :, home, partner
    ]
    agreed = wedges_of(board, Package((parse_move("lower_rate"),)), board.central).tariff[:, home, partner]
    assert (with_reply > agreed).any()
    assert agreed == pytest.approx(board.scene.world.tariff[:, home, partner])


def test_mixes_are_agreements_with_offers_and_never_ask_twice_for_one_thing(board: Board) -> None:
    singles = score_singles(board, moves_of(library()))
    assert "own_tariffs" in singles.idle
    made = mixes(board, singles.scored, 60)
    assert len(made) == len({one.id for one in made}) == 60
    for package in made:
        natures = [one.option.nature for one in package.moves]
        assert "reply" not in natures
        assert ("ask" in natures) == ("home" not in natures and "third" not in natures)
        asked = [p for one in package.moves if one.option.nature == "ask" for p in one.changes[0].products]
        assert len(asked) == len(set(asked))


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.integers(-4, 4).map(float)))
def test_the_frontier_is_what_brute_force_finds(points: np.ndarray) -> None:
    beaten = [bool(((points >= one).all(axis=1) & (points > one).any(axis=1)).any()) for one in points]
    assert is_efficient(points).tolist() == [not one for one in beaten]
    layers = pareto_layers(points)
    assert set(layers[is_efficient(points)]) == {0}
    assert layers.min() >= 0


def test_nash_bargain_is_the_largest_product_where_both_gain() -> None:
    home, partner = np.array([4.0, 3.0, 5.0, 9.0]), np.array([1.0, 2.0, -1.0, 0.1])
    everything = np.ones(4, dtype=bool)
    assert nash_bargain(home, partner, everything) == 1
    assert nash_bargain(home, partner, np.array([True, False, True, True])) == 0
    assert nash_bargain(home, -np.abs(partner), everything) is None


@pytest.mark.slow
def test_two_hundred_packages_in_half_a_minute(blanket: Scenario) -> None:
    asked = Request(shipped(), reply=(parse_move("retaliation"),), draws=0)
    board = set_up(blanket, asked.objectives, reply=asked.reply)
    score_singles(board, moves_of(library())[:1])  # compiles the program once
    started = time.perf_counter()
    scores = score_all(board, asked)
    seconds = time.perf_counter() - started
    assert len(scores.scored) >= 200
    assert seconds < 30
    home, partner = totals(board, scores.scored)
    assert scores.bargain is not None
    assert home[scores.bargain] > 0
    assert partner[scores.bargain] > 0
