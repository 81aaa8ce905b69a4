"""The removal of the electric-vehicle credits as figures: for Korea and US credits, and said where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from headway.impact import Result, subsidy
from headway.policy import Choice, Scenario
from headway.world import ev_market


def test_only_us_electric_vehicle_credits_for_korea_are_covered(main_scenario: Scenario) -> None:
    assert subsidy.covered(main_scenario) == ("m3",)
    assert subsidy.covered(main_scenario.model_copy(update={"home": "JPN"})) == ()
    other = [m.model_copy(update={"product_matches": ()}) for m in main_scenario.measures]
    assert subsidy.covered(main_scenario.model_copy(update={"measures": tuple(other)})) == ()
    options = {"left_out": "no", "included": "yes"}
    left_out = Choice(id="m3.include", question="?", options=options, selected="left_out")
    assert subsidy.covered(main_scenario.model_copy(update={"choices": (left_out,)})) == ()


def test_figures_are_those_of_the_car_market_model(main_result: Result) -> None:
    expected = ev_market.remove_subsidy(np.random.default_rng(main_result.scenario.sampling.seed))
    figure = main_result.figures["subsidy.car_exports.usd"]
    assert figure.value == pytest.approx(expected.car_exports.central / 1e3)
    assert figure.low == pytest.approx(expected.car_exports.quantiles[0] / 1e3)
    assert figure.high == pytest.approx(expected.car_exports.quantiles[-1] / 1e3)
    assert figure.measures == ("m3",)
    electric, other = (
        main_result.figures[f"subsidy.{name}.usd"].value for name in ("ev_exports", "other_exports")
    )
    assert figure.value == pytest.approx(electric + other, abs=1e-9)
    assert electric < 0 < other


def test_drivers_are_named_in_words_with_value_range_and_source(main_result: Result) -> None:
    rows = main_result.tables["subsidy_drivers"].rows
    weights = [abs(main_result.figures[row.cells["weight"]].value) for row in rows]
    assert weights == sorted(weights, reverse=True)
    assert len(rows) == subsidy.DRIVERS_SHOWN
    for row in rows:
        assert "_" not in row.label
        assert "." not in row.label
        assert row.words["value"]
        assert row.words["source"]
    assert rows[0].label.startswith("Share of electric cars that are leased")


def test_what_is_not_modelled_is_said(main_scenario: Scenario) -> None:
    outcome = subsidy.simulate(main_scenario.model_copy(update={"home": "JPN"}))
    assert not outcome.figures
    assert "not this measure for Japan" in outcome.findings[0].text
    assert outcome.findings[0].id == "not-modelled-m3"


def test_without_a_removal_there_is_nothing_to_say(main_scenario: Scenario) -> None:
    tariffs = main_scenario.model_copy(update={"measures": main_scenario.measures[:2]})
    assert subsidy.simulate(tariffs) == subsidy.SubsidyOutcome()
