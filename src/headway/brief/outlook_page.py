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
        headings=headings(result),
        rows=period_rows(result),
        table_notes=table_notes(result),
        notes=result.notes,
    )


def _meta(result: OutlookResult) -> str:
    day = result.plan.request.as_known_on
    last = max(entry["months"][1] for entry in result.manifest["inputs"])
    known = f"as known on {day.isoformat()}" if day is not None else "with everything on file"
    return f"{known} · data to {last} · headway {result.manifest['version']}"


def headings(result: OutlookResult) -> tuple[str, ...]:
    """Headings of the columns of each half in the table of halves."""
    columns = ("growth", "four in five", "carry-over", "of it base")
    return (*columns, "measure") if result.scenario else columns


def period_rows(result: OutlookResult) -> list[dict[str, Any]]:
    """Rows of the table of halves: a label and, under `halves`, the cells of each half as text.

    A series whose range nobody can use has words in place of growth and range; ≈ marks what rests on months that no
    source states.
    """
    blank = ["–"] * len(headings(result))
    rows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in result.periods.iter_rows(named=True):
        rows.setdefault((row["kind"], row["name"]), {})[row["period"]] = _cells(row, bool(result.scenario))
    return [
        {"label": title(*key), "halves": {period: halves.get(period, blank) for period in result.plan.periods}}
        for key, halves in rows.items()
    ]


def table_notes(result: OutlookResult) -> list[str]:
    """What the marks in the table of halves mean, as far as they occur."""
    notes: list[str] = []
    if result.periods.is_empty():
        return notes
    if not result.periods["usable"].all():
        notes.append(
            "No forecast: the upper end of the four-in-five range would be more than twice the lower. The "
            "numbers stand in the JSON and CSV files."
        )
    if (result.periods["estimated"] > 0).any():
        notes.append("≈ rests partly on months that no source states and that were filled.")
    return notes


def _cells(row: dict[str, Any], has_scenario: bool) -> list[str]:
    ends = f"{percent(row['low80'])} to {percent(row['high80'])}"
    shown = [percent(row["growth"]), ends.replace(" % to", " to")]
    if not row["usable"]:
        shown = ["no forecast", "too wide"]
    mark = "≈ " if row["estimated"] else ""
    shown += [mark + percent(row["carry_over"]), mark + percent(row["base"])]
    if has_scenario:
        effect = row["scenario_effect"]
        shown.append("–" if effect is None else percent(effect, 2 if abs(effect) < 1e-3 else 1))
    return shown


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
