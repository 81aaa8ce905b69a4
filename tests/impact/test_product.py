"""The US market by product: known effective tariffs, the nested CES by hand, and laws of diversion."""

from __future__ import annotations

import numpy as np
import pytest

from headway.impact import product
from headway.impact.coverage import ImportMix
from headway.impact.plan import Plan, plan
from headway.policy import Measure, Scenario
from headway.world import load, us_market

ORIGINS = ("KOR", "CHN", "JPN")
SIGMA, DOMESTIC = 4.0, 0.4


def readings(scenario: Scenario, **selected: str) -> Scenario:
    picked = {key.replace("__", "."): value for key, value in selected.items()}
    choices = tuple(c.model_copy(update={"selected": picked.get(c.id, c.selected)}) for c in scenario.choices)
    return scenario.model_copy(update={"choices": choices})


@pytest.mark.parametrize(
    ("reading", "low", "high"),
    [("instead_of_blanket", 19.0, 27.7), ("sets_total", 17.5, 26.2), ("on_top", 20.3, 30.3)],
)
def test_effective_tariff_of_the_articles_measures(
    main_scenario: Scenario, reading: str, low: float, high: float
) -> None:
    """KNOWN_ANSWERS section 8: three readings of 60 % on China, consumption imports of 2024 as weights."""
    planned = plan(readings(main_scenario, m2__with_m1=reading))
    before, after = product.average_rates(planned.scenario, planned.ends, planned.mix, origins=planned.origins)
    assert 100 * before[-1] == pytest.approx(2.4, abs=0.05)
    assert 100 * after[0, -1] == pytest.approx(low, abs=0.05)
    assert 100 * after[2, -1] == pytest.approx(high, abs=0.05)
    assert 100 * after[1, -1] == pytest.approx((low + high) / 2, abs=0.06)


def test_rates_by_origin_add_up_to_the_average(main_scenario: Scenario) -> None:
    planned = plan(main_scenario)
    _, after = product.average_rates(planned.scenario, planned.ends, planned.mix, origins=planned.origins)
    market = us_market.market(origins=planned.origins)
    value = np.bincount(market.origin, market.market.value)
    assert len(after[0]) == len(market.origins) + 1
    np.testing.assert_allclose(after[:, :-1] @ value / value.sum(), after[:, -1], rtol=1e-12)


def around(draws: int = 1, parameters: int = 1) -> product.Surroundings:
    """A world at rest: sellers' prices and US spending unchanged, the same domestic share in every sector."""
    world = load()
    still = np.ones((draws, parameters, len(world.sectors), len(world.regions)))
    return product.Surroundings(
        sectors=world.sectors,
        regions=world.regions,
        domestic_share=np.full(len(world.sectors), DOMESTIC),
        seller_price=still,
        spending=still[..., 0],
        seller_price_without_home=still,
        spending_without_home=still[..., 0],
    )


def scenario(base: Scenario, *measures: Measure, **changes: object) -> Scenario:
    return base.model_copy(update={"measures": measures, "choices": (), **changes})


def tariff(rate: float = 10, **fields: object) -> Measure:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "rate_low": rate, **fields}
    return Measure.model_validate(content)


def simulated(
    planned: Plan, demand: float = 1.0, sigma: float = SIGMA, surroundings: product.Surroundings | None = None
) -> product.ProductDraws:
    products = len(product.products(planned.mix))
    elasticity = (np.full((1, products), sigma), np.full((1, products), demand))
    return product.simulate(
        planned.scenario,
        planned.ends,
        planned.mix,
        origins=planned.origins,
        around=surroundings or around(3),
        elasticity=elasticity,
    )


