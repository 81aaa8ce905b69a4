"""Items over all destinations: bases that add up, the two levels joined, no effect claimed without exposure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headway.codes import items
from headway.errors import DataError
from headway.impact import joined
from headway.impact.general import GeneralDraws
from headway.impact.product import ProductDraws
from headway.world import item_exports, load

KEYS = [item.key for item in items.ITEMS]


def imports(**usd_billion: float) -> ProductDraws:
    """US imports from KOR of a few items, all of which fall by a tenth, and by nothing if home is spared."""
    before = np.array([[usd_billion.get(key, 0.0) * 1e3, 1.0] for key in KEYS])
    change = np.tile(-0.1 * before, (2, 3, 1, 1))
    return ProductDraws(tuple(KEYS), ("KOR", "OTHER"), before, change, np.zeros_like(change))


def economy(region: str = "KOR", fall: float = 0.05) -> GeneralDraws:
    """A world economy in which home's exports of every sector to everybody fall by `fall`."""
    world = load()
    before = world.exports(region)
    after = np.tile(before * (1 - fall), (2, 3, 1, 1))
    some = np.ones((2, 3, len(world.regions)))
    return GeneralDraws(before, after, some[0, 0], some, some[0, 0], some, some, after, after[..., 0], 0.0, 1)


US = {"semiconductors": 10.0, "cars": 37.0, "steel": 5.0, "ships": 0.004, "aircraft_rail": 0.8, "textiles": 1.2}


def korea(**usd_billion: float) -> joined.ItemBase:
    product = imports(**(usd_billion or US))
    return joined.item_base(load(), "KOR", product, region="KOR", published=item_exports.published("KOR"))


class TestBase:
    def test_published_items_stand_as_published_and_the_rest_fills_the_total(self) -> None:
        base, stated = korea(), item_exports.published("KOR")
        assert stated is not None
        for key, value in stated.items.items():
            assert base.total[KEYS.index(key)] == value
            assert base.basis[KEYS.index(key)] == stated.basis[key]
        assert base.total.sum() == pytest.approx(stated.total, rel=1e-12)
        assert base.year == 2024

    def test_no_item_sells_the_us_more_than_it_sells(self) -> None:
        base = korea()
        assert (base.total >= base.us).all()
        assert (base.elsewhere >= 0).all()
        np.testing.assert_allclose(base.us[KEYS.index("cars")], 37.0)

    def test_an_imputed_item_that_its_sector_leaves_no_room_for_sells_the_average_share(self) -> None:
        base = korea()
        at = KEYS.index("aircraft_rail")
        assert base.basis[at] == joined.IMPUTED
        assert base.us[at] / base.total[at] == pytest.approx(base.us.sum() / base.total.sum(), rel=0.2)

    def test_an_item_of_which_the_us_records_more_is_raised_to_it(self) -> None:
        base = korea(**US | {"auto_parts": 30.0})
        assert base.total[KEYS.index("auto_parts")] == 30.0

    def test_other_regions_stand_on_the_world_economy(self) -> None:
        product = replace(imports(cars=40.0, auto_parts=10.0), origins=("JPN", "OTHER"))
        base = joined.item_base(load(), "JPN", product, region="JPN")
        world = load()
        goods = [world.sector(key) for key in world.goods]
        assert set(base.basis) == {joined.IMPUTED}
        assert base.total.sum() == pytest.approx(world.exports("JPN")[goods].sum() / 1e3, rel=1e-9)
        cars, parts = (base.total[KEYS.index(key)] for key in ("cars", "auto_parts"))
        assert cars / parts == pytest.approx(4)

    def test_a_sector_that_sells_the_us_nothing_is_spread_as_all_us_imports(self) -> None:
        """Homes without sales there, the US itself above all: more aircraft than ships, never an equal split."""
        before = np.array([[0.0, {"aircraft_rail": 30e3, "ships": 1e3}.get(key, 1.0)] for key in KEYS])
        product = replace(imports(), origins=("USA", "OTHER"), before=before)
        base = joined.item_base(load(), "USA", product, region="USA")
        aircraft, ships = (base.total[KEYS.index(key)] for key in ("aircraft_rail", "ships"))
        assert aircraft / ships == pytest.approx(30)

    def test_a_country_inside_a_region_has_its_own_total(self) -> None:
        product = replace(imports(wireless=20.0, textiles=10.0), origins=("VNM", "OTHER"))
        country = item_exports.country_total("VNM")
        assert country is not None
        base = joined.item_base(load(), "VNM", product, region="ROW", country=country)
        assert base.total.sum() == pytest.approx(country.usd_billion)
        assert base.total[KEYS.index("wireless")] == pytest.approx(2 * base.total[KEYS.index("textiles")])
        assert set(base.basis) == {joined.POOLED}

    def test_a_country_without_a_total_is_refused(self) -> None:
        product = replace(imports(textiles=1.0), origins=("XKX", "OTHER"))
        with pytest.raises(DataError, match="XKX"):
            joined.item_base(load(), "XKX", product, region="ROW")


class TestJoin:
    def test_the_us_moves_by_product_and_the_rest_by_sector(self) -> None:
        base = korea()
        moved = joined.join(base, load(), economy(), imports(**US), home="KOR")
        cars = KEYS.index("cars")
        np.testing.assert_allclose(moved.us[..., cars], -3.7)
        np.testing.assert_allclose(moved.elsewhere[..., cars], -0.05 * (70.79 - 37.0))
        np.testing.assert_allclose(moved.total, moved.us + moved.elsewhere)
        assert moved.total.shape == (2, 3, len(KEYS))

    def test_nothing_is_claimed_of_items_without_exposure(self) -> None:
        moved = joined.join(korea(), load(), economy(), imports(**US), home="KOR")
        ships = KEYS.index("ships")
        assert not moved.exposed[ships]
        assert not moved.total[..., ships].any()
        assert not moved.us_without_home[..., ships].any()

    def test_exposure_is_to_the_markets_whose_tariffs_move(self) -> None:
        """Ships go to Europe and elsewhere: a tariff there reaches them, one of the US does not."""
        ships = KEYS.index("ships")
        for imposers, exposed in ((("USA",), False), (("DEU", "FRA", "XEU"), True), (("USA", "CHN"), True)):
            moved = joined.join(korea(), load(), economy(), imports(**US), home="KOR", imposers=imposers)
            assert moved.exposed[ships] == exposed, imposers
        textiles = KEYS.index("textiles")
        assert joined.join(korea(), load(), economy(), imports(**US), home="KOR").exposed[textiles]

    def test_own_tariffs_expose_everything(self) -> None:
        moved = joined.join(korea(), load(), economy(), imports(**US), home="KOR", imposers=("KOR",))
        assert moved.exposed[korea().total > 0].all()

    def test_a_us_home_sells_nothing_to_itself(self) -> None:
        product = replace(imports(), origins=("USA", "OTHER"))
        base = joined.item_base(load(), "USA", product, region="USA")
        moved = joined.join(base, load(), economy("USA"), product, home="USA", imposers=("CHN",))
        assert not moved.us.any()
        np.testing.assert_allclose(moved.total.sum(axis=-1), -0.05 * base.total.sum(), rtol=1e-3)
