"""Figures of a run: means and intervals, parts that add up, sources and measures that exist."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headway.codes import items
from headway.impact import Result
from headway.impact.figures import Context, observed, special_provisions, us_rates
from headway.world import catalogue

HORIZONS = ("up_to_a_year", "long_run")
KEYS = [item.key for item in items.ITEMS]


def sums(result: Result, part: str, horizon: str) -> float:
    found = [result.figures.get(f"item.{key}.{part}.{horizon}") for key in KEYS]
    return math.fsum(figure.value for figure in found if figure is not None)


def test_a_figure_is_the_mean_with_its_five_to_ninety_five_percent_interval() -> None:
    draws = np.arange(100.0).reshape(10, 10)
    figure = Context("long_run", ("m1",), ("s",), "us").figure("a.b", "A", draws, "percent", "joined")
    assert figure.id == "a.b.long_run"
    assert figure.value == pytest.approx(49.5)
    assert (figure.low, figure.high) == (pytest.approx(4.95), pytest.approx(94.05))
    assert (figure.horizon, figure.measures, figure.sources) == ("long_run", ("m1",), ("s",))


def test_observed_figures_have_no_interval() -> None:
    figure = observed("x", "X", 3.0, "USD billion", ("s",))
    assert (figure.low, figure.high, figure.note, figure.model) == (None, None, None, "observed")


def test_special_provisions_appear_only_where_there_are_some() -> None:
    assert special_provisions(0.0, "s") == []
    assert special_provisions(2024.0, "s")[0].value == pytest.approx(2.024)


def test_rates_carry_the_ends_of_the_range() -> None:
    after_three = np.array([[0.1, 0.2], [0.15, 0.25], [0.2, 0.3]])
    rates = us_rates(
        np.array([0.01, 0.02]), after_three, ("KOR",), {"KOR": "Korea"}, source="s", basis="collected"
    )
    made = {figure.id: figure for figure in rates}
    assert made["us_rate.KOR.before"].value == pytest.approx(1)
    after = made["us_rate.WORLD.after"]
    assert (after.low, after.value, after.high) == (pytest.approx(20), pytest.approx(25), pytest.approx(30))


@pytest.mark.parametrize("horizon", HORIZONS)
class TestAddingUp:
    def test_items_add_up_to_totals(self, main_result: Result, horizon: str) -> None:
        figure = main_result.figures
        for part, total in {
            "usd": "exports.total.usd",
            "us_usd": "exports.us.usd",
            "elsewhere_usd": "exports.elsewhere.usd",
            "diversion_usd": "exports.diversion.usd",
            "direct_usd": "exports.direct.usd",
        }.items():
            assert sums(main_result, part, horizon) == pytest.approx(figure[f"{total}.{horizon}"].value, abs=1e-9)

    def test_the_us_and_elsewhere_make_the_whole(self, main_result: Result, horizon: str) -> None:
        value = {
            name: main_result.figures[f"exports.{name}.usd.{horizon}"].value
            for name in ("total", "us", "elsewhere", "direct", "diversion")
        }
        assert value["total"] == pytest.approx(value["us"] + value["elsewhere"], abs=1e-9)
        assert value["us"] == pytest.approx(value["direct"] + value["diversion"], abs=1e-9)

    def test_each_item_is_its_three_parts(self, main_result: Result, horizon: str) -> None:
        for key in KEYS:
            if f"item.{key}.usd.{horizon}" not in main_result.figures:
                continue
            parts = [
                main_result.figures[f"item.{key}.{part}.{horizon}"].value
                for part in ("direct_usd", "diversion_usd", "elsewhere_usd")
            ]
            total = main_result.figures[f"item.{key}.usd.{horizon}"].value
            assert total == pytest.approx(sum(parts), abs=1e-9), key

    def test_percent_and_dollars_agree(self, main_result: Result, horizon: str) -> None:
        figure = main_result.figures
        for percent, dollars, base in (
            ("exports.total", "exports.total.usd", "exports.base"),
            ("exports.us", "exports.us.usd", "exports.us_base"),
            ("item.cars.change", "item.cars.usd", "item.cars.base"),
            ("item.cars.us_change", "item.cars.us_usd", "item.cars.us_base"),
        ):
            change = figure[f"{dollars}.{horizon}"].value / figure[base].value
            assert figure[f"{percent}.{horizon}"].value == pytest.approx(100 * change, abs=1e-9)

    def test_shares_of_the_variance_add_up_to_one(self, main_result: Result, horizon: str) -> None:
        shares = [
            main_result.figures[f"variance.{part}.{horizon}"].value
            for part in ("policy", "parameters", "interaction")
        ]
        assert sum(shares) == pytest.approx(1, abs=1e-9)
        assert min(shares) >= 0


def test_bases_add_up(main_result: Result) -> None:
    figure = main_result.figures
    bases = [figure[f"item.{key}.base"].value for key in KEYS if f"item.{key}.base" in figure]
    assert math.fsum(bases) == pytest.approx(figure["exports.base"].value, abs=1e-9)
    assert figure["exports.base"].value == pytest.approx(683.76)
    us = [figure[f"item.{key}.us_base"].value for key in KEYS if f"item.{key}.us_base" in figure]
    assert math.fsum(us) == pytest.approx(figure["exports.us_base"].value, abs=1e-9)
    assert figure["exports.us_base"].value == pytest.approx(130.36, abs=0.01)
    assert figure["exports.us_share"].value == pytest.approx(130.36 / 683.76, abs=1e-4)


def test_direct_us_imports_of_chips_and_ships(main_result: Result) -> None:
    """The issue: 8541, 8542 and memory modules (8473.30) from Korea are 10.2 bn; ships 0.004 bn."""
    assert main_result.figures["item.semiconductors.us_base"].value == pytest.approx(10.2, abs=0.1)
    assert main_result.figures["item.ships.us_base"].value < 0.05
    assert "item.ships.change.long_run" not in main_result.figures


def test_intervals_are_ordered_and_every_figure_points_to_something_real(main_result: Result) -> None:
    sources = {entry.id for entry in catalogue.entries()}
    measures = {measure.id for measure in main_result.scenario.measures}
    for id, figure in main_result.figures.items():
        assert figure.id == id
        assert math.isfinite(figure.value)
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.high, id
        assert set(figure.sources) <= sources, id
        assert set(figure.measures) <= measures, id
        assert figure.sources or figure.model == "published", id
        assert figure.measures or figure.model in ("observed", "published") or id.startswith("us_rate."), id


def test_signs_that_anyone_would_expect(main_result: Result) -> None:
    figure = main_result.figures
    for horizon in HORIZONS:
        assert figure[f"exports.direct.usd.{horizon}"].value < 0
        assert figure[f"exports.total.{horizon}"].value < 0
        assert figure[f"income.{horizon}"].value < 0
        assert figure[f"rival.CHN.us_share.{horizon}"].value < 0
        assert figure[f"rival.VNM.us_share.{horizon}"].value > 0
        assert figure[f"rival.KOR.exports.{horizon}"].value == figure[f"equilibrium.exports.{horizon}"].value
        assert figure[f"rival.KOR.income.{horizon}"].value == figure[f"income.{horizon}"].value
    # Buyers switch further in the long run.
    assert figure["exports.us.long_run"].value < figure["exports.us.up_to_a_year"].value


def test_long_run_against_an_independent_solver(main_result: Result) -> None:
    """The issue's first range, θ = 5 on the table of 2011, 10 % with China at 60 %: −2.7 % and welfare −0.2 %."""
    figure = main_result.figures
    assert -8 < figure["equilibrium.exports.long_run"].value < -1
    assert -1 < figure["income.long_run"].value < -0.05
