"""The brief as one self-contained HTML page: a template filled with figures, each a link to its own record."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from headway.brief import charts, sentences
from headway.brief.numbers import full_text, interval_text, value_text
from headway.codes import countries
from headway.impact.results import Figure, Result, Row, Table
from headway.impact.tables import HORIZON_NAMES

_FIGURE_ID = re.compile(r"\{([\w.-]+)\}")

STAGE_WORDS = {"under_review": "under review", "in_force": "in force", "struck_down": "struck down"}


def render(result: Result) -> str:
    """The page as HTML text; figures carry their ids, values and links to the list of all figures."""
    return _environment().get_template("brief.html.j2").render(_context(result))


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    loader = jinja2.PackageLoader("headway.brief", "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"stage": lambda stage: STAGE_WORDS.get(stage, stage), "country": country_name}
    return environment


def _context(result: Result) -> dict[str, Any]:
    result = _with_all_figures(result)
    style = (resources.files("headway.brief") / "templates" / "brief.css").read_text("utf-8")
    return {
        "result": result,
        "scenario": result.scenario,
        "document": result.document,
        "home": sentences.with_article(countries.name(result.scenario.home)),
        "title": sentences.title(result),
        "lead": sentences.lead(result),
        "style": Markup(style),
        "charts": {name: Markup(svg) for name, svg in (charts.draw_all(result) | _outlook_charts(result)).items()},
        "horizons": {horizon: HORIZON_NAMES[horizon] for horizon in result.scenario.horizons},
        "figure": lambda key: figure_html(result.figures[key]),
        "has": lambda key: key in result.figures,
        "cell": lambda table, row, column: cell_html(result, table, row, column),
        "numeric": lambda table, column: any(column in row.cells for row in table.rows),
        "told": lambda name: _told(result, name),
        "sources": (*sentences.sources(result), *(result.outlook.sources if result.outlook else ())),
        "notes": sentences,
        "full_text": full_text,
        "rate": sentences.rate,
    }


def _with_all_figures(result: Result) -> Result:
    """The result with the figures of its outlook among its own, so that one list holds every figure of the page."""
    if result.outlook is None:
        return result
    return result.model_copy(update={"figures": result.figures | result.outlook.figures})


def _outlook_charts(result: Result) -> dict[str, str]:
    if result.outlook is None:
        return {}
    from headway.brief import outlook_charts  # not needed by most pages

    return outlook_charts.draw_part(result.outlook)


def _told(result: Result, name: str) -> list[Markup]:
    """Sentences of the outlook with their figures in place of the ids in braces."""
    lines = result.outlook.sentences.get(name, ()) if result.outlook else ()
    return [_filled(result, line) for line in lines]


def _filled(result: Result, line: str) -> Markup:
    pieces = _FIGURE_ID.split(line)
    return Markup("").join(
        figure_html(result.figures[piece]) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def figure_html(figure: Figure, *, interval: bool = True) -> Markup:
    """A figure as text that links to its record: `<a class="figure"><data value=…>−2.4 %</data> (−3.1 to −1.2)</a>`."""
    text = value_text(figure)
    ends = interval_text(figure) if interval else ""
    tail = Markup(' <span class="interval">({})</span>').format(ends) if ends else ""
    return Markup('<a class="figure" href="#f-{0}"><data value="{1}" data-figure="{0}">{2}</data>{3}</a>').format(
        figure.id, repr(figure.value), text, tail
    )


def cell_html(result: Result, table: Table, row: Row, column: str) -> Markup:
    """A table cell: its figure, marked where it is an estimate of a fact; its words, or a dash."""
    if column not in row.cells:
        return escape(row.words.get(column, "–"))
    figure = result.figures[row.cells[column]]
    if figure.model != "observed" or not figure.note:
        return figure_html(figure)
    return Markup('<span class="estimated" title="{}">≈ {}</span>').format(figure.note, figure_html(figure))


def country_name(code: str) -> str:
    """The name of a country or group, "all countries" for ALL."""
    if code == "ALL":
        return "all countries"
    groups = {group.key: group.name for group in countries.all_groups()}
    return groups.get(code) or countries.name(code)
