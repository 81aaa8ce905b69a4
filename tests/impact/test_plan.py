"""Planning: what is drawn, and every scenario that cannot be run is refused before anything is solved."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.errors import DataError, HeadwayError, InvalidScenario, NoEffect, OutsideDomain, UnknownCode
from headway.impact import plan
from headway.policy import Choice, Measure, Scenario
from headway.world import load, miniature

STEEL = ({"words": "steel", "hs": ("72",)},)


def measure(id: str = "t", **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


def scenario(*measures: Measure, **changes: object) -> Scenario:
    content = {"name": "x", "home": "KOR", "date": dt.date(2025, 1, 21), "measures": measures, **changes}
    return Scenario.model_validate(content)


BLANKET = measure("b", partners=("ALL",), rate_low=10, rate_high=20)
EV = measure(
    "e", instrument="subsidy_removal", product_matches=({"words": "electric vehicles", "hs": ("870380",)},)
)


def test_everything_is_drawn_once_from_the_seed(main_scenario: Scenario) -> None:
    first, second = plan(main_scenario), plan(main_scenario)
    sampling = main_scenario.sampling
    assert [tariff.measure.id for tariff in first.tariffs] == ["m1", "m2"]
    for one, other in zip(first.tariffs, second.tariffs, strict=True):
        np.testing.assert_array_equal(one.rates, other.rates)
        assert one.rates.shape == (sampling.policy_draws,)
    assert ((first.tariffs[0].rates > 0.1) & (first.tariffs[0].rates < 0.2)).all()
    np.testing.assert_allclose(first.tariffs[1].rates, 0.6)
    np.testing.assert_allclose([tariff.rates for tariff in first.ends], [[0.1, 0.15, 0.2], [0.6, 0.6, 0.6]])
    for horizon, drawn in first.elasticities.items():
        assert drawn.horizon == horizon
        assert len(drawn.trade_elasticity) == sampling.parameter_draws
    other_seed = main_scenario.model_copy(update={"sampling": sampling.model_copy(update={"seed": 7})})
    assert not np.allclose(plan(other_seed).tariffs[0].rates, first.tariffs[0].rates)


def test_what_a_plan_knows_of_home(main_scenario: Scenario) -> None:
    korea = plan(main_scenario)
    assert (korea.region, korea.stands_alone, korea.imposers) == ("KOR", True, ("USA",))
    assert korea.origins[:2] == ("KOR", "CHN")
    assert korea.names["VNM"] == "Vietnam"
    assert korea.us_imports == "us_imports_2024"
    vietnam = plan(main_scenario.model_copy(update={"home": "VNM"}))
    assert (vietnam.region, vietnam.stands_alone) == ("ROW", False)
    assert vietnam.origins[0] == "VNM"
    assert len(vietnam.origins) == len(set(vietnam.origins))


@pytest.mark.parametrize(
    ("broken", "error", "named"),
    [
        (scenario(BLANKET, home="XXQ"), UnknownCode, "XXQ"),
        (scenario(measure(partners=("XXQ",), rate_low=10)), UnknownCode, "Measure t: .*XXQ"),
        (scenario(BLANKET, horizons=()), InvalidScenario, "no horizon"),
        (scenario(measure(partners=("CHN",))), InvalidScenario, "t is a tariff without a rate"),
        (scenario(measure(partners=("CHN",), rate_low=5, rate_kind="specific")), InvalidScenario, "kind specific"),
        (scenario(measure(partners=("CHN",), rate_low=-100)), OutsideDomain, "-100 %"),
        (
            scenario(measure(imposer="VNM", partners=("KOR",), rate_low=5)),
            InvalidScenario,
            "Vietnam is inside Rest of",
        ),
        (scenario(measure(imposer="ASEAN", partners=("KOR",), rate_low=5)), InvalidScenario, "no customs union"),
        (scenario(EV, measure(imposer="VNM", partners=("KOR",), rate_low=5)), InvalidScenario, "Vietnam"),
        (
            scenario(BLANKET, choices=(Choice(id="z.up_to", question="?", options={"a": "b"}, selected="a"),)),
            InvalidScenario,
            "z.up_to belongs to no measure",
        ),
        (
            scenario(BLANKET, choices=(Choice(id="b.wiht_c", question="?", options={"a": "b"}, selected="a"),)),
            InvalidScenario,
            "b.wiht_c belongs to no measure",
        ),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(broken: Scenario, error: type[HeadwayError], named: str) -> None:
    with pytest.raises(error, match=named) as caught:
        plan(broken)
    assert caught.value.fix


LEFT_OUT = Choice(id="b.include", question="?", options={"left_out": "no", "included": "yes"}, selected="left_out")


@pytest.mark.parametrize(
    "idle",
    [
        scenario(),
        scenario(measure(partners=("ALL",), rate_low=0, rate_high=0)),
        scenario(measure(rate_low=10)),
        scenario(measure(partners=("USA",), rate_low=10)),
        scenario(measure(partners=("CHN",), rate_low=0, rate_kind="floor_total", product_matches=STEEL)),
        scenario(measure(partners=("KOR",), products=("derivative products",), rate_low=10)),
        scenario(measure(instrument="quota", partners=("CHN",))),
        scenario(BLANKET, choices=(LEFT_OUT,)),
        scenario(EV, home="JPN"),
        scenario(EV.model_copy(update={"imposer": "CHN"})),
    ],
    ids=["nothing", "zero", "no partners", "itself", "floor", "unresolved", "quota", "left out", "Japan", "China"],
)
def test_a_scenario_that_moves_nothing_is_an_error(idle: Scenario) -> None:
    with pytest.raises(NoEffect, match="moves nothing"):
        plan(idle)


def test_the_subsidy_alone_is_enough() -> None:
    assert plan(scenario(EV)).tariffs == ()


def test_a_world_of_other_sectors_is_refused() -> None:
    for world in (miniature(), load("unsplit")):
        with pytest.raises(DataError, match="other sectors"):
            plan(scenario(BLANKET), world)


def test_another_world_of_the_same_sectors_serves() -> None:
    assert plan(scenario(BLANKET), load("no_other_tariffs")).world.tariff_vintage.endswith("at zero")
