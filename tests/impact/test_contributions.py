"""What each measure adds: parts that make the whole, each measure alone where it is alone, order without effect."""

from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pytest

from headway.errors import NoEffect, OutsideDomain
from headway.impact import beside, contributions, plan
from headway.impact.contributions import measure_words
from headway.impact.plan import Plan
from headway.impact.rates import DrawnTariff, tariff_after
from headway.impact.results import Result
from headway.policy import Measure, Sampling, Scenario

HORIZONS = ("up_to_a_year", "long_run")


def measure(id: str, **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


BLANKET = measure("b", partners=("ALL",), rate_low=10, rate_high=20)
CHINA = measure("c", partners=("CHN",), rate_high=60)
MEXICO = measure("m", partners=("MEX",), rate_high=25)


def planned(*measures: Measure, home: str = "KOR") -> Plan:
    few = Sampling(policy_draws=2, parameter_draws=2)
    return plan(Scenario(name="x", home=home, date=dt.date(2025, 1, 21), measures=measures, sampling=few))


@pytest.mark.parametrize("horizon", HORIZONS)
def test_a_single_measure_adds_everything_and_two_add_up(horizon: str) -> None:
    alone = {one.id: contributions(planned(one), horizon) for one in (BLANKET, CHINA)}
    both = contributions(planned(BLANKET, CHINA), horizon)
    assert [one.id for one in both.measures] == ["b", "c"]
    assert alone["b"].exports[0] < 0 < alone["c"].exports[0] or horizon == "up_to_a_year"
    # Shapley of two: the mean of a measure's effect when it comes first and when it comes last.
    for values, first, second in (
        (both.exports, alone["b"].exports[0], alone["c"].exports[0]),
        (both.income, alone["b"].income[0], alone["c"].income[0]),
    ):
        whole = values.sum()
        assert values[0] == pytest.approx((first + whole - second) / 2, rel=1e-6, abs=1e-7)
        assert values[1] == pytest.approx((second + whole - first) / 2, rel=1e-6, abs=1e-7)


def test_the_order_of_measures_does_not_matter() -> None:
    one, other = (contributions(planned(*order), "long_run") for order in ((CHINA, MEXICO), (MEXICO, CHINA)))
    by_id = [dict(zip([m.id for m in found.measures], found.exports, strict=True)) for found in (one, other)]
    assert by_id[0] == pytest.approx(by_id[1], rel=1e-6)


def test_more_than_eight_are_refused_and_none_too() -> None:
    many = [measure(f"m{n}", partners=("CHN",), rate_high=n + 1) for n in range(9)]
    with pytest.raises(OutsideDomain, match="9 measures make 512 coalitions"):
        contributions(planned(*many), "long_run")
    cars = {"words": "electric vehicles", "hs": ("870380",)}
    content = {"id": "m", "imposer": "USA", "stage": "pledged", "instrument": "subsidy_removal"}
    with pytest.raises(NoEffect, match="no tariff"):
        contributions(planned(Measure.model_validate(content | {"product_matches": (cars,)})), "long_run")


def test_the_table_of_a_run_adds_up_and_stands_beside_the_headline(main_result: Result) -> None:
    table = main_result.tables["contributions"]
    assert [row.key for row in table.rows] == ["m1", "m2", "all", "headline"]
    for part in ("exports", "income"):
        for horizon in HORIZONS:
            value = {row.key: main_result.figures[row.cells[f"{part}.{horizon}"]].value for row in table.rows}
            assert value["m1"] + value["m2"] == pytest.approx(value["all"], rel=1e-9)
            assert value["all"] == pytest.approx(value["headline"], rel=0.3)
    assert main_result.figures["contribution.exports.m1.long_run"].measures == ("m1",)


def test_it_costs_little_beside_a_run() -> None:
    made = planned(BLANKET, CHINA)
    for horizon in HORIZONS:
        contributions(made, horizon)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        for horizon in HORIZONS:
            contributions(made, horizon)
        times.append(time.perf_counter() - started)
    assert min(times) < 1.0  # 0.15 s on two idle cores; other work may be going on


def test_one_measure_alone_has_no_such_table() -> None:
    made = beside.of_run(planned(BLANKET), {}, sources=())
    assert [table.id for table in made.tables] == ["income_parts"]


def test_a_rate_that_is_missing_in_a_draw_leaves_the_draw_without_the_measure() -> None:
    existing, covered = np.array([0.02, 0.05]), np.array([[1.0, 0.5]])
    for combines in ("additive", "floor_total", "ceiling_total", "replaces", "instead_of_blanket"):
        tariff = DrawnTariff(BLANKET, np.array([0.1, np.nan]), combines)
        after = tariff_after(existing, (tariff,), covered)
        alone = tariff_after(existing, (DrawnTariff(BLANKET, np.array([0.1]), combines),), covered)
        np.testing.assert_array_equal(after, [alone[0], existing])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (BLANKET, "United States: 10–20 % on all countries"),
        (CHINA, "United States: up to 60 % on China"),
        (
            measure("x", partners=("EUU", "JPN"), rate_low=5, rate_high=5),
            "United States: 5 % on European Union, Japan",
        ),
        (
            measure(
                "x",
                imposer="EUU",
                partners=("KOR",),
                rate_low=25,
                products=("steel",),
                product_matches=({"words": "steel", "hs": ("72",)},),
            ),
            "European Union: 25 % on South Korea (steel)",
        ),
    ],
)
def test_a_measure_in_words(given: Measure, words: str) -> None:
    assert measure_words(given) == words
