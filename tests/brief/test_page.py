"""The page: its numbers are the result's, it opens offline, and it renders for every kind of result."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from headway.brief import page, sentences
from headway.brief.numbers import full_text, interval_text, value_text
from headway.impact import Result, run
from headway.policy import Document, Evidence, Measure, Scenario
from headway.reading import read_file

OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)


class Page(HTMLParser):
    """What a test needs of a page: its <data>, ids, links, tags and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.data: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in given.items()]
        if tag == "data":
            self._open = (given["data-figure"], given["value"])

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open is not None:
            self.data.append((*self._open, data))
            self._open = None

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def document(article: Path) -> Document:
    return read_file(article)


@pytest.fixture(scope="module")
def result(main_result: Result, document: Document) -> Result:
    return main_result.model_copy(update={"document": document})


@pytest.fixture(scope="module")
def html(result: Result) -> str:
    return page.render(result)


@pytest.fixture(scope="module")
def parsed(html: str) -> Page:
    return Page(html)


class TestNumbers:
    def test_every_number_is_a_figure_of_the_result_printed_in_the_one_way(
        self, parsed: Page, result: Result
    ) -> None:
        assert len(parsed.data) > 150
        for id, value, text in parsed.data:
            figure = result.figures[id]
            assert float(value) == figure.value, id
            assert text == value_text(figure), id

    def test_every_interval_is_the_figures_own(self, html: str, result: Result) -> None:
        pattern = r'data-figure="([^"]+)">[^<]*</data> <span class="interval">\(([^)]+)\)</span>'
        found = re.findall(pattern, html)
        assert len(found) > 100
        for id, text in found:
            assert text == interval_text(result.figures[id]), id

    def test_the_main_figures_stand_above_the_fold(self, html: str) -> None:
        fold = html.split("<h2>")[0]
        for name in ("exports.total", "exports.us", "income", "item.cars.change", "item.semiconductors.usd"):
            for horizon in ("up_to_a_year", "long_run"):
                assert f'data-figure="{name}.{horizon}"' in fold, name

    def test_no_model_jargon_above_the_fold(self, html: str) -> None:
        words = Page(html.split("<h2>")[0].split("</style>")[1]).text.lower()
        for jargon in (
            "elasticit",
            "equilibrium",
            "draws",
            "armington",
            "nest",
            "percentile",
            "welfare",
            "quantile",
        ):
            assert jargon not in words

    def test_every_figure_is_listed_with_its_full_text(self, html: str, result: Result) -> None:
        for id, figure in result.figures.items():
            row = re.search(rf'<tr id="f-{re.escape(id)}">(.*?)</tr>', html)
            assert row is not None, id
            assert full_text(figure) in row.group(1)

    def test_every_link_lands_on_the_page(self, parsed: Page) -> None:
        ids = set(parsed.values("id"))
        links = parsed.values("href")
        assert links
        assert {link for link in links if link.startswith("#") and link[1:] not in ids} == set()
        assert all(link.startswith("#") for link in links)


