"""Exports by item and by country: published figures, what stands in for those that are not, and their sums."""

from __future__ import annotations

import pytest

from headway.codes import items
from headway.world import item_exports


def test_korea_as_published() -> None:
    korea = item_exports.published("KOR")
    assert korea is not None
    assert (korea.year, korea.total) == (2024, 683.76)
    assert {key: korea.items[key] for key in ("semiconductors", "cars", "ships")} == {
        "semiconductors": 141.92,
        "cars": 70.79,
        "ships": 25.63,
    }
    assert korea.basis["cars"] == item_exports.PUBLISHED
    assert set(korea.items) < set(items.keys())
    assert sum(korea.items.values()) < korea.total
    assert all(source.startswith("http") for source in korea.sources.values())


def test_estimated_years_say_from_how_many_months() -> None:
    korea = item_exports.published("KOR")
    assert korea is not None
    assert korea.basis["steel"] == "estimated: twelve times the mean of the months known (5)"
    # The annual figures that the ministry gave for these items, rounded.
    for key, annual in {
        "petroleum_products": 50.4,
        "petrochemicals": 48.0,
        "steel": 33.3,
        "batteries": 8.2,
    }.items():
        assert korea.items[key] == pytest.approx(annual, rel=0.06)


def test_countries_that_the_world_pools_have_a_total() -> None:
    vietnam = item_exports.country_total("VNM")
    assert vietnam is not None
    assert 350 < vietnam.usd_billion < 500
    assert 0 < vietnam.filled < 0.2
    assert item_exports.country_total("TWN") is None
    assert item_exports.published("JPN") is None
