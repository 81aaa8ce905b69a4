"""`python -m headway.outlook.build --sources DIR` rebuilds every table that the outlook ships."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
from pathlib import Path

from headway.files import write_atomically
from headway.outlook import calendar
from headway.outlook.build import names, sources
from headway.outlook.build.derive import derived_figures, flag_breaks
from headway.outlook.build.sources import Figure

DATA = Path(__file__).resolve().parents[1] / "data"

HOLIDAYS = range(1999, 2031)
"""Years of Korean holidays that are shipped; others are asked of the calendar package."""

_COLUMNS = [field.name for field in dataclasses.fields(Figure) if field.name != "decimals"]


def official_figures(folder: Path) -> list[Figure]:
    """Every official figure, breaks flagged and implied months added, in a stable order."""
    press = flag_breaks(sources.press_figures(folder))
    printed = {figure.period for figure in press if figure.kind == "total" and figure.value is not None}
    figures = press + derived_figures(press)
    figures += sources.total_figures(folder, printed)
    figures += sources.customs_figures(folder) + sources.adjusted_figures(folder)
    return sorted(figures, key=lambda f: (f.adjustment, f.kind, f.name, f.source_id, f.period, f.basis))


def _csv(columns: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _figure_row(figure: Figure) -> list[object]:
    cells = [getattr(figure, column) for column in _COLUMNS]
    return ["" if cell is None else str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]


def flashes(folder: Path) -> str:
    """The customs flashes for the first 10 and 20 days, with working days where they were printed."""
    columns = ["month", "window", "exports_usd_bn", "yoy_pct", "working_days", "working_days_prev", "source_url"]
    rows = sources.read_rows(folder, sources.FLASH, tuple(columns))
    return _csv([*columns[:-1], "source"], [[row[column] for column in columns] for row in rows])


def forecasts(folder: Path) -> str:
    """Institutions' published forecasts with their outcomes."""
    columns = ["institution", "published", "target", "item", "forecast_usd_bn", "forecast_yoy_pct"]
    columns += ["actual_usd_bn", "actual_yoy_pct", "source_url"]
    rows = sources.read_rows(folder, sources.FORECASTS, tuple(columns))
    for row in rows:
        row["item"] = names.item(row["item"])
    return _csv([*columns[:-1], "source"], [[row[column] for column in columns] for row in rows])


def survey(folder: Path) -> str:
    """The trade association's quarterly survey index, 100 = no change on the quarter before."""
    columns = ["quarter", "item", "ebsi", "published", "source_url"]
    rows = sources.read_rows(folder, sources.SURVEY, tuple(columns))
    for row in rows:
        row["item"] = names.item(row["item"])
    return _csv([*columns[:-1], "source"], [[row[column] for column in columns] for row in rows])


def holidays_korea() -> str:
    """Korea's public holidays of the years that outlooks need, one a line, from the calendar package."""
    by_year = (calendar.public_holidays("KOR", decade)[year] for decade, year in map(_decade, HOLIDAYS))
    return _csv(["date"], [[day.isoformat()] for days in by_year for day in sorted(days)])


def _decade(year: int) -> tuple[int, int]:
    return year // 10, year


def build(folder: Path, target: Path = DATA) -> tuple[Path, ...]:
    """Write the shipped tables to `target` and return their paths; `folder` holds the source files."""
    source = folder / "korea-exports" if (folder / "korea-exports").is_dir() else folder
    figures = [_figure_row(figure) for figure in official_figures(source)]
    tables = {
        "official_figures.csv": _csv(_COLUMNS, figures),
        "customs_flashes.csv": flashes(source),
        "institutional_forecasts.csv": forecasts(source),
        "survey_index.csv": survey(source),
        "holidays_korea.csv": holidays_korea(),
    }
    return tuple(write_atomically(target / name, text) for name, text in tables.items())


def main() -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m headway.outlook.build", description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder that holds korea-exports")
    parser.add_argument("--target", type=Path, default=DATA, help="where to write (default: the package)")
    arguments = parser.parse_args()
    build(arguments.sources, arguments.target)


if __name__ == "__main__":
    main()
