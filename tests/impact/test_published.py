"""Published estimates stand beside a run as published: ranges stay ranges, and reasons are given."""

from __future__ import annotations

import pytest

from headway.impact import Result, published
from headway.policy import Scenario


def test_kita_and_kiet_as_published() -> None:
    """KNOWN_ANSWERS section 8."""
    found = {(one.publisher, one.figure): (one.low, one.high) for one in published.estimates()}
    assert found == {
        ("KITA", "exports.total"): (-1.9, -1.9),
        ("KITA", "exports.total.usd"): (-13.2, -13.2),
        ("KITA", "exports.us"): (-7.9, -7.9),
        ("KIET", "exports.us"): (-13.1, -9.3),
        ("KIET", "item.cars.us_change"): (-13.6, -5.9),
        ("KIET", "item.semiconductors.us_change"): (-8.3, -4.7),
    }


def test_each_stands_beside_our_figure_of_the_same_quantity(main_result: Result) -> None:
    table = main_result.tables["published"]
    for one, row in zip(published.estimates(), table.rows, strict=True):
        theirs = main_result.figures[row.cells["published"]]
        assert theirs.model == "published"
        assert theirs.unit == main_result.figures[row.cells["ours.long_run"]].unit == one.unit
        assert row.cells["ours.up_to_a_year"] == f"{one.figure}.up_to_a_year"
    assert all(reason in (table.note or "") for reason in published.REASONS)


def test_a_range_has_ends_and_says_that_its_middle_is_ours(main_result: Result) -> None:
    figure = main_result.figures["published.kiet.exports.us"]
    assert (figure.low, figure.high) == (-13.1, -9.3)
    assert (figure.note or "").endswith("middle of the range")
    single = main_result.figures["published.kita.exports.us"]
    assert (single.low, single.high) == (None, None)


@pytest.mark.parametrize("change", ["home", "measures", "imposer"])
def test_they_stand_beside_nothing_else(main_scenario: Scenario, change: str) -> None:
    blanket = main_scenario.measures[0]
    updates: dict[str, dict[str, object]] = {
        "home": {"home": "JPN"},
        "measures": {"measures": main_scenario.measures[1:], "choices": ()},
        "imposer": {"measures": (blanket.model_copy(update={"imposer": "CHN"}),), "choices": ()},
    }
    other = main_scenario.model_copy(update=updates[change])
    assert published.figures_for(other) == []
    assert published.table_of(other, {}) is None