class TestOffline:
    def test_nothing_is_fetched_and_nothing_runs(self, parsed: Page, html: str) -> None:
        assert not set(parsed.tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        fetching = ("src", "srcset", "href", "xlink:href", "poster", "action", "data")
        outside = [
            (tag, name, value)
            for tag, name, value in parsed.attributes
            if name in fetching and OUTSIDE.match(value)
        ]
        assert outside == []
        assert not any(name.startswith("on") for _, name, _ in parsed.attributes)
        style = html.split("<style>")[1].split("</style>")[0]
        assert "@import" not in style
        assert "url(" not in html.replace("url(#", "")

    def test_it_is_one_page_of_its_own(self, html: str, parsed: Page) -> None:
        assert html.startswith("<!doctype html>")
        assert '<meta charset="utf-8">' in html
        assert parsed.tags.count("h1") == 1
        assert len(html) < 2_000_000


class TestAnswers:
    def test_the_sections_come_in_the_order_of_the_questions(self, html: str) -> None:
        headings = re.findall(r"<h2>(\d)\. ([^<]+)</h2>", html)
        assert [number for number, _ in headings] == ["1", "2", "3", "4", "5", "6"]
        assert "how firm" in headings[0][1]
        assert "computed" in headings[-1][1]

    def test_the_status_leads(self, html: str) -> None:
        assert html.index('class="status"') < html.index("<h1>")

    def test_measures_stand_with_their_quotes(self, parsed: Page, document: Document) -> None:
        for measure in document.measures:
            assert measure.evidence is not None
            assert measure.evidence.text in parsed.text

    def test_a_table_stands_behind_each_chart(self, html: str) -> None:
        assert html.count("<figure ") == 4
        for table in ("items", "channels", "rivals", "us_rates"):
            assert f'id="t-{table}"' in html

    def test_estimates_of_facts_are_marked(self, html: str) -> None:
        assert re.search(r"≈ <a class=\"figure\" href=\"#f-item\.steel\.base\">", html)
        assert not re.search(r"≈ <a class=\"figure\" href=\"#f-item\.semiconductors\.base\">", html)

    def test_published_ranges_have_no_middle(self, html: str) -> None:
        assert ">−13.1 to −9.3 %</data>" in html
        assert "−11.2 %" not in html

    def test_what_is_left_out_stands_with_its_direction(self, parsed: Page, result: Result) -> None:
        for finding in result.findings:
            assert finding.text in parsed.text, finding.id
            assert (finding.pushes or "") in parsed.text

    def test_sources_stand_with_licences(self, parsed: Page) -> None:
        assert "US Census Bureau" in parsed.text
        assert "public domain" in parsed.text


class TestEveryKindOfResult:
    """Templates are strict: a missing figure or table would raise."""

    @pytest.mark.parametrize("horizon", ["up_to_a_year", "long_run"])
    def test_one_horizon(self, main_scenario: Scenario, horizon: str) -> None:
        html = page.render(run(main_scenario.model_copy(update={"horizons": (horizon,)})))
        assert f"exports.total.{horizon}" in html
        assert "5. What the text says" not in html

    def test_a_subsidy_alone(self, main_scenario: Scenario) -> None:
        subsidy = main_scenario.model_copy(update={"measures": main_scenario.measures[2:], "choices": ()})
        html = page.render(run(subsidy))
        assert "holds no tariff that could be simulated" in html
        assert 'data-figure="subsidy.ev_exports"' in html

    @pytest.mark.parametrize("home", ["USA", "VNM", "JPN"])
    def test_other_homes(self, main_scenario: Scenario, home: str) -> None:
        html = page.render(run(main_scenario.model_copy(update={"home": home})))
        assert "not computed" in html
        assert ("Exports to the US" in html) == (home != "USA")
        assert ("Rest of the world" in html.split("<h2>")[0]) == (home == "VNM")
        assert ("for the United States" in html) == (home == "USA")
        assert ("the United States' goods exports" in html.replace("&#39;", "'")) == (home == "USA")

    def test_a_tariff_of_others_on_home_alone(self, main_scenario: Scenario) -> None:
        tariff = Measure.model_validate(
            {
                "id": "t",
                "imposer": "EUU",
                "instrument": "tariff",
                "stage": "in_force",
                "partners": ("KOR",),
                "rate_low": 10,
            }
        )
        html = page.render(run(main_scenario.model_copy(update={"measures": (tariff,), "choices": ()})))
        assert "In force on 21 January 2025." in html
        assert "no tariff on rivals makes room" in html

    def test_words_of_the_text_are_never_markup(self, main_result: Result) -> None:
        evil = "<script>alert(1)</script>"
        quote = Evidence(text=evil, start=0, end=len(evil))
        measure = main_result.scenario.measures[0].model_copy(update={"evidence": quote, "products": (evil,)})
        document = Document(
            name=evil, sha256="0", date=main_result.scenario.date, date_source=evil, text=evil, measures=(measure,)
        )
        html = page.render(main_result.model_copy(update={"document": document}))
        assert "<script" not in html
        assert "&lt;script&gt;" in html


class TestSentences:
    def test_the_lead_says_fall_rise_or_change(self, main_result: Result) -> None:
        def lead(*values: float) -> str:
            figures = dict(main_result.figures)
            for horizon, value in zip(("up_to_a_year", "long_run"), values, strict=True):
                id = f"exports.total.{horizon}"
                figures[id] = figures[id].model_copy(update={"value": value})
            return sentences.lead(main_result.model_copy(update={"figures": figures}))[0][1]

        assert "would fall." in lead(-1, -2)
        assert "would rise." in lead(1, 2)
        assert "would change." in lead(-1, 2)

    def test_why_income_falls_more_at_first_is_said_only_where_it_does(self, main_result: Result) -> None:
        def said(first: float, later: float) -> str:
            figures = dict(main_result.figures)
            for horizon, value in (("up_to_a_year", first), ("long_run", later)):
                figures[f"income.{horizon}"] = figures[f"income.{horizon}"].model_copy(update={"value": value})
            return sentences.why_income_falls_more_at_first(main_result.model_copy(update={"figures": figures}))

        assert "idle" in said(-0.9, -0.5)
        assert said(-0.3, -0.5) == ""

    @pytest.mark.parametrize(
        ("gain", "loss", "words"),
        [
            (2.0, -4.0, "make up in the US for 50 %"),
            (0.0, -4.0, "no tariff on rivals"),
            (-1.0, -4.0, "bring no gain"),
            (3.0, 0.0, "nothing is lost"),
        ],
    )
    def test_losses_and_gains_in_words(self, main_result: Result, gain: float, loss: float, words: str) -> None:
        figures = dict(main_result.figures)
        for part, value in (("diversion", gain), ("direct", loss)):
            id = f"exports.{part}.usd.long_run"
            figures[id] = figures[id].model_copy(update={"value": value})
        told = sentences.gains_and_losses(main_result.model_copy(update={"figures": figures}), "long_run")
        assert words in told
        assert told.startswith("In the long run, ")

    @pytest.mark.parametrize(
        ("low", "high", "words"),
        [
            (10, 20, "10 to 20 %"),
            (None, 60, "up to 60 %"),
            (25, 25, "25 %"),
            (10, None, "10 % or more"),
            (None, None, "no rate given"),
        ],
    )
    def test_rates_in_words(self, main_result: Result, low: float | None, high: float | None, words: str) -> None:
        measure = main_result.scenario.measures[0].model_copy(update={"rate_low": low, "rate_high": high})
        assert sentences.rate(measure) == words

    def test_the_headline_for_a_terminal(self, main_result: Result) -> None:
        lines = sentences.headline(main_result).splitlines()
        assert lines[0] == "What the announced measures would mean for South Korea."
        assert lines[1] == main_result.status
        assert full_text(main_result.figures["exports.total.long_run"]) in lines[3]

    def test_the_item_most_changed_leads(self, main_result: Result) -> None:
        assert set(sentences.hardest_hit(main_result, 2)) == {"cars", "semiconductors"}
        assert sentences.untouched(main_result) == ("Ships and boats",)


@pytest.mark.browser
def test_a_browser_opens_it_from_disk_without_an_error(html: str, result: Result, tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs headless Chromium")
    (tmp_path / "brief.html").write_text(html, "utf-8")
    flags = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *(
            "--enable-logging=stderr",
            "--v=0",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=5000",
        ),
    )
    command = [browser, *flags, "--dump-dom", (tmp_path / "brief.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    shown = Page(done.stdout)
    assert ("exports.total.long_run", repr(result.figures["exports.total.long_run"].value)) in {
        (id, value) for id, value, _ in shown.data
    }
    assert shown.tags.count("svg") == 4
    assert shown.text.count("South Korea") > 5
