"""A whole run: reproducible, for any home and imposer of the world, and the same from Python and from a file."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from headway.impact import Result, general, product, run
from headway.impact.plan import FOCUS, plan
from headway.policy import Measure, Sampling, Scenario, load_scenario, save_scenario
from headway.world import load

FEW = Sampling(policy_draws=2, parameter_draws=2)
HORIZONS = ("up_to_a_year", "long_run")
STEEL = ({"words": "steel", "hs": ("72",)},)
SHIPS = ({"words": "ships", "hs": ("89",)},)


def measure(id: str = "t", **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


BLANKET = measure("b", partners=("ALL",), rate_low=10, rate_high=20)


def scenario(*measures: Measure, **changes: object) -> Scenario:
    fields = {"name": "x", "home": "KOR", "date": dt.date(2025, 1, 21), "measures": measures, "sampling": FEW}
    return Scenario.model_validate(fields | changes)


def values(result: Result) -> dict[str, tuple[float, float | None, float | None]]:
    return {id: (figure.value, figure.low, figure.high) for id, figure in result.figures.items()}


def value(result: Result, name: str, horizon: str = "long_run") -> float:
    return result.figures[f"{name}.{horizon}"].value


class TestRepeatable:
    def test_the_same_seed_gives_the_same_result(self, main_scenario: Scenario, main_result: Result) -> None:
        assert values(run(main_scenario)) == values(main_result)

    def test_another_seed_gives_another(self, main_scenario: Scenario, main_result: Result) -> None:
        sampling = main_scenario.sampling.model_copy(update={"seed": 1})
        other = run(main_scenario.model_copy(update={"sampling": sampling}))
        assert value(other, "exports.total") != value(main_result, "exports.total")

    def test_a_scenario_file_gives_the_same_result(
        self, main_scenario: Scenario, main_result: Result, tmp_path: Path
    ) -> None:
        again = run(load_scenario(save_scenario(main_scenario, tmp_path / "scenario.yaml")))
        assert values(again) == values(main_result)
        assert again.manifest["scenario_sha256"] == main_result.manifest["scenario_sha256"]

    def test_a_result_survives_json(self, main_result: Result) -> None:
        assert Result.model_validate_json(main_result.model_dump_json()) == main_result

    def test_the_scenario_is_not_touched(self, main_scenario: Scenario, main_result: Result) -> None:
        assert main_result.scenario == main_scenario


class TestLaws:
    def test_no_rival_hit_no_diversion(self) -> None:
        result = run(scenario(measure(partners=("KOR",), rate_low=10)))
        for horizon in HORIZONS:
            assert value(result, "exports.diversion.usd", horizon) == pytest.approx(0, abs=1e-6)
            assert value(result, "exports.direct.usd", horizon) < -0.5

    def test_home_spared_nothing_but_diversion(self) -> None:
        result = run(scenario(measure(partners=("ALL",), excluded_partners=("KOR",), rate_low=10)))
        for horizon in HORIZONS:
            assert value(result, "exports.direct.usd", horizon) == pytest.approx(0, abs=1e-9)
            assert value(result, "exports.us.usd", horizon) > 0

    def test_a_tariff_on_a_rival_alone_hurts_the_rival_and_helps_home_there(self) -> None:
        result = run(scenario(measure(partners=("CHN",), rate_low=60)))
        for horizon in HORIZONS:
            assert value(result, "rival.CHN.us_share", horizon) < 0 < value(result, "rival.KOR.us_share", horizon)
            assert value(result, "exports.us.usd", horizon) > 0

    def test_a_higher_rate_costs_more(self) -> None:
        losses = [
            value(run(scenario(measure(partners=("KOR",), rate_low=rate))), "exports.us") for rate in (5, 25)
        ]
        assert losses[1] < losses[0] < 0

    def test_a_cut_is_the_other_way_round(self) -> None:
        cut = run(scenario(measure(partners=("CHN",), direction="liberalise", rate_low=0)))
        assert value(cut, "rival.CHN.us_share") > 0
        assert value(cut, "exports.us.usd") < 0

    def test_the_order_of_measures_does_not_matter(self) -> None:
        one, other = measure("t", partners=("KOR",), rate_low=10), measure("u", partners=("CHN",), rate_low=30)
        first, second = run(scenario(one, other)), run(scenario(other, one))
        assert value(first, "exports.total") == pytest.approx(value(second, "exports.total"), abs=1e-9)


@pytest.mark.parametrize("home", ["JPN", "DEU", "MEX", "BRA"])
def test_other_homes(home: str) -> None:
    result = run(scenario(BLANKET, home=home))
    for horizon in HORIZONS:
        assert value(result, "exports.total", horizon) < 0
        parts = [value(result, f"exports.{part}.usd", horizon) for part in ("us", "elsewhere")]
        assert value(result, "exports.total.usd", horizon) == pytest.approx(sum(parts), abs=1e-9)
    exports = load().exports(home)[[load().sector(key) for key in load().goods]].sum() / 1e3
    assert result.figures["exports.base"].value == pytest.approx(
        exports, rel=0.03
    )  # raised where the US records more
    assert not any(id.startswith(("subsidy.", "published.")) for id in result.figures)


@pytest.mark.parametrize("home", ["VNM", "IRL"])
def test_a_home_inside_a_region(home: str) -> None:
    result = run(scenario(BLANKET, home=home))
    share = result.figures["exports.us_share"].value
    assert 0.2 < share < 0.6
    for horizon in HORIZONS:
        assert value(result, "exports.us", horizon) < 0
        assert value(result, "exports.diversion.usd", horizon) > 0
    assert result.tables["rivals"].rows[0].key in ("ROW", "XEU")


class TestHomeIsTheUnitedStates:
    @pytest.mark.parametrize("hit", ["retaliation", "own tariff"])
    def test_its_exports_move_without_a_us_market(self, hit: str) -> None:
        moved = BLANKET if hit == "own tariff" else measure(imposer="CHN", partners=("USA",), rate_low=34)
        result = run(scenario(moved, home="USA"))
        for horizon in HORIZONS:
            assert value(result, "exports.total", horizon) < -0.5
            # The sectors are the only level there is, so that both models say nearly the same.
            expected = value(result, "equilibrium.exports", horizon)
            assert value(result, "exports.total", horizon) == pytest.approx(expected, rel=0.1)
        assert "exports.us.long_run" not in result.figures
        assert "equilibrium.us.long_run" not in result.figures
        assert not any(finding.kind == "no_exposure" for finding in result.findings)


class TestOtherImposers:
    def test_a_european_tariff_on_korean_steel(self) -> None:
        result = run(scenario(measure(imposer="EUU", partners=("KOR",), rate_low=25, product_matches=STEEL)))
        assert value(result, "item.steel.elsewhere_usd") < -0.1
        assert abs(value(result, "item.cars.change")) < 0.2
        assert not any(id.startswith("us_rate.") for id in result.figures)

    def test_ships_are_exposed_to_those_who_buy_them(self) -> None:
        europe = run(scenario(measure(imposer="EUU", partners=("KOR",), rate_low=25, product_matches=SHIPS)))
        assert value(europe, "item.ships.usd") < 0
        assert not any(finding.id == "no-exposure-ships" for finding in europe.findings)

    def test_chinese_retaliation_on_the_us(self) -> None:
        blanket = measure("b", partners=("ALL",), rate_low=10)
        result = run(scenario(blanket, measure("r", imposer="CHN", partners=("USA",), rate_low=34)))
        alone = run(scenario(blanket))
        for horizon in HORIZONS:
            assert value(result, "rival.USA.exports", horizon) < value(alone, "rival.USA.exports", horizon) - 0.5

    def test_korea_as_imposer_moves_its_own_exports(self) -> None:
        result = run(scenario(measure(imposer="KOR", partners=("USA",), rate_low=8)))
        assert value(result, "exports.total") < 0
        assert value(result, "income", "up_to_a_year") > 0


def test_without_tariffs_the_subsidy_alone_is_computed(main_scenario: Scenario) -> None:
    result = run(main_scenario.model_copy(update={"measures": main_scenario.measures[2:], "choices": ()}))
    assert result.figures["subsidy.ev_exports"].value < 0
    assert all(id.startswith("subsidy.") for id in result.figures)
    assert set(result.tables) == {"subsidy", "subsidy_drivers"}
    assert not result.manifest["solver"]


@pytest.mark.parametrize("horizon", HORIZONS)
def test_one_horizon_alone_is_what_it_is_beside_the_other(
    main_scenario: Scenario, main_result: Result, horizon: str
) -> None:
    result = run(main_scenario.model_copy(update={"horizons": (horizon,)}))
    assert {figure.horizon for figure in result.figures.values()} == {
        None,
        "up_to_a_year",
        horizon,
    }  # the subsidy's
    for name in ("exports.total", "income", "item.cars.us_change", "rival.CHN.exports"):
        assert value(result, name, horizon) == pytest.approx(value(main_result, name, horizon), abs=1e-9)


def test_scenarios_of_one_seed_share_their_elasticities(main_scenario: Scenario) -> None:
    fixed = measure("m1", partners=("ALL",), rate_low=10)
    one = run(scenario(fixed, sampling=main_scenario.sampling))
    two = run(scenario(fixed, measure("q", partners=("RUS",), rate_low=0), sampling=main_scenario.sampling))
    assert value(one, "exports.total") == pytest.approx(value(two, "exports.total"), abs=1e-6)


@pytest.mark.slow
def test_a_text_of_2026_stands_on_its_schedule_and_the_imports_of_2025(main_scenario: Scenario) -> None:
    result = run(main_scenario.model_copy(update={"date": dt.date(2026, 3, 1)}))
    assert result.manifest["baseline"]["us_imports"] == 2025
    assert "US schedule of 2026-03-01" in result.manifest["baseline"]["tariffs"]
    assert result.figures["us_rate.KOR.before"].value > 5
    assert result.figures["us_rate.KOR.before"].sources == ("us_imports_2025",)
    assert result.figures["item.cars.us_base"].sources == ("us_imports_2025",)
    assert "us_imports_2025" in result.figures["exports.total.long_run"].sources


def test_first_year_gains_hang_on_demand_as_the_findings_say(main_result: Result) -> None:
    """The claim of the finding: at η = 1 the product level is near the world economy, and gains are gone."""
    planned = plan(main_result.scenario)
    drawn, world = planned.elasticities["up_to_a_year"], planned.world
    cases = tuple(
        general.shocked_tariffs(world, planned.tariffs, planned.mix, planned.scenario.date, spare=spare)
        for spare in (None, "KOR")
    )
    everything, alone = general.simulate(world, cases, drawn=drawn, home="KOR", focus=FOCUS)
    at = world.region(FOCUS)
    own = (1 + world.tariff[:, at, at]) * world.flow[:, at, at]
    around = product.Surroundings(
        world.sectors,
        world.regions,
        np.divide(own, world.expenditure[:, at], out=np.zeros_like(own), where=world.expenditure[:, at] > 0),
        everything.seller_price,
        everything.focus_spending,
        alone.seller_price,
        alone.focus_spending,
    )
    goods = product.simulate(
        planned.scenario,
        planned.tariffs,
        planned.mix,
        origins=planned.origins,
        around=around,
        elasticity=(drawn.substitution, np.ones_like(drawn.substitution)),
    )
    korea = goods.of("KOR")
    change = 100 * goods.change[..., korea].sum(axis=-1).mean() / goods.before[:, korea].sum()
    gain = goods.without_home[..., korea].sum(axis=-1).mean() / 1e3
    assert change == pytest.approx(value(main_result, "equilibrium.us", "up_to_a_year"), abs=1.0)
    assert abs(gain) < 0.3 * value(main_result, "exports.diversion.usd", "up_to_a_year")


def test_progress_moves_forward_to_the_end_of_the_run(main_scenario: Scenario) -> None:
    seen: list[tuple[str, float]] = []
    run(main_scenario, progress=lambda what, share: seen.append((what, share)))
    shares = [share for _, share in seen]
    assert all(0 < share <= 1 for share in shares)
    assert max(shares) > 0.8
    assert any("World economy, up to a year" in what for what, _ in seen)
    assert any("Products in the US market, long run" in what for what, _ in seen)


def test_no_figure_is_infinite_under_a_prohibitive_tariff() -> None:
    result = run(scenario(measure(partners=("ALL",), rate_low=500)))
    assert all(math.isfinite(figure.value) for figure in result.figures.values())
    assert -100 <= value(result, "exports.us") < -90
