"""Charts and page of the outlook: drawn for every table, self-contained, silent where there is nothing to draw."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from headway import outlook
from headway.brief import outlook_charts, outlook_page
from headway.errors import UnreadableInput
from headway.outlook import months
from headway.outlook.records import Panel, Series


@pytest.fixture(scope="module")
def january() -> outlook.OutlookResult:
    return outlook.outlook(outlook.Request(as_known_on=dt.date(2025, 1, 20)))


@pytest.fixture(scope="module")
def charts(january: outlook.OutlookResult) -> dict[str, str]:
    return outlook_charts.draw_all(january)


@pytest.fixture(scope="module")
def alone() -> outlook.OutlookResult:
    rng = np.random.default_rng(1)
    values = np.exp(np.cumsum(0.03 * rng.standard_normal(96)))
    return outlook.outlook(
        outlook.Request(panel=Panel((Series("item", "cars", months.month("2018-01"), values, country=None),)))
    )


def test_every_chart_is_drawn_as_svg(charts: dict[str, str]) -> None:
    assert set(charts) == {
        "fan_total",
        "fans_items",
        "fans_destinations",
        "contributions",
        "forecast_actual",
        "waterfall_2025-H1",
        "waterfall_2025-H2",
    }
    for name, svg in charts.items():
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        assert "NaN" not in svg, name
        assert "undefined" not in svg, name


def test_charts_show_the_tables_numbers(january: outlook.OutlookResult, charts: dict[str, str]) -> None:
    svg = charts["waterfall_2025-H1"]
    steps = outlook_charts._rows(january.steps, kind="total", name="total", period="2025-H1")
    for step in steps:
        assert f"{step['value']:+.1%}".replace("-", "−") in svg


def test_nothing_to_draw_is_no_chart(alone: outlook.OutlookResult) -> None:
    assert set(outlook_charts.draw_all(alone)) == {"fans_items"}


def test_the_page_is_self_contained_and_says_the_sentences(january: outlook.OutlookResult) -> None:
    page = outlook_page.page(january)
    assert page.count("<svg") == 7
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert january.sentences["headline"][0] in page
    assert "as known on 2025-01-20" in page
    section = outlook_page.section(january)
    assert "<html" not in section
    assert 'id="outlook"' in section


def test_the_page_of_a_lone_series_renders(alone: outlook.OutlookResult) -> None:
    assert "no total" in outlook_page.page(alone)


def test_files_are_written_whole(january: outlook.OutlookResult, tmp_path: Path) -> None:
    paths = outlook_page.write(january, tmp_path / "out", formats=("json", "csv"))
    assert {"outlook.json", "outlook_periods.csv"} <= {path.name for path in paths}
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    with pytest.raises(UnreadableInput, match="Cannot write"):
        outlook_page.write(january, blocked, formats=("json",))
