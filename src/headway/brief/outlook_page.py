"""The outlook as a section of the brief, as a page of its own, and as files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from headway.brief import outlook_charts
from headway.errors import UnreadableInput
from headway.files import write_atomically
from headway.outlook.export import TABLES, table, to_json
from headway.outlook.sentences import percent, title

if TYPE_CHECKING:
    from headway.outlook import OutlookResult

FORMATS = ("html", "json", "csv")


def section(result: OutlookResult) -> Markup:
    """The outlook as an HTML fragment for the brief: charts, table and sentences."""
    return Markup(_render(result, whole=False))


def page(result: OutlookResult) -> str:
    """The outlook as one self-contained HTML page."""
    return _render(result, whole=True)


def _render(result: OutlookResult, *, whole: bool) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("headway.brief", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = (
        "headline",
        "waterfall",
        "heatmap",
        "rates",
        "nowcast",
        "scenario",
        "breaks",
        "watch",
        "accuracy",
        "tracking",
    )
    style = (resources.files("headway.brief") / "templates" / "brief.css").read_text("utf-8")
    return environment.get_template("outlook.html.j2").render(
        whole=whole,
        title="Export outlook",
        meta=_meta(result),
        style=Markup(style),
        charts={name: Markup(svg) for name, svg in outlook_charts.draw_all(result).items()},
        sentences={name: list(result.sentences.get(name, ())) for name in names},
        periods=result.plan.periods,
        rows=period_rows(result),
        has_scenario=bool(result.scenario),
        notes=result.notes,
    )


def _meta(result: OutlookResult) -> str:
    day = result.plan.request.as_known_on
    last = max(entry["months"][1] for entry in result.manifest["inputs"])
    known = f"as known on {day.isoformat()}" if day is not None else "with everything on file"
    return f"{known} · data to {last} · headway {result.manifest['version']}"


def period_rows(result: OutlookResult) -> list[dict[str, Any]]:
    """Rows of the table of halves: a label and, per half, growth, range, carry-over, base and scenario as text."""
    cells: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in result.periods.iter_rows(named=True):
        shown = [
            percent(row["growth"]),
            f"{percent(row['low80'])} to {percent(row['high80'])}",
            percent(row["carry_over"]),
            percent(row["base"]),
        ]
        if result.scenario:
            shown.append("–" if row["scenario_growth"] is None else percent(row["scenario_growth"]))
        cells.setdefault((row["kind"], row["name"]), {})[row["period"]] = shown
    blank = ["–"] * (5 if result.scenario else 4)
    return [
        {
            "label": title(*key),
            "cells": [cell for period in result.plan.periods for cell in halves.get(period, blank)],
        }
        for key, halves in cells.items()
    ]


def write(result: OutlookResult, folder: Path, *, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write outlook.html, outlook.json and a CSV per table as asked; returns their paths.

    Raises UnreadableInput where the folder cannot be written to; nothing is left half-written.
    """
    files: dict[str, str] = {}
    if "html" in formats:
        files["outlook.html"] = page(result)
    if "json" in formats:
        files["outlook.json"] = to_json(result) + "\n"
    if "csv" in formats:
        for name in TABLES:
            if not table(result, name).is_empty():
                files[f"outlook_{name}.csv"] = table(result, name).write_csv()
    try:
        return [write_atomically(folder / name, text) for name, text in files.items()]
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise UnreadableInput(
            f"Cannot write to {folder}: {error.strerror}.", "Give another folder to --out."
        ) from None
