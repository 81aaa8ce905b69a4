"""The world economy under a scenario: which cells a tariff reaches, and what the solver's draws leave."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
import pytest

from headway.errors import UnknownCode
from headway.impact import general
from headway.impact.coverage import ImportMix
from headway.impact.rates import DrawnTariff
from headway.policy import Measure
from headway.world import World, load, miniature
from headway.world.elasticities import ElasticityDraws
from headway.world.regions import EU_REGIONS

DAY = dt.date(2025, 1, 21)
MIX = ImportMix(2024)
STEEL = ({"words": "steel", "hs": ("72",)},)


def drawn(*rates: float, combines: str = "additive", **fields: object) -> DrawnTariff:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "rate_high": 10, **fields}
    return DrawnTariff(Measure.model_validate(content), np.array(rates or (0.1,)), combines)


def added(*tariffs: DrawnTariff, spare: str | None = None) -> np.ndarray:
    return general.shocked_tariffs(load(), tariffs, MIX, DAY, spare=spare) - load().tariff


class TestCells:
    def test_a_blanket_hits_every_good_of_everyone_else(self) -> None:
        world, change = load(), added(drawn(0.1, 0.2, partners=("ALL",)))
        us, goods = world.region("USA"), [world.sector(key) for key in world.goods]
        others = [at for at in range(len(world.regions)) if at != us]
        np.testing.assert_allclose(change[0][np.ix_(goods, [us], others)], 0.1)
        np.testing.assert_allclose(change[1][np.ix_(goods, [us], others)], 0.2)
        change[:, :, us] = 0
        assert not change.any()

    def test_domestic_sales_and_services_are_out_of_reach(self) -> None:
        world, change = load(), added(drawn(partners=("ALL",)))
        services = [at for at, key in enumerate(world.sectors) if key not in world.goods]
        assert services
        assert not change[:, services].any()
        assert not np.einsum("pjnn->pjn", change).any()

    def test_a_customs_union_raises_every_members_tariff_and_spares_its_own(self) -> None:
        world, change = load(), added(drawn(imposer="EUU", partners=("ALL",)))
        members = [world.region(region) for region in EU_REGIONS]
        steel, korea = world.sector("metals"), world.region("KOR")
        np.testing.assert_allclose(change[0, steel, members, korea], 0.1)
        assert not change[0][np.ix_(range(len(world.sectors)), members, members)].any()

    def test_a_group_of_partners_is_hit_as_a_whole(self) -> None:
        world, change = load(), added(drawn(partners=("EUU",)))
        hit = {
            world.regions[at] for at in np.flatnonzero(change[0, world.sector("machinery"), world.region("USA")])
        }
        assert hit == set(EU_REGIONS)
        np.testing.assert_allclose(
            change[0, world.sector("machinery"), world.region("USA"), world.region("XEU")], 0.1
        )

    def test_retaliation_on_the_us_reaches_all_its_goods(self) -> None:
        world, change = load(), added(drawn(0.34, imposer="CHN", partners=("USA",)))
        goods = [world.sector(key) for key in world.goods]
        np.testing.assert_allclose(change[0, goods, world.region("CHN"), world.region("USA")], 0.34)
        assert np.count_nonzero(change) == len(goods)

    def test_retaliation_on_named_us_goods_reaches_part_of_their_sector(self) -> None:
        """US sales are not among US imports: the mix of all origins stands in, and the run says so."""
        beans = drawn(
            imposer="CHN",
            partners=("USA",),
            products=("soybeans",),
            product_matches=({"words": "x", "hs": ("1201",)},),
        )
        world, change = load(), added(beans)
        cell = change[0, :, world.region("CHN"), world.region("USA")]
        assert set(np.flatnonzero(cell)) == {world.sector("agriculture")}
        assert 0 < cell.max() < 0.1
        assert general.needs_import_mix(load(), (beans,), DAY) == [beans]

    def test_named_products_hit_their_share_of_a_sector(self) -> None:
        world, change = load(), added(drawn(0.25, partners=("KOR",), products=("steel",), product_matches=STEEL))
        at = world.sector("metals"), world.region("USA"), world.region("KOR")
        assert 0.05 < change[0][at] < 0.25
        change[0][at] = 0
        assert not change.any()

    def test_a_country_inside_a_region_is_hit_by_its_weight(self) -> None:
        world, change = load(), added(drawn(0.5, partners=("VNM",)))
        cell = change[0, :, world.region("USA"), world.region("ROW")]
        assert 0 < cell.max() < 0.5
        assert np.count_nonzero(change) == np.count_nonzero(cell)

    def test_what_is_spared_keeps_its_rates(self) -> None:
        world, change = load(), added(drawn(partners=("ALL",)), drawn(0.2, partners=("KOR", "CHN")), spare="KOR")
        assert not change[..., world.region("KOR")].any()
        np.testing.assert_allclose(
            change[0, world.sector("electronics"), world.region("USA"), world.region("CHN")], 0.3
        )

    def test_no_tariff_leaves_one_draw_of_the_baseline(self) -> None:
        assert added().shape == (1, *load().tariff.shape)
        assert not added().any()

    def test_whole_regions_need_no_stand_in(self) -> None:
        whole = [drawn(imposer="CHN", partners=("KOR",)), drawn(imposer="CHN", partners=("EUU", "USA"))]
        part = [
            drawn(imposer="CHN", partners=("VNM",)),
            drawn(imposer="CHN", partners=("ALL",), excluded_partners=("KOR",)),
        ]
        assert general.needs_import_mix(load(), (*whole, *part, drawn(partners=("VNM",))), DAY) == part

    def test_unknown_imposers_are_refused(self) -> None:
        with pytest.raises(UnknownCode):
            general.importers(load(), "XXQ", DAY)


def elasticities(horizon: Literal["up_to_a_year", "long_run"], *theta: float) -> ElasticityDraws:
    values = np.repeat(np.array(theta)[:, None], 4, axis=1)
    none = np.ones((len(theta), 0))
    return ElasticityDraws(horizon, ("test",), (), np.ones((len(theta), 1)), values, none, np.ones(len(theta)))


def solve(
    world: World, *cases: np.ndarray, horizon: Literal["up_to_a_year", "long_run"]
) -> list[general.GeneralDraws]:
    theta = (-0.24, -0.1) if horizon == "up_to_a_year" else (2.0, 5.0)
    draws = elasticities(horizon, *theta)
    return list(general.simulate(world, cases, drawn=draws, home="KOR", focus="USA"))


def blanket(world: World, *rates: float) -> np.ndarray:
    after = np.repeat(world.tariff[None], len(rates), axis=0)
    us = world.region("USA")
    for draw, rate in enumerate(rates):
        after[draw, :3, us] += rate
        after[draw, :, us, us] = 0
    return after


@pytest.mark.parametrize("horizon", ["up_to_a_year", "long_run"])
class TestDraws:
    def test_no_shock_changes_nothing(self, horizon: Literal["up_to_a_year", "long_run"]) -> None:
        world = miniature()
        (found,) = solve(world, world.tariff[None], horizon=horizon)
        np.testing.assert_allclose(found.home_exports[0, 0], found.before, rtol=1e-8, atol=1e-6)
        np.testing.assert_allclose(found.goods_exports[0, 1], found.goods_exports_before, rtol=1e-8)
        np.testing.assert_allclose(found.real_income, 1, atol=1e-9)
        np.testing.assert_allclose(found.seller_price, 1, atol=1e-9)
        np.testing.assert_allclose(found.focus_spending, 1, atol=1e-9)

    def test_every_policy_meets_every_elasticity(self, horizon: Literal["up_to_a_year", "long_run"]) -> None:
        world = miniature()
        found, spared = solve(world, blanket(world, 0.1, 0.2, 0.3), blanket(world, 0.0, 0.0, 0.0), horizon=horizon)
        assert found.home_exports.shape == (3, 2, 4, 3)
        assert found.seller_price.shape == (3, 2, 4, 3)
        assert found.worst_residual < 1e-8
        assert found.most_iterations > 0
        np.testing.assert_allclose(spared.real_income, 1, atol=1e-8)
        korea, us = world.region("KOR"), world.region("USA")
        # A higher tariff buys less from home, and home sells itself nothing here.
        assert (np.diff(found.home_exports[:, :, :3, us].sum(axis=-1), axis=0) < 0).all()
        assert not found.home_exports[..., korea].any()
        sold = found.home_exports[:, :, :3].sum(axis=(2, 3))
        np.testing.assert_allclose(found.goods_exports[:, :, korea], sold, rtol=1e-12)

    def test_the_order_of_draws_does_not_matter(self, horizon: Literal["up_to_a_year", "long_run"]) -> None:
        """Each draw starts from its neighbour's solution; where it ends must not depend on that."""
        world = miniature()
        (up,) = solve(world, blanket(world, 0.1, 0.2, 0.3), horizon=horizon)
        (down,) = solve(world, blanket(world, 0.3, 0.2, 0.1), horizon=horizon)
        np.testing.assert_allclose(up.home_exports, down.home_exports[::-1], rtol=1e-7, atol=1e-4)
        np.testing.assert_allclose(up.real_income, down.real_income[::-1], atol=1e-9)

    def test_progress_counts_every_solve_once(self, horizon: Literal["up_to_a_year", "long_run"]) -> None:
        world, seen = miniature(), []
        theta = (-0.24, -0.1) if horizon == "up_to_a_year" else (2.0, 5.0)
        general.simulate(
            world,
            (blanket(world, 0.1), world.tariff[None]),
            drawn=elasticities(horizon, *theta),
            home="KOR",
            focus="USA",
            progress=seen.append,
        )
        assert sorted(seen) == [1, 2, 3, 4]
