"""The brief's section on the coming halves: its numbers are the result's, its links land, its sentences are whole."""

from __future__ import annotations

import re

import pytest

from headway import combined
from headway.brief import page
from headway.brief.numbers import interval_text, value_text
from headway.impact import Result
from headway.impact.results import OutlookPart


@pytest.fixture(scope="module")
def result(main_result: Result) -> Result:
    return combined.with_outlook(main_result)


@pytest.fixture(scope="module")
def html(result: Result) -> str:
    return page.render(result)


@pytest.fixture(scope="module")
def section(html: str) -> str:
    return html.split('<h2 id="outlook">')[1].split("<h2>")[0]


def _part(result: Result) -> OutlookPart:
    assert result.outlook is not None
    return result.outlook


def test_every_number_is_a_figure_of_the_outlook_printed_in_the_one_way(section: str, result: Result) -> None:
    figures = _part(result).figures
    number, ends = (
        r'<data value="([^"]+)" data-figure="([^"]+)">([^<]*)</data>',
        r'<span class="interval">\(([^)]+)\)</span>',
    )
    found = re.findall(f"{number}(?: {ends})?", section)
    assert len(found) > 60
    for value, id, text, ends in found:
        assert float(value) == figures[id].value
        assert text == value_text(figures[id])
        assert ends == interval_text(figures[id])


def test_every_figure_is_listed_and_every_link_lands(html: str, result: Result) -> None:
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert {f"f-{id}" for id in _part(result).figures} <= ids
    assert {link for link in re.findall(r'href="#([^"]+)"', html) if link not in ids} == set()


def test_sentences_are_whole_and_findings_stand_there(section: str, result: Result) -> None:
    assert "{" not in section.split("<svg")[0]
    text = re.sub(r"<[^>]+>", "", re.sub(r"<svg.*?</svg>", "", section, flags=re.DOTALL))
    assert "{outlook" not in text
    for finding in _part(result).findings:
        assert finding.text in text.replace("&#39;", "'")
    assert "no forecast" in text
    assert "a later date means less" in text


def test_the_section_has_its_place_and_its_two_charts(html: str, section: str) -> None:
    headings = re.findall(r"<h2[^>]*>(\d)\. ([^<]+)</h2>", html)
    assert [number for number, _ in headings] == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "7",
    ]  # 6 is the text's, and there is none
    assert section.count("<figure ") == 2
    assert "dashed: with the measures" in section
    assert "announced" in section
    assert 'id="t-outlook_items"' in section
    assert 'id="t-outlook_steps"' in section


def test_a_scenario_without_effects_is_shown_without_them(main_result: Result) -> None:
    figures = {id: one for id, one in main_result.figures.items() if not id.endswith("up_to_a_year")}
    bare = combined.with_outlook(main_result.model_copy(update={"figures": figures, "tables": {}}))
    part = _part(bare)
    assert part.effects_from is None
    assert "measures" not in part.sentences
    assert all(not id.endswith(("measure", "with_measure", "measure_points")) for id in part.figures)
    from headway.brief import outlook_charts

    charts = outlook_charts.draw_part(part)
    assert "dashed" not in charts["outlook_fan"]
    assert "announced" not in charts["outlook_waterfall"]
