"""Measures that the schedule of the day already holds are not added again, and a person can add them all the same."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.errors import NoEffect
from headway.impact import plan
from headway.impact.in_force import in_force, with_law
from headway.policy import Measure, Sampling, Scenario

DAY = dt.date(2025, 8, 10)
CARS = {"products": ("cars",), "product_matches": ({"words": "cars", "hs": ("8703",)},)}


def measure(id: str = "t", **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "in_force", **fields}
    return Measure.model_validate(content)


def scenario(*measures: Measure, **changes: object) -> Scenario:
    few = Sampling(policy_draws=2, parameter_draws=2)
    fields = {"name": "x", "home": "KOR", "date": DAY, "measures": measures, "sampling": few}
    return Scenario.model_validate(fields | changes)


def found(**fields: object) -> tuple[str, ...]:
    one = measure(**fields)
    held = in_force(one, scenario(one))
    return () if held is None else tuple(dict.fromkeys(p.instrument for p in held.instruments))


KOREA_15 = measure(partners=("KOR",), rate_low=15)


def test_a_blanket_is_found_by_partner_and_rate() -> None:
    assert found(partners=("KOR",), rate_low=15) == ("reciprocal_korea_15",)
    assert found(partners=("CAN",), rate_high=35) == ("fentanyl_canada_35",)
    assert found(partners=("KOR",), rate_low=16) == ()
    assert found(partners=("KOR",), rate_low=10, rate_high=15) == ()
    assert found(imposer="CHN", partners=("KOR",), rate_low=15) == ()


def test_products_are_found_by_their_lines() -> None:
    assert found(partners=("KOR",), rate_low=25, **CARS) == ("auto",)
    assert found(partners=("KOR",), rate_low=15, **CARS) == ()


def test_a_duty_on_some_products_is_no_blanket() -> None:
    """Korean cars, a third of its sales, owe 25 %: a pledge of 25 % on everything is something else."""
    assert found(partners=("KOR",), rate_low=25) == ()


def test_a_rate_that_few_partners_owe_is_not_in_force_for_all() -> None:
    assert found(partners=("ALL",), rate_low=10) == ()


def test_totals_and_additions_are_told_apart() -> None:
    """The EU owes a total of 15 %: an addition of 15 points is another thing."""
    eu = {"partners": ("EUU",), "rate_low": 15}
    assert found(**eu, rate_kind="floor_total") == ("reciprocal_eu_floor",)
    assert found(**eu, rate_kind="additive") == ()


def test_what_was_not_yet_published_is_not_in_force() -> None:
    """The total of 15 % on the EU's cars from 1 August was published on 25 September."""
    assert found(partners=("EUU",), rate_low=15, rate_kind="floor_total", **CARS) == ()


def test_it_is_left_out_with_the_law_named_and_its_citation() -> None:
    pledge = measure("p", partners=("CHN",), rate_low=60, stage="pledged")
    planned = plan(scenario(KOREA_15, pledge))
    (choice,) = planned.scenario.choices
    assert [tariff.measure.id for tariff in planned.tariffs] == ["p"]
    assert (choice.id, choice.selected) == ("t.include", "left_out")
    assert "15 percent on South Korea (since 2025-08-07)" in choice.question
    for named in ("reciprocal_korea_15", "9903.02.56", "EO 14326"):
        assert named in choice.reason


def test_a_choice_to_include_it_is_kept() -> None:
    held = with_law(scenario(KOREA_15))
    (choice,) = held.choices
    asked = held.model_copy(update={"choices": (choice.model_copy(update={"selected": "included"}),)})
    assert with_law(asked) is asked
    assert [tariff.measure.id for tariff in plan(asked).tariffs] == ["t"]


def test_nothing_but_the_law_moves_nothing_and_the_error_says_which_law() -> None:
    with pytest.raises(NoEffect, match=r"reciprocal_korea_15 \(heading 9903\.02\.56.*t\.include"):
        plan(scenario(KOREA_15))


def test_before_the_schedule_begins_nothing_is_looked_up() -> None:
    one = measure(partners=("KOR",), rate_low=15)
    assert in_force(one, scenario(one, date=dt.date(2017, 5, 1))) is None