class TestSimulate:
    @pytest.mark.parametrize("demand", [0.5, 1.0, 2.0])
    def test_one_sigma_and_still_prices_are_the_ces_formula(self, main_scenario: Scenario, demand: float) -> None:
        """q̂ = κ̂^{−σ} P̂^{σ−η} with P̂ = [Σ s κ̂^{1−σ}]^{1/(1−σ)}, US supply among the varieties, worked by hand."""
        planned = plan(
            scenario(main_scenario, tariff(10, partners=("KOR",)), tariff(60, id="u", partners=("CHN",)))
        )
        found = simulated(planned, demand)
        market = us_market.market(origins=planned.origins)
        base = market.market
        delivered = base.value * (1 + base.tariff_rate)
        added = np.array([{"KOR": 0.1, "CHN": 0.6}.get(origin, 0.0) for origin in market.origins])[market.origin]
        wedge = (1 + base.tariff_rate + added) / (1 + base.tariff_rate)
        share = (1 - DOMESTIC) * delivered / np.bincount(base.product, delivered)[base.product]
        power = DOMESTIC + np.bincount(base.product, share * wedge ** (1 - SIGMA))
        index = power ** (1 / (1 - SIGMA))
        quantity = wedge**-SIGMA * index[base.product] ** (SIGMA - demand)
        for origin in ("KOR", "CHN", "JPN", "OTHER"):
            rows = market.rows_of(origin)
            at = market.origins.index(origin)
            expected = (base.value * (quantity - 1))[rows].sum()
            assert found.change[0, 0, :, at].sum() == pytest.approx(expected, rel=1e-9), origin
            assert found.before[:, at].sum() == pytest.approx(base.value[rows].sum(), rel=1e-12)

    def test_no_rival_hit_no_diversion(self, main_scenario: Scenario) -> None:
        found = simulated(plan(scenario(main_scenario, tariff(partners=("KOR",)))))
        korea = found.of("KOR")
        assert (found.change[:, 0, :, korea].sum(axis=-1) < -1000).all()
        np.testing.assert_allclose(found.without_home, 0, atol=1e-6)

    def test_home_spared_all_of_it_is_diversion(self, main_scenario: Scenario) -> None:
        found = simulated(plan(scenario(main_scenario, tariff(partners=("ALL",), excluded_partners=("KOR",)))))
        korea = found.of("KOR")
        assert (found.change[..., korea].sum(axis=-1) > 0).all()
        np.testing.assert_allclose(found.change, found.without_home, rtol=1e-12)

    def test_less_substitution_than_demand_response_turns_rivals_tariffs_into_a_loss(
        self, main_scenario: Scenario
    ) -> None:
        """To first order rivals' tariffs move home by (σ − η)·s·τ (METHODS section 3): zero where σ = η."""
        planned = plan(scenario(main_scenario, tariff(partners=("CHN",))))
        signs = [
            np.sign(np.round(simulated(planned, demand, sigma=1.5).without_home[0, 0, :, 0].sum(), 6))
            for demand in (1.0, 1.5, 2.0)
        ]
        assert signs == [1, 0, -1]

    def test_dearer_us_goods_help_and_less_spending_hurts_in_proportion(self, main_scenario: Scenario) -> None:
        planned = plan(scenario(main_scenario, tariff(partners=("KOR",))))
        world, rest = load(), around(3)
        dear = rest.seller_price.copy()
        dear[..., world.region("USA")] = 1.02
        helped = product.Surroundings(
            rest.sectors, rest.regions, rest.domestic_share, dear, rest.spending, dear, rest.spending
        )
        less = product.Surroundings(
            rest.sectors, rest.regions, rest.domestic_share, rest.seller_price, 0.9 * rest.spending,
            rest.seller_price, 0.9 * rest.spending,
        )  # fmt: skip
        assert (simulated(planned, surroundings=helped).without_home[..., 0].sum(axis=-1) > 0).all()
        poorer = simulated(planned, surroundings=less)
        np.testing.assert_allclose(poorer.without_home[0, 0], -0.1 * poorer.before, rtol=1e-9, atol=1e-6)

    def test_tariffs_of_others_act_through_prices_alone(self, main_scenario: Scenario) -> None:
        found = simulated(plan(scenario(main_scenario, tariff(imposer="CHN", partners=("KOR",)))))
        np.testing.assert_allclose(found.change, 0, atol=1e-6)

    def test_named_products_alone_move(self, main_scenario: Scenario) -> None:
        steel = ({"words": "steel", "hs": ("72", "73")},)
        planned = plan(
            scenario(main_scenario, tariff(30, partners=("ALL",), products=("steel",), product_matches=steel))
        )
        found = simulated(planned)
        moved = {
            item
            for item, change in zip(found.items, found.change[0, 0], strict=True)
            if np.abs(change).max() > 1e-6
        }
        assert "steel" in moved
        assert not moved & {"cars", "semiconductors", "ships"}


def test_special_provisions_are_those_of_chapters_98_and_99() -> None:
    rows = us_market.us_imports(2024)
    special = rows.filter((rows["iso3"] == "KOR") & rows["hts10"].str.slice(0, 2).is_in(["98", "99"]))
    assert product.special_imports("KOR", ImportMix(2024)) == pytest.approx(special["consumption_usd"].sum() / 1e6)
